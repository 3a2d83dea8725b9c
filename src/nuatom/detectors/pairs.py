"""Detectors that count electron-hole pairs one by one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from nuatom.detectors.axis import Axis
from nuatom.detectors.efficiency import TimeWindow
from nuatom.detectors.quenching import Quenching, recoil_for
from nuatom.detectors.response import ResponseVariation
from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from scipy.interpolate import PchipInterpolator

__all__ = ["PairCounting", "PairStatistics"]

_TAIL: Final = 8.0
_RESOLVED: Final = 10.0
"""Standard deviations over which an edge of wide bins needs panels of its own."""


@dataclass(frozen=True, eq=False)
class PairStatistics:
    r"""Number of electron-hole pairs that an energy makes.

    Far above the gap it has the mean T/w and the variance FT/w; whole numbers from one to T/E_g, with the
    probability that a Gaussian has half a pair on either side. Below the last energy of a table probabilities
    are those of the table, by monotonic cubics between its energies.

    Parameters
    ----------
    gap_kev : float
        E_g.
    mean_energy_kev : float
        w.
    fano_factor : float
        F.
    energy_kev : ndarray, shape (E,), optional
        Energies of a table.
    probability : ndarray, shape (E, N), optional
        Of one to N pairs.

    Raises
    ------
    InputError
        For energies that are not positive, a pair that costs less than the gap, or probabilities that do not
        belong to the energies.
    """

    gap_kev: float
    mean_energy_kev: float
    fano_factor: float
    energy_kev: FloatArray = field(default_factory=lambda: np.empty(0))
    probability: FloatArray = field(default_factory=lambda: np.empty((0, 1)))

    def __post_init__(self) -> None:
        positive("gap_kev", self.gap_kev, "keV")
        positive("fano_factor", self.fano_factor)
        if not self.mean_energy_kev > self.gap_kev:
            raise InputError(
                "mean_energy_kev", self.mean_energy_kev, f"more than the gap of {self.gap_kev:g}"
            )
        if self.probability.shape[:1] != self.energy_kev.shape or np.any(self.probability < 0.0):
            raise InputError("probability", self.probability.shape, "one row for each energy, not negative")

    def sigma(self, energy_kev: FloatArray) -> FloatArray:
        """Standard deviation of the number of pairs, far above the gap."""
        spread: FloatArray = np.sqrt(self.fano_factor * np.asarray(energy_kev) / self.mean_energy_kev)
        return spread

    def probabilities(self, energy_kev: FloatArray, most: int) -> FloatArray:
        """Of one to ``most`` pairs, shape (energies, most); none up to the gap."""
        from scipy.special import ndtr

        energy = np.asarray(energy_kev, dtype=float)
        count = np.arange(1, most + 1)
        mean, sigma = energy[:, None] / self.mean_energy_kev, self.sigma(energy)[:, None]
        allowed = np.maximum(np.floor(energy[:, None] / self.gap_kev), 1.0)
        low = np.where(count == 1, -np.inf, (count - 0.5 - mean) / sigma)
        high = np.where(count == allowed, np.inf, (count + 0.5 - mean) / sigma)
        result = np.where(count <= allowed, ndtr(high) - ndtr(low), 0.0)
        if self.energy_kev.size:
            listed = energy <= self.energy_kev[-1]
            width = min(most, self.probability.shape[1])
            result[listed] = 0.0
            inside = np.clip(energy[listed], self.energy_kev[0], None)
            result[listed, :width] = self._table(inside)[:, :width]
        result[energy <= self.gap_kev] = 0.0
        return result

    @cached_property
    def _table(self) -> PchipInterpolator:
        from scipy import interpolate

        return interpolate.PchipInterpolator(self.energy_kev, self.probability, axis=0)


@dataclass(frozen=True, eq=False)
class PairCounting:
    """A detector whose data are numbers of electron-hole pairs: a skipper CCD, a cryogenic crystal.

    Parameters
    ----------
    exposure_tonne_year : float
        Target mass times live time.
    edges : tuple of float
        Edges of the bins, in pairs: 0.5, 1.5, … keep whole numbers apart.
    statistics : PairStatistics
    noise_pairs : float
        Standard deviation of what is read.
    efficiency : float
        Part of events that is counted.
    quenching : Quenching, optional
        Of nuclear recoils.

    Raises
    ------
    InputError
        For an exposure or an efficiency that is not positive, or a noise below zero.
    """

    exposure_tonne_year: float
    edges: tuple[float, ...]
    statistics: PairStatistics
    noise_pairs: float = 0.0
    efficiency: float = 1.0
    quenching: Quenching | None = None

    def __post_init__(self) -> None:
        positive("exposure_tonne_year", self.exposure_tonne_year, "t yr")
        if not 0.0 < self.efficiency <= 1.0:
            raise InputError("efficiency", self.efficiency, "above 0, at most 1")
        if not self.noise_pairs >= 0.0:
            raise InputError("noise_pairs", self.noise_pairs, "zero or more")
        if not self.axes[0].edges[0] > 0.0:
            raise InputError("edges", self.edges[0], "more than zero pairs")

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Number of pairs."""
        return (Axis("pairs", "", self.edges),)

    @property
    def time(self) -> TimeWindow | None:
        """None."""
        return None

    @property
    def grid(self) -> None:
        """None: the quenching's uncertainties are linear."""
        return

    @property
    def variations(self) -> tuple[ResponseVariation, ...]:
        """Those of the quenching."""
        if self.quenching is None:
            return ()
        return tuple(
            ResponseVariation(
                entry.name, replace(self, quenching=entry.plus), replace(self, quenching=entry.minus)
            )
            for entry in self.quenching.uncertainties
        )

    def of_electrons(self) -> PairCounting:
        """The same for electrons, none of whose energy is lost to heat alone."""
        return replace(self, quenching=None)

    @property
    def recoil_range_kev(self) -> tuple[float, float]:
        """From the gap to where hardly any event has so few pairs."""
        statistics = self.statistics
        most = self.edges[-1] + _TAIL * self.noise_pairs
        # n + 8√(Fn) of the energies that are still counted.
        root = 0.5 * _TAIL * statistics.fano_factor**0.5
        highest = statistics.mean_energy_kev * (root + (root**2 + most) ** 0.5) ** 2
        return self._recoil(statistics.gap_kev), self._recoil(highest)

    @property
    def breakpoints_kev(self) -> tuple[float, ...]:
        """The gap, energies that allow one pair more, and those of a table: it is smooth between them."""
        statistics = self.statistics
        low = [statistics.gap_kev * n for n in range(1, 5)]
        return tuple(sorted(self._recoil(energy) for energy in {*low, *statistics.energy_kev.tolist()}))

    def relative_width(self, recoil_kev: float) -> float:
        """Width of the number of pairs over it, half a pair at least."""
        energy = np.array([recoil_kev]) if self.quenching is None else self.quenching(np.array([recoil_kev]))
        pairs = max(float(energy[0]) / self.statistics.mean_energy_kev, 1.0)
        width = np.hypot(float(self.statistics.sigma(energy)[0]), max(self.noise_pairs, 0.5))
        return min(1.0, _RESOLVED * float(width) / pairs)

    def response(self, recoil_kev: FloatArray) -> FloatArray:
        """Probability of each bin, shape (recoils, bins)."""
        recoil = np.asarray(recoil_kev, dtype=float)
        energy = recoil if self.quenching is None else self.quenching(recoil)
        most = int(np.ceil(self.edges[-1] + _TAIL * self.noise_pairs)) + 1
        pairs, edges = np.arange(1, most + 1)[:, None], np.asarray(self.edges)
        if self.noise_pairs > 0.0:
            from scipy.special import ndtr

            seen = np.diff(ndtr((edges - pairs) / self.noise_pairs), axis=1)
        else:
            seen = ((pairs >= edges[:-1]) & (pairs < edges[1:])).astype(float)
        counted: FloatArray = self.efficiency * (self.statistics.probabilities(energy, most) @ seen)
        return counted

    def _recoil(self, energy_kev: float) -> float:
        return energy_kev if self.quenching is None else recoil_for(self.quenching, energy_kev)
