"""Photoabsorption as others have it, to compare with: measured and evaluated, and calculated."""

from __future__ import annotations

from typing import Any

import numpy as np

from nuatom.constants import BOHR_RADIUS_CM, FINE_STRUCTURE, HBAR_C_KEV_CM
from nuatom.numerics.quadrature import FloatArray

__all__ = ["henke_mb", "kissel_mb"]

_CM2_PER_MB = 1e-18
_ELECTRON_RADIUS_CM = BOHR_RADIUS_CM * FINE_STRUCTURE**2


def henke_mb(atomic_number: int, energy_kev: FloatArray) -> FloatArray:
    """Photoabsorption evaluated from measurements, in megabarn; NaN where the table ends (10 eV, 30 keV).

    σ = 2 r_e λ f₂ with f₂ of Henke, Gullikson & Davis, At. Data Nucl. Data Tables 54 (1993) 181, as carried
    by periodictable.
    """
    import periodictable

    xray: Any = periodictable.elements[atomic_number].xray
    _, f2 = xray.scattering_factors(energy=energy_kev)
    wavelength_cm = 2.0 * np.pi * HBAR_C_KEV_CM / energy_kev
    sigma: FloatArray = 2.0 * _ELECTRON_RADIUS_CM * wavelength_cm * np.asarray(f2) / _CM2_PER_MB
    return sigma


def kissel_mb(atomic_number: int, energy_kev: FloatArray) -> FloatArray:
    """Photoabsorption calculated by Kissel with Dirac-Slater orbitals, in megabarn; NaN out of its range."""
    import xraylib

    def one(energy: float) -> float:
        try:
            return float(xraylib.CSb_Photo_Total(atomic_number, energy)) * 1e-6
        except ValueError:
            return np.nan

    return np.array([one(energy) for energy in energy_kev])
