"""Correlation from Green's functions against that in a basis, and independent electrons against theirs."""

import numpy as np
import pytest

from nuatom.atoms.correlated.linear_response import linear_response
from nuatom.atoms.correlated.local_density_response import local_density_response
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.response import waves_of
from nuatom.atoms.independent.subshell import low_multipoles
from nuatom.atoms.photons.measured import henke_mb
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.tables.local_build import bindings_kev
from nuatom.constants import CM2_PER_INVERSE_KEV2, FINE_STRUCTURE, HARTREE_KEV
from nuatom.errors import ConvergenceError, InputError

MOMENTUM = np.array([0.3, 1.0, 3.0])
ORDERS = (0, 1, 2, 3)


@pytest.fixture(scope="module")
def neon():
    return ground_state(10, "dirac-lb94")


@pytest.mark.parametrize(
    ("number", "ev"),
    [
        (2, 60.0),
        (10, 60.0),
        (10, 120.0),
        pytest.param(14, 60.0, marks=pytest.mark.slow),
        (18, 40.0),
        pytest.param(20, 60.0, marks=pytest.mark.slow),
    ],
)
def test_two_routes_to_correlation_agree(number, ev):
    """They share nothing but the orbitals: splines and eigenvectors there, solutions on panels here.

    Silicon's electrons may go to its open shell in both; calcium's empty 3d lies below the full 4s.

    Where a part is small the basis is the worse: refined (spacing 0.25, energies up to 3000 hartree) it comes
    to within 8e-4 of the Green's functions everywhere up to Q = 10.
    """
    state, transfer = ground_state(number, "dirac-lb94"), [ev / (1e3 * HARTREE_KEV)]
    width = 0.5 / (1e3 * HARTREE_KEV)
    found = local_density_response(state, transfer, MOMENTUM, ORDERS, half_width=width)
    basis = linear_response(
        state, transfer, MOMENTUM, ORDERS, "tdlda", half_width=width, parities=("natural",)
    )
    for one, two in ((found.correlated, basis.correlated[0]), (found.independent, basis.independent[0])):
        assert np.all(np.abs(one - two) < 1e-3 * two + 1e-4 * two.sum(axis=0))
        assert np.all(np.abs(one - two).sum(axis=0) < 5e-4 * two.sum(axis=0))
    # What they agree on is no small change.
    assert np.abs(found.correlated / found.independent - 1.0).max() > 0.1


@pytest.mark.parametrize(("number", "kev"), [(18, 1.0), (18, 5.0), (54, 3.0)])
def test_independent_electrons_at_kev_are_those_of_continuum_orbitals(number, kev):
    state, transfer = ground_state(number, "dirac-lb94"), kev / HARTREE_KEV
    momentum = np.array([5.0, 10.0, 20.0])
    found = local_density_response(state, [transfer], momentum, ORDERS, tail=1e-4)
    expected = np.zeros((len(ORDERS), momentum.size))
    for orbital in state.orbitals:
        if transfer + orbital.energy > 0.0:
            shell, waves = BoundShell.of(state, orbital), waves_of(state, orbital)
            parts = low_multipoles(shell, waves, transfer + orbital.energy, momentum, max(ORDERS))
            expected += orbital.occupation * parts[:, 0]
    # Orbitals end at 1e-4 of their maximum here; inside, both are good to seven digits.
    np.testing.assert_allclose(found.independent[:, 0], expected, rtol=1e-4, atol=0.0)
    assert found.quadrature_error < 1e-4


def test_strength_below_threshold_needs_a_width(neon):
    """Lines from 2p to 3s, 3d, ... have no width of their own: an average spreads them."""
    transfer = np.array([16.0, 20.0]) / (1e3 * HARTREE_KEV)
    sharp = local_density_response(neon, transfer, MOMENTUM, (1,))
    broad = local_density_response(neon, transfer, MOMENTUM, (1,), half_width=5.0 / (1e3 * HARTREE_KEV))
    assert np.abs(sharp.independent[:, 0]).max() < 1e-8 * broad.independent[:, 0].min()
    assert np.all(broad.correlated[:, 0] > 0.0)


def test_bad_input_is_named(neon):
    for arguments in (
        {"transfer": [-1.0]}, {"momentum": [0.0]}, {"multipoles": (1, 1)}, {"multipoles": ()},
        {"half_width": -1.0}, {"half_width": [1.0, 1.0]}, {"tail": 0.0}, {"tail": 0.5},
    ):  # fmt: skip
        given = {"transfer": [2.0], "momentum": [1.0], **arguments}
        with pytest.raises(InputError, match=next(iter(arguments))):
            local_density_response(neon, **given)
    with pytest.raises(InputError, match="state"):
        local_density_response(ground_state(2), [2.0], [1.0])


def test_quadrature_that_misses_its_accuracy_is_refused(neon):
    with pytest.raises(ConvergenceError, match="radial quadrature"):
        local_density_response(neon, [2.0], [1.0], (1,), accuracy=1e-14)


def test_bindings_of_the_fields_own_change_nothing():
    """Transitions into occupied orbitals cancel in pairs, or are taken out one by one: the same."""
    state = ground_state(10, "dirac-lda")
    own = -np.array([orbital.energy for orbital in state.orbitals])
    arguments = (state, [3.0, 40.0], [0.5, 2.0], (0, 1, 2))
    cancelled = local_density_response(*arguments, half_width=0.3, accuracy=None)
    taken_out = local_density_response(*arguments, half_width=0.3, accuracy=None, bindings=own * (1.0 + 1e-9))
    for name in ("correlated", "independent", "spin"):
        np.testing.assert_allclose(getattr(taken_out, name), getattr(cancelled, name), rtol=1e-4)


@pytest.mark.parametrize("wrong", [[1.0], [1.0, 1.0, -1.0, 1.0], [1.0, 1.0, np.inf, 1.0]])
def test_bindings_are_one_positive_energy_an_orbital(wrong):
    with pytest.raises(InputError, match="bindings"):
        local_density_response(ground_state(10, "dirac-lda"), [40.0], [1.0], bindings=wrong)


def test_measured_thresholds_put_xenons_l_edge_where_it_is():
    """Between the calculated 2p3/2 threshold and the measured one, against Henke's evaluation."""
    state, energy = ground_state(54, "dirac-lda"), 4.72
    width = 0.01 * energy / HARTREE_KEV
    found = []
    for thresholds in ("calculated", "measured"):
        bindings = bindings_kev(state, thresholds) / HARTREE_KEV
        transfer = energy / HARTREE_KEV
        answer = local_density_response(
            state, [transfer], [transfer / state.speed_of_light], (1,), half_width=width, accuracy=None,
            bindings=bindings,
        )  # fmt: skip
        strength = answer.correlated[0, 0, 0] / HARTREE_KEV
        sigma = 4.0 * np.pi**2 * FINE_STRUCTURE * CM2_PER_INVERSE_KEV2 * strength / energy
        found.append(float(1e18 * sigma / henke_mb(54, np.array([energy]))[0]))
    assert found[0] > 1.8
    assert abs(found[1] - 1.0) < 0.1
