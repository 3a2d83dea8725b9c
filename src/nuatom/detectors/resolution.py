"""Energy resolution: how an energy spreads when it is measured."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np

from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

__all__ = ["GammaResolution", "GaussianResolution", "NoiseResolution", "Resolution"]

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

    @property
    def uncertainties(self) -> tuple[tuple[str, Resolution, Resolution], ...]:
        """Name of each independent uncertainty, and the resolution one standard deviation up and down."""


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
        return _gaussian_moments(edges_kev, energy_kev, self.sigma_kev(energy_kev))

    @property
    def uncertainties(self) -> tuple[tuple[str, Resolution, Resolution], ...]:
        """None."""
        return ()


@dataclass(frozen=True)
class NoiseResolution:
    """Gaussian energy resolution with electronic noise, σ² = σ_0² + a²E + b²E².

    Parameters
    ----------
    noise_kev : float
        σ_0.
    stochastic, constant : float
        a and b, in √keV and 1. For a semiconductor a² = F ε, with the Fano factor and the energy of a pair.
    smallest_kev : float
        Least true energy that gives anything to be read, such as that of one pair of an electron and a hole.
        Noise alone is no recoil: below it nothing is counted.
    noise_uncertainty_kev : float
        One standard deviation of σ_0.

    Raises
    ------
    InputError
        For terms that are negative or all zero, or an uncertainty as large as the noise.
    """

    noise_kev: float
    stochastic: float
    constant: float
    smallest_kev: float = 0.0
    noise_uncertainty_kev: float = 0.0

    def __post_init__(self) -> None:
        terms = (self.noise_kev, self.stochastic, self.constant)
        if not all(math.isfinite(term) and term >= 0.0 for term in terms) or sum(terms) == 0.0:
            raise InputError("resolution", terms, "three numbers, not negative and not all zero")
        if self.constant * _TAIL >= 1.0:
            raise InputError("resolution constant", self.constant, f"less than {1.0 / _TAIL}")
        if not 0.0 <= self.smallest_kev < math.inf:
            raise InputError("resolution smallest_kev", self.smallest_kev, "an energy, not negative")
        sigma = self.noise_uncertainty_kev
        if sigma != 0.0 and not 0.0 < sigma < self.noise_kev:
            accepted = f"zero or more, and less than the noise of {self.noise_kev:g}"
            raise InputError("resolution noise_uncertainty_kev", sigma, accepted)

    def sigma_kev(self, energy_kev: FloatArray) -> FloatArray:
        """Standard deviation of the reconstructed energy."""
        square = self.noise_kev**2 + self.stochastic**2 * energy_kev + (self.constant * energy_kev) ** 2
        return np.sqrt(square)

    def reach(self, low_kev: float, high_kev: float) -> tuple[float, float]:
        """True energies that can be read in an interval: all but 1e-15 of the tails."""
        # (E − edge)² = 64 σ²(E) is quadratic in E.
        noise, root, linear = (
            (_TAIL * term) ** 2 for term in (self.noise_kev, self.stochastic, self.constant)
        )

        def crossing(edge: float, side: float) -> float:
            half, leading = edge + 0.5 * root, 1.0 - linear
            discriminant = half**2 - leading * (edge**2 - noise)
            return (half + side * math.sqrt(max(discriminant, 0.0))) / leading

        return max(crossing(low_kev, -1.0), self.smallest_kev, 0.0), crossing(high_kev, 1.0)

    def moments(self, edges_kev: FloatArray, energy_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """As :meth:`GaussianResolution.moments`; zero below the least energy that is seen."""
        seen = energy_kev >= self.smallest_kev
        first, second = _gaussian_moments(edges_kev, energy_kev, self.sigma_kev(energy_kev))
        return first * seen, second * seen

    @property
    def uncertainties(self) -> tuple[tuple[str, Resolution, Resolution], ...]:
        """That of the noise, where it is uncertain."""
        shift = self.noise_uncertainty_kev
        if shift == 0.0:
            return ()
        wider, sharper = (
            replace(self, noise_kev=self.noise_kev + sign * shift, noise_uncertainty_kev=0.0)
            for sign in (1.0, -1.0)
        )
        return (("noise", wider, sharper),)


def _gaussian_moments(
    edges_kev: FloatArray, energy_kev: FloatArray, sigma: FloatArray
) -> tuple[FloatArray, FloatArray]:
    from scipy.special import ndtr

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
        from scipy.special import gammainc

        per_kev, energy = self.shape_per_kev, high_kev
        while gammainc(1.0 + per_kev * energy, (1.0 / energy + per_kev) * high_kev) > _LEFT_OUT:
            energy *= _STEP
        return low_kev / _GAMMA_ABOVE, energy

    def moments(self, edges_kev: FloatArray, energy_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """∫P dE' = Δγ(k, kE'/E) and ∫E'P dE' = E Δγ(k + 1, kE'/E), γ the regularised incomplete function.

        Parameters and returns as for :meth:`GaussianResolution.moments`.
        """
        from scipy.special import gammainc

        shape = 1.0 + self.shape_per_kev * energy_kev
        x = shape * edges_kev / energy_kev
        probability: FloatArray = np.diff(gammainc(shape, x), axis=1)
        first: FloatArray = energy_kev * np.diff(gammainc(shape + 1.0, x), axis=1)
        return probability, first

    @property
    def uncertainties(self) -> tuple[tuple[str, Resolution, Resolution], ...]:
        """None."""
        return ()
