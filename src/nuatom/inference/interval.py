"""Confidence intervals of one parameter from its profile likelihood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from nuatom.errors import ConvergenceError, InputError
from nuatom.numerics.normal import normal_quantile
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.roots import minimum_between, root_between

__all__ = ["Interval", "Method", "Sides", "confidence_interval", "threshold"]
Sides = Literal["two-sided", "upper"]
Method = Literal["profile", "feldman-cousins", "cls", "power-constrained", "bayesian"]

# The search, in typical magnitudes: twenty points a decade on each allowed side of zero, from 1e-3 to 1e2,
# and on to 1e8 until −2 ln λ has risen well beyond any threshold: nuclei see charges a million times as large
# as electrons do.
_POINTS_PER_DECADE: Final = 20
_FIRST_DECADE, _LEAST_DECADE, _LAST_DECADE = -3, 2, 8
_WELL_BEYOND: Final = 50.0
_CURVE_POINTS: Final = 201
# Where −2 ln λ changes less than this over a cell of the grid, any point of it is the minimum.
_FLAT: Final = 1e-7


@dataclass(frozen=True, eq=False)
class Interval:
    """A confidence interval, and the curve it was read from.

    Parameters
    ----------
    best_fit : float
        Where the likelihood is largest, within the physical range.
    lower, upper : float or None
        Ends of the interval; None where it is open: at a physical boundary, or without limit.
    cl : float
        Confidence level.
    sides : {"two-sided", "upper"}
        Which construction.
    threshold : float
        Rise of −2 ln λ that bounds the interval.
    segments : tuple of (float or None, float or None)
        The pieces of the interval, where interference makes it disconnected; ``lower`` and ``upper`` are
        the outermost ends.
    minimum : float
        −2 ln λ at the best fit.
    two_delta_nll_at_zero : float
        −2 ln λ at zero above its minimum.
    curve_value, curve_two_delta_nll : ndarray
        The profile likelihood around the interval.
    method : str
        How it was made.
    monte_carlo_error : tuple of (float or None, float or None), optional
        Standard deviation of each end of each segment, where simulated experiments made it.
    toys, failed_toys : int
        How many of these, and how many of their fits failed.
    """

    best_fit: float
    lower: float | None
    upper: float | None
    cl: float
    sides: Sides
    threshold: float
    segments: tuple[tuple[float | None, float | None], ...]
    minimum: float
    two_delta_nll_at_zero: float
    curve_value: FloatArray = field(repr=False)
    curve_two_delta_nll: FloatArray = field(repr=False)
    method: Method = "profile"
    monte_carlo_error: tuple[tuple[float | None, float | None], ...] | None = None
    toys: int = 0
    failed_toys: int = 0


def threshold(cl: float, sides: Sides) -> float:
    """Rise of −2 ln λ that bounds an interval: 2.71 (two-sided) or 1.64 (upper) at 90%.

    By Wilks' theorem :cite:`Wilks:1938dza` the two-sided value is the χ² quantile for one degree of freedom;
    for an upper limit, values below the best fit are never excluded and it is the square of the normal
    quantile, :cite:`Cowan:2010js`, equation (59).

    Raises
    ------
    InputError
        For a confidence level outside (0, 1), below ½ for an upper limit, or unknown sides.
    """
    lowest = 0.5 if sides == "upper" else 0.0
    if sides not in ("two-sided", "upper"):
        raise InputError("sides", sides, "two-sided or upper")
    if not lowest < cl < 1.0:
        raise InputError("cl", cl, f"a number between {lowest:g} and 1")
    return normal_quantile(0.5 * (1.0 + cl) if sides == "two-sided" else cl) ** 2


def confidence_interval(
    statistic: Callable[[FloatArray], FloatArray],
    scale: float,
    *,
    even: bool,
    cl: float = 0.90,
    sides: Sides = "two-sided",
) -> Interval:
    """Interval of a parameter θ: where −2 ln λ(θ) is within :func:`threshold` of its minimum.

    The minimum is taken over the physical range (θ ≥ 0 where only θ² matters). With the best fit on that
    boundary the two-sided interval over-covers: see the docs page on statistics for its measured coverage.

    Parameters
    ----------
    statistic : callable
        −2 ln λ, profiled over everything else, for an array of values.
    scale : float
        Typical magnitude of θ; it is searched from 1e-3 to 1e8 times this.
    even : bool
        Whether the statistic depends on θ² only.
    cl : float
        Confidence level.
    sides : {"two-sided", "upper"}
        Which construction.

    Raises
    ------
    ConvergenceError
        When no minimum is found inside the range searched.
    """
    rise = threshold(cl, sides)
    grid, coarse = _search(statistic, scale, even=even)
    lowest = int(np.argmin(coarse))
    if lowest == grid.size - 1 or (lowest == 0 and not even):
        raise ConvergenceError(f"no minimum between {grid[0]:.3g} and {grid[-1]:.3g}")
    refined = [_refine(statistic, grid, coarse, start) for start in _local_minima(coarse)]
    best, minimum = min(refined, key=lambda found: found[1])
    if coarse[zero := int(np.argmin(np.abs(grid)))] < minimum + _FLAT:
        best, minimum = 0.0, min(minimum, float(coarse[zero]))

    def excess(value: float) -> float:
        return float(statistic(np.array([value]))[0]) - minimum - rise

    # Every minimum joins the grid, so that a piece narrower than its spacing is not missed.
    points = np.unique([*grid, best, *(place for place, _ in refined)])
    above = statistic(points) - minimum - rise
    above[points == best] = -rise
    if sides == "upper":
        above[points < best] = -rise
    inside = above < 0.0
    crossings = [
        root_between(excess, points[i], points[i + 1], absolute=1e-12 * scale, relative=1e-10)
        for i in np.flatnonzero(inside[1:] != inside[:-1])
    ]
    ends: list[float | None] = list(crossings)
    if inside[0]:
        ends.insert(0, None)
    if inside[-1]:
        ends.append(None)
    segments = tuple(zip(ends[::2], ends[1::2], strict=True))
    values, curve = _curve(statistic, crossings, best, minimum, scale, even=even)
    return Interval(
        best_fit=best,
        lower=segments[0][0],
        upper=segments[-1][1],
        cl=cl,
        sides=sides,
        threshold=rise,
        segments=segments,
        minimum=minimum,
        two_delta_nll_at_zero=float(statistic(np.zeros(1))[0]) - minimum,
        curve_value=values,
        curve_two_delta_nll=curve,
    )


def _search(
    statistic: Callable[[FloatArray], FloatArray], scale: float, *, even: bool
) -> tuple[FloatArray, FloatArray]:
    """A grid that holds every minimum, and the statistic on it."""
    for last in range(_LEAST_DECADE, _LAST_DECADE + 1):
        points = _POINTS_PER_DECADE * (last - _FIRST_DECADE) + 1
        positive = scale * np.logspace(_FIRST_DECADE, last, points)
        grid = np.concatenate([[0.0], positive] if even else [-positive[::-1], [0.0], positive])
        values = statistic(grid)
        ends = values[-1:] if even else values[[0, -1]]
        if np.all(ends > values.min() + _WELL_BEYOND):
            break
    return grid, values


def _local_minima(values: FloatArray) -> list[int]:
    """Indices of values that are not above their neighbours: of a flat stretch, its ends."""
    padded = np.concatenate([[np.inf], values, [np.inf]])
    below = (padded[1:-1] <= padded[:-2]) & (padded[1:-1] <= padded[2:])
    flat = (padded[1:-1] == padded[:-2]) & (padded[1:-1] == padded[2:])
    return [int(index) for index in np.flatnonzero(below & ~flat)]


def _refine(
    statistic: Callable[[FloatArray], FloatArray], grid: FloatArray, coarse: FloatArray, start: int
) -> tuple[float, float]:
    """Minimum in the grid cells around a grid point; the point itself where it is as low."""
    at_start = float(statistic(grid[start : start + 1])[0])
    around = slice(max(start - 1, 0), start + 2)
    if coarse[around].max() < coarse[start] + _FLAT:
        # Nothing but rounding makes a minimum here, where the data do not see the parameter.
        return float(grid[start]), at_start
    low, high = grid[around][[0, -1]]
    place, value = minimum_between(statistic, low, high, absolute=1e-7 * (high - low))
    if not value < at_start - _FLAT:
        return float(grid[start]), at_start
    return place, value


def _curve(
    statistic: Callable[[FloatArray], FloatArray],
    crossings: list[float],
    best: float,
    minimum: float,
    scale: float,
    *,
    even: bool,
) -> tuple[FloatArray, FloatArray]:
    """The profile over half as much again as the interval, for figures."""
    low, high = min([*crossings, best, 0.0]), max([*crossings, best, 0.0])
    width = high - low or scale
    left = 0.0 if even else low - 0.3 * width
    values = np.linspace(left, high + 0.3 * width, _CURVE_POINTS)
    return values, statistic(values) - minimum
