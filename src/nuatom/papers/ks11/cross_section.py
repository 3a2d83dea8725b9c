"""Equations (1) to (10) of :cite:`KS11`: longitudinal and transverse cross sections, and their responses."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from nuatom.atoms import (
    COMPONENTS,
    BoundShell,
    GroundState,
    Target,
    find_table,
    ground_state,
    ridge_kev,
    subshell_response,
    waves_of,
)
from nuatom.constants import CM2_PER_INVERSE_KEV2, ELECTRON_MASS_KEV, FINE_STRUCTURE
from nuatom.neutrinos import Neutrino, standard_model_dirac_moment
from nuatom.numerics.quadrature import FloatArray
from nuatom.papers.common import REACTOR_KEV, RED_GIANTS, power_of_recoil
from nuatom.papers.entry import Finding, claim, formula, value
from nuatom.papers.helicity import on_electron
from nuatom.papers.ks11 import hydrogen
from nuatom.processes import ionization
from nuatom.processes.ionization import ipm_parts
from nuatom.processes.kinematics import maximum_recoil_kev
from nuatom.processes.nucleus import natural_isotopes, nucleus_mass_kev

__all__ = ["MOMENT", "cross_section_findings", "hydrogen_response", "moment_parts"]

MOMENT: Final = 3.2e-11
"""Laboratory limit on a moment that the paper quotes, in μ_B."""

_LONGITUDINAL: Final = COMPONENTS.index("vector_00")
_TRANSVERSE: Final = COMPONENTS.index("vector_11")
_CURRENT: Final = COMPONENTS.index("vector_33")
# Quadratures of the kernels, good to a permille.
_QUADRATURE: Final = 1e-3
# What relativity and rounding leave of closed forms when light is 730 times as fast.
_FAST_LIGHT: Final = 1e5
_CLOSED_FORM: Final = 1e-5


def cross_section_findings() -> dict[str, Finding]:
    """Equations (1) to (10)."""
    return {**_introduction(), **_assumptions(), **_free_electron(), **_atoms(), **_responses()}


def _introduction() -> dict[str, Finding]:
    germanium, neutrino = Target("Ge"), Neutrino(magnetic_moment=MOMENT)
    free, full = (ionization(germanium, model) for model in ("free", "ipm"))
    weak = free.cross_section(neutrino, REACTOR_KEV, np.array([1.0, 10.0]), "anti-e").weak
    change = float(weak[1] / weak[0] - 1.0)
    power = power_of_recoil(lambda t: free.cross_section(neutrino, REACTOR_KEV, t, "anti-e").magnetic)
    recoil = np.array([0.3, 3.0, 40.0])
    bound = (
        full.cross_section(neutrino, REACTOR_KEV, recoil, "anti-e").magnetic
        / free.cross_section(neutrino, REACTOR_KEV, recoil, "anti-e").magnetic
    )
    return {
        "dirac-moment": value(standard_model_dirac_moment(1.0)),
        "limits": claim(MOMENT / RED_GIANTS, 5.0 < MOMENT / RED_GIANTS < 20.0),
        "power": claim(power, abs(power + 1.0) < 1e-5),
        "weak-constant": claim(change, abs(change) < 0.02),
        "free-above": claim(bound[2], abs(bound[2] - 1.0) < 0.01),
        "bound-below": claim(bound[0], bound[0] < 0.9, middle=float(bound[1])),
    }


def _assumptions() -> dict[str, Finding]:
    germanium = Target("Ge").constituents[0][0]
    isotopes = natural_isotopes(germanium)
    mass = nucleus_mass_kev(germanium, max(isotopes, key=lambda isotope: isotope.abundance))
    taken_ev = 1e3 * float(ridge_kev(1.0)) ** 2 / (2.0 * mass)
    common = on_electron(REACTOR_KEV, 20.0, 0.97714, 0.5, magnetic_moment=MOMENT).common
    return {
        "atomic-recoil": formula(
            2.0 * REACTOR_KEV**2 / mass, maximum_recoil_kev(np.array(REACTOR_KEV), mass), tolerance=1e-3,
            taken=taken_ev,
        ),
        "nonrelativistic": claim(32 * FINE_STRUCTURE, 32 * FINE_STRUCTURE < 0.3, xenon=54 * FINE_STRUCTURE),
        "no-common-state": claim(common, common < 1e-12),
    }  # fmt: skip


def _free_electron() -> dict[str, Finding]:
    energy, recoil = np.array([[300.0], [REACTOR_KEV], [3e4]]), np.array([0.01, 1.0, 50.0])
    p0 = 2.0 * energy - recoil
    # A relativistic electron at rest: S and R are these times δ(T + m_e − √(m_e² + Q²)).
    density = (2.0 * ELECTRON_MASS_KEV + recoil) / (2.0 * (ELECTRON_MASS_KEV + recoil))
    current = recoil / (2.0 * (ELECTRON_MASS_KEV + recoil))
    momentum = ridge_kev(recoil)
    measure = 2.0 * (ELECTRON_MASS_KEV + recoil) / momentum**2
    scale = (
        math.pi * FINE_STRUCTURE**2 * MOMENT**2 / ELECTRON_MASS_KEV**2
        * p0**2 / (4.0 * energy**2) * CM2_PER_INVERSE_KEV2
    )  # fmt: skip
    longitudinal = scale * (1.0 - recoil**2 / momentum**2) * density * measure
    transverse = scale * (1.0 - momentum**2 / p0**2) * current * measure
    exact = ionization(Target("H"), "free").cross_section(Neutrino(magnetic_moment=MOMENT), energy, recoil)
    return {
        "free-electron": formula(longitudinal + transverse, exact.magnetic),
        "free-ratio": formula(recoil / (2.0 * ELECTRON_MASS_KEV + recoil), current / density),
    }


def moment_parts(symbol: str, energy_kev: float, recoil_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Equations (7) and (8) as they are printed, μ = μ_B: ∫dQ²/Q² over the tabulated S and R, in cm²/keV."""
    p0 = 2.0 * energy_kev - recoil_kev
    longitudinal, transverse = np.zeros(recoil_kev.shape), np.zeros(recoil_kev.shape)
    for shell in find_table(symbol, "ipm").subshells:
        momentum, weight = shell.momentum_rule(recoil_kev, p0)
        transfer = np.broadcast_to(recoil_kev[:, None], momentum.shape)
        values = shell.at(transfer, np.clip(momentum, transfer, None))
        measure = weight * 2.0 / momentum
        longitudinal += np.sum(measure * (1.0 - transfer**2 / momentum**2) * values[_LONGITUDINAL], axis=-1)
        transverse += np.sum(measure * (1.0 - momentum**2 / p0[:, None] ** 2) * values[_TRANSVERSE], axis=-1)
    scale = (
        math.pi * FINE_STRUCTURE**2 / ELECTRON_MASS_KEV**2
        * p0**2 / (4.0 * energy_kev**2) * CM2_PER_INVERSE_KEV2
    )  # fmt: skip
    return scale * longitudinal, scale * transverse


def _atoms() -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    recoil = np.array([0.3, 1.0, 3.0, 12.0, 40.0])
    for symbol in ("Ge", "Xe"):
        parts = ipm_parts(Target(symbol))(np.array(REACTOR_KEV), recoil)[-2:]
        printed = moment_parts(symbol, REACTOR_KEV, recoil)
        whole = ionization(Target(symbol), "ipm").cross_section(
            Neutrino(magnetic_moment=MOMENT), REACTOR_KEV, recoil
        )
        found |= {
            f"longitudinal-{symbol}": formula(
                MOMENT**2 * printed[0], MOMENT**2 * parts[0], tolerance=_QUADRATURE
            ),
            f"transverse-{symbol}": formula(
                MOMENT**2 * printed[1], MOMENT**2 * parts[1], tolerance=_QUADRATURE
            ),
            f"sum-{symbol}": formula(
                MOMENT**2 * (printed[0] + printed[1]), whole.magnetic, tolerance=_QUADRATURE
            ),
        }
    return found


def hydrogen_response(transfer: float, momentum: FloatArray, accuracy: float = 1e-6) -> FloatArray:
    """Nine responses (9, Q) of hydrogen without relativity, atomic units."""
    state: GroundState = ground_state(1, nucleus="point", speed_of_light=_FAST_LIGHT)
    orbital = state.orbitals[0]
    shell = BoundShell.of(state, orbital)
    energy = transfer + orbital.energy
    waves = waves_of(state, orbital, accuracy)
    return subshell_response(shell, waves, energy, momentum, accuracy=accuracy).values


def _responses() -> dict[str, Finding]:
    transfer, momentum = 3.0, np.array([0.1, 0.5, 1.0, 2.0, 4.0])
    found = hydrogen_response(transfer, momentum)
    exact = hydrogen.continuum_strength(momentum, np.array(transfer))
    photon = np.array([transfer / _FAST_LIGHT])
    current = hydrogen_response(transfer, photon)[_TRANSVERSE]
    # 4π²αT R/Q² of (17), at Q = T/c; the closed form is σ times c.
    cross_section = 4.0 * math.pi**2 * transfer * current / photon**2
    conserved = found[_CURRENT] / (transfer / (_FAST_LIGHT * momentum)) ** 2 / found[_LONGITUDINAL]
    return {
        "hydrogen-s": formula(exact, found[_LONGITUDINAL], tolerance=_CLOSED_FORM),
        "hydrogen-r": formula(hydrogen.photoabsorption(transfer), cross_section, tolerance=_CLOSED_FORM),
        "hydrogen-current": formula(np.ones(momentum.size), conserved, tolerance=_CLOSED_FORM),
    }
