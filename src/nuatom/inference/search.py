"""The lowest minimum over nuisances and one parameter, which can have several, for many data sets."""

from __future__ import annotations

from typing import Final

import numpy as np

from nuatom.inference.newton import Minima, minimise
from nuatom.inference.problem import CONVERGED, NOT_CONVERGED, IntArray, Problem, Rows
from nuatom.numerics.quadrature import FloatArray

__all__ = ["fit_parameter"]

# Newton's steps of the nuisances at each value of the parameter that may be started from.
_STEPS: Final = 2
# A minimum that was not reached matters where −2 ln λ on the way to it is not above the lowest by this.
_ABOVE: Final = 1e-9


def fit_parameter(
    problem: Problem, rows: Rows, near: tuple[FloatArray, FloatArray], values: FloatArray, least: float
) -> Minima:
    """Lowest minimum of each row by Newton's method, from values of the parameter next to each local minimum.

    Parameters
    ----------
    problem : Problem
        What rows share.
    rows : Rows
        Polynomials of degree 2 that rows share, and data.
    near : tuple of ndarray, shapes (rows, nuisances), (rows, cells)
        Nuisances and cells to start from.
    values : ndarray
        Values of the parameter, increasing, which tell its local minima apart.
    least : float
        Lower bound of the parameter.

    Returns
    -------
    Minima
        ``x`` holds the nuisances and the parameter.
    """
    number = len(near[0])
    along = [_profiled(problem, rows, near, float(value)) for value in values]
    chi2 = np.stack([part.chi2 for part in along], axis=1)
    padded = np.pad(chi2, ((0, 0), (1, 1)), constant_values=np.inf)
    lowest = (padded[:, 1:-1] <= padded[:, :-2]) & (padded[:, 1:-1] < padded[:, 2:])
    row, start = np.nonzero(lowest)
    x = np.stack([part.x for part in along], axis=1)[row, start]
    cells = np.stack([part.cells for part in along], axis=1)[row, start]
    theta = _vertex(values, padded, row, start)
    found = minimise(problem, rows.of(row), np.column_stack([x, theta]), cells, least)
    return _lowest(problem, found, row, number)


def _profiled(problem: Problem, rows: Rows, near: tuple[FloatArray, FloatArray], value: float) -> Minima:
    """Nuisances and cells of each row some steps towards the minimum at a value that all share."""
    powers = value ** np.arange(3)
    held = Rows(
        np.einsum("j,pjb->pb", powers, rows.fixed)[:, None],
        np.einsum("j,pjkb->pkb", powers, rows.templates)[:, None],
        rows.counts,
        rows.centres,
        rows.auxiliary,
    )
    return minimise(problem, held, *near, most=_STEPS)


def _vertex(values: FloatArray, chi2: FloatArray, row: IntArray, start: IntArray) -> FloatArray:
    """Minimum of a parabola through −2 ln λ at a value and its neighbours; the value where there is none."""
    left, middle, right = (chi2[row, start + i] for i in range(3))
    inner = np.isfinite(left) & np.isfinite(right)
    low, at, high = (values[np.clip(start + i, 0, values.size - 1)] for i in (-1, 0, 1))
    before, after = at - low, high - at
    with np.errstate(all="ignore"):
        below, above = (middle - left) / before, (right - middle) / after
        shift = 0.5 * (below * after + above * before) / (below - above)
    return np.where(inner & np.isfinite(shift), np.clip(at + shift, low, high), at)


def _lowest(problem: Problem, found: Minima, row: IntArray, number: int) -> Minima:
    """Of the minima of each row the lowest; failed where one that was not reached may be lower."""
    best = Minima(
        np.full(number, np.inf),
        np.zeros((number, problem.kind.size + 1)),
        np.zeros((number, problem.cells)),
        np.full(number, NOT_CONVERGED),
    )
    reached = found.status == CONVERGED
    order = np.lexsort((found.chi2, ~reached, row))
    first = order[np.unique(row[order], return_index=True)[1]]
    of = row[first]
    best.chi2[of], best.cells[of] = found.chi2[first], found.cells[first]
    best.x[of] = found.x[first]
    best.status[of] = found.status[first]
    lost = ~reached & (np.isinf(found.chi2) | (found.chi2 <= best.chi2[row] - _ABOVE))
    best.status[row[lost]] = NOT_CONVERGED
    best.chi2[best.status != CONVERGED] = np.inf
    return best
