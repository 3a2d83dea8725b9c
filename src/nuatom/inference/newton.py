"""Newton's method, projected on the bounds, for −2 ln λ of one point: compiled."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nuatom.inference.expectation import derivatives, value
from nuatom.inference.problem import CONVERGED, NOT_CONVERGED, Point, Problem, Work
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
def _direction(
    x: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    gradient: FloatArray,
    hessian: FloatArray,
    factor: FloatArray,
    unit: FloatArray,
    jump: FloatArray,
    step: FloatArray,
) -> float:
    """Step to subtract from x; returns the decrement, or −1 for a Hessian that is not positive.

    What is at a bound and would go beyond it takes no part.
    """
    size = x.size
    for k in range(size):
        slope, curvature = gradient[k], hessian[k, k]
        moving = not ((x[k] <= lower[k] and slope > 0.0) or (x[k] >= upper[k] and slope < 0.0))
        if curvature < 0.0 and moving:
            return -1.0
        unit[k] = 1.0 / np.sqrt(curvature) if moving and curvature > 0.0 else 0.0
        step[k] = unit[k] * slope
        # What sees bins without counts alone is linear: it goes to its bound in one step.
        jump[k] = 0.0
        if moving and curvature == 0.0 and slope != 0.0:
            jump[k] = x[k] - (lower[k] if slope > 0.0 else upper[k])
    # Nuisances differ by many orders of magnitude: steps are in units of their own curvature.
    for i in range(size):
        for j in range(i):
            hessian[i, j] *= unit[i] * unit[j]
    for i in range(size):
        hessian[i, i] = 1.0
    if not solve(hessian, factor, step, _RIDGE):
        return -1.0
    decrement = 0.0
    for k in range(size):
        step[k] = unit[k] * step[k] if unit[k] > 0.0 else jump[k]
        decrement += step[k] * gradient[k]
    return decrement


@compiled
def _downhill(problem: Problem, point: Point, x: FloatArray, work: Work, afar: bool) -> float:
    """As `_direction`, by the exact Hessian or by what is left of it that is positive; −1 without any."""
    decrement, ridge = -1.0, 0.0
    for attempt in range(_ATTEMPTS):
        exact = attempt == 0
        derivatives(problem, point, x, work, exact, afar)
        if attempt > 1:
            ridge = max(100.0 * ridge, _FIRST_RIDGE)
            for k in range(x.size):
                work.hessian[k, k] *= 1.0 + ridge
        decrement = _direction(
            x,
            work.lower,
            work.upper,
            work.gradient,
            work.hessian,
            work.factor,
            work.unit,
            work.jump,
            work.step,
        )
        if decrement >= 0.0:
            break
    return decrement


@compiled
def _move(
    x: FloatArray, step: FloatArray, lower: FloatArray, upper: FloatArray, length: float, out: FloatArray
) -> bool:
    """Subtract a part of the step, no size farther than to its bound; whether one was stopped there."""
    stopped = False
    for k in range(x.size):
        target = x[k] - length * step[k]
        out[k] = min(max(target, lower[k]), upper[k])
        stopped = stopped or (out[k] != target and x[k] != out[k])
    return stopped


@compiled
def _first_bound(x: FloatArray, step: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """Part of the step at which the first nuisance meets its bound."""
    first = np.inf
    for k in range(x.size):
        if step[k] != 0.0:
            reach = (x[k] - (lower[k] if step[k] > 0.0 else upper[k])) / step[k]
            if reach > 0.0:
                first = min(first, reach)
    return first


@compiled
def _empties(expected: FloatArray, counts: FloatArray, gauss: NDArray[np.bool_]) -> bool:
    """Whether what makes a step impossible is a bin without counts."""
    below = 0
    for b in range(expected.size):
        below += not gauss[b] and counts[b] == 0.0 and expected[b] < 0.0
    return below > 0


@compiled
def _rounding(expected: FloatArray) -> float:
    """What is left of −2 ln λ beside expectations many orders too large."""
    total = 0.0
    for b in range(expected.size):
        total += abs(expected[b])
    return _ROUNDING + _EPSILON * total


@compiled
def descend(
    problem: Problem, point: Point, x: FloatArray, work: Work, current: float, near: bool
) -> tuple[float, int]:
    """Minimise −2 ln λ from x, where `value` has just found that it is ``current``; leave x at the minimum.

    Newton's method, projected on the bounds (Bertsekas, SIAM J. Control Optim. 20 (1982) 221). A first step
    from afar takes the curvature 1/λ of a bin in the place of n/λ²: that leads to λ = n from any distance.

    Returns −2 ln λ and what became of it; ``NOT_CONVERGED`` also where steps end at an empty bin, which is
    left to :mod:`nuatom.inference.interior`.
    """
    trial, step, lower, upper = work.trial, work.step, work.lower, work.upper
    blocked = 0
    for iteration in range(_MAX_ITERATIONS):
        afar = iteration == 0 and not near
        rounding = _rounding(work.expected)
        decrement = _downhill(problem, point, x, work, afar)
        if not (0.0 <= decrement < np.inf):
            return current, NOT_CONVERGED
        length = 1.0
        stopped = _move(x, step, lower, upper, length, trial)
        reached = value(problem, point, trial, work)
        if not reached <= current + rounding:
            if reached == np.inf and _empties(work.expected, point.counts, problem.gauss):
                blocked += 1
            # The part of a step beyond a bound may have been what made it lead downhill: end at the first.
            first = _first_bound(x, step, lower, upper)
            while not reached <= current + rounding and length > 1e-60:
                length = first if first < length else 0.5 * length
                stopped = _move(x, step, lower, upper, length, trial)
                reached = value(problem, point, trial, work)
            if not reached <= current + rounding or blocked > _MOST_BLOCKED:
                return current, NOT_CONVERGED
        for k in range(x.size):
            x[k] = trial[k]
        current = reached
        if decrement <= max(_TOLERANCE, rounding) and length == 1.0 and not (stopped or afar):
            return current, CONVERGED
    return current, NOT_CONVERGED
