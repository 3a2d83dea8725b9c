"""Limits and scans: functions of an analysis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nuatom.errors import InputError
from nuatom.experiments.polynomials import require_seen
from nuatom.experiments.results import Limit, Scan
from nuatom.inference import (
    Construction,
    Coverage,
    Method,
    NonLinear,
    OneParameter,
    Sides,
    Simulation,
    confidence_interval,
    construct,
    coverage,
    credible_interval,
    expected_interval,
    reach_of,
    significance,
    surface,
)
from nuatom.neutrinos import Parameter, parameter
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from nuatom.experiments.analysis import Analysis

__all__ = ["axes", "covered", "limit", "one_parameter", "scan"]

_WIDE_CL = 0.9973


def one_parameter(analysis: Analysis, chosen: Parameter) -> OneParameter:
    """Likelihood of an analysis as a function of one parameter, for simulated experiments."""
    templates = analysis.templates([chosen])
    fixed, rows, scale = templates.coefficients()
    even = templates.even(0)
    if even:
        # What is left of linear terms is rounding.
        fixed[1], rows[1] = 0.0, 0.0
    if templates.bends:
        return NonLinear(analysis.likelihood, fixed, rows, scale, even, templates)
    return OneParameter(analysis.likelihood, fixed, rows, scale, even)


def limit(
    analysis: Analysis,
    name: str,
    cl: float = 0.90,
    sides: Sides = "two-sided",
    method: Method = "profile",
    *,
    expected: bool = False,
    simulation: Simulation | None = None,
) -> Limit:
    """Best fit and confidence interval of one parameter.

    Parameters
    ----------
    analysis : Analysis
        Data, model, and everything that is not fitted.
    name : str
        Parameter.
    cl : float
        Confidence level.
    sides : {"two-sided", "upper"}
        Which construction, of the profile likelihood.
    method : {"profile", "feldman-cousins", "cls", "power-constrained", "bayesian"}
        How the interval is made.
    expected : bool
        Whether to add what experiments without a signal would give, and the significance of one.
    simulation : Simulation, optional
        How experiments are simulated.

    Raises
    ------
    InputError
        For an upper limit of a parameter with a sign, but of its size; an unknown method.
    """
    chosen = parameter(name)
    model = one_parameter(analysis, chosen)
    if sides == "upper" and not model.even and method == "profile":
        accepted = f"two-sided: {name} has a sign; --interval cls or power-constrained bounds its size"
        raise InputError("sides", sides, accepted)
    how = Simulation() if simulation is None else simulation
    profile = confidence_interval(model.statistic, chosen.kind.scale, even=model.even, cl=cl, sides=sides)
    if method == "profile":
        interval = profile
    elif method == "bayesian":
        interval = credible_interval(model, cl)
    else:
        interval = construct(model, method, cl, how)
    bands, signal = None, None
    if expected:
        construction = Construction(how.toys(model, reach_of(interval)), cl)
        bands = expected_interval(construction, method, sides)
        signal = significance(model)
    return Limit(
        **analysis.origin,
        parameter=chosen,
        interval=interval,
        goodness_of_fit=analysis.likelihood.goodness_of_fit(profile.minimum, 1, model.fixed, model.templates),
        expected=bands,
        significance=signal,
        of_size=interval.sides == "upper" and not model.even,
        fitted=model,
    )


def covered(
    analysis: Analysis,
    name: str,
    truths: Sequence[float],
    cl: float = 0.90,
    sides: Sides = "two-sided",
    method: Method = "profile",
    *,
    experiments: int = 10_000,
    displaced: float = 0.0,
    simulation: Simulation | None = None,
) -> tuple[Coverage, ...]:
    """How often the interval of a parameter holds the truth, by simulated experiments.

    Parameters
    ----------
    analysis : Analysis
        Data, model, and everything that is not fitted.
    name : str
        Parameter.
    truths : sequence of float
        True values.
    cl, sides, method
        As of `limit`; of credible intervals there is no coverage to test.
    experiments : int
        Number of experiments at each truth.
    displaced : float
        By how many standard deviations true nuisances are off their fit to the data.
    simulation : Simulation, optional
        How experiments are simulated.
    """
    model = one_parameter(analysis, parameter(name))
    if sides == "upper" and not model.even and method == "profile":
        raise InputError("sides", sides, f"two-sided: {name} has a sign")
    if model.even and any(truth < 0.0 for truth in truths):
        raise InputError("at", min(truths), f"zero or more: of {name} the square counts alone")
    how = Simulation() if simulation is None else simulation
    reach = max(model.scale, *(abs(truth) for truth in truths))
    toys = replace(how.toys(model, reach), displaced=displaced)
    return coverage(
        toys, method, [float(truth) for truth in truths], cl, sides=sides, experiments=experiments
    )


def scan(
    analysis: Analysis,
    names: Sequence[str],
    values: Sequence[FloatArray],
    progress: Callable[[float], None] | None = None,
) -> Scan:
    """−2 ln λ on a grid of parameters.

    Parameters
    ----------
    analysis : Analysis
        Data, model, and everything that is not scanned.
    names : sequence of str
        One or more parameters, all different.
    values : sequence of ndarray
        Values of each.
    progress : callable, optional
        Called with the fraction done.
    """
    parameters = _different(names)
    statistic = analysis.statistic(parameters)
    require_seen(statistic.templates, parameters)
    fit = surface(statistic, values, progress)
    return Scan(**analysis.origin, parameters=parameters, values=tuple(values), surface=fit)


def axes(analysis: Analysis, names: Sequence[str], points: int) -> tuple[FloatArray, ...]:
    """Values of parameters, evenly spaced, that hold the 99.7% interval of each alone.

    From zero where only the square of a parameter counts, next to the others too.

    Raises
    ------
    InputError
        For a parameter that the data do not limit: there is no range to choose.
    """
    parameters = _different(names)
    templates = analysis.templates(parameters)
    require_seen(templates, parameters)
    found = []
    for index, chosen in enumerate(parameters):
        interval = limit(analysis, chosen.name, _WIDE_CL).interval
        if interval.lower is None and interval.upper is None:
            raise InputError("parameter", chosen.name, "one that the data limit; give --values for this one")
        ends = [end for end in (interval.lower, interval.upper, interval.best_fit) if end is not None]
        low, high = min(*ends, 0.0), max(*ends, 0.0)
        margin = 0.1 * ((high - low) or chosen.kind.scale)
        if templates.even(index):
            low, margin_below = 0.0, 0.0
        else:
            # An interval that is even alone says nothing of the other sign.
            low, margin_below = (low if interval.lower is not None else -high), margin
        found.append(np.linspace(low - margin_below, high + margin, points))
    return tuple(found)


def _different(names: Sequence[str]) -> tuple[Parameter, ...]:
    parameters = tuple(parameter(name) for name in names)
    if len({chosen.name for chosen in parameters}) != len(parameters) or not parameters:
        raise InputError("parameters", list(names), "one or more different parameters")
    return parameters
