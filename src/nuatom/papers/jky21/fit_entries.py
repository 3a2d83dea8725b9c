"""Sections III.3 to V of :cite:`JKY21`, equations (25) to (33): radius, charge, and the bounds."""

from __future__ import annotations

import math

import numpy as np

from nuatom.constants import ELECTRON_MASS_KEV, FERMI_PER_KEV2, FINE_STRUCTURE, HBAR_C_KEV_CM
from nuatom.neutrinos import Neutrino
from nuatom.neutrinos.electroweak import vector_shift_from_charge_kev2, vector_shift_per_radius_cm2
from nuatom.papers.entry import Entry, formula, number, statement
from nuatom.papers.jky21.bounds import (
    LIMIT_PER_MEV3,
    band_cm2,
    couplings_squared,
    gamma,
    radius_bound_per_mev,
    smallest_couplings_squared,
    vector_plus_minus_axial,
)
from nuatom.papers.jky21.comparison import MODELS, data, pp_only, standard_counts
from nuatom.papers.jky21.kinematics_entries import RECOIL_KEV
from nuatom.papers.jky21.spectrum import coulomb_spectrum, mean, mean_power, pp_spectrum
from nuatom.papers.jky21.three_body import PRINTED
from nuatom.processes import ionization
from nuatom.rates import differential_rate

__all__ = ["fit_entries", "power_of_rate"]

_M = ELECTRON_MASS_KEV
_M_MEV = 1e-3 * ELECTRON_MASS_KEV


def fit_entries() -> tuple[Entry, ...]:
    """Entries of equations (27), (30) to (33), Figure 4 and the conclusion."""
    return (*_couplings(), *_radius(), *_gamma(), *_conclusion())


def power_of_rate(model: str) -> float:
    """Power of T with which the magnetic rate of pp neutrinos on xenon falls between 5.5 and 30 keV."""
    run = data()
    recoil = np.array([5.5, 30.0])
    rates = [
        differential_rate(ionization(run.target, model), run.target, pp_only(), neutrino, recoil, 1e-3).total
        for neutrino in (Neutrino(magnetic_moment=1e-10), Neutrino())
    ]
    change = np.log(rates[0] - rates[1])
    return float((change[1] - change[0]) / np.log(recoil[1] / recoil[0]))


def _couplings() -> tuple[Entry, ...]:
    fermi_per_gev2 = 1e12 * FERMI_PER_KEV2
    unit = 4.0 * math.pi * FINE_STRUCTURE / (math.sqrt(2.0) * FERMI_PER_KEV2)
    return (
        formula(
            "(26), (27)", "what r2 and epsilon/Q2 add to G_V",
            [unit / 6.0 * HBAR_C_KEV_CM**-2, -unit],
            [vector_shift_per_radius_cm2(), vector_shift_from_charge_kev2()], "cm^-2, keV2",
        ),
        number(
            "(30)", "G_F/sqrt2 times 1/2", "0.413e-5", 0.5 * fermi_per_gev2 / math.sqrt(2.0), "GeV^-2",
            disagreement="corrected", note="G_F = 1.167e-5 GeV^-2 is printed for 1.16638e-5",
        ),
    )  # fmt: skip


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
            "Section IV", "<E>", "0.2668", 1e-3 * energy[0], "MeV",
            note="of the spectrum with the positron's Coulomb factor, which Bahcall tabulates; (2) is "
            "without it, 0.267946",
        ),
        number("Section IV", "<E2>", "0.0788", 1e-6 * energy[1], "MeV^2", note="as <E>; (2) has 0.0794926"),
        number("(31)", "<E2>/m_e2", "0.3018", 0.0788 / _M_MEV**2, note="from the rounded 0.0788"),
        number("(31)", "<E>/m_e2, of the first bracket", "1.02", linear, "1/MeV"),
        number(
            "(31)", "coefficient of T in the second bracket", "1.02", 2.0 * linear, "1/MeV",
            disagreement="erratum",
            note="(29) has E E' there, and phase space E'/E, so that E'2 = E2 - 2 E T; the mass term of "
            "(29) is dropped, too",
        ),
        number("(31)", "G_V - g_A", "0.462", minus),
        number(
            "(31)", "sqrt(2/m_e)", "2.768", math.sqrt(2.0 / _M_MEV), "MeV^-1/2", disagreement="erratum",
            note="2.768 is sqrt(2)/m_e",
        ),
        number("(31)", "1/m_e", "1.957", 1.0 / _M_MEV, "1/MeV"),
        number("(32)", "factor at T = 17 keV", "0.5703e-6", front, "MeV^-3"),
        number("(32)", "value at Gamma = 0", "1.341e-6", 0.5703e-6 * couplings_squared(), "MeV^-3"),
        statement(
            "Section IV", "least value of (32) for any Gamma, over 5e-19 MeV^-3", "a bound on Gamma exists",
            0.5703e-6 * smallest_couplings_squared() / LIMIT_PER_MEV3, holds=False, disagreement="erratum",
            note="[1.462 + Gamma]2 + [0.462 + Gamma]2 is at least 1/2: no charge radius brings (32) to the "
            "data. The "
            f"Standard Model itself would give {events:.0e} events in XENON1T",
        ),
        number(
            "Section IV", "5e-19 over (32)", "0.790e-13", LIMIT_PER_MEV3 / 1.341e-6, disagreement="erratum",
            note="the printed ratio is 5e-19/6.33e-6, over the prefactor of (28) alone",
        ),
        number(
            "Section IV", "<Q2> of pp neutrinos, isotropic at T = 17 keV", "0.1", 1e-6 * isotropic, "MeV^2",
            note="on a free electron Q2 = 2 m_e T = 0.017 MeV2",
        ),
        number(
            "Section IV", "|r| = sqrt(6 x 0.790e-13/0.1)", "2.18e-6", radius_bound_per_mev(0.790e-13, 0.1),
            "1/MeV",
            note="a ratio of cross sections is read as a form factor, F_1 = Q2 r2/6",
        ),
        number(
            "Section IV", "the same in cm", "4.30e-17",
            1e-3 * HBAR_C_KEV_CM * radius_bound_per_mev(LIMIT_PER_MEV3 / 6.33e-6, 0.1), "cm",
        ),
    )  # fmt: skip


def _gamma() -> tuple[Entry, ...]:
    hbar_c_note = "(hbar c)2 with hbar c = 1.97e-11 MeV cm for 1.97327e-11"
    square = (1e-3 * HBAR_C_KEV_CM) ** 2
    low, high = band_cm2(0.0)
    return (
        number(
            "(33)", "Gamma per r2 in MeV^-2", "0.9265e9", square * gamma(1.0, 0.0, 1.0),
            disagreement="corrected",
            note="4 pi alpha/(6 sqrt2 G_F) is 0.92655e9: cut off, not rounded",
        ),
        number(
            "(33)", "Gamma per r2", "2.387e30", gamma(1.0, 0.0, 1.0), "cm^-2", disagreement="corrected",
            note=hbar_c_note
        ),
        number(
            "(33)", "r2 per epsilon/Q2 at Gamma = 0", "2.329e-21",
            -gamma(0.0, 1.0, 1.0) / gamma(1.0, 0.0, 1.0),
            "cm2 MeV2", disagreement="corrected", note=hbar_c_note,
        ),
        statement(
            "Fig. 4", "half width of the band from 2 events in 76", "wider than the bar (4.30e-17 cm)2",
            0.5 * (high - low), holds=0.5 * (high - low) > 4.30e-17**2, unit="cm2",
            note="(31) within 2/76 of its value at Gamma = 0; the slope is that of (33)",
        ),
    )  # fmt: skip


def _conclusion() -> tuple[Entry, ...]:
    own = {
        name: data().limit(name, model="stepping").interval for name in ("magnetic-moment", "charge-radius")
    }
    moment, radius = own["magnetic-moment"].upper or 0.0, own["charge-radius"]
    largest = math.sqrt(max(abs(radius.lower or 0.0), abs(radius.upper or 0.0)))
    powers = {model: power_of_rate(model) for model in MODELS}
    listed = ", ".join(f"{name} {power:.2f}" for name, power in powers.items())
    return (
        statement(
            "Section III.1", "power of T in the magnetic rate of bound electrons, 5.5 to 30 keV",
            "1/T does not hold for bound electrons", powers["ipm"],
            holds=abs(powers["ipm"] - powers["free"]) > 0.1,
            disagreement="erratum",
            note=f"pp neutrinos on xenon: {listed}. The momentum that the nucleus takes is in the bound "
            f"orbitals; it does "
            "not change the power",
        ),
        statement(
            "Section V", "upper limit on the moment, XENON1T, 90% CL", "0.86e-7", moment, holds=False,
            unit="mu_B",
            disagreement="corrected",
            note="stepping; real atoms change it by a per cent. The paper's bound is weaker by three orders "
            "of magnitude for the errata of (18), (22), (24) and Fig. 1 (b), not for atomic physics",
        ),
        statement(
            "Section V", "largest |r| allowed by XENON1T, 90% CL", "4.30e-17", largest, holds=False,
            unit="cm",
            disagreement="corrected",
            note="stepping: r2 from "
            f"{radius.lower:.2g} to {radius.upper:.2g} cm2. The printed bound rests on (28), (32) and the "
            f"ratio below it",
        ),
    )  # fmt: skip
