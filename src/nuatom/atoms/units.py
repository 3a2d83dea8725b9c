"""Atomic units, and the momentum that goes with a kinetic energy."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.constants import ELECTRON_MASS_KEV, FINE_STRUCTURE
from nuatom.numerics.quadrature import FloatArray

__all__ = ["MOMENTUM_KEV", "SPEED_OF_LIGHT", "ridge_kev", "wavenumber"]

MOMENTUM_KEV: Final = FINE_STRUCTURE * ELECTRON_MASS_KEV
"""Atomic unit of momentum, ħ/a₀ = α m_e c."""

SPEED_OF_LIGHT: Final = 1.0 / FINE_STRUCTURE
"""In atomic units."""


def wavenumber(energy: ArrayLike, speed_of_light: float = SPEED_OF_LIGHT) -> FloatArray:
    """Momentum of an electron of a kinetic energy, k = √(2ε + ε²/c²), atomic units.

    Parameters
    ----------
    energy : array_like
        ε, zero or more.
    speed_of_light : float
        137.036, or larger to switch relativity off.
    """
    kinetic = np.asarray(energy, dtype=float)
    momentum: FloatArray = np.sqrt(2.0 * kinetic + (kinetic / speed_of_light) ** 2)
    return momentum


def ridge_kev(kinetic_kev: ArrayLike) -> FloatArray:
    """:func:`wavenumber` in keV, √(ε(ε + 2m_e)): where the responses of free electrons are.

    An electron at rest takes exactly this momentum with an energy, and a bound one that leaves with ε does so
    on a ridge around it.

    Parameters
    ----------
    kinetic_kev : array_like
        ε, zero or more.

    Examples
    --------
    >>> round(float(ridge_kev(1.0)), 3)
    31.984
    """
    kinetic = np.asarray(kinetic_kev, dtype=float)
    momentum: FloatArray = np.sqrt(kinetic * (kinetic + 2.0 * ELECTRON_MASS_KEV))
    return momentum
