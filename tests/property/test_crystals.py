"""Valence electrons of silicon and germanium: what light measures, sum rules, the ridge of free electrons."""

import numpy as np
import pytest

from nuatom import Neutrino, Target
from nuatom.atoms import find_responses
from nuatom.constants import ELECTRON_MASS_KEV
from nuatom.media import medium_named
from nuatom.media.charged_particles import collisions_cm2_per_kev
from nuatom.media.mermin import fermi_momentum_kev, lindhard, mermin
from nuatom.processes import ionization
from nuatom.processes.ionization import ipm

CRYSTALS = ("silicon", "germanium")
WEAK, AXIAL = 0, 3


def matter(name):
    from nuatom.processes.matter import Matter, crystal_of

    medium = medium_named(name)
    (element, count), *_ = medium.target.constituents
    atom = Matter("atom", "table ends", find_responses(element.symbol, "ipm"), count)
    return crystal_of(medium.target, (atom,), medium)[0].responses


@pytest.mark.parametrize("momentum", [0.05, 0.5, 2.0, 8.0, 30.0])
def test_collisions_leave_an_electron_gas_its_f_sum(momentum):
    energy = np.geomspace(1e-6, 200.0, 20_000)
    loss = (-1.0 / (1.0 + mermin(energy, momentum, 0.0166, 0.003))).imag
    np.testing.assert_allclose(2.0 / np.pi / 0.0166**2 * np.trapezoid(energy * loss, energy), 1.0, rtol=1e-4)


def test_electron_gas_at_small_momenta_is_drudes_and_disperses_as_it_does():
    energy, plasma, width = np.array([0.002, 0.0166, 0.3]), 0.0166, 0.004
    # To (Qk_F/mT)².
    drude = -(plasma**2) / (energy * (energy + 1j * width))
    np.testing.assert_allclose(mermin(energy, 1e-3, plasma, width), drude, rtol=1e-5)
    # ω² = ω_p² + (3/5) v_F² Q², of the first order in Q².
    speed, momentum = fermi_momentum_kev(plasma) / ELECTRON_MASS_KEV, 0.05
    pole = np.sqrt(plasma**2 + 0.6 * (speed * momentum) ** 2)
    np.testing.assert_allclose(lindhard(pole, momentum, plasma).real, -1.0, atol=1e-6)


def test_static_screening_is_that_of_thomas_and_fermi():
    plasma, momentum = 0.0166, 1e-2
    speed = fermi_momentum_kev(plasma) / ELECTRON_MASS_KEV
    np.testing.assert_allclose(
        lindhard(0.0, momentum, plasma), 3.0 * (plasma / (speed * momentum)) ** 2, rtol=1e-5
    )


@pytest.mark.parametrize("name", CRYSTALS)
def test_loss_function_at_small_momenta_is_that_of_light(name):
    medium = medium_named(name)
    energy = np.array([0.002, 0.004, 0.01, 0.0165, 0.025])
    measured = (-1.0 / medium.dielectric.at(energy)).imag
    np.testing.assert_allclose(medium.valence.loss(energy, 0.03), measured, rtol=5e-3)
    # By Kramers and Kronig from the loss function alone; the core adds a constant far below its edges.
    below = energy[:4]
    np.testing.assert_allclose(
        medium.valence.absorption(below, 0.03), medium.dielectric.at(below).imag, rtol=0.03
    )


@pytest.mark.parametrize("name", CRYSTALS)
@pytest.mark.parametrize("momentum", [0.05, 1.0, 4.0, 12.0, 16.0])
def test_f_sum_of_valence_electrons_at_every_momentum(name, momentum):
    valence = medium_named(name).valence
    energy = np.hypot(np.geomspace(1e-5, 2.9, 4000), valence.gap_kev)
    moment = np.trapezoid(energy * valence.loss(energy, momentum), energy)
    np.testing.assert_allclose(2.0 / np.pi * moment / valence.plasma_energy_kev**2, 1.0, rtol=0.006)


def test_plasmon_of_silicon():
    silicon = medium_named("silicon")
    energy = np.linspace(0.01, 0.03, 2001)
    loss = silicon.valence.loss(energy, 0.02)
    above = energy[loss > 0.5 * loss.max()]
    np.testing.assert_allclose(1e3 * energy[loss.argmax()], 16.5, atol=0.3)
    np.testing.assert_allclose(1e3 * (above[-1] - above[0]), 3.9, atol=0.3)
    # ∫ Im(−1/ε) dT/T is 1 − 1/ε(0), 0.915 of the index 3.42 in the infrared.
    energy = np.geomspace(0.00113, 0.0989, 20_000)
    static = 2.0 / np.pi * np.trapezoid(silicon.valence.loss_of_light(energy) / energy, energy)
    np.testing.assert_allclose(static, 0.915, rtol=0.03)


@pytest.mark.parametrize("name", CRYSTALS)
def test_ridge_is_that_of_free_electrons(name):
    """Strength lies within Qk_F/m of Q²/2m, and its mean is there: the f-sum, when nothing screens."""
    valence = medium_named(name).valence
    momentum = 12.0
    energy = np.hypot(np.geomspace(1e-4, 2.0, 4000), valence.gap_kev)
    loss = valence.loss(energy, momentum)
    mean = np.trapezoid(energy * loss, energy) / np.trapezoid(loss, energy)
    np.testing.assert_allclose(mean, momentum**2 / (2.0 * ELECTRON_MASS_KEV), rtol=0.05)


@pytest.mark.parametrize(("name", "symbol", "first"), [("silicon", "Si", 0.17), ("germanium", "Ge", 0.15)])
def test_kernels_are_an_atoms_above_the_crystal(name, symbol, first):
    """From 170 eV in silicon, whose 2s shell opens 20 eV lower than calculated ones do."""
    recoil = np.geomspace(first, 1.0, 12)
    energy = np.full(recoil.size, 300.0)
    crystal = ipm(Target(symbol, "crystal")).evaluate(energy, recoil)
    atom = ipm(Target(symbol)).evaluate(energy, recoil)
    np.testing.assert_allclose(crystal[[WEAK, AXIAL, -1]], atom[[WEAK, AXIAL, -1]], rtol=0.1)
    np.testing.assert_allclose(
        crystal[:, recoil > 0.3][[WEAK, AXIAL, -1]], atom[:, recoil > 0.3][[WEAK, AXIAL, -1]], rtol=0.02
    )


@pytest.mark.parametrize(("name", "rtol"), [("silicon", 0.1), ("germanium", 0.2)])
def test_valence_electrons_are_an_atoms_where_both_describe_them(name, rtol):
    """Germanium's are guessed from 28.6 eV on, where those of its core begin; they are four of 32."""
    responses = matter(name)
    transfer = np.array([0.09, 0.15])
    momentum = np.linspace(1.0, 40.0, 800) * np.ones((2, 1))
    crystal = responses._valence(transfer, momentum)
    atom = responses.atoms[0].valence_on_momenta(transfer, momentum)
    for component in (0, 7):
        ratio = np.sum(momentum * crystal[component], axis=1) / np.sum(momentum * atom[component], axis=1)
        np.testing.assert_allclose(ratio, 1.0, rtol=rtol)


@pytest.mark.parametrize(("name", "electrons", "rtol"), [("silicon", 14.0, 0.02), ("germanium", 32.0, 0.05)])
def test_f_sum_of_all_electrons(name, electrons, rtol):
    """∫T R₀₀ dT = ZQ²/2m: the core's, with exchange and without states that others hold, is not exact."""
    responses = matter(name)
    momentum = 8.0
    edges = np.unique(responses.edges_kev)
    grid = [np.geomspace(a * (1.0 + 1e-6), b, 160) for a, b in zip(edges, [*edges[1:], 20.0], strict=True)]
    energy = np.concatenate(grid)
    energy = energy[energy < momentum]
    density = responses.on_momenta(energy, np.full((energy.size, 1), momentum))[0, :, 0]
    total = np.trapezoid(energy * density, energy) * 2.0 * ELECTRON_MASS_KEV / momentum**2
    np.testing.assert_allclose(total, electrons, rtol=rtol)


@pytest.mark.parametrize(("name", "symbol"), [("silicon", "Si"), ("germanium", "Ge")])
def test_a_charge_makes_cherenkov_light_and_plasmons(name, symbol):
    """By ε alone, without any momentum: 1.2 to 3 eV, where light is free, and at 16.5 eV."""
    charged = Neutrino(charge=1.0)
    kernels = ionization(Target(symbol, "crystal"), "ipm")
    recoil = 1e-3 * np.array([1.2, 1.5, 2.0, 2.5, 3.0, 16.5])
    found = kernels.cross_section(charged, energy_kev=3e3, recoil_kev=recoil).charge
    ratio = found / collisions_cm2_per_kev(medium_named(name), recoil)
    # The Coulomb part, a few per cent here, has the pairs that light does not make.
    np.testing.assert_allclose(ratio[:5], 1.05, atol=0.06)
    # Half of a plasmon's momenta are of those that have dispersed.
    np.testing.assert_allclose(ratio[5], 0.8, atol=0.1)
