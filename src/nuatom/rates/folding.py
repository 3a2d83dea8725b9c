"""Flux × kernel × detector: integrals done once, after which every coupling is linear algebra."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, reduce
from itertools import pairwise
from typing import Final

import numpy as np

from nuatom.constants import KG_PER_TONNE, SECONDS_PER_YEAR
from nuatom.detectors import Response
from nuatom.errors import InputError
from nuatom.fluxes import Component, Flux, Lines
from nuatom.numerics.blocks import BLOCK, in_blocks
from nuatom.numerics.convergence import refine
from nuatom.numerics.interpolation import chebyshev_nodes, lagrange_basis
from nuatom.numerics.quadrature import FloatArray, panel_rule
from nuatom.processes import Kernels
from nuatom.rates.folded import FoldedComponent, FoldedEnergies, FoldedKernels
from nuatom.rates.time_shares import time_shares

__all__ = ["flux_average", "fold", "folded_energies", "in_bins_of", "sample_energies_kev"]

_RECOIL_ORDER: Final = 6
# Components are judged by their own counts down to this part of those of all.
_MATTERS: Final = 0.1
_MOST_BINS: Final = 100_000
# Of a response at some recoils: a quarter of a gigabyte.
_MOST_NUMBERS: Final = 30_000_000


def fold(kernels: Kernels, flux: Flux, response: Response, accuracy: float | None = None) -> FoldedKernels:
    """Fold kernels with a flux and a detector's response.

    N_b = n_target ∫dT G_b(T) Σ_c ∫dE Φ_c(E) K(E, T), with G_b the probability that a recoil is counted in a
    bin (:class:`~nuatom.detectors.Response`). Composite Gauss-Legendre in T between thresholds, refined
    until two successive refinements agree; in E exact for lines. A response that bins in time shares each
    component's counts out by its arrival times (:func:`~nuatom.rates.time_shares.time_shares`), which do not
    depend on the energy.

    Parameters
    ----------
    kernels : Kernels
        Of the detector's target.
    flux : Flux
        Components at the detector.
    response : Response
        Exposure, bins, and what of a recoil is seen in them.
    accuracy : float, optional
        Quadrature error to reach, relative to each kernel's largest bin of the component, or to a tenth
        of that of all components where it is less; by default what the kernels are worth.

    Raises
    ------
    InputError
        For bins in time and a flux that is not pulsed, recoils beyond the range of the quenching, or more
        than 100,000 bins.
    ConvergenceError
        When the accuracy is not reached.
    """
    return in_bins_of(flux, response, folded_energies(kernels, flux, response, accuracy))


def folded_energies(
    kernels: Kernels, flux: Flux, response: Response, accuracy: float | None = None
) -> FoldedEnergies:
    """Fold in energy alone; parameters and errors as of :func:`fold`."""
    reached = kernels.accuracy if accuracy is None else accuracy
    levels = [_levels(kernels, component, response) for component in flux.components]
    # A component that hardly counts need not be known better than what it adds to.
    enough = _MATTERS * np.sum([_largest_bin(at_level(0)) for at_level in levels], axis=0)
    folded = [
        refine(
            at_level,
            lambda values: np.maximum(_largest_bin(values), enough),
            reached,
            f"folding {component.name}",
        )
        for component, at_level in zip(flux.components, levels, strict=True)
    ]
    return FoldedEnergies(
        tuple(values for values, _ in folded),
        max(error for _, error in folded),
        kernels.algebra,
        kernels.citations,
        kernels.tables,
    )


def in_bins_of(flux: Flux, response: Response, energies: FoldedEnergies) -> FoldedKernels:
    """Folded kernels of what :func:`folded_energies` gives, shared out among the response's bins in time."""
    return FoldedKernels(
        components=tuple(
            FoldedComponent(component, sample_energies_kev(component), _in_time(each, component, response))
            for component, each in zip(flux.components, energies.values, strict=True)
        ),
        algebra=energies.algebra,
        axes=response.axes,
        relative_error=energies.relative_error,
        citations=(*energies.citations, *flux.citations),
        tables=energies.tables,
    )


def _in_time(values: FloatArray, component: Component, response: Response) -> FloatArray:
    if response.time is None:
        return values
    shared: FloatArray = values[..., None] * time_shares(component, response.time)
    return shared.reshape(*values.shape[:-1], -1)


def sample_energies_kev(component: Component) -> FloatArray:
    """Energies at which the arrival probabilities of a component are needed.

    The lines themselves; for a continuous spectrum so many Chebyshev nodes that the polynomial through solar
    arrival probabilities, which are analytic in the energy, is good to 1e-8. A component that arrives as it
    was made needs one.
    """
    if isinstance(component.spectrum, Lines):
        return np.array(component.spectrum.energies_kev)
    low, high = component.spectrum.edges_kev[0], component.spectrum.edges_kev[-1]
    samples = 1 if component.production is None else 8 + math.ceil(1e-3 * (high - low))
    return chebyshev_nodes(low, high, samples)


def flux_average(kernels: Kernels, component: Component, recoil_kev: FloatArray, level: int) -> FloatArray:
    """Kernels integrated over a component's spectrum, resolved by energy sample.

    Parameters
    ----------
    kernels : Kernels
        Of a target.
    component : Component
        Flux component.
    recoil_kev : ndarray, shape (recoils,)
        Recoils.
    level : int
        Refinement of the quadrature over a continuous spectrum, from 0.

    Returns
    -------
    ndarray, shape (recoils, samples, kernels)
        ∫dE Φ(E) ℓ_s(E) K(E, T) in s⁻¹ keV⁻¹ per formula unit, ℓ_s the interpolation basis of
        :func:`sample_energies_kev`: Σ_s P(E_s) of it is the average weighted with a probability P(E).
    """
    if kernels.parts:
        parts = [flux_average(part, component, recoil_kev, level) for part in kernels.parts]
        return np.asarray(np.sum(parts, axis=0))
    spectrum = component.spectrum
    if isinstance(spectrum, Lines):
        weights = component.flux_per_cm2_s * np.array(spectrum.branchings)
        values = kernels.evaluate(np.array(spectrum.energies_kev), recoil_kev[:, None])
        return np.moveaxis(values, 0, -1) * weights[:, None]
    low, high = spectrum.edges_kev[0], spectrum.edges_kev[-1]
    lower = np.minimum(kernels.minimum_energy_kev(recoil_kev), high)
    samples = sample_energies_kev(component).size
    stops = kernels.energy_stops_kev(recoil_kev)
    # Three nodes a panel for kernel and density, and enough for the interpolation polynomials.
    order = (3 + math.ceil(samples / (len(spectrum.edges_kev) - 1))) * (level + 1)
    energy, weight = spectrum.quadrature(lower, order, stops)
    basis = lagrange_basis(low, high, samples, energy)
    values = kernels.evaluate(energy, recoil_kev[:, None]) * (component.flux_per_cm2_s * weight)
    averaged: FloatArray = np.matmul(basis.swapaxes(-1, -2), np.moveaxis(values, 0, -1))
    return averaged


def _levels(kernels: Kernels, component: Component, response: Response) -> Callable[[int], FloatArray]:
    """Counts of a component, shape (samples, kernels, bins), by a quadrature that is finer at each level."""
    per_exposure = response.exposure_tonne_year * KG_PER_TONNE / kernels.target.mass_kg * SECONDS_PER_YEAR

    bins = math.prod(axis.bins for axis in response.axes)
    if bins > _MOST_BINS:
        raise InputError("bins", bins, f"at most {_MOST_BINS} bins in all axes together")
    size = max(1, min(BLOCK, _MOST_NUMBERS // bins))

    @cache
    def at_level(level: int) -> FloatArray:
        recoil, weight = _recoil_rule(kernels, component, response, level)
        blocks = zip(in_blocks(recoil, size), in_blocks(weight, size), strict=True)
        return reduce(np.add, (part(some, weight_of, level) for some, weight_of in blocks))

    def part(recoil: FloatArray, weight: FloatArray, level: int) -> FloatArray:
        averaged = flux_average(kernels, component, recoil, level)
        counted = response.response(recoil) * (per_exposure * weight)[:, None]
        return np.tensordot(averaged, counted, axes=(0, 0))

    return at_level


def _largest_bin(values: FloatArray) -> FloatArray:
    largest: FloatArray = np.abs(values).max(axis=(0, 2), keepdims=True)
    return largest


def _recoil_rule(
    kernels: Kernels, component: Component, response: Response, level: int
) -> tuple[FloatArray, FloatArray]:
    """Quadrature in T over what the detector can see and the component can give."""
    spectrum = component.spectrum
    ends = spectrum.energies_kev if isinstance(spectrum, Lines) else spectrum.edges_kev[-1:]
    limits = np.ravel([part.maximum_recoil_kev(np.array(ends)) for part in kernels.parts or (kernels,)])
    low, high = response.recoil_range_kev
    low = max(low, *kernels.thresholds_kev[:1], 0.0)
    high = min(high, float(limits.max()))
    if low >= high:
        return np.empty(0), np.empty(0)
    if low == 0.0:
        accepted = "a positive least energy that is seen: some kernels diverge at zero"
        raise InputError("lowest recoil", 0.0, accepted)
    inner = [x for x in (*kernels.thresholds_kev, *response.breakpoints_kev, *limits) if low < x < high]
    stops = np.unique([low, *inner, high])
    edges = [np.geomspace(a, b, 1 + 2**level * _panels(a, b, response)) for a, b in pairwise(stops)]
    return panel_rule(np.unique(np.concatenate(edges)), _RECOIL_ORDER)


def _panels(low: float, high: float, response: Response) -> int:
    # The response varies on the scale of its own width, kernels on that of T itself.
    return max(1, math.ceil(math.log(high / low) / math.log1p(response.relative_width(high))))
