"""One exception tree: everything nuatom raises on purpose derives from :class:`NuatomError`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from os import PathLike
from typing import Any, Final

__all__ = ["ConvergenceError", "DataError", "InputError", "NuatomError", "did_you_mean", "shown"]

_LONGEST: Final = 80
_LONGEST_NAME: Final = 255
_ITEMS_SHOWN: Final = 4


class NuatomError(Exception):
    """Anything nuatom raises on purpose; the command line prints it as one line."""


class InputError(NuatomError, ValueError):
    """An argument that cannot be accepted.

    The message cuts what is long (`shown`), and where names are accepted it suggests the one that was nearly
    written (`did_you_mean`).

    Parameters
    ----------
    argument : str
        Name of the argument, as the user wrote it.
    value : object
        What was given.
    accepted : str
        What would have been accepted.

    Examples
    --------
    >>> raise InputError("model", "imp", "free, stepping, ipm")
    Traceback (most recent call last):
    nuatom.errors.InputError: model = 'imp': expected free, stepping, ipm (did you mean ipm?)
    """

    def __init__(self, argument: str, value: object, accepted: str) -> None:
        self.argument = argument
        self.value = value
        self.accepted = accepted
        # "Xe, or another chemical formula" is a suggestion already.
        names = [] if ", or another " in accepted else re.split(r", (?:or )?| or |; ", accepted)
        hint = did_you_mean(value, names)
        meant = f" (did you mean {hint}?)" if hint else ""
        super().__init__(f"{argument} = {shown(value)}: expected {accepted}{meant}")

    def __reduce__(self) -> tuple[type[InputError], tuple[str, object, str]]:
        """Cross to another process, where a table is built, with all three parts."""
        return type(self), (self.argument, self.value, self.accepted)


class DataError(NuatomError):
    """A data file that is missing, damaged, or of another format than this version reads."""


class ConvergenceError(NuatomError):
    """A numerical procedure that did not reach the accuracy asked for."""


def did_you_mean(value: object, names: Iterable[str]) -> str | None:
    """Name that was nearly written, or None where there is none; upper and lower case count alike.

    Parameters
    ----------
    value : object
        Only text has names near it.
    names : iterable of str
        What is accepted. Phrases, with spaces in them, are no names.

    Examples
    --------
    >>> did_you_mean("xenonnt", ["xenonnt-sr0", "coherent-csi-2021"])
    'xenonnt-sr0'
    """
    if not isinstance(value, str) or not 2 <= len(value) <= _LONGEST:
        return None
    known = {name.lower(): name for name in names if name and " " not in name and name != value}
    near = get_close_matches(value.lower(), known, n=1)
    return known[near[0]] if near else None


def shown(value: Any) -> str:
    """What a message says of a value: as Python writes it, with what is long cut.

    Of text its begin and its end are kept, of the path of a file the file's name, of a list its first items
    and how many there are.

    Examples
    --------
    >>> shown([0.5] * 1000)
    '[0.5, 0.5, 0.5, 0.5, …] (1000 items)'
    """
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        value = value.item()
    if hasattr(value, "shape") and hasattr(value, "tolist"):
        size = int(getattr(value, "size", 0))
        return shown(value.tolist()) if size <= _ITEMS_SHOWN else f"an array of shape {value.shape}"
    if isinstance(value, PathLike):
        value = str(value)
    if isinstance(value, (list, tuple)):
        return _shown_list(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value).bit_length() > 3 * _LONGEST:
        return f"a whole number of {int(abs(value).bit_length() * 0.30103) + 1} digits"
    if isinstance(value, (str, bytes)):
        return _shown_text(value)
    return _cut(repr(value))


def _shown_list(value: list[Any] | tuple[Any, ...]) -> str:
    opening, closing = "[]" if isinstance(value, list) else "()"
    if len(value) > _ITEMS_SHOWN:
        first = ", ".join(shown(item) for item in value[:_ITEMS_SHOWN])
        text = f"{opening}{first}, …{closing}"
    else:
        single = "," if closing == ")" and len(value) == 1 else ""
        text = f"{opening}{', '.join(shown(item) for item in value)}{single}{closing}"
        if len(text) <= _LONGEST:
            return text
    return f"{_cut(text)} ({len(value)} items)"


def _shown_text(value: str | bytes) -> str:
    if len(value) <= _LONGEST:
        return repr(value)
    if isinstance(value, str):
        name = re.split(r"[/\\]", value)[-1]
        is_file = len(name) < len(value) or re.search(r"\.[A-Za-z]{2,5}$", name) is not None
        if is_file and "\n" not in value and len(name) <= _LONGEST_NAME:
            kept = max(len(name) + 1, _LONGEST - 1)
            return repr(value if len(value) <= kept else f"…{value[-kept:]}")
    # What cannot be printed takes up to ten characters each.
    half = _LONGEST // 2 - 2 if isinstance(value, str) and value.isprintable() else 6
    middle = "…" if isinstance(value, str) else b"..."
    return f"{value[:half] + middle + value[-half:]!r} ({len(value)} characters)"  # type: ignore[operator]


def _cut(text: str) -> str:
    half = _LONGEST // 2 - 2
    return text if len(text) <= _LONGEST else f"{text[:half]}…{text[-half:]}"
