"""A channel: what one detector counted in one run, and what it expects there besides neutrinos."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from nuatom.detectors import Axis, Response
from nuatom.errors import InputError
from nuatom.experiments.shapes import NamedShape
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes import Process

__all__ = ["Channel", "Measured", "Sample", "Shift"]


@dataclass(frozen=True)
class Shift:
    """Counts that a nuisance adds to a sample, in each bin, when it is one more than its centre."""

    nuisance: str
    counts: tuple[float, ...]


@dataclass(frozen=True)
class Measured:
    """A sample that was itself measured with finite statistics, or that is free in every bin.

    Cell g is expected to hold t_g events, which are fitted; m_g were counted where r_g t_g are expected. A
    bin holds its weight times what its cell does. Cells are bins, or rows of a product.

    Parameters
    ----------
    cell : tuple of int
        Cell of each bin, −1 where there is none.
    weight : tuple of float
        Part of the cell that each bin holds.
    events : tuple of float, optional
        m_g; None where the cells are free.
    ratio : tuple of float
        r_g, as many as cells.
    """

    cell: tuple[int, ...]
    weight: tuple[float, ...]
    events: tuple[float, ...] | None
    ratio: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.cell) != len(self.weight):
            raise InputError(
                "weight", f"{len(self.weight)} numbers", f"one for each of {len(self.cell)} bins"
            )
        if not set(self.cell) <= {-1, *range(len(self.ratio))}:
            raise InputError("cell", max(self.cell), f"less than {len(self.ratio)}")
        if self.events is not None:
            if len(self.events) != len(self.ratio):
                accepted = f"one for each of {len(self.ratio)} cells"
                raise InputError("events", f"{len(self.events)} numbers", accepted)
            wrong = [count for count in self.events if not (count >= 0.0 and count % 1 == 0)]
            if wrong:
                raise InputError("events", wrong[0], "whole numbers, zero or more")
        if not all(0.0 < ratio < math.inf for ratio in self.ratio):
            raise InputError("ratio", min(self.ratio), "positive numbers")


@dataclass(frozen=True)
class Sample:
    """One background: expected counts in each bin of a channel, and how they may change.

    Parameters
    ----------
    name : str
        Channels that share a sample that is free in every bin share its name.
    counts : tuple of float
        Expected in each bin, for the exposure of the data and with its efficiency. Zero for a sample that is
        free in every bin.
    normalisation : str, optional
        Nuisance that multiplies it; an exact one has none.
    shifts : tuple of Shift
        What other nuisances add.
    holds_standard_neutrinos : bool or tuple of str
        Whether the Standard Model's neutrinos are in it: those of all components of the flux, or of these.
    measured : Measured, optional
        Its statistics, where they matter.
    shape : NamedShape, optional
        What gives its counts, where nuisances move numbers of it: a decay constant, the position of a line.

    Raises
    ------
    InputError
        For counts that are negative or not finite, or shifts of another length.
    """

    name: str
    counts: tuple[float, ...]
    normalisation: str | None = None
    shifts: tuple[Shift, ...] = ()
    holds_standard_neutrinos: bool | tuple[str, ...] = False
    measured: Measured | None = None
    shape: NamedShape | None = None

    def __post_init__(self) -> None:
        for count in self.counts:
            if not 0.0 <= count < math.inf:
                raise InputError(f"sample {self.name}: counts", count, "finite numbers, zero or more")
        if self.shape is not None and not np.allclose(self.shape.counts(), self.counts, rtol=1e-9, atol=0.0):
            raise InputError(f"sample {self.name}: counts", self.counts[0], "those of its shape")
        for shift in self.shifts:
            if len(shift.counts) != len(self.counts):
                accepted = f"one for each of {len(self.counts)} bins"
                raise InputError(
                    f"sample {self.name}: shift {shift.nuisance}", f"{len(shift.counts)} numbers", accepted
                )
            if not all(map(math.isfinite, shift.counts)):
                raise InputError(f"sample {self.name}: shift {shift.nuisance}", "nan", "finite numbers")

    def times(self, factor: float) -> Self:
        """The same sample for ``factor`` times the exposure."""

        def scaled(counts: tuple[float, ...]) -> tuple[float, ...]:
            return tuple(factor * count for count in counts)

        measured = self.measured
        return replace(
            self,
            counts=scaled(self.counts),
            shifts=tuple(replace(shift, counts=scaled(shift.counts)) for shift in self.shifts),
            measured=None if measured is None else replace(measured, weight=scaled(measured.weight)),
            shape=None if self.shape is None else replace(self.shape, total=factor * self.shape.total),
        )

    @property
    def nuisances(self) -> tuple[str, ...]:
        """Nuisances that shift it."""
        moving = () if self.shape is None else self.shape.nuisances
        return tuple(dict.fromkeys((*(shift.nuisance for shift in self.shifts), *moving)))


@dataclass(frozen=True, repr=False)
class Channel:
    """What one detector counted in one run, with its response and its backgrounds.

    Parameters
    ----------
    name : str
        Different for each channel of an experiment.
    response : Response
        Exposure, bins, and what of a recoil is seen.
    counts : tuple of float
        Whole counts in each bin; for a Gaussian channel what was measured, of any sign.
    samples : tuple of Sample
        Backgrounds.
    electron_response : Response, optional
        Of electrons, where it is not ``response`` without quenching.
    flux_share : float
        Part of the flux that is there: zero for a run with the source off.
    covariance : tuple of tuple of float, optional
        Of what was measured, for a Gaussian channel; counts are Poisson's without.
    left_out : int
        Events that lie in none of the bins.

    Raises
    ------
    InputError
        For counts that are negative or not whole, or lists that do not fit the bins.
    """

    name: str
    response: Response
    counts: tuple[float, ...]
    samples: tuple[Sample, ...] = ()
    electron_response: Response | None = None
    flux_share: float = 1.0
    covariance: tuple[tuple[float, ...], ...] | None = None
    left_out: int = 0

    def __post_init__(self) -> None:
        if len(self.counts) != self.bins:
            accepted = f"one for each of {self.bins} bins"
            raise InputError(f"channel {self.name}: counts", f"{len(self.counts)} numbers", accepted)
        for count in self.counts:
            whole = count >= 0.0 and count % 1 == 0 and math.isfinite(count)
            if self.covariance is None and not whole:
                raise InputError(f"channel {self.name}: counts", count, "whole numbers, zero or more")
            if not math.isfinite(count):
                raise InputError(f"channel {self.name}: values", count, "finite numbers")
        names = [sample.name for sample in self.samples]
        if len(set(names)) < len(names):
            raise InputError(f"channel {self.name}: samples", names, "samples of different names")
        for sample in self.samples:
            if len(sample.counts) != self.bins:
                accepted = f"one for each of {self.bins} bins"
                raise InputError(
                    f"channel {self.name}: sample {sample.name}", f"{len(sample.counts)} numbers", accepted
                )
        if not 0.0 <= self.flux_share < math.inf:
            raise InputError(f"channel {self.name}: flux_share", self.flux_share, "a number, not negative")
        other = self.electron_response
        if other is not None and (other.axes != self.axes):
            raise InputError(f"channel {self.name}: electron_response", "other bins", "the bins of the data")
        self._check_covariance()

    def __repr__(self) -> str:
        names = ", ".join(sample.name for sample in self.samples) or "none"
        return f"<Channel {self.name}: {self.bins} bins, {sum(self.counts):g} counted; backgrounds: {names}>"

    def _check_covariance(self) -> None:
        if self.covariance is None:
            return
        matrix = np.array(self.covariance)
        if matrix.shape != (self.bins, self.bins) or not np.allclose(matrix, matrix.T, rtol=1e-9, atol=0.0):
            accepted = f"a symmetric matrix of {self.bins} by {self.bins}"
            raise InputError(f"channel {self.name}: covariance", matrix.shape, accepted)
        lowest = float(np.linalg.eigvalsh(matrix)[0])
        if not lowest > 0.0:
            raise InputError(f"channel {self.name}: covariance", lowest, "eigenvalues above zero")

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Bins of the data."""
        return self.response.axes

    @property
    def shape(self) -> tuple[int, ...]:
        """Bins along each axis."""
        return tuple(axis.bins for axis in self.axes)

    @property
    def bins(self) -> int:
        """Number of bins."""
        return math.prod(self.shape)

    @property
    def is_poisson(self) -> bool:
        """Whether it counts."""
        return self.covariance is None

    @property
    def background(self) -> FloatArray:
        """Sum of the samples as they are."""
        total: FloatArray = np.zeros(self.bins)
        for sample in self.samples:
            total = total + np.array(sample.counts)
        return total

    def response_of(self, process: Process) -> Response:
        """Response to what a process leaves behind: quenching is of nuclei only."""
        if process.quenched:
            return self.response
        return self.response.of_electrons() if self.electron_response is None else self.electron_response

    def held(self, component: str) -> bool:
        """Whether a sample holds the Standard Model's neutrinos of a component of the flux."""
        holding = (sample.holds_standard_neutrinos for sample in self.samples)
        return any(held if isinstance(held, bool) else component in held for held in holding)

    def sample(self, name: str) -> Sample:
        """Return the sample called ``name``.

        Raises
        ------
        InputError
            When there is none.
        """
        for sample in self.samples:
            if sample.name == name:
                return sample
        raise InputError("sample", name, ", ".join(sample.name for sample in self.samples) or "no samples")

    @property
    def tabulated(self) -> frozenset[str]:
        """Names of the uncertainties for values of which a response is tabulated."""
        responses = (self.response, *([] if self.electron_response is None else [self.electron_response]))
        return frozenset(name for each in responses if each.grid is not None for name in each.grid.names)

    @property
    def variations(self) -> tuple[tuple[str, Channel, Channel], ...]:
        """Name of each uncertainty of the responses, and the channel one standard deviation up and down."""
        own = {entry.name: entry for entry in self.response.variations}
        other = () if self.electron_response is None else self.electron_response.variations
        of_electrons = {entry.name: entry for entry in other}
        found = []
        for name in dict.fromkeys((*own, *of_electrons)):
            ends = []
            for side in ("plus", "minus"):
                response = getattr(own[name], side) if name in own else self.response
                electrons = (
                    getattr(of_electrons[name], side) if name in of_electrons else self.electron_response
                )
                ends.append(replace(self, response=response, electron_response=electrons))
            found.append((name, ends[0], ends[1]))
        return tuple(found)
