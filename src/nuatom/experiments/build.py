"""From an experiment's file to the flux, the detector and the backgrounds that it describes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from nuatom.constants import KG_PER_TONNE, SECONDS_PER_YEAR
from nuatom.detectors import (
    Detector,
    Efficiency,
    GammaResolution,
    GaussianResolution,
    Lindhard,
    PolynomialQuenching,
    Quenching,
    Resolution,
    TabulatedQuenching,
    TimeWindow,
)
from nuatom.experiments.schema import (
    DetectorTable,
    ExperimentFile,
    LogisticEfficiencyTable,
    PionDecayTable,
)
from nuatom.fluxes import Flux, GaussianPulse, flux, pion_decay_at_rest

__all__ = ["Background", "Variation", "backgrounds_of", "detector_of", "flux_of", "variations_of"]


@dataclass(frozen=True)
class Background:
    """Expected counts per bin, times in each energy, and the relative uncertainty of their sum."""

    name: str
    counts: tuple[float, ...]
    uncertainty: float


@dataclass(frozen=True)
class Variation:
    """A systematic uncertainty: flux and detector as they would be one standard deviation up and down."""

    name: str
    plus: tuple[Flux, Detector]
    minus: tuple[Flux, Detector]


def flux_of(file: ExperimentFile) -> Flux:
    """Flux at the detector: by name, or from protons on target.

    The exposure beside a beam is the detector's mass times one year, in which all protons arrive: only the
    product of mass and protons counts.
    """
    return flux(file.flux or "") if file.pion_decay is None else _pion_decay(file.pion_decay)


@cache
def _pion_decay(beam: PionDecayTable, shift_ns: float = 0.0) -> Flux:
    return pion_decay_at_rest(
        neutrinos_per_proton=beam.neutrinos_per_proton,
        protons_per_s=beam.protons_on_target / SECONDS_PER_YEAR,
        distance_m=beam.distance_m,
        pulse=GaussianPulse(sigma_ns=beam.pulse_sigma_ns, centre_ns=beam.pulse_centre_ns + shift_ns),
    )


def detector_of(file: ExperimentFile) -> Detector:
    """Detector, in keV of electron-equivalent energy throughout."""
    table, data = file.detector, file.data
    in_kev = data.bin_edges_kev or tuple(
        edge / (table.light_yield_pe_per_kev or 1.0) for edge in data.bin_edges_pe or ()
    )
    if table.efficiency is not None:
        shown = table.efficiency
        efficiency = Efficiency(shown.energy_kev, shown.value, shown.below, shown.above)
    else:
        efficiency = _logistic(table, in_kev, "coefficients")
    resolution: Resolution | None = None
    if table.resolution is not None:
        resolution = GaussianResolution(table.resolution.stochastic, table.resolution.constant)
    elif table.gamma_resolution is not None:
        resolution = GammaResolution(table.gamma_resolution.shape_per_kev)
    time = None
    if data.time_edges_us is not None:
        loss = table.time_efficiency
        time = (
            TimeWindow(data.time_edges_us)
            if loss is None
            else TimeWindow(data.time_edges_us, loss.flat_until_us, loss.loss_per_us)
        )
    return Detector(
        exposure_tonne_year=table.exposure_tonne_year or (table.mass_kg or 0.0) / KG_PER_TONNE,
        bin_edges_kev=in_kev,
        efficiency=efficiency,
        resolution=resolution,
        efficiency_of="reconstructed" if table.efficiency is None else table.efficiency.of,
        quenching=_quenching(table),
        time=time,
    )


def variations_of(file: ExperimentFile, flux: Flux, detector: Detector) -> tuple[Variation, ...]:
    """Systematic uncertainties of pulse, efficiency and quenching that the file gives."""
    table, beam = file.detector, file.pion_decay
    found = []
    if beam is not None and beam.pulse_centre_uncertainty_ns > 0.0:
        later, earlier = (
            (_pion_decay(beam, sign * beam.pulse_centre_uncertainty_ns), detector) for sign in (1.0, -1.0)
        )
        found.append(Variation("pulse centre", later, earlier))
    if table.logistic_efficiency is not None:
        plus, minus = (
            (flux, replace(detector, efficiency=_logistic(table, detector.bin_edges_kev, sign)))
            for sign in ("plus", "minus")
        )
        found.append(Variation("efficiency", plus, minus))
    if detector.quenching is not None:
        for entry in detector.quenching.uncertainties:
            plus, minus = (
                (flux, replace(detector, quenching=quenching)) for quenching in (entry.plus, entry.minus)
            )
            found.append(Variation(entry.name, plus, minus))
    return tuple(found)


def backgrounds_of(file: ExperimentFile) -> tuple[Background, ...]:
    """Background templates, the main one first."""
    if file.background is not None:
        main = file.background
        return (Background("background", main.counts, main.normalisation_uncertainty),)
    return tuple(
        Background(
            table.name,
            tuple((table.expected * np.outer(table.energy_share, table.time_share)).ravel().tolist()),
            table.normalisation_uncertainty,
        )
        for table in file.product_backgrounds
    )


def _quenching(table: DetectorTable) -> Quenching | None:
    if table.quenching is not None:
        fitted = table.quenching
        alternatives = tuple((entry.name, entry.plus, entry.minus) for entry in fitted.variations)
        return PolynomialQuenching(fitted.coefficients_mev, fitted.highest_recoil_kev, alternatives)
    if table.lindhard_quenching is not None:
        lindhard = table.lindhard_quenching
        return Lindhard(lindhard.atomic_number, lindhard.k, lindhard.k_uncertainty)
    if table.measured_quenching is not None:
        measured = table.measured_quenching
        return TabulatedQuenching(
            measured.recoil_kev, measured.electron_equivalent_kev, measured.uncertainty_kev, measured.common
        )
    return None


def _logistic(table: DetectorTable, edges_kev: tuple[float, ...], which: str) -> Efficiency:
    curve: LogisticEfficiencyTable | None = table.logistic_efficiency
    yield_pe = table.light_yield_pe_per_kev
    if curve is None or yield_pe is None:
        raise TypeError("a logistic efficiency needs its table and a light yield")
    height, steepness, middle, offset = getattr(curve, which)
    return Efficiency.logistic(
        height, steepness * yield_pe, middle / yield_pe, offset, (edges_kev[0], edges_kev[-1])
    )
