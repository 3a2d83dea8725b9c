"""Experiments: data and a model of each, and the limits, surfaces and spectra they give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from nuatom.atoms import Target
from nuatom.detectors import Detector
from nuatom.errors import InputError
from nuatom.experiments.build import Background, Variation
from nuatom.experiments.exploration import Exploration, explore
from nuatom.experiments.folded import difference, folded_kernels, folded_variation, quadratic
from nuatom.experiments.results import Limit, Scan
from nuatom.experiments.schema import PublishedLimit
from nuatom.experiments.spectrum import Spectrum, spectrum
from nuatom.experiments.theory import spread_bounds
from nuatom.fluxes import Flux
from nuatom.inference import BinnedLikelihood, Sides, confidence_interval, surface
from nuatom.neutrinos import Electroweak, Neutrino, Parameter, couplings, parameter
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes import Process, models_of, process_named
from nuatom.rates import FoldedKernels, QuadraticCounts

__all__ = ["Experiment"]

_STATISTICS: Final = ("Baker:1983tu", "Wilks:1938dza", "Cowan:2010js", "James:1975dr", "iminuit")


@dataclass(frozen=True)
class Experiment:
    """A data set, with the background, detector and flux that its publication describes.

    Where the published background already holds the Standard Model's neutrinos, the signal is what the
    couplings change with respect to them, S(θ) − S(SM), so that they are counted once. The normalisations of
    the backgrounds are profiled, and those of the flux components, each by its own uncertainty or all by a
    common one; so is each systematic variation, whose effect on the signal is taken as linear. On request so
    is what the model of the process leaves open: kernels K(η) = K_model + η (K_other − K_model) with a
    standard normal η, as far as the other model and no farther (`theory_spread`).

    Parameters
    ----------
    name, title : str
        Short name, and how figures call it.
    target : Target
        What the detector is made of.
    flux : Flux
        Neutrinos at the detector.
    detector : Detector
        Exposure, bins, quenching, efficiency and resolution.
    counts, background : tuple of float
        Observed, and expected from the published background model, per bin; where time is binned too, all
        times of the first energy, and so on.
    background_uncertainty : float
        Relative uncertainty of the background's normalisation; infinite for a free one.
    holds_standard_neutrinos : bool
        Whether the background includes the Standard Model's neutrinos.
    published : tuple of PublishedLimit
        Published intervals to compare with.
    citations : tuple of str
        Keys of the publications.
    process : str or Process
        What the neutrinos do: a key of :data:`nuatom.processes.PROCESSES`, or a process of your own.
    other_backgrounds : tuple of Background
        Further backgrounds, with normalisations of their own.
    signal_uncertainty : float, optional
        Relative uncertainty of the signal's normalisation, common to all flux components; None where each
        component has its own.
    variations : tuple of Variation
        Systematic uncertainties of the beam's timing and the detector's response.
    other_processes : tuple of str or Process
        What else they do that the detector does not tell apart: its counts are added.
    """

    name: str
    title: str
    target: Target
    flux: Flux
    detector: Detector
    counts: tuple[float, ...]
    background: tuple[float, ...]
    background_uncertainty: float
    holds_standard_neutrinos: bool
    published: tuple[PublishedLimit, ...]
    citations: tuple[str, ...]
    process: str | Process = "electron"
    other_backgrounds: tuple[Background, ...] = ()
    signal_uncertainty: float | None = None
    variations: tuple[Variation, ...] = ()
    other_processes: tuple[str | Process, ...] = ()

    @property
    def processes(self) -> tuple[Process, ...]:
        """All that the neutrinos do."""
        return tuple(process_named(process) for process in (self.process, *self.other_processes))

    def model_named(self, model: str | None) -> str:
        """Name of a model of each process, joined by ``+``; the process's default where none is given."""
        return "+".join(models_of(self.processes, model))

    def folded(self, model: str | None = None) -> FoldedKernels:
        """Kernels folded with flux and detector, of all processes, computed once."""
        return folded_kernels(self.target, self.flux, self.detector, self._modelled(model))

    def varied(self, model: str | None = None, theory_spread: str | None = None) -> tuple[FoldedKernels, ...]:
        """What one standard deviation of each systematic variation adds to the folded kernels.

        Last what the model ``theory_spread`` exceeds ``model`` by, where it is given.
        """
        of_detector = (
            folded_variation(self.target, entry, self._modelled(model)) for entry in self.variations
        )
        if theory_spread is None:
            return tuple(of_detector)
        try:
            other = self.model_named(theory_spread)
        except InputError as error:
            raise InputError("theory_spread", error.value, error.accepted) from error
        if other == self.model_named(model):
            raise InputError("theory_spread", theory_spread, f"another model than {theory_spread}")
        return (*of_detector, difference(self.folded(theory_spread), self.folded(model)))

    def variation_bounds(self, model: str | None, theory_spread: str | None) -> FloatArray:
        """Least and largest size of what `varied` gives, shape (variations, 2)."""
        bounds = np.full((len(self.variations), 2), (-np.inf, np.inf))
        if theory_spread is None:
            return bounds
        return np.vstack([bounds, spread_bounds(self.folded(model), self.folded(theory_spread))])

    def _modelled(self, model: str | None) -> tuple[tuple[Process, str], ...]:
        return tuple(zip(self.processes, models_of(self.processes, model), strict=True))

    def likelihood(self, model: str | None = None) -> BinnedLikelihood:
        """Likelihood of the data, with the uncertainties of backgrounds and signal."""
        common = self.signal_uncertainty
        return BinnedLikelihood(
            counts=np.array(self.counts),
            background=np.array(self.background),
            background_uncertainty=self.background_uncertainty,
            signal_uncertainty=(
                self.folded(model).relative_uncertainty if common is None else np.array([common])
            ),
            other=np.array([entry.counts for entry in self.other_backgrounds]).reshape(-1, len(self.counts)),
            other_uncertainty=np.array([entry.uncertainty for entry in self.other_backgrounds]),
        )

    def statistic(
        self,
        parameters: Sequence[Parameter],
        model: str | None = None,
        neutrino: Neutrino | None = None,
        *,
        theory_spread: str | None = None,
    ) -> Callable[[FloatArray], FloatArray]:
        """−2 ln λ profiled over normalisations and variations, a function of points (..., parameters)."""
        signal, shifts = self.polynomials(parameters, model, neutrino, theory_spread=theory_spread)
        likelihood, bounds = self.likelihood(model), self.variation_bounds(model, theory_spread)

        def evaluate(values: FloatArray) -> FloatArray:
            if not shifts:
                return likelihood.profile(signal(values)).chi2
            variations = np.concatenate([shift(values) for shift in shifts], axis=-2)
            return likelihood.profile(signal(values), variations=variations, variation_bounds=bounds).chi2

        return evaluate

    def polynomials(
        self,
        parameters: Sequence[Parameter],
        model: str | None = None,
        neutrino: Neutrino | None = None,
        *,
        theory_spread: str | None = None,
    ) -> tuple[QuadraticCounts, tuple[QuadraticCounts, ...]]:
        """Templates of the likelihood as exact polynomials of parameters.

        Returns
        -------
        signal : QuadraticCounts
            Counts beyond the published background, a template for each normalisation.
        variations : tuple of QuadraticCounts
            What one standard deviation of each systematic variation adds, one template each.
        """
        base = Neutrino() if neutrino is None else neutrino

        def beyond_background(folded: FoldedKernels) -> QuadraticCounts:
            counts = quadratic(folded, base, tuple(parameters))
            return replace(counts, constant=counts.constant - self.counted_in_background(folded, base))

        signal = beyond_background(self.folded(model))
        if self.signal_uncertainty is not None:
            signal = signal.summed()
        shifts = tuple(beyond_background(entry).summed() for entry in self.varied(model, theory_spread))
        return signal, shifts

    def explore(
        self, models: Sequence[str] | None = None, *, electroweak: Electroweak | None = None
    ) -> Exploration:
        """Numbers for a page with sliders; see :func:`nuatom.experiments.exploration.explore`."""
        return explore(self, models, electroweak)

    def limit(
        self,
        name: str,
        cl: float = 0.90,
        model: str | None = None,
        *,
        sides: Sides = "two-sided",
        neutrino: Neutrino | None = None,
        theory_spread: str | None = None,
    ) -> Limit:
        """Best fit and confidence interval of one parameter, all others as in ``neutrino``.

        Parameters
        ----------
        name : str
            ``"magnetic-moment"``, ``"charge:e"``, … (:func:`nuatom.neutrinos.parameter`).
        cl : float
            Confidence level.
        model : str, optional
            A model of the process (:data:`nuatom.processes.PROCESSES`): how electrons are bound, or the form
            factor of nuclei; the process's default by default.
        sides : {"two-sided", "upper"}
            Interval from Δ(−2 ln λ) = 2.71 or one-sided upper limit from 1.64, at 90%.
        neutrino : Neutrino, optional
            Couplings and everything that is not fitted; the Standard Model by default.
        theory_spread : str, optional
            Another model: the difference is profiled as one standard deviation of the theory.

        Raises
        ------
        InputError
            For an unknown parameter or model, a spread to the same model, or a confidence level out of range.
        ConvergenceError
            When a fit does not converge.
        """
        chosen = parameter(name)
        base = Neutrino() if neutrino is None else neutrino
        statistic = self.statistic([chosen], model, base, theory_spread=theory_spread)
        interval = confidence_interval(
            lambda values: statistic(values[:, None]),
            chosen.kind.scale,
            even=quadratic(self.folded(model), base, (chosen,)).even(0),
            cl=cl,
            sides=sides,
        )
        return Limit(
            **self.origin_of(model, base, theory_spread),
            parameter=chosen,
            interval=interval,
            goodness_of_fit=self.likelihood(model).goodness_of_fit(interval.minimum, fitted=1),
        )

    def scan(
        self,
        names: Sequence[str],
        values: Sequence[FloatArray],
        model: str | None = None,
        *,
        neutrino: Neutrino | None = None,
        theory_spread: str | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> Scan:
        """−2 ln λ on a grid of parameters.

        Parameters
        ----------
        names : sequence of str
            One or more parameters, all different.
        values : sequence of ndarray
            Values of each.
        model : str, optional
            Model of the process.
        neutrino : Neutrino, optional
            Everything that is not scanned.
        progress : callable, optional
            Called with the fraction done.
        """
        parameters = tuple(parameter(name) for name in names)
        if len({chosen.name for chosen in parameters}) != len(parameters) or not parameters:
            raise InputError("parameters", list(names), "one or more different parameters")
        base = Neutrino() if neutrino is None else neutrino
        statistic = self.statistic(parameters, model, base, theory_spread=theory_spread)
        fit = surface(statistic, values, progress)
        return Scan(
            **self.origin_of(model, base, theory_spread),
            parameters=parameters,
            values=tuple(values),
            surface=fit,
        )

    def axes(
        self,
        names: Sequence[str],
        points: int,
        model: str | None = None,
        *,
        neutrino: Neutrino | None = None,
        theory_spread: str | None = None,
    ) -> tuple[FloatArray, ...]:
        """Values of parameters, evenly spaced, that hold the 99.7% interval of each alone.

        From zero where only the square of a parameter counts, next to the others too.
        """
        base = Neutrino() if neutrino is None else neutrino
        polynomial = quadratic(self.folded(model), base, tuple(parameter(name) for name in names))
        axes = []
        for index, name in enumerate(names):
            limit = self.limit(name, 0.9973, model, neutrino=base, theory_spread=theory_spread)
            interval = limit.interval
            ends = [end for end in (interval.lower, interval.upper, interval.best_fit) if end is not None]
            low, high = min(*ends, 0.0), max(*ends, 0.0)
            margin = 0.1 * ((high - low) or parameter(name).kind.scale)
            if polynomial.even(index):
                low, margin_below = 0.0, 0.0
            else:
                # An interval that is even alone says nothing of the other sign.
                low, margin_below = (low if interval.lower is not None else -high), margin
            axes.append(np.linspace(low - margin_below, high + margin, points))
        return tuple(axes)

    def spectrum(
        self,
        neutrino: Neutrino | None = None,
        model: str | None = None,
        *,
        theory_spread: str | None = None,
    ) -> Spectrum:
        """Expected counts beside the data; see :func:`nuatom.experiments.spectrum.spectrum`."""
        return spectrum(self, neutrino, model, theory_spread)

    def counted_in_background(self, folded: FoldedKernels, neutrino: Neutrino) -> FloatArray:
        """Counts of the Standard Model's neutrinos that the published background holds, zero without."""
        # The published background knows the Standard Model's weak mixing angle, whatever is assumed here.
        standard = folded.counts(Neutrino(electroweak=couplings(neutrino.electroweak.scheme)))
        return standard if self.holds_standard_neutrinos else np.zeros_like(standard)

    def _models(self, model: str | None, theory_spread: str | None) -> tuple[FoldedKernels, ...]:
        other = () if theory_spread is None else (self.folded(theory_spread),)
        return (self.folded(model), *other)

    def origin_of(self, model: str | None, neutrino: Neutrino, theory_spread: str | None) -> dict[str, Any]:
        """What every result says of its origin: the fields of :class:`nuatom.experiments.results.Result`."""
        return {
            "experiment": self.name,
            "title": self.title,
            "model": self.model_named(model),
            "citations": self.citations_of(model, neutrino, theory_spread),
            "theory_spread": theory_spread,
            "tables": dict(table for folded in self._models(model, theory_spread) for table in folded.tables),
        }

    def citations_of(
        self, model: str | None, neutrino: Neutrino, theory_spread: str | None = None
    ) -> tuple[str, ...]:
        """Sources of what the experiment computes with a model and a neutrino."""
        sources = (
            *self.citations,
            *(key for folded in self._models(model, theory_spread) for key in folded.citations),
            *neutrino.citations,
            *neutrino.mixing.citations,
            *_STATISTICS,
        )
        return tuple(dict.fromkeys(sources))
