"""The momenta of one subshell on which a table holds its responses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms.units import ridge_kev
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.ridge_variable import ridge_point, ridge_slope, ridge_variable

__all__ = ["MomentumScale"]


@dataclass(frozen=True)
class MomentumScale:
    """The momenta of one subshell as a function of a uniform variable u in [0, 1].

    u ∝ ln(Q/T) + arsinh((Q − k)/w) + arsinh((k − T)/w), T ≤ Q ≤ k + p_max: logarithmic steps, and
    as many again across the ridge Q ≈ k.

    Attributes
    ----------
    edge_kev : float
        Ionization threshold.
    width_kev : float
        w, the width of the ridge: the inverse of the orbital's size.
    reach_kev : float
        p_max, beyond which the orbital has less than a given part of its momenta.
    """

    edge_kev: float
    width_kev: float
    reach_kev: float

    def limits_kev(self, ejected_kev: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """First and last momentum at each ejected-electron energy."""
        ejected = np.asarray(ejected_kev, dtype=float)
        return ejected + self.edge_kev, ridge_kev(ejected) + self.reach_kev

    def variable(self, ejected_kev: ArrayLike, momentum_kev: ArrayLike) -> FloatArray:
        """Return u, 0 at Q = T and 1 at the last momentum."""
        _, high = self.limits_kev(ejected_kev)
        value: FloatArray = self._raw(ejected_kev, momentum_kev) / self._raw(ejected_kev, high)
        return value

    def momenta_kev(self, ejected_kev: float, count: int) -> FloatArray:
        """Return ``count`` momenta, uniform in u."""
        momenta = self.momentum_kev(ejected_kev, np.linspace(0.0, 1.0, count))
        momenta[0], momenta[-1] = self.limits_kev(ejected_kev)
        return momenta

    def momentum_kev(self, ejected_kev: ArrayLike, variable: ArrayLike) -> FloatArray:
        """Return the momentum at u, the inverse of `variable`; the arguments broadcast."""
        ejected, target = np.broadcast_arrays(
            np.asarray(ejected_kev, dtype=float), np.asarray(variable, dtype=float)
        )
        low, high = self.limits_kev(ejected)
        ridge, width = ridge_kev(ejected), np.asarray(self.width_kev)
        return ridge_point(target * self._raw(ejected, high), low, high, ridge, width)

    def slope_per_kev(self, ejected_kev: ArrayLike, momentum_kev: ArrayLike) -> FloatArray:
        """Return du/dQ."""
        ejected, momentum = np.asarray(ejected_kev, float), np.asarray(momentum_kev, float)
        _, high = self.limits_kev(ejected)
        slope: FloatArray = ridge_slope(momentum, ridge_kev(ejected), np.asarray(self.width_kev))
        return slope / self._raw(ejected, high)

    def _raw(self, ejected_kev: ArrayLike, momentum_kev: ArrayLike) -> FloatArray:
        ejected, momentum = np.asarray(ejected_kev, float), np.asarray(momentum_kev, float)
        width = np.asarray(self.width_kev)
        return ridge_variable(momentum, ejected + self.edge_kev, ridge_kev(ejected), width)
