"""Refusals of numbers that no formula takes, in the same words everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["numbers", "positive", "positive_row", "refuse_where", "whole"]


def numbers(argument: str, value: Any, accepted: str, dtype: type = float) -> np.ndarray:
    """Numbers as an array of their own; neither text that reads as one, nor true or false, is a number.

    Parameters
    ----------
    argument : str
        Name, as the user wrote it.
    value : array_like
        A number, or nested sequences of them.
    accepted : str
        What the message says is accepted.
    dtype : {float, complex}
        Of the array.

    Raises
    ------
    InputError
        For anything else, masked values among them.

    Examples
    --------
    >>> numbers("charge", "1e-12", "a number")
    Traceback (most recent call last):
    nuatom.errors.InputError: charge = '1e-12': expected a number
    """
    try:
        kinds = {"f" if type(part) is float else np.asarray(part).dtype.kind for part in _parts(value)}
        array: np.ndarray = np.array(value, dtype=dtype)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(argument, value, accepted) from error
    if not kinds <= set("iufc" if dtype is complex else "iuf") or np.ma.is_masked(value):
        raise InputError(argument, value, accepted)
    return array


def _parts(value: Any) -> list[Any]:
    """Innermost elements of sequences; arrays are kept whole, since theirs are of one kind."""
    if isinstance(value, (list, tuple)):
        return [inner for part in value for inner in _parts(part)]
    return [value]


def whole(argument: str, value: Any, accepted: str) -> int:
    """A whole number; true and false are none, and neither is 2.0.

    Parameters
    ----------
    argument : str
        Name, as the user wrote it.
    value : int
    accepted : str
        What the message says is accepted.

    Raises
    ------
    InputError
        For anything else.
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise InputError(argument, value, accepted)
    return int(value)


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
    >>> positive("recoil", [1.0, -2.0])
    Traceback (most recent call last):
    nuatom.errors.InputError: recoil = -2.0: expected positive, finite numbers; number 2 of 2 is wrong
    """
    kind = "a positive, finite number" if np.ndim(value) == 0 else "positive, finite numbers"
    accepted = f"{kind} in {unit}" if unit else kind
    array = numbers(argument, value, accepted)
    refuse_where(argument, array, ~(np.isfinite(array) & (array > 0.0)), accepted)
    return array


def refuse_where(argument: str, array: np.ndarray, wrong: np.ndarray, accepted: str) -> None:
    """Refuse the first number that is wrong, and say where it stands and how many there are.

    Raises
    ------
    InputError
        Where any is.

    Examples
    --------
    >>> refuse_where("share", np.array([0.5, 2.0]), np.array([False, True]), "shares up to 1")
    Traceback (most recent call last):
    nuatom.errors.InputError: share = 2.0: expected shares up to 1; number 2 of 2 is wrong
    """
    places = np.flatnonzero(wrong)
    if not places.size:
        return
    if array.size > 1:
        others = "" if places.size == 1 else f", and {places.size - 1} more"
        accepted += f"; number {places[0] + 1} of {array.size} is wrong{others}"
    raise InputError(argument, array.flat[places[0]].item(), accepted)


def positive_row(argument: str, value: ArrayLike, unit: str = "") -> FloatArray:
    """As `positive`, of one dimension and not empty; a number is a row of one."""
    array = np.atleast_1d(positive(argument, value, unit))
    if array.ndim != 1 or array.size == 0:
        raise InputError(argument, f"shape {array.shape}", "numbers in a row, at least one")
    return array
