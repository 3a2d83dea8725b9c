"""Published intervals, to stand beside those that are computed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nuatom.errors import InputError
from nuatom.inference import Sides
from nuatom.inference.interval import threshold
from nuatom.neutrinos import parameter

__all__ = ["PublishedLimit"]


@dataclass(frozen=True)
class PublishedLimit:
    """A published interval of one parameter.

    Parameters
    ----------
    parameter : str
        As the command line names it.
    cl : float
        Confidence level.
    sides : {"two-sided", "upper"}
        Which construction.
    lower, upper : float, optional
        Its ends; at least one.
    data : str, optional
        What data it is from, where these are not the experiment's.
    source : str
        Publication.

    Raises
    ------
    InputError
        For a parameter that nothing computes, a confidence level that is none, or no end: nothing that could
        ever be printed.
    """

    parameter: str
    cl: float
    sides: Sides = "two-sided"
    lower: float | None = None
    upper: float | None = None
    data: str | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if parameter(self.parameter).name != self.parameter:
            raise InputError("parameter", self.parameter, parameter(self.parameter).name)
        threshold(self.cl, self.sides)
        ends = [end for end in (self.lower, self.upper) if end is not None]
        if not ends or not all(map(math.isfinite, ends)) or ends != sorted(ends):
            raise InputError("lower and upper", ends, "one or two numbers, the lower first")
