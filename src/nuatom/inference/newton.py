"""Newton's method, projected on the bounds, for −2 ln λ of one point: compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from nuatom.inference.expectation import derivatives, value
from nuatom.inference.problem import CONVERGED, HELD, NOT_CONVERGED, Point, Problem, Work
from nuatom.numerics.compiled import compiled
from nuatom.numerics.quadrature import FloatArray

__all__ = ["descend", "solve"]

# Halvings of a signal of 1e60 events.
_MAX_ITERATIONS: Final = 200
# −2 ln λ is self-concordant: a step of decrement δ leaves it of the order of δ² above its minimum.
_TOLERANCE: Final = 1e-6
_ROUNDING: Final = 1e-9
_EPSILON: Final = float(np.finfo(float).eps)
# Templates of one shape, whose penalties are lost beside their size, are told apart by rounding only.
_RIDGE: Final = 1e-13
_FIRST_RIDGE: Final = 1e-8
_ATTEMPTS: Final = 8
# Steps that end at an empty bin before another method takes over.
_MOST_BLOCKED: Final = 3


@compiled
def solve(matrix: FloatArray, factor: FloatArray, right: FloatArray, ridge: float) -> bool:
    """Solve for a symmetric matrix given by its lower half, by Cholesky; false where it is not positive.

    ``right`` becomes the solution.
    """
    size = right.size
    for i in range(size):
        for j in range(i + 1):
            total = matrix[i, j] + (ridge if i == j else 0.0)
            for m in range(j):
                total -= factor[i, m] * factor[j, m]
            if i == j:
                if not total > 0.1 * ridge:
                    return False
                factor[i, i] = np.sqrt(total)
            else:
                factor[i, j] = total / factor[j, j]
    for i in range(size):
        total = right[i]
        for m in range(i):
            total -= factor[i, m] * right[m]
        right[i] = total / factor[i, i]
    for i in range(size - 1, -1, -1):
        total = right[i]
        for m in range(i + 1, size):
            total -= factor[m, i] * right[m]
        right[i] = total / factor[i, i]
    return True


@compiled
def _bounds(problem: Problem, k: int, low: float) -> tuple[float, float]:
    """Of a nuisance, or of the parameter that stands behind them."""
    if k < problem.kind.size:
        return problem.lower[k], problem.upper[k]
    return low, np.inf


@compiled
def _direction(problem: Problem, x: FloatArray, work: Work, low: float) -> float:
    """Step to subtract from x, in ``work.step``; the decrement, or −1 for a Hessian that is not positive.

    What is held, or at a bound and would go beyond it, takes no part.
    """
    size = x.size
    for k in range(size):
        lower, upper = _bounds(problem, k, low)
        slope, curvature = work.gradient[k], work.hessian[k, k]
        held = k < problem.kind.size and problem.kind[k] == HELD
        moving = not (held or (x[k] <= lower and slope > 0.0) or (x[k] >= upper and slope < 0.0))
        if curvature < 0.0 and moving:
            return -1.0
        work.unit[k] = 1.0 / np.sqrt(curvature) if moving and curvature > 0.0 else 0.0
        work.step[k] = work.unit[k] * slope
        # What sees bins without counts alone is linear: it goes to its bound in one step.
        work.jump[k] = 0.0
        if moving and curvature == 0.0 and slope != 0.0:
            work.jump[k] = x[k] - lower if slope > 0.0 else x[k] - upper
    # Nuisances differ by many orders of magnitude: steps are in units of their own curvature.
    for i in range(size):
        for j in range(i):
            work.hessian[i, j] *= work.unit[i] * work.unit[j]
    for i in range(size):
        work.hessian[i, i] = 1.0
    if not solve(work.hessian, work.factor, work.step, _RIDGE):
        return -1.0
    decrement = 0.0
    for k in range(size):
        work.step[k] = work.unit[k] * work.step[k] if work.unit[k] > 0.0 else work.jump[k]
        decrement += work.step[k] * work.gradient[k]
    return decrement


@compiled
def _downhill(problem: Problem, point: Point, x: FloatArray, work: Work, afar: bool, low: float) -> float:
    """As `_direction`, by the exact Hessian or by what is left of it that is positive; −1 without any."""
    decrement, ridge = -1.0, 0.0
    for attempt in range(_ATTEMPTS):
        exact = attempt == 0
        derivatives(problem, point, x, work, exact, afar)
        if attempt > 1:
            ridge = max(100.0 * ridge, _FIRST_RIDGE)
            for k in range(x.size):
                work.hessian[k, k] *= 1.0 + ridge
        decrement = _direction(problem, x, work, low)
        if decrement >= 0.0:
            break
    return decrement


@compiled
def _move(problem: Problem, x: FloatArray, work: Work, length: float, low: float, out: FloatArray) -> bool:
    """Subtract a part of the step, no size farther than to its bound; whether one was stopped there."""
    stopped = False
    for k in range(x.size):
        lower, upper = _bounds(problem, k, low)
        target = x[k] - length * work.step[k]
        out[k] = min(max(target, lower), upper)
        stopped = stopped or (out[k] != target and x[k] != out[k])
    return stopped


@compiled
def _first_bound(problem: Problem, x: FloatArray, work: Work, low: float) -> float:
    """Part of the step at which the first nuisance meets its bound."""
    first = np.inf
    for k in range(x.size):
        lower, upper = _bounds(problem, k, low)
        step = work.step[k]
        if step != 0.0:
            reach = (x[k] - (lower if step > 0.0 else upper)) / step
            if reach > 0.0:
                first = min(first, reach)
    return first


@compiled
def _empties(problem: Problem, point: Point, work: Work) -> bool:
    """Whether what makes a step impossible is a bin without counts."""
    for b in range(work.expected.size):
        if not problem.gauss[b] and point.counts[b] == 0.0 and work.expected[b] < 0.0:
            return True
    return False


@compiled
def descend(
    problem: Problem, point: Point, x: FloatArray, work: Work, near: bool, low: float
) -> tuple[float, int]:
    """Minimise −2 ln λ from x, where it has a value, and leave x at the minimum.

    Newton's method, projected on the bounds (Bertsekas, SIAM J. Control Optim. 20 (1982) 221). A first step
    from afar takes the curvature 1/λ of a bin in the place of n/λ²: that leads to λ = n from any distance.

    Returns −2 ln λ and what became of it; ``NOT_CONVERGED`` also where steps end at an empty bin, which is
    left to :mod:`nuatom.inference.interior`.
    """
    trial = work.trial
    current = value(problem, point, x, work)
    blocked = 0
    for iteration in range(_MAX_ITERATIONS):
        afar = iteration == 0 and not near
        scale = 0.0
        for b in range(work.expected.size):
            scale += abs(work.expected[b])
        # Rounding of the sum is all that is left of a signal many orders too large.
        rounding = _ROUNDING + _EPSILON * scale
        decrement = _downhill(problem, point, x, work, afar, low)
        if not (0.0 <= decrement < np.inf):
            return current, NOT_CONVERGED
        length = 1.0
        stopped = _move(problem, x, work, length, low, trial)
        reached = value(problem, point, trial, work)
        if not reached <= current + rounding:
            if reached == np.inf and _empties(problem, point, work):
                blocked += 1
            # The part of a step beyond a bound may have been what made it lead downhill: end at the first.
            first = _first_bound(problem, x, work, low)
            while not reached <= current + rounding and length > 1e-60:
                length = first if first < length else 0.5 * length
                stopped = _move(problem, x, work, length, low, trial)
                reached = value(problem, point, trial, work)
            if not reached <= current + rounding or blocked > _MOST_BLOCKED:
                return current, NOT_CONVERGED
        for k in range(x.size):
            x[k] = trial[k]
        current = reached
        if decrement <= max(_TOLERANCE, rounding) and length == 1.0 and not (stopped or afar):
            return current, CONVERGED
    return current, NOT_CONVERGED
