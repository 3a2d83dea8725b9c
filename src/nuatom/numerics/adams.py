"""Adams-Moulton integration of two coupled linear equations on a uniform variable.

The radial Dirac equation, and every equation like it, has the traceless form

    y₁' = −d y₁ + u y₂ + s₁,    y₂' = l y₁ + d y₂ + s₂,

in a variable of constant step h. Because it is linear, the implicit Adams-Moulton corrector
y_{n+1} = y_n + h Σ_j a_j y'_{n+1−j} is solved exactly at every step: nothing is predicted
(Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, section III.1; for the
radial Dirac equation, Johnson, Atomic Structure Theory, section 2.3.1). The first points are found
together, from the requirement that the polynomial through all their slopes integrates to their
values.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import NamedTuple

import numpy as np

from nuatom.numerics.compiled import compiled
from nuatom.numerics.quadrature import FloatArray

__all__ = ["POINTS", "AdamsTables", "adams_tables", "sweep"]

POINTS = 10
"""Slopes in one Adams-Moulton step; the local error is of order h^(POINTS + 1).

On a wave e^{ikt} ten slopes are stable up to kh = 0.25, eleven only to 0.14: more is not better."""


class AdamsTables(NamedTuple):
    """Corrector coefficients a_j, newest slope first, and integrals of the starting polynomial."""

    corrector: FloatArray
    starter: FloatArray


@cache
def adams_tables(points: int = POINTS) -> AdamsTables:
    """Coefficients of the ``points``-slope corrector and of its starting block.

    ``starter[i, j]`` is the integral of the j-th Lagrange polynomial of nodes 0..points−1 from 0
    to node i + 1; the corrector is the integral over the last interval.
    """
    exact = [_lagrange_integrals(points, node) for node in range(points)]
    starter = np.array([[float(value) for value in row] for row in exact]).T.copy()
    corrector = np.array([float(row[-1] - row[-2]) for row in reversed(exact)])
    for table in (corrector, starter):
        table.setflags(write=False)
    return AdamsTables(corrector, starter)


def _lagrange_integrals(points: int, node: int) -> list[Fraction]:
    """Integrals from 0 to 1, 2, ..., points − 1 of the polynomial that is 1 at ``node`` only."""
    polynomial = [Fraction(1)]
    for other in range(points):
        if other != node:
            shifted = [Fraction(0), *polynomial]
            scaled = [*(other * value for value in polynomial), Fraction(0)]
            polynomial = [(a - b) / (node - other) for a, b in zip(shifted, scaled, strict=True)]
    return [
        sum((c * Fraction(end) ** (k + 1) / (k + 1) for k, c in enumerate(polynomial)), Fraction())
        for end in range(1, points)
    ]


def sweep(
    diagonal: FloatArray,
    upper: FloatArray,
    lower: FloatArray,
    source_1: FloatArray,
    source_2: FloatArray,
    y1: FloatArray,
    y2: FloatArray,
    first: int,
    last: int,
    step: float,
    corrector: FloatArray,
    starter: FloatArray,
) -> None:
    """Integrate from index ``first`` to ``last`` (either direction), in place.

    Parameters
    ----------
    diagonal, upper, lower : ndarray, shape (n,)
        d, u and l of the module's equation.
    source_1, source_2 : ndarray, shape (n,) or (0,)
        s₁ and s₂; empty arrays for a homogeneous equation.
    y1, y2 : ndarray, shape (n,)
        Solution; the values at ``first`` are the initial condition.
    first, last : int
        Range to fill, both ends included, at least ``corrector.size`` points.
    step : float
        Spacing h > 0 of the variable.
    corrector, starter : ndarray
        From `adams_tables`.
    """
    size, unknowns = diagonal.size, 2 * starter.shape[0]
    force_1, force_2 = (np.zeros((2, size))) if source_1.size == 0 else (source_1, source_2)
    sign = 1 if last > first else -1
    _start(
        diagonal, upper, lower, force_1, force_2, y1, y2, first, sign, sign * step, starter,
        np.empty((unknowns, unknowns + 1)),
    )  # fmt: skip
    _march(
        diagonal, upper, lower, force_1, force_2, y1, y2, first, last, sign, sign * step, corrector,
        np.empty(size), np.empty(size),
    )  # fmt: skip


@compiled
def _start(
    diagonal: FloatArray, upper: FloatArray, lower: FloatArray, force_1: FloatArray, force_2: FloatArray,
    y1: FloatArray, y2: FloatArray, first: int, sign: int, h: float, starter: FloatArray, system: FloatArray,
) -> None:  # fmt: skip
    """Fill the points after the first whose slopes' polynomial integrates to their values."""
    count = starter.shape[0]
    size = 2 * count
    for i in range(count):
        system[i, size] = y1[first]
        system[count + i, size] = y2[first]
        for j in range(count + 1):
            k = first + sign * j
            weight = h * starter[i, j]
            known_1, known_2 = force_1[k], force_2[k]
            if j == 0:
                known_1 += upper[k] * y2[k] - diagonal[k] * y1[k]
                known_2 += lower[k] * y1[k] + diagonal[k] * y2[k]
            else:
                same = 1.0 if j == i + 1 else 0.0
                system[i, j - 1] = same + weight * diagonal[k]
                system[i, count + j - 1] = -weight * upper[k]
                system[count + i, j - 1] = -weight * lower[k]
                system[count + i, count + j - 1] = same - weight * diagonal[k]
            system[i, size] += weight * known_1
            system[count + i, size] += weight * known_2
    # Gauss and Jordan, with row exchanges: a library's solver compiles for seconds.
    for column in range(size):
        pivot = column
        for row in range(column + 1, size):
            if abs(system[row, column]) > abs(system[pivot, column]):
                pivot = row
        inverse = 1.0 / system[pivot, column]
        for j in range(column, size + 1):
            scaled = system[pivot, j] * inverse
            system[pivot, j] = system[column, j]
            system[column, j] = scaled
        for row in range(size):
            if row != column:
                factor = system[row, column]
                for j in range(column, size + 1):
                    system[row, j] -= factor * system[column, j]
    for j in range(count):
        k = first + sign * (j + 1)
        y1[k], y2[k] = system[j, size], system[count + j, size]


@compiled
def _march(
    diagonal: FloatArray, upper: FloatArray, lower: FloatArray, force_1: FloatArray, force_2: FloatArray,
    y1: FloatArray, y2: FloatArray, first: int, last: int, sign: int, h: float, corrector: FloatArray,
    slope_1: FloatArray, slope_2: FloatArray,
) -> None:  # fmt: skip
    """Step on from the starting block; the two slopes are room to work in."""
    points = corrector.size
    implicit, newest = h * corrector[0], h * corrector[1]
    for step_index in range(abs(last - first) + 1):
        k = first + sign * step_index
        value_1, value_2 = y1[k], y2[k]
        if step_index >= points:
            # What does not wait for the last step comes first: the processor does it meanwhile.
            d, u, l = implicit * diagonal[k], implicit * upper[k], implicit * lower[k]  # noqa: E741
            inverse = 1.0 / (1.0 - d * d - u * l)
            older_1, older_2 = 0.0, 0.0
            for j in range(2, points):
                older_1 += corrector[j] * slope_1[k - sign * j]
                older_2 += corrector[j] * slope_2[k - sign * j]
            older_1 = h * older_1 + implicit * force_1[k]
            older_2 = h * older_2 + implicit * force_2[k]
            before = k - sign
            known_1 = older_1 + (y1[before] + newest * slope_1[before])
            known_2 = older_2 + (y2[before] + newest * slope_2[before])
            value_1 = inverse * ((1.0 - d) * known_1 + u * known_2)
            value_2 = inverse * (l * known_1 + (1.0 + d) * known_2)
            y1[k], y2[k] = value_1, value_2
        slope_1[k] = -diagonal[k] * value_1 + upper[k] * value_2 + force_1[k]
        slope_2[k] = lower[k] * value_1 + diagonal[k] * value_2 + force_2[k]
