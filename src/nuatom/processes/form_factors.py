"""Nuclear form factors: the Fourier transform of a density, normalised to F(0) = 1.

All take the root-mean-square radius of the density, so that models can be compared at equal size; they differ
in the shape of the surface, which matters where QR is no longer small.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from nuatom.constants import HBAR_C_KEV_CM
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = [
    "FORM_FACTORS",
    "FORM_FACTOR_CITATIONS",
    "FormFactor",
    "helm",
    "klein_nystrand",
    "nucleon_form_factors",
    "point",
    "rms_radius_fm",
    "symmetrised_fermi",
]
FormFactor = Callable[[FloatArray, float], FloatArray]

KEV_PER_INVERSE_FM: Final = HBAR_C_KEV_CM * 1e13

SKIN_FM: Final = 0.9
"""Surface thickness s of Helm's density, fm :cite:`Lewin:1995rx`."""

YUKAWA_RANGE_FM: Final = 0.7
"""Range a of Klein and Nystrand's potential, fm :cite:`Klein:1999qj`."""

DIFFUSENESS_FM: Final = 0.52
"""Diffuseness a of the Fermi density, fm :cite:`Lewin:1995rx`."""

_LEAST_NUCLEONS: Final = 3
_HELIUM: Final = (3, 4)

# Below this the spherical Bessel function's series to (QR)⁴ is exact to rounding.
_SMALL: Final = 1e-2


def rms_radius_fm(mass_number: int) -> float:
    """Root-mean-square radius of a Fermi density with c = 1.23 A^⅓ − 0.60 fm and a = 0.52 fm.

    ⟨r²⟩ = (3/5) c² + (7/5) π² a², :cite:`Lewin:1995rx`, whose Helm form factor has this radius too. Measured
    charge radii from oxygen to lead lie within 2% of it; those of helium do not, and are taken themselves
    :cite:`Angeli:2013epw`.

    Raises
    ------
    InputError
        For a mass number below 3: a nucleon or a deuteron is no nucleus of spin zero with a surface.
    """
    if mass_number < _LEAST_NUCLEONS:
        raise InputError("mass_number", mass_number, f"{_LEAST_NUCLEONS} or more")
    if mass_number in _HELIUM:
        from nuatom.atoms import LIGHT_RADII_FM

        return LIGHT_RADII_FM[mass_number]
    half = 1.23 * mass_number ** (1.0 / 3.0) - 0.60
    return math.sqrt(0.6 * half**2 + 1.4 * (math.pi * DIFFUSENESS_FM) ** 2)


def point(momentum_kev: FloatArray, rms_fm: float) -> FloatArray:  # noqa: ARG001  a point has no radius
    """Form factor of a point: one."""
    return np.ones_like(momentum_kev, dtype=float)


def helm(momentum_kev: FloatArray, rms_fm: float) -> FloatArray:
    """Helm's form factor, F = 3 j₁(QR₀)/(QR₀) exp(−(Qs)²/2), with R₀² = (5/3)(⟨r²⟩ − 3s²).

    A sphere folded with a Gaussian surface :cite:`Helm:1956zz`.

    Parameters
    ----------
    momentum_kev : ndarray
        Momentum transfer Q.
    rms_fm : float
        Root-mean-square radius.

    Raises
    ------
    InputError
        For a radius smaller than the surface alone.
    """
    radius = _sphere_radius(rms_fm, 3.0 * SKIN_FM**2)
    q = momentum_kev / KEV_PER_INVERSE_FM
    return _sphere(q * radius) * np.exp(-0.5 * (q * SKIN_FM) ** 2)


def klein_nystrand(momentum_kev: FloatArray, rms_fm: float) -> FloatArray:
    """Klein and Nystrand's form factor, F = 3 j₁(QR)/(QR) / (1 + Q²a²), with R² = (5/3)(⟨r²⟩ − 6a²).

    A sphere folded with a Yukawa potential :cite:`Klein:1999qj`. Parameters and errors as for :func:`helm`.
    """
    radius = _sphere_radius(rms_fm, 6.0 * YUKAWA_RANGE_FM**2)
    q = momentum_kev / KEV_PER_INVERSE_FM
    return _sphere(q * radius) / (1.0 + (q * YUKAWA_RANGE_FM) ** 2)


def symmetrised_fermi(momentum_kev: FloatArray, rms_fm: float) -> FloatArray:
    r"""Form factor of the symmetrised Fermi density, with c² = (5/3)⟨r²⟩ − (7/3)π²a².

    :cite:`Sprung:1997`:

    .. math::

        F = \frac{3}{Qc\,[(Qc)^2 + (\pi Qa)^2]}\,\frac{\pi Qa}{\sinh \pi Qa}
            \Big[\frac{\pi Qa\,\sin Qc}{\tanh \pi Qa} - Qc\cos Qc\Big].

    Parameters and errors as for :func:`helm`.
    """
    half = _sphere_radius(rms_fm, 1.4 * (math.pi * DIFFUSENESS_FM) ** 2)
    q = np.maximum(momentum_kev / KEV_PER_INVERSE_FM, 1e-12)
    x, y = q * half, math.pi * DIFFUSENESS_FM * q
    exact = 3.0 / (x * (x**2 + y**2)) * (y / np.sinh(y)) * (y * np.sin(x) / np.tanh(y) - x * np.cos(x))
    # The bracket is a difference of terms of order x: at small Q it loses digits, and the radius is all.
    return np.where(q * rms_fm < _SMALL, 1.0 - (q * rms_fm) ** 2 / 6.0, exact)


FORM_FACTORS: Final[dict[str, FormFactor]] = {
    "helm": helm,
    "klein-nystrand": klein_nystrand,
    "symmetrised-fermi": symmetrised_fermi,
    "point": point,
}
"""Form factors by name."""

FORM_FACTOR_CITATIONS: Final[dict[str, tuple[str, ...]]] = {
    "helm": ("Helm:1956zz", "Lewin:1995rx", "Angeli:2013epw"),
    "klein-nystrand": ("Klein:1999qj", "Lewin:1995rx", "Angeli:2013epw"),
    "symmetrised-fermi": ("Sprung:1997", "Lewin:1995rx", "Angeli:2013epw"),
    "point": (),
}
"""Keys of the sources of each, and of the radius."""


def nucleon_form_factors(
    model: str, mass_number: int, neutron_skin_fm: float
) -> Callable[[FloatArray], tuple[FloatArray, FloatArray]]:
    """F_p and F_n of a nucleus, as functions of the momentum transfer in keV.

    Parameters
    ----------
    model : str
        A key of :data:`FORM_FACTORS`, with the radius of :func:`rms_radius_fm`.
    mass_number : int
        A.
    neutron_skin_fm : float
        By how much the neutrons' root-mean-square radius exceeds the protons'.

    Raises
    ------
    InputError
        For an unknown model, a skin that is not finite, or hydrogen, whose nuclei have no surface.
    """
    if model not in FORM_FACTORS:
        raise InputError("model", model, ", ".join(FORM_FACTORS))
    if not math.isfinite(neutron_skin_fm):
        raise InputError("neutron_skin_fm", neutron_skin_fm, "a finite length in fm")
    form_factor = FORM_FACTORS[model]
    if form_factor is not point and mass_number < _LEAST_NUCLEONS:
        accepted = "elements from helium on, or the model point"
        raise InputError("target", f"a nucleus of {mass_number} nucleons", accepted)
    radius = 0.0 if form_factor is point else rms_radius_fm(mass_number)

    def both(momentum_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        protons = form_factor(momentum_kev, radius)
        if neutron_skin_fm == 0.0:
            return protons, protons
        return protons, form_factor(momentum_kev, radius + neutron_skin_fm)

    return both


def _sphere_radius(rms_fm: float, surface_fm2: float) -> float:
    if not (math.isfinite(rms_fm) and rms_fm**2 > surface_fm2):
        raise InputError("rms_fm", rms_fm, f"more than the surface's {math.sqrt(surface_fm2):.3g} fm")
    return math.sqrt((rms_fm**2 - surface_fm2) / 0.6)


def _sphere(x: FloatArray) -> FloatArray:
    """3 j₁(x)/x, the form factor of a uniform sphere."""
    safe = np.where(x < _SMALL, 1.0, x)
    exact = 3.0 * (np.sin(safe) - safe * np.cos(safe)) / safe**3
    values: FloatArray = np.where(x < _SMALL, 1.0 - x**2 / 10.0 + x**4 / 280.0, exact)
    return values
