"""Appendix A of :cite:`JKY21`, equations (34) to (45): what the amplitude of a bound electron is made of."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import ATOMIC_MASS_KEV, ELECTRON_MASS_KEV, FINE_STRUCTURE, HBAR_C_KEV_CM
from nuatom.papers.dirac import two_body
from nuatom.papers.entry import Finding, claim, formula, value
from nuatom.papers.jky21.amplitudes import vector_contraction_at_rest
from nuatom.papers.jky21.kinematics import ENERGY_KEV, RECOIL_KEV
from nuatom.papers.jky21.orbits import (
    ATOMIC_NUMBER,
    OCCUPATION,
    PRINCIPAL,
    RYDBERG_KEV,
    SHELL_FACTORS,
    bohr_radius_per_kev,
    dipole_rate_per_s,
    hydrogenic_levels_kev,
    inverse_meff4_per_kev4,
    lyman_alpha_rate_per_s,
    measured_levels_kev,
    norm_of_shell,
    radial_overlap,
    shell_sum,
)
from nuatom.papers.jky21.three_body import LEAST_RECOIL_KEV

__all__ = ["appendix_findings"]

_M: Final = ELECTRON_MASS_KEV
_THIRD: Final = FINE_STRUCTURE / 3.0


def appendix_findings() -> dict[str, Finding]:
    """Appendix A, but for (38) and (46) to (48), which repeat (8) to (10)."""
    return {**_transition(), **_effective_interaction(), **_sums(), **_scale()}


def _transition() -> dict[str, Finding]:
    overlaps = np.array([math.sqrt(math.pi) * radial_overlap(n) for n in PRINCIPAL])
    factors = np.array(SHELL_FACTORS)
    return {
        "dipole-rate": formula(dipole_rate_per_s((2.0 * math.pi) ** 2 / 3.0), dipole_rate_per_s(4.0 / 3.0)),
        "dipole-rate-reduced": formula(dipole_rate_per_s(4.0 / 3.0), lyman_alpha_rate_per_s()),
        "bohr-radius": value(0.529e-8 / (1e-3 * HBAR_C_KEV_CM)),
        "shell-radius-kev": value(bohr_radius_per_kev() / ATOMIC_NUMBER),
        "norm": claim(norm_of_shell(1), abs(norm_of_shell(1) - 1.0) < 1e-6, outer=norm_of_shell(5)),
        "overlap": formula(0.5 * factors, overlaps),
        "overlap-squared": formula(factors**2, overlaps**2),
    }


def _effective_interaction() -> dict[str, Finding]:
    xenon = Target("Xe").mass_u * ATOMIC_MASS_KEV
    low = two_body(ENERGY_KEV, LEAST_RECOIL_KEV)
    momentum = float(np.linalg.norm(two_body(ENERGY_KEV, RECOIL_KEV).electron_out[1:]))
    dimension = 2.0 * 3.0 - 2.0
    return {
        "four-fermion-dimension": claim(dimension, dimension == 4.0),
        "rate-front": formula(4.0 / math.pi, (2.0 * math.pi) ** -2 * 4.0 * math.pi * 2.0**6 / 2.0**4),
        "spin-sum-atom": formula(
            1.0,
            vector_contraction_at_rest(low, xenon) / (2.0**6 * _M * (_M + LEAST_RECOIL_KEV) * xenon**2),
            tolerance=LEAST_RECOIL_KEV / _M,
        ),
        "scale-momentum": formula(1.0, math.sqrt((_M + RECOIL_KEV) / momentum)),
    }


def _sums() -> dict[str, Finding]:
    return {
        "electrons": value(float(sum(OCCUPATION))),
        "sum-a": value(shell_sum(3)),
        "sum-b": value(shell_sum(6)),
        "sum-a-hydrogenic": value(_hydrogenic_sum()),
        "xenon-mass": value(1e-3 * Target("Xe").mass_u * ATOMIC_MASS_KEV),
    }


def _hydrogenic_sum() -> float:
    """Σ f(n) t_n² k_n³ with hydrogenic levels, over k_1³: what (36) sums to."""
    levels = hydrogenic_levels_kev()
    return float(np.sum(np.array(OCCUPATION) * np.array(SHELL_FACTORS) ** 2 * (levels / levels[0]) ** 3))


def _scale() -> dict[str, Finding]:
    mass = 1e-3 * _M
    root = math.sqrt(shell_sum(3)) / (ATOMIC_NUMBER**2.5 * mass**2)
    levels = hydrogenic_levels_kev()
    exact = 1e6 * math.sqrt(inverse_meff4_per_kev4(levels, bohr_radius_per_kev() / ATOMIC_NUMBER))
    factors = np.array(SHELL_FACTORS)
    constant, measured = (
        float(np.sum((each / RYDBERG_KEV) ** 4.5 * factors**3)) for each in (levels, measured_levels_kev())
    )
    return {
        "scale": value(math.sqrt(_THIRD) * root),
        "scale-without": value(root),
        "scale-from-41": formula(math.sqrt(_THIRD) * root, exact),
        "sixth-power": value(
            _THIRD**1.5 * 14.48**7.5, right=_THIRD**1.5 * (bohr_radius_per_kev() / 54) ** 7.5
        ),
        "sixth-power-mev": value(1e9 * 5.69e4 * RYDBERG_KEV**4.5),
        "constant": value(constant, measured=measured, one=constant / ATOMIC_NUMBER**9),
        "screened": claim(measured / constant, measured / constant > 1.0),
        "screened-product": value(2.27e5 * 5.136e12),
    }
