"""Measured convergence of the quadrature over a continuous spectrum."""

import numpy as np
import pytest
from scipy.special import ndtr

from nuatom.fluxes import BinnedPulse, Continuum, GaussianPulse, Timing, flux
from nuatom.fluxes.beta import beta_spectrum

REFERENCE_ORDER = 80


def errors(spectrum, lower_kev, orders):
    """Relative error of ∫ e^{−E/end} density dE at each number of nodes per panel."""

    def value(order):
        energy, weight = spectrum.quadrature(lower_kev, order)
        return np.sum(weight * np.exp(-energy / spectrum.edges_kev[-1]))

    exact = value(REFERENCE_ORDER)
    return np.array([abs(value(order) / exact - 1.0) for order in orders])


@pytest.mark.parametrize("power", [0.5, 1.5])
def test_square_root_end_point_converges_exponentially(power):
    spectrum = Continuum.normalised((0.0, 60.0, 100.0), lambda e: e**2 * (100.0 - e) ** power)
    for lower in (0.0, 30.0, 80.0):
        found = errors(spectrum, lower, (2, 4, 6, 8))
        assert np.all(found[1:] < 3e-2 * found[:-1] + 1e-14)


def test_without_a_coulomb_factor_beta_spectra_converge_exponentially():
    for endpoint in (423.41, 1732.0):
        found = errors(beta_spectrum(endpoint), 0.0, (2, 4, 6, 8))
        assert np.all(found[1:] < 3e-2 * found[:-1] + 1e-14)


@pytest.mark.parametrize("name", ["pp", "hep", "n13", "o15", "f17", "b8"])
def test_solar_spectra_reach_the_accuracy_documented(name):
    spectrum = flux("solar-gs98").component(name).spectrum
    for fraction in (0.0, 0.3, 0.7):
        eight, sixteen = errors(spectrum, fraction * spectrum.edges_kev[-1], (8, 16))
        assert eight < 2e-8
        assert sixteen < 2e-10


@pytest.mark.parametrize(
    ("endpoint", "charge", "mass_number"), [(18.567, 2, 3), (437.04, 94, 239), (1186.84, 93, 239)]
)
def test_electron_spectra_reach_the_accuracy_documented(endpoint, charge, mass_number):
    spectrum = beta_spectrum(endpoint, charge, mass_number, lepton="electron")
    for fraction in (0.0, 0.3, 0.7, 0.99):
        eight, sixteen = errors(spectrum, fraction * endpoint, (8, 16))
        assert eight < 2e-8
        assert sixteen < 2e-10


@pytest.mark.parametrize("name", ["u235", "u238", "pu239", "pu241", "capture"])
def test_reactor_spectra_converge(name):
    spectrum = flux("reactor-pwr").component(name).spectrum
    for lower in (0.0, 130.0, 950.0):
        four, eight = errors(spectrum, lower, (4, 8))
        assert four < 1e-6
        assert eight < 1e-7


def test_a_binned_pulse_converges_to_the_gaussian_it_samples():
    """Bins of equal width: the error is of second order in the width."""
    sigma, lifetimes = 160.0, (26.033, 2196.9811)
    times = np.linspace(-300.0, 3000.0, 34)
    exact = Timing(GaussianPulse(sigma), lifetimes).cumulative(times)

    def error(bins):
        edges = np.linspace(-8.0 * sigma, 8.0 * sigma, bins + 1)
        shares = np.diff(ndtr(edges / sigma))
        pulse = BinnedPulse(tuple(edges), tuple(shares / shares.sum()))
        return np.abs(Timing(pulse, lifetimes).cumulative(times) - exact).max()

    found = np.array([error(bins) for bins in (16, 32, 64, 128)])
    order = np.log2(found[:-1] / found[1:])
    assert np.all(order[1:] > 1.8)
    assert found[-1] < 1e-3
