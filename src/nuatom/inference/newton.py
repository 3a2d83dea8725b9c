"""Newton's method, projected on the bounds, for −2 ln λ of many points or data sets at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from nuatom.inference.expectation import Derivatives, Expectation
from nuatom.inference.problem import CONVERGED, NOT_CONVERGED, IntArray, Problem, Rows
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Minima", "minimise", "starting_cells"]

_MAX_ITERATIONS: Final = 60
# −2 ln λ is self-concordant: a step of decrement δ leaves it of the order of δ² above its minimum.
_TOLERANCE: Final = 1e-6
# With so small a decrement the parabola is good to its power 3/2, if no empty bin expects less than this.
_SETTLED: Final = 3e-7
_WELL_ABOVE: Final = 0.1
_ROUNDING: Final = 1e-9
_EPSILON: Final = float(np.finfo(float).eps)
# Templates of one shape, whose penalties are lost beside their size, are told apart by rounding only.
_RIDGE: Final = 1e-13
_FIRM_RIDGE: Final = 1e-8
# Halvings of a step, and steps that end at an empty bin, before another method takes over.
_HALVINGS: Final = 40
_MOST_BLOCKED: Final = 3
# A cell with counts of its own is positive: a step leaves at least this part of it.
_LEFT: Final = 0.1
# Numbers worked on at once: they stay in the cache.
_CHUNK: Final = 2**18


@dataclass(frozen=True, eq=False)
class Minima:
    """Where −2 ln λ of each row is least: nuisances and parameter, cells, and what became of it."""

    chi2: FloatArray
    x: FloatArray
    cells: FloatArray
    status: IntArray


@dataclass(frozen=True, eq=False)
class _State:
    """Rows still on their way: their number, where they are, and how often an empty bin stopped them."""

    left: IntArray
    rows: Rows
    at: Expectation
    chi2: FloatArray
    blocked: IntArray

    def of(self, chosen: NDArray[np.bool_]) -> Self:
        if chosen.all():
            return self
        which = np.flatnonzero(chosen)
        rows = self.rows.of(which)
        at = Expectation(self.at.problem, rows, self.at.x[which], self.at.cells[which])
        return type(self)(self.left[which], rows, at, self.chi2[which], self.blocked[which])


def starting_cells(problem: Problem, rows: Rows, x: FloatArray) -> FloatArray:
    """Sizes of cells that their own counts, and what the bins hold beside other samples, speak for."""
    empty = Expectation(problem, rows, x, np.zeros((len(x), problem.cells)))
    if not problem.cells:
        return empty.cells
    beside = np.maximum(rows.counts - np.maximum(empty.mean, 0.0), 0.0)
    own = np.where(problem.counted, rows.auxiliary, 0.0)
    flat = problem.ratio * problem.counted + np.maximum(empty.shares, 0.0) @ problem.belongs
    total = own + beside @ problem.belongs
    least = 1e-3 * rows.counts @ problem.belongs
    return np.maximum(total, least) / np.where(flat > 0.0, flat, 1.0)


def minimise(
    problem: Problem,
    rows: Rows,
    x: FloatArray,
    cells: FloatArray | None = None,
    least: float = -np.inf,
    *,
    afar: bool = False,
    most: int = _MAX_ITERATIONS,
) -> Minima:
    """Minimum of each row from where it starts; one that ends at an empty bin has not converged.

    Bertsekas, SIAM J. Control Optim. 20 (1982) 221. A first step from afar takes the curvature 1/λ of a bin
    in the place of n/λ²: that leads to λ = n from any distance.

    Parameters
    ----------
    problem : Problem
        What rows share.
    rows : Rows
        Templates and data.
    x, cells : ndarray, shapes (rows, nuisances or nuisances + 1), (rows, cells)
        Where to start; cells where their counts speak for by default.
    least : float
        Lower bound of the parameter behind the nuisances.
    afar : bool
        Whether the start may be far off.
    most : int
        Steps at most.
    """
    own, parameter = problem.unheld, x.shape[1] - problem.kind.size
    bounds = np.append(own.lower, [least] * parameter), np.append(own.upper, [np.inf] * parameter)
    moving = np.append(problem.moving, problem.kind.size + np.arange(parameter))
    shared = len(rows.templates) == 1 and not parameter
    each = x.shape[1] ** 2 + rows.fixed.shape[2] * (4 if shared else x.shape[1] + 4)
    portion = max(1, _CHUNK // each)
    found = Minima(
        np.full(len(x), np.inf),
        np.tile(np.append(problem.lower, [0.0] * parameter), (len(x), 1)),
        np.zeros((len(x), problem.cells)),
        np.full(len(x), NOT_CONVERGED),
    )
    with np.errstate(all="ignore"):
        for first in range(0, len(x), portion):
            some = slice(first, first + portion)
            part = rows.of(some).unheld(problem)
            start = np.clip(x[some][:, moving], *bounds)
            sizes = starting_cells(own, part, start) if cells is None else cells[some]
            minima = _portion(own, part, start, sizes, bounds, (afar, most))
            found.chi2[some], found.cells[some], found.status[some] = minima.chi2, minima.cells, minima.status
            found.x[some, moving] = minima.x
    return found


def _portion(
    problem: Problem,
    rows: Rows,
    x: FloatArray,
    cells: FloatArray,
    bounds: tuple[FloatArray, FloatArray],
    how: tuple[bool, int],
) -> Minima:
    found = Minima(np.full(len(x), np.inf), x.copy(), cells.copy(), np.full(len(x), NOT_CONVERGED))
    start = Expectation(problem, rows, x, cells)
    state = _State(np.arange(len(x)), rows, start, start.statistic, np.zeros(len(x), dtype=np.int64))
    state = state.of(start.statistic < np.inf)
    for iteration in range(how[1]):
        if not state.left.size:
            break
        far = how[0] and iteration == 0
        # What is left of −2 ln λ beside expectations many orders too large.
        rounding = _ROUNDING + _EPSILON * np.abs(state.at.mean).sum(axis=1)
        step, fall, decrement = _downhill(state.at, bounds, far=far)
        if not far:
            settled = _settle(found, state, step, fall, decrement, bounds)
            if settled.any():
                going = ~settled
                state, rounding = state.of(going), rounding[going]
                step, fall, decrement = step[going], fall[going], decrement[going]
                if not state.left.size:
                    break
        moved, chi2, whole, stopped = _descend(state, step, fall, bounds, rounding)
        down = np.isfinite(decrement) & (chi2 <= state.chi2 + rounding)
        done = down & whole & (decrement <= np.maximum(_TOLERANCE, rounding)) & (not far)
        blocked = state.blocked + stopped
        going = down & (blocked <= _MOST_BLOCKED) & ~done
        reached, left = np.flatnonzero(down), state.left[down]
        found.chi2[left] = chi2[reached]
        found.x[left], found.cells[left] = moved.x[reached], moved.cells[reached]
        found.status[state.left[done]] = CONVERGED
        state = _State(state.left, state.rows, moved, chi2, blocked).of(going)
    return found


def _settle(
    found: Minima,
    state: _State,
    step: FloatArray,
    fall: FloatArray,
    decrement: FloatArray,
    bounds: tuple[FloatArray, FloatArray],
) -> NDArray[np.bool_]:
    """Take last steps, so small that −2 ln λ falls by half of the decrement, and say which these are.

    Not where a bound stops the step, or it might empty a bin without counts: a decrement knows nothing of it.
    """
    at = state.at
    x, cells = at.x - step, at.cells - fall
    inside = np.all((x >= bounds[0]) & (x <= bounds[1]), axis=1) & np.all(
        (cells > 0.0) | (cells == at.cells), axis=1
    )
    empty = np.where((at.rows.counts == 0.0) & ~at.problem.gauss, at.mean, np.inf).min(axis=1)
    settled: NDArray[np.bool_] = inside & (decrement >= 0.0) & (decrement <= _SETTLED) & (empty > _WELL_ABOVE)
    which = np.flatnonzero(settled)
    left = state.left[which]
    found.chi2[left] = state.chi2[which] - 0.5 * decrement[which]
    found.x[left], found.cells[left], found.status[left] = x[which], cells[which], CONVERGED
    return settled


def _downhill(
    at: Expectation, bounds: tuple[FloatArray, FloatArray], *, far: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Steps to subtract from x and cells, and decrements: not a number where there is no way down."""
    step, fall, decrement = _direction(at.x, at.cells, at.derivatives(exact=True, afar=far), bounds, _RIDGE)
    lost = np.flatnonzero(~(decrement >= 0.0))
    if lost.size:
        # What is left of the Hessian without second derivatives of expectations is positive.
        some = Expectation(at.problem, at.rows.of(lost), at.x[lost], at.cells[lost])
        again = _direction(some.x, some.cells, some.derivatives(exact=False, afar=far), bounds, _FIRM_RIDGE)
        step[lost], fall[lost], decrement[lost] = again
        decrement[~(decrement >= 0.0)] = np.nan
    return step, fall, decrement


def _direction(
    x: FloatArray,
    cells: FloatArray,
    known: Derivatives,
    bounds: tuple[FloatArray, FloatArray],
    ridge: float,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Newton's step of x and cells, and its decrement, negative or not a number if it does not lead down.

    What is at a bound and would go beyond it takes no part.
    """
    lower, upper = bounds
    gradient, hessian = known.gradient, known.hessian
    own, curvature = known.cell_gradient, known.cell_hessian
    loose = ~((cells <= 0.0) & (own > 0.0))
    inverse = np.divide(1.0, curvature, out=np.zeros_like(curvature), where=loose & (curvature > 0.0))
    if cells.shape[1]:
        reduced = known.mixed * inverse[:, None]
        hessian = hessian - reduced @ known.mixed.swapaxes(1, 2)
        slope = gradient - (reduced @ own[:, :, None])[:, :, 0]
    else:
        slope = gradient
    diagonal = np.einsum("pkk->pk", hessian)
    free = ~(((x <= lower) & (slope > 0.0)) | ((x >= upper) & (slope < 0.0)))
    moving = free & (diagonal > 0.0)
    unit = np.divide(1.0, np.sqrt(diagonal), out=np.zeros_like(x), where=moving)
    # Nuisances differ by many orders of magnitude: steps are in units of their own curvature.
    hessian = hessian * (unit[:, :, None] * unit[:, None, :])
    np.einsum("pkk->pk", hessian)[...] = 1.0 + ridge
    step = unit * _solved(hessian, unit * slope)
    # What sees bins without counts alone is linear: it goes to its bound in one step.
    linear = free & (diagonal == 0.0) & (slope != 0.0)
    if linear.any():
        step = np.where(linear, x - np.where(slope > 0.0, lower, upper), step)
    fall: FloatArray = inverse * own
    if cells.shape[1]:
        fall = fall - inverse * (step[:, None] @ known.mixed)[:, 0]
        fall = np.where(loose & (curvature == 0.0) & (own > 0.0), cells, fall)
    decrement = np.einsum("pk,pk->p", step, gradient) + np.einsum("pg,pg->p", fall, own)
    decrement[np.any(free & (diagonal < 0.0), axis=1)] = np.nan
    return step, fall, decrement


def _solved(matrices: FloatArray, right: FloatArray) -> FloatArray:
    try:
        found = np.linalg.solve(matrices, right[:, :, None])
    except np.linalg.LinAlgError:
        found = np.linalg.solve(matrices + _FIRM_RIDGE * np.eye(right.shape[1]), right[:, :, None])
    return np.asarray(found[:, :, 0], dtype=float)


def _descend(
    state: _State,
    step: FloatArray,
    fall: FloatArray,
    bounds: tuple[FloatArray, FloatArray],
    rounding: FloatArray,
) -> tuple[Expectation, FloatArray, NDArray[np.bool_], NDArray[np.bool_]]:
    """As far along each step as −2 ln λ falls.

    Returns
    -------
    at, chi2 : Expectation, ndarray
        Where each row is then.
    whole, blocked : ndarray of bool
        Whether the whole step was taken and met no bound; whether it ended at an empty bin.
    """
    problem, before = state.at.problem, state.at
    length = np.ones(len(step))
    x, cells, stopped = _move(before, step, fall, length, bounds)
    at = Expectation(problem, state.rows, x, cells)
    chi2 = at.statistic
    worse = ~(chi2 <= state.chi2 + rounding)
    blocked = worse & (chi2 == np.inf) & at.empties if worse.any() else worse
    if not worse.any():
        return at, chi2, ~stopped, blocked
    first = _first_bound(before.x, step, bounds)
    x, cells, chi2 = x.copy(), cells.copy(), chi2.copy()
    for _ in range(_HALVINGS):
        # The part of a step beyond a bound may have been what made it lead downhill: end at the first.
        length = np.where(worse, np.where(first < length, first, 0.5 * length), length)
        some = np.flatnonzero(worse)
        part = Expectation(problem, state.rows.of(some), before.x[some], before.cells[some])
        moved = _move(part, step[some], fall[some], length[some], bounds)
        tried = Expectation(problem, part.rows, *moved[:2])
        x[some], cells[some], chi2[some] = tried.x, tried.cells, tried.statistic
        worse = ~(chi2 <= state.chi2 + rounding)
        if not worse.any():
            break
    return Expectation(problem, state.rows, x, cells), chi2, (length == 1.0) & ~stopped, blocked


def _move(
    at: Expectation,
    step: FloatArray,
    fall: FloatArray,
    length: FloatArray,
    bounds: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Subtract a part of the step, no size farther than to its bound; whether one was stopped there."""
    target = at.x - length[:, None] * step
    x = np.clip(target, *bounds)
    stopped = np.any((x != target) & (x != at.x), axis=1)
    if not at.cells.shape[1]:
        return x, at.cells, stopped
    target = at.cells - length[:, None] * fall
    least = np.where(at.problem.counted & (at.rows.auxiliary > 0.0), _LEFT * at.cells, 0.0)
    cells = np.maximum(target, least)
    return x, cells, stopped | np.any((cells != target) & (cells != at.cells), axis=1)


def _first_bound(x: FloatArray, step: FloatArray, bounds: tuple[FloatArray, FloatArray]) -> FloatArray:
    """Part of each step at which the first nuisance meets its bound."""
    lower, upper = bounds
    reach = np.divide(
        x - np.where(step > 0.0, lower, upper), step, out=np.full_like(x, np.inf), where=step != 0.0
    )
    first: FloatArray = np.where(reach > 0.0, reach, np.inf).min(axis=1, initial=np.inf)
    return first
