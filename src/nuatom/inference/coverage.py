"""How often intervals hold the truth, by simulated experiments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nuatom.errors import InputError
from nuatom.inference.construction import Construction, least_with_power
from nuatom.inference.interval import Method, Sides, threshold
from nuatom.inference.toys import Toys

__all__ = ["Coverage", "coverage"]

# Experiments that a construction is made of are seeded apart from those that it is tested with.
_APART: Final = 7919
_CONSTRUCTION: Final = 20_000
# How well the size is known below which power-constrained limits never are.
_POWER_PRECISION: Final = 0.05


@dataclass(frozen=True)
class Coverage:
    """Fraction of experiments at a truth whose interval holds it.

    Parameters
    ----------
    at : float
        The truth.
    coverage, error : float
        Fraction, and its standard deviation.
    experiments, failed : int
        Number of experiments that were fitted, and of fits that failed.
    """

    at: float
    coverage: float
    error: float
    experiments: int
    failed: int


def coverage(
    toys: Toys,
    method: Method,
    truths: list[float],
    cl: float = 0.90,
    *,
    sides: Sides = "two-sided",
    experiments: int = 10_000,
) -> tuple[Coverage, ...]:
    """Measured coverage of a way to make intervals.

    Whether an interval holds a truth is asked of the truth: whether the rise of −2 ln λ there is within what
    bounds the interval. A construction is made of experiments of its own, at the conditional fit to the data.

    Parameters
    ----------
    toys : Toys
        Experiments to test with; ``displaced`` moves their nuisances off the fit.
    method : {"profile", "feldman-cousins", "cls", "power-constrained"}
        How intervals are made.
    truths : list of float
        True values; sizes for upper limits.
    cl : float
        Confidence level.
    sides : {"two-sided", "upper"}
        Of the ``profile`` interval.
    experiments : int
        Number of experiments at each truth.
    """
    if method == "bayesian":
        raise InputError("interval", method, "profile, feldman-cousins, cls or power-constrained")
    own = Construction(replace(toys, seed=toys.seed + _APART, displaced=0.0, done=0, failed=0, found={}), cl)
    toys.prepare([(truth, truth) for truth in truths], experiments)
    least = least_with_power(own, _POWER_PRECISION).value if method == "power-constrained" else 0.0
    return tuple(_at(own, toys, method, truth, sides, experiments, least) for truth in truths)


def _at(
    own: Construction,
    toys: Toys,
    method: Method,
    truth: float,
    sides: Sides,
    experiments: int,
    least: float,
) -> Coverage:
    sample = toys.at(truth, experiments)
    size, level = abs(truth), 1.0 - own.cl
    if method == "profile":
        rise = sample.rise if sides == "two-sided" else sample.one_sided(size)
        held = rise <= threshold(own.cl, sides)
    elif method == "feldman-cousins":
        held = sample.rise <= np.quantile(own.toys.at(truth, _CONSTRUCTION).rise, own.cl)
    elif method == "power-constrained":
        bound = np.quantile(own.toys.at(truth, _CONSTRUCTION).one_sided(size), own.cl)
        held = (sample.one_sided(size) <= bound) | (size <= least)
    else:
        rise = sample.one_sided(size)
        with_signal = np.sort(own.toys.at(truth, _CONSTRUCTION).one_sided(size))
        without = np.sort(own.toys.at(0.0, _CONSTRUCTION, truth).one_sided(size))
        above = [(one.size - np.searchsorted(one, rise)) / one.size for one in (with_signal, without)]
        held = above[0] > level * above[1]
    fraction = float(np.mean(held))
    bounded = min(max(fraction, 0.5 / held.size), 1.0 - 0.5 / held.size)
    error = float(np.sqrt(bounded * (1.0 - bounded) / held.size))
    return Coverage(truth, fraction, error, int(held.size), sample.failed)
