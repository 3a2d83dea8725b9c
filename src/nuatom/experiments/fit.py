"""Fits: parameters and nuisances together, with errors, pulls, correlations and impacts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from nuatom.errors import ConvergenceError, InputError
from nuatom.experiments.polynomials import require_seen
from nuatom.experiments.results import Result
from nuatom.inference import Constraint, GoodnessOfFit, covariance
from nuatom.neutrinos import Parameter, parameter
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from iminuit import Minuit

    from nuatom.experiments.analysis import Analysis, Statistic

__all__ = ["Fit", "FittedNuisance", "FittedParameter", "fit"]

# Where a search begins on each side of zero, in typical sizes.
_STARTS: Final = (0.0, 0.3, 3.0)
_STEP: Final = 1e-4


@dataclass(frozen=True)
class FittedParameter:
    """A fitted parameter: best value and Hesse error; None at a boundary where only the square counts."""

    name: str
    unit: str
    best_fit: float
    error: float | None


@dataclass(frozen=True)
class FittedNuisance:
    """A fitted nuisance.

    Parameters
    ----------
    name : str
        Of the nuisance.
    best_fit, error : float
        Where the minimum is, and its Hesse error.
    pull : float, optional
        How far that is from what was known, in its standard deviations; None for a free one.
    pull_error : float, optional
        The error in the same units: one where the data say nothing more.
    impact : tuple of float, optional
        What the first parameter moves by when the nuisance is held one error below and above its best value.
    """

    name: str
    best_fit: float
    error: float
    pull: float | None
    pull_error: float | None
    impact: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Fit(Result):
    """Best fit of parameters and nuisances; of its origin see :class:`~nuatom.experiments.results.Result`.

    Parameters
    ----------
    parameters : tuple of FittedParameter
        What was fitted.
    nuisances : tuple of FittedNuisance
        Those that are not held.
    correlated : tuple of str
        Rows of the correlation: parameters that have errors, then nuisances.
    correlation : ndarray, shape (rows, rows)
        Of their Hesse errors.
    goodness_of_fit : GoodnessOfFit
        At the minimum.
    """

    parameters: tuple[FittedParameter, ...]
    nuisances: tuple[FittedNuisance, ...]
    correlated: tuple[str, ...]
    correlation: FloatArray
    goodness_of_fit: GoodnessOfFit

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, as the command line prints them."""
        return {
            "parameters": [asdict(entry) for entry in self.parameters],
            "nuisances": [asdict(entry) for entry in self.nuisances],
            "correlated": list(self.correlated),
            "correlation": self.correlation.tolist(),
            "goodness_of_fit": asdict(self.goodness_of_fit),
            **super().to_dict(),
        }

    def __repr__(self) -> str:
        found = ", ".join(f"{each.name} = {each.best_fit:.3g} {each.unit}" for each in self.parameters)
        chi2 = f"χ² {self.goodness_of_fit.chi2:.1f} of {self.goodness_of_fit.degrees_of_freedom}"
        said = ", ".join(part for part in (found, f"{len(self.nuisances)} nuisances", chi2) if part)
        return f"<Fit of {self.experiment}, {self.model}: {said}>"

    def plot(self, path: str | PathLike[str] | None = None) -> Any:
        """Draw pulls, impacts on the first parameter, and correlations."""
        from nuatom.viz import draw_fit

        known = [entry for entry in self.nuisances if entry.pull is not None]
        impacts = [entry.impact for entry in known if entry.impact is not None]
        first = self.parameters[0] if self.parameters else None
        return draw_fit(
            path,
            names=[entry.name for entry in known],
            pulls=np.array([entry.pull for entry in known]),
            errors=np.array([entry.pull_error for entry in known]),
            impacts=np.array(impacts) if len(impacts) == len(known) and known else None,
            correlated=self.correlated,
            correlation=self.correlation,
            title=self.caption,
            impact_label="" if first is None else f"impact on {first.name} [{first.unit}]",
        )


def fit(analysis: Analysis, names: Sequence[str] = ()) -> Fit:
    """Best fit of parameters and nuisances.

    The minimum over parameters is looked for by MIGRAD from several starts on each side of zero, the
    nuisances profiled at each step; errors are from the curvature there (Hesse).

    Parameters
    ----------
    analysis : Analysis
        Data, model and everything that is not fitted.
    names : sequence of str
        Parameters; nuisances alone without.

    Raises
    ------
    InputError
        For parameters that are unknown, repeated, or that the data do not see.
    ConvergenceError
        When no minimum is found.
    """
    parameters = tuple(parameter(name) for name in names)
    if len({chosen.name for chosen in parameters}) < len(parameters):
        raise InputError("parameters", list(names), "different parameters")
    statistic = analysis.statistic(parameters)
    require_seen(statistic.templates, parameters)
    even = [statistic.templates.even(index) for index in range(len(parameters))]
    values = _minimum(statistic, parameters, even)
    found, fixed, templates = statistic.fit(values)
    # At zero of a parameter whose square alone counts, nothing is linear: it has no error of its own.
    moving = [index for index, value in enumerate(values) if value != 0.0 or not even[index]]
    slopes = np.array([_slope(statistic, values, index, found.nuisance) for index in moving])
    slopes = slopes.reshape(-1, analysis.likelihood.bins)
    matrix = covariance(analysis.likelihood, fixed, templates, found.nuisance, found.measured, slopes)
    count = len(analysis.likelihood.constraints)
    order = [*range(count, count + len(moving)), *range(count)]
    matrix = matrix[np.ix_(order, order)]
    errors = np.sqrt(np.maximum(np.diag(matrix), 0.0))
    kept = np.flatnonzero(errors > 0.0)
    labels = [*(parameters[index].name for index in moving), *analysis.likelihood.names]
    correlation = matrix[np.ix_(kept, kept)] / np.outer(errors[kept], errors[kept])
    own = dict(zip(moving, errors[: len(moving)], strict=True))
    return Fit(
        **analysis.origin,
        parameters=tuple(
            FittedParameter(chosen.name, chosen.kind.unit, float(value), _number(own.get(index)))
            for index, (chosen, value) in enumerate(zip(parameters, values, strict=True))
        ),
        nuisances=_nuisances(
            analysis, found.nuisance, errors[len(moving) :], statistic, values if moving[:1] == [0] else None
        ),
        correlated=tuple(labels[index] for index in kept),
        correlation=correlation,
        goodness_of_fit=analysis.likelihood.goodness_of_fit(
            float(found.chi2), len(parameters), fixed, np.concatenate([templates, slopes])
        ),
    )


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _minimum(statistic: Statistic, parameters: Sequence[Parameter], even: Sequence[bool]) -> FloatArray:
    """Values of the parameters at the lowest minimum that several starts lead to."""
    if not parameters:
        return np.zeros(0)
    scale = statistic.templates.rows.scale
    best, lowest = np.zeros(len(parameters)), float(statistic(np.zeros(len(parameters))))

    def value(units: FloatArray) -> float:
        return float(statistic(np.asarray(units) * scale))

    converged = False
    for start in _STARTS:
        for sign in (1.0, -1.0):
            minuit = _minuit(value, np.full(len(parameters), sign * start + 1e-3))
            minuit.limits = [(0.0, None) if only else (None, None) for only in even]
            minuit.migrad()
            converged = converged or bool(minuit.valid)
            if minuit.valid and minuit.fval is not None and minuit.fval < lowest - 1e-7:
                best, lowest = np.array(minuit.values) * scale, float(minuit.fval)
            if all(even) and sign > 0.0:
                break
    if not converged:
        raise ConvergenceError("no minimum of the parameters found")
    return best


def _slope(statistic: Statistic, values: FloatArray, index: int, nuisance: FloatArray) -> FloatArray:
    """Derivative of the expectations with respect to a parameter: they are polynomials of second degree."""
    step = np.zeros_like(values)
    step[index] = max(abs(values[index]), float(statistic.templates.rows.scale[index])) * _STEP
    ends = []
    for sign in (1.0, -1.0):
        fixed, templates = statistic.templates.linearised(nuisance)(values + sign * step)
        ends.append(fixed + nuisance @ templates)
    slope: FloatArray = (ends[0] - ends[1]) / (2.0 * step[index])
    return slope


def _nuisances(
    analysis: Analysis,
    found: FloatArray,
    errors: FloatArray,
    statistic: Statistic,
    values: FloatArray | None,
) -> tuple[FittedNuisance, ...]:
    fitted = []
    for place, (constraint, best, error) in enumerate(
        zip(analysis.likelihood.constraints, found, errors, strict=True)
    ):
        if constraint.held:
            continue
        impact = None if values is None else _impact(statistic, values, place, float(best), float(error))
        unit = best if constraint.kind == "lognormal" else 1.0
        pull_error = None if constraint.kind == "free" else float(error / (unit * constraint.sigma))
        pull = _pull(constraint, float(best))
        fitted.append(FittedNuisance(constraint.name, float(best), float(error), pull, pull_error, impact))
    return tuple(fitted)


def _pull(constraint: Constraint, best: float) -> float | None:
    if constraint.kind == "free":
        return None
    if constraint.kind == "lognormal":
        return float(np.log(best / constraint.centre) / constraint.sigma)
    return (best - constraint.centre) / constraint.sigma


def _impact(
    statistic: Statistic, values: FloatArray, place: int, best: float, error: float
) -> tuple[float, float]:
    """What the first parameter moves by, all others refitted, with a nuisance held one error down and up."""
    likelihood = statistic.likelihood
    moved = []
    for side in (-1.0, 1.0):
        constraints = list(likelihood.constraints)
        known = constraints[place]
        centre = float(np.clip(best + side * error, known.lower, known.upper))
        constraints[place] = replace(known, kind="gauss", centre=centre, sigma=0.0)
        held = replace(statistic, likelihood=replace(likelihood, constraints=tuple(constraints)))
        moved.append(float(_refitted(held, values)[0] - values[0]))
    return moved[0], moved[1]


def _refitted(statistic: Statistic, values: FloatArray) -> FloatArray:
    """The minimum next to given values of the parameters."""
    scale = statistic.templates.rows.scale

    def value(units: FloatArray) -> float:
        return float(statistic(np.asarray(units) * scale))

    minuit = _minuit(value, values / scale)
    minuit.migrad()
    return np.array(minuit.values) * scale


def _minuit(value: Callable[[FloatArray], float], start: FloatArray) -> Minuit:
    """Minuit for a −2 ln λ; imported when something is fitted."""
    from iminuit import Minuit

    minuit = Minuit(value, start)
    minuit.errordef = Minuit.LEAST_SQUARES
    return minuit
