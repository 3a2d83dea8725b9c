"""The answer of a bound orbital to a source: the Dirac Green's function of a local potential.

With f regular at the origin, h decaying, both solutions of (h_D − E) = 0, and their Wronskian
W = f_P h_Q − f_Q h_P, which does not depend on r,

    φ(r) = (1/cW) [h(r) ∫_0^r (f·S) dr' + f(r) ∫_r^∞ (h·S) dr'],   f·S = f_P S_P + f_Q S_Q,

solves (h_D − E) φ = −S (variation of constants). No two large numbers cancel in it, as they would
if a particular solution were integrated inward through the tail.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nuatom.atoms.structure.dirac import (
    MARGIN,
    OUTER_DECAY,
    Coefficients,
    decay_per_step,
    decaying_start,
    dirac_coefficients,
    regular_start,
    start_index,
    turning_points,
)
from nuatom.numerics.adams import adams_tables, sweep
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid
from nuatom.numerics.running_integral import end_corrections

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
    equation = dirac_coefficients(grid, potential, kappa, energy, speed_of_light)
    size, step = grid.size, grid.step
    first, match = turning_points(equation, kappa)
    if match < 0:
        # No motion is allowed, as for high waves: both solutions are followed from where the source is.
        first = match = int(np.argmax(grid.rate * (source_large**2 + source_small**2)))
    match = min(max(match, 2 * MARGIN), size - 2 * MARGIN)
    start, exponent = start_index(equation, step, min(first, match))
    start = min(start, match - MARGIN)
    end, decay, tail = _response_range(equation, step, match)
    end = max(end, match + MARGIN)
    regular = _free(equation, step, start, end, math.exp(-exponent), regular_start)
    decaying = _free(equation, step, end, start, math.exp(-decay), decaying_start)
    wronskian = regular[0, match] * decaying[1, match] - regular[1, match] * decaying[0, match]
    rate = grid.rate / speed_of_light
    force = np.array([-rate * source_small, rate * source_large])
    inner = (regular[0] * force[1] - regular[1] * force[0]) / wronskian
    outer = (decaying[0] * force[1] - decaying[1] * force[0]) / wronskian
    inside = step * (np.cumsum(inner) - 0.5 * inner - end_corrections(inner))
    outside = step * (np.cumsum(outer[::-1])[::-1] - 0.5 * outer + end_corrections(outer))
    answer: FloatArray = inside * decaying + outside * regular
    if tail < end:
        _follow_source(equation, force, step, tail, answer)
    return answer[0], answer[1]


def _free(
    equation: Coefficients, step: float, first: int, last: int, size: float,
    ratio: Callable[[float, float, float], float],
) -> FloatArray:  # fmt: skip
    """P and Q of the free solution with P = ``size`` and Q/P = ``ratio`` at ``first``, up to ``last``."""
    solution = np.zeros((2, equation.diagonal.size))
    solution[0, first] = size
    solution[1, first] = size * ratio(*(float(part[first]) for part in equation))
    none = np.zeros(0)
    sweep(*equation, none, none, solution[0], solution[1], first, last, step, *adams_tables())
    return solution


def _response_range(equation: Coefficients, step: float, turning: int) -> tuple[int, float, int]:
    """Last index of the free solutions, its decay, and where the source takes over before it."""
    size = equation.diagonal.size
    rise = decay_per_step(equation, step, slice(turning + 1, None))
    decays = np.concatenate([[0.0], np.cumsum(rise)])
    ends = decays >= LARGEST_DECAY
    ends[:-1] |= (decays[:-1] > OUTER_DECAY) & (rise > FINE_DECAY)
    ends[-1] = True
    length = int(ends.argmax())
    if turning + length == size - 1:
        return size - 1, float(decays[length]), size
    tail = int(np.searchsorted(decays[: length + 1], decays[length] - SOURCE_DECAY, side="right")) - 1
    return turning + length, float(decays[length]), turning + max(tail, 0)


def _follow_source(
    equation: Coefficients, force: FloatArray, step: float, tail: int, answer: FloatArray
) -> None:
    """Replace the solution of y' = A y + s from ``tail`` on by y = A^−1 (y' − s), from y' = 0.

    No other solution there stays small; each repetition gains a power of the ratio of the
    orbital's decay length to the source's.
    """
    begin = tail - 2 * (SOURCE_REPETITIONS + 1)
    diagonal, upper, lower = (part[begin:] for part in equation)
    determinant = -(diagonal**2) - upper * lower
    slope = np.zeros((2, determinant.size))
    for _ in range(SOURCE_REPETITIONS):
        one, two = slope - force[:, begin:]
        local = np.array([diagonal * one - upper * two, -(lower * one + diagonal * two)]) / determinant
        slope[:, 2:-2] = 8.0 * (local[:, 3:-1] - local[:, 1:-3]) - local[:, 4:] + local[:, :-4]
        slope[:, 2:-2] /= 12.0 * step
    # An orbital whose partners have died out as well needs no tail, and repeated derivatives
    # of rounding errors would be all it gets.
    if abs(local[0, tail - begin]) >= SMALLEST_TAIL:
        answer[:, tail:] = local[:, tail - begin :]
