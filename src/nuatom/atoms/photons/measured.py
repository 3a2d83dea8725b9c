"""Photoabsorption as others have it, to compare with: measured and evaluated, and calculated."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from nuatom.constants import BOHR_RADIUS_CM, FINE_STRUCTURE, HBAR_C_KEV_CM
from nuatom.data import read_toml
from nuatom.numerics.quadrature import FloatArray

__all__ = ["gas_phase_mb", "henke_factors", "henke_mb", "kissel_mb"]


_CM2_PER_MB = 1e-18
_MB_PER_STRENGTH: Final = 4.0 * np.pi**2 * FINE_STRUCTURE * BOHR_RADIUS_CM**2 / _CM2_PER_MB
"""Of an oscillator strength per rydberg: 2π²αa₀² per hartree."""

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


def henke_factors(atomic_number: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Atomic scattering factors at the energies of Henke's table: E in keV, f₁ and f₂.

    f₁ is NaN below 29 eV, where the table has none.
    """
    import periodictable

    energy_kev, f1, f2 = (
        np.asarray(row, dtype=float) for row in periodictable.elements[atomic_number].xray.sftable
    )
    energy_kev, order = np.unique(energy_kev, return_index=True)
    return energy_kev, f1[order], f2[order]


def gas_phase_mb(symbol: str, energy_kev: FloatArray) -> dict[str, FloatArray]:
    """Other evaluations of measurements on gases, in megabarn, by name; NaN out of their ranges.

    Neon and argon by Berkowitz (2002), argon by Marr & West (1976); nothing for other elements. Where
    Henke's tables differ from them, by up to a factor of two for argon between 28 and 50 eV, the two agree
    better with each other.
    """
    tables = read_toml("photoabsorption.toml")
    energy = 1e3 * np.asarray(energy_kev, dtype=float)
    found = {}
    for series in tables["series"]:
        if series["symbol"] == symbol:
            sigma = np.full(energy.shape, np.nan)
            pieces = zip(series["first_ev"], series["last_ev"], series["coefficients"], strict=True)
            for first, last, coefficients in pieces:
                here = (energy >= first) & (energy < last)
                ratio = series["threshold_ev"] / energy[here]
                sigma[here] = _MB_PER_STRENGTH * ratio**2 * np.polynomial.Polynomial(coefficients)(ratio)
            found["Berkowitz"] = sigma
    for table in tables["table"]:
        if table["symbol"] == symbol:
            grid, values = np.log(table["energy_ev"]), np.log(table["sigma_mb"])
            sigma = np.exp(np.interp(np.log(energy), grid, values, left=np.nan, right=np.nan))
            found["Marr & West"] = sigma
    return found


def kissel_mb(atomic_number: int, energy_kev: FloatArray) -> FloatArray:
    """Photoabsorption calculated by Kissel with Dirac-Slater orbitals, in megabarn; NaN out of its range."""
    import xraylib

    def one(energy: float) -> float:
        try:
            return float(xraylib.CSb_Photo_Total(atomic_number, energy)) * 1e-6
        except ValueError:
            return np.nan

    return np.array([one(energy) for energy in energy_kev])
