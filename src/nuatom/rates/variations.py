"""One fold of a flux with several responses: what a detector could be, one standard deviation up and down."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nuatom.detectors import Axis, Response, ResponseVariation, TimeWindow
from nuatom.fluxes import Flux
from nuatom.neutrinos import Algebra
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes import Kernels
from nuatom.rates.folded import FoldedEnergies, FoldedKernels
from nuatom.rates.folding import folded_energies, in_bins_of, sample_energies_kev

__all__ = ["FoldedEach", "Weighted", "energies_of", "fold_each", "fold_nothing", "split_energies"]

# Of what is itself an estimate.
_ERROR_ACCURACY = 1e-2


@dataclass(frozen=True, eq=False)
class _Stacked:
    """Several responses to the same recoils, their bins one after the other."""

    parts: tuple[Response, ...]

    @property
    def exposure_tonne_year(self) -> float:
        return self.parts[0].exposure_tonne_year

    @property
    def axes(self) -> tuple[Axis, ...]:
        return self.parts[0].axes

    @property
    def time(self) -> TimeWindow | None:
        return None

    @property
    def recoil_range_kev(self) -> tuple[float, float]:
        lows, highs = zip(*(part.recoil_range_kev for part in self.parts), strict=True)
        return min(lows), max(highs)

    @property
    def breakpoints_kev(self) -> tuple[float, ...]:
        # Where one of them begins or ends, the others go on.
        ends = (end for part in self.parts for end in part.recoil_range_kev)
        stops = (stop for part in self.parts for stop in part.breakpoints_kev)
        return tuple(sorted({*ends, *stops}))

    @property
    def variations(self) -> tuple[ResponseVariation, ...]:
        return ()

    @property
    def grid(self) -> None:
        return

    def relative_width(self, recoil_kev: float) -> float:
        return min(part.relative_width(recoil_kev) for part in self.parts)

    def of_electrons(self) -> _Stacked:
        return _Stacked(tuple(part.of_electrons() for part in self.parts))

    def response(self, recoil_kev: FloatArray) -> FloatArray:
        columns = []
        for part in self.parts:
            low, high = part.recoil_range_kev
            inside = (recoil_kev >= low) & (recoil_kev <= high)
            # A quenching may end before those of the others do.
            seen = np.zeros((recoil_kev.size, math.prod(_energy_bins(part))))
            seen[inside] = part.response(recoil_kev[inside])
            columns.append(seen)
        return np.concatenate(columns, axis=1)


@dataclass(frozen=True, eq=False)
class Weighted:
    """A response times a function of the recoil: what an error of the kernels adds to what is counted.

    Parameters
    ----------
    part : Response
        The response.
    weight : callable
        Of recoils in keV.
    """

    part: Response
    weight: Callable[[FloatArray], FloatArray]

    @property
    def exposure_tonne_year(self) -> float:
        """That of the response, as all here but :meth:`response`."""
        return self.part.exposure_tonne_year

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Bins."""
        return self.part.axes

    @property
    def time(self) -> TimeWindow | None:
        """Bins in time."""
        return self.part.time

    @property
    def recoil_range_kev(self) -> tuple[float, float]:
        """Recoils that can be counted."""
        return self.part.recoil_range_kev

    @property
    def breakpoints_kev(self) -> tuple[float, ...]:
        """Where the response jumps; the weight does where the kernels do."""
        return self.part.breakpoints_kev

    @property
    def variations(self) -> tuple[ResponseVariation, ...]:
        """None of its own."""
        return ()

    @property
    def grid(self) -> None:
        """None: what errors move is linear."""
        return

    def relative_width(self, recoil_kev: float) -> float:
        """Scale on which it varies."""
        return self.part.relative_width(recoil_kev)

    def of_electrons(self) -> Weighted:
        """The same of electrons."""
        return Weighted(self.part.of_electrons(), self.weight)

    def response(self, recoil_kev: FloatArray) -> FloatArray:
        """Weighted probability of each bin."""
        return self.weight(recoil_kev)[:, None] * self.part.response(recoil_kev)


def _energy_bins(response: Response) -> list[int]:
    """Bins along all axes but that of time."""
    axes = response.axes if response.time is None else response.axes[:-1]
    return [axis.bins for axis in axes]


def fold_nothing(algebra: Algebra, flux: Flux, response: Response) -> FoldedKernels:
    """Fold with none of the flux: what a detector sees while the source is off."""
    names, bins = len(algebra.names), math.prod(_energy_bins(response))
    values = (np.zeros((sample_energies_kev(part).size, names, bins)) for part in flux.components)
    return in_bins_of(flux, response, FoldedEnergies(tuple(values), 0.0, algebra, (), ()))


@dataclass(frozen=True, eq=False)
class FoldedEach:
    """Kernels folded with several responses; and what their errors add with the first of these.

    Parameters
    ----------
    responses : tuple of FoldedKernels
        One a response.
    errors : dict of FoldedKernels
        One standard deviation of each error of the kernels, by its name.
    """

    responses: tuple[FoldedKernels, ...]
    errors: Mapping[str, FoldedKernels]

    def times(self, factor: float) -> FoldedEach:
        """All of them, ``factor`` times as large."""
        return self._each(lambda folded: folded.times(factor))

    def mapped(self, table: FloatArray, axes: tuple[Axis, ...]) -> FoldedEach:
        """Sums of the bins of each, as of :meth:`FoldedKernels.mapped`."""
        return self._each(lambda folded: folded.mapped(table, axes))

    def _each(self, change: Callable[[FoldedKernels], FoldedKernels]) -> FoldedEach:
        errors = {name: change(folded) for name, folded in self.errors.items()}
        return FoldedEach(tuple(map(change, self.responses)), errors)


def energies_of(
    kernels: Kernels, flux: Flux, responses: Sequence[Response], accuracy: float | None = None
) -> FoldedEnergies:
    """Kernels folded in energy alone with several responses, and their errors with the first of these.

    Bins of each follow one another.
    """
    common = [error for error in kernels.errors if error.of is None]
    others = [(error, error.of) for error in kernels.errors if error.of is not None]
    stacked = (*responses, *(Weighted(responses[0], error.relative) for error in common))
    whole = folded_energies(kernels, flux, _Stacked(stacked), accuracy)
    values = whole.values
    for error, part in others:
        weighted = _Stacked((Weighted(responses[0], error.relative),))
        more = folded_energies(part, flux, weighted, _ERROR_ACCURACY).values
        values = tuple(np.concatenate(pair, axis=-1) for pair in zip(values, more, strict=True))
    names = tuple(error.name for error in (*common, *(error for error, _ in others)))
    return replace(whole, values=values, errors=names)


def split_energies(energies: FoldedEnergies, flux: Flux, responses: Sequence[Response]) -> FoldedEach:
    """What :func:`energies_of` gives, in the bins of each response."""
    each = (*responses, *(responses[0] for _ in energies.errors))
    split = [np.split(one, len(each), axis=-1) for one in energies.values]
    folded = [
        in_bins_of(flux, response, replace(energies, values=tuple(parts[index] for parts in split)))
        for index, response in enumerate(each)
    ]
    count = len(responses)
    return FoldedEach(tuple(folded[:count]), dict(zip(energies.errors, folded[count:], strict=True)))


def fold_each(
    kernels: Kernels, flux: Flux, responses: Sequence[Response], accuracy: float | None = None
) -> FoldedEach:
    """Fold kernels and flux with several responses, of the same exposure and as many bins, at once.

    What is slow, averaging the kernels over the flux, is done once for all of them and for the errors.

    Parameters
    ----------
    kernels, flux : Kernels, Flux
        As of :func:`~nuatom.rates.folding.fold`.
    responses : sequence of Response
        At least one.
    accuracy : float, optional
        As of :func:`~nuatom.rates.folding.fold`.

    Returns
    -------
    FoldedEach
    """
    return split_energies(energies_of(kernels, flux, responses, accuracy), flux, responses)
