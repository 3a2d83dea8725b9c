"""Experiments: data and a model of each, and the limits, surfaces and spectra they give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nuatom.atoms import Target
from nuatom.data import manifest, read_text
from nuatom.detectors import Detector, Efficiency, GaussianResolution
from nuatom.errors import InputError
from nuatom.experiments.results import Limit, Scan, Spectrum
from nuatom.experiments.schema import ExperimentFile, PublishedLimit, parse
from nuatom.fluxes import flux
from nuatom.inference import BinnedLikelihood, Sides, confidence_interval, surface
from nuatom.neutrinos import Neutrino, Parameter, couplings, parameter
from nuatom.processes import ionization
from nuatom.rates import FoldedKernels, fold

__all__ = ["Experiment", "experiment", "experiment_names"]

FloatArray = NDArray[np.float64]

_FOLDER: Final = "experiments/"
_SUFFIX: Final = ".toml"


@dataclass(frozen=True)
class Experiment:
    """A data set, with the background, detector and flux that its publication describes.

    Where the published background already holds the Standard Model's neutrinos, the signal is what the
    couplings change with respect to them, S(θ) − S(SM), so that they are counted once. The background's
    normalisation and each flux component's are profiled.

    Parameters
    ----------
    name, title : str
        Short name, and how figures call it.
    target : Target
        What the detector is made of.
    flux_name : str
        A name that :func:`nuatom.fluxes.flux` knows.
    detector : Detector
        Exposure, bins, efficiency and resolution.
    counts, background : tuple of float
        Observed, and expected from the published background model, per bin.
    background_uncertainty : float
        Relative uncertainty of the background's normalisation; infinite for a free one.
    holds_standard_neutrinos : bool
        Whether the background includes the Standard Model's neutrinos.
    published : tuple of PublishedLimit
        Published intervals to compare with.
    citations : tuple of str
        Keys of the publications.
    """

    name: str
    title: str
    target: Target
    flux_name: str
    detector: Detector
    counts: tuple[float, ...]
    background: tuple[float, ...]
    background_uncertainty: float
    holds_standard_neutrinos: bool
    published: tuple[PublishedLimit, ...]
    citations: tuple[str, ...]

    def folded(self, model: str = "stepping") -> FoldedKernels:
        """Kernels folded with flux and detector, computed once."""
        return _folded(self.target, self.flux_name, self.detector, model)

    def likelihood(self, model: str = "stepping") -> BinnedLikelihood:
        """Likelihood of the data, with the flux uncertainties of the model's components."""
        return BinnedLikelihood(
            counts=np.array(self.counts),
            background=np.array(self.background),
            background_uncertainty=self.background_uncertainty,
            signal_uncertainty=self.folded(model).relative_uncertainty,
        )

    def statistic(
        self,
        parameters: Sequence[Parameter],
        model: str = "stepping",
        neutrino: Neutrino | None = None,
    ) -> Callable[[FloatArray], FloatArray]:
        """−2 ln λ profiled over normalisations, as a function of points of shape (..., parameters)."""
        base = Neutrino() if neutrino is None else neutrino
        folded, likelihood = self.folded(model), self.likelihood(model)
        counts = folded.quadratic(base, tuple(parameters))
        offset = self._counted_in_background(folded, base)

        def evaluate(values: FloatArray) -> FloatArray:
            return likelihood.profile(counts(values) - offset).chi2

        return evaluate

    def limit(
        self,
        name: str,
        cl: float = 0.90,
        model: str = "stepping",
        *,
        sides: Sides = "two-sided",
        neutrino: Neutrino | None = None,
    ) -> Limit:
        """Best fit and confidence interval of one parameter, all others as in ``neutrino``.

        Parameters
        ----------
        name : str
            ``"magnetic-moment"``, ``"charge:e"``, … (:func:`nuatom.neutrinos.parameter`).
        cl : float
            Confidence level.
        model : str
            Model of the electrons: ``"free"``, ``"stepping"``.
        sides : {"two-sided", "upper"}
            Interval from Δ(−2 ln λ) = 2.71 or one-sided upper limit from 1.64, at 90%.
        neutrino : Neutrino, optional
            Couplings and everything that is not fitted; the Standard Model by default.

        Raises
        ------
        InputError
            For an unknown parameter or model, or a confidence level out of range.
        ConvergenceError
            When a fit does not converge.
        """
        chosen = parameter(name)
        base = Neutrino() if neutrino is None else neutrino
        statistic = self.statistic([chosen], model, base)
        interval = confidence_interval(
            lambda values: statistic(values[:, None]),
            chosen.kind.scale,
            even=chosen.even,
            cl=cl,
            sides=sides,
        )
        return Limit(
            experiment=self.name,
            title=self.title,
            parameter=chosen,
            model=model,
            interval=interval,
            goodness_of_fit=self.likelihood(model).goodness_of_fit(interval.minimum, fitted=1),
            citations=self._cite(model, base),
        )

    def scan(
        self,
        names: Sequence[str],
        values: Sequence[FloatArray],
        model: str = "stepping",
        *,
        neutrino: Neutrino | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> Scan:
        """−2 ln λ on a grid of parameters.

        Parameters
        ----------
        names : sequence of str
            One or more parameters, all different.
        values : sequence of ndarray
            Values of each.
        model : str
            Model of the electrons.
        neutrino : Neutrino, optional
            Everything that is not scanned.
        progress : callable, optional
            Called with the fraction done.
        """
        parameters = tuple(parameter(name) for name in names)
        if len({chosen.name for chosen in parameters}) != len(parameters) or not parameters:
            raise InputError("parameters", list(names), "one or more different parameters")
        base = Neutrino() if neutrino is None else neutrino
        fit = surface(self.statistic(parameters, model, base), values, progress)
        return Scan(
            experiment=self.name,
            title=self.title,
            parameters=parameters,
            model=model,
            values=tuple(values),
            surface=fit,
            citations=self._cite(model, base),
        )

    def axis(
        self, name: str, points: int, model: str = "stepping", *, neutrino: Neutrino | None = None
    ) -> FloatArray:
        """Values of a parameter that hold its 99.7% interval, evenly spaced."""
        chosen = parameter(name)
        interval = self.limit(name, 0.9973, model, neutrino=neutrino).interval
        ends = [end for end in (interval.lower, interval.upper, interval.best_fit) if end is not None]
        low, high = min(*ends, 0.0), max(*ends, 0.0)
        margin = 0.1 * ((high - low) or chosen.kind.scale)
        return np.linspace(0.0 if chosen.even else low - margin, high + margin, points)

    def spectrum(self, neutrino: Neutrino | None = None, model: str = "stepping") -> Spectrum:
        """Expected counts for given couplings beside the data, normalisations profiled."""
        base = Neutrino() if neutrino is None else neutrino
        folded, likelihood = self.folded(model), self.likelihood(model)
        signal = folded.counts(base) - self._counted_in_background(folded, base)
        profile = likelihood.profile(signal)
        scale = float(profile.background_scale)
        return Spectrum(
            experiment=self.name,
            title=self.title,
            model=model,
            bin_edges_kev=np.array(self.detector.bin_edges_kev),
            observed=np.array(self.counts),
            background=scale * np.array(self.background),
            background_scale=scale,
            signal=dict(zip(folded.names, profile.flux_scale[:, None] * signal, strict=True)),
            standard_model=folded.counts(base.standard_model()).sum(axis=0),
            goodness_of_fit=likelihood.goodness_of_fit(float(profile.chi2), fitted=0),
            citations=self._cite(model, base),
        )

    def _counted_in_background(self, folded: FoldedKernels, neutrino: Neutrino) -> FloatArray:
        # The published background knows the Standard Model's weak mixing angle, whatever is assumed here.
        standard = folded.counts(Neutrino(electroweak=couplings(neutrino.electroweak.scheme)))
        return standard if self.holds_standard_neutrinos else np.zeros_like(standard)

    def _cite(self, model: str, neutrino: Neutrino) -> tuple[str, ...]:
        sources = (*self.citations, *self.folded(model).citations, *neutrino.citations)
        return tuple(dict.fromkeys(sources))


def experiment_names() -> tuple[str, ...]:
    """Names of the experiments that the package ships."""
    files = (name for name in manifest() if name.startswith(_FOLDER))
    return tuple(name.removeprefix(_FOLDER).removesuffix(_SUFFIX) for name in files)


def experiment(name: str) -> Experiment:
    """Load an experiment by name, or from a TOML file of the same form.

    Parameters
    ----------
    name : str
        One of :func:`experiment_names`, or the path of a file that ends in ``.toml``.

    Raises
    ------
    InputError
        For an unknown name, or a file that cannot be read or does not describe an experiment.

    Examples
    --------
    >>> experiment("xenonnt-sr0").detector.exposure_tonne_year
    1.16
    """
    if name in experiment_names():
        return _build(parse(read_text(f"{_FOLDER}{name}{_SUFFIX}"), name), name)
    if not name.endswith(_SUFFIX):
        raise InputError("experiment", name, f"{', '.join(experiment_names())}, or the path of a .toml file")
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("experiment", name, f"a readable file ({error})") from error
    return _build(parse(text, name), name)


def _build(file: ExperimentFile, origin: str) -> Experiment:
    efficiency, resolution = file.detector.efficiency, file.detector.resolution
    try:
        detector = Detector(
            exposure_tonne_year=file.detector.exposure_tonne_year,
            bin_edges_kev=file.data.bin_edges_kev,
            efficiency=Efficiency(
                efficiency.energy_kev, efficiency.value, efficiency.below, efficiency.above
            ),
            resolution=(
                None if resolution is None else GaussianResolution(resolution.stochastic, resolution.constant)
            ),
            efficiency_of=efficiency.of,
        )
        target = Target(file.target)
        flux(file.flux)
    except InputError as error:
        raise InputError(f"{origin}: {error.argument}", error.value, error.accepted) from error
    return Experiment(
        name=file.name,
        title=file.title,
        target=target,
        flux_name=file.flux,
        detector=detector,
        counts=file.data.counts,
        background=file.background.counts,
        background_uncertainty=file.background.normalisation_uncertainty,
        holds_standard_neutrinos=file.background.holds_standard_neutrinos,
        published=file.published,
        citations=file.citations,
    )


@cache
def _folded(target: Target, flux_name: str, detector: Detector, model: str) -> FoldedKernels:
    return fold(ionization(target, model), target, flux(flux_name), detector)
