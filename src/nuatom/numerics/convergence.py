"""Refinement until two successive levels agree: how accuracy is asked for, and reported."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nuatom.errors import ConvergenceError, InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["refine"]


def refine(
    at_level: Callable[[int], FloatArray],
    scale: Callable[[FloatArray], FloatArray],
    accuracy: float,
    what: str,
    max_level: int = 5,
) -> tuple[FloatArray, float]:
    """Evaluate at finer and finer levels until the last step changed less than the accuracy.

    Parameters
    ----------
    at_level : callable
        ``at_level(level)`` for levels from 0: the quantity, by a quadrature that is finer at each level.
    scale : callable
        ``scale(values)``: what a change is measured against; where it is zero, against one.
    accuracy : float
        Largest change relative to the scale.
    what : str
        Name of the quantity, for the message.
    max_level : int
        Where to give up.

    Returns
    -------
    values : ndarray
        At the finest level.
    error : float
        The last change: as a rule far above the error of the values returned.

    Raises
    ------
    InputError
        For an accuracy that double precision cannot give.
    ConvergenceError
        When the accuracy is not reached.
    """
    if not 1e-13 <= accuracy < 1.0:
        raise InputError("accuracy", accuracy, "a number from 1e-13 to 1")
    coarse = at_level(0)
    error = np.inf
    for level in range(1, max_level + 1):
        fine = at_level(level)
        unit = scale(fine)
        error = float(np.max(np.abs(fine - coarse) / np.where(unit > 0.0, unit, 1.0), initial=0.0))
        if error <= accuracy:
            return fine, error
        coarse = fine
    raise ConvergenceError(f"{what} reached a relative error of {error:.1e}, not {accuracy:.1e}")
