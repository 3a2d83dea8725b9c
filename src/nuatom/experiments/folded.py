"""Kernels folded with the flux and detector of an experiment, each computed once and kept."""

from __future__ import annotations

from functools import cache, lru_cache

from nuatom.atoms import Target
from nuatom.detectors import Detector
from nuatom.experiments.build import Variation
from nuatom.fluxes import Flux
from nuatom.neutrinos import Neutrino, Parameter
from nuatom.processes import Kernels, Process
from nuatom.rates import FoldedKernels, QuadraticCounts, fold

__all__ = ["difference", "folded_kernels", "folded_variation", "quadratic"]


@cache
def folded_kernels(
    target: Target, flux: Flux, detector: Detector, processes: tuple[tuple[Process, str], ...]
) -> FoldedKernels:
    """Of processes, each with its model, whose counts add."""
    first, *others = (
        _folded_process(
            target, flux, detector if process.quenched else detector.of_electrons(), process, model
        )
        for process, model in processes
    )
    return first.joined(others)


@cache
def _folded_process(
    target: Target, flux: Flux, detector: Detector, process: Process, model: str
) -> FoldedKernels:
    return fold(_kernels(target, process, model), flux, detector)


@cache
def _kernels(target: Target, process: Process, model: str) -> Kernels:
    # Kept, because they keep what they have integrated, which variations of the detector ask for again.
    return process.kernels(target, model)


@cache
def folded_variation(
    target: Target, variation: Variation, processes: tuple[tuple[Process, str], ...]
) -> FoldedKernels:
    """What one standard deviation of a systematic uncertainty adds."""
    plus, minus = (
        folded_kernels(target, flux, detector, processes)
        for flux, detector in (variation.plus, variation.minus)
    )
    return plus.minus(minus, 0.5)


@cache
def difference(folded: FoldedKernels, other: FoldedKernels) -> FoldedKernels:
    """What kernels exceed others by."""
    # Kept, so that what is contracted of it is found again: folded kernels are equal only to themselves.
    return folded.minus(other)


@lru_cache(maxsize=64)
def quadratic(
    folded: FoldedKernels, neutrino: Neutrino, parameters: tuple[Parameter, ...]
) -> QuadraticCounts:
    """Counts as polynomials of parameters."""
    return folded.quadratic(neutrino, parameters)
