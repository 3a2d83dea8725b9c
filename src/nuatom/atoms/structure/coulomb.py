"""The electrons' Coulomb interaction in a spherical average: multipole potentials and exchange.

With the density of a pair ρ_ab = P_a P_b + Q_a Q_b and ::

    Y^k_ab(r) = ∫ (r<^k / r>^{k+1}) ρ_ab(r') dr',

the Dirac-Fock operator acting on an orbital a is, beside the one-electron part, ::

    Σ_b w_ab (2j_b + 1) [ Y^0_bb φ_a − Σ_k Λ^k_ab Y^k_ab φ_b ],
    Λ^k_ab = (j_a k j_b; −½ 0 ½)²,   l_a + k + l_b even,

(Grant, Relativistic Quantum Theory of Atoms and Molecules, chapter 6; Johnson, Atomic Structure
Theory, chapter 3), where w_ab is the mean occupation of a spinor of b seen by an electron in a.
With w_aa the same in both terms an electron does not act on itself.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from nuatom.atoms.structure.configuration import orbital_momentum, twice_j
from nuatom.numerics.compiled import compiled
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid
from nuatom.numerics.running_integral import end_corrections
from nuatom.numerics.wigner import half_three_j_squared

__all__ = [
    "exchange_factor",
    "exchange_source",
    "multipole_potential",
    "multipoles",
    "power_table",
]


@cache
def exchange_factor(kappa_a: int, kappa_b: int, k: int) -> float:
    """Λ^k = (j_a k j_b; −½ 0 ½)², zero where l_a + k + l_b is odd."""
    if (orbital_momentum(kappa_a) + k + orbital_momentum(kappa_b)) % 2:
        return 0.0
    return float(half_three_j_squared(twice_j(kappa_a), k, twice_j(kappa_b)))


def multipoles(kappa_a: int, kappa_b: int) -> range:
    """Values of k with Λ^k ≠ 0: |j_a − j_b| ≤ k ≤ j_a + j_b with the right parity."""
    low = abs(twice_j(kappa_a) - twice_j(kappa_b)) // 2
    high = (twice_j(kappa_a) + twice_j(kappa_b)) // 2
    if (orbital_momentum(kappa_a) + low + orbital_momentum(kappa_b)) % 2:
        low += 1
    return range(low, high + 1, 2)


def power_table(grid: RadialGrid, highest: int) -> FloatArray:
    """r^k for k = 0..highest + 1, shape (highest + 2, points)."""
    return np.ascontiguousarray(grid.r[None, :] ** np.arange(highest + 2)[:, None])


def multipole_potential(
    grid: RadialGrid, density: FloatArray, k: int = 0, powers: FloatArray | None = None
) -> FloatArray:
    """Y^k of a radial density: ``∫(r<^k/r>^{k+1}) ρ dr'``, in the units of ρ (per bohr · bohr).

    Parameters
    ----------
    grid : RadialGrid
        Grid of ``density``, which must have decayed at its end.
    density : ndarray, shape (points,)
        ρ(r), such as P² + Q².
    k : int
        Multipole.
    powers : ndarray, optional
        From `power_table`, when many potentials are made.
    """
    table = power_table(grid, k) if powers is None else powers
    power, next_power = table[k], table[k + 1]
    inner, outer = density * grid.rate * power, density * grid.rate / next_power
    inside = np.cumsum(inner) - 0.5 * inner - end_corrections(inner)
    outside = np.cumsum(outer[::-1])[::-1] - 0.5 * outer + end_corrections(outer)
    potential: FloatArray = grid.step * (inside / next_power + outside * power)
    return potential


@compiled
def exchange_source(
    wave_large: FloatArray, wave_small: FloatArray, large: FloatArray, small: FloatArray,
    extent: FloatArray, coefficients: FloatArray, rate: FloatArray, powers: FloatArray,
    step: float, central: FloatArray, source_large: FloatArray, source_small: FloatArray,
) -> None:  # fmt: skip
    """Exchange of one wave with the bound orbitals: source −= Σ_b C_bk Y^k_{b,wave} φ_b.

    Parameters
    ----------
    wave_large, wave_small : ndarray, shape (points,)
    large, small : ndarray, shape (orbitals, points)
    extent : ndarray of int, shape (orbitals,)
        Number of points after which each orbital is negligible.
    coefficients : ndarray, shape (orbitals, multipoles)
        C_bk = w_b (2j_b + 1) Λ^k, without a self-interaction.
    powers : ndarray
        From `power_table`.
    central : ndarray
        From `nuatom.numerics.running_integral.central_weights`.
    source_large, source_small : ndarray, shape (points,)
        Added to.
    """
    count, points = large.shape
    inner, outer, potential = np.empty(points), np.empty(points), np.empty(points)
    c_1, c_2, c_3, c_4, c_5 = central[0], central[1], central[2], central[3], central[4]
    for b in range(count):
        size = extent[b]
        for k in range(coefficients.shape[1]):
            weight = step * coefficients[b, k]
            if weight == 0.0:
                continue
            inside = 0.0
            for i in range(size):
                density = rate[i] * (large[b, i] * wave_large[i] + small[b, i] * wave_small[i])
                inner[i] = density * powers[k, i]
                outer[i] = density / powers[k + 1, i]
                potential[i] = (inside + 0.5 * inner[i]) / powers[k + 1, i]
                inside += inner[i]
            outside = 0.0
            for i in range(size - 1, -1, -1):
                potential[i] += (outside + 0.5 * outer[i]) * powers[k, i]
                outside += outer[i]
            # Loops without branches or recurrences are what the compiler can make vectors of.
            for i in range(5, size - 5):
                near = (
                    c_1 * (inner[i + 1] - inner[i - 1]) + c_2 * (inner[i + 2] - inner[i - 2])
                    + c_3 * (inner[i + 3] - inner[i - 3]) + c_4 * (inner[i + 4] - inner[i - 4])
                    + c_5 * (inner[i + 5] - inner[i - 5])
                )  # fmt: skip
                far = (
                    c_1 * (outer[i + 1] - outer[i - 1]) + c_2 * (outer[i + 2] - outer[i - 2])
                    + c_3 * (outer[i + 3] - outer[i - 3]) + c_4 * (outer[i + 4] - outer[i - 4])
                    + c_5 * (outer[i + 5] - outer[i - 5])
                )  # fmt: skip
                potential[i] += far * powers[k, i] - near / powers[k + 1, i]
            for i in range(size):
                source_large[i] -= weight * potential[i] * large[b, i]
                source_small[i] -= weight * potential[i] * small[b, i]
