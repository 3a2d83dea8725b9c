"""One fold of a flux with several responses: what a detector could be, one standard deviation up and down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nuatom.detectors import Axis, Response, ResponseVariation, TimeWindow
from nuatom.fluxes import Flux
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes import Kernels
from nuatom.rates.folding import FoldedKernels, folded_energies, in_bins_of, sample_energies_kev

__all__ = ["fold_each", "fold_nothing"]


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


def _energy_bins(response: Response) -> list[int]:
    """Bins along all axes but that of time."""
    axes = response.axes if response.time is None else response.axes[:-1]
    return [axis.bins for axis in axes]


def fold_nothing(kernels: Kernels, flux: Flux, response: Response) -> FoldedKernels:
    """Fold with none of the flux: what a detector sees while the source is off."""
    names, bins = len(kernels.algebra.names), math.prod(_energy_bins(response))
    values = [np.zeros((sample_energies_kev(part).size, names, bins)) for part in flux.components]
    return in_bins_of(kernels, flux, response, values, 0.0)


def fold_each(
    kernels: Kernels, flux: Flux, responses: Sequence[Response], accuracy: float | None = None
) -> tuple[FoldedKernels, ...]:
    """Fold kernels and flux with several responses, of the same exposure and as many bins, at once.

    What is slow, averaging the kernels over the flux, is done once for all of them.

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
    tuple of FoldedKernels
        One a response.
    """
    values, error = folded_energies(kernels, flux, _Stacked(tuple(responses)), accuracy)
    split = [np.split(each, len(responses), axis=-1) for each in values]
    return tuple(
        in_bins_of(kernels, flux, response, [parts[index] for parts in split], error)
        for index, response in enumerate(responses)
    )
