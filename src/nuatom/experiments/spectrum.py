"""Expected counts of an experiment for given couplings, beside its data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from nuatom.experiments.results import Result
from nuatom.inference import GoodnessOfFit
from nuatom.neutrinos import Neutrino
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from nuatom.experiments import Experiment

__all__ = ["Spectrum", "TimeProjection", "spectrum"]


@dataclass(frozen=True, eq=False)
class TimeProjection:
    """Counts in bins of time after a beam's trigger, all energies together.

    Parameters
    ----------
    edges_us : ndarray, shape (bins + 1,)
        Time bins.
    observed, background : ndarray, shape (bins,)
        Counts, and fitted backgrounds.
    signal : dict of ndarray
        Per flux component.
    """

    edges_us: FloatArray
    observed: FloatArray
    background: FloatArray
    signal: dict[str, FloatArray]

    @property
    def total_signal(self) -> FloatArray:
        """Signal of all components."""
        total: FloatArray = np.sum(list(self.signal.values()), axis=0)
        return total

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, as the command line prints them."""
        return {
            "edges_us": self.edges_us.tolist(),
            "observed": self.observed.tolist(),
            "background": self.background.tolist(),
            "signal": {name: counts.tolist() for name, counts in self.signal.items()},
        }


@dataclass(frozen=True, eq=False, kw_only=True)
class Spectrum(Result):
    """Expected counts of one experiment for given couplings, beside its data.

    Of its origin see :class:`~nuatom.experiments.results.Result`.

    Parameters
    ----------
    bin_edges_kev : ndarray, shape (bins + 1,)
        Reconstructed energy.
    observed : ndarray, shape (bins,)
        Counts.
    background : ndarray, shape (bins,)
        Published backgrounds times their fitted normalisations.
    background_scale : float
        Normalisation of the main one.
    signal : dict of ndarray
        Per flux component, what is added to the background.
    standard_model : ndarray, shape (bins,)
        The Standard Model's neutrinos, for comparison; part of the background where that holds them.
    goodness_of_fit : GoodnessOfFit
        Of the sum.
    in_time : TimeProjection, optional
        The same in time, where the data are binned in it.
    theory_pull : float, optional
        Fitted size of the theory's spread, in standard deviations.
    """

    bin_edges_kev: FloatArray
    observed: FloatArray
    background: FloatArray
    background_scale: float
    signal: dict[str, FloatArray]
    standard_model: FloatArray
    goodness_of_fit: GoodnessOfFit
    in_time: TimeProjection | None = None
    theory_pull: float | None = None

    @property
    def total_signal(self) -> FloatArray:
        """Signal of all components."""
        total: FloatArray = np.sum(list(self.signal.values()), axis=0)
        return total

    @property
    def expected(self) -> FloatArray:
        """Background and signal."""
        return self.background + self.total_signal

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, as the command line prints them."""
        return {
            "bin_edges_kev": self.bin_edges_kev.tolist(),
            "observed": self.observed.tolist(),
            "background": self.background.tolist(),
            "background_scale": self.background_scale,
            "signal": {name: counts.tolist() for name, counts in self.signal.items()},
            "standard_model": self.standard_model.tolist(),
            "expected": self.expected.tolist(),
            "goodness_of_fit": asdict(self.goodness_of_fit),
            **({} if self.theory_pull is None else {"theory_pull": self.theory_pull}),
            **({} if self.in_time is None else {"in_time": self.in_time.to_dict()}),
        }

    def plot(self, path: str | PathLike[str]) -> None:
        """Draw data with Poisson bars, background, signal, and pulls."""
        from nuatom.viz import draw_spectrum

        time = self.in_time
        draw_spectrum(
            path,
            edges_kev=self.bin_edges_kev,
            observed=self.observed,
            background=self.background,
            signal=self.total_signal,
            title=self.caption,
            in_time=None
            if time is None
            else (time.edges_us, time.observed, time.background, time.total_signal),
        )


def spectrum(
    experiment: Experiment,
    neutrino: Neutrino | None = None,
    model: str | None = None,
    theory_spread: str | None = None,
) -> Spectrum:
    """Expected counts for given couplings beside the data, normalisations and variations profiled.

    Parameters
    ----------
    experiment : Experiment
        Data and model.
    neutrino : Neutrino, optional
        Couplings; the Standard Model by default.
    model : str, optional
        Model of the process.
    theory_spread : str, optional
        Another model: the difference is profiled as one standard deviation of the theory.
    """
    base = Neutrino() if neutrino is None else neutrino
    folded, likelihood = experiment.folded(model), experiment.likelihood(model)
    signal = folded.counts(base) - experiment.counted_in_background(folded, base)
    changes = [
        varied.counts(base) - experiment.counted_in_background(varied, base)
        for varied in experiment.varied(model, theory_spread)
    ]
    shifts = np.array(changes).reshape(-1, *signal.shape)
    # A normalisation each, or one of their sum.
    shared = experiment.signal_uncertainty is not None
    profile = likelihood.profile(
        signal.sum(axis=-2, keepdims=True) if shared else signal,
        variations=shifts.sum(axis=1),
        variation_bounds=experiment.variation_bounds(model, theory_spread),
    )
    fitted = profile.flux_scale[:, None] * signal + np.tensordot(profile.pull, shifts, axes=1)
    scale = float(profile.background_scale)
    background = scale * np.array(experiment.background)
    for entry, factor in zip(experiment.other_backgrounds, profile.other_scale, strict=True):
        background = background + factor * np.array(entry.counts)
    observed = np.array(experiment.counts)

    def grid(counts: FloatArray) -> FloatArray:
        return counts.reshape(*counts.shape[:-1], len(experiment.detector.bin_edges_kev) - 1, -1)

    time = experiment.detector.time
    return Spectrum(
        **experiment.origin_of(model, base, theory_spread),
        bin_edges_kev=np.array(experiment.detector.bin_edges_kev),
        observed=grid(observed).sum(axis=-1),
        background=grid(background).sum(axis=-1),
        background_scale=scale,
        signal=dict(zip(folded.names, grid(fitted).sum(axis=-1), strict=True)),
        standard_model=grid(folded.counts(base.standard_model()).sum(axis=0)).sum(axis=-1),
        goodness_of_fit=likelihood.goodness_of_fit(float(profile.chi2), fitted=0),
        theory_pull=None if theory_spread is None else float(profile.pull[-1]),
        in_time=None
        if time is None
        else TimeProjection(
            edges_us=np.array(time.edges_us),
            observed=grid(observed).sum(axis=-2),
            background=grid(background).sum(axis=-2),
            signal=dict(zip(folded.names, grid(fitted).sum(axis=-2), strict=True)),
        ),
    )
