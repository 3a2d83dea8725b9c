"""Sections 1 and 2 of :cite:`KS16`: moments, free electrons, and electrons of atoms."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from scipy.interpolate import CubicSpline

from nuatom.atoms import Target
from nuatom.atoms.correlated.linear_response import linear_response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.constants import (
    ATOMIC_MASS_KEV,
    CM2_PER_INVERSE_KEV2,
    ELECTRON_MASS_KEV,
    FERMI_PER_KEV2,
    FINE_STRUCTURE,
    HARTREE_KEV,
)
from nuatom.neutrinos import Neutrino, couplings, parameter, standard_model_dirac_moment
from nuatom.numerics.quadrature import FloatArray
from nuatom.papers.common import HIGH_KEV, REACTOR_KEV, RED_GIANTS, power_of_recoil
from nuatom.papers.entry import Entry, formula, number, statement
from nuatom.papers.ks16.figures import GEMMA
from nuatom.processes import atomic_recoil_kev, ionization
from nuatom.processes.kinematics import (
    cos_recoil_angle,
    electron_crossover_kev,
    maximum_recoil_kev,
)

__all__ = ["electron_entries"]

_SIN2: Final = couplings().sin2_theta_w
_SUB_KEV: Final = (
    "Good above 1 keV. Below, the strength of a subshell, of 3d above all, rises gradually, and the "
    "calculated thresholds of 3s and 3p lie 20 eV above the measured edges that stepping uses."
)

# A solar, a reactor's and an accelerator's energy, and recoils from deep inside to the kinematic limit.
_ENERGY_KEV: Final = np.array([[300.0], [REACTOR_KEV], [3e4]])
_FRACTION: Final = np.array([1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999])


def electron_entries() -> list[Entry]:
    """Equations (1) to (11), and the recoil of the atom."""
    return [*_moments(), *_free_electrons(), *_bound_electrons()]


def _moments() -> list[Entry]:
    mass_ev = 1.0
    # Gaussian e: the Bohr magneton e/2m_e takes it away again.
    printed = 3 * FERMI_PER_KEV2 * mass_ev * 1e-3 / (8 * math.sqrt(2) * math.pi**2) * 2 * ELECTRON_MASS_KEV
    dirac = standard_model_dirac_moment(mass_ev)
    return [
        number("(1)", "moment of a Dirac neutrino of 1 eV", "3.2e-19", dirac, "mu_B"),
        formula("(1)", "3eG_F m/(8√2π²), m = 1 eV", printed, dirac, "mu_B"),
        statement(
            "after (1)", "moment of a neutrino of 1 eV over the laboratory limit 2.9e-11 mu_B",
            "very small", dirac / GEMMA, dirac < 1e-6 * GEMMA,
            note="Both limits, 2.9e-11 and 3e-12 μ_B, are other works' results; they return in (9) and (16).",
        ),
        statement(
            "after (1)", "laboratory limit 2.9e-11 over astrophysical limit 3e-12 mu_B",
            "the best astrophysical limit is lower", GEMMA / RED_GIANTS, GEMMA > RED_GIANTS,
        ),
    ]  # fmt: skip


def _free_electrons() -> list[Entry]:
    energy = _ENERGY_KEV
    limit = 2 * energy**2 / (2 * energy + ELECTRON_MASS_KEV)
    recoil = limit * _FRACTION
    hydrogen, neutrino = ionization(Target("H"), "free"), Neutrino(magnetic_moment=GEMMA)
    flip = parameter("magnetic-moment:emu").set(Neutrino(), GEMMA)
    alike = hydrogen.cross_section(flip, energy, recoil).magnetic
    found = {flavour: hydrogen.cross_section(neutrino, energy, recoil, flavour) for flavour in _SIGNS}
    angles = np.vectorize(cos_recoil_angle)(energy, recoil)
    printed_angle = (energy + ELECTRON_MASS_KEV) / energy * (recoil / (recoil + 2 * ELECTRON_MASS_KEV)) ** 0.5
    electron = found["e"]
    entries = [
        statement(
            "(2)",
            "scattering by a moment that turns ν_e to ν_μ over that by a diagonal one",
            "ℓ' can be different from ℓ",
            float(np.min(alike / electron.magnetic)),
            bool(np.allclose(alike, electron.magnetic, rtol=1e-12, atol=0.0)),
            note="Final flavours are not observed, so that moments add as Σ|μ_ℓ'ℓ|².",
        ),
        formula("(3)", "cos χ", printed_angle, angles),
        formula("(4)", "largest recoil", limit, maximum_recoil_kev(energy), "keV"),
        formula("(5)", "weak + magnetic", electron.weak + electron.magnetic, electron.total, "cm²/keV"),
    ]
    entries += [
        formula("(6)", f"weak dσ/dT of {name}", _weak_6(energy, recoil, *_couplings_7(flavour)),
                found[flavour].weak, "cm²/keV")
        for flavour, name in _NAMES.items()
    ]  # fmt: skip
    tree = couplings()
    entries += [
        formula("(7)", "g_V of ν_e, ν_μ, ν_τ", [2 * _SIN2 + half for half in (0.5, -0.5, -0.5)], tree.vector),
        formula("(7)", "g_A of ν_e, ν_μ, ν_τ", [0.5, -0.5, -0.5], tree.axial),
    ]  # fmt: skip
    magnetic = (
        math.pi * FINE_STRUCTURE**2 / ELECTRON_MASS_KEV**2 * (1 / recoil - 1 / energy)
        * GEMMA**2 * CM2_PER_INVERSE_KEV2
    )  # fmt: skip
    powers = (
        power_of_recoil(lambda t: hydrogen.cross_section(neutrino, HIGH_KEV, t).magnetic),
        power_of_recoil(lambda t: hydrogen.cross_section(neutrino, HIGH_KEV, t).weak),
    )
    entries += [
        formula("(8)", "magnetic dσ/dT, μ = 2.9e-11 μ_B", magnetic, electron.magnetic, "cm²/keV"),
        statement("after (8)", "power of T of the magnetic part, T ≪ E", "-1", powers[0],
                  abs(powers[0] + 1) < 1e-6),
        statement("after (8)", "power of T of the weak part, T ≪ E", "0", powers[1],
                  abs(powers[1]) < 1e-6),
    ]  # fmt: skip
    return [*entries, *_electron_crossover()]


def _electron_crossover() -> list[Entry]:
    entries = []
    for moment, whose in ((GEMMA, "2.9e-11"), (RED_GIANTS, "3e-12")):
        printed = math.pi**2 * FINE_STRUCTURE**2 / (FERMI_PER_KEV2**2 * ELECTRON_MASS_KEV**3) * moment**2
        entries.append(
            formula("(9)", f"crossover on electrons, μ = {whose} μ_B", printed,
                    electron_crossover_kev(moment), "keV")
        )  # fmt: skip
    crossover = electron_crossover_kev(GEMMA)
    hydrogen = ionization(Target("H"), "free")
    for flavour, name in _NAMES.items():
        parts = hydrogen.cross_section(Neutrino(magnetic_moment=GEMMA), HIGH_KEV, crossover, flavour)
        ratio = float(parts.magnetic / parts.weak)
        g_v, g_a = _couplings_7(flavour)
        entries.append(
            statement(
                "(9)", f"magnetic over weak at the crossover, {name}", "1 (≲)", ratio, 0.5 < ratio < 5.0,
                note=f"An estimate of order: (9) leaves out 1/(g_V² + g_A²) = {1 / (g_v**2 + g_a**2):.3f}, "
                f"with which the crossover at high energy is {ratio * crossover:.1f} keV.",
            )
        )  # fmt: skip
    return entries


def _bound_electrons() -> list[Entry]:
    germanium = Target("Ge")
    edges = {shell.label: shell.edge_kev for _, shell, _ in germanium.subshells}
    shells = [(shell.edge_kev, count) for _, shell, count in germanium.subshells]
    recoil = np.sort(np.ravel([[0.999 * edge, 1.001 * edge] for edge, _ in shells]))
    opened = np.array([sum(count for edge, count in shells if t > edge) for t in recoil])
    neutrino = Neutrino(magnetic_moment=GEMMA)
    one = ionization(Target("H"), "free").cross_section(neutrino, REACTOR_KEV, recoil, "anti-e")
    bound = ionization(germanium, "stepping").cross_section(neutrino, REACTOR_KEV, recoil, "anti-e")
    near = sum(count for edge, count in shells if edge > 1.0)
    step_note = "Left side read as that of the atom; below and above every edge of germanium."
    above, below = np.geomspace(1.5, 50.0, 60), np.geomspace(0.1, 1.0, 60)
    entries = [
        number("after (9)", "germanium's K_α line", "9.89", edges["1s1/2"] - edges["2p3/2"], "keV"),
        statement("after (9)", "electrons of germanium bound by more than 1 keV", "some", near, near > 0),
        formula("(10)", "weak, stepping", one.weak * opened, bound.weak, "cm²/keV", note=step_note),
        formula("(11)", "magnetic, stepping", one.magnetic * opened, bound.magnetic, "cm²/keV",
                note=step_note),
        statement(
            "(10), (11)", "electrons Σ n_j that the equations count well above all edges",
            "FE on both sides", float(opened[-1]), False, disagreement="erratum",
            note="With the superscript of free electrons on both sides the equations would say Σ n_j θ = 1. "
            "The left sides are the cross sections of the atom.",
        ),
    ]  # fmt: skip
    for part in ("weak", "magnetic"):
        worst = [_ipm_over_stepping(part, "Ge", t) for t in (above, below)]
        entries += [
            statement("after (11)", f"largest |ab initio/stepping − 1|, germanium, 1.5–50 keV, {part}",
                      "adequately described", worst[0], worst[0] < 0.05,
                      note="Independent particles: Dirac-Fock orbitals, all multipoles."),
            statement("after (11)", f"the same, 0.1–1 keV, {part}", "adequately described", worst[1],
                      worst[1] < 0.05, disagreement="corrected", note=_SUB_KEV),
        ]  # fmt: skip
    return [*entries, *_correlation(), *_atomic_recoil()]


def _correlation() -> list[Entry]:
    state = ground_state(2)
    threshold = -state.orbitals[0].energy
    momentum = np.geomspace(0.02, 12.0, 40)
    factors = []
    for above_ev in (1.0, 40.0):
        transfer = threshold + 1e-3 * above_ev / HARTREE_KEV
        found = linear_response(state, [transfer], momentum, range(7))
        # The moment's cross section over that of one free electron, for E ≫ T and Q ≫ T.
        factors += [
            transfer * _over_squares(momentum, 2.0 * strength[0].sum(axis=0)[0])
            for strength in (found.correlated, found.independent)
        ]
    near, near_alone, far, far_alone = (factor / 2.0 for factor in factors)
    return [
        statement("after (11)", "T ∫S dQ²/Q² with correlation over stepping, helium, 1 eV above threshold",
                  "suppression", near, near < 0.8, note="Relativistic random-phase approximation."),
        statement("after (11)", "the same over independent electrons", "suppressed by correlation",
                  near / near_alone, near < 0.9 * near_alone,
                  note=f"Independent electrons are themselves at {near_alone:.2f} of stepping."),
        statement("after (11)", "the same over stepping, 40 eV above threshold", "close to threshold only",
                  far, far > 0.9, note=f"Independent electrons: {far_alone:.2f}."),
    ]  # fmt: skip


def _over_squares(momentum: FloatArray, values: FloatArray) -> float:
    """∫ f dQ/Q."""
    logarithm = np.log(momentum)
    return float(CubicSpline(logarithm, values).integrate(logarithm[0], logarithm[-1]))


def _ipm_over_stepping(part: str, symbol: str, recoil: FloatArray) -> float:
    target, neutrino = Target(symbol), Neutrino(magnetic_moment=GEMMA)
    full, step = (
        getattr(ionization(target, model).cross_section(neutrino, REACTOR_KEV, recoil, "anti-e"), part)
        for model in ("ipm", "stepping")
    )
    return float(np.max(np.abs(full / step - 1.0)))


def _atomic_recoil() -> list[Entry]:
    germanium = Target("Ge")
    # The whole atom recoils: M_N holds its electrons, 0.02% of it.
    mass = germanium.mass_u * ATOMIC_MASS_KEV
    reach_ev = 1e3 * atomic_recoil_kev(germanium)["Ge"]
    hartree = FINE_STRUCTURE**2 * ELECTRON_MASS_KEV
    printed = 1e3 * 2 * 32 ** (4 / 3) * hartree * ELECTRON_MASS_KEV / mass
    return [
        number("after (11)", "Hartree energy", "27.2", 1e3 * HARTREE_KEV, "eV"),
        formula("after (11)", "E_h = α²m_e", hartree, HARTREE_KEV, "keV"),
        formula("after (11)", "2Z^(4/3) E_h m_e/M_N, germanium", printed, reach_ev, "eV"),
        number("after (11)", "where recoil matters above a threshold, germanium", "0.04", reach_ev, "eV"),
        statement("after (11)", "the same over a threshold of 1 keV", "insignificant", 1e-3 * reach_ev,
                  1e-3 * reach_ev < 1e-3),
    ]  # fmt: skip


_SIGNS: Final = {"e": (1, 1), "mu": (-1, -1), "anti-e": (1, -1), "anti-mu": (-1, 1)}
"""Signs of ½ in g_V and g_A of (7), antineutrinos with the opposite g_A."""

_NAMES: Final = {"e": "ν_e", "mu": "ν_μ", "anti-e": "ν̄_e", "anti-mu": "ν̄_μ"}


def _couplings_7(flavour: str) -> tuple[float, float]:
    vector, axial = _SIGNS[flavour]
    return 2 * _SIN2 + vector * 0.5, axial * 0.5


def _weak_6(energy: FloatArray, recoil: FloatArray, g_v: float, g_a: float) -> FloatArray:
    bracket = (
        (g_v + g_a) ** 2
        + (g_v - g_a) ** 2 * (1 - recoil / energy) ** 2
        + (g_a**2 - g_v**2) * ELECTRON_MASS_KEV * recoil / energy**2
    )
    result: FloatArray = (
        FERMI_PER_KEV2**2 * ELECTRON_MASS_KEV / (2 * math.pi) * bracket * CM2_PER_INVERSE_KEV2
    )
    return result
