"""Where a curve that is known by simulation, such as a p-value, crosses a level: the ends of intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from nuatom.errors import ConvergenceError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Curve", "End", "find_ends"]

# The root is first closed in on to this part of its size, with few experiments; then three truths about it,
# this far apart, get as many as the precision needs.
_CLOSE: Final = 0.05
_FIRST: Final = 1000
_GROWTH: Final = 1.5
_STEPS: Final = 60


@dataclass(frozen=True)
class End:
    """An end of an interval and its Monte Carlo error, one standard deviation."""

    value: float
    error: float


@dataclass(frozen=True)
class Curve:
    """A probability as a function of θ, estimated by simulation.

    Parameters
    ----------
    estimate : callable
        Number of experiments to use at a value of θ → the probability, and its standard deviation.
    prepare : callable
        Values of θ and a number of experiments: work that can be done at once.
    along : callable
        A smooth quantity in which the logit of the probability is nearly linear, such as the root of the
        observed −2 Δ ln λ.
    shared : bool
        Whether the same experiments enter at every θ, so that errors at several do not average.
    """

    estimate: Callable[[float, int], tuple[float, float]]
    prepare: Callable[[list[float], int], None]
    along: Callable[[float], float]
    shared: bool = False

    def logit(self, value: float, number: int) -> tuple[float, float]:
        """Log odds of the probability and their standard deviation."""
        p, sigma = self.estimate(value, number)
        p = min(max(p, 0.5 / number), 1.0 - 0.5 / number)
        sigma = max(sigma, 0.5 / number)
        return float(np.log(p / (1.0 - p))), sigma / (p * (1.0 - p))


def find_ends(
    curve: Curve, grid: FloatArray, level: float, precision: float, most: int, width: float
) -> tuple[list[bool], list[End]]:
    """Where the probability crosses a level between values of a grid.

    Parameters
    ----------
    curve : Curve
        The probability.
    grid : ndarray
        Increasing values between which it is not looked for more than one crossing.
    level : float
        What it crosses.
    precision : float
        Relative Monte Carlo error of an end to reach.
    most : int
        Experiments at one truth at most.
    width : float
        Width of the interval, which a small end is measured by.

    Returns
    -------
    inside : list of bool
        Whether the probability is above the level, at each value of the grid.
    ends : list of End
        One for each change of that.

    Raises
    ------
    ConvergenceError
        When the precision is not reached.
    """
    values = [float(value) for value in grid]
    curve.prepare(values, _FIRST)
    inside = [curve.estimate(value, _FIRST)[0] > level for value in values]
    ends = []
    for i in range(len(values) - 1):
        if inside[i] != inside[i + 1]:
            root = _close_in(curve, values[i], values[i + 1], level, width)
            ends.append(_sharpen(curve, root, level, precision, most, width))
    return inside, ends


def _close_in(curve: Curve, low: float, high: float, level: float, width: float) -> float:
    """Root between two values, by regula falsi on log odds that are known to some percent."""
    target = float(np.log(level / (1.0 - level)))
    left, right = curve.logit(low, _FIRST)[0] - target, curve.logit(high, _FIRST)[0] - target
    root = 0.5 * (low + high)
    for _ in range(_STEPS):
        part = min(max(left / (left - right), 0.1), 0.9) if left != right else 0.5
        root = low + part * (high - low)
        if high - low <= 2.0 * _CLOSE * max(abs(root), 0.2 * width):
            break
        found = curve.logit(root, _FIRST)[0] - target
        if (found > 0.0) == (left > 0.0):
            low, left = root, found
        else:
            high, right = root, found
    return root


def _sharpen(curve: Curve, root: float, level: float, precision: float, most: int, width: float) -> End:
    """The crossing next to a value, from a straight line through log odds at three truths about it."""
    target = float(np.log(level / (1.0 - level)))
    apart = _CLOSE * max(abs(root), 0.2 * width)
    truths = [root - apart, root, root + apart]
    along = np.array([curve.along(truth) for truth in truths])
    if not (np.all(np.diff(along) > 0.0) or np.all(np.diff(along) < 0.0)):
        along = np.array(truths)
    number = _FIRST
    while True:
        curve.prepare(truths, number)
        odds, sigma = np.array([curve.logit(truth, number) for truth in truths]).T
        design = np.stack([np.ones(3), along - along[1]]) / sigma
        covariance = np.linalg.inv(design @ design.T)
        offset, slope = covariance @ (design @ (odds / sigma))
        if slope == 0.0:
            raise ConvergenceError(f"a probability that does not change about {root:.3g}")
        shift = (target - offset) / slope
        direction = np.array([1.0, shift])
        spread = sigma.max() if curve.shared else np.sqrt(direction @ covariance @ direction)
        error = float(spread) / abs(float(slope))
        # From the quantity along to θ, in which it is smooth.
        value = float(_inverse(along, np.array(truths), along[1] + shift))
        small = 1e-3 * float(along[2] - along[0])
        error *= abs((_inverse(along, np.array(truths), along[1] + small) - root) / small)
        size = max(abs(value), 0.2 * width)
        if error <= precision * size:
            return End(value, error)
        if number >= most:
            raise ConvergenceError(
                f"an end at {value:.3g} is known to {error / size:.2g} with {number} experiments a truth, "
                f"not to {precision:g}"
            )
        number = min(most, int(max(_GROWTH, 1.1 * (error / (precision * size)) ** 2) * number) + 1)


def _inverse(along: FloatArray, truths: FloatArray, at: float) -> float:
    """Parabola through three points of θ as a function of the quantity along."""
    total = 0.0
    for i in range(3):
        weight = 1.0
        for j in range(3):
            if j != i:
                weight *= (at - along[j]) / (along[i] - along[j])
        total += weight * truths[i]
    return total
