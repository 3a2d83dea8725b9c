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
from nuatom.numerics.running_integral import central_weights
from nuatom.numerics.wigner import half_three_j_squared

__all__ = [
    "exchange_coefficient",
    "exchange_source",
    "multipole_potential",
    "multipoles",
    "pair_sources",
    "power_table",
]


@cache
def exchange_coefficient(kappa_a: int, kappa_b: int, k: int) -> float:
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
    result = np.empty(grid.size)
    work = np.empty((2, grid.size))
    scaled = density * grid.rate
    _potential(scaled, table[k], table[k + 1], grid.step, grid.size, central_weights(), work, result)
    return result


@compiled
def _potential(
    density: FloatArray, power: FloatArray, next_power: FloatArray, step: float, size: int,
    central: FloatArray, work: FloatArray, result: FloatArray,
) -> None:  # fmt: skip
    """Y^k up to index ``size``, of a density already multiplied by dr/dt that is zero beyond it."""
    inner, outer = work[0], work[1]
    for i in range(size):
        inner[i] = density[i] * power[i]
        outer[i] = density[i] / next_power[i]
    inside = 0.0
    for i in range(size):
        result[i] = (inside + 0.5 * inner[i]) / next_power[i]
        inside += inner[i]
    outside = 0.0
    for i in range(size - 1, -1, -1):
        result[i] += (outside + 0.5 * outer[i]) * power[i]
        outside += outer[i]
    # Two loops without branches or recurrences are what the compiler can make vectors of.
    c_1, c_2, c_3, c_4, c_5 = central[0], central[1], central[2], central[3], central[4]
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
        result[i] += far * power[i] - near / next_power[i]
    for i in range(size):
        result[i] *= step


@compiled
def pair_sources(
    large: FloatArray, small: FloatArray, extent: FloatArray, coefficients: FloatArray,
    rate: FloatArray, powers: FloatArray, step: float, central: FloatArray,
    source_large: FloatArray, source_small: FloatArray,
) -> None:  # fmt: skip
    """Exchange terms of every bound orbital: source_a −= Σ_b C_abk Y^k_ab φ_b.

    Parameters
    ----------
    large, small : ndarray, shape (orbitals, points)
    extent : ndarray of int, shape (orbitals,)
        Number of points after which each orbital is negligible.
    coefficients : ndarray, shape (orbitals, orbitals, multipoles)
        C_abk = w_ab (2j_b + 1) Λ^k_ab, without the self-interaction.
    powers : ndarray
        From `power_table`.
    source_large, source_small : ndarray, shape (orbitals, points)
        Added to.
    """
    count, points = large.shape
    density = np.empty(points)
    work = np.empty((2, points))
    potential = np.empty(points)
    for a in range(count):
        for b in range(a + 1):
            size = min(extent[a], extent[b])
            for i in range(size):
                density[i] = rate[i] * (large[a, i] * large[b, i] + small[a, i] * small[b, i])
            reach = max(extent[a], extent[b])
            for k in range(coefficients.shape[2]):
                forward, backward = coefficients[a, b, k], coefficients[b, a, k]
                if forward == 0.0 and backward == 0.0:
                    continue
                _potential(density, powers[k], powers[k + 1], step, size, central, work, potential)
                moment = potential[size - 1] * powers[k + 1, size - 1]
                for i in range(size, reach):
                    potential[i] = moment / powers[k + 1, i]
                for i in range(extent[b]):
                    source_large[a, i] -= forward * potential[i] * large[b, i]
                    source_small[a, i] -= forward * potential[i] * small[b, i]
                if a != b:
                    for i in range(extent[a]):
                        source_large[b, i] -= backward * potential[i] * large[a, i]
                        source_small[b, i] -= backward * potential[i] * small[a, i]


@compiled
def exchange_source(
    wave_large: FloatArray, wave_small: FloatArray, large: FloatArray, small: FloatArray,
    extent: FloatArray, coefficients: FloatArray, rate: FloatArray, powers: FloatArray,
    step: float, central: FloatArray, source_large: FloatArray, source_small: FloatArray,
) -> None:  # fmt: skip
    """Exchange of one wave with the bound orbitals: source −= Σ_b C_bk Y^k_{b,wave} φ_b.

    ``coefficients`` has the shape (orbitals, multipoles); see `pair_sources`.
    """
    count, points = large.shape
    density = np.empty(points)
    work = np.empty((2, points))
    potential = np.empty(points)
    for b in range(count):
        size = extent[b]
        for i in range(size):
            density[i] = rate[i] * (large[b, i] * wave_large[i] + small[b, i] * wave_small[i])
        for k in range(coefficients.shape[1]):
            weight = coefficients[b, k]
            if weight == 0.0:
                continue
            _potential(density, powers[k], powers[k + 1], step, size, central, work, potential)
            for i in range(size):
                source_large[i] -= weight * potential[i] * large[b, i]
                source_small[i] -= weight * potential[i] * small[b, i]
