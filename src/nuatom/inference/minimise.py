"""Minima of −2 ln λ at many points by Newton's method: compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nuatom.inference.expectation import value
from nuatom.inference.newton import descend
from nuatom.inference.problem import CONVERGED, NOT_CONVERGED, IntArray, Point, Problem, Work
from nuatom.numerics.compiled import compiled
from nuatom.numerics.quadrature import FloatArray

__all__ = ["fit_parameter", "minimise"]


@compiled
def _nominal(problem: Problem, point: Point, x: FloatArray) -> None:
    """Every nuisance at its centre, or the bound next to it."""
    for k in range(problem.kind.size):
        x[k] = min(max(point.centres[k], problem.lower[k]), problem.upper[k])


@compiled
def _load(given: Point, which: IntArray, p: int, point: Point) -> None:
    """Copy what a point is made of, where it differs from the point before."""
    if p == 0 or which[p, 0] != which[p - 1, 0]:
        _copy(given.fixed[which[p, 0]], point.fixed)
    if p == 0 or which[p, 1] != which[p - 1, 1]:
        _copy(given.templates[which[p, 1]], point.templates)
    if p == 0 or which[p, 2] != which[p - 1, 2]:
        _copy(given.counts[which[p, 2]], point.counts)
    if p == 0 or which[p, 3] != which[p - 1, 3]:
        _copy(given.centres[which[p, 3]], point.centres)
    if p == 0 or which[p, 4] != which[p - 1, 4]:
        _copy(given.auxiliary[which[p, 4]], point.auxiliary)


@compiled
def _copy(source: FloatArray, target: FloatArray) -> None:
    """Numbers of one array into another of its shape."""
    first, second = source.ravel(), target.ravel()
    for i in range(first.size):
        second[i] = first[i]


@compiled
def minimise(
    problem: Problem, given: Point, which: IntArray, row: int, point: Point, work: Work
) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
    """Minimum at each point by Newton's method; points refer to the arrays by their first index.

    Where there is no start, or steps end at an empty bin, ``status`` says that it has not converged.

    Parameters
    ----------
    problem : Problem
        What they share.
    given : Point
        Arrays with one more axis, the first.
    which : ndarray, shape (points, 5)
        Which of each a point is made of.
    row : int
        So many points that follow each other are alike and start from each other's minimum.
    point, work : Point, Work
        Room for one point.

    Returns
    -------
    chi2, nuisance, measured, status : ndarray, first axis points
    """
    points, nuisances, cells = len(which), problem.kind.size, problem.ratio.size
    size, sizes = np.empty((points, nuisances)), np.empty((points, cells))
    chi2, status = np.empty(points), np.empty(points, np.int64)
    x = np.empty(nuisances)
    for p in range(points):
        _load(given, which, p, point)
        for g in range(cells):
            work.cells[g] = 0.0
        near, current = False, np.inf
        if p % row > 0 and status[p - 1] == CONVERGED:
            # In a scan minima lie on a curve.
            line = p % row > 1 and status[p - 2] == CONVERGED
            for k in range(nuisances):
                x[k] = 2.0 * size[p - 1, k] - size[p - 2, k] if line else size[p - 1, k]
                x[k] = min(max(x[k], problem.lower[k]), problem.upper[k])
            current = value(problem, point, x, work)
            near = current < np.inf
        if not near:
            _nominal(problem, point, x)
            current = value(problem, point, x, work)
        if current < np.inf:
            chi2[p], status[p] = descend(problem, point, x, work, current, near)
        else:
            status[p] = NOT_CONVERGED
        for k in range(nuisances):
            size[p, k] = x[k]
        for g in range(cells):
            sizes[p, g] = work.cells[g]
    return chi2, size, sizes, status


@compiled
def fit_parameter(
    problem: Problem,
    given: Point,
    which: IntArray,
    starts: FloatArray,
    always: NDArray[np.bool_],
    near: FloatArray,
    point: Point,
    work: Work,
) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
    """Lowest minimum over nuisances and the parameter at each point, by Newton's method from several starts.

    Of ``starts`` those are taken where −2 ln λ, with the nuisances of ``near``, is not above its neighbours,
    and those that are taken ``always``, since nuisances can hide a minimum.

    Parameters
    ----------
    problem : Problem
        What points share.
    given : Point
        Arrays with one more axis, the first; expectations are polynomials of degree 2.
    which : ndarray, shape (points, 5)
        Which of each a point is made of.
    starts : ndarray
        Values of the parameter, increasing.
    always : ndarray of bool
        Which of them are taken whatever −2 ln λ there is.
    near : ndarray, shape (points, nuisances + 1)
        Nuisances and parameter to start from too.
    point, work : Point, Work
        Room for one point.

    Returns
    -------
    chi2, sizes, measured, status : ndarray, first axis points
        ``sizes`` holds the nuisances and the parameter.
    """
    points, fitted, cells = len(which), problem.kind.size + 1, problem.ratio.size
    size, sizes = np.empty((points, fitted)), np.empty((points, cells))
    chi2, status = np.full(points, np.inf), np.full(points, NOT_CONVERGED)
    x, found = np.empty(fitted), np.empty(starts.size + 2)
    for p in range(points):
        _load(given, which, p, point)
        _copy(near[p], x)
        found[0] = found[-1] = np.inf
        for s in range(starts.size):
            x[-1] = starts[s]
            found[s + 1] = value(problem, point, x, work)
        for s in range(-1, starts.size):
            lowest = s < 0 or (found[s + 1] <= found[s] and found[s + 1] < found[s + 2])
            if not (lowest or always[s]):
                continue
            _copy(near[p], x)
            if s >= 0:
                x[-1] = starts[s]
            current = value(problem, point, x, work)
            if not current < np.inf:
                continue
            reached, became = descend(problem, point, x, work, current, s < 0)
            if became == CONVERGED and reached < chi2[p]:
                chi2[p], status[p] = reached, CONVERGED
                _copy(x, size[p])
                _copy(work.cells, sizes[p])
    return chi2, size, sizes, status
