"""What experiments return: limits and surfaces, which know how to be drawn and written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from os import PathLike
from typing import Any

from nuatom.errors import InputError
from nuatom.inference import GoodnessOfFit, Interval, Surface
from nuatom.neutrinos import Parameter
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Limit", "Result", "Scan"]


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
    """

    experiment: str
    title: str
    model: str
    citations: tuple[str, ...]
    theory_spread: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)

    @property
    def caption(self) -> str:
        """What figures are of."""
        spread = "" if self.theory_spread is None else f" ± {self.theory_spread}"
        return f"{self.title}, {self.model}{spread}"


@dataclass(frozen=True, eq=False, kw_only=True)
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
    """

    parameter: Parameter
    interval: Interval
    goodness_of_fit: GoodnessOfFit

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
            "two_delta_nll_at_zero": interval.two_delta_nll_at_zero,
            "goodness_of_fit": asdict(self.goodness_of_fit),
        }

    def plot(self, path: str | PathLike[str]) -> None:
        """Draw the profile likelihood with the interval; the suffix of ``path`` chooses the format."""
        from nuatom.viz import draw_profile

        interval, kind = self.interval, self.parameter.kind
        draw_profile(
            path,
            value=interval.curve_value,
            rise=interval.curve_two_delta_nll,
            best_fit=interval.best_fit,
            ends=[end for segment in interval.segments for end in segment if end is not None],
            threshold=interval.threshold,
            value_label=rf"${self.parameter.label}$ [{kind.tex_unit}]",
            title=self.caption,
            note=f"{100 * interval.cl:g}% CL, {interval.sides}",
        )


@dataclass(frozen=True, eq=False, kw_only=True)
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
        }

    def plot(self, path: str | PathLike[str]) -> None:
        """Draw the curve of one parameter, or the contours of two.

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
            draw_profile(
                path,
                value=self.values[0],
                rise=self.surface.two_delta_nll,
                best_fit=float(best[0]),
                value_label=labels[0],
                title=title,
            )
        elif len(self.parameters) == 2:
            first, second = self.values
            draw_surface(path, (first, second), self.surface.two_delta_nll, best, labels, title)
        else:
            raise InputError("plot", f"{len(self.parameters)} parameters", "a scan of one or two")
