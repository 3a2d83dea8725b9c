"""Amplitudes between helicities, from Feynman rules, of a left-handed neutrino that arrives.

L = −(G_F/√2) ν̄γ_μ(1−γ5)ν · J^μ, and one photon between the charges e Z_t of the target and the vertex
e (q_ν + q²⟨r²⟩/6) γ^μ − iμσ^{μν}q_ν of the neutrino, e > 0. Natural units, keV.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nuatom.constants import CM2_PER_INVERSE_KEV2, ELECTRON_MASS_KEV, FERMI_PER_KEV2, FINE_STRUCTURE
from nuatom.papers.dirac import (
    ComplexArray,
    Momenta,
    dot,
    elements,
    gamma5,
    lower,
    massive_spinors,
    massless_spinor,
    sigma_q,
    two_body,
    upper,
)

__all__ = ["Amplitudes", "on_electron", "on_nucleus"]

_CHARGE = math.sqrt(4.0 * math.pi * FINE_STRUCTURE)


@dataclass(frozen=True)
class Amplitudes:
    """Amplitudes by the neutrino's helicity afterwards, −1 and +1, and by the target's spins.

    Attributes
    ----------
    weak, photon, magnetic : complex array, shape (2, ...)
        Of the weak interaction, of charge and charge radius, and of the moment.
    flux : float
        What Σ|M|² is divided by for dσ/dT in cm²/keV: the target's spins averaged, the neutrino's not.
    """

    weak: ComplexArray
    photon: ComplexArray
    magnetic: ComplexArray
    flux: float

    @property
    def cross_section(self) -> float:
        """Differential cross section of the sum of all amplitudes, in cm²/keV."""
        return float(np.sum(np.abs(self.weak + self.photon + self.magnetic) ** 2)) / self.flux

    @property
    def common(self) -> float:
        """Largest product of a weak and a magnetic amplitude of one final state, over that of any two."""
        product = np.abs(self.weak * self.magnetic).max()
        return float(product / (np.abs(self.weak).max() * np.abs(self.magnetic).max()))


def on_electron(
    energy_kev: float,
    recoil_kev: float,
    g_v: float,
    g_a: float,
    *,
    charge: float = 0.0,
    magnetic_moment: float = 0.0,
) -> Amplitudes:
    """Amplitudes on a free electron at rest; charge in e > 0, moment in μ_B."""
    at = two_body(energy_kev, recoil_kev)
    before = massive_spinors(at.electron, ELECTRON_MASS_KEV)
    after = massive_spinors(at.electron_out, ELECTRON_MASS_KEV)

    def current(vertex: ComplexArray) -> ComplexArray:
        return np.array([[elements(high, vertex, low) for low in before] for high in after])

    vector, axial = current(lower()), current(lower() @ gamma5())
    flux = 2.0 * 32.0 * math.pi * ELECTRON_MASS_KEV * energy_kev**2 / CM2_PER_INVERSE_KEV2
    return _amplitudes(at, g_v * vector - g_a * axial, vector, -1.0, charge, 0.0, magnetic_moment, flux)


def on_nucleus(
    energy_kev: float,
    recoil_kev: float,
    mass_kev: float,
    atomic_number: int,
    weak_charge: float,
    *,
    charge: float = 0.0,
    charge_radius_cm2: float = 0.0,
    magnetic_moment: float = 0.0,
) -> Amplitudes:
    """Amplitudes on a point-like nucleus of spin zero, whose current is p + p′ times its charge."""
    at = two_body(energy_kev, recoil_kev, mass_kev)
    current = (at.electron + at.electron_out) * np.array([1.0, -1.0, -1.0, -1.0])
    flux = 32.0 * math.pi * mass_kev * energy_kev**2 / CM2_PER_INVERSE_KEV2
    return _amplitudes(
        at, weak_charge * current, current, atomic_number, charge, charge_radius_cm2, magnetic_moment, flux
    )


def _amplitudes(
    at: Momenta,
    weak_current: ComplexArray,
    current: ComplexArray,
    target_charge: float,
    charge: float,
    charge_radius_cm2: float,
    magnetic_moment: float,
    flux: float,
) -> Amplitudes:
    q2 = dot(at.transfer, at.transfer)
    # Each vertex is −ie times a charge, the propagator −i g/q², and all three make iM.
    photon = (-1j * _CHARGE) * (-1j * _CHARGE * target_charge) * (-1j / q2) / 1j
    form_factor = charge + q2 * charge_radius_cm2 / CM2_PER_INVERSE_KEV2 / 6.0
    moment = magnetic_moment / (2.0 * ELECTRON_MASS_KEV)
    left = upper() @ (np.eye(4) - gamma5())
    return Amplitudes(
        -FERMI_PER_KEV2 / math.sqrt(2.0) * _contracted(at, left, weak_current),
        photon * form_factor * _contracted(at, upper(), current),
        photon * moment * -1j * _contracted(at, sigma_q(at.transfer), current),
        flux,
    )


def _contracted(at: Momenta, vertex: ComplexArray, current: ComplexArray) -> ComplexArray:
    """Neutrino's matrix element with a lower-index current, for both helicities afterwards."""
    arriving = massless_spinor(at.neutrino, -1)
    both = np.array([elements(massless_spinor(at.neutrino_out, h), vertex, arriving) for h in (-1, 1)])
    return np.tensordot(both, np.moveaxis(np.asarray(current), -1, 0), axes=1)
