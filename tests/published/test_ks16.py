"""Equations of Kouzakov & Studenikin, "Neutrino-atom collisions" (KS16), on grids and at their edges.

Printed numbers are entries of the reproduction (test_papers.py). The formulas are written here as the paper
prints them, with constants of their own, so that nothing but the paper is shared with the code under test.
"""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import brentq

from nuatom.atoms import Target
from nuatom.neutrinos import Neutrino, couplings, standard_model_dirac_moment
from nuatom.processes import atomic_recoil_kev, ionization
from nuatom.processes.electron import free_electron
from nuatom.processes.kinematics import (
    cos_recoil_angle,
    electron_crossover_kev,
    maximum_recoil_kev,
    minimum_energy_kev,
    nucleus_crossover_kev,
)

# Limits on moments that the paper quotes, in Bohr magnetons.
MOMENTS = {"gemma": 2.9e-11, "red_giants": 3e-12}

# CODATA 2022 as printed; ħc from the exact SI values.
M = 510.99895069  # electron, keV
ALPHA = 7.2973525643e-3
G_F = 1.1663787e-17  # keV⁻²
HBAR_C = 6.62607015e-34 * 299792458.0 / (2.0 * math.pi * 1.602176634e-19) * 1e-3 * 1e2  # keV cm
ATOMIC_MASS = 931494.10372  # keV

# Two evaluations of one formula in double precision; terms of opposite sign cost up to three digits.
SAME = 1e-12

HYDROGEN = Target("H")
FLAVOURS = ["e", "mu", "tau", "anti-e", "anti-mu", "anti-tau"]
ENERGIES = np.geomspace(5.0, 5e4, 25)
RECOIL_FRACTIONS = np.array([1e-6, 1e-4, 1e-2, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1.0 - 1e-9])


def couplings_7(flavour: str, sin2: float) -> tuple[float, float]:
    sign = 1.0 if flavour.endswith("-e") or flavour == "e" else -1.0
    anti = -1.0 if flavour.startswith("anti") else 1.0
    return 2.0 * sin2 + sign * 0.5, anti * sign * 0.5


def weak_6(energy, recoil, g_v, g_a):
    bracket = (
        (g_v + g_a) ** 2
        + (g_v - g_a) ** 2 * (1.0 - recoil / energy) ** 2
        + (g_a**2 - g_v**2) * M * recoil / energy**2
    )
    return G_F**2 * M / (2.0 * math.pi) * bracket * HBAR_C**2


def magnetic_8(energy, recoil, moment):
    return math.pi * ALPHA**2 / M**2 * (1.0 / recoil - 1.0 / energy) * moment**2 * HBAR_C**2


def grid() -> tuple[np.ndarray, np.ndarray]:
    largest = 2.0 * ENERGIES**2 / (2.0 * ENERGIES + M)
    return ENERGIES[:, None], largest[:, None] * RECOIL_FRACTIONS


def test_dirac_moment_is_equation_1():
    # Gaussian e² = α and μ_B = e/(2 m_e), so that 3eG_F m/(8√2π²) = 3 G_F m_e m/(4√2π²) μ_B.
    for mass_ev in (0.0, 1e-2, 1.0, 50.0):
        expected = 3.0 * G_F * M * 1e-3 * mass_ev / (4.0 * math.sqrt(2.0) * math.pi**2)
        assert_allclose(standard_model_dirac_moment(mass_ev), expected, rtol=SAME)


@pytest.mark.parametrize("mass", [M, 72.63 * ATOMIC_MASS])
def test_recoil_angle_is_equation_3_and_momentum_conservation(mass):
    for energy in (5.0, 300.0, 5e4):
        for fraction in (1e-6, 0.01, 0.5, 0.9):
            recoil = fraction * 2.0 * energy**2 / (2.0 * energy + mass)
            printed = (energy + mass) / energy * math.sqrt(recoil / (recoil + 2.0 * mass))
            momentum = math.sqrt(recoil**2 + 2.0 * mass * recoil)
            # |k − p|² = (E − T)², without the cancellation of E² against (E − T)²
            conserved = (momentum**2 + 2.0 * energy * recoil - recoil**2) / (2.0 * energy * momentum)
            assert_allclose(cos_recoil_angle(energy, recoil, mass), printed, rtol=SAME)
            assert_allclose(cos_recoil_angle(energy, recoil, mass), conserved, rtol=SAME)


@pytest.mark.parametrize("mass", [M, 72.63 * ATOMIC_MASS])
def test_recoil_limit_4_is_where_the_angle_3_reaches_zero(mass):
    for energy in (5.0, 300.0, 5e4):
        largest = float(maximum_recoil_kev(np.array(energy), mass))

        def excess(recoil: float, energy: float = energy) -> float:
            return (energy + mass) / energy * math.sqrt(recoil / (recoil + 2.0 * mass)) - 1.0

        assert_allclose(largest, brentq(excess, 0.5 * largest, 2.0 * largest, rtol=1e-15), rtol=SAME)
        assert_allclose(cos_recoil_angle(energy, largest, mass), 1.0, rtol=SAME)
        assert_allclose(minimum_energy_kev(np.array(largest), mass), energy, rtol=SAME)


@pytest.mark.parametrize("sin2", [None, 0.2312])
def test_couplings_are_equation_7(sin2):
    tree = couplings("tree", sin2)
    for index, flavour in enumerate(("e", "mu", "tau")):
        g_v, g_a = couplings_7(flavour, 0.23857 if sin2 is None else sin2)
        assert_allclose((tree.vector[index], tree.axial[index]), (g_v, g_a), rtol=SAME)
    assert tree.charge_radius_cm2 == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_weak_cross_section_is_equation_6(flavour):
    energy, recoil = grid()
    g_v, g_a = couplings_7(flavour, 0.23857)
    found = ionization(HYDROGEN, "free").cross_section(Neutrino(), energy, recoil, flavour)
    # Electron antineutrinos at E = m_e/(4 sin²θ_W) and full recoil: (6) vanishes, its terms do not.
    terms = weak_6(energy, 0.0, g_v, g_a)
    assert_allclose(found.weak, weak_6(energy, recoil, g_v, g_a), rtol=SAME, atol=1e-14 * terms.max())
    assert_array_equal(found.charge, 0.0)
    assert_array_equal(found.magnetic, 0.0)


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_magnetic_cross_section_is_equation_8(flavour, moment):
    energy, recoil = grid()
    neutrino = Neutrino(magnetic_moment=moment)
    found = ionization(HYDROGEN, "free").cross_section(neutrino, energy, recoil, flavour)
    assert_allclose(found.magnetic, magnetic_8(energy, recoil, moment), rtol=SAME)
    assert_allclose(found.total, found.weak + found.magnetic, rtol=SAME)


@pytest.mark.parametrize("energy", [5.0, 300.0, 5e4])
def test_beyond_the_recoil_limit_there_is_exactly_nothing(energy):
    limit = float(maximum_recoil_kev(np.array(energy)))
    neutrino = Neutrino(magnetic_moment=1e-10, charge=1e-12, charge_radius_cm2=1e-32)
    recoil = np.array([limit, np.nextafter(limit, np.inf), 1.01 * limit, 100.0 * limit])
    found = ionization(HYDROGEN, "free").cross_section(neutrino, energy, recoil)
    for part in (found.weak, found.charge, found.magnetic, found.total):
        assert part[0] != 0.0
        assert_array_equal(part[1:], 0.0)


@pytest.mark.parametrize(("formula", "electrons"), [("Ge", 32), ("Xe", 54)])
def test_stepping_is_equations_10_and_11_at_every_edge(formula, electrons):
    target, energy = Target(formula), 2000.0
    stepping = ionization(target, "stepping")
    shells = [(shell.edge_kev, count) for _, shell, count in target.subshells]
    edges = sorted({edge for edge, _ in shells})
    assert list(stepping.thresholds_kev) == edges
    for edge in edges:
        for recoil in (np.nextafter(edge, 0.0), edge, np.nextafter(edge, np.inf)):
            open_electrons = sum(count for threshold, count in shells if recoil >= threshold)
            expected = open_electrons * free_electron(np.array(energy), np.array(recoil))
            assert_allclose(stepping.evaluate(np.array(energy), np.array(recoil)), expected, rtol=SAME)
    above_all = np.array(2.0 * edges[-1])
    assert_allclose(
        stepping.evaluate(np.array(energy), above_all),
        electrons * free_electron(np.array(energy), above_all),
        rtol=SAME,
    )
    below_all = np.array(0.5 * edges[0])
    assert_array_equal(stepping.evaluate(np.array(energy), below_all), 0.0)


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_electron_crossover_is_equation_9(moment):
    printed = math.pi**2 * ALPHA**2 / (G_F**2 * M**3) * moment**2
    crossover = electron_crossover_kev(moment)
    assert_allclose(crossover, printed, rtol=SAME)
    # Equal to the order-of-magnitude weak cross section G_F² m_e/π; g_V² + g_A² is what that leaves out.
    energy = 1e9 * crossover
    found = ionization(HYDROGEN, "free")
    for flavour in FLAVOURS:
        g_v, g_a = couplings_7(flavour, 0.23857)
        parts = found.cross_section(Neutrino(magnetic_moment=moment), energy, crossover, flavour)
        ratio = float(parts.magnetic / parts.weak)
        assert 0.5 < ratio < 5.0
        assert_allclose(ratio * (g_v**2 + g_a**2), 1.0, rtol=1e-8)


@pytest.mark.parametrize(("protons", "neutrons", "mass_u"), [(32, 42, 73.921), (54, 78, 131.904)])
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_nucleus_crossover_is_equation_16(protons, neutrons, mass_u, moment):
    mass, sin2 = mass_u * ATOMIC_MASS, 0.23857
    weak_charge = 0.5 * (protons * (1.0 - 4.0 * sin2) - neutrons)
    crossover = nucleus_crossover_kev(moment, mass, protons, weak_charge)
    scale = math.pi**2 * ALPHA**2 / (G_F**2 * mass * M**2)
    assert_allclose(crossover, scale * (protons / weak_charge) ** 2 * moment**2, rtol=SAME)
    # (15) equals (14) there, for neutrinos of high energy.
    magnetic_15 = math.pi * ALPHA**2 / M**2 * moment**2 * protons**2 / crossover
    weak_14 = G_F**2 / math.pi * mass * weak_charge**2
    assert_allclose(magnetic_15, weak_14, rtol=SAME)
    # "by orders of magnitude smaller" than (9)
    assert crossover < 1e-4 * electron_crossover_kev(moment)


@pytest.mark.parametrize(("formula", "charge"), [("Ge", 32), ("Xe", 54)])
def test_reach_of_the_atomic_recoil_is_the_estimate_after_11(formula, charge):
    mass = Target(formula).mass_u * ATOMIC_MASS
    printed = 2.0 * charge ** (4.0 / 3.0) * ALPHA**2 * M * M / mass
    # E_h and α²m_e of one edition agree to 1e-11.
    assert_allclose(atomic_recoil_kev(Target(formula))[formula], printed, rtol=1e-10)
