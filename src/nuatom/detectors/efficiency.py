"""Efficiencies: which part of the recoils is counted, against energy and against time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nuatom.detectors.axis import increasing
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Efficiency", "TimeWindow"]


@dataclass(frozen=True)
class Efficiency:
    """Detection efficiency, linear between tabulated energies.

    Parameters
    ----------
    energy_kev, value : tuple of float
        The table; energies increase, values lie in [0, 1].
    below, above : float
        Value outside the table, below and above it: stated, never extrapolated.
    alternatives : tuple of (str, tuple of float, tuple of float)
        Name of each independent uncertainty, and the values of the table one standard deviation up and down.
        Outside the table an alternative is what it is at the table's ends.

    Raises
    ------
    InputError
        For a table that is not increasing, of unequal lengths, or with a value outside [0, 1].
    """

    energy_kev: tuple[float, ...]
    value: tuple[float, ...]
    below: float
    above: float
    alternatives: tuple[tuple[str, tuple[float, ...], tuple[float, ...]], ...] = ()

    def __post_init__(self) -> None:
        tables = [self.value, *(table for _, *pair in self.alternatives for table in pair)]
        for table in tables:
            if len(self.energy_kev) != len(table) or len(table) < 2:
                raise InputError("efficiency", len(table), "as many values as energies, two or more")
        increasing("efficiency energy_kev", self.energy_kev)
        for value in (*(value for table in tables for value in table), self.below, self.above):
            if not 0.0 <= value <= 1.0:
                raise InputError("efficiency", value, "values between 0 and 1")
        # Whatever an alternative is outside the table has to be possible too.
        _ = self.uncertainties

    @classmethod
    def perfect(cls) -> Efficiency:
        """One at all energies."""
        return cls((0.0, 1.0), (1.0, 1.0), 1.0, 1.0)

    @classmethod
    def logistic(
        cls,
        height: float,
        steepness_per_kev: float,
        middle_kev: float,
        offset: float,
        range_kev: tuple[float, float],
        points: int = 150,
    ) -> Efficiency:
        """Table of a/(1 + e^{−b(E − c)}) + d, taken as zero where that is negative, over a range of energies.

        Parameters
        ----------
        height, steepness_per_kev, middle_kev, offset : float
            a, b, c and d.
        range_kev : (float, float)
            Where it is tabulated; outside, the values at the ends hold.
        points : int
            Of the table.
        """
        energies = np.linspace(*range_kev, points)
        curve = height / (1.0 + np.exp(-steepness_per_kev * (energies - middle_kev))) + offset
        values = tuple(np.maximum(curve, 0.0).tolist())
        return cls(tuple(energies.tolist()), values, values[0], values[-1])

    @property
    def uncertainties(self) -> tuple[tuple[str, Efficiency, Efficiency], ...]:
        """Name of each independent uncertainty, and the efficiency one standard deviation up and down."""
        return tuple((name, self._with(plus), self._with(minus)) for name, plus, minus in self.alternatives)

    def _with(self, value: tuple[float, ...]) -> Efficiency:
        shift = (value[0] - self.value[0], value[-1] - self.value[-1])
        below, above = self.below + shift[0], self.above + shift[1]
        if self.below == 0.0:
            below = 0.0  # what is below a threshold stays there
        return Efficiency(self.energy_kev, value, below, above)

    @property
    def support_kev(self) -> tuple[float, float]:
        """From where and up to where it is not zero."""
        seen = np.flatnonzero(self.value)
        if seen.size == 0:
            return 0.0, math.inf
        first, last = max(int(seen[0]) - 1, 0), min(int(seen[-1]) + 1, len(self.energy_kev) - 1)
        return (
            0.0 if self.below > 0.0 else self.energy_kev[first],
            math.inf if self.above > 0.0 else self.energy_kev[last],
        )

    def scaled(self, factor: float) -> Efficiency:
        """The same efficiency of an energy that reads as ``factor`` times as much."""
        return Efficiency(
            tuple((np.array(self.energy_kev) / factor).tolist()),
            self.value,
            self.below,
            self.above,
            self.alternatives,
        )

    def __call__(self, energy_kev: FloatArray) -> FloatArray:
        """Efficiency at the given energies."""
        return np.interp(energy_kev, self.energy_kev, self.value, left=self.below, right=self.above)


@dataclass(frozen=True)
class TimeWindow:
    """Bins in time after a beam's trigger, and the efficiency in them: flat, then falling exponentially.

    Parameters
    ----------
    edges_us : tuple of float
        Edges of contiguous bins.
    flat_until_us : float
        Until when the efficiency is one.
    loss_per_us : float
        Rate of its exponential fall from there on, not negative.

    Raises
    ------
    InputError
        For bins that do not increase, or a negative rate.
    """

    edges_us: tuple[float, ...]
    flat_until_us: float = math.inf
    loss_per_us: float = 0.0

    def __post_init__(self) -> None:
        if len(self.edges_us) < 2:
            raise InputError("time edges_us", self.edges_us, "two or more times")
        increasing("time edges_us", self.edges_us, "times")
        if not (math.isfinite(self.loss_per_us) and self.loss_per_us >= 0.0):
            raise InputError("loss_per_us", self.loss_per_us, "a rate, not negative")

    def efficiency(self, time_us: FloatArray) -> FloatArray:
        """Efficiency at the given times."""
        if self.loss_per_us == 0.0:
            return np.ones_like(time_us)
        return np.exp(-self.loss_per_us * np.maximum(time_us - self.flat_until_us, 0.0))
