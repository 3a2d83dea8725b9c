"""A variable that steps logarithmically from a first point, and finely across a ridge."""

from __future__ import annotations

import numpy as np

from nuatom.numerics.quadrature import FloatArray

__all__ = ["ridge_point", "ridge_slope", "ridge_variable"]

_BISECTIONS = 14
_NEWTON_STEPS = 5


def ridge_variable(point: FloatArray, first: FloatArray, centre: FloatArray, width: FloatArray) -> FloatArray:
    """ln(x/a) + arsinh((x − k)/w) + arsinh((k − a)/w): zero at a; the arguments broadcast.

    Parameters
    ----------
    point, first : ndarray
        x and a, positive.
    centre, width : ndarray
        k and w of the ridge.
    """
    variable: FloatArray = (
        np.log(point / first) + np.arcsinh((point - centre) / width) + np.arcsinh((centre - first) / width)
    )
    return variable


def ridge_slope(point: FloatArray, centre: FloatArray, width: FloatArray) -> FloatArray:
    """Derivative of :func:`ridge_variable`."""
    slope: FloatArray = 1.0 / point + 1.0 / np.hypot(point - centre, width)
    return slope


def ridge_point(
    variable: FloatArray, first: FloatArray, last: FloatArray, centre: FloatArray, width: FloatArray
) -> FloatArray:
    """Point between a and b at which :func:`ridge_variable` has a value: its inverse, to rounding."""
    low, high = np.broadcast_arrays(np.log(first), np.log(last), variable)[:2]
    # The variable rises with the point, so that bisection cannot fail, nor Newton's steps within its bracket.
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        below = ridge_variable(np.exp(middle), first, centre, width) < variable
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    point: FloatArray = np.exp(0.5 * (low + high))
    for _ in range(_NEWTON_STEPS):
        step = (ridge_variable(point, first, centre, width) - variable) / ridge_slope(point, centre, width)
        point = np.clip(point - step, np.exp(low), np.exp(high))
    return point
