"""Coverage of the limits of shipped experiments, measured once by simulated experiments and kept."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nuatom.data import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nuatom.inference import Interval

__all__ = ["COLUMNS", "MeasuredEnd", "measured_ends"]

COLUMNS: Final = (
    "experiment", "parameter", "model", "minimum", "at", "coverage", "error", "experiments", "goodness"
)  # fmt: skip
_CL: Final = 0.90
# A row is of a limit if ends and minimum are those that it was made for: of other data, models or fluxes they
# differ by more.
_SAME: Final = 1e-3


@dataclass(frozen=True)
class MeasuredEnd:
    """How often intervals by the constant threshold hold an end that the data give.

    Parameters
    ----------
    at : float
        The end.
    coverage, error : float
        Fraction of simulated experiments, and its standard deviation.
    experiments : int
        Number of these.
    minimum : float
        −2 ln λ at the best fit to the data.
    goodness : float or None
        p-value of that by simulated experiments, where some bins expect few counts.
    """

    at: float
    coverage: float
    error: float
    experiments: int
    minimum: float
    goodness: float | None


@cache
def _table() -> Mapping[tuple[str, str, str], tuple[MeasuredEnd, ...]]:
    found: dict[tuple[str, str, str], list[MeasuredEnd]] = {}
    for row in csv.DictReader(read_text("coverage.csv").splitlines()):
        end = MeasuredEnd(
            at=float(row["at"]),
            coverage=float(row["coverage"]),
            error=float(row["error"]),
            experiments=int(row["experiments"]),
            minimum=float(row["minimum"]),
            goodness=float(row["goodness"]) if row["goodness"] else None,
        )
        found.setdefault((row["experiment"], row["parameter"], row["model"]), []).append(end)
    return MappingProxyType({key: tuple(ends) for key, ends in found.items()})


def measured_ends(
    experiment: str, parameter: str, model: str, interval: Interval
) -> tuple[MeasuredEnd, ...] | None:
    """What is kept of an interval; None where nothing is, or what it was made from has changed.

    `python tools/measure_coverage.py` makes the table. It is of two-sided intervals of 90% by the constant
    threshold, of experiments as they ship, and is believed where it was made for the same ends and the same
    minimum of −2 ln λ, to one part in a thousand.

    Parameters
    ----------
    experiment, parameter, model : str
        Names.
    interval : Interval
        What was found.
    """
    if interval.method != "profile" or interval.sides != "two-sided" or interval.cl != _CL:
        return None
    kept = _table().get((experiment, parameter, model), ())
    ends = [end for piece in interval.segments for end in piece if end is not None]
    if len(kept) != len(ends) or not kept:
        return None
    same = all(abs(entry.at - end) <= _SAME * abs(end) for entry, end in zip(kept, ends, strict=True))
    close = abs(kept[0].minimum - interval.minimum) <= _SAME * max(abs(interval.minimum), 1.0)
    return kept if same and close else None
