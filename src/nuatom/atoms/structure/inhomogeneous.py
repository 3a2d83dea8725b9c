"""The answer of a bound orbital to a source: the Dirac Green's function of a local potential.

With f regular at the origin, h decaying, both solutions of (h_D − E) = 0, and their Wronskian
W = f_P h_Q − f_Q h_P, which does not depend on r,

    φ(r) = (1/cW) [h(r) ∫_0^r (f·S) dr' + f(r) ∫_r^∞ (h·S) dr'],   f·S = f_P S_P + f_Q S_Q,

solves (h_D − E) φ = −S (variation of constants). No two large numbers cancel in it, as they would
if a particular solution were integrated inward through the tail.
"""

from __future__ import annotations

import numpy as np

from nuatom.atoms.structure.dirac import (
    OUTER_DECAY,
    decaying_start,
    dirac_coefficients,
    regular_start,
    start_index,
    turning_points,
)
from nuatom.numerics.adams import adams_tables, sweep
from nuatom.numerics.compiled import compiled
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid
from nuatom.numerics.running_integral import central_weights, end_correction

__all__ = ["bound_response"]

FINE_DECAY = 0.25
LARGEST_DECAY = 300.0
"""The answer to a source is followed farther, to e^−300, while a step is below this decay."""

SOURCE_DECAY = 15.0
"""Over the last e-folds before inward integration starts, it follows the source alone."""

SOURCE_REPETITIONS = 3
SMALLEST_TAIL = 1e-10


def bound_response(
    grid: RadialGrid,
    potential: FloatArray,
    kappa: int,
    energy: float,
    speed_of_light: float,
    source_large: FloatArray,
    source_small: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Decaying solution φ of (h − E) φ = −S, h the radial Dirac operator with ``potential``.

    Farther out than the free solutions can be followed, φ is the local answer to its source.

    Parameters
    ----------
    source_large, source_small : ndarray
        The two components of S.
    """
    large, small = np.zeros(grid.size), np.zeros(grid.size)
    _respond(
        grid.r, grid.rate, grid.step, potential, kappa, energy, speed_of_light,
        source_large, source_small, large, small, *adams_tables(), central_weights(),
    )  # fmt: skip
    return large, small


@compiled
def _response_range(
    diagonal: FloatArray, upper: FloatArray, lower: FloatArray, step: float, turning: int
) -> tuple[int, float, int]:
    """Last index of the free solutions, its decay, and where the source takes over before it."""
    size = diagonal.size
    decays = np.zeros(size)
    end = turning
    while end < size - 1 and decays[end] < LARGEST_DECAY:
        square = diagonal[end + 1] ** 2 + upper[end + 1] * lower[end + 1]
        rise = step * np.sqrt(max(0.0, square))
        if decays[end] > OUTER_DECAY and rise > FINE_DECAY:
            break
        end += 1
        decays[end] = decays[end - 1] + rise
    tail = end
    while tail > turning and decays[tail] > decays[end] - SOURCE_DECAY:
        tail -= 1
    return end, decays[end], tail if end < size - 1 else size


@compiled
def _respond(
    r: FloatArray, rate: FloatArray, step: float, potential: FloatArray, kappa: int,
    energy: float, c: float, source_large: FloatArray, source_small: FloatArray,
    large: FloatArray, small: FloatArray, corrector: FloatArray, starter: FloatArray,
    central: FloatArray,
) -> None:  # fmt: skip
    size = r.size
    diagonal, upper, lower = np.empty(size), np.empty(size), np.empty(size)
    dirac_coefficients(r, rate, potential, kappa, energy, c, diagonal, upper, lower)
    first, match = turning_points(diagonal, upper, lower, kappa)
    if match < 0:
        # No motion is allowed, as for high waves: both solutions are followed from where the source is.
        first = match = int(np.argmax(rate * (source_large**2 + source_small**2)))
    margin = corrector.size + 1
    match = min(max(match, 2 * margin), size - 2 * margin)
    start, exponent = start_index(diagonal, upper, lower, step, min(first, match))
    start = min(start, match - margin)
    end, decay, tail = _response_range(diagonal, upper, lower, step, match)
    end = max(end, match + margin)
    none = np.zeros(0)
    f_1, f_2, h_1, h_2 = np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size)
    f_1[start] = np.exp(-exponent)
    f_2[start] = f_1[start] * regular_start(diagonal[start], upper[start], lower[start])
    sweep(diagonal, upper, lower, none, none, f_1, f_2, start, end, step, corrector, starter)
    h_1[end] = np.exp(-decay)
    h_2[end] = h_1[end] * decaying_start(diagonal[end], upper[end], lower[end])
    sweep(diagonal, upper, lower, none, none, h_1, h_2, end, start, step, corrector, starter)
    wronskian = f_1[match] * h_2[match] - f_2[match] * h_1[match]
    force_1, force_2 = np.empty(size), np.empty(size)
    inner, outer = np.zeros(size), np.zeros(size)
    for i in range(size):
        force_1[i] = -rate[i] * source_small[i] / c
        force_2[i] = rate[i] * source_large[i] / c
        inner[i] = (f_1[i] * force_2[i] - f_2[i] * force_1[i]) / wronskian
        outer[i] = (h_1[i] * force_2[i] - h_2[i] * force_1[i]) / wronskian
    large[:] = 0.0
    small[:] = 0.0
    running = 0.0
    for i in range(start, end + 1):
        value = step * (running + 0.5 * inner[i] - end_correction(inner, i, central))
        running += inner[i]
        large[i] += value * h_1[i]
        small[i] += value * h_2[i]
    running = 0.0
    for i in range(end, start - 1, -1):
        value = step * (running + 0.5 * outer[i] + end_correction(outer, i, central))
        running += outer[i]
        large[i] += value * f_1[i]
        small[i] += value * f_2[i]
    if tail < end:
        _follow_source(diagonal, upper, lower, force_1, force_2, step, tail, large, small)


@compiled
def _follow_source(
    diagonal: FloatArray, upper: FloatArray, lower: FloatArray, force_1: FloatArray,
    force_2: FloatArray, step: float, tail: int, large: FloatArray, small: FloatArray,
) -> None:  # fmt: skip
    """Replace the solution of y' = A y + s from ``tail`` on by y = A^−1 (y' − s), from y' = 0.

    No other solution there stays small; each repetition gains a power of the ratio of the
    orbital's decay length to the source's.
    """
    size = large.size
    begin = tail - 2 * (SOURCE_REPETITIONS + 1)
    slope_1, slope_2 = np.zeros(size), np.zeros(size)
    p, q = np.zeros(size), np.zeros(size)
    for _ in range(SOURCE_REPETITIONS):
        for i in range(begin, size):
            determinant = -(diagonal[i] ** 2) - upper[i] * lower[i]
            one, two = slope_1[i] - force_1[i], slope_2[i] - force_2[i]
            p[i] = (diagonal[i] * one - upper[i] * two) / determinant
            q[i] = -(lower[i] * one + diagonal[i] * two) / determinant
        for i in range(begin + 2, size - 2):
            slope_1[i] = (8.0 * (p[i + 1] - p[i - 1]) - p[i + 2] + p[i - 2]) / (12.0 * step)
            slope_2[i] = (8.0 * (q[i + 1] - q[i - 1]) - q[i + 2] + q[i - 2]) / (12.0 * step)
    # An orbital whose partners have died out as well needs no tail, and repeated derivatives
    # of rounding errors would be all it gets.
    if abs(p[tail]) < SMALLEST_TAIL:
        return
    for i in range(tail, size):
        large[i] = p[i]
        small[i] = q[i]
