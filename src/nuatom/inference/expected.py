"""What experiments without a signal would give: bands, the Asimov value, and the significance of a signal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from nuatom.errors import ConvergenceError, InputError
from nuatom.inference.construction import Construction
from nuatom.inference.interval import Method, Sides, threshold
from nuatom.inference.likelihood import Data
from nuatom.inference.parameter import OneParameter
from nuatom.inference.toys import BLOCK, Toys
from nuatom.numerics.normal import chi_squared_survival, normal_quantile
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Band", "Expected", "Significance", "expected_interval", "goodness_by_toys", "significance"]

_POINTS: Final = 41
_BLOCKS: Final = 4
_AT_A_VALUE: Final = 2000
# Probabilities below −2, −1, 0, 1 and 2 standard deviations.
_NORMAL: Final = tuple(0.5 * math.erfc(-z / math.sqrt(2.0)) for z in (-2.0, -1.0, 0.0, 1.0, 2.0))


@dataclass(frozen=True)
class Band:
    """Median and central 68.3% and 95.4% of an end of the interval, and its value for Asimov data."""

    median: float
    one_sigma: tuple[float, float]
    two_sigma: tuple[float, float]
    asimov: float


@dataclass(frozen=True)
class Expected:
    """Ends of the interval that experiments without a signal would give.

    Parameters
    ----------
    upper : Band
        Of the upper end.
    lower : Band or None
        Of the lower end, where θ has a sign and the interval two sides.
    experiments : int
        Number of simulated experiments.
    failed : int
        How many of their fits failed.
    """

    upper: Band
    lower: Band | None
    experiments: int
    failed: int


@dataclass(frozen=True)
class Significance:
    """How improbable the data are without a signal.

    Parameters
    ----------
    z : float
        In standard deviations, one-sided.
    p_value : float
        Probability of a rise as large from background alone.
    """

    z: float
    p_value: float


def significance(model: OneParameter, toys: Toys | None = None, number: int = 100_000) -> Significance:
    """Significance of a signal, by −2 Δ ln λ at zero.

    Of a parameter whose square counts the best fit is at the boundary half of the time: the p-value is half
    of that of χ² with one degree of freedom, :cite:`Cowan:2010js`, equation (50); with ``toys`` it is what
    simulated experiments say.
    """
    zero = float(model.profile(np.zeros(())).chi2)
    rise = max(zero - float(model.best().chi2), 0.0)
    if toys is not None:
        sample = toys.at(0.0, number)
        p_value = float((np.sum(sample.rise >= rise) + 1) / (sample.rise.size + 1))
    else:
        p_value = chi_squared_survival(1, rise) * (0.5 if model.even else 1.0)
        if model.even and rise == 0.0:
            p_value = 1.0
    return Significance(max(-normal_quantile(p_value), 0.0), p_value)


def goodness_by_toys(toys: Toys, number: int = 2000) -> tuple[float, float]:
    """Fraction of experiments at the best fit whose own is as bad as that of the data; standard deviation.

    Needed where bins hold few counts, and −2 ln λ does not tend to χ².
    """
    best = toys.model.best(reach=toys.reach)
    sample = toys.at(float(best.value), number)
    worse = float((np.sum(sample.minimum >= best.chi2) + 1) / (sample.minimum.size + 1))
    return worse, float(np.sqrt(worse * (1.0 - worse) / sample.minimum.size))


def expected_interval(
    construction: Construction, method: Method, sides: Sides = "two-sided", experiments: int = 2000
) -> Expected:
    """Bands of the ends of an interval, from experiments without a signal.

    Parameters
    ----------
    construction : Construction
        Simulated experiments and confidence level.
    method : {"profile", "feldman-cousins", "cls", "power-constrained"}
        How the interval is made.
    sides : {"two-sided", "upper"}
        Of the ``profile`` interval; the others have theirs.
    experiments : int
        Number of simulated experiments.
    """
    if method == "bayesian":
        raise InputError("expected", method, "profile, feldman-cousins, cls or power-constrained")
    model, toys = construction.model, construction.toys
    if method in ("cls", "power-constrained"):
        sides = "upper"
    blocks = -(-experiments // BLOCK)
    sample = toys.at(0.0, blocks * BLOCK)
    parts = [toys.data(0.0, number) for number in range(blocks)]
    data = Data(*(np.concatenate([getattr(part, name) for part in parts]) for name in _NAMES))
    asimov = Data(*(np.asarray(part)[None] for part in vars(model.asimov(0.0)).values()))
    ends, its = (_ends(construction, method, sides, some) for some in (data, asimov))
    upper = _band(ends[1], its[1][0])
    if method == "power-constrained":
        # What is below the −1σ quantile is raised to it.
        floor = float(np.nanquantile(ends[1], _NORMAL[1]))
        upper = _band(np.maximum(ends[1], floor), max(its[1][0], floor))
    signed = sides == "two-sided" and not model.even
    return Expected(upper, _band(ends[0], its[0][0]) if signed else None, sample.rise.size, sample.failed)


_NAMES: Final = ("counts", "centres", "auxiliary")


def _ends(
    construction: Construction, method: Method, sides: Sides, data: Data
) -> tuple[FloatArray, FloatArray]:
    """Outermost ends of the interval of each data set, between values of a grid."""
    model = construction.model
    reach = construction.toys.reach
    for factor in (2.0, 4.0, 8.0):
        high = np.linspace(0.0, factor * reach, _POINTS)
        grid = high if model.even or sides == "upper" else np.concatenate([-high[:0:-1], high])
        outside = _outside(construction, method, sides, data, grid)
        if np.all(outside[:, -1] > 0.0) and (model.even or sides == "upper" or np.all(outside[:, 0] > 0.0)):
            break
    else:
        raise ConvergenceError("ends of experiments without a signal are not found in eight times the range")
    return _first(-grid[::-1], outside[:, ::-1]) * -1.0, _first(grid, outside)


def _first(grid: FloatArray, outside: FloatArray) -> FloatArray:
    """Last place at which each row of ``outside`` becomes positive, linearly between points."""
    inside = outside <= 0.0
    last = outside.shape[1] - 1 - np.argmax(inside[:, ::-1], axis=1)
    last = np.minimum(last, outside.shape[1] - 2)
    each = np.arange(len(outside))
    low, high = outside[each, last], outside[each, last + 1]
    gap = high - low
    part = np.clip(np.divide(-low, gap, out=np.zeros_like(gap), where=gap != 0.0), 0.0, 1.0)
    found: FloatArray = grid[last] + part * (grid[last + 1] - grid[last])
    return np.where(inside.any(axis=1), found, grid[0])


def _outside(
    construction: Construction, method: Method, sides: Sides, data: Data, grid: FloatArray
) -> FloatArray:
    """Positive outside of the interval, for each data set and value of the grid; smooth at its ends."""
    model, level = construction.model, construction.cl
    best = model.best(data, 0.0, construction.toys.reach)
    whole = Data(data.counts[:, None], data.centres[:, None], data.auxiliary[:, None])
    chi2 = model.profile(grid, whole, scan=True).chi2
    if sides == "upper" and not model.even:
        chi2 = np.fmin(chi2, model.profile(-grid, whole, scan=True).chi2)
    rise = chi2 - np.fmin(best.chi2, np.nanmin(chi2, axis=1))[:, None]
    if sides == "upper":
        rise = np.where(grid < np.abs(best.value)[:, None], 0.0, rise)
    root: FloatArray = np.sqrt(np.maximum(rise, 0.0))
    if method == "profile":
        outside: FloatArray = root - np.sqrt(threshold(level, sides))
        return outside
    outside = np.stack(
        [_beyond(construction, method, float(value), root[:, i]) for i, value in enumerate(grid)], axis=1
    )
    # Far out no simulated rise is as large, and p-values have no ratio; what is excluded stays so.
    return np.maximum.accumulate(outside, axis=1) if sides == "upper" else outside


def _beyond(construction: Construction, method: Method, value: float, root: FloatArray) -> FloatArray:
    """Log of the level above the p-value of roots of rises at one value."""
    toys, level = construction.toys, 1.0 - construction.cl
    if method == "feldman-cousins":
        return np.asarray(np.log(level / _p_value(toys.at(value, _AT_A_VALUE).rise, root)))
    signed = construction.signed(value)
    p_value = _p_value(toys.at(signed, _AT_A_VALUE).one_sided(value), root)
    if method == "cls":
        without = toys.at(0.0, _AT_A_VALUE, signed).one_sided(value)
        p_value = np.minimum(p_value / _p_value(without, root), 1.0)
    return np.asarray(np.log(level / p_value))


def _p_value(rises: FloatArray, root: FloatArray) -> FloatArray:
    """Fraction of simulated rises that are at least as large, continuous in the root and never zero."""
    ordered: FloatArray = np.sort(np.sqrt(np.maximum(rises, 0.0)))
    at_least = ordered.size - np.searchsorted(ordered, root, side="left")
    return np.asarray((at_least + 0.5) / (ordered.size + 1.0), dtype=float)


def _band(ends: FloatArray, asimov: float) -> Band:
    low2, low1, median, high1, high2 = np.nanquantile(ends, _NORMAL).tolist()
    return Band(median, (low1, high1), (low2, high2), float(asimov))
