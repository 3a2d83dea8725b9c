"""Zero and minimum of a function of one variable, inside a bracket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from nuatom.errors import ConvergenceError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["minimum_between", "root_between"]

_MOST_STEPS: Final = 200
_POINTS: Final = 13


def root_between(
    function: Callable[[float], float], low: float, high: float, *, absolute: float, relative: float
) -> float:
    """Zero of a function that changes sign between two points.

    Inverse quadratic interpolation where three points lie so that it converges, and halves otherwise
    :cite:`Chandrupatla:1997`.

    Parameters
    ----------
    function : callable
        Continuous.
    low, high : float
        Where its signs differ.
    absolute, relative : float
        The zero is known to ``absolute + relative·|zero|``.

    Raises
    ------
    ConvergenceError
        When the signs are the same, or a value is not a number.

    Examples
    --------
    >>> round(root_between(lambda x: x**3 - 2.0, 0.0, 3.0, absolute=1e-14, relative=1e-14), 12)
    1.259921049895
    """
    a, b = low, high
    at_a, at_b = function(a), function(b)
    if at_a == 0.0 or at_b == 0.0:
        return a if at_a == 0.0 else b
    if not at_a * at_b < 0.0:
        raise ConvergenceError(f"no change of sign between {low:.6g} and {high:.6g}")
    c, at_c, part = a, at_a, 0.5
    for _ in range(_MOST_STEPS):
        new = a + part * (b - a)
        at_new = function(new)
        if (at_new > 0.0) == (at_a > 0.0):
            c, at_c = a, at_a
        else:
            c, b, at_c, at_b = b, a, at_b, at_a
        a, at_a = new, at_new
        best, at_best = (a, at_a) if abs(at_a) < abs(at_b) else (b, at_b)
        width = abs(b - a)
        tolerance = absolute + relative * abs(best)
        if at_best == 0.0 or width <= tolerance:
            return best
        xi, phi = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
        part = 0.5
        if phi**2 < xi and (1.0 - phi) ** 2 < 1.0 - xi:
            part = at_a / (at_b - at_a) * at_c / (at_b - at_c)
            part += (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
        # Never closer to an end than what is asked for.
        least = min(0.5 * tolerance / width, 0.5)
        part = min(max(part, least), 1.0 - least)
    raise ConvergenceError(f"no zero found between {low:.6g} and {high:.6g}")


def minimum_between(
    function: Callable[[FloatArray], FloatArray], low: float, high: float, *, absolute: float
) -> tuple[float, float]:
    """Lowest point of a function with one minimum between two points, and its value.

    Ever finer grids of a few points at once, for functions that take arrays.

    Parameters
    ----------
    function : callable
        Of an array.
    low, high : float
        Ends.
    absolute : float
        The place is known to this, or to what rounding of the values allows.

    Raises
    ------
    ConvergenceError
        When a value is not a number.

    Examples
    --------
    >>> place, value = minimum_between(lambda x: (x - 0.3) ** 2, 0.0, 1.0, absolute=1e-9)
    >>> round(place, 8), value < 1e-16
    (0.3, True)
    """
    while True:
        points = np.linspace(low, high, _POINTS)
        values = function(points)
        if np.any(np.isnan(values)):
            raise ConvergenceError(f"no minimum found between {low:.6g} and {high:.6g}: not a number")
        best = int(np.argmin(values))
        low, high = points[max(best - 1, 0)], points[min(best + 1, _POINTS - 1)]
        # Halves of a cell on either side.
        if high - low <= 2.0 * absolute or high - low <= 4.0 * np.spacing(abs(points[best])):
            return float(points[best]), float(values[best])
