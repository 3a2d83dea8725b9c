"""Laws of the flux components: normalisation, thresholds, and what the models differ in."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from nuatom.data import read_toml
from nuatom.fluxes import FLUXES, Continuum, Lines, flux
from nuatom.fluxes.beta import beta_shape, beta_spectrum, fermi_function
from nuatom.fluxes.solar import COMPONENTS

CONTINUA = [
    component.name for component in flux("solar-gs98").components if isinstance(component.spectrum, Continuum)
]


def continuum(name: str) -> Continuum:
    return flux("solar-gs98").component(name).spectrum


@pytest.mark.parametrize("name", FLUXES)
def test_every_component_is_normalised(name):
    for component in flux(name).components:
        if isinstance(component.spectrum, Lines):
            shares = component.spectrum.branchings
        else:
            _, shares = component.spectrum.quadrature(0.0, 24)
        assert np.sum(shares) == pytest.approx(1.0, abs=1e-9)
        if component.production is not None:
            assert np.sum(component.production.fraction) == pytest.approx(1.0, abs=1e-15)


@pytest.mark.parametrize("name", CONTINUA)
@pytest.mark.parametrize("fraction", [0.05, 0.4, 0.9, 0.999])
def test_partial_range_agrees_with_adaptive_quadrature(name, fraction):
    spectrum = continuum(name)
    end = spectrum.edges_kev[-1]
    lower = fraction * end
    energy, weight = spectrum.quadrature(lower, 32)

    def folded(e):
        return float(np.exp(-e / end) * spectrum.density(np.array(e)))

    inner = [edge for edge in spectrum.edges_kev if lower < edge < end]
    pieces = [lower, *inner, end]
    expected = sum(quad(folded, a, b, epsabs=0, epsrel=1e-11, limit=200)[0] for a, b in pairwise(pieces))
    assert np.sum(weight * np.exp(-energy / end)) == pytest.approx(expected, rel=2e-8, abs=1e-12)
    assert energy.min() >= lower
    assert energy.max() <= end


@pytest.mark.parametrize("name", CONTINUA)
def test_quadrature_is_vectorised_over_thresholds(name):
    spectrum = continuum(name)
    lower = spectrum.edges_kev[-1] * np.array([[0.0, 0.1, 0.5], [0.99, 1.0, 2.0]])
    energy, weight = spectrum.quadrature(lower, 6)
    assert energy.shape == weight.shape
    assert energy.shape[:2] == (2, 3)
    for index in np.ndindex(lower.shape):
        alone = spectrum.quadrature(lower[index], 6)
        np.testing.assert_array_equal(energy[index], alone[0])
        np.testing.assert_array_equal(weight[index], alone[1])
    assert not np.any(weight[1, 1:])
    assert np.all(np.diff(weight.sum(axis=-1).ravel()) <= 0.0)


@given(st.floats(-10.0, 1.0))
def test_a_threshold_below_the_spectrum_is_the_whole_spectrum(lower):
    spectrum = Continuum.normalised((2.0, 5.0), np.ones_like)
    np.testing.assert_array_equal(spectrum.quadrature(lower, 4), spectrum.quadrature(2.0, 4))


def test_models_differ_as_their_table_says():
    table = read_toml("solar.toml")["flux"]
    high, low = flux("solar-gs98"), flux("solar-agss09met")
    for name in COMPONENTS:
        ratio = high.component(name).flux_per_cm2_s / low.component(name).flux_per_cm2_s
        assert ratio == table["gs98"][name][0] / table["agss09met"][name][0]
        assert high.component(name).flux_per_cm2_s != low.component(name).flux_per_cm2_s
        assert low.component(name).relative_uncertainty == table["agss09met"][name][1]


@pytest.mark.parametrize("model", ["solar-gs98", "solar-agss09met"])
def test_luminosity_of_the_sun(model):
    """The energy that each neutrino stands for adds up to sunlight, 8.5272e11 MeV/(cm² s).

    Energies per neutrino in MeV and the solar constant: J. N. Bahcall, Phys. Rev. C 65 (2002)
    025801. The models obey the constraint; half the last digit of the printed pp flux is 8e-4.
    """
    energy_mev = {
        "pp": 13.0987,
        "pep": 11.9193,
        "hep": 3.7370,
        "be7": 12.6008,
        "b8": 6.6305,
        "n13": 3.4577,
        "o15": 21.5706,
        "f17": 2.363,
    }
    total = sum(energy_mev[component.name] * component.flux_per_cm2_s for component in flux(model).components)
    assert total == pytest.approx(8.5272e11, rel=1e-3, abs=0.0)


def test_coulomb_factor_limits():
    momentum = np.geomspace(1.0, 1e4, 20)
    assert np.all(fermi_function(momentum, 0, 1) == 1.0)
    assert np.all(fermi_function(momentum, 8, 17) > 1.0)
    assert np.all(fermi_function(momentum, -8, 17) < 1.0)
    # Non-relativistic limit (Sommerfeld), 2πη/(1 − e^{−2πη}), for a small charge.
    eta = np.hypot(momentum, 510.99895) / momentum / 137.035999
    np.testing.assert_allclose(
        fermi_function(momentum, -1, 2),
        2 * np.pi * eta / np.expm1(2 * np.pi * eta),
        rtol=1e-3,
    )


def test_every_argument_of_the_beta_shape_matters():
    reference = beta_shape(600.0, 1200.0, 6, 13)
    for changed in ((601.0, 1200.0, 6, 13), (600.0, 1201.0, 6, 13), (600.0, 1200.0, 7, 13)):
        assert abs(beta_shape(*changed) / reference - 1.0) > 1e-4
    # The radius scales F, hardly its shape: normalisation takes it away.
    assert abs(beta_shape(600.0, 1200.0, 6, 15) / reference - 1.0) > 1e-5


def test_the_coulomb_repulsion_softens_the_neutrino_spectrum():
    def mean(charge):
        energy, weight = beta_spectrum(1198.5, charge, 13).quadrature(0.0, 16)
        return np.sum(energy * weight)

    assert mean(0) > mean(3) > mean(6)
