"""Bound solutions of the radial Dirac equation, with and without a source.

Integration outward from the nucleus and inward from where the orbital has decayed, joined at the
outermost classical turning point. A mismatch of Q there gives the correction to the energy
(Johnson, Atomic Structure Theory, section 2.8; the sign is that of `nuatom.atoms.orbital`):

    δE = c P (Q_out − Q_in) / ∫(P² + Q²)dr.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nuatom.atoms.configuration import orbital_momentum, subshell_label
from nuatom.errors import ConvergenceError
from nuatom.numerics.adams import adams_tables, sweep
from nuatom.numerics.compiled import compiled
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid
from nuatom.numerics.running_integral import central_weights, end_correction

__all__ = [
    "BoundSolution",
    "bound_orbital",
    "bound_response",
    "dirac_coefficients",
    "first_allowed",
    "regular_start",
    "start_index",
]

INNER_DECAY = 100.0
"""Where an orbital is e^−100 of its value at the turning point, outward integration starts."""

OUTER_DECAY = 42.0
"""Where it has fallen to e^−42, below the last digit, inward integration starts."""

FINE_DECAY = 0.25
LARGEST_DECAY = 300.0
"""The answer to a source is followed farther, to e^−300, while a step is below this decay."""

SOURCE_DECAY = 15.0
"""Over the last e-folds before inward integration starts, it follows the source alone."""

SOURCE_REPETITIONS = 3
SMALLEST_TAIL = 1e-10


class BoundSolution(NamedTuple):
    """Energy, P, Q and the last energy correction."""

    energy: float
    large: FloatArray
    small: FloatArray
    correction: float


def bound_orbital(
    grid: RadialGrid,
    potential: FloatArray,
    n: int,
    kappa: int,
    speed_of_light: float,
    guess: float | None = None,
) -> BoundSolution:
    """Orbital (n, κ) of a local potential.

    Parameters
    ----------
    grid : RadialGrid
        Its end must lie where the orbital is negligible.
    potential : ndarray
        V in hartree, zero at infinity.
    n, kappa : int
        Quantum numbers; P has n − l − 1 nodes.
    speed_of_light : float
        c in atomic units.
    guess : float, optional
        Energy to start from, hartree.

    Raises
    ------
    ConvergenceError
        If the potential does not bind the orbital inside the grid.
    """
    tables = adams_tables()
    large, small = np.zeros(grid.size), np.zeros(grid.size)
    nodes = n - orbital_momentum(kappa) - 1
    lowest = float(potential.min())
    start = 0.5 * lowest if guess is None else guess
    energy, correction, status = _find_bound(
        grid.r, grid.rate, grid.weight, grid.step, potential, kappa, nodes, speed_of_light,
        max(1.05 * lowest, -1.999 * speed_of_light**2), start, large, small, *tables,
    )  # fmt: skip
    if status != 0:
        raise ConvergenceError(
            f"{subshell_label(n, kappa)} is not bound inside {grid.r[-1]:.4g} bohr: "
            f"energy {energy:.6g} hartree, last correction {correction:.3g}"
        )
    return BoundSolution(energy, large, small, correction)


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

    With f regular at the origin, h decaying, both homogeneous, and W = f_P h_Q − f_Q h_P,

        φ(r) = (1/cW) [h(r) ∫_0^r (f·S) dr' + f(r) ∫_r^∞ (h·S) dr'],

    f·S = f_P S_P + f_Q S_Q, by variation of constants. Farther out than h
    can be followed, φ is the local answer to its source.

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
def dirac_coefficients(
    r: FloatArray,
    rate: FloatArray,
    potential: FloatArray,
    kappa: int,
    energy: float,
    c: float,
    diagonal: FloatArray,
    upper: FloatArray,
    lower: FloatArray,
) -> None:
    """Fill d, u, l of `nuatom.numerics.adams` with the Dirac equation in the grid's variable."""
    for i in range(r.size):
        kinetic = (energy - potential[i]) / c
        diagonal[i] = kappa * rate[i] / r[i]
        upper[i] = rate[i] * (2.0 * c + kinetic)
        lower[i] = -rate[i] * kinetic


@compiled
def start_index(
    diagonal: FloatArray, upper: FloatArray, lower: FloatArray, step: float, turning: int
) -> tuple[int, float]:
    """Where outward integration starts, and how many e-folds that is below the turning point."""
    exponent = 0.0
    index = turning
    while index > 0 and exponent < INNER_DECAY:
        index -= 1
        square = diagonal[index] ** 2 + upper[index] * lower[index]
        if square > 0.0:
            exponent += step * np.sqrt(square)
    return index, exponent


@compiled
def regular_start(diagonal: float, upper: float, lower: float) -> float:
    """Q/P of the solution that grows outward in frozen coefficients."""
    rate = float(np.sqrt(max(0.0, diagonal**2 + upper * lower)))
    if diagonal > 0.0:
        return (rate + diagonal) / upper
    return lower / (rate - diagonal)


@compiled
def decaying_start(diagonal: float, upper: float, lower: float) -> float:
    """Q/P of the solution that decays outward in frozen coefficients."""
    rate = float(np.sqrt(max(0.0, diagonal**2 + upper * lower)))
    if diagonal > 0.0:
        return -lower / (rate + diagonal)
    return (diagonal - rate) / upper


@compiled
def _turning_points(
    diagonal: FloatArray, upper: FloatArray, lower: FloatArray, kappa: int
) -> tuple[int, int]:
    """First and last index at which the motion is classically allowed; (n, −1) if none is.

    Langer's (|κ| − ½)² in the place of κ² leaves room for the circular orbitals as well.
    """
    langer = (1.0 - 0.5 / abs(kappa)) ** 2
    first, last = diagonal.size, -1
    for i in range(diagonal.size):
        if langer * diagonal[i] ** 2 + upper[i] * lower[i] < 0.0:
            last = i
            if first > i:
                first = i
    return first, last


@compiled
def first_allowed(diagonal: FloatArray, upper: FloatArray, lower: FloatArray, kappa: int) -> int:
    """First index at which the motion is classically allowed, the last one if none is."""
    first, _ = _turning_points(diagonal, upper, lower, kappa)
    return min(first, diagonal.size - 1)


@compiled
def _outer_index(
    diagonal: FloatArray,
    upper: FloatArray,
    lower: FloatArray,
    step: float,
    turning: int,
    decay: float,
) -> int:
    exponent = 0.0
    index = turning
    while index < diagonal.size - 1 and exponent < decay:
        index += 1
        exponent += step * np.sqrt(max(0.0, diagonal[index] ** 2 + upper[index] * lower[index]))
    return index


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
def _find_bound(
    r: FloatArray, rate: FloatArray, weight: FloatArray, step: float, potential: FloatArray,
    kappa: int, nodes: int, c: float, lowest: float, guess: float,
    large: FloatArray, small: FloatArray, corrector: FloatArray, starter: FloatArray,
) -> tuple[float, float, int]:  # fmt: skip
    size = r.size
    diagonal, upper, lower = np.empty(size), np.empty(size), np.empty(size)
    p_out, q_out = np.zeros(size), np.zeros(size)
    p_in, q_in = np.zeros(size), np.zeros(size)
    none = np.zeros(0)
    floor, ceiling = lowest, 0.0
    energy = guess if lowest < guess < 0.0 else 0.5 * lowest
    correction = np.inf
    margin = corrector.size + 1
    for _ in range(200):
        dirac_coefficients(r, rate, potential, kappa, energy, c, diagonal, upper, lower)
        first, match = _turning_points(diagonal, upper, lower, kappa)
        if match < 2 * margin:
            floor = energy
            energy = 0.5 * (floor + ceiling)
            continue
        if match > size - 2 * margin:
            ceiling = energy
            energy = 0.5 * (floor + ceiling)
            continue
        start, exponent = start_index(diagonal, upper, lower, step, first)
        start = min(start, match - margin)
        end = max(_outer_index(diagonal, upper, lower, step, match, OUTER_DECAY), match + margin)
        p_out[start] = np.exp(-exponent)
        q_out[start] = p_out[start] * regular_start(diagonal[start], upper[start], lower[start])
        sweep(diagonal, upper, lower, none, none, p_out, q_out, start, match, step,
              corrector, starter)  # fmt: skip
        count = 0
        for i in range(start + 1, match + 1):
            if p_out[i] * p_out[i - 1] < 0.0:
                count += 1
        if count > nodes:
            ceiling = energy
        elif count < nodes:
            floor = energy
        if count != nodes:
            # Scaling towards the bracket's end suits energies that span orders of magnitude.
            energy = 0.5 * (floor + ceiling) if floor < 4.0 * ceiling else 0.5 * energy
            if not floor < energy < ceiling:
                energy = 0.5 * (floor + ceiling)
            continue
        p_in[end] = np.exp(-OUTER_DECAY)
        q_in[end] = p_in[end] * decaying_start(diagonal[end], upper[end], lower[end])
        sweep(diagonal, upper, lower, none, none, p_in, q_in, end, match, step,
              corrector, starter)  # fmt: skip
        scale = p_out[match] / p_in[match]
        norm = 0.0
        for i in range(start, match + 1):
            norm += weight[i] * (p_out[i] ** 2 + q_out[i] ** 2)
        for i in range(match + 1, end + 1):
            norm += weight[i] * scale**2 * (p_in[i] ** 2 + q_in[i] ** 2)
        correction = c * p_out[match] * (q_out[match] - scale * q_in[match]) / norm
        if correction > 0.0:
            floor = energy
        else:
            ceiling = energy
        small_enough = abs(correction) < 3e-14 * abs(energy)
        exhausted = ceiling - floor < 1e-15 * abs(energy)
        if small_enough or exhausted:
            inverse = 1.0 / np.sqrt(norm)
            large[:] = 0.0
            small[:] = 0.0
            for i in range(start, match + 1):
                large[i] = inverse * p_out[i]
                small[i] = inverse * q_out[i]
            for i in range(match + 1, end + 1):
                large[i] = inverse * scale * p_in[i]
                small[i] = inverse * scale * q_in[i]
            return energy + correction, correction, 0
        candidate = energy + correction
        energy = candidate if floor < candidate < ceiling else 0.5 * (floor + ceiling)
    return energy, correction, 1


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
    first, match = _turning_points(diagonal, upper, lower, kappa)
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
