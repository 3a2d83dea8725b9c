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


@compiled
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
    points = corrector.size
    forced = source_1.size > 0
    sign = 1 if last > first else -1
    h = sign * step
    unknowns = points - 1
    matrix = np.zeros((2 * unknowns, 2 * unknowns))
    right = np.zeros(2 * unknowns)
    slope_1 = np.zeros(points)
    slope_2 = np.zeros(points)
    slope_1[0] = -diagonal[first] * y1[first] + upper[first] * y2[first]
    slope_2[0] = lower[first] * y1[first] + diagonal[first] * y2[first]
    if forced:
        slope_1[0] += source_1[first]
        slope_2[0] += source_2[first]
    for i in range(unknowns):
        matrix[i, i] = 1.0
        matrix[unknowns + i, unknowns + i] = 1.0
        right[i] = y1[first] + h * starter[i, 0] * slope_1[0]
        right[unknowns + i] = y2[first] + h * starter[i, 0] * slope_2[0]
        for j in range(unknowns):
            k = first + sign * (j + 1)
            weight = h * starter[i, j + 1]
            matrix[i, j] += weight * diagonal[k]
            matrix[i, unknowns + j] -= weight * upper[k]
            matrix[unknowns + i, j] -= weight * lower[k]
            matrix[unknowns + i, unknowns + j] -= weight * diagonal[k]
            if forced:
                right[i] += weight * source_1[k]
                right[unknowns + i] += weight * source_2[k]
    block = np.linalg.solve(matrix, right)
    for j in range(unknowns):
        k = first + sign * (j + 1)
        y1[k] = block[j]
        y2[k] = block[unknowns + j]
        slope_1[j + 1] = -diagonal[k] * y1[k] + upper[k] * y2[k]
        slope_2[j + 1] = lower[k] * y1[k] + diagonal[k] * y2[k]
        if forced:
            slope_1[j + 1] += source_1[k]
            slope_2[j + 1] += source_2[k]
    newest = unknowns
    implicit = h * corrector[0]
    for step_index in range(points, abs(last - first) + 1):
        k = first + sign * step_index
        sum_1 = 0.0
        sum_2 = 0.0
        position = newest
        for j in range(1, points):
            sum_1 += corrector[j] * slope_1[position]
            sum_2 += corrector[j] * slope_2[position]
            position = position - 1 if position > 0 else points - 1
        known_1 = y1[k - sign] + h * sum_1
        known_2 = y2[k - sign] + h * sum_2
        if forced:
            known_1 += implicit * source_1[k]
            known_2 += implicit * source_2[k]
        d = implicit * diagonal[k]
        u = implicit * upper[k]
        lo = implicit * lower[k]
        determinant = 1.0 - d * d - u * lo
        value_1 = ((1.0 - d) * known_1 + u * known_2) / determinant
        value_2 = (lo * known_1 + (1.0 + d) * known_2) / determinant
        y1[k] = value_1
        y2[k] = value_2
        newest = newest + 1 if newest < points - 1 else 0
        slope_1[newest] = -diagonal[k] * value_1 + upper[k] * value_2
        slope_2[newest] = lower[k] * value_1 + diagonal[k] * value_2
        if forced:
            slope_1[newest] += source_1[k]
            slope_2[newest] += source_2[k]
