"""Sum rules and dispersion relations of media; the density effect by two routes."""

import numpy as np
import pytest

from nuatom.atoms import henke_factors
from nuatom.data import read_toml
from nuatom.media import Dielectric, media_names, medium_named
from nuatom.media.charged_particles import collisions_cm2_per_kev, density_effect
from nuatom.media.crystal_absorption import crystal_dielectric
from nuatom.media.propagator import transverse_field, transverse_logarithm
from nuatom.numerics.kramers_kronig import kramers_kronig


@pytest.mark.parametrize("name", media_names())
def test_f_sum_rule(name):
    dielectric = medium_named(name).dielectric
    last = dielectric.energy_kev[-1]
    absorption, loss = dielectric.electrons(last), dielectric.electrons(last, "loss")
    np.testing.assert_allclose([absorption, loss], 1.0, rtol=0.02)
    # Both follow from ε → 1 − ω_p²/E² and causality: what differs is the trapezoidal rule.
    np.testing.assert_allclose(loss, absorption, rtol=1e-4)


def test_kramers_kronig_of_silicon_is_what_was_measured():
    """The measured index of refraction, from the absorption and the X-ray table above it."""
    silicon = medium_named("silicon")
    energy, n, k = silicon.measured
    computed = np.sqrt(silicon.dielectric.at(energy))
    np.testing.assert_allclose(computed.real, n, rtol=0.005)
    absorbs = k > 1e-3
    np.testing.assert_allclose(computed.imag[absorbs], k[absorbs], rtol=0.005)


def test_index_of_caesium_iodide_below_its_absorption():
    """Querry's n, of which only the infrared went in: a hundredth up to 4.8 eV, more beside the exciton."""
    energy, n = np.array([[3.87451, 1.867], [4.42801, 1.955], [4.76862, 2.043], [5.16601, 2.227]]).T
    computed = np.sqrt(medium_named("cesium-iodide").dielectric.at(1e-3 * energy)).real
    np.testing.assert_allclose(computed[:3], n[:3], rtol=0.01)
    np.testing.assert_allclose(computed[3], n[3], rtol=0.03)


@pytest.mark.parametrize("changes", [{"xray_ev": 20.0}, {"xray_ev": 50.0}, {"first_ev": 6.2}])
def test_where_sum_rules_fill_in_does_not_matter_above_the_edges(changes):
    medium = medium_named("cesium-iodide")
    table = read_toml("media/cesium-iodide.toml") | changes
    plasma = medium.dielectric.plasma_energy_kev
    other = crystal_dielectric(medium.target, medium.number_density_kev3, plasma, medium.measured, table)
    # All electrons, which the f-sum keeps, make 1 − ε; their binding energies are corrections (20 eV/T)².
    np.testing.assert_allclose(
        other.at([0.3, 1.0, 4.0]) - 1.0, medium.dielectric.at([0.3, 1.0, 4.0]) - 1.0, rtol=2e-3
    )


def test_kramers_kronig_of_germanium_is_what_was_measured():
    germanium = medium_named("germanium")
    energy, n, k = germanium.measured
    computed = np.sqrt(germanium.dielectric.at(energy))
    # Between 6.6 and 29 eV there is a guess, which counts the most where it begins.
    difference = np.abs(computed - (n + 1j * k)) / np.hypot(n, k)
    assert difference[energy < 5.2e-3].max() < 0.02
    assert difference.max() < 0.05


@pytest.mark.parametrize(
    ("name", "number"), [("silicon", 14), ("germanium", 32), ("liquid-xenon", 54), ("liquid-argon", 18)]
)
def test_dispersion_is_that_of_henke(name, number):
    dielectric = medium_named(name).dielectric
    energy, f1, _ = henke_factors(number)
    tested = (energy > 0.2) & np.isfinite(f1)
    chi = dielectric.at(energy[tested]) - 1.0
    if dielectric.local_field:
        chi = 3.0 * chi / (chi + 3.0)
    computed = -chi.real * (energy[tested] / dielectric.plasma_energy_kev) ** 2
    # In electrons of the atom: how far the sum rules of either are from all of them; edges are sharper here.
    difference = np.abs(computed - f1[tested] / number)
    assert np.quantile(difference, 0.95) < 0.03
    assert np.median(difference) < 0.02


def test_kramers_kronig_at_its_own_points():
    """A Lorentzian's real part, at points of the table and between them."""
    energy = np.linspace(0.0, 400.0, 80_001)
    lorentz = 1.0 / (25.0 - energy**2 - 0.7j * energy)
    at = np.array([1.0, 1.0013, 4.9, 5.0, 5.2, 20.0])
    exact = (1.0 / (25.0 - at**2 - 0.7j * at)).real
    np.testing.assert_allclose(kramers_kronig(energy, lorentz.imag, at), exact, rtol=2e-4, atol=2e-6)


def test_clausius_mossotti_keeps_the_sum_and_lowers_the_lines():
    gas, liquid = medium_named("argon").dielectric, medium_named("liquid-argon").dielectric
    energy = np.linspace(0.011, 0.0125, 1501)
    assert energy[gas.at(energy).imag.argmax()] > energy[liquid.at(energy).imag.argmax()]
    # Index of refraction of the liquid at 0.3 eV, from the polarizability of its atoms.
    np.testing.assert_allclose(liquid.at(3e-4).real, 1.51, rtol=0.01)


def test_transverse_logarithm_is_its_integral():
    transfer, epsilon = 0.5, np.array([0.998 + 3e-4j, 1.002 + 1e-3j, 0.99 + 0j])
    least, most = 1e-7, 30.0
    virtuality = np.geomspace(least, most, 200_001)[:, None]
    field = np.abs(transverse_field(virtuality, transfer, epsilon)) ** 2
    numerical = np.trapezoid(field, np.log(virtuality[:, 0]), axis=0)
    np.testing.assert_allclose(transverse_logarithm(most, least, transfer, epsilon), numerical, rtol=1e-6)


def test_transverse_logarithm_of_a_vacuum():
    vacuum = np.array([1.0 + 0j])
    np.testing.assert_allclose(transverse_logarithm(2.0, 1e-9, 1.0, vacuum), np.log(2e9), rtol=1e-12)


def test_fermi_plateau_and_relativistic_rise():
    """In a dilute gas collisions rise as ln γ; in a liquid they stop rising at γ ≈ T/ω_p."""
    transfer = np.array([1.0, 5.0])
    liquid = medium_named("liquid-xenon")
    assert np.all(
        np.diff([collisions_cm2_per_kev(liquid, transfer, g) for g in (3.0, 30.0, 1e3)], axis=0) > 0
    )
    plateau = collisions_cm2_per_kev(liquid, transfer)
    np.testing.assert_allclose(collisions_cm2_per_kev(liquid, transfer, 1e5), plateau, rtol=1e-3)
    gas, transfer = medium_named("xenon"), np.array([20.0, 29.0])
    rise = np.diff([collisions_cm2_per_kev(gas, transfer, g) for g in (100.0, 1000.0)], axis=0)[0]
    # (2α/π)(σ_γ/T) ln 10, from the formula of equivalent photons.
    sigma = gas.dielectric.at(transfer).imag * transfer / gas.number_density_kev3
    expected = 2.0 / (137.036 * np.pi) * sigma / transfer * np.log(10.0) * 1.97327e-8**2
    np.testing.assert_allclose(rise, expected, rtol=0.02)


@pytest.mark.parametrize("name", ["silicon", "liquid-xenon"])
def test_density_effect_is_the_difference_of_stopping_powers(name):
    """∫T dσ of a gas so thin that nothing is screened, less that of the medium: δ/2 of the Bethe formula."""
    dense = medium_named(name)
    gamma = 300.0
    points = np.geomspace(2e-3, 250.0, 3000)
    weight = np.gradient(points) * points
    loss = np.sum(weight * collisions_cm2_per_kev(dense, points, gamma))
    bethe = _bethe_cm2_kev(dense, gamma, points[-1]) - loss
    scale = 2.0 * np.pi * (1 / 137.036) ** 2 * dense.target.electrons / 510.999 * 1.97327e-8**2
    delta = density_effect(dense.dielectric, (gamma**2 - 1.0) ** 0.5)
    np.testing.assert_allclose(bethe / scale, delta, rtol=0.03)


def _bethe_cm2_kev(dense, gamma, cut_kev):
    """Mean energy loss to transfers below a cut, without density effect: ln(2mβ²γ²T/I²) − β², β = 1."""
    scale = 2.0 * np.pi * (1 / 137.036) ** 2 * dense.target.electrons / 510.999 * 1.97327e-8**2
    mean = dense.dielectric.mean_excitation_energy_kev()
    return scale * (np.log(2.0 * 510.999 * gamma**2 * cut_kev / mean**2) - 1.0)


def test_dilution_is_what_a_gas_is():
    thin = medium_named("liquid-argon").dielectric.diluted(1.66201e-3 / 1.396)
    np.testing.assert_allclose(thin.at(0.3), medium_named("argon").dielectric.at(0.3), rtol=1e-9)
    assert isinstance(thin, Dielectric)
