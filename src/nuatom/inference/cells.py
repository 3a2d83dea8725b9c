"""Sizes of the cells of measured samples, profiled: compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from nuatom.inference.problem import IntArray, Problem
from nuatom.numerics.compiled import compiled
from nuatom.numerics.quadrature import FloatArray

__all__ = ["shares", "size_of_cell"]

_CELL_STEPS: Final = 100
# Of a step that Newton's method makes; what is left is of the order of its square.
_CELL_ACCURACY: Final = 1e-8


@compiled
def shares(problem: Problem, x: FloatArray, share: FloatArray) -> None:
    """What the size of its cell adds to each bin, for each unit of it."""
    for b in range(share.size):
        if problem.cell[b] >= 0:
            share[b] = problem.weight[b]
            if problem.scaled[b] >= 0:
                share[b] *= x[problem.scaled[b]]


@compiled
def _slope_of_cell(
    t: float,
    members: IntArray,
    share: FloatArray,
    other: FloatArray,
    counts: FloatArray,
    auxiliary: float,
    flat: float,
) -> tuple[float, float]:
    """Half of the first and the second derivative of −2 ln λ with respect to the size t of a cell."""
    slope, curvature = flat, 0.0
    if auxiliary > 0.0:
        slope -= auxiliary / t
        curvature += auxiliary / (t * t)
    for b in members:
        if counts[b] > 0.0 and share[b] > 0.0:
            part = share[b] / (other[b] + share[b] * t)
            slope -= counts[b] * part
            curvature += counts[b] * part * part
    return slope, curvature


@compiled
def size_of_cell(
    before: float,
    members: IntArray,
    share: FloatArray,
    other: FloatArray,
    counts: FloatArray,
    auxiliary: float,
    ratio: float,
) -> tuple[float, int]:
    """Size of a cell where −2 ln λ is least, given what other samples expect.

    The slope rises with t, concavely, from the least size at which no expectation is negative. Where it is
    not negative there, the second number is the bin that is empty then, or −2 for t = 0; else it is −1.
    """
    low, flat, total, active, face, only = 0.0, ratio, auxiliary, 0, -2, -1
    singular = auxiliary > 0.0
    for b in members:
        if share[b] > 0.0:
            active += 1
            only = b
            flat += share[b]
            total += counts[b]
            if -other[b] > share[b] * low:
                low, face = -other[b] / share[b], b
                singular = counts[b] > 0.0
            elif other[b] == 0.0 and face == -2:
                singular = singular or counts[b] > 0.0
    if flat <= 0.0 or total <= 0.0:
        return low, face
    if not singular:
        slope, _ = _slope_of_cell(low, members, share, other, counts, auxiliary, flat)
        if slope >= 0.0:
            return low, face
    if active == 1:
        return max(low, _single(share[only], other[only], counts[only], auxiliary, flat)), -1
    high = low + total / flat
    t = before if low < before < high else high
    for _ in range(_CELL_STEPS):
        slope, curvature = _slope_of_cell(t, members, share, other, counts, auxiliary, flat)
        if slope > 0.0:
            high = min(high, t)
        else:
            low = max(low, t)
        following = t - slope / curvature
        settled = abs(following - t) <= _CELL_ACCURACY * t
        t = following if low <= following <= high else 0.5 * (low + high)
        if settled:
            break
    return t, -1


@compiled
def _single(c: float, other: float, counts: float, auxiliary: float, flat: float) -> float:
    """Larger root of flat = counts c/(other + c t) + auxiliary/t, :cite:`Barlow:1993dm`."""
    if counts == 0.0:
        return auxiliary / flat
    middle = flat * other - c * (counts + auxiliary)
    root = float(np.sqrt(max(middle * middle + 4.0 * flat * c * auxiliary * other, 0.0)))
    if middle <= 0.0:
        return (root - middle) / (2.0 * flat * c)
    return 2.0 * auxiliary * other / (root + middle)
