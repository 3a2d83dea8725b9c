"""Whole atoms between their two limits: neutral at small momenta, bare nuclei at large ones."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nuatom import InputError, Neutrino, Target, couplings
from nuatom.atoms import element
from nuatom.constants import BOHR_RADIUS_CM, HBAR_C_KEV_CM
from nuatom.neutrinos import flavour_state
from nuatom.processes import PROCESSES, coherent, interaction, whole_atom
from nuatom.processes.atom import ATOM, orbital_form_factor
from nuatom.processes.nucleus import NUCLEUS

EVERYTHING = Neutrino(
    charge=[[3e-9, 1e-9, 0], [1e-9, -2e-9, 0], [0, 0, 1e-9]],
    charge_radius_cm2=[2e-32, -3e-32, 0],
    magnetic_moment=1e-10,
    electroweak=couplings("radiative"),
)


def no_electrons(_, momentum_kev):
    return np.zeros_like(momentum_kev)


@pytest.mark.parametrize("flavour", ["e", "mu", "anti-tau"])
def test_without_electrons_an_atom_is_its_nucleus(flavour):
    # Exactly but for the mass of the electrons, 1e-4 of M: pick a T far below T_max for the weak part, which
    # is then proportional to M.
    target, energy, recoil = Target("Cs"), 30e3, np.array([0.01, 0.1])
    atom = whole_atom(target, electron_form_factor=no_electrons).cross_section(
        EVERYTHING, energy, recoil, flavour
    )
    nucleus = coherent(target).cross_section(EVERYTHING, energy, recoil, flavour)
    mass = 132.905 * 931494.1
    assert_allclose(atom.total, nucleus.total, rtol=2 * 55 * 511.0 / mass)
    assert_allclose(atom.magnetic, nucleus.magnetic, rtol=1e-5)


@pytest.mark.parametrize("formula", ["He", "Ge", "Xe"])
def test_large_momenta_see_the_nucleus(formula):
    target = Target(formula)
    atom = whole_atom(target).cross_section(EVERYTHING, 30e3, 1.0)
    nucleus = coherent(target).cross_section(EVERYTHING, 30e3, 1.0)
    assert_allclose(atom.total, nucleus.total, rtol=1e-3)


@pytest.mark.parametrize("formula", ["He", "Ge", "Xe"])
def test_small_momenta_see_a_neutral_atom(formula):
    target = Target(formula)
    part = element(Target(formula).constituents[0][0].atomic_number)
    for flavour, axis in (("e", 0), ("mu", 1)):
        recoil = np.array([1e-14, 1e-13])  # Q of eV: far outside the atom
        found = whole_atom(target).cross_section(EVERYTHING, 30e3, recoil, flavour)
        weak = EVERYTHING.electroweak
        expected = 0.0
        for isotope in part.isotopes:
            z, n = part.atomic_number, isotope.mass_number - part.atomic_number
            total = z * weak.proton[axis] + n * weak.neutron + z * weak.vector[axis]
            expected += isotope.abundance * total**2 * isotope.mass_kev
        nucleus = coherent(target, "point").cross_section(Neutrino(), 30e3, recoil, flavour).weak
        tree = Neutrino().electroweak
        bare = sum(
            isotope.abundance
            * (z * tree.proton[0] + (isotope.mass_number - z) * tree.neutron) ** 2
            * (isotope.mass_kev - 511.0 * z)
            for isotope in part.isotopes
        )
        assert_allclose(found.weak / nucleus, expected / bare, rtol=1e-5)
        # A moment's 1/T turns into T: the atom's charge falls as Q².
        assert_allclose(found.magnetic[1] / found.magnetic[0], 10.0, rtol=1e-6)


def test_a_charge_is_screened_by_the_charge_radius_of_the_atom():
    # c = Z − F_e = Z Q²⟨r²⟩_atom/6: helium's ⟨r²⟩ per electron is 1.1848 in Hartree-Fock, 1.1935 exactly.
    momentum = np.array([0.2])
    missing = 2.0 - orbital_form_factor(element(2), momentum)
    per_electron = 6.0 * missing / 2.0 * (HBAR_C_KEV_CM / momentum / BOHR_RADIUS_CM) ** 2
    assert_allclose(per_electron, 1.1848, rtol=1e-3)


def test_electrons_join_the_weak_charge_of_electron_neutrinos_more():
    # g_V^e = ½ + 2s² against −½ + 2s²: on an atom at rest ν_e loses most of the neutrons' charge.
    found = {
        flavour: float(whole_atom(Target("He")).cross_section(Neutrino(), 1e3, 1e-13, flavour).weak)
        for flavour in ("e", "mu")
    }
    nucleus = float(coherent(Target("He")).cross_section(Neutrino(), 1e3, 1e-13).weak)
    s2 = Neutrino().electroweak.sin2_theta_w
    charge = 2 * (0.5 - 2 * s2) - 1.0
    assert_allclose(found["e"] / nucleus, ((charge + 2 * (0.5 + 2 * s2)) / charge) ** 2, rtol=5e-4)
    assert_allclose(found["mu"] / nucleus, ((charge + 2 * (2 * s2 - 0.5)) / charge) ** 2, rtol=5e-4)


def test_atomic_form_factor_counts_electrons_and_joins_smoothly():
    xenon = element(54)
    momentum = np.array([0.0, 0.4959, 0.4960, 0.4961, 5.0, 50.0, 500.0, 1e5])
    found = orbital_form_factor(xenon, momentum)
    assert found[0] == 54.0
    assert np.all(np.diff(found) <= 0.0)
    assert_allclose(found[1], found[3], rtol=1e-4)
    assert found[-1] < 1e-6


def test_algebras_have_a_coefficient_for_each_name():
    state, _ = flavour_state("e")
    for algebra in (NUCLEUS, ATOM):
        assert algebra.coefficients(EVERYTHING, state[None]).shape == (1, len(algebra.names))
        assert algebra.names[-1] == "MM"


def test_processes_by_name():
    for process, model in (("electron", "stepping"), ("nucleus", "helm"), ("atom", "helm")):
        assert interaction(Target("Xe"), process).model == model
        assert interaction(Target("Xe"), process).algebra == PROCESSES[process].algebra
    with pytest.raises(InputError, match="process"):
        interaction(Target("Xe"), "proton")
    with pytest.raises(InputError, match="model"):
        interaction(Target("Xe"), "atom", "stepping")
    with pytest.raises(InputError, match="model"):
        whole_atom(Target("Xe"), "gaussian")
