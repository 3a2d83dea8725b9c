"""Sections I and II of :cite:`JKY21`: XENON1T's events, solar neutrinos, and rates as cross sections."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from nuatom.constants import ELECTRON_MASS_KEV, FERMI_PER_KEV2, HBAR_C_KEV_CM
from nuatom.neutrinos import standard_model_dirac_moment
from nuatom.papers.entry import Finding, claim, value
from nuatom.papers.jky21.bounds import LIMIT_PER_MEV3
from nuatom.papers.jky21.comparison import data
from nuatom.papers.jky21.conversion import cross_section_per_mev3, inverse_rule_over_mean, measured_rate
from nuatom.papers.jky21.spectrum import ENDPOINT_KEV, coulomb_spectrum, mean_power, pp_spectrum
from nuatom.papers.jky21.three_body import LEAST_RECOIL_KEV, mean_logarithm

__all__ = ["normalisation_per_mev5", "sun_findings"]

_POWERS: Final = (-2, -1, 1, 2, 3)


def normalisation_per_mev5() -> float:
    """P₀ of equation (1): the normalised spectrum over its shape, at half the end point."""
    energy = 0.5 * ENDPOINT_KEV
    lepton = ENDPOINT_KEV + ELECTRON_MASS_KEV - energy
    shape = energy**2 * lepton * np.sqrt(lepton**2 - ELECTRON_MASS_KEV**2)
    density = float(pp_spectrum().density(np.array([energy]))[0])
    return 1e15 * density / float(shape)


def sun_findings() -> dict[str, Finding]:
    """Sections I and II."""
    return {**_introduction(), **_spectrum(), **_conversion()}


def _introduction() -> dict[str, Finding]:
    background = measured_rate(data())[3]
    return {
        "weak-length": value(HBAR_C_KEV_CM * (math.sqrt(2.0) * FERMI_PER_KEV2) ** 0.5),
        "standard-moment": value(standard_model_dirac_moment(1.0) / 2.8e-11),
        # A charge has no dimension in natural units, e² = 4πα; a length has −1.
        "charge-limit": claim(0.0, holds=False),
        "background": value(background.mean()),
        "solar-share": value(100.0 * 220.8 / 42179.4),
    }


def _spectrum() -> dict[str, Finding]:
    spectrum = pp_spectrum()
    return {
        "end-point": value(coulomb_spectrum().edges_kev[-1]),
        "electron-mass": value(1e-3 * ELECTRON_MASS_KEV),
        "normalisation": value(normalisation_per_mev5()),
        "fitted-range": claim(spectrum.edges_kev[-1], spectrum.edges_kev[-1] >= 4e3),
        **{f"mean-{power}": value(1e-3**power * mean_power(power, spectrum)) for power in _POWERS},
        "mean-log": value(mean_logarithm()),
        "mean-log-least": value(mean_logarithm(LEAST_RECOIL_KEV)),
    }


def _conversion() -> dict[str, Finding]:
    run = data()
    energy, rate, _, _ = measured_rate(run)
    largest = float(cross_section_per_mev3(rate, run.target)[energy > 17.0].max())
    rule = inverse_rule_over_mean(17.0)
    return {
        "inverse-rule": claim(rule, abs(rule - 1.0) < 0.15),
        "largest-datum": claim(largest, largest < LIMIT_PER_MEV3),
    }
