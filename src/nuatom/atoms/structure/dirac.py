"""Bound orbitals of the radial Dirac equation in a local potential.

Integration outward from the nucleus and inward from where the orbital has decayed, joined at the
outermost classical turning point. A mismatch of Q there gives the correction to the energy
(Johnson, Atomic Structure Theory, section 2.8; the sign is that of `nuatom.atoms.structure.orbital`):

    δE = c P (Q_out − Q_in) / ∫(P² + Q²)dr.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nuatom.atoms.structure.configuration import orbital_momentum, subshell_label
from nuatom.errors import ConvergenceError
from nuatom.numerics.adams import adams_tables, sweep
from nuatom.numerics.compiled import compiled
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid

__all__ = [
    "BoundSolution",
    "bound_orbital",
    "decaying_start",
    "dirac_coefficients",
    "first_allowed",
    "regular_start",
    "start_index",
    "turning_points",
]

INNER_DECAY = 100.0
"""Where an orbital is e^−100 of its value at the turning point, outward integration starts."""

OUTER_DECAY = 42.0
"""Where it has fallen to e^−42, below the last digit, inward integration starts."""


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
def turning_points(diagonal: FloatArray, upper: FloatArray, lower: FloatArray, kappa: int) -> tuple[int, int]:
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
    first, _ = turning_points(diagonal, upper, lower, kappa)
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
        first, match = turning_points(diagonal, upper, lower, kappa)
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
