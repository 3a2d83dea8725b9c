"""Form factors against numerical Fourier transforms of the densities they stand for."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad

from nuatom import InputError, Target
from nuatom.processes import coherent
from nuatom.processes.form_factors import (
    FORM_FACTORS,
    KEV_PER_INVERSE_FM,
    helm,
    klein_nystrand,
    rms_radius_fm,
    symmetrised_fermi,
)

RMS = 4.8
MOMENTA = np.array([1.0, 10.0, 5e3, 20e3, 60e3, 150e3, 300e3])
SMOOTH = [model for name, model in FORM_FACTORS.items() if name != "point"]
# Adaptive quadrature to 1e-10 of the norm, where F has fallen to a few hundredths.
QUADRATURE = 2e-8

# Root-mean-square charge radii in fm, I. Angeli and K. P. Marinova, At. Data Nucl. Data Tables 99 (2013) 69.
MEASURED = {
    4: 1.6755,
    16: 2.6991,
    28: 3.1224,
    40: 3.4274,
    74: 4.0742,
    127: 4.7500,
    132: 4.7859,
    133: 4.8041,
    208: 5.5012,
}


def transform(density, q, end):
    """4π∫ρ j₀(qr) r² dr over the same at q = 0."""
    norm = quad(lambda r: density(r) * r * r, 0.0, end, epsabs=1e-12, epsrel=1e-12, limit=400)[0]
    value = quad(lambda r: density(r) * r * math.sin(q * r) / q, 0.0, end, epsabs=1e-12, limit=400)[0]
    return value / norm


@pytest.mark.parametrize("momentum", [5e3, 60e3, 150e3, 300e3])
def test_symmetrised_fermi_is_the_transform_of_its_density(momentum):
    half = math.sqrt((RMS**2 - 1.4 * (math.pi * 0.52) ** 2) / 0.6)

    def density(r):
        return math.sinh(half / 0.52) / (math.cosh(half / 0.52) + math.cosh(r / 0.52))

    q = momentum / KEV_PER_INVERSE_FM
    assert_allclose(symmetrised_fermi(np.array(momentum), RMS), transform(density, q, 40.0), rtol=QUADRATURE)


@pytest.mark.parametrize("momentum", [5e3, 60e3, 150e3, 300e3])
def test_helm_and_klein_nystrand_are_spheres_with_a_surface(momentum):
    q = momentum / KEV_PER_INVERSE_FM
    for model, surface, factor in (
        (helm, 3 * 0.9**2, math.exp(-0.5 * (q * 0.9) ** 2)),
        (klein_nystrand, 6 * 0.7**2, 1.0 / (1.0 + (q * 0.7) ** 2)),
    ):
        radius = math.sqrt((RMS**2 - surface) / 0.6)
        expected = transform(lambda _: 1.0, q, radius) * factor
        assert_allclose(model(np.array(momentum), RMS), expected, rtol=QUADRATURE)


@pytest.mark.parametrize("model", SMOOTH)
def test_small_momenta_see_the_radius(model):
    assert_allclose(model(np.array([0.0, 1.0]), RMS), 1.0, rtol=1e-9)
    x = np.array([0.02, 0.05])
    slope = 6.0 * (1.0 - model(x * KEV_PER_INVERSE_FM / RMS, RMS)) / x**2
    assert_allclose(slope, 1.0, rtol=1e-3)  # the quartic term at x = 0.05
    values = model(np.linspace(0.0, 80e3, 400), RMS)
    assert np.all(np.diff(values) < 1e-12)


@pytest.mark.parametrize("model", SMOOTH)
def test_no_jump_between_series_and_closed_form(model):
    joint = 1e-2 * KEV_PER_INVERSE_FM / RMS
    below, above = model(joint * np.array([1.0 - 1e-9, 1.0 + 1e-9]), RMS)
    assert_allclose(below, above, rtol=1e-9)


def test_models_differ_by_their_surface_only():
    values = np.array([model(MOMENTA[:4], RMS) for model in SMOOTH])
    assert_allclose(values, np.tile(values[0], (3, 1)), rtol=1e-3)
    far = [float(model(np.array(150e3), RMS)) for model in SMOOTH]
    assert max(far) > 1.005 * min(far)


@pytest.mark.parametrize("mass_number", MEASURED)
def test_radius_against_measured_charge_radii(mass_number):
    assert_allclose(rms_radius_fm(mass_number), MEASURED[mass_number], rtol=0.02)


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="mass_number"):
        rms_radius_fm(2)
    for model in SMOOTH:
        with pytest.raises(InputError, match="rms_fm"):
            model(np.array(1.0), 1.0)
    with pytest.raises(InputError, match="model"):
        coherent(Target("Xe"), "gaussian")
    with pytest.raises(InputError, match="neutron_skin_fm"):
        coherent(Target("Xe"), neutron_skin_fm=math.nan)
    with pytest.raises(InputError, match="isotopes"):
        coherent(Target("Tc"))
    with pytest.raises(InputError, match="helium"):
        coherent(Target("H"))
    with pytest.raises(InputError, match="rms_fm"):
        coherent(Target("He"), "klein-nystrand").evaluate(np.array(1e3), np.array(0.1))


def test_a_neutron_skin_lowers_the_rate():
    neutrino_energy, recoil = 30e3, 10.0
    from nuatom import Neutrino

    thin = coherent(Target("Cs")).cross_section(Neutrino(), neutrino_energy, recoil).weak
    thick = (
        coherent(Target("Cs"), neutron_skin_fm=0.2).cross_section(Neutrino(), neutrino_energy, recoil).weak
    )
    q2 = 2.0 * 1.238e8 * recoil / KEV_PER_INVERSE_FM**2
    expected = 1.0 - q2 * ((rms_radius_fm(133) + 0.2) ** 2 - rms_radius_fm(133) ** 2) / 3.0
    assert_allclose(thick / thin, expected, rtol=5e-3)  # first order in q², a little more than neutrons only
