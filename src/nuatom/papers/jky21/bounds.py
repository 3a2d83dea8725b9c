"""Section IV of :cite:`JKY21`: bounds and the band of Figure 4, as the paper draws them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from nuatom.constants import HBAR_C_KEV_CM
from nuatom.neutrinos.electroweak import vector_shift_from_charge_kev2, vector_shift_per_radius_cm2
from nuatom.papers.jky21.three_body import PRINTED

__all__ = [
    "LIMIT_PER_MEV3",
    "MAGNETIC_PER_MEV3",
    "MIXING",
    "band_cm2",
    "couplings_squared",
    "gamma",
    "moment_bound",
    "paper_bounds",
    "radius_bound_per_mev",
    "smallest_couplings_squared",
    "vector_plus_minus_axial",
]

MAGNETIC_PER_MEV3: Final = 1.071e-5 * (2.0 - 8.288)
"""Equation (24) over f²."""

LIMIT_PER_MEV3: Final = 5e-19
"""Largest dσ/dT that Section IV reads from Figure 1 (b)."""

MIXING: Final = 0.231
"""sin²θ_W of the paper."""


def vector_plus_minus_axial(sin2_theta_w: float = MIXING) -> tuple[float, float]:
    """G_V + g_A and G_V − g_A of equation (27) without charge and radius: 1 + 2 sin²θ_W and 2 sin²θ_W."""
    return 1.0 + 2.0 * sin2_theta_w, 2.0 * sin2_theta_w


def couplings_squared(shift: float = 0.0, sin2_theta_w: float = MIXING) -> float:
    """[1.462 + Γ]² + [0.462 + Γ]² of equations (31) and (32)."""
    plus, minus = vector_plus_minus_axial(sin2_theta_w)
    return (plus + shift) ** 2 + (minus + shift) ** 2


def smallest_couplings_squared(sin2_theta_w: float = MIXING) -> float:
    """The least value of :func:`couplings_squared` for any Γ: (2 g_A)²/2."""
    plus, minus = vector_plus_minus_axial(sin2_theta_w)
    return 0.5 * (plus - minus) ** 2


def gamma(radius2_cm2: float, charge: float, virtuality_mev2: float) -> float:
    """Γ of equation (33): what a charge radius and a charge add to G_V."""
    per_charge = vector_shift_from_charge_kev2() / (1e6 * virtuality_mev2)
    return vector_shift_per_radius_cm2() * radius2_cm2 + per_charge * charge


def moment_bound(cross_section_mev3: float, coefficient_mev3: float) -> float:
    """|f| at which coefficient · f² reaches a cross section: below equation (24)."""
    return math.sqrt(cross_section_mev3 / abs(coefficient_mev3))


def radius_bound_per_mev(ratio: float, virtuality_mev2: float) -> float:
    """|r̃| in MeV⁻¹ at which the form factor Q² r̃²/6 of equation (26) reaches a ratio: below (32)."""
    return math.sqrt(6.0 * ratio / virtuality_mev2)


def paper_bounds() -> Mapping[str, float]:
    """|f| in μ_B and |r̃²| in cm² as the paper obtains them, from 5·10⁻¹⁹ MeV⁻³, (24) and (28)."""
    radius_cm = 1e-3 * HBAR_C_KEV_CM * radius_bound_per_mev(LIMIT_PER_MEV3 / PRINTED.weak_per_mev3, 0.1)
    return {
        "magnetic-moment": moment_bound(LIMIT_PER_MEV3, MAGNETIC_PER_MEV3),
        "charge-radius": radius_cm**2,
    }


def band_cm2(charge_per_mev2: float, relative_error: float = 2.0 / 76.0) -> tuple[float, float]:
    r"""Ends of r̃² in cm² for ε/Q² in MeV⁻², where (31) stays within an error of its value at Γ = 0: Figure 4.

    [1.462 + Γ]² + [0.462 + Γ]² = (1 ± δ) [1.462² + 0.462²], on the branch through Γ = 0, and
    r̃² = Γ/(2.38·10³⁰ cm⁻²) + 6 (ħc)² ε/Q² from equation (33).
    """
    plus, minus = vector_plus_minus_axial()
    centre = 0.5 * (plus + minus)
    quarter = 0.25 * (plus - minus) ** 2
    slope = 6.0 * (1e-3 * HBAR_C_KEV_CM) ** 2
    ends = [
        math.sqrt(0.5 * (1.0 + sign * relative_error) * couplings_squared() - quarter) - centre
        for sign in (-1.0, 1.0)
    ]
    low, high = (end / vector_shift_per_radius_cm2() + slope * charge_per_mev2 for end in ends)
    return low, high
