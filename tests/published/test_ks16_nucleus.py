"""KS16, equations (13) to (16), coded here a second time from the paper's own expressions."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.constants import physical_constants

from nuatom import InputError, Neutrino, Target, couplings
from nuatom.processes import coherent
from nuatom.processes.kinematics import nucleus_crossover_kev
from nuatom.processes.nucleus import interference_factor, nucleus_mass_kev

ALPHA = physical_constants["fine-structure constant"][0]
FERMI = physical_constants["Fermi coupling constant"][0] * 1e-12
ELECTRON = physical_constants["electron mass energy equivalent in MeV"][0] * 1e3
CM2 = (physical_constants["reduced Planck constant times c in MeV fm"][0] * 1e-10) ** 2
SIN2 = 0.2386
# Two double-precision evaluations of one formula.
SAME = 1e-12


def caesium():
    target = Target("Cs")
    element = target.constituents[0][0]
    return target, nucleus_mass_kev(element, element.isotopes[0])


def weak_charge(protons=55, neutrons=78):
    return 0.5 * (protons * (1.0 - 4.0 * SIN2) - neutrons)


@pytest.mark.parametrize("recoil", [0.01, 1.0, 10.0])
@pytest.mark.parametrize(("charge", "radius"), [(0.0, 0.0), (2e-8, 0.0), (0.0, -4e-32), (-1e-8, 3e-32)])
def test_equations_13_and_14(recoil, charge, radius):
    target, mass = caesium()
    energy = 30e3
    # Gaussian units: e² = α.
    bracket = charge / (mass * recoil) - radius / CM2 / 3.0
    shift = math.sqrt(2.0) * math.pi * ALPHA * 55 / (FERMI * weak_charge()) * bracket
    standard = (
        FERMI**2 / math.pi * mass * weak_charge() ** 2 * (1.0 - recoil * (2 * energy + mass) / 2 / energy**2)
    )
    neutrino = Neutrino(charge=charge, charge_radius_cm2=radius, electroweak=couplings("tree", SIN2))
    found = coherent(target, "point").cross_section(neutrino, energy, recoil)
    assert_allclose(found.weak, standard * CM2, rtol=SAME)
    # The paper's sign is that of 1 − shift; a photon between like charges gives 1 + shift.
    assert_allclose(found.total, (1.0 + shift) ** 2 * standard * CM2, rtol=SAME)
    arguments = (np.array(recoil), mass, 55, weak_charge(), charge, radius)
    assert_allclose(interference_factor(*arguments), 1.0 + shift, rtol=SAME)
    assert_allclose(interference_factor(*arguments, sign="ks16"), 1.0 - shift, rtol=SAME)


@pytest.mark.parametrize("recoil", [0.01, 1.0, 10.0])
def test_equation_15(recoil):
    target, _ = caesium()
    energy, moment = 30e3, 3e-10
    # 4πα μ² with μ_B² = α/4m_e² in Gaussian units.
    expected = 4 * math.pi * ALPHA * moment**2 * ALPHA / (4 * ELECTRON**2) * 55**2 / recoil
    expected *= 1.0 - recoil / energy + recoil**2 / (4 * energy**2)
    found = coherent(target, "point").cross_section(Neutrino(magnetic_moment=moment), energy, recoil)
    assert_allclose(found.magnetic, expected * CM2, rtol=SAME)


def test_equation_16_is_where_the_two_are_equal():
    target, mass = caesium()
    neutrino = Neutrino(magnetic_moment=1e-9, electroweak=couplings("tree", SIN2))
    recoil = nucleus_crossover_kev(1e-9, mass, 55, weak_charge())
    found = coherent(target, "point").cross_section(neutrino, 50e3, recoil)
    assert_allclose(found.magnetic, found.weak, rtol=2 * recoil * mass / (2 * 50e3**2) + 1e-9)


def test_interference_factor_refuses_what_it_cannot_answer():
    with pytest.raises(InputError, match="sign"):
        interference_factor(np.array(1.0), 1e8, 55, -30.0, sign="other")
    with pytest.raises(InputError, match="weak_charge"):
        interference_factor(np.array(1.0), 1e8, 55, 0.0)
