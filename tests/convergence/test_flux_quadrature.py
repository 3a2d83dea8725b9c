"""Measured convergence of the quadrature over a continuous spectrum."""

import numpy as np
import pytest

from nuatom.fluxes import Continuum, flux
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
