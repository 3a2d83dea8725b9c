"""Refusals of numbers that no formula takes, in the same words everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["positive", "positive_row"]


def positive(argument: str, value: ArrayLike, unit: str = "") -> FloatArray:
    """Numbers as an array, when all of them are positive and finite.

    Parameters
    ----------
    argument : str
        Name, as the user wrote it.
    value : array_like
        A number, or several.
    unit : str
        What they are measured in.

    Returns
    -------
    ndarray

    Raises
    ------
    InputError
        For anything else: it names the first number that is not accepted.

    Examples
    --------
    >>> positive("recoil_kev", [1.0, -2.0], "keV")
    Traceback (most recent call last):
    nuatom.errors.InputError: recoil_kev = -2.0: expected positive, finite numbers in keV
    """
    kind = "a positive, finite number" if np.ndim(value) == 0 else "positive, finite numbers"
    accepted = f"{kind} in {unit}" if unit else kind
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(argument, value, accepted) from error
    refused = array[~(np.isfinite(array) & (array > 0.0))]
    if refused.size:
        raise InputError(argument, refused.flat[0].item(), accepted)
    return array


def positive_row(argument: str, value: ArrayLike, unit: str = "") -> FloatArray:
    """As `positive`, of one dimension and not empty; a number is a row of one."""
    array = np.atleast_1d(positive(argument, value, unit))
    if array.ndim != 1 or array.size == 0:
        raise InputError(argument, f"shape {array.shape}", "numbers in a row, at least one")
    return array
