"""Weak couplings of neutrinos to electrons and nucleons, and the Standard Model charge radii.

Lagrangian and signs: L = −(G_F/√2) ν̄γ_μ(1−γ5)ν · ēγ^μ(g_V − g_A γ5)e :cite:`KS16`.

A neutrino charge radius acts on the electron exactly as a shift of g_V,

    g_V → g_V + (√2 π α / 3 G_F) ⟨r²⟩,

and the flavour dependence of the one-loop Standard Model couplings *is* that shift, by the radii
−0.83, −0.48 and −0.30 · 10⁻³² cm² :cite:`Cadeddu:2018dux`. :class:`Electroweak` therefore holds the
couplings *without* the radius and the radius beside them, so that a given or fitted ⟨r²⟩ is always the
total one and the Standard Model's is never counted twice. On the proton, whose charge is opposite, the
same radius lowers g_V^p; the neutron does not feel it.

The sign is that of e > 0, the positron's charge: where ν → ℓ⁻W⁺ the light lepton is the one outside, so
that the cloud of a neutrino is negative at its rim and ⟨r²⟩ < 0. Reviews print other signs, and radii of
half this size: a number for ⟨r²⟩ needs its convention beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from nuatom.constants import CM2_PER_INVERSE_KEV2, FERMI_PER_KEV2, FINE_STRUCTURE
from nuatom.errors import InputError
from nuatom.numerics.guards import numbers

__all__ = [
    "SIN2_THETA_W",
    "SM_CHARGE_RADIUS_CM2",
    "Electroweak",
    "Scheme",
    "couplings",
    "vector_shift_from_charge_kev2",
    "vector_shift_per_radius_cm2",
]

Scheme = Literal["tree", "radiative"]

SIN2_THETA_W: Final = 0.23857
"""sin²θ_W of the couplings at tree level: MS-bar, at zero momentum transfer :cite:`PDG:2020`."""

SM_CHARGE_RADIUS_CM2: Final = (-0.83e-32, -0.48e-32, -0.30e-32)
"""Standard Model ⟨r²⟩ of ν_e, ν_μ, ν_τ, in cm², in the convention above :cite:`Cadeddu:2018dux`."""

# g_V and g_A of the electron with one-loop corrections, Standard Model charge radii included: formulas of
# Erler & Su, numbers as evaluated by Atzori Corona et al. with the sin²θ_W that stands first.
_RADIATIVE_SIN2: Final = 0.23863
_RADIATIVE_VECTOR: Final = (0.9521, -0.0397, -0.0353)
_RADIATIVE_AXIAL: Final = (0.4938, -0.5062, -0.5062)
# g_V of the proton for ν_e and ν_μ, and of the neutron, of the same origin; without their radii the two
# agree to the printed digits, and ν_τ has that of ν_μ.
_RADIATIVE_PROTON: Final = (0.0382, 0.0300)
_RADIATIVE_NEUTRON: Final = -0.5117


@dataclass(frozen=True)
class Electroweak:
    """Couplings of ν_e, ν_μ, ν_τ to electron, proton and neutron, and the charge radii of their order.

    Parameters
    ----------
    scheme : {"tree", "radiative"}
        Order of the couplings.
    sin2_theta_w : float
        sin²θ_W at zero momentum transfer.
    vector, axial : tuple of float
        Of the electron: g_V without the charge radius, and g_A, per flavour; antineutrinos have −g_A.
    proton : tuple of float
        g_V of the proton without the charge radius, per flavour.
    neutron : float
        g_V of the neutron, the same for every flavour.
    charge_radius_cm2 : tuple of float
        The Standard Model's ⟨r²⟩ at this order: zero at tree level.
    citations : tuple of str
        Keys of the sources.
    """

    scheme: Scheme
    sin2_theta_w: float
    vector: tuple[float, float, float]
    axial: tuple[float, float, float]
    proton: tuple[float, float, float]
    neutron: float
    charge_radius_cm2: tuple[float, float, float]
    citations: tuple[str, ...]


def vector_shift_per_radius_cm2() -> float:
    """Shift of the electron's g_V per cm² of neutrino charge radius: √2 π α / (3 G_F), about 2.38e30.

    That of the proton is the opposite.
    """
    return math.sqrt(2.0) * math.pi * FINE_STRUCTURE / (3.0 * FERMI_PER_KEV2) / CM2_PER_INVERSE_KEV2


def vector_shift_from_charge_kev2() -> float:
    """Shift of the electron's g_V times (Q² − T²), in keV², per unit of neutrino charge: −2√2 π α / G_F.

    The sign is that of a photon exchanged between a neutrino of charge q_ν and an electron of charge −1;
    the proton's is the opposite.
    """
    return -2.0 * math.sqrt(2.0) * math.pi * FINE_STRUCTURE / FERMI_PER_KEV2


def _between_0_and_1(argument: str, value: float) -> float:
    accepted = "a number between 0 and 1"
    found = numbers(argument, value, accepted)
    if found.shape != () or not 0.0 < found < 1.0:
        raise InputError(argument, value, accepted)
    return float(found)


def couplings(scheme: Scheme = "tree", sin2_theta_w: float | None = None) -> Electroweak:
    """Couplings of the three flavours to electron, proton and neutron.

    Tree level :cite:`KS16`, equation (7) and below (12): on the electron g_V = 2 sin²θ_W ± ½ and g_A = ±½,
    upper sign for ν_e; on the proton g_V = ½ − 2 sin²θ_W, on the neutron −½. With ``scheme="radiative"``,
    the one-loop values (:cite:`Erler:2013xha`, as evaluated in :cite:`AtzoriCorona:2022jeb` and, for
    nucleons, :cite:`AtzoriCorona:2023ktl`); a ``sin2_theta_w`` other than theirs shifts g_V of the electron
    by 2 Δsin²θ_W and that of the proton by the opposite.

    Parameters
    ----------
    scheme : {"tree", "radiative"}
        Order of the couplings.
    sin2_theta_w : float, optional
        sin²θ_W at zero momentum transfer, between 0 and 1. Each scheme has its own: 0.23857 at tree level
        :cite:`PDG:2020`, and 0.23863, with which the one-loop values were evaluated.

    Raises
    ------
    InputError
        For an unknown scheme or a mixing angle out of range.
    """
    if sin2_theta_w is not None:
        sin2_theta_w = _between_0_and_1("sin2w", sin2_theta_w)
    if scheme == "tree":
        sin2 = SIN2_THETA_W if sin2_theta_w is None else sin2_theta_w
        return Electroweak(
            scheme="tree",
            sin2_theta_w=sin2,
            vector=(2.0 * sin2 + 0.5, 2.0 * sin2 - 0.5, 2.0 * sin2 - 0.5),
            axial=(0.5, -0.5, -0.5),
            proton=(0.5 - 2.0 * sin2,) * 3,
            neutron=-0.5,
            charge_radius_cm2=(0.0, 0.0, 0.0),
            citations=("KS16", "PDG:2020"),
        )
    if scheme == "radiative":
        sin2 = _RADIATIVE_SIN2 if sin2_theta_w is None else sin2_theta_w
        change = 2.0 * (sin2 - _RADIATIVE_SIN2)
        per_cm2 = vector_shift_per_radius_cm2()
        e, mu, tau = (
            total + change - per_cm2 * radius
            for total, radius in zip(_RADIATIVE_VECTOR, SM_CHARGE_RADIUS_CM2, strict=True)
        )
        proton_e, proton_mu = (
            total - change + per_cm2 * radius
            for total, radius in zip(_RADIATIVE_PROTON, SM_CHARGE_RADIUS_CM2[:2], strict=True)
        )
        return Electroweak(
            scheme="radiative",
            sin2_theta_w=sin2,
            vector=(e, mu, tau),
            axial=_RADIATIVE_AXIAL,
            proton=(proton_e, proton_mu, proton_mu),
            neutron=_RADIATIVE_NEUTRON,
            charge_radius_cm2=SM_CHARGE_RADIUS_CM2,
            citations=("Erler:2013xha", "AtzoriCorona:2022jeb", "AtzoriCorona:2023ktl", "Cadeddu:2018dux"),
        )
    raise InputError("couplings", scheme, "tree or radiative")
