"""Sections I and II of :cite:`JKY21`: XENON1T's events, solar neutrinos, and rates as cross sections."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from nuatom.constants import ELECTRON_MASS_KEV, FERMI_PER_KEV2, HBAR_C_KEV_CM
from nuatom.neutrinos import standard_model_dirac_moment
from nuatom.papers.entry import Entry, formula, number, statement
from nuatom.papers.jky21.bounds import LIMIT_PER_MEV3
from nuatom.papers.jky21.comparison import data
from nuatom.papers.jky21.conversion import (
    cross_section_per_mev3,
    inverse_rule_over_mean,
    measured_rate,
    rate_per_tonne_year_kev,
)
from nuatom.papers.jky21.spectrum import ENDPOINT_KEV, coulomb_spectrum, mean_power, pp_spectrum
from nuatom.papers.jky21.three_body import LEAST_RECOIL_KEV, mean_logarithm

__all__ = ["normalisation_per_mev5", "sun_entries"]

_MOMENTS: Final = {-2: "30.0256", -1: "4.46821", 1: "0.267946", 2: "0.0794926", 3: "0.0251769"}
_LAST_DIGIT: Final = (
    "In the last printed digit: five of the six means of (2) exceed the exact ones by the same 2e-6 of their "
    "value, as a quadrature of the norm that is off by that much makes them; times 1.0000019 all six "
    "round to what is printed."
)


def normalisation_per_mev5() -> float:
    """P₀ of equation (1): the normalised spectrum over its shape, at half the end point."""
    energy = 0.5 * ENDPOINT_KEV
    lepton = ENDPOINT_KEV + ELECTRON_MASS_KEV - energy
    shape = energy**2 * lepton * np.sqrt(lepton**2 - ELECTRON_MASS_KEV**2)
    density = float(pp_spectrum().density(np.array([energy]))[0])
    return 1e15 * density / float(shape)


def sun_entries() -> tuple[Entry, ...]:
    """Entries of Sections I and II."""
    return (*_events(), *_spectrum(), *_conversion())


def _events() -> tuple[Entry, ...]:
    background = measured_rate(data())[3]
    return (
        number(
            "Section I",
            "weak length √(√2 G_F)",
            "1e-16",
            HBAR_C_KEV_CM * (math.sqrt(2.0) * FERMI_PER_KEV2) ** 0.5,
            "cm",
        ),
        number(
            "Section I",
            "moment of the Standard Model with m = 1 eV, over 2.8e-11 μ_B",
            "1e-8",
            standard_model_dirac_moment(1.0) / 2.8e-11,
        ),
        number("Section I", "background between 1 and 30 keV", "76", background.mean(), "1/(t yr keV)"),
        number("Section I", "solar neutrinos among 42179.4 events", "0.52", 100.0 * 220.8 / 42179.4, "%"),
    )


def _spectrum() -> tuple[Entry, ...]:
    spectrum = pp_spectrum()
    moments = [
        (power, printed, 1e-3**power * mean_power(power, spectrum)) for power, printed in _MOMENTS.items()
    ]
    return (
        number("(1)", "end point", "423.41", coulomb_spectrum().edges_kev[-1], "keV"),
        number("(1)", "electron mass", "0.511", 1e-3 * ELECTRON_MASS_KEV, "MeV"),
        number(
            "(1)", "P0", "188.143", normalisation_per_mev5(), "MeV⁻⁵", disagreement="corrected",
            note="Q ≈ 423.41 keV is rounded, and so is P0 then: Q = 423.409 keV gives 188.143.",
        ),
        statement(
            "Section II", "end point of the pp neutrinos, fitted for", "E ≥ 4 MeV", spectrum.edges_kev[-1],
            holds=False, unit="keV", disagreement="erratum",
            note="No pp neutrino has 4 MeV; keV or an upper bound may be meant.",
        ),
        *(
            number(
                "(2)", f"⟨E^{power}⟩", printed, value, f"MeV^{power}",
                disagreement=None if power == 3 else "corrected", note="" if power == 3 else _LAST_DIGIT,
            )
            for power, printed, value in moments
        ),
        number(
            "(2)", "⟨ln E/Q⟩, Q the end point", "-0.528546", mean_logarithm(), disagreement="corrected",
            note=_LAST_DIGIT,
        ),
        number(
            "(2)", "⟨ln E/Q_min⟩, Q_min = 2.5 keV", "-0.528546", mean_logarithm(LEAST_RECOIL_KEV),
            disagreement="erratum",
            note="Q_min is defined as the least p_e'²/(2 m_e), 2.5 keV in the paper; the printed value "
            "has the end point 423.41 keV in its place, and the sign with it.",
        ),
    )  # fmt: skip


def _conversion() -> tuple[Entry, ...]:
    run = data()
    energy, rate, _, _ = measured_rate(run)
    cross_section = cross_section_per_mev3(rate, run.target)
    return (
        formula(
            "Fig. 1", "rates to cross sections and back", rate,
            rate_per_tonne_year_kev(cross_section, run.target), "1/(t yr keV)",
        ),
        number(
            "Fig. 1 (b)", "largest dσ/dT per electron above 17 keV", f"{LIMIT_PER_MEV3:.0e}",
            float(cross_section[energy > 17.0].max()), "MeV⁻³", disagreement="erratum",
            note="A thousand times too large: 76 events/(t yr keV) / (54 × 4.59e27 atoms/t × 5.98e10/(cm² "
            "s) × 3.16e7 s/yr) = 1.6e-46 cm²/keV = 4.2e-22 MeV⁻³ (1 MeV⁻³ = 3.89e-25 cm²/keV); a 1/keV "
            "taken for 1/MeV would do it. Converting by the 1/T rule, as the paper does, changes it by "
            f"{inverse_rule_over_mean(17.0):.2f}; per atom, by 54.",
        ),
    )  # fmt: skip
