"""When the neutrinos of a pulsed source arrive: a proton pulse, then one decay or several."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

__all__ = ["BinnedPulse", "GaussianPulse", "Timing"]

_SHARE_TOLERANCE: Final = 1e-9

_CLOSEST_LIFETIMES: Final = 0.01
"""Equal lifetimes have another closed form; near them this one loses as many digits as they agree in."""


@dataclass(frozen=True)
class GaussianPulse:
    """Protons that arrive with a Gaussian distribution in time.

    Parameters
    ----------
    sigma_ns : float
        Standard deviation, positive; the full width at half maximum is 2.3548 of it.
    centre_ns : float
        Mean arrival time.
    centre_uncertainty_ns : float
        One standard deviation of it.

    Raises
    ------
    InputError
        For a width that is not positive and finite, a centre that is not finite, or a negative uncertainty.
    """

    sigma_ns: float
    centre_ns: float = 0.0
    centre_uncertainty_ns: float = 0.0

    def __post_init__(self) -> None:
        positive("sigma_ns", self.sigma_ns, "ns")
        if not math.isfinite(self.centre_ns):
            raise InputError("centre_ns", self.centre_ns, "a finite time")
        if not 0.0 <= self.centre_uncertainty_ns < math.inf:
            raise InputError("centre_uncertainty_ns", self.centre_uncertainty_ns, "a time, not negative")

    @property
    def uncertainties(self) -> tuple[tuple[str, GaussianPulse, GaussianPulse], ...]:
        """That of the centre, later and earlier, where it is uncertain."""
        shift = self.centre_uncertainty_ns
        if shift == 0.0:
            return ()
        later, earlier = (GaussianPulse(self.sigma_ns, self.centre_ns + step) for step in (shift, -shift))
        return (("pulse", later, earlier),)

    def cumulative(self, time_ns: FloatArray) -> FloatArray:
        """Fraction of the protons that have arrived by a time."""
        from scipy.special import ndtr

        return np.asarray(ndtr((time_ns - self.centre_ns) / self.sigma_ns))

    def surviving(self, time_ns: FloatArray, lifetime_ns: float) -> FloatArray:
        """What is left at a time of particles made by the pulse, as a fraction of all of them.

        exp(σ²/2τ² − t/τ) Φ(t/σ − σ/τ), with t from the centre of the pulse.
        """
        from scipy.special import erfcx, ndtr

        time = (time_ns - self.centre_ns) / self.sigma_ns
        ratio = self.sigma_ns / lifetime_ns
        behind = ratio - time
        # Early on, a huge exponential meets a tiny Φ: their product is ½ e^{−t²/2σ²} erfcx. Each form is
        # kept out of the other's half, where it would overflow.
        early = 0.5 * np.exp(-0.5 * time**2) * erfcx(np.maximum(behind, 0.0) / math.sqrt(2.0))
        late = np.exp(np.minimum(ratio * (0.5 * ratio - time), 0.0)) * ndtr(-behind)
        return np.asarray(np.where(behind > 0.0, early, late))


@dataclass(frozen=True)
class BinnedPulse:
    """Protons that arrive evenly within each of several bins: one bin is a box, many a measured trace.

    Parameters
    ----------
    edges_ns : tuple of float
        Bin edges, increasing.
    shares : tuple of float
        Fraction of the protons in each bin; they sum to 1.

    Raises
    ------
    InputError
        For edges that do not increase, or shares that are not shares of 1 of the bins.
    """

    edges_ns: tuple[float, ...]
    shares: tuple[float, ...] = (1.0,)

    def __post_init__(self) -> None:
        edges = self.edges_ns
        if len(edges) < 2 or not all(-math.inf < a < b < math.inf for a, b in pairwise(edges)):
            raise InputError("edges_ns", edges, "two or more increasing, finite times")
        shares_are_valid = len(self.shares) == len(edges) - 1 and all(s >= 0.0 for s in self.shares)
        if not shares_are_valid or not abs(math.fsum(self.shares) - 1.0) < _SHARE_TOLERANCE:
            raise InputError("shares", self.shares, f"{len(edges) - 1} numbers ≥ 0 that sum to 1")

    @property
    def uncertainties(self) -> tuple[tuple[str, BinnedPulse, BinnedPulse], ...]:
        """None: the trace was measured."""
        return ()

    def cumulative(self, time_ns: FloatArray) -> FloatArray:
        """Fraction of the protons that have arrived by a time."""
        return np.asarray(np.interp(time_ns, self.edges_ns, np.append(0.0, np.cumsum(self.shares))))

    def surviving(self, time_ns: FloatArray, lifetime_ns: float) -> FloatArray:
        """What is left at a time of particles made by the pulse, as a fraction of all of them.

        Σ_b p_b (τ/w) e^{−(t−m)/τ} (1 − e^{−(m−a)/τ}) over bins [a, a + w], with m the smaller of t and a + w.
        """
        left, right = np.array(self.edges_ns[:-1]), np.array(self.edges_ns[1:])
        time = np.asarray(time_ns, dtype=float)[..., None]
        last = np.clip(time, left, right)
        made = -np.expm1(-(last - left) / lifetime_ns)
        # Before its bin a particle has not been made; without the clip its decay factor overflows.
        kept = np.exp(-np.maximum(time - last, 0.0) / lifetime_ns)
        return np.asarray((lifetime_ns / (right - left) * made * kept) @ np.array(self.shares))


@dataclass(frozen=True)
class Timing:
    """Distribution of arrival times: a pulse, followed by decays one after another.

    With lifetimes τ_i that differ, the chain's survival is Σ_i w_i e^{−t/τ_i} with
    w_i = Π_{j≠i} τ_i/(τ_i − τ_j) (H. Bateman, Proc. Cambridge Phil. Soc. 15 (1910) 423), and each
    exponential is convolved with the pulse in closed form.

    Parameters
    ----------
    pulse : GaussianPulse or BinnedPulse
        Arrival of the protons.
    lifetimes_ns : tuple of float
        Mean lives of the decays, in any order; none for neutrinos as prompt as the protons.

    Raises
    ------
    InputError
        For a lifetime that is not positive and finite, or two that agree within 1%.

    Notes
    -----
    Times are counted on the pulse's clock, at the source: the flight to the detector (65 ns for 19.5 m)
    moves them all alike, and belongs to the pulse's position.
    """

    pulse: GaussianPulse | BinnedPulse
    lifetimes_ns: tuple[float, ...]

    def __post_init__(self) -> None:
        ordered = np.sort(positive("lifetimes_ns", self.lifetimes_ns, "ns"))
        if any(longer - shorter < _CLOSEST_LIFETIMES * longer for shorter, longer in pairwise(ordered)):
            raise InputError("lifetimes_ns", self.lifetimes_ns, "lifetimes that differ by 1% or more")

    def cumulative(self, time_ns: ArrayLike) -> FloatArray:
        """Probability to have arrived by a time.

        Parameters
        ----------
        time_ns : array_like, shape (...)
            On the pulse's clock.

        Returns
        -------
        ndarray, shape (...)
            Right to about 1e-15, absolute.

        Raises
        ------
        InputError
            For a time that is not a number.
        """
        time = np.asarray(time_ns, dtype=float)
        if np.any(np.isnan(time)):
            raise InputError("time_ns", time_ns, "numbers")
        # Every finite time far outside gives exactly 0 or 1; infinite ones would give ∞ − ∞ on the way.
        finite = np.clip(time, -1e12, 1e12)
        arrived = self.pulse.cumulative(finite)
        for lifetime in self.lifetimes_ns:
            others = (other for other in self.lifetimes_ns if other != lifetime)
            weight = math.prod(lifetime / (lifetime - other) for other in others)
            arrived = arrived - weight * self.pulse.surviving(finite, lifetime)
        return arrived

    def probability(self, edges_ns: ArrayLike) -> FloatArray:
        """Probability to arrive in each time bin.

        Parameters
        ----------
        edges_ns : array_like, shape (bins + 1,)
            Increasing; infinities are allowed.

        Returns
        -------
        ndarray, shape (bins,)
            Their sum is below 1 by what arrives outside the bins.

        Raises
        ------
        InputError
            For edges that do not increase.
        """
        edges = np.asarray(edges_ns, dtype=float)
        if edges.ndim != 1 or edges.size < 2 or not np.all(edges[1:] > edges[:-1]):
            raise InputError("edges_ns", edges_ns, "two or more increasing times")
        # Differences of a cumulative distribution that is constant there may be −1e-17.
        return np.maximum(np.diff(self.cumulative(edges)), 0.0)
