"""Folded kernels: counts of every component of a flux before couplings, and what couplings make of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nuatom.detectors import Axis
from nuatom.errors import InputError
from nuatom.fluxes import Component
from nuatom.neutrinos import Algebra, Neutrino, Parameter
from nuatom.numerics.quadrature import FloatArray
from nuatom.rates.arrival import arrival
from nuatom.rates.quadratic import QuadraticCounts

__all__ = ["FoldedComponent", "FoldedEnergies", "FoldedKernels"]

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


@dataclass(frozen=True, eq=False, repr=False)
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

    def __repr__(self) -> str:
        axes = " by ".join(str(axis.bins) for axis in self.axes)
        return f"<FoldedKernels of {', '.join(self.names)}: {', '.join(self.algebra.names)} in {axes} bins>"

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


def _component_counts(part: FoldedComponent, neutrino: Neutrino, algebra: Algebra) -> FloatArray:
    states, probability, antineutrino = arrival(part.component, part.sample_energy_kev, neutrino.mixing)
    coefficients = algebra.coefficients(neutrino, states, antineutrino=antineutrino)
    counts: FloatArray = np.einsum("sk,skb->b", probability.T @ coefficients, part.values)
    return counts
