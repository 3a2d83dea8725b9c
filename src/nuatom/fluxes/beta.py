"""Neutrino spectra of allowed beta decays, with or without the Coulomb factor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms import ridge_kev
from nuatom.constants import ELECTRON_MASS_KEV, FINE_STRUCTURE, HBAR_C_KEV_CM
from nuatom.errors import InputError
from nuatom.fluxes.components import Continuum
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

__all__ = ["BetaShape", "beta_shape", "beta_spectrum", "fermi_function"]

_NUCLEAR_RADIUS_CM: Final = 1.2e-13
"""r₀ of R = r₀ A^{1/3}. The shape depends on it only through p^{2(γ−1)}, not through R."""

_SHIFT: Final = 12
# B₂ₖ/(2k(2k − 1)) of Stirling's series.
_STIRLING: Final = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)
_HEAVIEST_CHARGE: Final = 1.0 / FINE_STRUCTURE

_PANEL_GRADING: Final = tuple(1.0 - 4.0**-k for k in range(5))
"""Panel edges over the end point. The Coulomb factor of a slow positron falls like exp(−1/p): with
all derivatives zero at the end point it is smooth but not analytic there, so panels crowd there."""

_SLOW_ELECTRON_KEV: Final = 1e-3
"""Below this momentum of an electron, p F(p) is its limit for p → 0 to 1e-11."""


def fermi_function(momentum_kev: ArrayLike, charge: int, mass_number: int) -> FloatArray:
    """Coulomb factor of a lepton emitted by a nucleus, at the nuclear radius.

    F = 4 (2pR)^{2(γ−1)} e^{πη} |Γ(γ + iη)|² / Γ(2γ + 1)²,  γ = √(1 − (αZ)²),  η = αZ E_e/p,

    the Dirac s-wave density of a point nucleus taken at R = 1.2 A^{1/3} fm (H. Behrens and
    J. Jänecke, Landolt-Börnstein I/4 (1969), F₀). It is 1 for Z = 0.

    Parameters
    ----------
    momentum_kev : array_like, shape (...)
        Momentum p of the lepton, not negative.
    charge : int
        Z of the daughter nucleus: positive for an electron, negative for a positron.
    mass_number : int
        A of the daughter nucleus.

    Returns
    -------
    ndarray, shape (...)

    Raises
    ------
    InputError
        For |Z| ≥ 1/α, A < 1, a negative momentum, or zero momentum of an electron, where F
        diverges.
    """
    momentum = np.asarray(momentum_kev, dtype=float)
    if not abs(charge) < _HEAVIEST_CHARGE:
        raise InputError("charge", charge, f"|Z| below {_HEAVIEST_CHARGE:.0f}")
    if mass_number < 1:
        raise InputError("mass_number", mass_number, "a positive integer")
    lowest_accepted = momentum > 0.0 if charge > 0 else momentum >= 0.0
    if not np.all(lowest_accepted):
        raise InputError("momentum_kev", momentum_kev, "momenta > 0 (or 0 for a positron)")
    if charge == 0:
        return np.ones_like(momentum)
    coupling = FINE_STRUCTURE * charge
    gamma = math.sqrt(1.0 - coupling**2)
    radius = _NUCLEAR_RADIUS_CM * mass_number ** (1.0 / 3.0) / HBAR_C_KEV_CM
    moving = momentum > 0.0
    p = np.where(moving, momentum, 1.0)
    eta = coupling * np.hypot(p, ELECTRON_MASS_KEV) / p
    logarithm = (
        math.log(4.0)
        + 2.0 * (gamma - 1.0) * np.log(2.0 * p * radius)
        + np.pi * eta
        + 2.0 * _log_modulus_of_gamma(gamma, eta)
        - 2.0 * math.lgamma(2.0 * gamma + 1.0)
    )
    # A positron at rest cannot tunnel out of the nucleus: F → 0 exactly.
    return np.where(moving, np.exp(logarithm), 0.0)


def _log_modulus_of_gamma(real: float, imaginary: FloatArray) -> FloatArray:
    """Logarithm of |Γ(x + iy)|, x > 0, by Stirling's series a dozen to the right."""
    square = np.asarray(imaginary, dtype=float) ** 2
    below = sum(0.5 * np.log((real + k) ** 2 + square) for k in range(_SHIFT))
    z = real + _SHIFT + 1j * np.asarray(imaginary)
    inverse = 1.0 / z**2
    series = sum(coefficient * inverse**k for k, coefficient in enumerate(_STIRLING)) / z
    whole = (z - 0.5) * np.log(z) - z + 0.5 * math.log(2.0 * math.pi) + series
    result: FloatArray = np.real(whole) - below
    return result


def beta_shape(
    energy_kev: ArrayLike,
    endpoint_kev: float,
    charge: int = 0,
    mass_number: int = 1,
    lepton: str = "positron",
) -> FloatArray:
    """Phase-space shape of the neutrino of an allowed beta decay, keV⁴, not normalised.

    dN/dE ∝ E² p_e E_e F(∓Z, p_e),  E_e = endpoint + m_e − E,  p_e = √(E_e² − m_e²)

    with the upper sign for a positron and its neutrino, the lower for an electron and its
    antineutrino. Nuclear recoil, weak magnetism, radiative corrections and screening are left out (the
    plasma of a star does not screen with bound electrons). ``charge=0`` leaves out F and gives the pp
    spectrum of Eq. (1) of "Electromagnetic properties of neutrinos from scattering on bound
    electrons in atom".

    Parameters
    ----------
    energy_kev : array_like, shape (...)
        Neutrino energy.
    endpoint_kev : float
        Largest neutrino energy, positive.
    charge, mass_number : int
        Z ≥ 0 and A of the daughter nucleus.
    lepton : str
        ``"positron"`` or ``"electron"``.

    Returns
    -------
    ndarray, shape (...)
        Zero outside [0, endpoint]. With an electron and Z > 0 it ends in a step: F diverges like 1/p.

    Raises
    ------
    InputError
        For an end point that is not positive, a negative charge, or another lepton.
    """
    positive("endpoint_kev", endpoint_kev, "keV")
    if charge < 0:
        raise InputError("charge", charge, "the charge Z ≥ 0 of the daughter nucleus")
    if lepton not in {"positron", "electron"}:
        raise InputError("lepton", lepton, "positron or electron")
    energy = np.asarray(energy_kev, dtype=float)
    inside = (energy >= 0.0) & (energy <= endpoint_kev)
    kinetic = np.where(inside, endpoint_kev - energy, 0.0)
    # Not from E_e² − m_e², which loses its digits where the lepton is slow.
    momentum = ridge_kev(kinetic)
    sign = -1
    if lepton == "electron" and charge > 0:
        sign, momentum = 1, np.maximum(momentum, _SLOW_ELECTRON_KEV)
    coulomb = fermi_function(momentum, sign * charge, mass_number)
    shape = energy**2 * momentum * (kinetic + ELECTRON_MASS_KEV) * coulomb
    return np.where(inside, shape, 0.0)


def beta_spectrum(
    endpoint_kev: float, charge: int = 0, mass_number: int = 1, lepton: str = "positron"
) -> Continuum:
    """Spectrum of the neutrino of an allowed beta decay; see :func:`beta_shape`.

    Returns
    -------
    Continuum
        Quadrature with 8 nodes a panel is right to 1e-8, with 16 to 1e-10.

    Raises
    ------
    InputError
        As :func:`beta_shape` does.
    """
    return Continuum.normalised(
        (*(endpoint_kev * fraction for fraction in _PANEL_GRADING), endpoint_kev),
        BetaShape(endpoint_kev, charge, mass_number, lepton),
    )


@dataclass(frozen=True)
class BetaShape:
    """:func:`beta_shape` of one decay, as a value."""

    endpoint_kev: float
    charge: int
    mass_number: int
    lepton: str

    def __call__(self, energy_kev: FloatArray) -> FloatArray:
        """Shape at the given energies."""
        return beta_shape(energy_kev, self.endpoint_kev, self.charge, self.mass_number, self.lepton)
