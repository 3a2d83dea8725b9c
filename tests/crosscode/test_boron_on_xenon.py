"""8B solar neutrinos on xenon, against two public codes with the inputs of each.

The spectrum matters: at T = 2 keV only neutrinos above 11 MeV count, where the spectra of Bahcall et al.
(1996), Ortiz et al. (2000) and Winter et al. (2006), which is ours, differ by 3 to 8%; the nuclear radius
matters by 1%.
"""

import dataclasses
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.interpolate import PchipInterpolator

from nuatom import Neutrino, Target, couplings, differential_rate, flux
from nuatom.fluxes import Continuum, Flux
from nuatom.processes import coherent
from nuatom.processes.form_factors import YUKAWA_RANGE_FM, rms_radius_fm

TABLE = tomllib.loads(Path(__file__).with_name("boron_on_xenon.toml").read_text("utf-8"))
RADIATIVE, SNUDD = TABLE["code"]


def tabulated(name):
    values = np.array(TABLE[name]["per_mev"])
    energies = 1e3 * TABLE[name]["step_mev"] * np.arange(values.size)
    root = PchipInterpolator(energies, np.sqrt(values), extrapolate=False)
    return Continuum.normalised(tuple(energies), lambda e: np.nan_to_num(root(e)) ** 2)


def single_isotope(mass_number):
    target = Target("Xe")
    xenon = target.constituents[0][0]
    (isotope,) = (each for each in xenon.isotopes if each.mass_number == mass_number)
    alone = dataclasses.replace(
        xenon, isotopes=(dataclasses.replace(isotope, abundance=1.0),), mass_u=isotope.mass_u
    )
    object.__setattr__(target, "constituents", ((alone, 1.0),))
    return target


def rate(code, spectrum, **nucleus):
    target = single_isotope(code["mass_number"])
    boron = dataclasses.replace(
        flux("solar-gs98").component("b8"), flux_per_cm2_s=code["flux_per_cm2_s"], spectrum=spectrum
    )
    neutrino = Neutrino(electroweak=couplings(code["couplings"], code.get("sin2_theta_w")))
    return differential_rate(
        coherent(target, **nucleus), Flux("b8", (boron,), ()), neutrino, TABLE["recoil_kev"]
    ).total


def test_snudd_with_its_spectrum_and_its_constant():
    # Half a unit in its last printed digit is 0.03% at most, as is the half-MeV grid of the spectrum.
    assert_allclose(rate(SNUDD, tabulated("bahcall_1996")) * SNUDD["conversion"], SNUDD["rate"], rtol=6e-4)


@pytest.mark.parametrize(("index", "tolerance"), [(0, 0.001), (1, 0.01)])
def test_radiative_code_below_1_kev(index, tolerance):
    found = rate(RADIATIVE, flux("solar-gs98").component("b8").spectrum)[index]
    assert_allclose(found, RADIATIVE["rate"][index], rtol=tolerance)


def test_radiative_code_lies_between_two_spectra_above():
    ours = rate(RADIATIVE, flux("solar-gs98").component("b8").spectrum)[2]
    older = rate(RADIATIVE, tabulated("bahcall_1996"))[2]
    assert 0.95 * RADIATIVE["rate"][2] < older < RADIATIVE["rate"][2] < ours < 1.03 * RADIATIVE["rate"][2]


def test_radiative_code_with_a_third_spectrum_and_a_larger_nucleus():
    """Ortiz et al., and Klein and Nystrand's own radius, 1.2 A^⅓ with a Yukawa surface: all three within 1%.

    Which spectrum and which radius the code has is not known; neither of these alone does it.
    """
    larger = math.sqrt(0.6 * (1.2 * 132.0 ** (1.0 / 3.0)) ** 2 + 6.0 * YUKAWA_RANGE_FM**2)
    nucleus = {"model": "klein-nystrand", "neutron_skin_fm": larger - rms_radius_fm(132)}
    assert_allclose(rate(RADIATIVE, tabulated("ortiz_2000"), **nucleus), RADIATIVE["rate"], rtol=0.01)
    assert rate(RADIATIVE, tabulated("ortiz_2000"))[2] > 1.01 * RADIATIVE["rate"][2]
    assert (
        rate(RADIATIVE, flux("solar-gs98").component("b8").spectrum, **nucleus)[2]
        > 1.01 * RADIATIVE["rate"][2]
    )


def test_ours():
    """Natural isotopes, B16-GS98, Winter's spectrum, radiative couplings: so that a change is noticed."""
    target = Target("Xe")
    neutrino = Neutrino(electroweak=couplings("radiative"))
    found = differential_rate(coherent(target), flux("solar-gs98"), neutrino, TABLE["recoil_kev"])
    assert_allclose(found.components["b8"], [734.1, 252.2, 19.24], rtol=3e-4)
