"""Detectors: exposure, efficiency, energy resolution and bins, and the response they make together."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from nuatom.errors import InputError

__all__ = ["Detector", "Efficiency", "GaussianResolution"]

FloatArray = NDArray[np.float64]

# Gaussian tails beyond this many standard deviations hold 1e-15 of the events.
_TAIL: Final = 8.0


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

    def __call__(self, energy_kev: FloatArray) -> FloatArray:
        """Efficiency at the given energies."""
        return np.interp(energy_kev, self.energy_kev, self.value, left=self.below, right=self.above)


@dataclass(frozen=True)
class GaussianResolution:
    """Gaussian energy resolution, σ/E = a/√(E/keV) + b.

    Parameters
    ----------
    stochastic, constant : float
        a and b, neither negative nor both zero.
    """

    stochastic: float
    constant: float

    def __post_init__(self) -> None:
        values = (self.stochastic, self.constant)
        if not all(math.isfinite(value) and value >= 0.0 for value in values) or sum(values) == 0.0:
            raise InputError("resolution", values, "two numbers, not negative and not both zero")
        if self.constant * _TAIL >= 1.0:
            raise InputError("resolution constant", self.constant, f"less than {1.0 / _TAIL}")

    def sigma_kev(self, energy_kev: FloatArray) -> FloatArray:
        """Standard deviation of the reconstructed energy."""
        return self.stochastic * np.sqrt(energy_kev) + self.constant * energy_kev


@dataclass(frozen=True)
class Detector:
    """A detector that counts recoils in bins of reconstructed energy.

    Parameters
    ----------
    exposure_tonne_year : float
        Target mass times live time.
    bin_edges_kev : tuple of float
        Edges of contiguous bins in reconstructed energy.
    efficiency : Efficiency, optional
        One by default.
    resolution : GaussianResolution, optional
        Perfect by default.
    efficiency_of : {"reconstructed", "true"}
        Which energy the efficiency is a function of.

    Raises
    ------
    InputError
        For an exposure that is not positive, or bins that do not increase.
    """

    exposure_tonne_year: float
    bin_edges_kev: tuple[float, ...]
    efficiency: Efficiency = field(default_factory=lambda: Efficiency((0.0, 1.0), (1.0, 1.0), 1.0, 1.0))
    resolution: GaussianResolution | None = None
    efficiency_of: Literal["reconstructed", "true"] = "reconstructed"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.exposure_tonne_year) and self.exposure_tonne_year > 0.0):
            raise InputError("exposure_tonne_year", self.exposure_tonne_year, "a positive number")
        if len(self.bin_edges_kev) < 2 or self.bin_edges_kev[0] < 0.0:
            raise InputError("bin_edges_kev", self.bin_edges_kev, "two or more energies, not negative")
        _increasing("bin_edges_kev", self.bin_edges_kev)
        if self.efficiency_of not in ("reconstructed", "true"):
            raise InputError("efficiency_of", self.efficiency_of, "reconstructed or true")

    @property
    def recoil_range_kev(self) -> tuple[float, float]:
        """True recoils that can be counted: all but 1e-15 of the resolution's tails."""
        low, high = self.bin_edges_kev[0], self.bin_edges_kev[-1]
        if self.resolution is None:
            return low, high
        # T ± 8σ(T) = edge is quadratic in √T.
        spread, linear = _TAIL * self.resolution.stochastic, _TAIL * self.resolution.constant
        root_low = 2.0 * low / (spread + math.sqrt(spread**2 + 4.0 * (1.0 + linear) * low)) if low else 0.0
        root_high = (spread + math.sqrt(spread**2 + 4.0 * (1.0 - linear) * high)) / (2.0 * (1.0 - linear))
        return root_low**2, root_high**2

    @property
    def kinks_kev(self) -> tuple[float, ...]:
        """True recoils where the response jumps or bends: quadrature stops there."""
        knots = self.efficiency.energy_kev
        if self.resolution is None:
            return tuple(sorted({*self.bin_edges_kev, *knots}))
        return tuple(knots) if self.efficiency_of == "true" else ()

    def response(self, recoil_kev: FloatArray) -> FloatArray:
        """Probability that a recoil is detected and falls in each bin.

        For an efficiency ε that is linear between knots, p + qE' in a segment [a, b], and a Gaussian
        resolution, the integral over reconstructed energy is elementary:

        ∫ₐᵇ (p + qE') N(E'; T, σ) dE' = (p + qT) [Φ(z_b) − Φ(z_a)] − qσ [φ(z_b) − φ(z_a)],  z = (E' − T)/σ.

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
        if self.resolution is None:
            inside = (recoil >= bins[:-1]) & (recoil < bins[1:])
            return inside * self.efficiency(recoil)
        sigma = self.resolution.sigma_kev(recoil)
        if self.efficiency_of == "true":
            shares: FloatArray = np.diff(ndtr((bins - recoil) / sigma), axis=1)
            return self.efficiency(recoil) * shares

        knots = np.asarray(self.efficiency.energy_kev)
        edges = np.union1d(bins, knots[(knots > bins[0]) & (knots < bins[-1])])
        middle = 0.5 * (edges[1:] + edges[:-1])
        quarter = 0.25 * np.diff(edges)
        slope = (self.efficiency(middle + quarter) - self.efficiency(middle - quarter)) / (2.0 * quarter)
        offset = self.efficiency(middle) - slope * middle
        z = (edges - recoil) / sigma
        gauss = np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
        segments = (offset + slope * recoil) * np.diff(ndtr(z), axis=1)
        segments -= slope * sigma * np.diff(gauss, axis=1)
        counted: FloatArray = np.add.reduceat(segments, np.searchsorted(edges, bins[:-1]), axis=1)
        return counted


def _increasing(name: str, values: tuple[float, ...]) -> None:
    array = np.asarray(values, dtype=float)
    if not (np.all(np.isfinite(array)) and np.all(np.diff(array) > 0.0)):
        raise InputError(name, values, "finite, increasing energies")
