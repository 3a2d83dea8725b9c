"""Sections IV and V of :cite:`JKY21`, equations (31) to (33): the bounds on radius, charge and moment."""

from __future__ import annotations

import math

from nuatom.constants import ELECTRON_MASS_KEV, HBAR_C_KEV_CM
from nuatom.papers.entry import Entry, number, statement
from nuatom.papers.jky21.bounds import (
    LIMIT_PER_MEV3,
    band_cm2,
    couplings_squared,
    gamma,
    radius_bound_per_mev,
    smallest_couplings_squared,
    vector_plus_minus_axial,
)
from nuatom.papers.jky21.comparison import data, largest_allowed, standard_counts
from nuatom.papers.jky21.kinematics_entries import RECOIL_KEV
from nuatom.papers.jky21.spectrum import coulomb_spectrum, mean, mean_power, pp_spectrum
from nuatom.papers.jky21.three_body import PRINTED

__all__ = ["fit_entries"]

_M = ELECTRON_MASS_KEV
_M_MEV = 1e-3 * ELECTRON_MASS_KEV


def fit_entries() -> tuple[Entry, ...]:
    """Entries of equations (31) to (33), Figure 4 and the conclusion."""
    return (*_radius(), *_gamma(), *_conclusion())


def _radius() -> tuple[Entry, ...]:
    energy = [mean_power(power, coulomb_spectrum()) for power in (1, 2)]
    squared, linear = energy[1] / _M**2, 1e3 * energy[0] / _M**2
    minus = vector_plus_minus_axial()[1]
    t = 1e-3 * RECOIL_KEV
    front = PRINTED.weak_per_mev3 * (squared - linear * t) * PRINTED.root_per_sqrt_mev * math.sqrt(t)
    front /= (1.0 + t / _M_MEV) ** PRINTED.weak_power
    isotropic = mean(lambda e: 2.0 * e * (e - RECOIL_KEV), pp_spectrum())
    events = standard_counts(PRINTED).sum()
    return (
        number(
            "Section IV", "⟨E⟩", "0.2668", 1e-3 * energy[0], "MeV",
            note="Of the spectrum with the positron's Coulomb factor, which Bahcall tabulates; (2) is "
            "without it, 0.267946.",
        ),
        number("Section IV", "⟨E²⟩", "0.0788", 1e-6 * energy[1], "MeV²", note="As ⟨E⟩; (2) has 0.0794926."),
        number("(31)", "⟨E²⟩/m_e²", "0.3018", 0.0788 / _M_MEV**2, note="From the rounded 0.0788."),
        number("(31)", "⟨E⟩/m_e², of the first bracket", "1.02", linear, "1/MeV"),
        number(
            "(31)", "coefficient of T in the second bracket", "1.02", 2.0 * linear, "1/MeV",
            disagreement="erratum",
            note="(29) has E E' there, and phase space E'/E, so that E'² = E² - 2 E T; the mass term of "
            "(29) is dropped, too.",
        ),
        number("(31)", "G_V - g_A", "0.462", minus),
        number(
            "(31)", "√(2/m_e)", "2.768", math.sqrt(2.0 / _M_MEV), "MeV^-1/2", disagreement="erratum",
            note="2.768 is √(2)/m_e.",
        ),
        number("(31)", "1/m_e", "1.957", 1.0 / _M_MEV, "1/MeV"),
        number("(32)", "factor at T = 17 keV", "0.5703e-6", front, "MeV⁻³"),
        number("(32)", "value at Γ = 0", "1.341e-6", 0.5703e-6 * couplings_squared(), "MeV⁻³"),
        statement(
            "Section IV", "least value of (32) for any Γ, over 5e-19 MeV⁻³", "a bound on Γ exists",
            0.5703e-6 * smallest_couplings_squared() / LIMIT_PER_MEV3, holds=False, disagreement="erratum",
            note="[1.462 + Γ]² + [0.462 + Γ]² is at least 1/2: no charge radius brings (32) to the data. "
            f"The Standard Model itself would give {events:.0e} events in XENON1T.",
        ),
        number(
            "Section IV", "5e-19 over (32)", "0.790e-13", LIMIT_PER_MEV3 / 1.341e-6, disagreement="erratum",
            note="The printed ratio is 5e-19/6.33e-6, over the prefactor of (28) alone.",
        ),
        number(
            "Section IV", "⟨Q²⟩ of pp neutrinos, isotropic at T = 17 keV", "0.1", 1e-6 * isotropic, "MeV²",
            note="On a free electron Q² = 2 m_e T = 0.017 MeV².",
        ),
        statement(
            "Section IV", "√⟨Q²⟩ of pp neutrinos, isotropic at T = 17 keV", "0.3 to 0.4 MeV",
            1e-3 * math.sqrt(isotropic), holds=0.3 < 1e-3 * math.sqrt(isotropic) < 0.4, unit="MeV",
        ),
        number(
            "Section IV", "|r| = √(6 × 0.790e-13/0.1)", "2.18e-6", radius_bound_per_mev(0.790e-13, 0.1),
            "1/MeV",
            note="A ratio of cross sections is read as a form factor, F_1 = Q² r²/6.",
        ),
        number(
            "Section IV", "the same in cm", "4.30e-17",
            1e-3 * HBAR_C_KEV_CM * radius_bound_per_mev(LIMIT_PER_MEV3 / 6.33e-6, 0.1), "cm",
        ),
    )  # fmt: skip


def _gamma() -> tuple[Entry, ...]:
    hbar_c_note = "(ħc)² with ħc = 1.97e-11 MeV cm for 1.97327e-11."
    square = (1e-3 * HBAR_C_KEV_CM) ** 2
    low, high = band_cm2(0.0)
    return (
        number(
            "(33)", "Γ per r² in MeV⁻²", "0.9265e9", square * gamma(1.0, 0.0, 1.0),
            disagreement="corrected",
            note="4 π α/(6 √2 G_F) is 0.92655e9: cut off, not rounded.",
        ),
        number(
            "(33)", "Γ per r²", "2.387e30", gamma(1.0, 0.0, 1.0), "cm⁻²", disagreement="corrected",
            note=hbar_c_note
        ),
        number(
            "(33)", "r² per ε/Q² at Γ = 0", "2.329e-21",
            -gamma(0.0, 1.0, 1.0) / gamma(1.0, 0.0, 1.0),
            "cm² MeV²", disagreement="corrected", note=hbar_c_note,
        ),
        statement(
            "Fig. 4", "half width in r² of a band of 2 events in 76, ε = 0", "drawn, no number printed",
            0.5 * (high - low), holds=low < 0.0 < high, unit="cm²",
            note="(31) within 2/76 of its value at Γ = 0; the slope is that of (33). The bar at ε = 0, "
            "(4.30e-17 cm)² = 1.85e-33 cm², lies inside.",
        ),
    )  # fmt: skip


def _conclusion() -> tuple[Entry, ...]:
    own = {
        name: data().limit(name, model="stepping").interval for name in ("magnetic-moment", "charge-radius")
    }
    moment, radius = largest_allowed(own["magnetic-moment"]), own["charge-radius"]
    length = math.sqrt(largest_allowed(radius))
    return (
        statement(
            "Section V", "upper limit on the moment, XENON1T, 90% CL", "0.86e-7", moment, holds=False,
            unit="mu_B",
            disagreement="corrected",
            note="Stepping; real atoms change it by a per cent. The paper's bound is weaker by three "
            "orders of magnitude for the errata of (18), (22), (24) and Fig. 1 (b), not for atomic physics.",
        ),
        statement(
            "Section V", "largest |r| allowed by XENON1T, 90% CL", "4.30e-17", length, holds=False,
            unit="cm",
            disagreement="corrected",
            note=f"Stepping: r² from {radius.lower:.2g} to {radius.upper:.2g} cm². The printed bound rests "
            "on (28), (32) and the ratio below it.",
        ),
    )  # fmt: skip
