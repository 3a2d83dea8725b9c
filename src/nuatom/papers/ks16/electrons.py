"""Sections 1 and 2 of :cite:`KS16`: moments, free electrons, and electrons of atoms."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from scipy.interpolate import CubicSpline

from nuatom.atoms import Target, ground_state, linear_response
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
from nuatom.papers.entry import Finding, claim, formula, value
from nuatom.papers.helicity import on_electron
from nuatom.papers.ks16.figures import GEMMA
from nuatom.papers.ks16.stepping import BINS_KEV, bin_averages
from nuatom.processes import atomic_recoil_kev, ionization
from nuatom.processes.kinematics import (
    cos_recoil_angle,
    electron_crossover_kev,
    maximum_recoil_kev,
)

__all__ = ["electron_findings"]

_SIN2: Final = couplings().sin2_theta_w

# A solar, a reactor's and an accelerator's energy, and recoils from deep inside to the kinematic limit.
_ENERGY_KEV: Final = np.array([[300.0], [REACTOR_KEV], [3e4]])
_FRACTION: Final = np.array([1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999])
# What "adequately" is taken for: the difference that an experiment with 5% of flux uncertainty sees.
_ADEQUATE: Final = 0.05


def electron_findings() -> dict[str, Finding]:
    """Equations (1) to (11), and the recoil of the atom."""
    return {
        **_moments(),
        **_free_electrons(),
        **_incoherent(),
        **_crossover(),
        **_bound_electrons(),
        **_stepping(),
        **_correlation(),
        **_atomic_recoil(),
    }


def _moments() -> dict[str, Finding]:
    mass_ev = 1.0
    # Gaussian e: the Bohr magneton e/2m_e takes it away again.
    printed = 3 * FERMI_PER_KEV2 * mass_ev * 1e-3 / (8 * math.sqrt(2) * math.pi**2) * 2 * ELECTRON_MASS_KEV
    dirac = standard_model_dirac_moment(mass_ev)
    return {
        "dirac-moment": value(dirac),
        "dirac-formula": formula(printed, dirac),
        "dirac-small": claim(dirac / GEMMA, dirac < 1e-6 * GEMMA),
        "limits": claim(GEMMA / RED_GIANTS, GEMMA > RED_GIANTS),
    }


def _free_electrons() -> dict[str, Finding]:
    energy = _ENERGY_KEV
    limit = 2 * energy**2 / (2 * energy + ELECTRON_MASS_KEV)
    recoil = limit * _FRACTION
    hydrogen, neutrino = ionization(Target("H"), "free"), Neutrino(magnetic_moment=GEMMA)
    flip = parameter("magnetic-moment:emu").set(Neutrino(), GEMMA)
    alike = hydrogen.cross_section(flip, energy, recoil).magnetic
    found = {flavour: hydrogen.cross_section(neutrino, energy, recoil, flavour) for flavour in _SIGNS}
    printed_angle = (energy + ELECTRON_MASS_KEV) / energy * (recoil / (recoil + 2 * ELECTRON_MASS_KEV)) ** 0.5
    electron, tree = found["e"], couplings()
    magnetic = (
        math.pi * FINE_STRUCTURE**2 / ELECTRON_MASS_KEV**2 * (1 / recoil - 1 / energy)
        * GEMMA**2 * CM2_PER_INVERSE_KEV2
    )  # fmt: skip
    powers = (
        power_of_recoil(lambda t: hydrogen.cross_section(neutrino, HIGH_KEV, t).magnetic),
        power_of_recoil(lambda t: hydrogen.cross_section(neutrino, HIGH_KEV, t).weak),
    )
    return {
        "flavour-change": claim(
            float(np.min(alike / electron.magnetic)),
            bool(np.allclose(alike, electron.magnetic, rtol=1e-12, atol=0.0)),
        ),
        "angle": formula(printed_angle, np.vectorize(cos_recoil_angle)(energy, recoil)),
        "largest-recoil": formula(limit, maximum_recoil_kev(energy)),
        **{
            f"weak-{flavour}": formula(_weak_6(energy, recoil, *_couplings_7(flavour)), found[flavour].weak)
            for flavour in _SIGNS
        },
        "vector": formula([2 * _SIN2 + half for half in (0.5, -0.5, -0.5)], tree.vector),
        "axial": formula([0.5, -0.5, -0.5], tree.axial),
        "magnetic": formula(magnetic, electron.magnetic),
        "power-magnetic": claim(powers[0], abs(powers[0] + 1) < 1e-6),
        "power-weak": claim(powers[1], abs(powers[1]) < 1e-6),
    }


def _incoherent() -> dict[str, Finding]:
    """(5) from amplitudes between helicities, and the package's cross section beside it."""
    free = ionization(Target("H"), "free")
    both, sums, totals = [], [], []
    for energy, recoil in ((300.0, 5.0), (REACTOR_KEV, 20.0), (REACTOR_KEV, 1500.0)):
        # A moment that makes both parts alike shows interference best.
        parts = free.cross_section(Neutrino(magnetic_moment=GEMMA), energy, recoil)
        moment = GEMMA * math.sqrt(float(parts.weak / parts.magnetic))
        found = on_electron(energy, recoil, *_couplings_7("e"), magnetic_moment=moment)
        both.append(found.common)
        sums.append(found.cross_section)
        totals.append(float(free.cross_section(Neutrino(magnetic_moment=moment), energy, recoil).total))
    return {
        "no-common-state": claim(max(both), max(both) < 1e-12),
        "incoherent-sum": formula(sums, totals),
    }


def _crossover() -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for name, moment in (("laboratory", GEMMA), ("stars", RED_GIANTS)):
        printed = math.pi**2 * FINE_STRUCTURE**2 / (FERMI_PER_KEV2**2 * ELECTRON_MASS_KEV**3) * moment**2
        found[f"crossover-{name}"] = formula(printed, electron_crossover_kev(moment))
    crossover = electron_crossover_kev(GEMMA)
    hydrogen = ionization(Target("H"), "free")
    for flavour in _SIGNS:
        parts = hydrogen.cross_section(Neutrino(magnetic_moment=GEMMA), HIGH_KEV, crossover, flavour)
        ratio = float(parts.magnetic / parts.weak)
        g_v, g_a = _couplings_7(flavour)
        found[f"crossover-{flavour}"] = claim(
            ratio, 0.5 < ratio < 5.0, inverse=1 / (g_v**2 + g_a**2), exact=ratio * crossover
        )
    return found


def _bound_electrons() -> dict[str, Finding]:
    germanium = Target("Ge")
    edges = {shell.label: shell.edge_kev for _, shell, _ in germanium.subshells}
    shells = [(shell.edge_kev, count) for _, shell, count in germanium.subshells]
    recoil = np.sort(np.ravel([[0.999 * edge, 1.001 * edge] for edge, _ in shells]))
    opened = np.array([sum(count for edge, count in shells if t > edge) for t in recoil])
    neutrino = Neutrino(magnetic_moment=GEMMA)
    one = ionization(Target("H"), "free").cross_section(neutrino, REACTOR_KEV, recoil, "anti-e")
    bound = ionization(germanium, "stepping").cross_section(neutrino, REACTOR_KEV, recoil, "anti-e")
    near = sum(count for edge, count in shells if edge > 1.0)
    return {
        "k-alpha": value(edges["1s1/2"] - edges["2p3/2"]),
        "bound-electrons": claim(near, near > 0),
        "stepping-weak": formula(one.weak * opened, bound.weak),
        "stepping-magnetic": formula(one.magnetic * opened, bound.magnetic),
    }


def _stepping() -> dict[str, Finding]:
    averages, found = bin_averages("Ge"), {}
    above_edge = Target("Ge").subshells[3][1].edge_kev
    window = bin_averages("Ge", (above_edge, above_edge + 0.01))
    for part in ("weak", "magnetic"):
        high, high_from, high_to = averages.furthest(part, 1.0, BINS_KEV[-1])
        low, low_from, low_to = averages.furthest(part, BINS_KEV[0], 1.0)
        found[f"adequate-{part}"] = claim(
            high, abs(high) < _ADEQUATE, low=high_from, high=high_to,
            edge=100 * float(getattr(window, part)[0] - 1.0),
        )  # fmt: skip
        ratio = 100 * (getattr(averages, part) - 1.0)
        found[f"below-{part}"] = claim(
            low, abs(low) < _ADEQUATE, low=low_from, high=low_to,
            from_200=float(ratio[2]), from_300=float(ratio[3]), from_500=float(ratio[4]),
        )  # fmt: skip
    return found


def _correlation() -> dict[str, Finding]:
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
    return {
        "suppression": claim(near, near < 0.8),
        "by-correlation": claim(near / near_alone, near < 0.9 * near_alone, alone=near_alone),
        "close-only": claim(far, far > 0.9, alone=far_alone),
    }


def _over_squares(momentum: FloatArray, values: FloatArray) -> float:
    """∫ f dQ/Q."""
    logarithm = np.log(momentum)
    return float(CubicSpline(logarithm, values).integrate(logarithm[0], logarithm[-1]))


def _atomic_recoil() -> dict[str, Finding]:
    germanium = Target("Ge")
    # The whole atom recoils: M_N holds its electrons, 0.02% of it.
    mass = germanium.mass_u * ATOMIC_MASS_KEV
    reach_ev = 1e3 * atomic_recoil_kev(germanium)["Ge"]
    hartree = FINE_STRUCTURE**2 * ELECTRON_MASS_KEV
    return {
        "recoil-formula": formula(1e3 * 2 * 32 ** (4 / 3) * hartree * ELECTRON_MASS_KEV / mass, reach_ev),
        "hartree": value(1e3 * HARTREE_KEV),
        "hartree-formula": formula(hartree, HARTREE_KEV),
        "recoil-reach": value(reach_ev),
        "recoil-insignificant": claim(1e-3 * reach_ev, 1e-3 * reach_ev < 1e-3),
    }


_SIGNS: Final = {"e": (1, 1), "mu": (-1, -1), "anti-e": (1, -1), "anti-mu": (-1, 1)}
"""Signs of ½ in g_V and g_A of (7), antineutrinos with the opposite g_A."""


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
