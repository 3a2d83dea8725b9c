"""Spherical Bessel functions of all orders at once, on a table of arguments."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from nuatom.errors import InputError
from nuatom.numerics.compiled import compiled
from nuatom.numerics.quadrature import FloatArray

__all__ = ["spherical_bessel"]

LANES = 32
"""Arguments that are finished together, so that the table is written in whole cache lines."""


def spherical_bessel(order_max: int, argument: ArrayLike, floor: float = 0.0) -> FloatArray:
    r"""Tabulate :math:`j_L(x)` for every order :math:`0 \le L \le L_{max}`.

    Below the turning point (:math:`L < x`) the recurrence
    :math:`j_{L+1} = (2L+1)\,j_L/x - j_{L-1}` [DLMF 10.51.1] is stable upwards. Above it, where
    it is not, the ratios :math:`j_L/j_{L-1} = x/(2L+1 - x\,j_{L+1}/j_L)` are run downwards from
    far beyond the last order; they neither overflow nor lose digits, and :math:`j_L` then
    underflows to zero where it is below 1e-308.

    Parameters
    ----------
    order_max : int
        Highest order, not negative.
    argument : array_like
        Finite arguments :math:`x \ge 0`, any shape.
    floor : float
        Orders so far above x that :math:`|j_L|` is below ``floor`` may be returned as zero, which
        saves most of the work of a large table.

    Returns
    -------
    ndarray, shape (order_max + 1, *argument.shape)
        Absolute error below 1e-12 of the local amplitude (measured against SciPy and
        multiprecision values), or below ``floor``.

    Raises
    ------
    InputError
        For a negative order, or an argument that is negative or not finite.
    """
    if order_max < 0:
        raise InputError("order_max", order_max, "an integer >= 0")
    x = np.asarray(argument, dtype=float)
    if not np.all(np.isfinite(x)) or np.any(x < 0.0):
        raise InputError("argument", argument, "finite numbers >= 0")
    if not 0.0 <= floor < 1.0:
        raise InputError("floor", floor, "a number from 0 to below 1")
    # At L = x + s x^⅓, j_L falls as exp(−0.943 s^1.5) [DLMF 10.20, 9.7.5]; for small x faster.
    reach = (-math.log(floor) / 0.943) ** (2.0 / 3.0) if floor > 0.0 else math.inf
    table = np.zeros((order_max + 1, x.size))
    _fill(order_max, x.ravel(), reach, table)
    return table.reshape(order_max + 1, *x.shape)


@compiled
def _fill(order_max: int, arguments: FloatArray, reach: float, table: FloatArray) -> None:
    ratios = np.empty(order_max + 2)
    block = np.empty((LANES, order_max + 1))
    lasts = np.empty(LANES, dtype=np.int64)
    for begin in range(0, arguments.size, LANES):
        lanes = min(LANES, arguments.size - begin)
        highest = 0
        for lane in range(lanes):
            x = arguments[begin + lane]
            beyond = x + reach * (x ** (1.0 / 3.0) + 1.0)
            last = int(min(float(order_max), beyond))
            _column(last, x, ratios, block[lane])
            lasts[lane] = last
            highest = max(highest, last)
        for order in range(highest + 1):
            for lane in range(lanes):
                if order <= lasts[lane]:
                    table[order, begin + lane] = block[lane, order]


@compiled
def _column(order_max: int, x: float, ratios: FloatArray, column: FloatArray) -> None:
    column[0] = math.sin(x) / x if x > 0.0 else 1.0
    turning = int(min(x, float(order_max)))
    if turning >= 1:
        column[1] = (column[0] - math.cos(x)) / x
        for order in range(1, turning):
            column[order + 1] = (2 * order + 1) / x * column[order] - column[order - 1]
    if turning == order_max:
        return
    # A wrong ratio at the start is forgotten once the start is a few turning-point
    # widths, x^(1/3), beyond both the last order and the turning point.
    start = int(max(order_max + 20.0, x + 12.0 * x ** (1.0 / 3.0) + 30.0))
    ratio = 0.0
    for order in range(start, order_max, -1):
        ratio = x / (2 * order + 1 - x * ratio)
    for order in range(order_max, turning, -1):
        ratio = x / (2 * order + 1 - x * ratio)
        ratios[order] = ratio
    for order in range(turning + 1, order_max + 1):
        column[order] = column[order - 1] * ratios[order]
