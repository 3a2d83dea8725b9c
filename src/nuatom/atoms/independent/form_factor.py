"""Atomic form factor: how many electrons answer together to a momentum that the whole atom takes up."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import CubicSpline

from nuatom.atoms.structure.orbital import GroundState
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid, interpolator, log_linear_grid

__all__ = ["AtomicFormFactor", "atomic_form_factor"]

LOWEST_MOMENTUM: Final = 1e-3
"""Below it, 4 eV, Z − F is quadratic to 10⁻⁶ even where the outermost electron is at 10 bohr."""

MOMENTA_PER_DECADE: Final = 60
REACH: Final = 40.0
"""The table ends at this multiple of Z; F/Z is below 10⁻⁵ there and falls with the fourth power."""

_TAIL: Final = 1e-13
# Spacing of the radii in the phase Qr, where sums of smooth functions have converged to rounding.
_PHASE_STEP: Final = 1.0
_SMALL: Final = 0.05


@dataclass(frozen=True, eq=False)
class AtomicFormFactor:
    """Electrons that answer together, F, and those that do not, N − F, as functions of the momentum.

    Attributes
    ----------
    electrons : float
        N, which F(0) is exactly.
    momentum : ndarray, shape (n,)
        Q in 1/bohr, increasing.
    missing, present : ndarray, shape (n,)
        N − F and F, each summed by itself, so that neither is a small difference.
    """

    electrons: float
    momentum: FloatArray
    missing: FloatArray
    present: FloatArray
    _splines: tuple[CubicSpline, CubicSpline] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        missing, present = (
            CubicSpline(np.log(self.momentum), np.log(values)) for values in (self.missing, self.present)
        )
        object.__setattr__(self, "_splines", (missing, present))

    def __call__(self, momentum: ArrayLike) -> FloatArray:
        """F at a momentum in 1/bohr, zero or more.

        Between the table's momenta both logarithms are cubic splines of ln Q, good to 10⁻⁷; below them
        N − F ∝ Q², above them F ∝ Q⁻⁴, which is what the cusp of the density at a point nucleus gives (in
        hydrogen to 0.5%).

        Raises
        ------
        InputError
            For a momentum that is negative or not finite.
        """
        q = np.asarray(momentum, dtype=float)
        if not np.all(np.isfinite(q) & (q >= 0.0)):
            raise InputError("momentum", momentum, "zero or more, finite")
        low, high = self.momentum[0], self.momentum[-1]
        inside = np.log(np.clip(q, low, high))
        missing_at, present_at = self._splines
        missing = np.exp(missing_at(inside)) * np.minimum(q / low, 1.0) ** 2
        present = np.exp(present_at(inside)) * (high / np.maximum(q, high)) ** 4
        counted: FloatArray = np.where(missing < 0.5 * self.electrons, self.electrons - missing, present)
        return counted


def atomic_form_factor(state: GroundState) -> AtomicFormFactor:
    r"""Form factor of the electrons' density, averaged over directions.

    .. math::

        F(Q) = \sum_{n\kappa} N_{n\kappa} \int (P^2 + Q_{n\kappa}^2)\, j_0(Qr)\, dr,
        \qquad N - F = \sum_{n\kappa} N_{n\kappa} \int (P^2 + Q_{n\kappa}^2)\, [1 - j_0(Qr)]\, dr,

    P and Q_nκ the large and small components. Each decade of momenta has radii of its own, spaced so that Qr
    changes by at most one from each to the next: there the trapezoidal rule in the grid's variable has
    converged.

    Parameters
    ----------
    state : GroundState
        Atom or ion. Where its shells are open the density is the one averaged over the configuration.

    Returns
    -------
    AtomicFormFactor
        From 10⁻³ to 40 Z in 1/bohr.
    """
    density = np.sum([o.occupation * (o.large**2 + o.small**2) for o in state.orbitals], axis=0)
    electrons = float(sum(orbital.occupation for orbital in state.orbitals))
    high = REACH * state.Z
    points = 1 + math.ceil(MOMENTA_PER_DECADE * math.log10(high / LOWEST_MOMENTUM))
    momentum = np.geomspace(LOWEST_MOMENTUM, high, points)
    parts = [_sums(q, grid, values) for q, grid, values in _by_decade(momentum, state.grid, density)]
    missing, present, norm = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    scale = electrons / norm
    return AtomicFormFactor(electrons, momentum, scale * missing, scale * present)


def _by_decade(
    momentum: FloatArray, grid: RadialGrid, density: FloatArray
) -> Iterator[tuple[FloatArray, RadialGrid, FloatArray]]:
    """Pieces of the momenta, each with a grid that resolves j₀(Qr), and the density on it."""
    beyond = np.cumsum((grid.weight * density)[::-1])[::-1]
    stop = float(grid.r[np.searchsorted(-beyond, -_TAIL * beyond[0])])
    cuts = [*range(0, momentum.size, MOMENTA_PER_DECADE), momentum.size]
    for first, last in pairwise(cuts):
        q = momentum[first:last]
        bend = min(grid.bend, _PHASE_STEP / (grid.step * float(q[-1])))
        finer = log_linear_grid(float(grid.r[0]), 0.99 * stop, grid.step, bend)
        yield q, finer, interpolator(grid, finer.r)(density)


def _sums(momentum: FloatArray, grid: RadialGrid, density: FloatArray) -> tuple[FloatArray, ...]:
    weighted = grid.weight * density
    rows = []
    for q in momentum:
        phase = q * grid.r
        bessel = np.sinc(phase / np.pi)
        series = phase**2 * (1.0 / 6.0 - phase**2 * (1.0 / 120.0 - phase**2 / 5040.0))
        rest = np.where(phase < _SMALL, series, 1.0 - bessel)
        rows.append((rest @ weighted, bessel @ weighted, weighted.sum()))
    return tuple(np.array(column) for column in zip(*rows, strict=True))
