"""Coherent kernels against amplitudes with explicit spinors on a scalar target, signs included.

Nothing is shared with the closed forms: neutrino spinors, the photon's propagator, and the current p + p' of
a particle of spin zero with weak charges and electric charge.
"""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nuatom import Neutrino, Target, couplings
from nuatom.constants import (
    CM2_PER_INVERSE_KEV2,
    ELECTRON_MASS_KEV,
    FERMI_PER_KEV2,
    FINE_STRUCTURE,
)
from nuatom.neutrinos import flavour_state
from nuatom.processes import coherent
from nuatom.processes.nucleus import NUCLEUS, coherent_factors, nucleus_mass_kev

E2 = 4.0 * math.pi * FINE_STRUCTURE
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
ZERO, ONE = np.zeros((2, 2)), np.eye(2)
GAMMA = np.array([np.block([[ONE, ZERO], [ZERO, -ONE]]), *(np.block([[ZERO, s], [-s, ZERO]]) for s in PAULI)])
GAMMA5 = np.block([[ZERO, ONE], [ONE, ZERO]])
LEFT = 0.5 * (np.eye(4) - GAMMA5)
SIGMA = 0.5j * (np.einsum("aij,bjk->abik", GAMMA, GAMMA) - np.einsum("bij,ajk->abik", GAMMA, GAMMA))
# Products of a few dozen numbers in double precision, with cancellations of the helicity projections.
ROUNDING = 1e-10


def spinors(momentum):
    """Both spinors with u†u = 2E of a massless particle."""
    root = math.sqrt(momentum[0])
    turned = np.einsum("i,iab->ab", momentum[1:], PAULI) / root
    return [np.concatenate([root * chi, turned @ chi]) for chi in ONE]


def lowered(vector):
    return METRIC @ vector


def cross_section(energy, recoil, mass, protons, neutrons, neutrino, flavour):
    """dσ/dT = Σ|M|²/(32π M E²) in cm²/keV, incoming neutrino left-handed, all that leaves summed."""
    transfer = math.sqrt(recoil**2 + 2.0 * mass * recoil)
    cosine = (energy**2 + transfer**2 - (energy - recoil) ** 2) / (2.0 * energy * transfer)
    sine = math.sqrt(1.0 - cosine**2)
    k = np.array([energy, 0.0, 0.0, energy])
    q = np.array([recoil, transfer * sine, 0.0, transfer * cosine])
    p = np.array([mass, 0.0, 0.0, 0.0])
    current = lowered(2.0 * p + q)
    q2 = q @ lowered(q)
    slashed = np.einsum("a,aij->ij", current, GAMMA)
    weak = neutrino.electroweak
    column = ("e", "mu", "tau").index(flavour)
    radius = neutrino.charge_radius_cm2 / CM2_PER_INVERSE_KEV2
    total = 0.0
    for out in range(3):
        flavoured = protons * weak.proton[out] + neutrons * weak.neutron if out == column else 0.0
        vector = -FERMI_PER_KEV2 / math.sqrt(2.0) * flavoured * slashed @ (np.eye(4) - GAMMA5)
        photon = E2 * protons / q2 * (neutrino.charge[out, column] + q2 / 6.0 * radius[out, column]) * slashed
        # μ_B = e/2m_e; the vertex −iμσ^{λν}q_ν on the target's current.
        moment = math.sqrt(E2) / (2.0 * ELECTRON_MASS_KEV) * neutrino.magnetic_moment[out, column]
        dipole = -1j * moment * np.einsum("abij,a,b->ij", SIGMA, current, lowered(q))
        amplitude = (vector + photon + math.sqrt(E2) * protons / q2 * dipole) @ LEFT
        for left in spinors(k - q):
            for right in spinors(k):
                total += abs(left.conj() @ GAMMA[0] @ amplitude @ right) ** 2
    return total / (32.0 * math.pi * mass * energy**2) * CM2_PER_INVERSE_KEV2


CASES = {
    "standard": {},
    "charge": {"charge": [[3e-8, 1e-8, 0], [1e-8, -2e-8, 0], [0, 0, 1e-8]]},
    "radius": {"charge_radius_cm2": [[2e-32, 1e-31, 0], [1e-31, -3e-32, 0], [0, 0, 1e-32]]},
    "moment": {"magnetic_moment": [[1e-9, 2e-9, 0], [3e-10, 1e-9, 0], [1e-9, 0, 0]]},
    "all": {
        "charge": [4e-8, -2e-8, 0],
        "charge_radius_cm2": [-5e-32, 4e-32, 0],
        "magnetic_moment": 1e-9,
    },
}


@pytest.mark.parametrize("scheme", ["tree", "radiative"])
@pytest.mark.parametrize("flavour", ["e", "mu"])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("energy", "recoil"), [(30e3, 5.0), (5e3, 0.1), (50e3, 20.0)])
def test_coherent_kernels_are_the_squared_amplitude(energy, recoil, case, flavour, scheme):
    caesium = Target("Cs")
    element = caesium.constituents[0][0]
    mass = nucleus_mass_kev(element, element.isotopes[0])
    neutrino = Neutrino(**CASES[case], electroweak=couplings(scheme))
    expected = cross_section(energy, recoil, mass, 55, 78, neutrino, flavour)
    found = coherent(caesium, "point").cross_section(neutrino, energy, recoil, flavour)
    assert_allclose(found.total, expected, rtol=ROUNDING)
    anti = coherent(caesium, "point").cross_section(neutrino, energy, recoil, f"anti-{flavour}")
    assert anti.total == found.total


def test_the_moment_never_interferes():
    xenon, energy, recoil = Target("Xe"), 10e3, np.array([0.1, 0.5, 1.0])
    without = coherent(xenon).cross_section(Neutrino(charge=1e-8), energy, recoil)
    for sign in (1.0, -1.0):
        both = coherent(xenon).cross_section(
            Neutrino(charge=1e-8, magnetic_moment=sign * 1e-9), energy, recoil
        )
        alone = coherent(xenon).cross_section(Neutrino(magnetic_moment=1e-9), energy, recoil)
        assert_allclose(both.total, without.total + alone.magnetic, rtol=1e-14)


def test_names_and_coefficients_agree_in_number():
    state, _ = flavour_state("e")
    assert NUCLEUS.coefficients(Neutrino(), state).shape == (len(NUCLEUS.names),)


def test_cross_section_grows_as_the_square_of_the_neutron_number():
    # Where sin²θ_W = 1/4 protons do not count, and at equal T/T_max nothing else depends on the nucleus
    # but its mass; T is so small that form factors are one.
    neutrino = Neutrino(electroweak=couplings("tree", 0.25))
    per_mass = []
    for formula, neutrons in (("F", 10), ("I", 74), ("Cs", 78), ("Au", 118)):
        target = Target(formula)
        element = target.constituents[0][0]
        mass = nucleus_mass_kev(element, element.isotopes[0])
        found = coherent(target).cross_section(neutrino, 1000.0, 1e-3 * 2e6 / (2e3 + mass)).weak
        per_mass.append(float(found) / mass / neutrons**2)
    assert_allclose(per_mass, per_mass[0], rtol=1e-4)  # form factors at Q ≈ 60 keV


def test_isotopes_add_with_their_abundances():
    germanium = Target("Ge")
    kernels = coherent(germanium, "point")
    energy, recoil = np.array(8e3), np.array(0.7)
    expected = np.zeros(7)
    element = germanium.constituents[0][0]
    for isotope in element.isotopes:
        mass = nucleus_mass_kev(element, isotope)
        weak, magnetic = coherent_factors(energy, recoil, mass)
        z, n, v = 32.0, isotope.mass_number - 32.0, 2.0 * mass * recoil
        row = [z * z, z * z / v, z * z / v**2, z * n, z * n / v, n * n]
        expected += isotope.abundance * np.array([*(weak * np.array(row)), z * z * magnetic])
    assert_allclose(kernels.evaluate(energy, recoil), expected, rtol=1e-13)
    assert len(kernels.parts) == len(element.isotopes) == 5
    compound = coherent(Target("CsI"), "point").evaluate(energy, recoil)
    alone = [coherent(Target(name), "point").evaluate(energy, recoil) for name in ("Cs", "I")]
    assert_allclose(compound, alone[0] + alone[1], rtol=1e-14)


def test_nothing_recoils_beyond_the_kinematic_limit():
    caesium = coherent(Target("Cs"))
    limit = float(caesium.maximum_recoil_kev(np.array(3e4)))
    neutrino = Neutrino(magnetic_moment=1e-10, charge=1e-9)
    assert caesium.cross_section(neutrino, 3e4, limit * (1.0 + 1e-9)).total == 0.0
    assert caesium.cross_section(neutrino, 3e4, limit * (1.0 - 1e-9)).magnetic > 0.0
