"""Interpolation by cubics that are monotonic where the data are."""

from __future__ import annotations

import numpy as np

from nuatom.numerics.quadrature import FloatArray

__all__ = ["monotone_cubic"]


def monotone_cubic(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    """Piecewise cubic through points that is monotonic where they are :cite:`Fritsch:1984`.

    Slopes are weighted harmonic means of those of the neighbouring intervals, zero at extrema; at the ends
    three-point estimates that keep the sense of the first interval.

    Parameters
    ----------
    x : ndarray, shape (N,)
        Increasing; three or more.
    y : ndarray, shape (N,)
        Values.
    at : ndarray
        Where to interpolate, between the first and the last.
    """
    step = np.diff(x)
    secant = np.diff(y) / step
    slope = np.empty_like(y, dtype=float)
    before, after = 2.0 * step[1:] + step[:-1], step[1:] + 2.0 * step[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (before + after) / (before / secant[:-1] + after / secant[1:])
    slope[1:-1] = np.where(secant[:-1] * secant[1:] > 0.0, mean, 0.0)
    slope[0] = _end_slope(step[0], step[1], secant[0], secant[1])
    slope[-1] = _end_slope(step[-1], step[-2], secant[-1], secant[-2])
    left = np.clip(np.searchsorted(x, at, side="right") - 1, 0, x.size - 2)
    h, part = step[left], at - x[left]
    square = (3.0 * secant[left] - 2.0 * slope[left] - slope[left + 1]) / h
    cube = (slope[left] + slope[left + 1] - 2.0 * secant[left]) / h**2
    value: FloatArray = y[left] + part * (slope[left] + part * (square + part * cube))
    return value


def _end_slope(first: float, second: float, secant: float, following: float) -> float:
    slope = ((2.0 * first + second) * secant - first * following) / (first + second)
    if slope * secant <= 0.0:
        return 0.0
    if secant * following <= 0.0 and abs(slope) > 3.0 * abs(secant):
        return 3.0 * secant
    return float(slope)
