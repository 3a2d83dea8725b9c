"""Analysis: data of one or more experiments with a model and a neutrino, and their likelihood."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, overload

import numpy as np

from nuatom.errors import InputError
from nuatom.experiments.folding import FoldedChannel, fold_channel
from nuatom.experiments.polynomials import Templates
from nuatom.experiments.templates import likelihood_of, nuisances_of, templates_of
from nuatom.inference import Constraint, Data, Likelihood, Profile, profile_nonlinear, simulate
from nuatom.neutrinos import Neutrino, Parameter
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes import described, process_named

if TYPE_CHECKING:
    from nuatom.experiments.experiment import Experiment

__all__ = ["Analysis"]

_STATISTICS: Final = ("Baker:1983tu", "Wilks:1938dza", "Cowan:2010js", "James:1975dr", "iminuit")


@dataclass(frozen=True, eq=False)
class Analysis:
    """One or more experiments, a model of each, and a neutrino: all but the parameters that are fitted.

    Folded kernels are computed when they are first asked for, and kept with it. Nuisances of the same name
    are the same in all experiments.

    Parameters
    ----------
    experiments : tuple of Experiment
        Their channels are joined.
    models : tuple of tuple of str
        Model of each process of each experiment.
    others : tuple of (tuple of str or None)
        Another model of each, whose difference is an uncertainty of the theory.
    neutrino : Neutrino
        Couplings and everything that is not fitted.
    theory_spread : str, optional
        The other model, as it was asked for.

    Examples
    --------
    >>> import numpy as np
    >>> import nuatom
    >>> analysis = nuatom.experiment("xenonnt-sr0").analysis(model="free")
    >>> statistic = analysis.statistic([nuatom.parameter("magnetic-moment")])
    >>> bool(statistic(np.array([2e-11])) > statistic(np.array([0.0])))
    True

    Data without fluctuations fit what they are made of; simulated ones do not quite:

    >>> truth = nuatom.Neutrino(magnetic_moment=1e-11)
    >>> bool(analysis.statistic(truth, analysis.asimov(truth)) < 1e-3)
    True
    >>> toys = analysis.simulate(truth, np.random.default_rng(1), 4)
    >>> toys.counts.shape, analysis.statistic(truth, toys).shape
    ((4, 58), (4,))
    """

    experiments: tuple[Experiment, ...]
    models: tuple[tuple[str, ...], ...]
    others: tuple[tuple[str, ...] | None, ...]
    neutrino: Neutrino
    theory_spread: str | None = None

    @classmethod
    def of(
        cls,
        experiments: Sequence[Experiment],
        model: str | None = None,
        neutrino: Neutrino | None = None,
        theory_spread: str | None = None,
    ) -> Analysis:
        """Resolve the names of models: the only place that does.

        Parameters
        ----------
        experiments : sequence of Experiment
            One or more, of different names.
        model : str, optional
            Names of models joined by ``+``; each is taken by every experiment with a process that has it.
        neutrino : Neutrino, optional
            The Standard Model's by default.
        theory_spread : str, optional
            Another model.

        Raises
        ------
        InputError
            For names that no experiment has, a spread to the same model, or the same experiment twice.
        """
        names = [experiment.name for experiment in experiments]
        if len(set(names)) < len(names) or not names:
            raise InputError("experiments", names, "one or more different experiments")
        models = _resolved(experiments, model, "model")
        others: tuple[tuple[str, ...] | None, ...] = (None,) * len(models)
        if theory_spread is not None:
            found = _resolved(experiments, theory_spread, "theory_spread")
            others = tuple(other if other != own else None for other, own in zip(found, models, strict=True))
            if not any(others):
                raise InputError("theory_spread", theory_spread, f"another model than {theory_spread}")
        base = Neutrino() if neutrino is None else neutrino
        return cls(tuple(experiments), models, others, base, theory_spread)

    def with_neutrino(self, neutrino: Neutrino) -> Analysis:
        """The same with another neutrino."""
        return replace(self, neutrino=neutrino)

    @property
    def model(self) -> str:
        """Models by name: those of several experiments with the experiment before each, where they differ."""
        joined = [
            "+".join(described(experiment.target, name) for name in names)
            for experiment, names in zip(self.experiments, self.models, strict=True)
        ]
        if len(set(joined)) == 1:
            return joined[0]
        pairs = zip(self.experiments, joined, strict=True)
        return ", ".join(f"{experiment.name}: {names}" for experiment, names in pairs)

    @cached_property
    def channels(self) -> tuple[FoldedChannel, ...]:
        """Channels of all experiments, folded; their bins follow each other in this order."""
        return tuple(
            fold_channel(experiment, channel, models, others)
            for experiment, models, others in zip(self.experiments, self.models, self.others, strict=True)
            for channel in experiment.channels
        )

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """Where the bins of each channel are."""
        ends = np.cumsum([0, *(folded.channel.bins for folded in self.channels)]).tolist()
        return tuple(slice(first, last) for first, last in pairwise(ends))

    @cached_property
    def constraints(self) -> dict[str, Constraint]:
        """Every nuisance, and what is known of it."""
        return nuisances_of(self.channels)

    @property
    def shared(self) -> tuple[str, ...]:
        """Nuisances of more than one experiment."""
        found = {
            experiment.name: nuisances_of([part for part in self.channels if part.experiment is experiment])
            for experiment in self.experiments
        }
        return tuple(name for name in self.constraints if sum(name in own for own in found.values()) > 1)

    @cached_property
    def likelihood(self) -> Likelihood:
        """Likelihood of all data."""
        return likelihood_of(self.channels, tuple(self.constraints.values()))

    def templates(
        self, parameters: Sequence[Parameter] = (), *, samples: bool = True, signal: bool = True
    ) -> Templates:
        """What no nuisance moves and what each adds, as exact polynomials of parameters.

        Of both samples and signal, or of one of them.
        """
        known, chosen = self.constraints, tuple(parameters)
        key = chosen, samples, signal
        if key not in self._kept:
            self._kept[key] = templates_of(
                self.channels, list(known), self.neutrino, chosen, known, samples=samples, signal=signal
            )
        return self._kept[key]

    @cached_property
    def _kept(self) -> dict[tuple[tuple[Parameter, ...], bool, bool], Templates]:
        """Templates that were asked for."""
        return {}

    def linear(
        self, parameters: Sequence[Parameter] = (), *, samples: bool = True, signal: bool = True
    ) -> Templates:
        """As :meth:`templates`, what is not linear in nuisances being linear about the fit to the data."""
        found = self.templates(parameters, samples=samples, signal=signal)
        return found.linearised(self.profile()[0].nuisance) if found.bends else found

    @overload
    def statistic(self, what: Sequence[Parameter]) -> Statistic: ...

    @overload
    def statistic(self, what: Neutrino, counts: Data | FloatArray | None = None) -> FloatArray: ...

    def statistic(
        self, what: Sequence[Parameter] | Neutrino, counts: Data | FloatArray | None = None
    ) -> Statistic | FloatArray:
        """−2 ln λ profiled over all nuisances.

        Parameters
        ----------
        what : Neutrino or sequence of Parameter
            Couplings at which it is asked for; or parameters, of whose values a function is returned.
        counts : ndarray, shape (..., bins), or Data, optional
            Data in the place of those observed, with the couplings. Where they are counts alone, auxiliary
            measurements are what they are.

        Returns
        -------
        ndarray, shape (...), or Statistic
        """
        if isinstance(what, Neutrino):
            chosen = self.with_neutrino(what)
            data = chosen.likelihood.data if counts is None else counts
            return chosen.statistic(())(np.zeros(0), data, scan=False)
        if counts is not None:
            raise InputError("counts", "some", "none beside parameters: a statistic of parameters takes them")
        return Statistic(self.likelihood, self.templates(what))

    def profile(self, neutrino: Neutrino | None = None) -> tuple[Profile, FloatArray, FloatArray]:
        """Fit of the nuisances for given couplings, with the fixed expectations and the templates there."""
        chosen = self if neutrino is None else self.with_neutrino(neutrino)
        return chosen.statistic(()).fit(np.zeros(0))

    def asimov(self, neutrino: Neutrino | None = None) -> FloatArray:
        """Expected counts of every bin for given couplings, with the nuisances as they fit the data best."""
        found, fixed, templates = self.profile(neutrino)
        return self.likelihood.expected(fixed, templates, found.nuisance, found.measured)

    def simulate(
        self, neutrino: Neutrino | None = None, rng: np.random.Generator | int = 0, size: int | None = None
    ) -> Data:
        """Simulated data for given couplings, nuisances as they fit the data best: a parametric bootstrap.

        Auxiliary measurements, the centres of constraints and counts of measured samples, fluctuate too.

        Parameters
        ----------
        neutrino : Neutrino, optional
            Couplings; those of the analysis by default.
        rng : numpy.random.Generator or int
            Source of random numbers, or its seed.
        size : int, optional
            Number of data sets, along the first axis; one without that axis by default.

        Raises
        ------
        InputError
            For a size below one.
        """
        if size is not None and (isinstance(size, bool) or size != int(size) or size < 1):
            raise InputError("size", size, "a whole number, one or more")
        found, fixed, templates = self.profile(neutrino)
        expected = self.likelihood.expected(fixed, templates, found.nuisance, found.measured)
        source = np.random.default_rng(rng)
        drawn = simulate(
            self.likelihood, expected, found.nuisance, found.measured, source, 1 if size is None else size
        )
        if size is not None:
            return drawn
        return Data(drawn.counts[0], drawn.centres[0], drawn.auxiliary[0])

    @property
    def citations(self) -> tuple[str, ...]:
        """Sources of everything that is used."""
        sources = (
            *(key for experiment in self.experiments for key in experiment.citations),
            *(key for folded in self.channels for kernels in _all_of(folded) for key in kernels.citations),
            *self.neutrino.citations,
            *self.neutrino.mixing.citations,
            *_STATISTICS,
        )
        return tuple(dict.fromkeys(sources))

    @property
    def tables(self) -> dict[str, str]:
        """Response tables behind the kernels, and their hashes."""
        return dict(
            table for folded in self.channels for kernels in _all_of(folded) for table in kernels.tables
        )

    @property
    def origin(self) -> dict[str, Any]:
        """What every result says of where it is from."""
        return {
            "experiment": ",".join(experiment.name for experiment in self.experiments),
            "title": " + ".join(experiment.title for experiment in self.experiments),
            "model": self.model,
            "citations": self.citations,
            "theory_spread": self.theory_spread,
            "tables": self.tables,
            "shared": self.shared if len(self.experiments) > 1 else (),
        }

    def __repr__(self) -> str:
        names = ", ".join(experiment.name for experiment in self.experiments)
        return f"<Analysis of {names}: {self.model}>"


@dataclass(frozen=True, eq=False)
class Statistic:
    """−2 ln λ of a likelihood, profiled over its nuisances, as a function of parameters.

    Parameters
    ----------
    likelihood : Likelihood
        Data and what is known of the nuisances.
    templates : Templates
        Expectations as polynomials of the parameters.
    """

    likelihood: Likelihood
    templates: Templates

    def __call__(
        self, values: FloatArray, data: Data | FloatArray | None = None, *, scan: bool = True
    ) -> FloatArray:
        """−2 ln λ at points.

        Parameters
        ----------
        values : ndarray, shape (..., parameters)
            The points.
        data : Data or ndarray, shape (..., bins), optional
            Simulated data, or counts alone, in the place of the observed ones; their leading axes broadcast
            with the points'.
        scan : bool
            Whether neighbours along the last axis of points are alike, which is quicker.
        """
        return self.profile(values, data, scan=scan).chi2

    def profile(
        self, values: FloatArray, data: Data | FloatArray | None = None, *, scan: bool = False
    ) -> Profile:
        """−2 ln λ at points, and where its minimum over the nuisances is; parameters as of a call."""
        points, known = np.asarray(values, dtype=float), self.likelihood.data
        if data is not None and not isinstance(data, Data):
            data = Data(_counts(self.likelihood, data), known.centres, known.auxiliary)
        if data is known:
            data = None
        if self.templates.bends:
            # A point alone refines what was found among others.
            thorough = math.prod(points.shape[:-1]) > 1 or not scan
            return profile_nonlinear(self.likelihood, self.templates, points, data, thorough=thorough)
        fixed, templates = self.templates(points)
        if data is None:
            return self.likelihood.profile(fixed, templates, scan=scan)
        return self.likelihood.profile(fixed, templates, data.counts, data.centres, data.auxiliary)

    def fit(self, values: FloatArray) -> tuple[Profile, FloatArray, FloatArray]:
        """Fit of the nuisances at one point (parameters,), with fixed expectations and templates there."""
        point = np.asarray(values, dtype=float)
        found = self.profile(point)
        return found, *self.templates.linearised(found.nuisance)(point)


def _counts(likelihood: Likelihood, given: FloatArray) -> FloatArray:
    """Counts of data sets, checked: fractions are legal, an Asimov data set has them."""
    counts = np.asarray(given, dtype=float)
    if counts.shape[-1:] != (likelihood.bins,):
        raise InputError("counts", f"shape {counts.shape}", f"shape (..., {likelihood.bins})")
    wrong = ~np.isfinite(counts) | ((counts < 0.0) & ~likelihood.gauss)
    if wrong.any():
        raise InputError("counts", float(counts[wrong][0]), "finite numbers; of counts none below zero")
    return counts


def _all_of(folded: FoldedChannel) -> tuple[Any, ...]:
    return (folded.kernels, *(entry.change for entry in folded.variations))


def _resolved(
    experiments: Sequence[Experiment], model: str | None, argument: str
) -> tuple[tuple[str, ...], ...]:
    """Model of each process of each experiment; every name has to be somebody's."""
    if len(experiments) == 1 or model is None:
        try:
            return tuple(experiment.models_named(model) for experiment in experiments)
        except InputError as error:
            raise InputError(argument, error.value, error.accepted) from error
    wanted = model.split("+")
    found = []
    taken: set[str] = set()
    for experiment in experiments:
        does = [process_named(process) for process in experiment.processes]
        own = [name for name in wanted if any(name in process.models for process in does)]
        taken.update(own)
        try:
            found.append(experiment.models_named("+".join(own) if own else None))
        except InputError as error:
            raise InputError(argument, error.value, error.accepted) from error
    for name in wanted:
        if name not in taken:
            names = ", ".join(experiment.name for experiment in experiments)
            raise InputError(argument, name, f"a model of a process of {names}")
    return tuple(found)
