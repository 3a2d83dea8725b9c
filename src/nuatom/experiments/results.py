"""What experiments return: limits and surfaces, which know how to be drawn and written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from html import escape
from os import PathLike
from typing import Any, Final

import numpy as np

from nuatom.errors import InputError
from nuatom.experiments.measured import MeasuredEnd, measured_ends
from nuatom.inference import (
    Band,
    Coverage,
    Expected,
    GoodnessOfFit,
    Interval,
    NonLinear,
    OneParameter,
    Significance,
    Simulation,
    Surface,
    coverage,
    goodness_by_toys,
    reach_of,
)
from nuatom.inference.interval import threshold
from nuatom.neutrinos import Parameter
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Limit", "Result", "Scan"]

# Of the range scanned: nearer to its end than this a best fit lies at it.
_AT_EDGE: Final = 1e-6
# A fit that linearises anew costs as much as so many linear ones.
_LINEARISATIONS: Final = 100
# Expected counts below this are few; a coverage farther from what is said than this is off.
_FEW: Final = 5.0
_COVERAGE_OFF: Final = 0.02


def _piece(segment: tuple[float | None, float | None]) -> str:
    low, high = ("…" if end is None else f"{end:.3g}" for end in segment)
    return f"{low} to {high}"


@dataclass(frozen=True, eq=False, kw_only=True)
class Result:
    """Where a result comes from.

    Parameters
    ----------
    experiment, title : str
        Name, and how figures call it.
    model : str
        Model of the process.
    citations : tuple of str
        Sources of everything used.
    theory_spread : str, optional
        Model whose difference was profiled as one standard deviation of the theory.
    tables : dict of str
        Response tables behind the kernels, ``"Xe-ipm"``, and their hashes, ``"sha256:…"``.
    shared : tuple of str
        Nuisances that several of the experiments have, of a combination.
    """

    experiment: str
    title: str
    model: str
    citations: tuple[str, ...]
    theory_spread: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    shared: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers; of several experiments also which, and the nuisances that they share."""
        if "," not in self.experiment:
            return {}
        return {"experiments": self.experiment.split(","), "shared": list(self.shared), "model": self.model}

    def to_json(self) -> str:
        """Return the numbers as JSON, with where they are from."""
        origin = {"experiment": self.experiment, "model": self.model, "citations": list(self.citations)}
        return json.dumps({**origin, **self.to_dict()}, allow_nan=False)

    def _repr_html_(self) -> str:
        return f"<code>{escape(repr(self))}</code>"

    @property
    def caption(self) -> str:
        """What figures are of."""
        spread = "" if self.theory_spread is None else f" ± {self.theory_spread}"
        return f"{self.title}, {self.model}{spread}"


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Limit(Result):
    """Best fit and confidence interval of one parameter, from one experiment and model.

    Of its origin see :class:`Result`.

    Parameters
    ----------
    parameter : Parameter
        What was fitted.
    interval : Interval
        The result.
    goodness_of_fit : GoodnessOfFit
        At the best fit.
    expected : Expected, optional
        What experiments without a signal would give, where it was asked for.
    significance : Significance, optional
        Of a signal, where it was asked for.
    of_size : bool
        Whether the interval is an upper limit of the size of a parameter with a sign.
    fitted : OneParameter, optional
        The likelihood, for checks by simulated experiments.
    """

    parameter: Parameter
    interval: Interval
    goodness_of_fit: GoodnessOfFit
    expected: Expected | None = None
    significance: Significance | None = None
    of_size: bool = False
    fitted: OneParameter | None = field(default=None, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, as the command line prints them."""
        interval = self.interval
        return {
            "best_fit": interval.best_fit,
            "lower": interval.lower,
            "upper": interval.upper,
            "cl": interval.cl,
            "unit": self.parameter.kind.unit,
            "sides": interval.sides,
            "segments": [list(segment) for segment in interval.segments],
            "pieces": [list(segment) for segment in interval.segments],
            "interval": interval.method,
            "of_size": self.of_size,
            "monte_carlo_error": (
                None
                if interval.monte_carlo_error is None
                else [list(errors) for errors in interval.monte_carlo_error]
            ),
            "simulated": {"experiments": interval.toys, "failed": interval.failed_toys},
            "two_delta_nll_at_zero": interval.two_delta_nll_at_zero,
            "goodness_of_fit": asdict(self.goodness_of_fit),
            "expected": self._expected(),
            "significance": None if self.significance is None else asdict(self.significance),
            **super().to_dict(),
        }

    def coverage_at_ends(
        self, simulation: Simulation | None = None, experiments: int = 2000
    ) -> tuple[Coverage, ...]:
        """How often intervals by a constant threshold hold the ends found here; none of another construction.

        Of shipped experiments as they are it is known (:attr:`measured`), and nothing is simulated.

        Parameters
        ----------
        simulation : Simulation, optional
            How experiments are simulated.
        experiments : int
            Number of experiments at each end.
        """
        found = self.interval
        ends = [end for piece in found.segments for end in piece if end is not None]
        if self.measured is not None:
            return tuple(
                Coverage(end.at, end.coverage, end.error, end.experiments, 0) for end in self.measured
            )
        if found.method != "profile" or self.fitted is None or not ends:
            return ()
        how = Simulation() if simulation is None else simulation
        toys = how.toys(self.fitted, reach_of(found))
        return coverage(toys, "profile", ends, found.cl, sides=found.sides, experiments=experiments)

    @property
    def measured(self) -> tuple[MeasuredEnd, ...] | None:
        """What is kept of coverage and goodness of fit, of the limits of shipped experiments as they are."""
        return measured_ends(self.experiment, self.parameter.name, self.model, self.interval)

    def work_of_checks(self, experiments: int = 2000) -> int:
        """Numbers that go through the checks: simulated experiments times bins times what is fitted."""
        if self.measured is not None or self.fitted is None:
            return 0
        likelihood = self.fitted.likelihood
        ends = sum(end is not None for piece in self.interval.segments for end in piece)
        return (
            (_LINEARISATIONS if isinstance(self.fitted, NonLinear) else 1)
            * experiments
            * ends
            * likelihood.bins
            * (len(likelihood.constraints) + likelihood.problem.cells + 1)
        )

    def is_off(self, entry: Coverage) -> bool:
        """Whether a coverage is off by more than 2%, and by more than its own error allows."""
        return abs(entry.coverage - self.interval.cl) > max(_COVERAGE_OFF, 3.0 * entry.error)

    @property
    def few_counts(self) -> bool:
        """Whether a bin expects fewer than five counts, so that −2 ln λ does not tend to χ²."""
        if self.fitted is None:
            return False
        value = self.interval.best_fit
        best = self.fitted.profile(np.asarray(value))
        expected = self.fitted.expected(value, best.nuisance, best.measured)
        return bool(np.any(expected[~self.fitted.likelihood.gauss] < _FEW))

    def goodness_by_toys(
        self, simulation: Simulation | None = None, experiments: int = 2000
    ) -> tuple[float, float]:
        """p-value of the fit by simulated experiments, and its standard deviation; see :attr:`measured`."""
        if self.measured is not None and self.measured[0].goodness is not None:
            p_value = self.measured[0].goodness
            return p_value, float(np.sqrt(p_value * (1.0 - p_value) / self.measured[0].experiments))
        if self.fitted is None:
            raise InputError("limit", "without a likelihood", "one of an analysis")
        how = Simulation() if simulation is None else simulation
        return goodness_by_toys(how.toys(self.fitted, reach_of(self.interval)), experiments)

    def _expected(self) -> dict[str, Any] | None:
        """Bands of the upper end, with those of the lower beside them where there are two."""
        if self.expected is None:
            return None
        lower = self.expected.lower
        counted = {"experiments": self.expected.experiments, "failed": self.expected.failed}
        return {
            **asdict(self.expected.upper),
            "lower_end": None if lower is None else asdict(lower),
            **counted,
        }

    @property
    def best_fit(self) -> float:
        """Where the likelihood is largest."""
        return self.interval.best_fit

    @property
    def lower(self) -> float | None:
        """Lower end of the interval; None where it is open."""
        return self.interval.lower

    @property
    def upper(self) -> float | None:
        """Upper end of the interval; None where it is open."""
        return self.interval.upper

    def __repr__(self) -> str:
        pieces = " or ".join(_piece(segment) for segment in self.interval.segments)
        unit = self.parameter.kind.unit
        return f"<Limit on {self.parameter.name} from {self.experiment}, {self.model}: {pieces} {unit}>"

    def plot(self, path: str | PathLike[str] | None = None, *, ax: Any = None) -> Any:
        """Draw the profile likelihood with the interval.

        Parameters
        ----------
        path : path_like, optional
            Where to write the figure, whose format the suffix chooses; without, it is returned, and a
            notebook shows it.
        ax : matplotlib axes, optional
            Where to draw instead: several models go into one.
        """
        from nuatom.viz import draw_profile

        interval, kind = self.interval, self.parameter.kind
        values, rise = self._curve()
        label = rf"|{self.parameter.label}|" if self.of_size else self.parameter.label
        constant = interval.method == "profile"
        return draw_profile(
            path,
            axes=ax,
            value=values,
            rise=rise,
            best_fit=interval.best_fit,
            pieces=interval.segments,
            bands=[(band.median, band.one_sigma, band.two_sigma) for band in self._bands],
            threshold=interval.threshold if constant else None,
            highest=3.0 * threshold(interval.cl, "two-sided"),
            value_label=rf"${label}$ [{kind.tex_unit}]",
            title=self.caption,
            note=f"{100 * interval.cl:g}% CL, {interval.sides if constant else interval.method}",
        )

    @property
    def _bands(self) -> list[Band]:
        """Bands of the upper end, and of the lower where there is one."""
        both = () if self.expected is None else (self.expected.upper, self.expected.lower)
        return [band for band in both if band is not None]

    def _curve(self) -> tuple[FloatArray, FloatArray]:
        """The profile likelihood as far as bands reach."""
        interval = self.interval
        values = interval.curve_value
        ends = [end for band in self._bands for end in band.two_sigma]
        low, high = min([values[0], *ends]), max([values[-1], *ends])
        if self.fitted is None or (low == values[0] and high == values[-1]):
            return values, interval.curve_two_delta_nll
        values = np.linspace(low, high, values.size)
        return values, self.fitted.statistic(values) - interval.minimum


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Scan(Result):
    """−2 ln λ of one experiment on a grid of parameters.

    Of its origin see :class:`Result`.

    Parameters
    ----------
    parameters : tuple of Parameter
        Axes of the grid.
    values : tuple of ndarray
        Grid along each axis.
    surface : Surface
        The result.
    """

    parameters: tuple[Parameter, ...]
    values: tuple[FloatArray, ...]
    surface: Surface

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, as the command line prints them."""
        return {
            "parameters": [chosen.name for chosen in self.parameters],
            "units": [chosen.kind.unit for chosen in self.parameters],
            "values": [axis.tolist() for axis in self.values],
            "best_fit": self.surface.best_fit.tolist(),
            "two_delta_nll": self.surface.two_delta_nll.tolist(),
            "at_edge": list(self.at_edge),
            **super().to_dict(),
        }

    @property
    def best_fit(self) -> FloatArray:
        """Where the likelihood is largest, of the points and between them."""
        return self.surface.best_fit

    @property
    def at_edge(self) -> tuple[str, ...]:
        """Parameters whose best fit lies at an end of what was scanned: the minimum may be beyond."""
        found = []
        for chosen, axis, best in zip(self.parameters, self.values, self.surface.best_fit, strict=True):
            slack = _AT_EDGE * (axis[-1] - axis[0])
            # Zero is an end of its own where only the square counts.
            if best >= axis[-1] - slack or (best <= axis[0] + slack and axis[0] != 0.0):
                found.append(chosen.name)
        return tuple(found)

    def __repr__(self) -> str:
        names = ", ".join(chosen.name for chosen in self.parameters)
        points = self.surface.two_delta_nll.size
        return f"<Scan of {names} from {self.experiment}, {self.model}: {points} points>"

    def plot(self, path: str | PathLike[str] | None = None, *, ax: Any = None) -> Any:
        """Draw the curve of one parameter, or the contours of two.

        Parameters
        ----------
        path : path_like, optional
            Where to write the figure; without, it is returned.
        ax : matplotlib axes, optional
            Where to draw instead.

        Raises
        ------
        InputError
            For more than two parameters.
        """
        from nuatom.viz import draw_profile, draw_surface

        labels = [rf"${chosen.label}$ [{chosen.kind.tex_unit}]" for chosen in self.parameters]
        title = self.caption
        best = self.surface.best_fit
        if len(self.parameters) == 1:
            return draw_profile(
                path,
                axes=ax,
                value=self.values[0],
                rise=self.surface.two_delta_nll,
                best_fit=float(best[0]),
                value_label=labels[0],
                title=title,
            )
        if len(self.parameters) == 2:
            first, second = self.values
            return draw_surface(
                path, (first, second), self.surface.two_delta_nll, best, labels, title, axes=ax
            )
        raise InputError("plot", f"{len(self.parameters)} parameters", "a scan of one or two")
