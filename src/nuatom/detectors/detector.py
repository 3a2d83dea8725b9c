"""Detectors: exposure, quenching, efficiency, resolution and bins, and the response they make together."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from nuatom.detectors.quenching import Quenching, recoil_for
from nuatom.detectors.resolution import Resolution
from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Detector", "Efficiency", "TimeWindow"]


@dataclass(frozen=True)
class Efficiency:
    """Detection efficiency, linear between tabulated energies.

    Parameters
    ----------
    energy_kev, value : tuple of float
        The table; energies increase, values lie in [0, 1].
    below, above : float
        Value outside the table, below and above it: stated, never extrapolated.

    Raises
    ------
    InputError
        For a table that is not increasing, of unequal lengths, or with a value outside [0, 1].
    """

    energy_kev: tuple[float, ...]
    value: tuple[float, ...]
    below: float
    above: float

    def __post_init__(self) -> None:
        if len(self.energy_kev) != len(self.value) or len(self.value) < 2:
            raise InputError("efficiency", len(self.value), "as many values as energies, two or more")
        _increasing("efficiency energy_kev", self.energy_kev)
        for value in (*self.value, self.below, self.above):
            if not 0.0 <= value <= 1.0:
                raise InputError("efficiency", value, "values between 0 and 1")

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
        _increasing("time edges_us", self.edges_us, "times")
        if not (math.isfinite(self.loss_per_us) and self.loss_per_us >= 0.0):
            raise InputError("loss_per_us", self.loss_per_us, "a rate, not negative")

    def efficiency(self, time_us: FloatArray) -> FloatArray:
        """Efficiency at the given times."""
        if self.loss_per_us == 0.0:
            return np.ones_like(time_us)
        return np.exp(-self.loss_per_us * np.maximum(time_us - self.flat_until_us, 0.0))


@dataclass(frozen=True)
class Detector:
    """A detector that counts recoils in bins of reconstructed energy, and of time after a beam's trigger.

    A nuclear recoil is first quenched to its electron-equivalent energy, which is what resolution, bins and
    an efficiency of the reconstructed energy are about.

    Parameters
    ----------
    exposure_tonne_year : float
        Target mass times live time.
    bin_edges_kev : tuple of float
        Edges of contiguous bins in reconstructed energy.
    efficiency : Efficiency, optional
        One by default.
    resolution : Resolution, optional
        Perfect by default.
    efficiency_of : {"reconstructed", "true"}
        Which energy the efficiency is a function of; the true one is the recoil's.
    quenching : Quenching, optional
        None by default: all of the energy is seen.
    time : TimeWindow, optional
        Bins in time; one without limits by default.

    Raises
    ------
    InputError
        For an exposure that is not positive, or bins that do not increase.
    """

    exposure_tonne_year: float
    bin_edges_kev: tuple[float, ...]
    efficiency: Efficiency = field(default_factory=lambda: Efficiency((0.0, 1.0), (1.0, 1.0), 1.0, 1.0))
    resolution: Resolution | None = None
    efficiency_of: Literal["reconstructed", "true"] = "reconstructed"
    quenching: Quenching | None = None
    time: TimeWindow | None = None

    def __post_init__(self) -> None:
        positive("exposure_tonne_year", self.exposure_tonne_year, "t yr")
        if len(self.bin_edges_kev) < 2 or self.bin_edges_kev[0] < 0.0:
            raise InputError("bin_edges_kev", self.bin_edges_kev, "two or more energies, not negative")
        _increasing("bin_edges_kev", self.bin_edges_kev)
        if self.efficiency_of not in ("reconstructed", "true"):
            raise InputError("efficiency_of", self.efficiency_of, "reconstructed or true")

    def of_electrons(self) -> Detector:
        """The same detector for electrons, all of whose energy is seen: quenching is of nuclei only."""
        return replace(self, quenching=None)

    @property
    def recoil_range_kev(self) -> tuple[float, float]:
        """True recoils that can be counted: all but 1e-15 of the resolution's tails."""
        low, high = self.bin_edges_kev[0], self.bin_edges_kev[-1]
        if self.resolution is not None:
            low, high = self.resolution.reach(low, high)
        return self._recoil(low), self._recoil(high)

    @property
    def kinks_kev(self) -> tuple[float, ...]:
        """True recoils where the response jumps or bends: quadrature stops there."""
        knots = self.efficiency.energy_kev
        if self.resolution is None:
            seen = {*self.bin_edges_kev, *(knots if self.efficiency_of == "reconstructed" else ())}
            kinks = {*map(self._recoil, seen), *(knots if self.efficiency_of == "true" else ())}
            return tuple(sorted(kinks))
        return tuple(knots) if self.efficiency_of == "true" else ()

    def _recoil(self, energy_kev: float) -> float:
        return energy_kev if self.quenching is None else recoil_for(self.quenching, energy_kev)

    def response(self, recoil_kev: FloatArray) -> FloatArray:
        """Probability that a recoil is detected and falls in each energy bin.

        For an efficiency ε that is linear between knots, p + qE' in a segment [a, b], the integral over
        reconstructed energy ∫ₐᵇ (p + qE') P(E') dE' needs the resolution's first two
        :meth:`~nuatom.detectors.resolution.Resolution.moments` only.

        Parameters
        ----------
        recoil_kev : ndarray, shape (recoils,)
            True recoils, positive.

        Returns
        -------
        ndarray, shape (recoils, bins)
        """
        bins = np.asarray(self.bin_edges_kev)
        recoil = np.asarray(recoil_kev, dtype=float)[:, None]
        energy = recoil if self.quenching is None else self.quenching(recoil)
        if self.resolution is None:
            inside = (energy >= bins[:-1]) & (energy < bins[1:])
            return inside * self.efficiency(recoil if self.efficiency_of == "true" else energy)
        if self.efficiency_of == "true":
            return self.efficiency(recoil) * self.resolution.moments(bins, energy)[0]

        knots = np.asarray(self.efficiency.energy_kev)
        edges = np.union1d(bins, knots[(knots > bins[0]) & (knots < bins[-1])])
        middle = 0.5 * (edges[1:] + edges[:-1])
        quarter = 0.25 * np.diff(edges)
        slope = (self.efficiency(middle + quarter) - self.efficiency(middle - quarter)) / (2.0 * quarter)
        offset = self.efficiency(middle) - slope * middle
        probability, first = self.resolution.moments(edges, energy)
        segments = offset * probability + slope * first
        counted: FloatArray = np.add.reduceat(segments, np.searchsorted(edges, bins[:-1]), axis=1)
        return counted


def _increasing(name: str, values: tuple[float, ...], what: str = "energies") -> None:
    array = np.asarray(values, dtype=float)
    if not (np.all(np.isfinite(array)) and np.all(np.diff(array) > 0.0)):
        raise InputError(name, values, f"finite, increasing {what}")
