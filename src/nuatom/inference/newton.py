"""Newton's method for Poisson counts in bins that are linear in what is fitted, many points at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from nuatom.errors import ConvergenceError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["minimise"]

# Halvings of a signal of 1e60 events.
_MAX_ITERATIONS: Final = 200
# −2 ln λ is self-concordant: a step of decrement δ leaves it of the order of δ² above its minimum.
_TOLERANCE: Final = 1e-6
_ROUNDING: Final = 1e-9
# Templates of one shape, whose penalties are lost beside their size, are told apart by rounding only.
_RIDGE: Final = 1e-13
# The first step's curvature is 1/λ, but within this factor of n/λ².
_REACH: Final = 4.0
_TINY: Final = float(np.finfo(float).tiny)
# Templates worked on at once stay in the cache: this many numbers, two megabytes.
_CHUNK: Final = 2**18
# Of points that follow each other in a scan one in so many is solved first, to start the others from.
_STRIDE: Final = 8


@dataclass(frozen=True, eq=False)
class _Points:
    """Points that are not at their minimum yet: templates that move, and what the others expect."""

    observed: FloatArray
    held: FloatArray
    templates: FloatArray

    def of(self, chosen: NDArray[np.bool_]) -> Self:
        return type(self)(self.observed[chosen], self.held[chosen], self.templates[chosen])

    def at(
        self, size: FloatArray, nominal: FloatArray, precision: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Expected counts, observed over expected ones, and −2 ln λ: infinite where it has no value."""
        n = self.observed
        expected = (size[:, None, :] @ self.templates)[:, 0]
        expected += self.held
        possible = expected.min(axis=1) > 0.0
        if not possible.all():
            possible = np.all((expected > 0.0) | ((n == 0.0) & (expected == 0.0)), axis=1)
            np.maximum(expected, _TINY, out=expected)
        ratio = n / expected
        poisson = np.sum(expected - n, axis=1) + np.einsum("pb,pb->p", n, np.log(np.maximum(ratio, _TINY)))
        return expected, ratio, np.where(possible, 2.0 * poisson + (size - nominal) ** 2 @ precision, np.inf)


def minimise(
    observed: FloatArray,
    templates: FloatArray,
    nominal: FloatArray,
    precision: FloatArray,
    movable: NDArray[np.bool_],
    bounds: FloatArray,
    *,
    scan: bool = False,
) -> tuple[FloatArray, FloatArray]:
    """Minimise −2 ln λ at each point over the sizes x of λ = Σ_m x_m M_m, which stay near their nominal ones.

    Newton's method, projected on the bounds (Bertsekas, SIAM J. Control Optim. 20 (1982) 221). A first step
    from afar takes the curvature 1/λ of a bin in the place of n/λ²: that leads to λ = n from any distance.

    Parameters
    ----------
    observed : ndarray, shape (points, bins)
        Counts n.
    templates : ndarray, shape (points, templates, bins)
        M, the first of them positive.
    nominal : ndarray, shape (templates,)
        Of the sizes: 1 for scales, 0 for variations.
    precision : ndarray, shape (templates,)
        1/σ² of each size, zero for a free one.
    movable : ndarray of bool, shape (templates,)
        Which take part; others keep their nominal size.
    bounds : ndarray, shape (templates, 2)
        Least and largest sizes; zero at least for scales.
    scan : bool
        Whether points next to each other are alike: most then start between the minima of others.

    Returns
    -------
    size : ndarray, shape (points, templates)
        Where the minimum is.
    statistic : ndarray, shape (points,)
        −2 ln λ there, to 1e-9.

    Raises
    ------
    ConvergenceError
        When an expectation is negative whatever the first template's size, or steps do not end.
    """
    points = len(templates)
    problem = (nominal, precision, movable, bounds)
    size, statistic = np.tile(nominal, (points, 1)), np.empty(points)
    near = None
    if scan and points > 2 * _STRIDE:
        knots = np.append(np.arange(0, points - 1, _STRIDE), points - 1)
        known, _ = minimise(observed[knots], templates[knots], *problem)
        near = np.stack([np.interp(np.arange(points), knots, column) for column in known.T], axis=1)
    portion = max(1, _CHUNK // (templates.shape[1] * templates.shape[2]))
    for rows in (slice(start, start + portion) for start in range(0, points, portion)):
        total = np.einsum("m,pmb->pb", nominal, templates[rows])
        start = size[rows].copy()
        if movable[0] and total.min() <= 0.0:
            # Start where every bin expects something.
            lift = np.max(-total / templates[rows, 0], axis=1)
            start[:, 0] += np.where(lift >= 0.0, 1.1 * lift + 0.1, 0.0)
        held = np.einsum("m,pmb->pb", nominal * ~movable, templates[rows])
        size[rows, movable], statistic[rows] = _solve(
            _Points(observed[rows], held, templates[rows] if movable.all() else templates[rows, movable]),
            start[:, movable],
            None if near is None else near[rows, movable],
            nominal[movable],
            precision[movable],
            bounds[movable],
        )
    return size, statistic


def _solve(
    points: _Points,
    start: FloatArray,
    near: FloatArray | None,
    nominal: FloatArray,
    precision: FloatArray,
    bounds: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Minimise from ``near``, or where that is impossible or not known from ``start``."""
    lower, upper = bounds.T
    each = np.arange(precision.size)
    here = start if near is None else near
    expected, ratio, current = points.at(here, nominal, precision)
    if near is not None and not np.all(np.isfinite(current)):
        here = np.where(np.isfinite(current)[:, None], near, start)
        expected, ratio, current = points.at(here, nominal, precision)
    if not np.all(np.isfinite(current)):
        raise ConvergenceError(
            "a bin expects a negative or overflowing number of events at every normalisation: "
            "are the couplings in the right unit?"
        )
    size, minimum, active = np.empty_like(here), np.empty_like(current), np.arange(len(here))
    for iteration in range(_MAX_ITERATIONS):
        from_afar = iteration == 0 and near is None
        # Rounding of the sum is all that is left of a signal many orders too large.
        rounding = _ROUNDING + np.finfo(float).eps * np.abs(expected).sum(axis=1)
        matrix = points.templates
        gradient = (matrix @ (1.0 - ratio)[:, :, None])[:, :, 0] + (here - nominal) * precision
        weight = (np.clip(1.0, ratio / _REACH, ratio * _REACH) if from_afar else ratio) / expected
        hessian = (matrix * weight[:, None, :]) @ matrix.swapaxes(1, 2)
        curvature = hessian[:, each, each] + precision
        # What is at a bound and would go beyond it takes no part in this step.
        moving = ~((here <= lower) & (gradient > 0.0)) & ~((here >= upper) & (gradient < 0.0))
        gradient = np.where(moving, gradient, 0.0)
        # Templates differ by many orders of magnitude: solve for steps in units of their own curvature.
        unit = np.where(moving & (curvature != 0.0), 1.0 / np.sqrt(curvature), 0.0)
        hessian *= unit[:, :, None] * unit[:, None, :]
        hessian[:, each, each] = 1.0 + _RIDGE
        try:
            step = unit * np.linalg.solve(hessian, (unit * gradient)[:, :, None])[:, :, 0]
        except np.linalg.LinAlgError as error:
            raise ConvergenceError("normalisations that the data do not tell apart") from error
        # What only sees bins without counts is linear there and goes to its bound in one step.
        linear = np.where(gradient > 0.0, here, gradient)
        step = np.where(moving & (curvature == 0.0), linear, step)
        decrement = 2.0 * np.sum(step * gradient, axis=1)
        if not np.all(np.isfinite(decrement)):
            raise ConvergenceError(
                "a normalisation that the data do not determine, or numbers that overflow: "
                "are the couplings in the right unit?"
            )
        bound = np.where(step > 0.0, lower, upper)
        # Part of the step that leads to the bound; what is there already stays, and the rest goes downhill.
        reach = np.divide(here - bound, step, out=np.full_like(step, np.inf), where=step != 0.0)
        trial = np.where(reach <= 1.0, bound, here - step)
        expected, ratio, reached = points.at(trial, nominal, precision)
        length = np.ones(len(here))
        worse = ~(reached <= current + rounding)
        if worse.any():
            first = np.min(reach, axis=1, where=reach > 0.0, initial=np.inf)
        for _ in range(_MAX_ITERATIONS):
            if not worse.any():
                break
            # The part of a step beyond a bound may have been what made it lead downhill: end at the first.
            length[worse] = np.where(first < length, first, 0.5 * length)[worse]
            shorter = here[worse] - length[worse, None] * step[worse]
            trial[worse] = np.where(reach[worse] <= length[worse, None], bound[worse], shorter)
            found = points.of(worse).at(trial[worse], nominal, precision)
            expected[worse], ratio[worse], reached[worse] = found
            worse = ~(reached <= current + rounding)

        size[active], minimum[active] = trial, reached
        stopped = np.any(reach <= length[:, None], axis=1)
        left = (decrement > np.maximum(_TOLERANCE, rounding)) | stopped | from_afar
        if not left.any():
            return size, minimum
        here, current = trial, reached
        if not left.all():
            points, active = points.of(left), active[left]
            here, current, expected, ratio = here[left], current[left], expected[left], ratio[left]
    raise ConvergenceError(f"profiling {active.size} points did not converge in {_MAX_ITERATIONS} steps")
