"""Theory uncertainty: how far one model's kernels may move towards, and away from, another's."""

from __future__ import annotations

import math
from itertools import chain
from typing import Final

import numpy as np

from nuatom.numerics.quadrature import FloatArray
from nuatom.rates import FoldedKernels

__all__ = ["error_bounds", "spread_bounds"]

# Bins that hold less than this part of a kernel's largest one bound nothing: a threshold lies there.
_MATTERS: Final = 1e-3


def error_bounds(model: FoldedKernels, change: FoldedKernels) -> tuple[float, float]:
    """Range of η in K + η ΔK: down to where the first of the kernels vanishes, and up without an end.

    Parameters
    ----------
    model, change : FoldedKernels
        K, and one standard deviation of it; both positive.

    Returns
    -------
    (float, float)
        Least and largest η.
    """
    largest = 0.0
    processes = zip((model, *model.others), (change, *change.others), strict=True)
    pairs = [zip(one.components, two.components, strict=True) for one, two in processes]
    for mine, its in chain.from_iterable(pairs):
        whole, part = mine.values.sum(axis=0), np.abs(its.values.sum(axis=0))
        counts = whole > _MATTERS * whole.max(axis=-1, keepdims=True)
        largest = max(largest, float(np.max(part[counts] / whole[counts], initial=0.0)))
    return (-1.0 / largest if largest > 0.0 else -math.inf), math.inf


def spread_bounds(model: FoldedKernels, other: FoldedKernels) -> FloatArray:
    """Range of η in K(η) = K_model + η (K_other − K_model).

    The other model, η = 1, is as far as one goes; on the other side of the model as far again, η = −1, but no
    farther than where the first of the kernels vanishes: negative ones are no cross sections. Linear spreads
    are meant for models that differ little; where they differ by factors the range is all but one-sided.

    Parameters
    ----------
    model, other : FoldedKernels
        Of the same flux, detector and algebra.

    Returns
    -------
    ndarray, shape (2,)
        Least and largest η.
    """
    lowest = -1.0
    processes = zip((model, *model.others), (other, *other.others), strict=True)
    pairs = [zip(one.components, two.components, strict=True) for one, two in processes]
    for mine, theirs in chain.from_iterable(pairs):
        here, there = mine.values.sum(axis=0), theirs.values.sum(axis=0)
        counts = here > _MATTERS * here.max(axis=-1, keepdims=True)
        rise = np.max(there[counts] / here[counts] - 1.0, initial=0.0)
        lowest = max(lowest, -1.0 / max(float(rise), 1.0))
    return np.array([lowest, 1.0])
