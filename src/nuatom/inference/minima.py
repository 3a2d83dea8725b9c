"""Minima of −2 ln λ at points that arrays span: Newton's method first, what it leaves by another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from nuatom.errors import InputError
from nuatom.inference.newton import Minima, minimise
from nuatom.inference.problem import CONVERGED, IntArray, Problem, Rows
from nuatom.numerics.quadrature import FloatArray

__all__ = ["gather", "minima"]

# In scans at least so long every so many points are minimised first, and the others from between them.
_LONG: Final = 100
_STRIDE: Final = 16
# Numbers of templates that are gathered at once.
_GATHERED: Final = 2**23


def minima(
    problem: Problem,
    flat: Sequence[FloatArray],
    which: IntArray,
    row: int,
    near: tuple[FloatArray, FloatArray] | None,
) -> Minima:
    """Minimum at each point; of points that ``row`` after row are alike if that is not one.

    Parameters
    ----------
    problem : Problem
        What points share.
    flat : sequence of ndarray
        Fixed expectations, templates, counts, centres, auxiliary counts, each with one leading axis.
    which : ndarray, shape (points, 5)
        Which of each a point is made of.
    row : int
        So many points that follow each other are neighbours in a scan.
    near : tuple of ndarray, optional
        Nuisances and cells to start from.
    """
    portion = max(1, _GATHERED // max(flat[1].shape[1] * flat[1].shape[2], 1))
    portion = max(portion // row, 1) * row
    parts = [
        _portion(problem, flat, which[i : i + portion], row, near) for i in range(0, len(which), portion)
    ]
    if len(parts) == 1:
        return parts[0]
    names = ("chi2", "x", "cells", "status")
    joined = [[getattr(part, name) for part in parts] for name in names]
    return (
        Minima(*(np.concatenate(part) for part in joined))
        if parts
        else _portion(problem, flat, which, 1, near)
    )


def _portion(
    problem: Problem,
    flat: Sequence[FloatArray],
    which: IntArray,
    row: int,
    near: tuple[FloatArray, FloatArray] | None,
) -> Minima:
    points = len(which)
    rows = Rows(
        *(
            _chosen(array, index)
            for array, index in zip((flat[0][:, None], flat[1][:, None], *flat[2:]), which.T, strict=True)
        )
    )
    if near is None:
        found = _from_centres(problem, rows, points, row)
    else:
        start = np.broadcast_to(near[0], (points, problem.kind.size))
        found = minimise(problem, rows, start, np.broadcast_to(near[1], (points, problem.cells)))
    edge = np.flatnonzero(found.status != CONVERGED)
    if edge.size:
        from nuatom.inference.edge import at_the_edge

        some = [array[index[edge]] for array, index in zip(flat, which.T, strict=True)]
        found.chi2[edge], found.x[edge], found.cells[edge], found.status[edge] = at_the_edge(problem, *some)
    return found


def _chosen(array: FloatArray, index: IntArray) -> FloatArray:
    """Rows of an array, itself where these are all of them."""
    if len(array) == 1 or (len(array) == index.size and np.array_equal(index, np.arange(index.size))):
        return array
    return array[index]


def _from_centres(problem: Problem, rows: Rows, points: int, row: int) -> Minima:
    """Minima from the centres of the constraints; in long scans, from between those of every few points."""
    centres = np.broadcast_to(rows.centres, (points, problem.kind.size))
    if row < _LONG:
        return minimise(problem, rows, centres, afar=True)
    place = np.arange(points) % row
    knots = np.flatnonzero((place % _STRIDE == 0) | (place == row - 1))
    found = minimise(problem, rows.of(knots), centres[knots], afar=True)
    x, cells = (_between(knots, part, points, row) for part in (found.x, found.cells))
    found = minimise(problem, rows, x, np.maximum(cells, 0.0))
    lost = np.flatnonzero(found.status != CONVERGED)
    if lost.size:
        again = minimise(problem, rows.of(lost), centres[lost], afar=True)
        for name, part in vars(again).items():
            getattr(found, name)[lost] = part
    return found


def _between(knots: IntArray, values: FloatArray, number: int, row: int) -> FloatArray:
    """Cubics through the four knots about each point, of the same scan: minima lie on a curve."""
    each = (row - 1) // _STRIDE + 1 + ((row - 1) % _STRIDE > 0)
    points = np.arange(number)
    before = np.searchsorted(knots, points, side="right") - 1
    first = np.clip(before - 1, points // row * each, points // row * each + each - 4)
    found = np.zeros((number, values.shape[1]))
    for i in range(4):
        weight = np.ones(number)
        for j in range(4):
            if j != i:
                weight *= (points - knots[first + j]) / (knots[first + i] - knots[first + j])
        found += weight[:, None] * values[first + i]
    return found


def gather(shapes: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], IntArray]:
    """Broadcast leading axes; for each point, which row of each array it is made of."""
    try:
        batch = np.broadcast_shapes(*shapes)
    except ValueError as error:
        raise InputError("leading axes", list(shapes), "shapes that broadcast") from error
    rows = [
        np.broadcast_to(np.arange(math.prod(shape)).reshape(shape), batch).reshape(-1) for shape in shapes
    ]
    return batch, np.stack(rows, axis=1)
