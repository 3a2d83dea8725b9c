"""Flux × kernel × detector: integrals done once, after which every coupling is linear algebra."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np

from nuatom.constants import KG_PER_TONNE, SECONDS_PER_YEAR
from nuatom.detectors import Axis, Response
from nuatom.errors import InputError
from nuatom.fluxes import Component, Flux, Lines
from nuatom.neutrinos import Algebra, Neutrino, Parameter
from nuatom.numerics.convergence import refine
from nuatom.numerics.interpolation import chebyshev_nodes, lagrange_basis
from nuatom.numerics.quadrature import FloatArray, panel_rule
from nuatom.processes import Kernels
from nuatom.rates.arrival import arrival
from nuatom.rates.quadratic import QuadraticCounts
from nuatom.rates.time_shares import time_shares

__all__ = [
    "FoldedComponent",
    "FoldedEnergies",
    "FoldedKernels",
    "flux_average",
    "fold",
    "folded_energies",
    "in_bins_of",
]

_RECOIL_ORDER: Final = 6
# Components are judged by their own counts down to this part of those of all.
_MATTERS: Final = 0.1
# So much larger than typical values that the square of a parameter is all that counts.
_FAR: Final = 1e10


@dataclass(frozen=True, eq=False)
class FoldedComponent:
    """One flux component's expected counts, before couplings and flavour.

    Parameters
    ----------
    component : Component
        The flux component.
    sample_energy_kev : ndarray, shape (samples,)
        Neutrino energies at which an arrival probability multiplies: the lines themselves, or the
        interpolation nodes of a continuous spectrum.
    values : ndarray, shape (samples, kernels, bins)
        Folded kernels: counts per unit coefficient.
    """

    component: Component
    sample_energy_kev: FloatArray
    values: FloatArray


@dataclass(frozen=True, eq=False)
class FoldedEnergies:
    """Kernels folded in energy alone, before arrival times share them out.

    Parameters
    ----------
    values : tuple of ndarray, each of shape (samples, kernels, bins but time)
        One a component of the flux.
    relative_error, algebra, citations, tables
        As of :class:`FoldedKernels`, but without the citations of the flux.
    errors : tuple of str
        Names of errors whose bins follow the others.
    """

    values: tuple[FloatArray, ...]
    relative_error: float
    algebra: Algebra
    citations: tuple[str, ...]
    tables: tuple[tuple[str, str], ...]
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class FoldedKernels:
    """Kernels × flux × detector, per component, energy sample, kernel and bin: no couplings, no mixing.

    Parameters
    ----------
    components : tuple of FoldedComponent
        One a flux component.
    algebra : Algebra
        Names of the kernels, and what couplings make of them.
    axes : tuple of Axis
        Bins of the data; those of the arrays are flattened in C order.
    relative_error : float
        Estimated quadrature error, relative to each kernel's largest bin.
    citations : tuple of str
        Sources of kernels and flux.
    others : tuple of FoldedKernels
        What else the same neutrinos do that falls in the same bins; :meth:`joined` adds it.
    tables : tuple of (str, str)
        Response tables and their hashes, as of the kernels.
    """

    components: tuple[FoldedComponent, ...]
    algebra: Algebra
    axes: tuple[Axis, ...]
    relative_error: float
    citations: tuple[str, ...]
    others: tuple[FoldedKernels, ...] = ()
    tables: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the flux components."""
        return tuple(part.component.name for part in self.components)

    @property
    def relative_uncertainty(self) -> FloatArray:
        """One-sigma flux uncertainty of each component, as a fraction."""
        return np.array([part.component.relative_uncertainty for part in self.components])

    def joined(self, others: Sequence[FoldedKernels]) -> FoldedKernels:
        """These and other processes of the same flux in the same bins, whose counts add up.

        Raises
        ------
        InputError
            For another flux or other bins.
        """
        for other in others:
            if (other.names, other.axes) != (self.names, self.axes):
                raise InputError("others", other.names, "the same flux components and bins")
        every = (self, *others)
        return replace(
            self,
            relative_error=max(part.relative_error for part in every),
            citations=tuple(dict.fromkeys(key for part in every for key in part.citations)),
            others=(*self.others, *others),
            tables=tuple(dict.fromkeys(table for part in every for table in part.tables)),
        )

    def minus(self, other: FoldedKernels, factor: float = 1.0) -> FoldedKernels:
        """What these exceed others by, of the same algebra and flux, times a factor."""
        return replace(
            self,
            components=tuple(
                replace(mine, values=factor * (mine.values - theirs.values))
                for mine, theirs in zip(self.components, other.components, strict=True)
            ),
            others=tuple(
                mine.minus(theirs, factor) for mine, theirs in zip(self.others, other.others, strict=True)
            ),
        )

    def mapped(self, table: FloatArray, axes: tuple[Axis, ...]) -> FoldedKernels:
        """Sums of these bins, (bins, new bins), in bins of other axes."""
        parts = (replace(part, values=part.values @ table) for part in self.components)
        others = tuple(other.mapped(table, axes) for other in self.others)
        return replace(self, components=tuple(parts), axes=axes, others=others)

    def times(self, factor: float) -> FoldedKernels:
        """These, ``factor`` times as large: of as much more of the flux."""
        if factor == 1.0:
            return self
        parts = (replace(part, values=factor * part.values) for part in self.components)
        others = tuple(other.times(factor) for other in self.others)
        return replace(self, components=tuple(parts), others=others)

    def counts(self, neutrino: Neutrino) -> FloatArray:
        """Expected counts.

        Parameters
        ----------
        neutrino : Neutrino
            Couplings, electromagnetic structure and mixing.

        Returns
        -------
        ndarray, shape (components, bins)
        """
        own = np.stack([_component_counts(part, neutrino, self.algebra) for part in self.components])
        return sum((part.counts(neutrino) for part in self.others), own)

    def quadratic(self, neutrino: Neutrino, parameters: tuple[Parameter, ...]) -> QuadraticCounts:
        """Expected counts as an exact quadratic polynomial of parameters, all else as in ``neutrino``."""
        scale = np.array([self._balanced_scale(neutrino, parameter) for parameter in parameters])

        def counts(*units: float) -> FloatArray:
            changed = neutrino
            for parameter, unit, size in zip(parameters, units, scale, strict=True):
                changed = parameter.set(changed, unit * size)
            return self.counts(changed)

        count = len(parameters)
        unit = np.eye(count)
        constant = counts(*np.zeros(count))
        plus = [counts(*row) for row in unit]
        minus = [counts(*-row) for row in unit]
        linear = np.empty((count, *constant.shape))
        for i, (up, down) in enumerate(zip(plus, minus, strict=True)):
            linear[i] = 0.5 * (up - down)
        square = np.empty((count, count, *constant.shape))
        for i in range(count):
            square[i, i] = 0.5 * (plus[i] + minus[i]) - constant
            for j in range(i):
                both = counts(*(unit[i] + unit[j]))
                square[i, j] = square[j, i] = 0.5 * (both - plus[i] - plus[j] + constant)
        return QuadraticCounts(parameters, scale, constant, linear, square)

    def _balanced_scale(self, neutrino: Neutrino, parameter: Parameter) -> float:
        """Value of a parameter at which its square adds as much as there is at zero.

        There differences of counts keep their digits: a charge that electrons feel is a millionth of one that
        nuclei do.
        """
        far = _FAR * parameter.kind.scale
        nothing = np.abs(self.counts(parameter.set(neutrino, 0.0))).sum()
        square = np.abs(self.counts(parameter.set(neutrino, far))).sum()
        if not (nothing > 0.0 and square > 0.0):
            return parameter.kind.scale
        return float(far * math.sqrt(nothing / square))


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
        For bins in time and a flux that is not pulsed, or recoils beyond the range of the quenching.
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


def _component_counts(part: FoldedComponent, neutrino: Neutrino, algebra: Algebra) -> FloatArray:
    states, probability, antineutrino = arrival(part.component, part.sample_energy_kev, neutrino.mixing)
    coefficients = algebra.coefficients(neutrino, states, antineutrino=antineutrino)
    counts: FloatArray = np.einsum("sk,skb->b", probability.T @ coefficients, part.values)
    return counts


def _levels(kernels: Kernels, component: Component, response: Response) -> Callable[[int], FloatArray]:
    """Counts of a component, shape (samples, kernels, bins), by a quadrature that is finer at each level."""
    per_exposure = response.exposure_tonne_year * KG_PER_TONNE / kernels.target.mass_kg * SECONDS_PER_YEAR

    @cache
    def at_level(level: int) -> FloatArray:
        recoil, weight = _recoil_rule(kernels, component, response, level)
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
