import math
from dataclasses import replace

import numpy as np
import pytest

from nuatom.errors import InputError
from nuatom.neutrinos.mixing import Mixing, nufit
from nuatom.neutrinos.oscillation import (
    MATTER_TERM_EV2,
    flavour_probabilities,
    solar_mass_state_probabilities,
    survival_probability,
)


def test_nufit_is_the_published_best_fit():
    assert replace(nufit(), citations=()) == Mixing(0.308, 0.02215, 0.470, 212.0, 7.49e-5, 2.513e-3)


def test_matrix_elements_follow_the_pdg_convention():
    mixing = nufit()
    s12, s13, s23 = map(math.sqrt, (mixing.sin2_theta12, mixing.sin2_theta13, mixing.sin2_theta23))
    c12, c13, c23 = (math.sqrt(1 - s * s) for s in (s12, s13, s23))
    phase = np.exp(1j * math.radians(mixing.delta_cp_deg))
    expected = [
        [c12 * c13, s12 * c13, s13 / phase],
        [
            -s12 * c23 - c12 * s23 * s13 * phase,
            c12 * c23 - s12 * s23 * s13 * phase,
            s23 * c13,
        ],
        [
            s12 * s23 - c12 * c23 * s13 * phase,
            -c12 * s23 - s12 * c23 * s13 * phase,
            c23 * c13,
        ],
    ]
    np.testing.assert_allclose(mixing.matrix, expected, rtol=0, atol=1e-15)
    with pytest.raises(ValueError, match="read-only"):
        mixing.matrix[0, 0] = 0.0


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("sin2_theta12", -0.1),
        ("sin2_theta13", 1.1),
        ("sin2_theta23", math.nan),
        ("delta_cp_deg", math.inf),
        ("delta_m2_21_ev2", 0.0),
        ("delta_m2_21_ev2", math.nan),
        ("delta_m2_31_ev2", 7e-5),
        ("delta_m2_31_ev2", 0.0),
        ("delta_m2_31_ev2", math.inf),
    ],
)
def test_mixing_refuses(argument, value):
    with pytest.raises(InputError, match=argument):
        replace(nufit(), **{argument: value})


def test_inverted_ordering_is_accepted():
    assert replace(nufit(), delta_m2_31_ev2=-2.41e-3).delta_m2_31_ev2 < 0


def test_matter_term_against_the_textbook_constant():
    # PDG and textbooks: 2√2 G_F N_e E = 1.53e-4 eV² (Y_e ρ / (g/cm³)) (E / GeV).
    per_gev = 1e6 * MATTER_TERM_EV2
    assert per_gev == pytest.approx(1.53e-4, abs=0.005e-4)


@pytest.mark.parametrize(
    ("argument", "arguments"),
    [
        ("energy_kev", ([-1.0], [1.0], [1.0])),
        ("energy_kev", ([np.nan], [1.0], [1.0])),
        ("electron_density", ([1.0], [-1.0], [1.0])),
        ("weights", ([1.0], [1.0], [0.5])),
        ("weights", ([1.0], [1.0, 2.0], [1.5, -0.5])),
        ("weights", ([1.0], [1.0, 2.0], [1.0])),
        ("weights", ([1.0], [[1.0]], [[1.0]])),
    ],
)
def test_oscillation_refuses(argument, arguments):
    with pytest.raises(InputError, match=argument):
        solar_mass_state_probabilities(*arguments, nufit())
    with pytest.raises(InputError, match=argument):
        survival_probability(*arguments, nufit())


def test_flavour_probabilities_refuse_other_than_three_states():
    with pytest.raises(InputError, match="mass_state_probabilities"):
        flavour_probabilities([0.5, 0.5], nufit())
    with pytest.raises(InputError, match="mass_state_probabilities"):
        flavour_probabilities(1.0, nufit())


def test_shapes():
    energy = np.full((4, 5), 1000.0)
    arriving = solar_mass_state_probabilities(energy, [10.0, 90.0], [0.5, 0.5], nufit())
    assert arriving.shape == (3, 4, 5)
    assert survival_probability(1000.0, 90.0, 1.0, nufit()).shape == ()
