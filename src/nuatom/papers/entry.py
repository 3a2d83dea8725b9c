"""One equation or printed number of a paper beside what the package finds for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from nuatom.errors import InputError

__all__ = [
    "KINDS",
    "VERDICTS",
    "Entry",
    "Finding",
    "Kind",
    "Omission",
    "Paper",
    "Verdict",
    "claim",
    "formula",
    "value",
]

Verdict = Literal["reproduced", "rounding", "corrected", "erratum"]
"""``reproduced``: it agrees; ``rounding``: it differs by two units of the last printed digit at most;
``corrected``: right under another stated assumption or constant, which ours replaces; ``erratum``: it does
not follow from the paper's own premises, or contradicts them."""

VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
"""What an entry can find."""

Kind = Literal["computed", "arithmetic"]
"""``computed``: by functions of the package, or by an integral, a trace or a sum that could have come out
differently; ``arithmetic``: in a line from printed numbers, dimensions and constants."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""How an entry's number was found."""

FORMULA_TOLERANCE: Final = 1e-10
"""Relative difference up to which two evaluations of one formula agree; cancellations cost some digits."""

# A little more than half, so that a value rounded from exactly half agrees; to two units it is rounding.
_AGREES: Final = 0.5000001
_ROUNDED: Final = 2.0000001


@dataclass(frozen=True)
class Finding:
    """What a calculation has to say of one entry. Made by `value`, `formula` or `claim`.

    Attributes
    ----------
    computed : float
    printed : float or None
        The printed formula's value at the same place; None for numbers and claims.
    agrees : bool or None
        Whether formula or claim holds; None for a number, whose printed digits decide.
    facts : mapping of str to float
        Numbers that the entry's note quotes.
    """

    computed: float
    printed: float | None = None
    agrees: bool | None = None
    facts: Mapping[str, float] = field(default_factory=dict)


def value(computed: float, **facts: float) -> Finding:
    """Return a number to be compared with printed digits: within half a unit of the last one."""
    return Finding(float(computed), facts=facts)


def formula(
    printed: ArrayLike, computed: ArrayLike, *, tolerance: float = FORMULA_TOLERANCE, **facts: float
) -> Finding:
    """Compare with a printed formula, evaluated as the paper writes it.

    Of arrays, which broadcast, the finding is the place where they differ most.

    ``tolerance`` is relative, and larger than rounding only where the paper itself says that the formula is
    approximate, or where both sides are quadratures, which the note then says.
    """
    theirs, ours = (np.ravel(a) for a in np.broadcast_arrays(*map(np.asarray, (printed, computed))))
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(theirs == ours, 0.0, np.abs(ours / theirs - 1.0))
    place = int(np.argmax(apart))
    return Finding(float(ours[place]), float(theirs[place]), bool(apart[place] <= tolerance), facts)


def claim(computed: float, holds: bool | np.bool, **facts: float) -> Finding:
    """Compare with a claim in words; ``computed`` is the number that decides it, ``holds`` the decision."""
    return Finding(float(computed), agrees=bool(holds), facts=facts)


@dataclass(frozen=True)
class Entry:
    """A line of a reproduction.

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
        What was found instead.
    relative_difference : float or None
        computed/printed − 1; None for a claim.
    verdict : {"reproduced", "rounding", "corrected", "erratum"}
    kind : {"computed", "arithmetic"}
    quote : str
        The paper's own formula or words; of everything that is not right as it stands.
    note : str
        The assumption or the evidence behind a disagreement, or what else a reader should know.
    """

    equation: str
    quantity: str
    unit: str
    printed: str
    computed: float
    relative_difference: float | None
    verdict: Verdict = "reproduced"
    kind: Kind = "computed"
    quote: str = ""
    note: str = ""

    @classmethod
    def of(
        cls,
        finding: Finding,
        *,
        equation: str,
        quantity: str,
        unit: str = "",
        printed: str = "",
        verdict: Verdict = "reproduced",
        kind: Kind = "computed",
        quote: str = "",
        note: str = "",
    ) -> Entry:
        """Join a finding with what the paper prints, and with the verdict that was reached on it.

        ``printed`` holds the digits of a number, as Python reads them (``2.9e-11``, ``0.150``), or the words
        of a claim; it is empty for a formula, which the finding has evaluated.

        Raises
        ------
        InputError
            When the verdict is not what the numbers say, a disagreement is not explained or its printed text
            not quoted, or what was computed is not finite.
        """
        where = f"{equation} {quantity}"
        if not math.isfinite(finding.computed):
            raise InputError("computed", finding.computed, f"a finite number for {where}")
        shown, against, off = _compared(finding, printed, where)
        found = "agrees" if off == 0 else "differs"
        said = f"{where}: {found}, {finding.computed:.6g} for {shown}"
        if (off == 0) != (verdict == "reproduced"):
            raise InputError("verdict", verdict, f"an explanation exactly where {said}")
        if verdict == "rounding" and off != 1:
            raise InputError("verdict", verdict, f"more than a difference in the last digit where {said}")
        if verdict != "reproduced" and not note:
            raise InputError("note", note, f"the reason why {where} differs")
        if verdict in ("corrected", "erratum") and not quote:
            raise InputError("quote", quote, f"what the paper prints of {where}")
        return cls(
            equation, quantity, unit, shown, finding.computed, _relative(finding.computed, against), verdict,
            kind, quote, note.format(**finding.facts),
        )  # fmt: skip


def _compared(finding: Finding, printed: str, where: str) -> tuple[str, float | None, int]:
    """What is shown as printed, its number, and the difference: 0 none, 1 the last digit, 2 more."""
    if finding.printed is not None:
        if printed:
            raise InputError("printed", printed, f"nothing for the formula {where}, which is evaluated")
        return f"{finding.printed:.10g}", finding.printed, 0 if finding.agrees else 2
    if finding.agrees is not None:
        return printed, None, 0 if finding.agrees else 2
    exponent = Decimal(printed).as_tuple().exponent
    if not isinstance(exponent, int):
        raise InputError("printed", printed, "a finite number")
    number = float(printed)
    units = abs(finding.computed - number) / 10.0**exponent
    return printed, number, 0 if units <= _AGREES else 1 if units <= _ROUNDED else 2


def _relative(computed: float, printed: float | None) -> float | None:
    return None if not printed else computed / printed - 1.0


@dataclass(frozen=True)
class Omission:
    """Something that a paper says and no entry compares.

    Attributes
    ----------
    where : str
        As of an entry.
    what : str
        What stands there.
    why : str
        Why it has no entry.
    """

    where: str
    what: str
    why: str


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
    omissions : tuple of Omission
        What has no entry, in the order of the paper.
    """

    name: str
    citation: str
    entries: tuple[Entry, ...]
    figures: Mapping[str, Callable[[Path], None]]
    sources: tuple[str, ...] = ()
    omissions: tuple[Omission, ...] = ()

    @property
    def citations(self) -> tuple[str, ...]:
        """Keys of the paper and of the sources."""
        return (self.citation, "CODATA:2022", *self.sources)

    def count(self, verdict: Verdict, kind: Kind | None = None) -> int:
        """Entries with a verdict, of one kind or of both."""
        return sum(entry.verdict == verdict and kind in (None, entry.kind) for entry in self.entries)
