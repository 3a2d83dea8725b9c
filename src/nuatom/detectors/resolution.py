"""Energy resolution: how an energy spreads when it is measured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from scipy.special import gammainc, ndtr

from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

__all__ = ["GammaResolution", "GaussianResolution", "Resolution"]

# Gaussian tails beyond this many standard deviations hold 1e-15 of the events.
_TAIL: Final = 8.0
# A gamma distribution of shape k ≥ 1 and mean m holds less than 1e-15 above 40 m ...
_GAMMA_ABOVE: Final = 40.0
# ... and below an energy less the higher its own mean is, whose shape grows with it: sought in these steps.
_STEP: Final = 1.05
_LEFT_OUT: Final = 1e-15


class Resolution(Protocol):
    """Distribution of the energy that is read for a true one."""

    def sigma_kev(self, energy_kev: FloatArray) -> FloatArray:
        """Standard deviation of the energy read."""

    def reach(self, low_kev: float, high_kev: float) -> tuple[float, float]:
        """True energies that can be read in an interval: all but 1e-15 of the tails."""

    def moments(self, edges_kev: FloatArray, energy_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """∫P dE' and ∫E'P dE' between edges, for true energies in a column."""


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

    def reach(self, low_kev: float, high_kev: float) -> tuple[float, float]:
        """True energies that can be read in an interval: all but 1e-15 of the tails."""
        # E ± 8σ(E) = edge is quadratic in √E.
        spread, linear = _TAIL * self.stochastic, _TAIL * self.constant
        root_low = (
            2.0 * low_kev / (spread + math.sqrt(spread**2 + 4.0 * (1.0 + linear) * low_kev))
            if low_kev
            else 0.0
        )
        root_high = (spread + math.sqrt(spread**2 + 4.0 * (1.0 - linear) * high_kev)) / (2.0 * (1.0 - linear))
        return root_low**2, root_high**2

    def moments(self, edges_kev: FloatArray, energy_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """∫P dE' = ΔΦ(z) and ∫E'P dE' = E ΔΦ(z) − σ Δφ(z) between edges, z = (E' − E)/σ.

        Parameters
        ----------
        edges_kev : ndarray, shape (edges,)
            Energies read.
        energy_kev : ndarray, shape (energies, 1)
            True energies.

        Returns
        -------
        probability, first_moment : ndarray, shape (energies, edges − 1)
        """
        sigma = self.sigma_kev(energy_kev)
        z = (edges_kev - energy_kev) / sigma
        gauss = np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
        probability: FloatArray = np.diff(ndtr(z), axis=1)
        return probability, energy_kev * probability - sigma * np.diff(gauss, axis=1)


@dataclass(frozen=True)
class GammaResolution:
    """Gamma-distributed energy of mean E and shape 1 + bE: σ/E = 1/√(1 + bE).

    Never negative, and close to Poisson at few quanta; as used for scintillation light
    :cite:`COHERENT:2021xmm`.

    Parameters
    ----------
    shape_per_kev : float
        b, positive, keV⁻¹.
    """

    shape_per_kev: float

    def __post_init__(self) -> None:
        positive("shape_per_kev", self.shape_per_kev)

    def sigma_kev(self, energy_kev: FloatArray) -> FloatArray:
        """Standard deviation of the reconstructed energy."""
        return energy_kev / np.sqrt(1.0 + self.shape_per_kev * energy_kev)

    def reach(self, low_kev: float, high_kev: float) -> tuple[float, float]:
        """True energies that can be read in an interval: all but 1e-15 of the tails."""
        per_kev, energy = self.shape_per_kev, high_kev
        while gammainc(1.0 + per_kev * energy, (1.0 / energy + per_kev) * high_kev) > _LEFT_OUT:
            energy *= _STEP
        return low_kev / _GAMMA_ABOVE, energy

    def moments(self, edges_kev: FloatArray, energy_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """∫P dE' = Δγ(k, kE'/E) and ∫E'P dE' = E Δγ(k + 1, kE'/E), γ the regularised incomplete function.

        Parameters and returns as for :meth:`GaussianResolution.moments`.
        """
        shape = 1.0 + self.shape_per_kev * energy_kev
        x = shape * edges_kev / energy_kev
        probability: FloatArray = np.diff(gammainc(shape, x), axis=1)
        first: FloatArray = energy_kev * np.diff(gammainc(shape + 1.0, x), axis=1)
        return probability, first
