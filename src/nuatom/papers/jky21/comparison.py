"""XENON1T's data fitted with the model of :cite:`JKY21` and with the package's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np

from nuatom.atoms import Target
from nuatom.experiments import Experiment, experiment
from nuatom.fluxes import Flux
from nuatom.inference import Channel, Constraint, Interval, Likelihood, confidence_interval
from nuatom.neutrinos import Neutrino, parameter
from nuatom.numerics.quadrature import FloatArray
from nuatom.papers.jky21.spectrum import pp_component
from nuatom.papers.jky21.three_body import PRINTED, ThreeBody, from_definitions
from nuatom.processes import Kernels, ionization
from nuatom.rates import FoldedKernels, differential_rate, fold

__all__ = [
    "MODELS",
    "PARAMETERS",
    "all_kernels",
    "data",
    "largest_allowed",
    "limit",
    "limits",
    "power_of_rate",
    "pp_only",
    "standard_counts",
    "three_body",
]

MODELS: Final = ("free", "stepping", "ipm", "rpa")
"""The package's models of xenon's electrons that are compared."""

PARAMETERS: Final = ("magnetic-moment", "charge-radius", "charge")
"""What is fitted, the same for all flavours."""


@cache
def data() -> Experiment:
    """XENON1T's electronic recoils of science run 1."""
    return experiment("xenon1t-sr1")


@cache
def pp_only() -> Flux:
    """Solar pp neutrinos alone, as the paper has them."""
    return Flux("solar pp", (pp_component(),), ("JKY21",))


@cache
def three_body() -> tuple[ThreeBody, ThreeBody]:
    """The paper's model with both sets of constants."""
    return PRINTED, from_definitions()


def all_kernels(target: Target, *, weak: bool = True) -> Mapping[str, Kernels]:
    """Kernels of the paper's model, twice, and of the package's, by the names of figures and tables.

    With ``weak=False`` the paper's have the magnetic part only, see :meth:`.ThreeBody.kernels`.
    """
    return {
        **{_label(model): model.kernels(target, weak=weak) for model in three_body()},
        **{name: ionization(target, name) for name in MODELS},
    }


def limit(model: ThreeBody, name: str, cl: float = 0.90) -> Interval | None:
    """Interval of one parameter from XENON1T's data with the paper's cross sections and pp neutrinos only.

    As :meth:`nuatom.experiments.Experiment.limit`, which the package's own models go through: the published
    background holds the Standard Model's neutrinos, so that the signal is what the couplings change. None for
    a charge or a radius when the model predicts more events from the Standard Model alone than there are
    data, whatever the couplings: then there is nothing to measure a change from.
    """
    run, chosen, base = data(), parameter(name), Neutrino()
    weak = name != "magnetic-moment"
    if weak and standard_counts(model).sum() > sum(run.counts):
        return None
    folded = _folded(model, weak=weak)
    fluxes = [Constraint(name, "gauss", 1.0, sigma, 0.0) for name, sigma in _uncertainties(folded)]
    likelihood = Likelihood((Channel("data", np.array(run.counts)),), (*run.nuisances, *fluxes))
    background = run.background[None, :]
    counts, offset = folded.quadratic(base, (chosen,)), folded.counts(base)

    def statistic(values: FloatArray) -> FloatArray:
        signal = counts(values[:, None]) - offset
        held = np.broadcast_to(background, (len(values), *background.shape))
        templates = np.concatenate([held, signal], axis=1)
        return likelihood.profile(np.zeros(background.size), templates).chi2

    return confidence_interval(statistic, chosen.kind.scale, even=counts.even(0), cl=cl)


def _uncertainties(folded: FoldedKernels) -> list[tuple[str, float]]:
    return [
        (f"flux.{name}", sigma) for name, sigma in zip(folded.names, folded.relative_uncertainty, strict=True)
    ]


def limits(name: str, cl: float = 0.90) -> Mapping[str, Interval | None]:
    """Intervals of one parameter in every model, by the names of :func:`all_kernels`."""
    return {
        **{_label(model): limit(model, name, cl) for model in three_body()},
        **{model: data().limit(name, cl, model).interval for model in MODELS},
    }


def power_of_rate(model: str) -> float:
    """Power of T with which the magnetic rate of pp neutrinos on xenon falls between 5.5 and 30 keV."""
    run = data()
    recoil = np.array([5.5, 30.0])
    rates = [
        differential_rate(ionization(run.target, model), pp_only(), neutrino, recoil, 1e-3).total
        for neutrino in (Neutrino(magnetic_moment=1e-10), Neutrino())
    ]
    change = np.log(rates[0] - rates[1])
    return float((change[1] - change[0]) / np.log(recoil[1] / recoil[0]))


def largest_allowed(interval: Interval) -> float:
    """Return the largest size of a parameter in an interval that has at least one end."""
    return max(abs(end) for end in (interval.lower, interval.upper) if end is not None)


def standard_counts(model: ThreeBody) -> FloatArray:
    """Events per bin that the paper's model predicts for pp neutrinos of the Standard Model."""
    counts: FloatArray = np.sum(_folded(model).counts(Neutrino()), axis=0)
    return counts


@cache
def _folded(model: ThreeBody, *, weak: bool = True) -> FoldedKernels:
    run = data()
    return fold(model.kernels(run.target, weak=weak), pp_only(), run.detector)


def _label(model: ThreeBody) -> str:
    return f"JKY21 {model.name}"
