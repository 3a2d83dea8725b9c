"""What the compiled minimisers work on: one likelihood, and one point of it, as plain arrays."""

from __future__ import annotations

from typing import Final, NamedTuple

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
    "Point",
    "Problem",
    "Work",
    "room",
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


class Problem(NamedTuple):
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


class Point(NamedTuple):
    """Expectations as polynomials of one parameter, of degree 0 or 2, and the data.

    ``fixed`` has shape (1 or 3, bins), ``templates`` (1 or 3, nuisances, bins).
    """

    fixed: FloatArray
    templates: FloatArray
    counts: FloatArray
    centres: FloatArray
    auxiliary: FloatArray


class Work(NamedTuple):
    """Room for one point: expectations, first and second derivatives per bin, sizes of cells, matrices."""

    expected: FloatArray
    slope: FloatArray
    weight: FloatArray
    scratch: FloatArray
    share: FloatArray
    templates: FloatArray
    tangent: FloatArray
    cells: FloatArray
    face: IntArray
    gradient: FloatArray
    step: FloatArray
    jump: FloatArray
    trial: FloatArray
    unit: FloatArray
    lower: FloatArray
    upper: FloatArray
    hessian: FloatArray
    factor: FloatArray


def room(problem: Problem, least: float | None = None) -> Work:
    """For nuisances alone, or for them and a parameter of at least ``least``."""
    bins, nuisances, cells = problem.cell.size, problem.kind.size, problem.ratio.size
    fitted = nuisances + (least is not None)
    return Work(
        expected=np.zeros(bins),
        slope=np.zeros(bins),
        weight=np.zeros(bins),
        scratch=np.zeros(bins),
        share=np.zeros(bins),
        templates=np.zeros((nuisances, bins)),
        tangent=np.zeros((fitted, bins)),
        cells=np.zeros(cells),
        face=np.zeros(cells, dtype=np.int64),
        gradient=np.zeros(fitted),
        step=np.zeros(fitted),
        jump=np.zeros(fitted),
        trial=np.zeros(fitted),
        unit=np.zeros(fitted),
        lower=np.append(problem.lower, np.full(fitted - nuisances, -np.inf if least is None else least)),
        upper=np.append(problem.upper, np.full(fitted - nuisances, np.inf)),
        hessian=np.zeros((fitted, fitted)),
        factor=np.zeros((fitted, fitted)),
    )
