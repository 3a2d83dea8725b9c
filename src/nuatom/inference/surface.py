"""Likelihood surfaces of several parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Surface", "surface"]

_CHUNK: Final = 2000
_MOST_POINTS: Final = 2_000_000


@dataclass(frozen=True, eq=False)
class Surface:
    """−2 ln λ above its minimum on a grid, and the minimum inside the grid.

    Parameters
    ----------
    two_delta_nll : ndarray, one axis a parameter
        −2 ln λ above ``minimum``.
    best_fit : ndarray, shape (parameters,)
        Where the minimum is.
    minimum : float
        −2 ln λ there.
    """

    two_delta_nll: FloatArray
    best_fit: FloatArray
    minimum: float


def surface(
    statistic: Callable[[FloatArray], FloatArray],
    values: Sequence[FloatArray],
    progress: Callable[[float], None] | None = None,
) -> Surface:
    """Evaluate −2 ln λ on the grid that axes span, and find its minimum inside their range.

    Parameters
    ----------
    statistic : callable
        −2 ln λ for points of shape (n, parameters).
    values : sequence of ndarray
        Each axis: two or more increasing values.
    progress : callable, optional
        Called with the fraction done.

    Raises
    ------
    InputError
        For an axis that does not increase, or more than two million points.
    """
    axes = [np.asarray(axis, dtype=float) for axis in values]
    for axis in axes:
        if axis.ndim != 1 or axis.size < 2 or not np.all(np.isfinite(axis)) or np.any(np.diff(axis) <= 0.0):
            raise InputError("values", axis.tolist(), "two or more finite, increasing values on each axis")
    shape = tuple(axis.size for axis in axes)
    points_in_all = math.prod(shape)
    if points_in_all > _MOST_POINTS:
        raise InputError("points", points_in_all, f"at most {_MOST_POINTS} points")
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
    found = np.empty(len(points))
    for start in range(0, len(points), _CHUNK):
        found[start : start + _CHUNK] = statistic(points[start : start + _CHUNK])
        if progress is not None:
            progress(min(1.0, (start + _CHUNK) / len(points)))

    lowest = int(np.argmin(found))
    low = np.array([axis[0] for axis in axes])
    span = np.array([axis[-1] for axis in axes]) - low

    def scaled(unit: FloatArray) -> float:
        return float(statistic((low + unit * span)[None, :])[0])

    from iminuit import Minuit

    minuit = Minuit(scaled, (points[lowest] - low) / span)
    minuit.errordef = Minuit.LEAST_SQUARES
    minuit.limits = [(0.0, 1.0)] * len(axes)
    minuit.migrad()
    if not minuit.valid:
        minuit.strategy = 2
        minuit.migrad()
    best, minimum = points[lowest], float(found[lowest])
    # Less than this is rounding: the point of the grid is as good, and may be a plain zero.
    if minuit.fval is not None and minuit.fval < minimum - 1e-7:
        best, minimum = low + np.array(minuit.values) * span, float(minuit.fval)
    return Surface((found - minimum).reshape(shape), best, minimum)
