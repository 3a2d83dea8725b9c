"""What experiments return: limits, surfaces and spectra, which know how to be drawn and written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

import numpy as np

from nuatom.errors import InputError
from nuatom.inference import GoodnessOfFit, Interval, Surface
from nuatom.neutrinos import Parameter
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Limit", "Scan", "Spectrum", "TimeProjection"]


@dataclass(frozen=True, eq=False)
class Limit:
    """Best fit and confidence interval of one parameter, from one experiment and model.

    Parameters
    ----------
    experiment, title : str
        Name, and how figures call it.
    parameter : Parameter
        What was fitted.
    model : str
        Model of the process.
    interval : Interval
        The result.
    goodness_of_fit : GoodnessOfFit
        At the best fit.
    citations : tuple of str
        Sources of everything used.
    theory_spread : str, optional
        Model whose difference was profiled as one standard deviation of the theory.
    tables : dict of str
        Response tables behind the kernels, ``"Xe-ipm"``, and their hashes, ``"sha256:…"``.
    """

    experiment: str
    title: str
    parameter: Parameter
    model: str
    interval: Interval
    goodness_of_fit: GoodnessOfFit
    citations: tuple[str, ...]
    theory_spread: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)

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
            "goodness_of_fit": _goodness(self.goodness_of_fit),
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
            title=f"{self.title}, {_model_text(self.model, self.theory_spread)}",
            note=f"{100 * interval.cl:g}% CL, {interval.sides}",
        )


@dataclass(frozen=True, eq=False)
class Scan:
    """−2 ln λ of one experiment on a grid of parameters.

    Parameters
    ----------
    experiment, title : str
        Name, and how figures call it.
    parameters : tuple of Parameter
        Axes of the grid.
    model : str
        Model of the process.
    values : tuple of ndarray
        Grid along each axis.
    surface : Surface
        The result.
    citations : tuple of str
        Sources of everything used.
    theory_spread : str, optional
        Model whose difference was profiled as one standard deviation of the theory.
    tables : dict of str
        Response tables behind the kernels, ``"Xe-ipm"``, and their hashes, ``"sha256:…"``.
    """

    experiment: str
    title: str
    parameters: tuple[Parameter, ...]
    model: str
    values: tuple[FloatArray, ...]
    surface: Surface
    citations: tuple[str, ...]
    theory_spread: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)

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
        title = f"{self.title}, {_model_text(self.model, self.theory_spread)}"
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


@dataclass(frozen=True, eq=False)
class TimeProjection:
    """Counts in bins of time after a beam's trigger, all energies together.

    Parameters
    ----------
    edges_us : ndarray, shape (bins + 1,)
        Time bins.
    observed, background : ndarray, shape (bins,)
        Counts, and fitted backgrounds.
    signal : dict of ndarray
        Per flux component.
    """

    edges_us: FloatArray
    observed: FloatArray
    background: FloatArray
    signal: dict[str, FloatArray]

    @property
    def total_signal(self) -> FloatArray:
        """Signal of all components."""
        total: FloatArray = np.sum(list(self.signal.values()), axis=0)
        return total

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, as the command line prints them."""
        return {
            "edges_us": self.edges_us.tolist(),
            "observed": self.observed.tolist(),
            "background": self.background.tolist(),
            "signal": {name: counts.tolist() for name, counts in self.signal.items()},
        }


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Expected counts of one experiment for given couplings, beside its data.

    Parameters
    ----------
    experiment, title, model : str
        What was computed.
    bin_edges_kev : ndarray, shape (bins + 1,)
        Reconstructed energy.
    observed : ndarray, shape (bins,)
        Counts.
    background : ndarray, shape (bins,)
        Published backgrounds times their fitted normalisations.
    background_scale : float
        Normalisation of the main one.
    signal : dict of ndarray
        Per flux component, what is added to the background.
    standard_model : ndarray, shape (bins,)
        The Standard Model's neutrinos, for comparison; part of the background where that holds them.
    goodness_of_fit : GoodnessOfFit
        Of the sum.
    citations : tuple of str
        Sources of everything used.
    theory_spread : str, optional
        Model whose difference was profiled as one standard deviation of the theory.
    tables : dict of str
        Response tables behind the kernels, ``"Xe-ipm"``, and their hashes, ``"sha256:…"``.
    in_time : TimeProjection, optional
        The same in time, where the data are binned in it.
    theory_pull : float, optional
        Fitted size of the theory's spread, in standard deviations.
    """

    experiment: str
    title: str
    model: str
    bin_edges_kev: FloatArray
    observed: FloatArray
    background: FloatArray
    background_scale: float
    signal: dict[str, FloatArray]
    standard_model: FloatArray
    goodness_of_fit: GoodnessOfFit
    citations: tuple[str, ...]
    in_time: TimeProjection | None = None
    theory_spread: str | None = None
    theory_pull: float | None = None
    tables: Mapping[str, str] = field(default_factory=dict)

    @property
    def total_signal(self) -> FloatArray:
        """Signal of all components."""
        total: FloatArray = np.sum(list(self.signal.values()), axis=0)
        return total

    @property
    def expected(self) -> FloatArray:
        """Background and signal."""
        return self.background + self.total_signal

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, as the command line prints them."""
        return {
            "bin_edges_kev": self.bin_edges_kev.tolist(),
            "observed": self.observed.tolist(),
            "background": self.background.tolist(),
            "background_scale": self.background_scale,
            "signal": {name: counts.tolist() for name, counts in self.signal.items()},
            "standard_model": self.standard_model.tolist(),
            "expected": self.expected.tolist(),
            "goodness_of_fit": _goodness(self.goodness_of_fit),
            **({} if self.theory_pull is None else {"theory_pull": self.theory_pull}),
            **({} if self.in_time is None else {"in_time": self.in_time.to_dict()}),
        }

    def plot(self, path: str | PathLike[str]) -> None:
        """Draw data with Poisson bars, background, signal, and pulls."""
        from nuatom.viz import draw_spectrum

        time = self.in_time
        draw_spectrum(
            path,
            edges_kev=self.bin_edges_kev,
            observed=self.observed,
            background=self.background,
            signal=self.total_signal,
            title=f"{self.title}, {_model_text(self.model, self.theory_spread)}",
            in_time=None
            if time is None
            else (time.edges_us, time.observed, time.background, time.total_signal),
        )


def _model_text(model: str, theory_spread: str | None) -> str:
    return model if theory_spread is None else f"{model} ± {theory_spread}"


def _goodness(fit: GoodnessOfFit) -> dict[str, float | None]:
    return {"chi2": fit.chi2, "degrees_of_freedom": fit.degrees_of_freedom, "p_value": fit.p_value}
