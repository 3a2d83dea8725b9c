"""Figure 1 of :cite:`JKY21`: rates of XENON1T as cross sections of solar pp neutrinos, and back."""

from __future__ import annotations

from typing import Final

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import CM2_PER_INVERSE_KEV2, KG_PER_TONNE, SECONDS_PER_YEAR
from nuatom.experiments import Experiment
from nuatom.numerics.quadrature import FloatArray
from nuatom.papers.jky21.spectrum import coulomb_spectrum, mean, pp_component
from nuatom.processes.kinematics import minimum_energy_kev

__all__ = [
    "CM2_PER_KEV_OF_MEV3",
    "cross_section_per_mev3",
    "inverse_rule_over_mean",
    "measured_rate",
    "pp_neutrinos_per_tonne_year",
    "rate_per_tonne_year_kev",
]

CM2_PER_KEV_OF_MEV3: Final = 1e-9 * CM2_PER_INVERSE_KEV2
"""One MeV⁻³, the paper's unit of dσ/dT, in cm²/keV."""


def pp_neutrinos_per_tonne_year(target: Target) -> float:
    """Electrons of a tonne of target times the pp neutrinos of a year, in cm⁻²."""
    electrons = KG_PER_TONNE / target.mass_kg * target.electrons
    return electrons * pp_component().flux_per_cm2_s * SECONDS_PER_YEAR


def cross_section_per_mev3(rate: FloatArray, target: Target) -> FloatArray:
    """dσ/dT per electron in MeV⁻³ that gives a rate in events/(t yr keV) from the solar pp flux.

    The mean over the spectrum; Figure 1 (b).
    """
    return rate / pp_neutrinos_per_tonne_year(target) / CM2_PER_KEV_OF_MEV3


def rate_per_tonne_year_kev(cross_section_mev3: FloatArray, target: Target) -> FloatArray:
    """Inverse of :func:`cross_section_per_mev3`."""
    return cross_section_mev3 * pp_neutrinos_per_tonne_year(target) * CM2_PER_KEV_OF_MEV3


def measured_rate(experiment: Experiment) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Energies of the bins, and the rates of data, their Poisson error and of the background in each.

    Returns
    -------
    energy_kev, rate, error, background : ndarray
        Middle of the bins; events/(t yr keV), corrected for efficiency.
    """
    edges = np.array(experiment.detector.bin_edges_kev)
    middle = 0.5 * (edges[1:] + edges[:-1])
    seen = experiment.detector.exposure_tonne_year * np.diff(edges) * experiment.detector.efficiency(middle)
    counts = np.array(experiment.counts)
    return middle, counts / seen, np.sqrt(counts) / seen, np.array(experiment.background) / seen


def inverse_rule_over_mean(recoil_kev: float) -> float:
    """By how much the cross section 1/T exceeds the mean of 1/T − 1/E over the pp neutrinos that can give T.

    The paper converts rates by a curve and the rule of equation (15); curve and rule differ by this.
    """
    least = float(minimum_energy_kev(np.array(recoil_kev)))
    averaged = mean(lambda energy_kev: 1.0 / recoil_kev - 1.0 / energy_kev, coulomb_spectrum(), least)
    return 1.0 / (recoil_kev * averaged)
