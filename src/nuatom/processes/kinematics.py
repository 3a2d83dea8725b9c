"""Kinematics of a massless neutrino on a particle at rest, and the energies where moments take over."""

from __future__ import annotations

import math

import numpy as np

from nuatom.constants import ELECTRON_MASS_KEV, FERMI_PER_KEV2, FINE_STRUCTURE
from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

__all__ = [
    "cos_recoil_angle",
    "electron_crossover_kev",
    "maximum_recoil_kev",
    "minimum_energy_kev",
    "nucleus_crossover_kev",
]


def maximum_recoil_kev(energy_kev: FloatArray, mass_kev: float = ELECTRON_MASS_KEV) -> FloatArray:
    """Largest recoil, T_max = 2E²/(2E + M): :cite:`KS16`, equation (4)."""
    return 2.0 * energy_kev**2 / (2.0 * energy_kev + mass_kev)


def minimum_energy_kev(recoil_kev: FloatArray, mass_kev: float = ELECTRON_MASS_KEV) -> FloatArray:
    """Least neutrino energy that gives a recoil, (T + √(T² + 2MT))/2: the inverse of (4) of :cite:`KS16`."""
    return 0.5 * (recoil_kev + np.sqrt(recoil_kev * (recoil_kev + 2.0 * mass_kev)))


def cos_recoil_angle(energy_kev: float, recoil_kev: float, mass_kev: float = ELECTRON_MASS_KEV) -> float:
    """Cosine of the angle between neutrino beam and recoil: :cite:`KS16`, equation (3).

    cos χ = ((E + M)/E) √(T/(T + 2M)), from 0 at T → 0 to 1 at the largest recoil.

    Raises
    ------
    InputError
        For an energy or mass that is not positive, or a recoil outside [0, T_max].
    """
    positive("energy_kev", energy_kev, "keV")
    positive("mass_kev", mass_kev, "keV")
    largest = float(maximum_recoil_kev(np.array(energy_kev), mass_kev))
    if not 0.0 <= recoil_kev <= largest:
        raise InputError("recoil_kev", recoil_kev, f"0 to the kinematic limit, {largest:.6g} keV")
    cosine = (energy_kev + mass_kev) / energy_kev * math.sqrt(recoil_kev / (recoil_kev + 2.0 * mass_kev))
    return min(cosine, 1.0)


def electron_crossover_kev(magnetic_moment: float) -> float:
    """Recoil below which magnetic exceeds weak scattering on an electron: :cite:`KS16`, equation (9).

    T = (π²α²/(G_F² m_e³)) (μ/μ_B)², an estimate for T ≪ E with couplings of order one.

    Raises
    ------
    InputError
        For a moment that is not finite.
    """
    if not math.isfinite(magnetic_moment):
        raise InputError("magnetic_moment", magnetic_moment, "a finite number, in Bohr magnetons")
    return float((math.pi * FINE_STRUCTURE / FERMI_PER_KEV2) ** 2 / ELECTRON_MASS_KEV**3 * magnetic_moment**2)


def nucleus_crossover_kev(
    magnetic_moment: float, mass_kev: float, atomic_number: int, weak_charge: float
) -> float:
    """Recoil below which magnetic exceeds weak scattering on a nucleus: :cite:`KS16`, equation (16).

    T = (π²α²/(G_F² M m_e²)) (Z/C_V)² (μ/μ_B)², with C_V = [Z(1 − 4 sin²θ_W) − N]/2.

    Raises
    ------
    InputError
        For a moment that is not finite, a mass that is not positive or a vanishing weak charge.
    """
    if not math.isfinite(magnetic_moment):
        raise InputError("magnetic_moment", magnetic_moment, "a finite number, in Bohr magnetons")
    positive("mass_kev", mass_kev, "keV")
    if not math.isfinite(weak_charge) or weak_charge == 0.0:
        raise InputError("weak_charge", weak_charge, "a finite number other than zero")
    scale = (math.pi * FINE_STRUCTURE / (FERMI_PER_KEV2 * ELECTRON_MASS_KEV)) ** 2 / mass_kev
    return float(scale * (atomic_number / weak_charge * magnetic_moment) ** 2)
