"""Confidence intervals of one parameter from its profile likelihood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from nuatom.errors import ConvergenceError, InputError
from nuatom.numerics.bounds import cl_within
from nuatom.numerics.normal import normal_quantile
from nuatom.numerics.quadrature import FloatArray

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
# Rounds of a search for minima and ends; a minimum is known where its neighbours are above it by so little, a
# root where the root of −2 Δ ln λ, or the value itself, is known so well.
_ROUNDS: Final = 100
_CLOSE: Final = 1e-6
_NARROW: Final = 0.02
_ROOT: Final = 1e-11
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
        For a confidence level that `nuatom.numerics.bounds.cl_within` refuses, below ½ for an upper limit, or
        unknown sides.
    """
    lowest = 0.5 if sides == "upper" else 0.0
    if sides not in ("two-sided", "upper"):
        raise InputError("sides", sides, "two-sided or upper")
    cl_within(cl, lowest)
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
    places, depths = _refined(statistic, grid, coarse)
    best, minimum = float(places[np.argmin(depths)]), float(depths.min())
    zero = int(np.argmin(np.abs(grid)))
    if coarse[zero] < minimum + _FLAT:
        best, minimum = 0.0, min(minimum, float(coarse[zero]))
    # Every minimum joins the grid, so that a piece narrower than its spacing is not missed.
    points, which = np.unique([*grid, *places, best], return_index=True)
    above = np.array([*coarse, *depths, minimum])[which] - minimum - rise
    above[points == best] = -rise
    if sides == "upper":
        above[points < best] = -rise
    inside = above < 0.0
    edge = np.flatnonzero(inside[1:] != inside[:-1])
    crossings = _crossings(
        lambda values: _height(statistic(values) - minimum, rise),
        (points[edge], points[edge + 1]),
        (_height(above[edge] + rise, rise), _height(above[edge + 1] + rise, rise)),
    )
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
        two_delta_nll_at_zero=float(coarse[zero]) - minimum,
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


def _refined(
    statistic: Callable[[FloatArray], FloatArray], grid: FloatArray, coarse: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Every minimum next to a point of the grid, and its depth; the point itself where it is as low.

    Each is closed in on by parabolas through three points, all at once.
    """
    start = np.array(_local_minima(coarse))
    at = np.stack([np.maximum(start - 1, 0), start, np.minimum(start + 1, grid.size - 1)])
    three, depth = grid[at], coarse[at]
    for _ in range(_ROUNDS):
        left = np.flatnonzero(_bend(depth) > _CLOSE)
        if not left.size:
            break
        (low, middle, high), fallen = three[:, left], depth[:, left]
        vertex, narrow = _vertex(three[:, left], fallen), _NARROW * (high - low)
        tried = np.stack(
            [0.5 * (low + middle), vertex - narrow, vertex, vertex + narrow, 0.5 * (middle + high)]
        )
        tried = np.clip(tried, low, high)
        known = statistic(tried.T.reshape(-1)).reshape(left.size, -1).T
        places = np.concatenate([three[:, left], tried])
        heights = np.concatenate([fallen, known])
        order = np.argsort(places, axis=0, kind="stable")
        places, heights = (np.take_along_axis(part, order, axis=0) for part in (places, heights))
        lowest = np.clip(np.argmin(heights, axis=0), 1, len(places) - 2)
        around = lowest + np.arange(-1, 2)[:, None]
        three[:, left] = np.take_along_axis(places, around, axis=0)
        depth[:, left] = np.take_along_axis(heights, around, axis=0)
    else:
        raise ConvergenceError(f"no minimum found between {three[0].min():.3g} and {three[2].max():.3g}")
    vertex = np.clip(_vertex(three, depth), three[0], three[2])
    found, fall = vertex, statistic(vertex)
    better = fall < depth.min(axis=0)
    inner = np.argmin(depth, axis=0)
    found = np.where(better, found, np.take_along_axis(three, inner[None], axis=0)[0])
    fall = np.where(better, fall, depth.min(axis=0))
    lower = fall < coarse[start] - _FLAT
    return np.where(lower, found, grid[start]), np.where(lower, fall, coarse[start])


def _bend(depth: FloatArray) -> FloatArray:
    """How far the outer of three points are above the lowest."""
    bend: FloatArray = depth.max(axis=0) - depth.min(axis=0)
    return bend


def _vertex(place: FloatArray, depth: FloatArray) -> FloatArray:
    """Where a parabola through three points is lowest; the middle one where it has no such place."""
    (low, middle, high), (left, at, right) = place, depth
    with np.errstate(all="ignore"):
        below, above = (at - left) / (middle - low), (right - at) / (high - middle)
        vertex = middle + 0.5 * (below * (high - middle) + above * (middle - low)) / (below - above)
    inner = np.isfinite(vertex) & (vertex > low) & (vertex < high)
    return np.asarray(np.where(inner, vertex, middle), dtype=float)


def _height(rise: FloatArray, level: float) -> FloatArray:
    """Root of a rise less that of a level: nearly linear where −2 ln λ is nearly a parabola."""
    height: FloatArray = np.sqrt(np.maximum(rise, 0.0)) - np.sqrt(level)
    return height


def _crossings(
    height: Callable[[FloatArray], FloatArray],
    between: tuple[FloatArray, FloatArray],
    ends: tuple[FloatArray, FloatArray],
) -> list[float]:
    """Zeros of a function between values where its signs differ, all at once, by the Illinois method."""
    low, high, left, right = (np.array(part, dtype=float) for part in (*between, *ends))
    root = np.where(np.abs(left) < np.abs(right), low, high)
    side = np.zeros(root.size)
    active = np.arange(root.size)
    for _ in range(_ROUNDS):
        if not active.size:
            break
        a, b, fa, fb = low[active], high[active], left[active], right[active]
        point = np.where(np.isfinite(fa) & np.isfinite(fb), (a * fb - b * fa) / (fb - fa), 0.5 * (a + b))
        found = height(point)
        root[active] = point
        same = (found > 0.0) == (fa > 0.0)
        low[active], left[active] = np.where(same, point, a), np.where(same, found, fa)
        high[active], right[active] = np.where(same, b, point), np.where(same, fb, found)
        # An end that stays twice counts half: else it would stay for ever.
        again = side[active] == np.where(same, 1.0, -1.0)
        right[active] *= np.where(same & again, 0.5, 1.0)
        left[active] *= np.where(~same & again, 0.5, 1.0)
        side[active] = np.where(same, 1.0, -1.0)
        near = (np.abs(found) <= _ROOT) | (np.abs(high[active] - low[active]) <= _ROOT * np.abs(point))
        active = active[~near]
    else:
        raise ConvergenceError(f"an end of the interval next to {root[active[0]]:.3g} is not found")
    return [float(value) for value in root]


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
