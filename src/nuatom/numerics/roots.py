"""Zero of a function of one variable, inside a bracket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nuatom.errors import ConvergenceError

__all__ = ["root_between"]

_MOST_STEPS: Final = 200


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
