"""Limits and laws of the adiabatic conversion, and two independent routes to it."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuatom.neutrinos.mixing import Mixing, nufit
from nuatom.neutrinos.oscillation import (
    MATTER_TERM_EV2,
    flavour_probabilities,
    solar_mass_state_probabilities,
    survival_probability,
)

ENERGIES_KEV = np.geomspace(1.0, 2e4, 60)
CORE = (100.0, 1.0)  # N_A/cm³, weight

mixings = st.builds(
    Mixing,
    sin2_theta12=st.floats(0.0, 1.0),
    sin2_theta13=st.floats(0.0, 1.0),
    sin2_theta23=st.floats(0.0, 1.0),
    delta_cp_deg=st.floats(-360.0, 360.0),
    delta_m2_21_ev2=st.floats(1e-6, 1e-3),
    delta_m2_31_ev2=st.floats(2e-3, 1e-2) | st.floats(-1e-2, -2e-3),
)


def electron_hamiltonian_ev2(matter_term_ev2, mixing):
    """2EH without θ23 and δ, which the electron row never sees."""
    theta12, theta13 = np.arcsin(np.sqrt([mixing.sin2_theta12, mixing.sin2_theta13]))
    c12, s12, c13, s13 = np.cos(theta12), np.sin(theta12), np.cos(theta13), np.sin(theta13)
    rotation = np.array([[c13, 0, s13], [0, 1, 0], [-s13, 0, c13]]) @ np.array(
        [[c12, s12, 0], [-s12, c12, 0], [0, 0, 1]]
    )
    masses = np.array([0.0, mixing.delta_m2_21_ev2, mixing.delta_m2_31_ev2])
    matter = np.asarray(matter_term_ev2)[..., None, None] * np.diag([1.0, 0.0, 0.0])
    return (rotation * masses) @ rotation.T + matter, rotation, masses


@given(mixings)
def test_mixing_matrix_is_unitary(mixing):
    np.testing.assert_allclose(mixing.matrix @ mixing.matrix.conj().T, np.eye(3), rtol=0, atol=1e-14)


@given(mixings, st.floats(0.0, 2e4), st.floats(0.0, 150.0))
def test_probabilities_are_probabilities(mixing, energy_kev, density):
    arriving = solar_mass_state_probabilities(energy_kev, density, 1.0, mixing)
    flavours = flavour_probabilities(arriving, mixing)
    assert arriving.min() >= 0.0
    assert arriving.sum() == pytest.approx(1.0, abs=1e-14)
    assert flavours.sum() == pytest.approx(1.0, abs=1e-13)


@given(mixings)
def test_vacuum_limit_is_the_mixing_matrix(mixing):
    expected = np.abs(mixing.matrix[0]) ** 2
    for energy_kev, density in ((0.0, 100.0), (1e4, 0.0)):
        arriving = solar_mass_state_probabilities(energy_kev, density, 1.0, mixing)
        np.testing.assert_allclose(arriving, expected, rtol=0, atol=1e-14)


def test_dense_limit_is_one_mass_state():
    # Above the solar resonance the electron neutrino is ν2 in matter; above the atmospheric
    # one, ν3 in normal ordering.
    mixing = nufit()
    hidden = replace(mixing, delta_m2_31_ev2=1e6)
    arriving = solar_mass_state_probabilities(1e7, 100.0, 1.0, hidden)
    c13 = 1.0 - mixing.sin2_theta13
    np.testing.assert_allclose(arriving, [0.0, c13, 1.0 - c13], rtol=0, atol=1e-5)
    np.testing.assert_allclose(
        solar_mass_state_probabilities(1e10, 100.0, 1.0, mixing), [0, 0, 1], rtol=0, atol=1e-6
    )


def test_two_flavour_formula_when_the_third_state_is_heavy():
    mixing = replace(nufit(), delta_m2_31_ev2=1e6)
    c13 = 1.0 - mixing.sin2_theta13
    cos2 = 1.0 - 2.0 * mixing.sin2_theta12
    ratio = MATTER_TERM_EV2 * ENERGIES_KEV * 80.0 * c13 / mixing.delta_m2_21_ev2
    cos2_matter = (cos2 - ratio) / np.sqrt((cos2 - ratio) ** 2 + 1.0 - cos2**2)
    expected = [
        c13 * (1.0 + cos2_matter) / 2.0,
        c13 * (1.0 - cos2_matter) / 2.0,
        np.full_like(ratio, mixing.sin2_theta13),
    ]
    np.testing.assert_allclose(
        solar_mass_state_probabilities(ENERGIES_KEV, 80.0, 1.0, mixing),
        expected,
        rtol=0,
        atol=1e-9,
    )


@pytest.mark.parametrize("delta_m2_31_ev2", [2.513e-3, -2.41e-3])
def test_angles_in_matter_against_exact_diagonalisation(delta_m2_31_ev2):
    mixing = replace(nufit(), delta_m2_31_ev2=delta_m2_31_ev2)
    for density in (1.0, 30.0, 100.0):
        hamiltonian, _, masses = electron_hamiltonian_ev2(MATTER_TERM_EV2 * density * ENERGIES_KEV, mixing)
        _, vectors = np.linalg.eigh(hamiltonian)
        exact = np.empty((3, ENERGIES_KEV.size))
        exact[np.argsort(masses)] = vectors[:, 0, :].T ** 2
        # The closed form drops second-order terms: 2e-5 below 20 MeV, as documented.
        np.testing.assert_allclose(
            solar_mass_state_probabilities(ENERGIES_KEV, density, 1.0, mixing),
            exact,
            rtol=0,
            atol=2e-5,
        )


@pytest.mark.parametrize("energy_kev", [300.0, 862.0, 3000.0, 10000.0, 18000.0])
def test_evolution_through_an_exponential_sun_is_adiabatic(energy_kev):
    """Propagate ν_e outward with exact exponentials of slices of constant density."""
    mixing = nufit()
    # Bahcall's fit of the solar density, 245 exp(−10.54 r/R) N_A/cm³, from where it is 100.
    solar_radius_cm, inverse_scale, slices = 6.957e10, 10.54, 100_000
    depth = np.linspace(0.0, 1.0, slices + 1)
    middle = 0.5 * (depth[1:] + depth[:-1])
    density = 100.0 * np.exp(-inverse_scale * middle)
    hamiltonian, rotation, _ = electron_hamiltonian_ev2(MATTER_TERM_EV2 * density * energy_kev, mixing)
    levels, vectors = np.linalg.eigh(hamiltonian)
    # eV² to keV² is 1e-6; ħc in keV cm turns keV into 1/cm.
    hbar_c_kev_cm = 1.973269804e-8
    step_cm = solar_radius_cm / slices
    phases = np.exp(-0.5e-6j * levels / energy_kev * step_cm / hbar_c_kev_cm)
    state = np.array([1.0, 0.0, 0.0], dtype=complex)
    for basis, phase in zip(vectors, phases, strict=True):
        state = basis @ (phase * (basis.T @ state))
    evolved = np.abs(rotation.T @ state) ** 2
    # 2e-5: what the closed form drops, and the density left at the surface, 0.003 N_A/cm³.
    np.testing.assert_allclose(
        solar_mass_state_probabilities(energy_kev, 100.0, 1.0, mixing), evolved, rtol=0, atol=2e-5
    )


def test_average_over_production_is_linear():
    densities, weights = [20.0, 60.0, 95.0], [0.2, 0.3, 0.5]
    each = [solar_mass_state_probabilities(ENERGIES_KEV, d, 1.0, nufit()) for d in densities]
    np.testing.assert_allclose(
        solar_mass_state_probabilities(ENERGIES_KEV, densities, weights, nufit()),
        np.tensordot(weights, each, axes=1),
        rtol=1e-14,
    )


@pytest.mark.parametrize("name", [field.name for field in fields(Mixing) if field.name != "citations"])
def test_every_mixing_parameter_changes_the_flavours(name):
    moved = replace(nufit(), **{name: 1.1 * getattr(nufit(), name)})
    before, after = (
        flavour_probabilities(solar_mass_state_probabilities(1e4, *CORE, mixing), mixing)
        for mixing in (nufit(), moved)
    )
    assert np.abs(after - before).max() > 1e-5


def test_energy_density_and_weights_change_the_survival_probability():
    reference = survival_probability(3000.0, [50.0, 100.0], [0.5, 0.5], nufit())
    for changed in (
        (3300.0, [50.0, 100.0], [0.5, 0.5]),
        (3000.0, [55.0, 100.0], [0.5, 0.5]),
        (3000.0, [50.0, 100.0], [0.4, 0.6]),
    ):
        assert abs(survival_probability(*changed, nufit()) - reference) > 1e-3
