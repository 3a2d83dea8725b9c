"""Equations (26) to (30) of :cite:`JKY21`: form factors, and the weak cross section."""

from __future__ import annotations

import math
from typing import Final

from nuatom.constants import ELECTRON_MASS_KEV, FERMI_PER_KEV2, FINE_STRUCTURE, HBAR_C_KEV_CM
from nuatom.neutrinos.electroweak import vector_shift_from_charge_kev2, vector_shift_per_radius_cm2
from nuatom.papers.entry import Entry, formula, number, statement
from nuatom.papers.jky21.amplitudes import (
    Momenta,
    contraction,
    electron_tensor,
    form_factor_divergence,
    neutrino_tensor,
    two_body,
)
from nuatom.papers.jky21.bounds import vector_plus_minus_axial
from nuatom.papers.jky21.kinematics_entries import ENERGY_KEV, RECOIL_KEV
from nuatom.papers.jky21.orbits import shell_sum
from nuatom.papers.jky21.three_body import from_definitions, weak_coefficient

__all__ = ["weak_entries"]

_M: Final = ELECTRON_MASS_KEV


def weak_entries() -> tuple[Entry, ...]:
    """Entries of equations (26) to (30)."""
    *form_factors, millicharge = _couplings()
    return (*form_factors, *_weak_cross_section(two_body(ENERGY_KEV, RECOIL_KEV)), millicharge)


def _couplings() -> tuple[Entry, ...]:
    fermi_per_gev2 = 1e12 * FERMI_PER_KEV2
    divergence = form_factor_divergence(two_body(ENERGY_KEV, RECOIL_KEV))
    unit = 4.0 * math.pi * FINE_STRUCTURE / (math.sqrt(2.0) * FERMI_PER_KEV2)
    return (
        statement(
            "(25)", "largest element of q·Λ from f_M, f_E and f_A, over q³, T = 17 keV", "0: conserved",
            divergence, holds=divergence < 1e-12,
        ),
        formula(
            "(26), (27)", "what r² and ε/Q² add to G_V",
            [unit / 6.0 * HBAR_C_KEV_CM**-2, -unit],
            [vector_shift_per_radius_cm2(), vector_shift_from_charge_kev2()], "cm⁻², keV²",
        ),
        number(
            "(30)", "G_F/√2 times 1/2", "0.413e-5", 0.5 * fermi_per_gev2 / math.sqrt(2.0), "GeV⁻²",
            disagreement="corrected", note="G_F = 1.167e-5 GeV⁻² is printed for 1.16638e-5.",
        ),
    )  # fmt: skip


def _weak_cross_section(at: Momenta) -> tuple[Entry, ...]:
    plus, minus = vector_plus_minus_axial()
    vector, axial = 0.5 * (plus + minus), 0.5 * (plus - minus)
    e_out = ENERGY_KEV - RECOIL_KEV
    printed = (
        plus**2 * ENERGY_KEV**2
        + minus**2 * ENERGY_KEV * e_out
        + _M * (_M + RECOIL_KEV) * (axial**2 - vector**2)
    )
    exact = contraction(neutrino_tensor(at), electron_tensor(at, vector, axial)) / (64.0 * _M**2)
    definitions = from_definitions()
    return (
        number(
            "(28)", "number in front with B", "1.22e-23", weak_coefficient() * shell_sum(6),
            disagreement="erratum",
            note="3 Z³ α³ G_F² m_e⁴/(16 π⁴) B is 2.5% larger; no rounding of one constant does that.",
        ),
        number(
            "(28)", "1.22e-23 times 2.27e5 C of (44), (45)", "6.33e-6", 1.22e-23 * 2.27e5 * 2.287e12,
            "MeV⁻³",
        ),
        number(
            "(28)", "prefactor from definitions", "6.33e-6", definitions.weak_per_mev3, "MeV⁻³",
            disagreement="erratum",
            note="18 orders of magnitude: a_Z = a_B/Z for a_B Z at the power 15/2 makes 10²⁶, and C "
            "another 10⁻⁸.",
        ),
        formula(
            "(28)", "(1 + T/m_e)^-n at T = 17 keV", (1.0 + RECOIL_KEV / _M) ** -4,
            (1.0 + RECOIL_KEV / _M) ** -2.5, disagreement="erratum",
            note="1 of the first line and 3/2 of 1/M_eff⁶ in (44) are 5/2, as in (22), not 4.",
        ),
        formula(
            "(29)", "bracket, E = 300 keV, T = 17 keV", printed, exact, "keV²", disagreement="erratum",
            note="(g_V - g_A)² goes with E'², not E E', and g_A² - g_V² with m_e T, not m_e E_e'; besides, "
            "M_eff² should be M_eff⁶ and M_A² is missing, to agree with (17).",
        ),
    )  # fmt: skip
