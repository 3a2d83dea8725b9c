"""Equations (26) to (30) of :cite:`JKY21`: form factors, and the weak cross section."""

from __future__ import annotations

import math
from typing import Final

from nuatom.constants import ELECTRON_MASS_KEV, FERMI_PER_KEV2, FINE_STRUCTURE, HBAR_C_KEV_CM
from nuatom.neutrinos import couplings
from nuatom.neutrinos.electroweak import vector_shift_from_charge_kev2, vector_shift_per_radius_cm2
from nuatom.papers.dirac import Momenta, two_body
from nuatom.papers.entry import Finding, claim, formula, value
from nuatom.papers.jky21.amplitudes import (
    anapole_ratio,
    contraction,
    electron_tensor,
    form_factor_divergence,
    neutrino_tensor,
)
from nuatom.papers.jky21.bounds import MIXING, vector_plus_minus_axial
from nuatom.papers.jky21.kinematics import ENERGY_KEV, RECOIL_KEV
from nuatom.papers.jky21.orbits import shell_sum
from nuatom.papers.jky21.three_body import from_definitions, weak_coefficient

__all__ = ["weak_findings"]

_M: Final = ELECTRON_MASS_KEV


def weak_findings() -> dict[str, Finding]:
    """Equations (25) to (30)."""
    at = two_body(ENERGY_KEV, RECOIL_KEV)
    return {**_form_factors(at), **_weak_cross_section(at)}


def _form_factors(at: Momenta) -> dict[str, Finding]:
    fermi_per_gev2 = 1e12 * FERMI_PER_KEV2
    divergence = form_factor_divergence(at)
    unit = 4.0 * math.pi * FINE_STRUCTURE / (math.sqrt(2.0) * FERMI_PER_KEV2)
    tree = couplings("tree", MIXING)
    # ν_μ has no charged current with electrons: (g_V + g_A)/2 is what e_L couples with to the Z alone.
    left_electron = 0.5 * (tree.vector[1] + tree.axial[1])
    return {
        "conserved": claim(divergence, divergence < 1e-12),
        "anapole": formula(anapole_ratio(at, chiral=False), anapole_ratio(at, chiral=True)),
        "shifts": formula(
            [unit / 6.0 * HBAR_C_KEV_CM**-2, -unit],
            [vector_shift_per_radius_cm2(), vector_shift_from_charge_kev2()],
        ),
        "left-electron": value(left_electron),
        "millicharge": value(0.5 * fermi_per_gev2 / math.sqrt(2.0)),
    }


def _weak_cross_section(at: Momenta) -> dict[str, Finding]:
    plus, minus = vector_plus_minus_axial()
    vector, axial = 0.5 * (plus + minus), 0.5 * (plus - minus)
    e_out = ENERGY_KEV - RECOIL_KEV
    printed = (
        plus**2 * ENERGY_KEV**2
        + minus**2 * ENERGY_KEV * e_out
        + _M * (_M + RECOIL_KEV) * (axial**2 - vector**2)
    )
    exact = contraction(neutrino_tensor(at), electron_tensor(at, vector, axial)) / (64.0 * _M**2)
    return {
        "weak-front": formula(3.0 / 16.0, 2.0**8 * 3.0 / 2.0**12),
        "weak-with-b": value(weak_coefficient() * shell_sum(6)),
        "weak-product": value(1.22e-23 * 2.27e5 * 2.287e12),
        "weak-prefactor": value(from_definitions().weak_per_mev3),
        "weak-power": formula((1.0 + RECOIL_KEV / _M) ** -4, (1.0 + RECOIL_KEV / _M) ** -2.5),
        "weak-bracket": formula(printed, exact),
    }
