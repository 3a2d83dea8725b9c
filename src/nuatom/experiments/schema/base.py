"""What all tables of an experiment's file share: strictness, numbers that may stand in a file, and places."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from nuatom.archives import numbers_of
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Column", "Files", "Number", "Numbers", "Positive", "Share", "Table", "bins_from"]

_MOST_BINS: Final = 100_000
_MOST_TEXT: Final = 60


class Table(BaseModel):
    """A table of the file: no field that is not known, no number that is not finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, allow_inf_nan=False)


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError(f"a number, not {str(value).lower()}")  # noqa: TRY004  pydantic takes ValueError
    return value


Number = Annotated[float, BeforeValidator(_no_truth)]
Positive = Annotated[float, Field(gt=0.0), BeforeValidator(_no_truth)]
Share = Annotated[float, Field(ge=0.0, allow_inf_nan=True), BeforeValidator(_no_truth)]
"""A relative uncertainty: zero for an exact number, inf for a free one."""


class Column(Table):
    """Numbers of a file beside this one.

    ``file`` holds columns, separated by commas or blanks, with or without a line of names; or is a NumPy
    archive (.npz) of which ``column`` is an array.
    """

    file: str
    column: str | int = 0
    factor: Number = 1.0


Numbers = tuple[Number, ...] | Column
"""A list of numbers, or a column of a file."""


@dataclass(frozen=True)
class Files:
    """Files that lie beside an experiment's own.

    Parameters
    ----------
    origin : str
        What messages call the experiment's file.
    read : callable
        From a file's name to its content; raises OSError.
    """

    origin: str
    read: Callable[[str], bytes]
    _known: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def refuse(self, place: str, value: Any, accepted: str) -> InputError:
        """An error that names the file and the place in it."""
        return InputError(f"{self.origin}: {place}", value, accepted)

    @contextmanager
    def within(self, place: str) -> Iterator[None]:
        """Errors of what is built of a table name the file and the place of the table."""
        try:
            yield
        except InputError as error:
            path = error.argument
            if path.startswith(f"{self.origin}: "):
                path = path.removeprefix(f"{self.origin}: ")
                if path.startswith((place, "channels.", "flux", "bins")):
                    raise
                path = path.removeprefix(f"{place.rpartition('.')[2]}.")
            elif path == place.rpartition(".")[2]:
                path = ""
            # Axes are the channel's.
            owner = place.rpartition(".")[0] if path.startswith("axes") else place
            full = f"{owner}.{path}".rstrip(".")
            raise self.refuse(full, error.value, error.accepted) from error

    def numbers(self, given: Numbers, place: str) -> tuple[float, ...]:
        """The numbers themselves."""
        if not isinstance(given, Column):
            return given
        values = given.factor * self.array(given.file, given.column, place)
        if values.ndim != 1:
            raise self.refuse(place, f"an array of shape {values.shape}", "a column of numbers")
        return tuple(values.tolist())

    def array(self, name: str, column: str | int, place: str) -> FloatArray:
        """A column or an array of a file."""
        content = self.content(name, place)
        if name not in self._known:
            self._known[name] = _archive(content) if name.endswith(".npz") else _columns(content)
        table = self._known[name]
        if isinstance(table, str):
            raise self.refuse(f"{place}: {name}", table, "a table of numbers, or a NumPy archive")
        known = list(table)
        key = column
        if isinstance(column, int) and 0 <= column < len(known):
            key = known[column]
        if key not in table:
            shown = ", ".join(map(str, known[:8])) + (", …" if len(known) > 8 else "")
            raise self.refuse(f"{place}: {name}", column, f"one of {shown}")
        values = np.asarray(table[key])
        if values.dtype.kind not in "iuf":
            raise self.refuse(f"{place}: {name}", f"column {key}", "numbers")
        values = values.astype(float)
        wrong = ~np.isfinite(values)
        if wrong.any():
            raise self.refuse(f"{place}: {name}", f"{values[wrong].flat[0]} in {key}", "finite numbers")
        return values

    def names(self, name: str, place: str) -> list[str]:
        """Names of the columns of a file, or of the arrays of an archive."""
        content = self.content(name, place)
        if name not in self._known:
            self._known[name] = _archive(content) if name.endswith(".npz") else _columns(content)
        table = self._known[name]
        return [] if isinstance(table, str) else [str(key) for key in table]

    def content(self, name: str, place: str) -> bytes:
        """What a file holds."""
        try:
            return self.read(name)
        except (OSError, InputError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no such file"
            raise self.refuse(f"{place}: file", name, f"a readable file ({reason})") from error


def _archive(content: bytes) -> dict[str, Any] | str:
    try:
        return numbers_of(content)
    except ValueError as error:
        return str(error)[:_MOST_TEXT]


def _columns(content: bytes) -> dict[str, FloatArray] | str:
    """Columns of a text by their names, or their places where they have none; what is wrong instead."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return str(error)[:_MOST_TEXT]
    names: list[str] = []
    rows: list[list[float]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        cells = [cell.strip() for cell in stripped.split(",")] if "," in stripped else stripped.split()
        values = [_number(cell) for cell in cells]
        if not rows and not names and all(value is None for value in values):
            names = cells
            continue
        # Words such as True in a column that nobody asks for are no mistake.
        row = [math.nan if value is None else value for value in values]
        if rows and len(row) != len(rows[0]):
            return f"{len(row)} columns in line {number}"
        rows.append(row)
    if not rows:
        return "no numbers"
    table = np.array(rows)
    if names and len(names) != table.shape[1]:
        return f"{len(names)} names for {table.shape[1]} columns"
    return dict(zip(names or map(str, range(table.shape[1])), table.T, strict=True))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def bins_from(text: str) -> tuple[float, ...]:
    """Edges of ``"start:stop:n"``, n equal bins, or ``"start:stop:nlog"``.

    Raises
    ------
    InputError
        For anything else, or more than 100,000 bins.

    Examples
    --------
    >>> bins_from("1:3:4")
    (1.0, 1.5, 2.0, 2.5, 3.0)
    """
    parts = text.split(":")
    try:
        start, stop = float(parts[0]), float(parts[1])
        logarithmic = parts[2].endswith("log")
        count = int(parts[2].removesuffix("log"))
        sensible = len(parts) == 3 and -math.inf < start < stop < math.inf
        sensible = sensible and not (logarithmic and start <= 0.0)
    except (ValueError, IndexError):
        sensible, start, stop, count, logarithmic = False, 0.0, 0.0, 0, False
    if not sensible:
        raise InputError("bins", text, "start:stop:n, so many equal bins, or start:stop:nlog")
    if not 1 <= count <= _MOST_BINS:
        raise InputError("bins", count, f"from 1 to {_MOST_BINS} bins")
    edges = np.geomspace(start, stop, count + 1) if logarithmic else np.linspace(start, stop, count + 1)
    # 1.3 and not 1.3000000000000003: what a person would have typed.
    return tuple(float(f"{edge:.12g}") for edge in edges)
