"""Detectors that smear: quenching, efficiency, resolution and bins, and the response they make together."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np

from nuatom.detectors.axis import Axis, increasing
from nuatom.detectors.efficiency import Efficiency, TimeWindow
from nuatom.detectors.quenching import Quenching, recoil_for
from nuatom.detectors.resolution import Resolution
from nuatom.detectors.response import ResponseVariation
from nuatom.detectors.shares import EnergyShares
from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Detector"]

_RESOLVED: Final = 3.0
"""Standard deviations over which a smeared step needs nodes of its own."""


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
    beside : EnergyShares, optional
        Bins of another quantity that is measured beside energy, between energy and time.
    energy_scale : float
        Energy that is read for one keV on average.
    energy_scale_uncertainty : float
        One standard deviation of it.

    Raises
    ------
    InputError
        For an exposure that is not positive, bins that do not increase, a scale that is not positive, or
        shares of other bins of energy.
    """

    exposure_tonne_year: float
    bin_edges_kev: tuple[float, ...]
    efficiency: Efficiency = field(default_factory=Efficiency.perfect)
    resolution: Resolution | None = None
    efficiency_of: Literal["reconstructed", "true"] = "reconstructed"
    quenching: Quenching | None = None
    time: TimeWindow | None = None
    beside: EnergyShares | None = None
    energy_scale: float = 1.0
    energy_scale_uncertainty: float = 0.0

    def __post_init__(self) -> None:
        positive("exposure_tonne_year", self.exposure_tonne_year, "t yr")
        if len(self.bin_edges_kev) < 2 or self.bin_edges_kev[0] < 0.0:
            raise InputError("bin_edges_kev", self.bin_edges_kev, "two or more energies, not negative")
        increasing("bin_edges_kev", self.bin_edges_kev)
        if self.efficiency_of not in ("reconstructed", "true"):
            raise InputError("efficiency_of", self.efficiency_of, "reconstructed or true")
        positive("energy_scale", self.energy_scale)
        if not 0.0 <= self.energy_scale_uncertainty < self.energy_scale:
            accepted = f"zero or more, and less than the scale of {self.energy_scale:g}"
            raise InputError("energy_scale_uncertainty", self.energy_scale_uncertainty, accepted)
        if self.beside is not None and len(self.beside.rows) != len(self.bin_edges_kev) - 1:
            accepted = f"one for each of {len(self.bin_edges_kev) - 1} bins of energy"
            raise InputError("beside", f"{len(self.beside.rows)} rows", accepted)

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Reconstructed energy, what is measured beside it, and time where it is binned."""
        energy = Axis("reconstructed energy", "keV", self.bin_edges_kev)
        other = () if self.beside is None else (self.beside.axis,)
        time = () if self.time is None else (Axis("time", "µs", self.time.edges_us),)
        return (energy, *other, *time)

    @property
    def variations(self) -> tuple[ResponseVariation, ...]:
        """Uncertainties of all that it consists of, made of what they vary."""
        found = [
            ResponseVariation(name, replace(self, efficiency=plus), replace(self, efficiency=minus))
            for name, plus, minus in self.efficiency.uncertainties
        ]
        if self.quenching is not None:
            found += [
                ResponseVariation(
                    entry.name, replace(self, quenching=entry.plus), replace(self, quenching=entry.minus)
                )
                for entry in self.quenching.uncertainties
            ]
        if self.energy_scale_uncertainty > 0.0:
            plus, minus = (
                replace(self, energy_scale=self.energy_scale + shift)
                for shift in (self.energy_scale_uncertainty, -self.energy_scale_uncertainty)
            )
            found.append(ResponseVariation("energy_scale", plus, minus))
        if self.resolution is not None:
            found += [
                ResponseVariation(name, replace(self, resolution=wider), replace(self, resolution=sharper))
                for name, wider, sharper in self.resolution.uncertainties
            ]
        if self.beside is not None:
            found += [
                ResponseVariation(name, replace(self, beside=plus), replace(self, beside=minus))
                for name, plus, minus in self.beside.uncertainties
            ]
        return tuple(found)

    @property
    def grid(self) -> None:
        """None: all uncertainties are linear."""
        return

    def of_electrons(self) -> Detector:
        """The same detector for electrons, all of whose energy is seen: quenching is of nuclei only."""
        return replace(self, quenching=None)

    @property
    def recoil_range_kev(self) -> tuple[float, float]:
        """True recoils that can be counted.

        All but 1e-15 of the resolution's tails, and where an efficiency of the true energy is not zero.
        """
        low, high = (edge / self.energy_scale for edge in (self.bin_edges_kev[0], self.bin_edges_kev[-1]))
        if self.resolution is not None:
            low, high = self.resolution.reach(low, high)
        first, last = self.efficiency.support_kev if self.efficiency_of == "true" else (0.0, math.inf)
        return max(self._recoil(low), first), min(self._recoil(high), last)

    @property
    def breakpoints_kev(self) -> tuple[float, ...]:
        """True recoils where the response jumps or bends: quadrature stops there."""
        if self.energy_scale != 1.0:
            return self._at_unit_scale().breakpoints_kev
        knots = self.efficiency.energy_kev
        if self.resolution is None:
            seen = {*self.bin_edges_kev, *(knots if self.efficiency_of == "reconstructed" else ())}
            kinks = {*map(self._recoil, seen), *(knots if self.efficiency_of == "true" else ())}
            return tuple(sorted(kinks))
        return tuple(knots) if self.efficiency_of == "true" else ()

    def relative_width(self, recoil_kev: float) -> float:
        """Scale on which the response varies, in units of the recoil."""
        if self.resolution is None:
            return 1.0
        energy = np.array(recoil_kev)
        seen = energy if self.quenching is None else self.quenching(energy)
        return min(1.0, _RESOLVED * float(self.resolution.sigma_kev(seen) / seen))

    def _at_unit_scale(self) -> Detector:
        """The detector that reads true energies, with bins and efficiency moved the other way."""
        scale = self.energy_scale
        of_true = self.efficiency_of == "true"
        return replace(
            self,
            bin_edges_kev=tuple(edge / scale for edge in self.bin_edges_kev),
            efficiency=self.efficiency if of_true else self.efficiency.scaled(scale),
            energy_scale=1.0,
            energy_scale_uncertainty=0.0,
        )

    def _recoil(self, energy_kev: float) -> float:
        return energy_kev if self.quenching is None else recoil_for(self.quenching, energy_kev)

    def response(self, recoil_kev: FloatArray) -> FloatArray:
        """Probability that a recoil is detected and falls in each bin of energy, and of what is beside it.

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
        counted = self._in_energy(recoil_kev)
        return counted if self.beside is None else self.beside(counted)

    def _in_energy(self, recoil_kev: FloatArray) -> FloatArray:
        """Probability of each bin of energy."""
        if self.energy_scale != 1.0:
            return self._at_unit_scale()._in_energy(recoil_kev)
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
