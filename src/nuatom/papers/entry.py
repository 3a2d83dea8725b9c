"""One equation or printed number of a paper beside what the package computes for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from nuatom.errors import InputError

__all__ = ["VERDICTS", "Disagreement", "Entry", "Paper", "Verdict", "formula", "number", "statement"]

Disagreement = Literal["corrected", "erratum"]
"""``corrected``: the value is right under another stated assumption or constant, and ours replaces it;
``erratum``: the value does not follow from the paper's own premises."""

Verdict = Literal["reproduced", "corrected", "erratum"]

VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
"""What an entry can find."""

FORMULA_TOLERANCE = 1e-10
"""Relative difference up to which two evaluations of one formula agree; cancellations cost some digits."""


@dataclass(frozen=True)
class Entry:
    """A line of a reproduction. Made by `number`, `formula` or `statement`.

    Attributes
    ----------
    equation : str
        Where it stands: ``(6)``, ``after (11)``, ``Fig. 1``.
    quantity : str
        What is compared, with the arguments it is evaluated at.
    unit : str
        Empty for pure numbers.
    printed : str
        The number with the digits that the paper prints, the value of the formula as
        printed, or the claim.
    computed : float
        From the package's public functions.
    relative_difference : float or None
        computed/printed − 1; None for a claim.
    agrees : bool
    disagreement : {"corrected", "erratum"} or None
        What a disagreement means; None where there is none.
    note : str
        The assumption or the evidence behind a disagreement, or what else a reader should know.

    Raises
    ------
    InputError
        When a disagreement is not explained, an explanation has nothing to explain, or what was computed
        is not finite.
    """

    equation: str
    quantity: str
    unit: str
    printed: str
    computed: float
    relative_difference: float | None
    agrees: bool
    disagreement: Disagreement | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not math.isfinite(self.computed):
            raise InputError(
                "computed", self.computed, f"a finite number for {self.equation} {self.quantity}"
            )
        if self.agrees == (self.disagreement is not None):
            found = "agrees" if self.agrees else "differs"
            where = f"{self.equation} {self.quantity}: {found}, {self.computed:.6g} for {self.printed}"
            raise InputError("disagreement", self.disagreement, f"an explanation exactly where {where}")
        if self.disagreement and not self.note:
            raise InputError("note", self.note, f"the reason why {self.equation} {self.quantity} differs")

    @property
    def verdict(self) -> Verdict:
        """reproduced, corrected or erratum."""
        return self.disagreement or "reproduced"


@dataclass(frozen=True)
class Paper:
    """A reproduced paper.

    Attributes
    ----------
    name : str
        As the command line knows it.
    citation : str
        Key of the bibliography.
    entries : tuple of Entry
        In the order of the paper.
    figures : mapping of str to callable
        Name of a figure, and the function that draws it into a file; the first is the main one.
    sources : tuple of str
        Keys of what else the entries are compared with or computed from.
    """

    name: str
    citation: str
    entries: tuple[Entry, ...]
    figures: Mapping[str, Callable[[Path], None]]
    sources: tuple[str, ...] = ()

    @property
    def citations(self) -> tuple[str, ...]:
        """Keys of the paper and of the sources."""
        return (self.citation, "CODATA:2022", *self.sources)

    def count(self, verdict: Verdict) -> int:
        """Entries with a verdict."""
        return sum(entry.verdict == verdict for entry in self.entries)


def number(
    equation: str,
    quantity: str,
    printed: str,
    computed: float,
    unit: str = "",
    *,
    disagreement: Disagreement | None = None,
    note: str = "",
) -> Entry:
    """Compare with a printed number: within half a unit of its last digit.

    ``printed`` is written as Python reads it, with the digits of the paper: ``2.9e-11``, ``0.150``.
    """
    value = Decimal(printed)
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise InputError("printed", printed, "a finite number")
    # A little more than half, so that a value rounded from exactly half agrees.
    agrees = abs(computed - float(value)) <= 0.5000001 * 10.0**exponent
    return Entry(
        equation, quantity, unit, printed, float(computed), _relative(computed, float(value)), agrees,
        disagreement, note,
    )  # fmt: skip


def formula(
    equation: str,
    quantity: str,
    printed: ArrayLike,
    computed: ArrayLike,
    unit: str = "",
    *,
    tolerance: float = FORMULA_TOLERANCE,
    disagreement: Disagreement | None = None,
    note: str = "",
) -> Entry:
    """Compare with a printed formula, evaluated as the paper writes it.

    Of arrays, which broadcast, the entry shows the place where they differ most.

    ``tolerance`` is relative, and larger than rounding only where the paper itself says that the formula is
    approximate, which the note then repeats.
    """
    theirs, ours = (np.ravel(a) for a in np.broadcast_arrays(*map(np.asarray, (printed, computed))))
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(theirs == ours, 0.0, np.abs(ours / theirs - 1.0))
    place = int(np.argmax(apart))
    value, found = float(theirs[place]), float(ours[place])
    agrees = bool(apart[place] <= tolerance)
    return Entry(
        equation, quantity, unit, f"{value:.10g}", found, _relative(found, value), agrees, disagreement, note
    )


def statement(
    equation: str,
    quantity: str,
    claim: str,
    computed: float,
    holds: bool,
    unit: str = "",
    *,
    disagreement: Disagreement | None = None,
    note: str = "",
) -> Entry:
    """Compare with a claim in words; ``computed`` is the number that decides it, ``holds`` the decision."""
    return Entry(equation, quantity, unit, claim, float(computed), None, holds, disagreement, note)


def _relative(computed: float, printed: float) -> float | None:
    return None if printed == 0.0 else float(computed) / printed - 1.0
