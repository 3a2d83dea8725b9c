"""What folding needs to know of a detector: from a true recoil to the bins of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nuatom.detectors.axis import Axis
from nuatom.detectors.efficiency import TimeWindow
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Response", "ResponseVariation"]


class Response(Protocol):
    """Probability that a recoil of a true energy is counted in each bin, and what quadrature needs to know.

    :class:`~nuatom.detectors.Detector` smears; :class:`~nuatom.detectors.MatrixResponse` reads a released
    table.
    """

    @property
    def exposure_tonne_year(self) -> float:
        """Target mass times live time."""

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Bins of the data, flattened in C order; a last axis of time is :attr:`time`'s."""

    @property
    def time(self) -> TimeWindow | None:
        """Bins in time after a beam's trigger, shared out by arrival; None without."""

    @property
    def recoil_range_kev(self) -> tuple[float, float]:
        """True recoils that can be counted."""

    @property
    def breakpoints_kev(self) -> tuple[float, ...]:
        """True recoils where the response jumps or bends: quadrature stops there."""

    @property
    def variations(self) -> tuple[ResponseVariation, ...]:
        """What it would be one standard deviation up and down, for each independent uncertainty."""

    def __hash__(self) -> int:
        """By value, or by identity: folded kernels are found again by it."""

    def relative_width(self, recoil_kev: float) -> float:
        """Scale on which the response varies, in units of the recoil; at most one."""

    def of_electrons(self) -> Response:
        """The same for electrons, all of whose energy is seen."""

    def response(self, recoil_kev: FloatArray) -> FloatArray:
        """Probability of each bin but time, shape (recoils, bins)."""


@dataclass(frozen=True)
class ResponseVariation:
    """One independent uncertainty of a response: what it would be one standard deviation up and down.

    Parameters
    ----------
    name : str
        Its kind, ``"quenching"``, ``"efficiency"``, ``"energy_scale"``, …, and where there are several of a
        kind a dot and which.
    plus, minus : Response
        The two responses.
    """

    name: str
    plus: Response
    minus: Response
