"""What all points and data sets of a likelihood share, and what differs between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from nuatom.numerics.quadrature import FloatArray

__all__ = [
    "CONVERGED",
    "FREE",
    "GAUSS",
    "HELD",
    "IMPOSSIBLE",
    "LOGNORMAL",
    "NOT_CONVERGED",
    "IntArray",
    "Problem",
    "Rows",
]

IntArray = NDArray[np.int64]

# Kinds of constraint.
FREE: Final = 0
GAUSS: Final = 1
LOGNORMAL: Final = 2
HELD: Final = 3

# What became of a point.
CONVERGED: Final = 0
IMPOSSIBLE: Final = 1
NOT_CONVERGED: Final = 2


@dataclass(frozen=True, eq=False)
class Problem:
    """What all points of a likelihood share.

    Nuisances k have a ``kind``, ``sigma``, ``lower`` and ``upper``; bins b are ``gauss`` (whitened values of
    unit variance) or counts, belong to a ``cell`` (−1: none) with a ``weight``, and the cell's sample is
    scaled there by the nuisance ``scaled`` (−1: none). Cell g has members ``member[start[g]:start[g + 1]]``
    and, where it is ``counted``, auxiliary counts of expectation ``ratio`` times its size.
    """

    kind: IntArray
    sigma: FloatArray
    lower: FloatArray
    upper: FloatArray
    gauss: NDArray[np.bool_]
    cell: IntArray
    weight: FloatArray
    scaled: IntArray
    start: IntArray
    member: IntArray
    counted: NDArray[np.bool_]
    ratio: FloatArray

    @property
    def cells(self) -> int:
        """Number of cells."""
        return self.ratio.size

    @cached_property
    def belongs(self) -> FloatArray:
        """One where a bin belongs to a cell, else zero: shape (bins, cells)."""
        found = np.zeros((self.cell.size, self.cells))
        inside = np.flatnonzero(self.cell >= 0)
        found[inside, self.cell[inside]] = 1.0
        return found

    @cached_property
    def moving(self) -> IntArray:
        """Nuisances that are not held."""
        return np.flatnonzero(self.kind != HELD)

    @cached_property
    def unheld(self) -> Self:
        """The same without the nuisances that are held; what they scale has their size."""
        number = np.full(self.kind.size + 1, -1)
        number[self.moving] = np.arange(self.moving.size)
        fixed = (self.scaled >= 0) & (number[self.scaled] < 0)
        return replace(
            self,
            kind=self.kind[self.moving],
            sigma=self.sigma[self.moving],
            lower=self.lower[self.moving],
            upper=self.upper[self.moving],
            weight=np.where(
                fixed, self.weight * self.lower[self.scaled] if fixed.any() else 0.0, self.weight
            ),
            scaled=number[self.scaled],
        )


@dataclass(frozen=True, eq=False)
class Rows:
    """Expectations as polynomials of one parameter, of degree 0 or 2, and the data.

    Parameters
    ----------
    fixed : ndarray, shape (rows, 1 or 3, bins)
        What no nuisance moves.
    templates : ndarray, shape (rows, 1 or 3, nuisances, bins)
        What each unit of a nuisance adds.
    counts, centres, auxiliary : ndarray, shapes (rows, bins), (rows, nuisances), (rows, cells)
        Data. Of all arrays the first axis may be one long: shared by all rows.
    """

    fixed: FloatArray
    templates: FloatArray
    counts: FloatArray
    centres: FloatArray
    auxiliary: FloatArray

    @property
    def polynomial(self) -> bool:
        """Whether a parameter is fitted beside the nuisances."""
        return len(self.templates[0]) > 1

    def of(self, chosen: IntArray | slice) -> Rows:
        """Some of the rows."""
        return Rows(*(part if len(part) == 1 else part[chosen] for part in vars(self).values()))

    def unheld(self, problem: Problem) -> Rows:
        """The same for :attr:`Problem.unheld`."""
        moving = problem.moving
        if moving.size == problem.kind.size:
            return self
        held = np.flatnonzero(problem.kind == HELD)
        fixed = self.fixed + np.einsum("k,pjkb->pjb", problem.lower[held], self.templates[:, :, held])
        return Rows(fixed, self.templates[:, :, moving], self.counts, self.centres[:, moving], self.auxiliary)
