"""What can be asked of data, be they of one experiment or of several together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nuatom.inference import Coverage, Method, Sides, Simulation
from nuatom.neutrinos import Electroweak, Neutrino, Parameter
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from nuatom.experiments.analysis import Analysis, Statistic
    from nuatom.experiments.experiment import Experiment
    from nuatom.experiments.exploration import Exploration
    from nuatom.experiments.fit import Fit
    from nuatom.experiments.results import Limit, Scan
    from nuatom.experiments.sampling import Posterior
    from nuatom.experiments.spectrum import Spectrum
    from nuatom.rates import FoldedKernels

__all__ = ["Fittable"]


class Fittable:
    """Limits, scans, spectra, fits and pages of the data of :attr:`experiments`.

    Every method takes the ``model`` of the process (of :data:`nuatom.processes.PROCESSES`; its default by
    default, joined by ``+`` where there are several processes), a ``neutrino`` with all that is not fitted
    (the Standard Model by default), and ``theory_spread``, another model whose difference is profiled as
    one standard deviation of the theory.
    """

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """The experiments whose data these are."""
        raise NotImplementedError

    def analysis(
        self,
        model: str | None = None,
        neutrino: Neutrino | None = None,
        theory_spread: str | None = None,
    ) -> Analysis:
        """The data with a model and a neutrino; see :class:`~nuatom.experiments.analysis.Analysis`.

        Raises
        ------
        InputError
            For an unknown model, or a spread to the same one.
        """
        from nuatom.experiments.analysis import Analysis

        return Analysis.of(self.experiments, model, neutrino, theory_spread)

    def limit(
        self,
        name: str,
        cl: float = 0.90,
        model: str | None = None,
        *,
        sides: Sides = "two-sided",
        neutrino: Neutrino | None = None,
        theory_spread: str | None = None,
        interval: Method = "profile",
        expected: bool = False,
        simulation: Simulation | None = None,
    ) -> Limit:
        """Best fit and confidence interval of one parameter, all others as in ``neutrino``.

        Parameters
        ----------
        name : str
            ``"magnetic-moment"``, ``"charge:e"``, … (:func:`nuatom.neutrinos.parameter`).
        cl : float
            Confidence level.
        model : str, optional
            Model of the process.
        sides : {"two-sided", "upper"}
            Interval from Δ(−2 ln λ) = 2.71 or one-sided upper limit from 1.64, at 90%.
        neutrino : Neutrino, optional
            Couplings and everything that is not fitted.
        theory_spread : str, optional
            Another model.
        interval : {"profile", "feldman-cousins", "cls", "power-constrained", "bayesian"}
            How it is made.
        expected : bool
            Whether to add what experiments without a signal would give, and the significance of one.
        simulation : Simulation, optional
            Seed, precision and workers of simulated experiments.

        Raises
        ------
        InputError
            For an unknown parameter or model, a spread to the same model, a confidence level out of range, or
            an upper limit of a parameter with a sign.
        ConvergenceError
            When a fit does not converge.
        """
        from nuatom.experiments.limits import limit

        chosen = self.analysis(model, neutrino, theory_spread)
        return limit(chosen, name, cl, sides, interval, expected=expected, simulation=simulation)

    def coverage(
        self,
        name: str,
        truths: Sequence[float],
        cl: float = 0.90,
        model: str | None = None,
        *,
        sides: Sides = "two-sided",
        interval: Method = "profile",
        experiments: int = 10_000,
        displaced: float = 0.0,
        neutrino: Neutrino | None = None,
        theory_spread: str | None = None,
        simulation: Simulation | None = None,
    ) -> tuple[Coverage, ...]:
        """How often the interval of a parameter holds the truth, by simulated experiments.

        See :func:`nuatom.experiments.limits.covered`.
        """
        from nuatom.experiments.limits import covered

        return covered(
            self.analysis(model, neutrino, theory_spread),
            name,
            truths,
            cl,
            sides,
            interval,
            experiments=experiments,
            displaced=displaced,
            simulation=simulation,
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
        """−2 ln λ on a grid of one or more parameters, ``values`` of each.

        Raises
        ------
        InputError
            For parameters that are unknown, repeated, or that the data do not see.
        """
        from nuatom.experiments.limits import scan

        return scan(self.analysis(model, neutrino, theory_spread), names, values, progress)

    def axes(
        self,
        names: Sequence[str],
        points: int,
        model: str | None = None,
        *,
        neutrino: Neutrino | None = None,
        theory_spread: str | None = None,
    ) -> tuple[FloatArray, ...]:
        """Values of parameters, evenly spaced, that hold the 99.7% interval of each alone."""
        from nuatom.experiments.limits import axes

        return axes(self.analysis(model, neutrino, theory_spread), names, points)

    def spectrum(
        self,
        neutrino: Neutrino | None = None,
        model: str | None = None,
        *,
        theory_spread: str | None = None,
    ) -> Spectrum:
        """Expected counts for given couplings beside the data, everything else profiled."""
        from nuatom.experiments.spectrum import spectrum

        return spectrum(self.analysis(model, neutrino, theory_spread))

    def fit(
        self,
        names: Sequence[str] = (),
        model: str | None = None,
        *,
        neutrino: Neutrino | None = None,
        theory_spread: str | None = None,
    ) -> Fit:
        """Best fit of parameters and nuisances, with errors, pulls, correlations and impacts."""
        from nuatom.experiments.fit import fit

        return fit(self.analysis(model, neutrino, theory_spread), names)

    def posterior(
        self,
        names: Sequence[str],
        model: str | None = None,
        *,
        neutrino: Neutrino | None = None,
        theory_spread: str | None = None,
        seed: int = 0,
        **options: int,
    ) -> Posterior:
        """Draws of parameters from their posterior, flat in each; needs emcee.

        See :func:`nuatom.experiments.sampling.draw_posterior`, which takes the ``options``.
        """
        from nuatom.experiments.sampling import draw_posterior

        return draw_posterior(self.analysis(model, neutrino, theory_spread), names, seed=seed, **options)

    def explore(
        self, models: Sequence[str] | None = None, *, electroweak: Electroweak | None = None
    ) -> Exploration:
        """Numbers for a page with sliders; see :func:`nuatom.experiments.exploration.explore`."""
        from nuatom.experiments.exploration import explore

        return explore(self, models, electroweak)

    def statistic(
        self,
        parameters: Sequence[Parameter],
        model: str | None = None,
        neutrino: Neutrino | None = None,
        *,
        theory_spread: str | None = None,
    ) -> Statistic:
        """−2 ln λ profiled over all nuisances, a function of points (..., parameters)."""
        return self.analysis(model, neutrino, theory_spread).statistic(parameters)

    def asimov(self, neutrino: Neutrino | None = None, model: str | None = None) -> tuple[float, ...]:
        """Whole counts nearest to those expected for given couplings, nuisances as they fit the data."""
        expected = self.analysis(model, neutrino).asimov()
        return tuple(np.round(expected).tolist())

    def folded(self, model: str | None = None) -> FoldedKernels:
        """Folded kernels of the only channel.

        Raises
        ------
        InputError
            When there are several channels.
        """
        from nuatom.errors import InputError

        channels = self.analysis(model).channels
        if len(channels) > 1:
            raise InputError("experiment", f"{len(channels)} channels", "one of a single channel")
        return channels[0].kernels

    @property
    def summary(self) -> str:
        """What the data are, in a few words."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(each.name)}</td><td>{escape(each.title)}</td><td>{escape(each.summary)}</td></tr>"
            for each in self.experiments
        )
        return f"<table>{rows}</table>"

    def to_dict(self) -> dict[str, Any]:
        """Names and sizes of the data."""
        return {each.name: each.summary for each in self.experiments}
