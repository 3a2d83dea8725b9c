"""Bound orbitals of the radial Dirac equation in a local potential.

Integration outward from the nucleus and inward from where the orbital has decayed, joined at the
outermost classical turning point. A mismatch of Q there gives the correction to the energy
(Johnson, Atomic Structure Theory, section 2.8; the sign is that of `nuatom.atoms.structure.orbital`):

    δE = c P (Q_out − Q_in) / ∫(P² + Q²)dr.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from nuatom.atoms.structure.configuration import orbital_momentum, subshell_label
from nuatom.errors import ConvergenceError
from nuatom.numerics.adams import POINTS, adams_tables, sweep
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid

__all__ = [
    "BoundSolution",
    "Coefficients",
    "bound_orbital",
    "decay_per_step",
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


LARGEST_SEARCH = 200
"""Energies tried for one orbital."""

MARGIN = POINTS + 1
"""Points that an integration needs at least."""


class Coefficients(NamedTuple):
    """d, u and l of `nuatom.numerics.adams`: the Dirac equation in the grid's variable."""

    diagonal: FloatArray
    upper: FloatArray
    lower: FloatArray


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
    lowest = float(potential.min())
    floor, ceiling = max(1.05 * lowest, -1.999 * speed_of_light**2), 0.0
    energy = 0.5 * lowest if guess is None else guess
    energy = energy if floor < energy < 0.0 else 0.5 * floor
    nodes, correction = n - orbital_momentum(kappa) - 1, np.inf
    for _ in range(LARGEST_SEARCH):
        equation = dirac_coefficients(grid, potential, kappa, energy, speed_of_light)
        first, match = turning_points(equation, kappa)
        if not 2 * MARGIN <= match <= grid.size - 2 * MARGIN:
            floor, ceiling = (energy, ceiling) if match < 2 * MARGIN else (floor, energy)
            energy = 0.5 * (floor + ceiling)
            continue
        start, outer = _outward(grid.step, equation, first, match)
        change = np.count_nonzero(outer[0, start + 1 : match + 1] * outer[0, start:match] < 0.0) - nodes
        if change:
            floor, ceiling = (floor, energy) if change > 0 else (energy, ceiling)
            energy = _between(floor, ceiling, energy)
            continue
        correction, large, small = _joined(grid, equation, match, outer, speed_of_light)
        floor, ceiling = (energy, ceiling) if correction > 0.0 else (floor, energy)
        if abs(correction) < 3e-14 * abs(energy) or ceiling - floor < 1e-15 * abs(energy):
            return BoundSolution(energy + correction, large, small, correction)
        candidate = energy + correction
        energy = candidate if floor < candidate < ceiling else 0.5 * (floor + ceiling)
    raise ConvergenceError(
        f"{subshell_label(n, kappa)} is not bound inside {grid.r[-1]:.4g} bohr: "
        f"energy {energy:.6g} hartree, last correction {correction:.3g}"
    )


def _between(floor: float, ceiling: float, energy: float) -> float:
    """Next energy of a search by nodes."""
    # Scaling towards the bracket's end suits energies that span orders of magnitude.
    scaled = 0.5 * (floor + ceiling) if floor < 4.0 * ceiling else 0.5 * energy
    return scaled if floor < scaled < ceiling else 0.5 * (floor + ceiling)


def _outward(step: float, equation: Coefficients, first: int, match: int) -> tuple[int, FloatArray]:
    """Where it starts, and P and Q from there to ``match``."""
    start, exponent = start_index(equation, step, first)
    start = min(start, match - MARGIN)
    outer = np.zeros((2, equation.diagonal.size))
    outer[0, start] = math.exp(-exponent)
    outer[1, start] = outer[0, start] * regular_start(*(float(part[start]) for part in equation))
    none = np.zeros(0)
    sweep(*equation, none, none, outer[0], outer[1], start, match, step, *adams_tables())
    return start, outer


def _joined(
    grid: RadialGrid, equation: Coefficients, match: int, outer: FloatArray, speed_of_light: float
) -> tuple[float, FloatArray, FloatArray]:
    """Correction to the energy, and P and Q normalised, with the integration inward joined on."""
    decay = np.cumsum(decay_per_step(equation, grid.step, slice(match + 1, None)))
    end = min(match + 1 + int(np.searchsorted(decay, OUTER_DECAY)), grid.size - 1)
    end = max(end, match + MARGIN)
    inner = np.zeros((2, grid.size))
    inner[0, end] = math.exp(-OUTER_DECAY)
    inner[1, end] = inner[0, end] * decaying_start(*(float(part[end]) for part in equation))
    none = np.zeros(0)
    sweep(*equation, none, none, inner[0], inner[1], end, match, grid.step, *adams_tables())
    scale = outer[0, match] / inner[0, match]
    orbital = scale * inner
    step_in_q = outer[1, match] - orbital[1, match]
    orbital[:, : match + 1] = outer[:, : match + 1]
    norm = float((orbital * orbital @ grid.weight).sum())
    correction = float(speed_of_light * orbital[0, match] * step_in_q / norm)
    large, small = orbital / math.sqrt(norm)
    return correction, large, small


def dirac_coefficients(
    grid: RadialGrid, potential: FloatArray, kappa: int, energy: float, speed_of_light: float
) -> Coefficients:
    """Coefficients of the Dirac equation in a local potential on the points of ``grid``."""
    kinetic = (energy - potential) / speed_of_light
    return Coefficients(
        kappa * grid.rate / grid.r, grid.rate * (2.0 * speed_of_light + kinetic), -grid.rate * kinetic
    )


def decay_per_step(equation: Coefficients, step: float, where: slice) -> FloatArray:
    """e-folds per step of the solutions in frozen coefficients, zero where motion is allowed."""
    diagonal, upper, lower = (part[where] for part in equation)
    square = diagonal * diagonal + upper * lower
    rate: FloatArray = step * np.sqrt(np.maximum(square, 0.0))
    return rate


def start_index(equation: Coefficients, step: float, turning: int) -> tuple[int, float]:
    """Where outward integration starts, and how many e-folds that is below the turning point."""
    if turning == 0:
        return 0, 0.0
    decay = np.cumsum(decay_per_step(equation, step, slice(turning - 1, None, -1)))
    steps = min(int(np.searchsorted(decay, INNER_DECAY)), turning - 1)
    return turning - 1 - steps, float(decay[steps])


def regular_start(diagonal: float, upper: float, lower: float) -> float:
    """Q/P of the solution that grows outward in frozen coefficients."""
    rate = math.sqrt(max(0.0, diagonal**2 + upper * lower))
    if diagonal > 0.0:
        return (rate + diagonal) / upper
    return lower / (rate - diagonal)


def decaying_start(diagonal: float, upper: float, lower: float) -> float:
    """Q/P of the solution that decays outward in frozen coefficients."""
    rate = math.sqrt(max(0.0, diagonal**2 + upper * lower))
    if diagonal > 0.0:
        return -lower / (rate + diagonal)
    return (diagonal - rate) / upper


def turning_points(equation: Coefficients, kappa: int) -> tuple[int, int]:
    """First and last index at which the motion is classically allowed; (n, −1) if none is.

    Langer's (|κ| − ½)² in the place of κ² leaves room for the circular orbitals as well.
    """
    langer = (1.0 - 0.5 / abs(kappa)) ** 2
    allowed = langer * equation.diagonal**2 + equation.upper * equation.lower < 0.0
    first = int(allowed.argmax())
    if not allowed[first]:
        return allowed.size, -1
    return first, allowed.size - 1 - int(allowed[::-1].argmax())


def first_allowed(equation: Coefficients, kappa: int) -> int:
    """First index at which the motion is classically allowed, the last one if none is."""
    return min(turning_points(equation, kappa)[0], equation.diagonal.size - 1)
