"""One partial wave of the continuum: outward integration, and the exchange equation on top of it.

With f the regular solution in a local potential and T the outward integral, from nothing at the
origin, of the remaining terms of the operator, the orbital obeys

    φ = f + Tφ,

a linear equation of the second kind with a smooth kernel. GMRES (Saad & Schultz, SIAM J. Sci.
Stat. Comput. 7 (1986) 856) solves it in about ten applications of T near threshold and in fewer
above, where the plain series of Lippmann and Schwinger may diverge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from nuatom.atoms.structure.coulomb import exchange_factor, exchange_source, multipoles
from nuatom.atoms.structure.dirac import Coefficients, regular_start
from nuatom.atoms.structure.orbital import Orbital
from nuatom.errors import ConvergenceError
from nuatom.numerics.adams import adams_tables, sweep
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid
from nuatom.numerics.running_integral import central_weights

__all__ = ["FrozenCore", "Outward", "solve_exchange"]

EXCHANGE_TOLERANCE: Final = 1e-10
LARGEST_RESIDUAL: Final = 1e-8
LARGEST_SPACE: Final = 60


@dataclass(frozen=True, eq=False)
class FrozenCore:
    """Bound orbitals that a continuum orbital exchanges with.

    Attributes
    ----------
    orbitals : tuple of Orbital
        On the grid of the continuum orbital.
    electrons : ndarray
        How many electrons each holds.
    hole_terms : ndarray, shape (orbitals, 2, points)
        χ_b = (F − F_b) φ_b, large and small components: what makes F differ from the operator
        that φ_b is an eigenfunction of.
    size : int
        Number of points with bound orbitals.
    """

    orbitals: tuple[Orbital, ...]
    electrons: FloatArray
    hole_terms: FloatArray
    size: int


@dataclass(frozen=True, eq=False)
class Outward:
    """Outward integration of one partial wave in a local potential.

    Attributes
    ----------
    equation : Coefficients
        Of `nuatom.numerics.adams.sweep`.
    start : int
        First index with an amplitude.
    exponent : float
        Its logarithm, below the amplitude at the first turning point.
    grid : RadialGrid
    """

    equation: Coefficients
    start: int
    exponent: float
    grid: RadialGrid

    def regular(
        self, size: int, source: tuple[FloatArray, FloatArray] | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Regular solution on the first ``size`` points, with an optional source added to it."""
        p = float(np.exp(-self.exponent))
        ratio = regular_start(*(float(part[self.start]) for part in self.equation))
        return self._integrate(size, p, p * ratio, source)

    def forced(self, size: int, source: tuple[FloatArray, FloatArray]) -> tuple[FloatArray, FloatArray]:
        """Answer to a source, from nothing at the origin."""
        return self._integrate(size, 0.0, 0.0, source)

    def _integrate(
        self, size: int, p: float, q: float, source: tuple[FloatArray, FloatArray] | None
    ) -> tuple[FloatArray, FloatArray]:
        large, small = np.zeros(size), np.zeros(size)
        large[self.start], small[self.start] = p, q
        one, two = (np.zeros(0), np.zeros(0)) if source is None else source
        sweep(
            *self.equation, one, two, large, small, self.start, size - 1, self.grid.step, *adams_tables(),
        )  # fmt: skip
        return large, small


def solve_exchange(
    core: FrozenCore, wave: Outward, kappa: int, speed_of_light: float
) -> tuple[FloatArray, FloatArray, int, float]:
    """Orbital with exchange, orthogonal to the bound orbitals of the same κ; any normalisation.

    Returns
    -------
    large, small : ndarray
        P and Q on the whole grid of ``wave``.
    applications : int
        Of the exchange operator.
    residual : float
        ‖φ − f − Tφ‖/‖f‖ over the core.

    Raises
    ------
    ConvergenceError
        If the residual stays above 10⁻⁸.
    """
    operator = _Exchange(core, wave, kappa, speed_of_light)
    size, count = core.size, 0
    scale = np.sqrt(np.tile(np.abs(wave.grid.weight[:size]), 2))

    def apply(scaled: FloatArray) -> FloatArray:
        nonlocal count
        count += 1
        forced = wave.forced(size, operator.source(scaled / scale))
        result: FloatArray = scaled - scale * np.concatenate(forced)
        return result

    right = scale * np.concatenate(wave.regular(size))
    matrix = LinearOperator((right.size, right.size), matvec=apply, dtype=np.float64)
    scaled, _ = gmres(matrix, right, rtol=EXCHANGE_TOLERANCE, atol=0.0, restart=LARGEST_SPACE, maxiter=1)
    residual = float(np.linalg.norm(right - apply(scaled)) / np.linalg.norm(right))
    if not residual < LARGEST_RESIDUAL:
        raise ConvergenceError(
            f"exchange of the partial wave {kappa}: residual {residual:.3g} after {count} steps"
        )
    source = np.zeros((2, wave.grid.size))
    source[:, :size] = operator.source(scaled / scale)
    large, small = wave.regular(wave.grid.size, (source[0], source[1]))
    return large, small, count, residual


class _Exchange:
    """The non-local terms of one partial wave, as the source of its differential equation."""

    def __init__(self, core: FrozenCore, wave: Outward, kappa: int, speed_of_light: float) -> None:
        grid, size = wave.grid, core.size
        self._rate, self._step, self._c = grid.rate, grid.step, speed_of_light
        self._size = size
        self._large = np.array([o.large[:size] for o in core.orbitals])
        self._small = np.array([o.small[:size] for o in core.orbitals])
        alive = (self._large != 0.0) | (self._small != 0.0)
        self._extent = size - alive[:, ::-1].argmax(axis=1)
        ranges = [multipoles(kappa, o.kappa) for o in core.orbitals]
        highest = max(max(r, default=0) for r in ranges)
        self._coefficients = np.zeros((len(ranges), highest + 1))
        for b, orbital in enumerate(core.orbitals):
            for k in ranges[b]:
                self._coefficients[b, k] = core.electrons[b] * exchange_factor(kappa, orbital.kappa, k)
        self._powers = grid.r[None, :size] ** np.arange(highest + 2)[:, None]
        same = [b for b, o in enumerate(core.orbitals) if o.kappa == kappa]
        self._held = np.hstack([self._large[same], self._small[same]])
        weighted = core.hole_terms[same][:, :, :size] * grid.weight[:size]
        self._holding = weighted.reshape(len(same), 2 * size)

    def source(self, orbital: FloatArray) -> tuple[FloatArray, FloatArray]:
        """s₁ and s₂ of `nuatom.numerics.adams` for P and Q laid end to end."""
        size = self._size
        large, small = np.zeros(size), np.zeros(size)
        exchange_source(
            orbital[:size], orbital[size:], self._large, self._small, self._extent,
            self._coefficients, self._rate, self._powers, self._step, central_weights(),
            large, small,
        )  # fmt: skip
        # Σ_b |b⟩⟨χ_b|φ⟩ keeps the orbital orthogonal to the bound ones.
        held = (self._holding @ orbital) @ self._held
        rate = self._rate[:size] / self._c
        return -rate * (small - held[size:]), rate * (large - held[:size])
