"""The nucleus as an electron sees it: a charge distribution and its potential, in atomic units.

Three shapes: a point, a uniform sphere, and the two-parameter Fermi distribution
ρ ∝ 1/(1 + exp((r − c)/a)) with skin thickness t = 4 a ln 3 = 2.30 fm. The root-mean-square radius
follows 0.836 A^{1/3} + 0.570 fm for A > 9 (Johnson & Soff, At. Data Nucl. Data Tables 33 (1985)
405), and the values of `LIGHT_RADII_FM` below.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from scipy.optimize import brentq

from nuatom.constants import BOHR_RADIUS_CM
from nuatom.errors import InputError
from nuatom.numerics.guards import whole
from nuatom.numerics.quadrature import FloatArray, panel_rule

__all__ = ["LIGHT_RADII_FM", "NUCLEI", "Nucleus", "common_mass_number", "nuclear_potential", "rms_radius"]

Nucleus = Literal["fermi", "uniform", "point"]
NUCLEI: Final = ("fermi", "uniform", "point")

FERMI_CM: Final = 1e-13
SKIN_THICKNESS_FM: Final = 2.30

LIGHT_RADII_FM: Final = {
    1: 0.841, 2: 2.128, 3: 1.9661, 4: 1.6755, 6: 2.589, 7: 2.444, 8: 2.339, 9: 2.519,
}  # fmt: skip
"""Root-mean-square charge radii for A ≤ 9: p, d, ³He, ⁴He, ⁶Li, ⁷Li, ⁸Li, ⁹Be.

Proton and deuteron: CODATA 2022. Others: Angeli & Marinova, At. Data Nucl. Data Tables 99 (2013)
69, Table 1."""


def common_mass_number(atomic_number: int) -> int:
    """Mass number of the most abundant isotope, or the standard one where none is stable."""
    import periodictable

    element = periodictable.elements[atomic_number]
    abundance = {number: element[number].abundance for number in element.isotopes}
    if any(abundance.values()):
        return max(abundance, key=lambda number: abundance[number])
    return round(element.mass)


def rms_radius(mass_number: int) -> float:
    """Root-mean-square charge radius, bohr: Johnson & Soff's formula, measured values for A ≤ 9.

    Raises
    ------
    InputError
        If the mass number is not positive, or 5 (no nucleus of that mass is bound).
    """
    mass_number = whole("mass_number", mass_number, "a bound nucleus")
    if mass_number > 9:
        radius = 0.836 * mass_number ** (1.0 / 3.0) + 0.570
    elif mass_number in LIGHT_RADII_FM:
        radius = LIGHT_RADII_FM[mass_number]
    else:
        raise InputError("mass_number", mass_number, "a bound nucleus")
    return float(radius * FERMI_CM / BOHR_RADIUS_CM)


def nuclear_potential(
    r: FloatArray, atomic_number: float, shape: Nucleus, rms: float | None = None
) -> FloatArray:
    """Potential energy of an electron in the field of the nucleus, hartree.

    Parameters
    ----------
    r : ndarray
        Radii, bohr.
    atomic_number : float
        Z.
    shape : {"fermi", "uniform", "point"}
        Charge distribution.
    rms : float, optional
        Root-mean-square radius, bohr; needed by the extended shapes. Below 1.9 fm (A ≤ 4) no Fermi
        distribution has it with the skin above: "fermi" then is the uniform sphere.

    Raises
    ------
    InputError
        If the shape is unknown, or an extended one comes without a positive radius.
    """
    if shape == "point":
        return -atomic_number / r
    if shape not in NUCLEI:
        raise InputError("nucleus", shape, "one of " + ", ".join(NUCLEI))
    if rms is None or not rms > 0.0:
        raise InputError("rms", rms, "a positive radius in bohr")
    if shape == "uniform":
        return _uniform(r, atomic_number, np.sqrt(5.0 / 3.0) * rms)
    return _fermi(r, atomic_number, rms)


def _uniform(r: FloatArray, charge: float, radius: float) -> FloatArray:
    inside = -charge / (2.0 * radius) * (3.0 - (r / radius) ** 2)
    return np.where(r < radius, inside, -charge / r)


def _fermi(r: FloatArray, charge: float, rms: float) -> FloatArray:
    diffuseness = SKIN_THICKNESS_FM * FERMI_CM / BOHR_RADIUS_CM / (4.0 * np.log(3.0))
    smallest = np.sqrt(_moment(4, 0.0) / _moment(2, 0.0)) * diffuseness
    if rms <= smallest:
        return _uniform(r, charge, np.sqrt(5.0 / 3.0) * rms)

    def excess(centre: float) -> float:
        return float(diffuseness * np.sqrt(_moment(4, centre) / _moment(2, centre)) - rms)

    centre = float(brentq(excess, 0.0, 2.0 * rms / diffuseness, xtol=1e-14, rtol=1e-15))
    result: FloatArray = _fermi_potential(r / diffuseness, centre) * (charge / diffuseness)
    return result


def _moment(power: int, centre: float) -> float:
    """∫ x^power/(1 + e^{x − centre}) dx = power! F_power(centre), complete Fermi integral."""
    nodes, weights = panel_rule(np.linspace(0.0, centre + 60.0, 61), 16)
    return float(weights @ (nodes**power / (1.0 + np.exp(nodes - centre))))


def _fermi_potential(x: FloatArray, centre: float) -> FloatArray:
    """−(1/x) ∫_0^x ρ y² dy − ∫_x^∞ ρ y dy for unit charge, lengths in units of the diffuseness."""
    edge = centre + 60.0
    inside = np.minimum(x, edge)
    norm = _moment(2, centre)
    nodes, weights = panel_rule(inside[:, None] * np.linspace(0.0, 1.0, 25), 12)
    density = 1.0 / (1.0 + np.exp(nodes - centre))
    enclosed = np.sum(weights * density * nodes**2, axis=1) / norm
    beyond = (_moment(1, centre) - np.sum(weights * density * nodes, axis=1)) / norm
    outside = x >= edge
    enclosed[outside], beyond[outside] = 1.0, 0.0
    result: FloatArray = -enclosed / x - beyond
    return result
