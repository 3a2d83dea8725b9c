"""Expectations as exact polynomials of parameters: what no nuisance moves, and what each adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nuatom.errors import InputError
from nuatom.experiments.bends import Bend, GridBend, ShapeBend
from nuatom.experiments.channel import Sample
from nuatom.experiments.couplings import NEUTRINO_NUISANCES, neutrino_with
from nuatom.experiments.folding import FoldedChannel
from nuatom.experiments.polynomials import Templates
from nuatom.inference import Channel as CountingChannel
from nuatom.inference import Constraint, Likelihood, MeasuredSample
from nuatom.neutrinos import Neutrino, Parameter, couplings
from nuatom.numerics.quadrature import FloatArray
from nuatom.rates import FoldedKernels, QuadraticCounts

__all__ = ["held_counts", "likelihood_of", "nuisances_of", "templates_of"]


def nuisances_of(channels: Sequence[FoldedChannel]) -> dict[str, Constraint]:
    """Every nuisance of several channels by its name, and what is known of it.

    Raises
    ------
    InputError
        For a name that two experiments say different things of.
    """
    found: dict[str, tuple[Constraint, str]] = {}

    def add(constraint: Constraint, origin: str) -> None:
        known = found.setdefault(constraint.name, (constraint, origin))
        if known[0] != constraint:
            raise InputError(
                f"nuisance {constraint.name}",
                f"{_said(known[0])} in {known[1]}, {_said(constraint)} in {origin}",
                "the same of all, or different names",
            )

    for folded in channels:
        experiment = folded.experiment
        own = {constraint.name: constraint for constraint in experiment.nuisances}
        for constraint in experiment.nuisances:
            add(constraint, experiment.name)
        for part in experiment.flux.components:
            name, sigma = f"flux.{part.name}", part.relative_uncertainty
            if name not in own and sigma > 0.0 and folded.channel.flux_share > 0.0:
                add(Constraint(name, "gauss", 1.0, sigma, 0.0), experiment.name)
    # A theory that several channels share goes as far as all of them allow.
    bounds: dict[str, tuple[float, float]] = {}
    for folded in channels:
        for entry in folded.variations:
            low, high = bounds.get(entry.nuisance, (-np.inf, np.inf))
            bounds[entry.nuisance] = (max(low, entry.bounds[0]), min(high, entry.bounds[1]))
        for grid in folded.grids:
            for name, (first, last) in zip(grid.nuisances, grid.grid.bounds, strict=True):
                low, high = bounds.get(name, (-np.inf, np.inf))
                bounds[name] = (max(low, first), min(high, last))
    constraints = {name: constraint for name, (constraint, _) in found.items()}
    for name, (low, high) in bounds.items():
        known = constraints.setdefault(name, Constraint(name, "gauss", 0.0, 1.0, low, high))
        if any(name in grid.nuisances for folded in channels for grid in folded.grids):
            # A table ends where it ends, whatever else is known.
            constraints[name] = replace(known, lower=max(known.lower, low), upper=min(known.upper, high))
    for folded in channels:
        for shape in (sample.shape for sample in folded.channel.samples if sample.shape is not None):
            for name in shape.nuisances:
                known, (low, high) = constraints[name], shape.reach(name)
                ends = max(known.lower, known.centre + low), min(known.upper, known.centre + high)
                constraints[name] = replace(known, lower=ends[0], upper=ends[1])
    return constraints


def _said(constraint: Constraint) -> str:
    return f"{constraint.kind} {constraint.centre:g} ± {constraint.sigma:g}"


def templates_of(
    channels: Sequence[FoldedChannel],
    names: Sequence[str],
    neutrino: Neutrino,
    parameters: tuple[Parameter, ...],
    constraints: dict[str, Constraint],
    *,
    samples: bool = True,
    signal: bool = True,
) -> Templates:
    """Rows of all channels, laid end to end.

    Parameters
    ----------
    channels : sequence of FoldedChannel
        In the order of the bins.
    names : sequence of str
        Nuisances, in the order of the rows.
    neutrino : Neutrino
        Everything that is not a parameter.
    parameters : tuple of Parameter
        What counts are polynomials of.
    constraints : dict of Constraint
        What is known of the nuisances: where those of neutrinos themselves are varied to.
    samples, signal : bool
        Whether backgrounds and neutrinos are in them.
    """
    place = {name: 1 + index for index, name in enumerate(names)}
    blocks, bends, first = [], [], 0
    for folded in channels:
        terms = _Rows(folded, place, parameters)
        bins = slice(first, first + folded.channel.bins)
        if samples:
            terms.add_samples(folded.channel.samples, constraints)
            bends += _moving(folded.channel.samples, place, bins, constraints)
        if signal:
            terms.add_signal(neutrino, constraints)
        blocks.append(terms.counts())
        first = bins.stop
    scale = np.min([block.scale for block in blocks], axis=0)
    blocks = [_in_units_of(scale, block) for block in blocks]
    if signal:
        bends += _on_grids(channels, place, neutrino, parameters, scale)
    joined = (
        np.concatenate([getattr(block, name) for block in blocks], axis=-1)
        for name in ("constant", "linear", "square")
    )
    known = [constraints[name] for name in names]
    moving = {index for bend in bends for index in bend.places if isinstance(bend, GridBend)}
    moving |= {index for bend in bends if isinstance(bend, ShapeBend) for index in bend.moving}
    return Templates(
        QuadraticCounts(parameters, scale, *joined), tuple(bends), _starts(known, sorted(moving))
    )


def _moving(
    samples: Sequence[Sample], place: dict[str, int], bins: slice, constraints: dict[str, Constraint]
) -> list[Bend]:
    """Samples whose shapes nuisances move; rows of a likelihood begin with what no nuisance moves."""
    return [
        ShapeBend(
            bins,
            sample.shape,
            tuple(place[name] - 1 for name in sample.shape.nuisances),
            None if sample.normalisation is None else place[sample.normalisation] - 1,
            tuple(constraints[name].centre for name in sample.shape.nuisances),
        )
        for sample in samples
        if sample.shape is not None
    ]


def _on_grids(
    channels: Sequence[FoldedChannel],
    place: dict[str, int],
    neutrino: Neutrino,
    parameters: tuple[Parameter, ...],
    scale: FloatArray,
) -> list[Bend]:
    """Signals of responses that are tabulated for values of their uncertainties."""
    found: list[Bend] = []
    first = 0
    for folded in channels:
        bins = slice(first, first + folded.channel.bins)
        first = bins.stop
        for part in folded.grids:
            counts = part.kernels.quadratic(neutrino, parameters)
            held = held_counts(folded, part.kernels, neutrino)
            summed = _in_units_of(scale, replace(counts, constant=counts.constant - held).summed())
            every = np.concatenate(
                [
                    summed.constant[None, 0],
                    summed.linear[:, 0],
                    summed.square[:, :, 0].reshape(-1, summed.constant.shape[-1]),
                ]
            )
            tables = part.grid.tables - part.grid.tables[part.grid.nominal]
            places = tuple(place[name] - 1 for name in part.nuisances)
            found.append(GridBend(bins, part.grid, places, np.matmul(every, tables.astype(float))))
    return found


def _starts(constraints: Sequence[Constraint], moving: Sequence[int]) -> FloatArray:
    """Where fits begin: what is known, and two places on either side of what is not linear."""
    centre = np.array([constraint.centre for constraint in constraints])
    starts = [centre]
    for side in (1.0, -1.0) if moving else ():
        start = centre.copy()
        for index in moving:
            known = constraints[index]
            if not known.held:
                size = known.sigma if np.isfinite(known.sigma) else 1.0
                start[index] = np.clip(centre[index] + side * size, known.lower, known.upper)
        starts.append(start)
    return np.stack(starts)


class _Rows:
    """Rows of one channel, filled one by one."""

    def __init__(
        self, folded: FoldedChannel, place: dict[str, int], parameters: tuple[Parameter, ...]
    ) -> None:
        self.folded, self.place, self.parameters = folded, place, parameters
        self.scale: FloatArray | None = None
        bins, count = folded.channel.bins, len(parameters)
        rows = 1 + len(place)
        self.constant = np.zeros((rows, bins))
        self.linear = np.zeros((count, rows, bins))
        self.square = np.zeros((count, count, rows, bins))

    def add_samples(self, samples: Sequence[Sample], constraints: dict[str, Constraint]) -> None:
        for sample in samples:
            if sample.measured is None and sample.shape is None:
                self.constant[self._row(sample.normalisation)] += sample.counts
            for shift in sample.shifts:
                counts = np.array(shift.counts)
                self.constant[self.place[shift.nuisance]] += counts
                # At its centre a nuisance shifts nothing.
                self.constant[0] -= constraints[shift.nuisance].centre * counts

    def add_signal(self, neutrino: Neutrino, constraints: dict[str, Constraint]) -> None:
        experiment, kernels = self.folded.experiment, self.folded.kernels
        common = experiment.signal_normalisation
        signal = self._beyond_samples(kernels, neutrino)
        for index, name in enumerate(kernels.names):
            nuisance = f"flux.{name}"
            row = self._row(nuisance if nuisance in self.place else None)
            self._add(row, signal, index)
            if common is not None:
                # Common and own normalisation together: S (η_c + η_f − 1), linear about one.
                self._add(self._row(common), signal, index)
                self._add(0, signal, index, -1.0)
        for entry in self.folded.variations:
            self._add(self.place[entry.nuisance], self._beyond_samples(entry.change, neutrino))
        for name in NEUTRINO_NUISANCES:
            if name in self.place and constraints[name].sigma > 0.0:
                self._add_neutrino_nuisance(name, neutrino, constraints[name])

    def _add_neutrino_nuisance(self, name: str, neutrino: Neutrino, constraint: Constraint) -> None:
        """Change of the signal with a coupling or an angle, linear about its centre."""
        size = constraint.sigma if np.isfinite(constraint.sigma) else 0.01 * constraint.centre
        ends = [
            self.folded.kernels.quadratic(
                neutrino_with(neutrino, name, constraint.centre + step), self.parameters
            )
            for step in (size, -size)
        ]
        plus, minus = (_in_units_of(ends[0].scale, end) for end in ends)
        factor = 0.5 / size
        slope = QuadraticCounts(
            self.parameters,
            plus.scale,
            factor * (plus.constant - minus.constant),
            factor * (plus.linear - minus.linear),
            factor * (plus.square - minus.square),
        )
        self._add(self.place[name], slope)
        # The row is multiplied by the nuisance itself, which is not zero at its centre.
        self._add(0, slope, factor=-constraint.centre)

    def _row(self, nuisance: str | None) -> int:
        return 0 if nuisance is None else self.place[nuisance]

    def _add(
        self, row: int, counts: QuadraticCounts, component: int | None = None, factor: float = 1.0
    ) -> None:
        if self.scale is None:
            self.scale = counts.scale
        counts = _in_units_of(self.scale, counts)
        for target, source in (
            (self.constant, counts.constant),
            (self.linear, counts.linear),
            (self.square, counts.square),
        ):
            part = source.sum(axis=-2) if component is None else source[..., component, :]
            target[..., row, :] += factor * part

    def _beyond_samples(self, kernels: FoldedKernels, neutrino: Neutrino) -> QuadraticCounts:
        """Counts, less those of the Standard Model's neutrinos that a sample holds."""
        counts = kernels.quadratic(neutrino, self.parameters)
        return replace(counts, constant=counts.constant - held_counts(self.folded, kernels, neutrino))

    def counts(self) -> QuadraticCounts:
        scale = np.array([each.kind.scale for each in self.parameters]) if self.scale is None else self.scale
        return QuadraticCounts(self.parameters, scale, self.constant, self.linear, self.square)


def held_counts(folded: FoldedChannel, kernels: FoldedKernels, neutrino: Neutrino) -> FloatArray:
    """Counts of the Standard Model's neutrinos that samples hold, of each component; zero without."""
    held = np.array([folded.channel.held(name) for name in kernels.names])
    if not held.any():
        return np.zeros((len(kernels.names), 1))
    # What was published knows the Standard Model's weak mixing angle, whatever is assumed here.
    standard = kernels.counts(Neutrino(electroweak=couplings(neutrino.electroweak.scheme)))
    counts: FloatArray = standard * held[:, None]
    return counts


def likelihood_of(channels: Sequence[FoldedChannel], constraints: Sequence[Constraint]) -> Likelihood:
    """Likelihood of what the channels counted, in the order of their bins.

    Samples that are free in every bin are one in all channels of an experiment that have them; those with
    statistics of their own belong to their channel.
    """
    several = len({folded.experiment.name for folded in channels}) > 1
    counted, first = [], 0
    measured: dict[str, _Cells] = {}
    total = sum(folded.channel.bins for folded in channels)
    for folded in channels:
        channel = folded.channel
        name = f"{folded.experiment.name}.{channel.name}" if several else channel.name
        counted.append(
            CountingChannel(
                name,
                np.array(channel.counts),
                kind="poisson" if channel.is_poisson else "gauss",
                covariance=None if channel.covariance is None else np.array(channel.covariance),
            )
        )
        for sample in channel.samples:
            if sample.measured is not None:
                owner = folded.experiment.name if sample.measured.events is None else name
                entry = measured.setdefault(f"{owner}.{sample.name}", _Cells(total))
                entry.add(sample, first)
        first += channel.bins
    samples = tuple(cells.build(name) for name, cells in measured.items())
    return Likelihood(tuple(counted), tuple(constraints), samples)


class _Cells:
    """Cells of one measured sample over all bins, filled channel by channel."""

    def __init__(self, bins: int) -> None:
        self.cell, self.weight = np.full(bins, -1), np.zeros(bins)
        self.nuisance: list[str | None] = [None] * bins
        self.events: tuple[float, ...] | None = None
        self.ratio: tuple[float, ...] = ()

    def add(self, sample: Sample, first: int) -> None:
        held = sample.measured
        if held is None:
            raise TypeError("a sample without statistics")
        if self.ratio and len(held.ratio) != len(self.ratio):
            accepted = "as many bins in all channels that share it"
            raise InputError(
                f"sample {sample.name}", f"{len(held.ratio)} and {len(self.ratio)} bins", accepted
            )
        bins = slice(first, first + len(held.cell))
        self.cell[bins], self.weight[bins] = held.cell, held.weight
        self.nuisance[bins] = [sample.normalisation if cell >= 0 else None for cell in held.cell]
        self.events, self.ratio = held.events, held.ratio

    def build(self, name: str) -> MeasuredSample:
        return MeasuredSample(
            name=name,
            cell=self.cell,
            weight=self.weight,
            counts=None if self.events is None else np.array(self.events),
            ratio=np.array(self.ratio),
            nuisance=tuple(self.nuisance),
        )


def _in_units_of(scale: FloatArray, counts: QuadraticCounts) -> QuadraticCounts:
    ratio = scale / counts.scale
    return QuadraticCounts(
        parameters=counts.parameters,
        scale=scale,
        constant=counts.constant,
        linear=counts.linear * ratio[:, None, None],
        square=counts.square * np.multiply.outer(ratio, ratio)[:, :, None, None],
    )
