"""Expected counts of an analysis, channel by channel, beside its data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from nuatom.detectors import Axis
from nuatom.experiments.couplings import NEUTRINO_NUISANCES, neutrino_with
from nuatom.experiments.folding import OF_THEORY, FoldedChannel
from nuatom.experiments.results import Result
from nuatom.experiments.templates import held_counts
from nuatom.inference import Constraint, GoodnessOfFit
from nuatom.neutrinos import Neutrino
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from nuatom.experiments.analysis import Analysis

__all__ = ["ChannelSpectrum", "Spectrum", "spectrum"]


@dataclass(frozen=True, eq=False)
class ChannelSpectrum:
    """Expected counts of one channel beside its data.

    Parameters
    ----------
    name : str
        Of the channel; that of its experiment, where it is the only one.
    axes : tuple of Axis
        Bins, flattened in C order.
    observed : ndarray, shape (bins,)
        Counts, or values.
    samples : dict of ndarray
        Fitted backgrounds.
    signal : dict of ndarray
        Per flux component, what is added to them.
    standard_model : ndarray, shape (bins,)
        The Standard Model's neutrinos, for comparison; part of the samples where these hold them.
    holds_standard_neutrinos : bool
        Whether they do.
    theory_error : ndarray, shape (bins,)
        One standard deviation of the signal by what is not known of the atoms; bins move together.
    """

    name: str
    axes: tuple[Axis, ...]
    observed: FloatArray
    samples: dict[str, FloatArray]
    signal: dict[str, FloatArray]
    standard_model: FloatArray
    holds_standard_neutrinos: bool
    theory_error: FloatArray

    @property
    def background(self) -> FloatArray:
        """Fitted backgrounds together."""
        total: FloatArray = np.sum([np.zeros(self.observed.size), *self.samples.values()], axis=0)
        return total

    @property
    def total_signal(self) -> FloatArray:
        """Signal of all components."""
        total: FloatArray = np.sum(list(self.signal.values()), axis=0)
        return total

    @property
    def expected(self) -> FloatArray:
        """Background and signal."""
        return self.background + self.total_signal

    def along(self, index: int) -> ChannelSpectrum:
        """The same on one axis, summed over all others."""
        shape = tuple(axis.bins for axis in self.axes)
        others = tuple(i for i in range(len(shape)) if i != index)

        def projected(counts: FloatArray) -> FloatArray:
            summed: FloatArray = counts.reshape(shape).sum(axis=others)
            return summed

        return ChannelSpectrum(
            self.name,
            (self.axes[index],),
            projected(self.observed),
            {name: projected(counts) for name, counts in self.samples.items()},
            {name: projected(counts) for name, counts in self.signal.items()},
            projected(self.standard_model),
            self.holds_standard_neutrinos,
            projected(self.theory_error),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, as the command line prints them."""
        return {
            "name": self.name,
            "axes": [
                {"quantity": axis.quantity, "unit": axis.unit, "edges": list(axis.edges)}
                for axis in self.axes
            ],
            "observed": self.observed.tolist(),
            "samples": {name: counts.tolist() for name, counts in self.samples.items()},
            "background": self.background.tolist(),
            "signal": {name: counts.tolist() for name, counts in self.signal.items()},
            "standard_model": self.standard_model.tolist(),
            "expected": self.expected.tolist(),
            "theory_error": self.theory_error.tolist(),
        }


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Spectrum(Result):
    """Expected counts of an analysis for given couplings, beside its data.

    Of its origin see :class:`~nuatom.experiments.results.Result`. Properties of one spectrum, such as
    `observed`, are those of the first channel along its first axis.

    Parameters
    ----------
    channels : tuple of ChannelSpectrum
        In the order of the analysis.
    nuisances : dict of float
        Fitted value of each.
    background_scale : float
        Fitted normalisation of the first sample of the first channel; one without samples.
    goodness_of_fit : GoodnessOfFit
        Of all channels together.
    theory_pull : float, optional
        Fitted size of the theory's spread, in standard deviations, of the first target.
    """

    channels: tuple[ChannelSpectrum, ...]
    nuisances: dict[str, float]
    background_scale: float
    goodness_of_fit: GoodnessOfFit
    theory_pull: float | None = None

    def __repr__(self) -> str:
        observed, expected = (
            sum(float(getattr(each, name).sum()) for each in self.channels)
            for name in ("observed", "expected")
        )
        names = f"{len(self.channels)} channels, " if len(self.channels) > 1 else ""
        counts = f"{observed:g} observed, {expected:.1f} expected"
        chi2 = f"χ² {self.goodness_of_fit.chi2:.1f} of {self.goodness_of_fit.degrees_of_freedom}"
        return f"<Spectrum of {self.experiment}, {self.model}: {names}{counts}, {chi2}>"

    @property
    def first(self) -> ChannelSpectrum:
        """The first channel, along its first axis."""
        return self.channels[0].along(0)

    @property
    def bin_edges_kev(self) -> FloatArray:
        """Edges of the first axis."""
        return np.array(self.channels[0].axes[0].edges)

    @property
    def observed(self) -> FloatArray:
        """Counts."""
        return self.first.observed

    @property
    def background(self) -> FloatArray:
        """Fitted backgrounds."""
        return self.first.background

    @property
    def signal(self) -> dict[str, FloatArray]:
        """Per flux component, what is added to the background."""
        return self.first.signal

    @property
    def standard_model(self) -> FloatArray:
        """The Standard Model's neutrinos."""
        return self.first.standard_model

    @property
    def total_signal(self) -> FloatArray:
        """Signal of all components."""
        return self.first.total_signal

    @property
    def expected(self) -> FloatArray:
        """Background and signal."""
        return self.first.expected

    @property
    def in_time(self) -> ChannelSpectrum | None:
        """The first channel along an axis of time, where it has one."""
        for index, axis in enumerate(self.channels[0].axes):
            if axis.quantity == "time":
                return self.channels[0].along(index)
        return None

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, as the command line prints them."""
        first, time = self.first, self.in_time
        found = {
            "bin_edges_kev": self.bin_edges_kev.tolist(),
            "observed": first.observed.tolist(),
            "background": first.background.tolist(),
            "background_scale": self.background_scale,
            "signal": {name: counts.tolist() for name, counts in first.signal.items()},
            "standard_model": first.standard_model.tolist(),
            "expected": first.expected.tolist(),
            "theory_error": first.theory_error.tolist(),
            "goodness_of_fit": asdict(self.goodness_of_fit),
            "nuisances": self.nuisances,
            **super().to_dict(),
        }
        if self.theory_pull is not None:
            found["theory_pull"] = self.theory_pull
        if time is not None:
            found["in_time"] = {
                "edges_us": list(time.axes[0].edges),
                "observed": time.observed.tolist(),
                "background": time.background.tolist(),
                "signal": {name: counts.tolist() for name, counts in time.signal.items()},
            }
        if len(self.channels) > 1 or len(self.channels[0].axes) > 2:
            found["channels"] = [channel.to_dict() for channel in self.channels]
        return found

    def plot(
        self, path: str | PathLike[str] | None = None, *, ax: Any = None, per_kev: bool | None = None
    ) -> Any:
        """Draw data with Poisson bars, background, signal, and pulls: a panel for each channel and axis.

        Parameters
        ----------
        path : path_like, optional
            Where to write the figure; without, it is returned.
        ax : matplotlib axes, optional
            Where to draw instead: the first channel along its first axis, without pulls.
        per_kev : bool, optional
            Counts per unit of the axis; where bins are uneven by default.
        """
        from nuatom.viz import draw_spectra

        panels = [channel.along(index) for channel in self.channels for index in range(len(channel.axes))]
        return draw_spectra(path, panels, title=self.caption, axes=ax, per_unit=per_kev)


def spectrum(analysis: Analysis) -> Spectrum:
    """Expected counts for the couplings of an analysis beside its data, all nuisances profiled.

    Parameters
    ----------
    analysis : Analysis
        Data, model and couplings.
    """
    found, fixed, templates = analysis.profile()
    fitted = dict(zip(analysis.constraints, found.nuisance.tolist(), strict=True))
    cells = dict(
        zip(
            (sample.name for sample in analysis.likelihood.measured),
            _cells(analysis, found.measured),
            strict=True,
        )
    )
    channels = tuple(_channel(analysis, folded, fitted, cells) for folded in analysis.channels)
    theory = [name for name in fitted if name.startswith(OF_THEORY) and name.endswith(".spread")]
    first = analysis.channels[0].channel
    scale = 1.0
    if first.samples and (total := sum(first.samples[0].counts)) > 0.0:
        scale = float(channels[0].samples[first.samples[0].name].sum() / total)
    return Spectrum(
        **analysis.origin,
        channels=channels,
        nuisances=fitted,
        background_scale=scale,
        goodness_of_fit=analysis.likelihood.goodness_of_fit(float(found.chi2), 0, fixed, templates),
        theory_pull=fitted[theory[0]] if theory else None,
    )


def _cells(analysis: Analysis, measured: FloatArray) -> list[FloatArray]:
    ends = np.cumsum([0, *(sample.cells for sample in analysis.likelihood.measured)])
    return [measured[first:last] for first, last in pairwise(ends)]


def _channel(
    analysis: Analysis, folded: FoldedChannel, fitted: dict[str, float], cells: dict[str, FloatArray]
) -> ChannelSpectrum:
    channel, experiment = folded.channel, folded.experiment
    alone = len(experiment.channels) == 1
    qualified = channel.name if len(analysis.experiments) == 1 else f"{experiment.name}.{channel.name}"
    samples = {}
    for sample in channel.samples:
        scale = 1.0 if sample.normalisation is None else fitted[sample.normalisation]
        if sample.shape is not None:
            known = analysis.constraints
            sizes = {name: fitted[name] - known[name].centre for name in sample.shape.nuisances}
            counts = scale * sample.shape.counts(sizes)
        elif sample.measured is None:
            counts = scale * np.array(sample.counts)
        else:
            owner = experiment.name if sample.measured.events is None else qualified
            held = np.array(sample.measured.cell)
            size = np.where(held >= 0, cells[f"{owner}.{sample.name}"][held], 0.0)
            counts = scale * np.array(sample.measured.weight) * size
        for shift in sample.shifts:
            off = fitted[shift.nuisance] - analysis.constraints[shift.nuisance].centre
            counts = counts + off * np.array(shift.counts)
        samples[sample.name] = counts
    signal = _signal(folded, analysis.neutrino, fitted, analysis.constraints)
    standard = folded.kernels.counts(analysis.neutrino.standard_model()).sum(axis=0)
    return ChannelSpectrum(
        name=experiment.name if alone else f"{experiment.name}: {channel.name}",
        axes=channel.axes,
        observed=np.array(channel.counts),
        samples=samples,
        signal=dict(zip(folded.kernels.names, signal, strict=True)),
        standard_model=standard,
        holds_standard_neutrinos=any(channel.held(name) for name in folded.kernels.names),
        theory_error=_theory_error(folded, analysis.neutrino),
    )


def _theory_error(folded: FoldedChannel, neutrino: Neutrino) -> FloatArray:
    changes = [np.zeros(folded.channel.bins)]
    for entry in folded.variations:
        if entry.nuisance.startswith(OF_THEORY):
            counts = entry.change.counts(neutrino) - held_counts(folded, entry.change, neutrino)
            changes.append(counts.sum(axis=0))
    error: FloatArray = np.sqrt(np.sum(np.square(changes), axis=0))
    return error


def _signal(
    folded: FoldedChannel, neutrino: Neutrino, fitted: dict[str, float], constraints: dict[str, Constraint]
) -> FloatArray:
    """Fitted signal of each flux component: what the rows of the likelihood say, component by component."""

    def beyond_samples(kernels: Any) -> FloatArray:
        counts: FloatArray = kernels.counts(neutrino) - held_counts(folded, kernels, neutrino)
        return counts

    kernels = folded.kernels
    common = folded.experiment.signal_normalisation
    scale = np.array([fitted.get(f"flux.{name}", 1.0) for name in kernels.names])
    if common is not None:
        scale = scale + fitted[common] - 1.0
    signal = scale[:, None] * beyond_samples(kernels)
    for entry in folded.variations:
        signal = signal + fitted[entry.nuisance] * beyond_samples(entry.change)
    for part in folded.grids:
        weights, _ = part.grid.weights(np.array([[fitted[name] for name in part.nuisances]]))
        weights[0, part.grid.nominal] -= 1.0
        changed = np.tensordot(weights[0], part.grid.tables.astype(float), axes=1)
        signal = signal + beyond_samples(part.kernels) @ changed
    for name in NEUTRINO_NUISANCES:
        constraint = constraints.get(name)
        if constraint is not None and constraint.sigma > 0.0:
            size = constraint.sigma if np.isfinite(constraint.sigma) else 0.01 * constraint.centre
            plus, minus = (
                kernels.counts(neutrino_with(neutrino, name, constraint.centre + step))
                for step in (size, -size)
            )
            signal = signal + (fitted[name] - constraint.centre) * 0.5 / size * (plus - minus)
    return signal
