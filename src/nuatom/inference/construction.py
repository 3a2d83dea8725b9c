"""Intervals from simulated experiments: Feldman-Cousins, CLs, and power-constrained upper limits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nuatom.errors import ConvergenceError, InputError
from nuatom.inference.crossings import Curve, End, find_ends
from nuatom.inference.interval import Interval, Method, Sides, confidence_interval
from nuatom.inference.parameter import OneParameter
from nuatom.inference.toys import Simulation, Toys
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Construction", "construct", "least_with_power", "reach_of"]

# Truths of the first grid, over half as much again as the interval of the constant threshold.
_TRUTHS: Final = 15
_MARGIN: Final = 0.5
_MOST: Final = 400_000
# Experiments that decide whether an upper limit is raised.
_JUDGED: Final = 4000
# Where −2 Δ ln λ is above this, no simulated experiment is needed to exclude.
_EXCLUDED: Final = 30.0
# An upper limit that excludes what background alone would exclude less often than at −1σ is raised to there.
_LEAST_POWER: Final = 0.5 * math.erfc(math.sqrt(0.5))


@dataclass(frozen=True, eq=False)
class Construction:
    """Probabilities of data as extreme as those observed, as functions of the truth, by simulation.

    Parameters
    ----------
    toys : Toys
        Simulated experiments.
    cl : float
        Confidence level.
    """

    toys: Toys
    cl: float

    @property
    def model(self) -> OneParameter:
        """What is fitted."""
        return self.toys.model

    @cached_property
    def minimum(self) -> tuple[float, float]:
        """Best fit of the data, and −2 ln λ there."""
        best = self.model.best(reach=self.toys.reach)
        return float(best.value), float(best.chi2)

    def rise(self, truth: float) -> float:
        """Observed −2 Δ ln λ."""
        return max(float(self.model.profile(np.asarray(truth)).chi2) - self.minimum[1], 0.0)

    def one_sided_rise(self, size: float) -> float:
        """Observed −2 Δ ln λ of a size |θ|, zero below the best fit."""
        if size <= abs(self.minimum[0]):
            return 0.0
        return self.rise(self.signed(size))

    def signed(self, size: float) -> float:
        """The sign of a size that the data like better: a nuisance where |θ| is asked for."""
        if self.model.even or size == 0.0:
            return size
        both = self.model.profile(np.array([size, -size])).chi2
        return size if both[0] <= both[1] else -size

    def two_sided(self) -> Curve:
        """Probability of a rise as large as observed: :cite:`Feldman:1997qc`, with profiled nuisances."""

        def estimate(truth: float, number: int) -> tuple[float, float]:
            observed = self.rise(truth)
            if observed > _EXCLUDED:
                return 0.0, 0.0
            return _fraction(self.toys.at(truth, number).rise >= observed)

        def prepare(truths: list[float], number: int) -> None:
            self.toys.prepare([(t, t) for t in truths if self.rise(t) <= _EXCLUDED], number)

        return Curve(estimate, prepare, lambda truth: float(np.sqrt(self.rise(truth))))

    def upper(self, *, divided: bool) -> Curve:
        """Probability of a one-sided rise as large as observed; divided by that without signal, CLs.

        :cite:`Read:2002hq`; :cite:`Cowan:2010js`, equation (14), for sizes |θ|.
        """

        def estimate(size: float, number: int) -> tuple[float, float]:
            observed = self.one_sided_rise(size)
            if observed > _EXCLUDED:
                return 0.0, 0.0
            with_signal, error = _fraction(self._at(size, number) >= observed)
            if not divided:
                return with_signal, error
            without, its = _fraction(self.without_signal(size, number) >= observed)
            if without == 0.0:
                return 1.0, 0.0
            ratio = min(with_signal / without, 1.0)
            return ratio, float(np.hypot(error, ratio * its) / without)

        def along(size: float) -> float:
            return float(np.sqrt(self.one_sided_rise(size)))

        return Curve(estimate, self._prepare, along, shared=divided)

    def power(self) -> Curve:
        """Probability that background alone excludes a size: it rises with it, :cite:`Cowan:2011an`."""

        def estimate(size: float, number: int) -> tuple[float, float]:
            bound = float(np.quantile(self._at(size, number), self.cl))
            power, error = _fraction(self.without_signal(size, number) >= bound)
            # The bound is known as well as it: to about as much again.
            return power, float(np.sqrt(2.0)) * error

        return Curve(estimate, self._prepare, lambda size: size, shared=True)

    def _at(self, size: float, number: int) -> FloatArray:
        return self.toys.at(self.signed(size), number).one_sided(size)

    def without_signal(self, size: float, number: int) -> FloatArray:
        """One-sided rises at a size of experiments without signal."""
        return self.toys.at(0.0, number, self.signed(size)).one_sided(size)

    def _prepare(self, sizes: list[float], number: int) -> None:
        signed = [self.signed(size) for size in sizes if self.one_sided_rise(size) <= _EXCLUDED]
        self.toys.prepare([*((0.0, truth) for truth in signed), *((t, t) for t in signed)], number)


def _fraction(happened: NDArray[np.bool_]) -> tuple[float, float]:
    """Fraction of experiments, and its standard deviation, not zero when all or none did."""
    number = happened.size
    fraction = float(np.mean(happened))
    bounded = min(max(fraction, 0.5 / number), 1.0 - 0.5 / number)
    return fraction, float(np.sqrt(bounded * (1.0 - bounded) / number))


def reach_of(interval: Interval) -> float:
    """Range of interest of a parameter: the farthest end of an interval."""
    ends = [end for piece in interval.segments for end in piece if end is not None]
    return max(abs(end) for end in (*ends, interval.best_fit))


def construct(
    model: OneParameter, method: Method, cl: float = 0.90, simulation: Simulation | None = None
) -> Interval:
    """Interval by simulated experiments.

    Parameters
    ----------
    model : OneParameter
        Likelihood and parameter.
    method : {"feldman-cousins", "cls", "power-constrained"}
        Two-sided by Feldman and Cousins, or an upper limit of θ, of |θ| where its sign counts.
    cl : float
        Confidence level.
    simulation : Simulation, optional
        How experiments are simulated, and how well ends are to be known.

    Raises
    ------
    InputError
        For an unknown method, or a confidence level out of range.
    ConvergenceError
        Where the data set no limit, or the precision is not reached.
    """
    if method not in ("feldman-cousins", "cls", "power-constrained"):
        raise InputError("method", method, "feldman-cousins, cls or power-constrained")
    how = Simulation() if simulation is None else simulation
    profile = confidence_interval(model.statistic, model.scale, even=model.even, cl=cl)
    if profile.upper is None or (profile.lower is None and not model.even):
        raise ConvergenceError("the data set no limit: −2 ln λ does not rise enough")
    construction, precision = Construction(how.toys(model, reach_of(profile)), cl), how.precision
    if method == "feldman-cousins":
        return _two_sided(construction, profile, precision)
    return _upper(construction, profile, method, precision)


def _two_sided(construction: Construction, profile: Interval, precision: float) -> Interval:
    """All θ at which as large a rise as observed is not rarer than 1 − CL."""
    even = construction.model.even
    lower, upper = 0.0 if even else profile.lower, profile.upper
    if lower is None or upper is None:
        raise ConvergenceError("the data set no limit: −2 ln λ does not rise enough")
    width = upper - lower
    minima = profile.curve_value[1:-1][
        (np.diff(profile.curve_two_delta_nll)[:-1] < 0.0) & (np.diff(profile.curve_two_delta_nll)[1:] > 0.0)
    ]
    for margin in (_MARGIN, 1.5, 4.0):
        first = 0.0 if even else lower - margin * width
        grid = np.linspace(first, upper + margin * width, int(_TRUTHS * (1.0 + margin)))
        grid = np.unique([*grid, *minima, profile.best_fit])
        curve = construction.two_sided()
        inside, ends = find_ends(curve, grid, 1.0 - construction.cl, precision, _MOST, width)
        if not inside[-1] and (even or not inside[0]):
            break
    else:
        raise ConvergenceError("no end is found: the interval reaches beyond nine times the usual one")
    return _interval(construction, profile, "feldman-cousins", ends, inside[0], "two-sided")


def _upper(construction: Construction, profile: Interval, method: Method, precision: float) -> Interval:
    """Upper limit of a size."""
    reach, best = construction.toys.reach, abs(profile.best_fit)
    curve = construction.upper(divided=method == "cls")
    level, first = 1.0 - construction.cl, best
    least = None
    if method == "power-constrained":
        least = least_with_power(construction, precision)
        first = max(best, least.value)
        if curve.estimate(first, _JUDGED)[0] <= level:
            return _interval(construction, profile, method, [least], True, "upper")
    for factor in (1.6, 3.0, 6.0):
        grid = np.linspace(first, first + factor * max(reach - first, 0.1 * reach), _TRUTHS)
        inside, ends = find_ends(curve, grid, level, precision, _MOST, reach)
        if not inside[-1]:
            break
    else:
        raise ConvergenceError("no upper limit is found within six times that of the constant threshold")
    return _interval(construction, profile, method, ends[-1:] or [End(first, 0.0)], True, "upper")


def least_with_power(construction: Construction, precision: float) -> End:
    """The size that background alone would exclude as often as at −1σ."""
    reach = construction.toys.reach
    for factor in (1.0, 3.0, 9.0):
        grid = np.linspace(0.05 * reach, factor * reach, _TRUTHS)
        powerful, ends = find_ends(construction.power(), grid, _LEAST_POWER, precision, _MOST, reach)
        if powerful[-1] and ends:
            return ends[-1]
    raise ConvergenceError("no size is found that background alone excludes often enough")


def _interval(
    construction: Construction,
    profile: Interval,
    method: Method,
    ends: Sequence[End],
    open_below: bool,
    sides: Sides,
) -> Interval:
    """Pieces between ends, and how well these are known."""
    values: list[float | None] = [end.value for end in ends]
    errors: list[float | None] = [end.error for end in ends]
    if open_below:
        values.insert(0, None)
        errors.insert(0, None)
    segments = tuple(zip(values[::2], values[1::2], strict=True))
    last = values[-1]
    return replace(
        profile,
        lower=segments[0][0],
        upper=segments[-1][1],
        sides=sides,
        threshold=construction.rise(construction.signed(last) if sides == "upper" else last)
        if last is not None
        else np.nan,
        segments=segments,
        method=method,
        monte_carlo_error=tuple(zip(errors[::2], errors[1::2], strict=True)),
        toys=construction.toys.done,
        failed_toys=construction.toys.failed,
    )
