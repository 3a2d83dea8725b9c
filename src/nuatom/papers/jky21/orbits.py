"""Appendix A of :cite:`JKY21`: hydrogenic shells, and the effective scale M_eff made of them.

A shell n holds f(n) electrons at radius n a_Z, with the factor t_n = 2^{2n+1} (n+1)!/n^{n−1} of (36).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import (
    BOHR_RADIUS_CM,
    ELECTRON_MASS_KEV,
    FINE_STRUCTURE,
    HARTREE_KEV,
    HBAR_C_KEV_CM,
)
from nuatom.numerics.quadrature import FloatArray, panel_rule

__all__ = [
    "ATOMIC_NUMBER",
    "OCCUPATION",
    "PRINCIPAL",
    "RYDBERG_KEV",
    "SHELL_FACTORS",
    "bohr_radius_per_kev",
    "dipole_rate_per_s",
    "hydrogenic_levels_kev",
    "inverse_meff4_per_kev4",
    "inverse_meff6_per_kev6",
    "lyman_alpha_rate_per_s",
    "measured_levels_kev",
    "norm_of_shell",
    "radial_overlap",
    "shell_sum",
]

ATOMIC_NUMBER: Final = 54
"""Xenon."""

PRINCIPAL: Final = (1, 2, 3, 4, 5)
OCCUPATION: Final = (2, 8, 18, 18, 8)
"""f(n), below equation (42)."""

SHELL_FACTORS: Final = tuple(2.0 ** (2 * n + 1) * math.factorial(n + 1) / n ** (n - 1) for n in PRINCIPAL)
"""t_n of equation (36)."""

RYDBERG_KEV: Final = 0.5 * HARTREE_KEV

_SECOND_PER_INVERSE_KEV: Final = HBAR_C_KEV_CM / 29979245800.0


def bohr_radius_per_kev() -> float:
    """a_B in keV⁻¹."""
    return BOHR_RADIUS_CM / HBAR_C_KEV_CM


def shell_sum(power: int) -> float:
    """Σ_n f(n) t_n²/n^power: A of equation (42) for 3, B for 6."""
    n = np.array(PRINCIPAL, dtype=float)
    return float(np.sum(np.array(OCCUPATION) * np.array(SHELL_FACTORS) ** 2 / n**power))


def hydrogenic_levels_kev(charge: float = ATOMIC_NUMBER) -> FloatArray:
    """Z² Ry/n², the levels of the wave functions that Appendix A writes down."""
    return charge**2 * RYDBERG_KEV / np.array(PRINCIPAL, dtype=float) ** 2


def measured_levels_kev() -> FloatArray:
    """Measured edges of xenon, averaged over the electrons of each principal shell."""
    shells = [(shell, count) for _, shell, count in Target("Xe").subshells]
    return np.array(
        [
            sum(shell.edge_kev * count for shell, count in shells if shell.n == n)
            / sum(count for shell, count in shells if shell.n == n)
            for n in PRINCIPAL
        ]
    )


def inverse_meff4_per_kev4(levels_kev: FloatArray, radius_per_kev: float, recoil_kev: float = 0.0) -> float:
    r"""1/M_eff⁴ summed over the electrons, from equation (41).

    1/M_eff⁴ = (α/3) a_Z⁵/(m_e (m_e + T)) Σ_n f(n) k_n³ t_n².
    """
    total = np.sum(np.array(OCCUPATION) * levels_kev**3 * np.array(SHELL_FACTORS) ** 2)
    energies = ELECTRON_MASS_KEV * (ELECTRON_MASS_KEV + recoil_kev)
    return float(FINE_STRUCTURE / 3.0 * radius_per_kev**5 / energies * total)


def inverse_meff6_per_kev6(levels_kev: FloatArray, radius_per_kev: float, recoil_kev: float = 0.0) -> float:
    r"""1/M_eff⁶ as equation (44) sums it: over shells, one electron in each.

    1/M_eff⁶ = [(α/3)^{1/2} a_Z^{5/2}]³/[m_e (m_e + T)]^{3/2} Σ_n k_n^{9/2} t_n³.
    """
    total = np.sum(levels_kev**4.5 * np.array(SHELL_FACTORS) ** 3)
    energies = ELECTRON_MASS_KEV * (ELECTRON_MASS_KEV + recoil_kev)
    return float((FINE_STRUCTURE / 3.0 * radius_per_kev**5 / energies) ** 1.5 * total)


def norm_of_shell(n: int) -> float:
    """∫|ψ_n|² d³r of the wave function above (36): 4π C_n² ∫ r^{2n} e^{−2r/n} dr, r in units of a_Z."""
    coefficient = (2.0 / n) ** (2 * n + 1) / math.sqrt(4.0 * math.pi)
    radius, weight = _radial_rule(n)
    density = coefficient**2 * 4.0 * math.pi * radius ** (2 * n) * np.exp(-2.0 * radius / n)
    return float(np.sum(weight * density))


def radial_overlap(n: int) -> float:
    """C_n ∫ r^{n+1} e^{−r/n} dr: the matrix element above equation (36), without a_Z and the volume."""
    coefficient = (2.0 / n) ** (2 * n + 1) / math.sqrt(4.0 * math.pi)
    radius, weight = _radial_rule(n)
    return float(np.sum(weight * coefficient * radius ** (n + 1) * np.exp(-radius / n)))


def dipole_rate_per_s(prefactor: float) -> float:
    """Rate prefactor · α ω³ |⟨1s|r|2p⟩|² of hydrogen's Lyman-α line: for equations (34) and (35).

    The measured lifetime of 2p is 1.596 ns, 6.27e8 per second; the prefactor that gives it is 4/3.
    """
    radius, weight = _radial_rule(2)
    ground, excited = 2.0 * np.exp(-radius), radius * np.exp(-0.5 * radius) / math.sqrt(24.0)
    # |⟨1s|r|2p m⟩|² is a third of the radial integral's square, for each m.
    length = np.sum(weight * ground * excited * radius**3) / math.sqrt(3.0) * bohr_radius_per_kev()
    energy = 0.75 * RYDBERG_KEV
    return float(prefactor * FINE_STRUCTURE * energy**3 * length**2 / _SECOND_PER_INVERSE_KEV)


def lyman_alpha_rate_per_s() -> float:
    """(2/3)⁸ α⁵ m_e, the rate of hydrogen's 2p → 1s, in closed form."""
    return (2.0 / 3.0) ** 8 * FINE_STRUCTURE**5 * ELECTRON_MASS_KEV / _SECOND_PER_INVERSE_KEV


def _radial_rule(n: int) -> tuple[FloatArray, FloatArray]:
    """Radii and weights up to where the orbital has died away."""
    return panel_rule(np.linspace(0.0, 60.0 * n, 31), 16)
