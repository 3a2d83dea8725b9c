"""Limits and scans: functions of an analysis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nuatom.errors import InputError
from nuatom.experiments.results import Limit, Scan
from nuatom.inference import Sides, confidence_interval, surface
from nuatom.neutrinos import Parameter, parameter
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from nuatom.experiments.analysis import Analysis

__all__ = ["axes", "limit", "scan"]

_WIDE_CL = 0.9973


def limit(analysis: Analysis, name: str, cl: float = 0.90, sides: Sides = "two-sided") -> Limit:
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
        Which construction.
    """
    chosen = parameter(name)
    statistic = analysis.statistic([chosen])
    interval = confidence_interval(
        lambda values: statistic(values[:, None]),
        chosen.kind.scale,
        even=statistic.templates.even(0),
        cl=cl,
        sides=sides,
    )
    return Limit(
        **analysis.origin,
        parameter=chosen,
        interval=interval,
        goodness_of_fit=analysis.likelihood.goodness_of_fit(interval.minimum, fitted=1),
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
