"""Minima of the likelihood over its nuisances: which of two methods answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from nuatom.inference.problem import CONVERGED, IntArray, Point, Problem, room
from nuatom.numerics.quadrature import FloatArray

__all__ = ["minima"]

# Points times bins times what is fitted up to which array operations answer first: an experiment's limit.
FEW: Final = 250_000


def minima(
    problem: Problem, flat: Sequence[FloatArray], which: IntArray, row: int, *, simulated: bool
) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
    """−2 ln λ, nuisances, cells and what became of each point, by the method that answers first.

    A few points are found by array operations alone: no kernel is loaded for them, or compiled, which the
    first time takes longer than most fits. Many, and simulated experiments, whose best fits need kernels
    anyhow, are found by compiled kernels, those that end at an empty bin excepted. Both find the same minima.
    """
    from nuatom.inference.edge import at_the_edge

    points, nuisances, bins = len(which), problem.kind.size, problem.cell.size
    if not simulated and points * bins * (nuisances + problem.ratio.size) <= FEW:
        return at_the_edge(problem, *(array[index] for array, index in zip(flat, which.T, strict=True)))
    from nuatom.inference.minimise import minimise

    stacks = Point(flat[0][:, None], flat[1][:, None], *flat[2:])
    spare = Point(*(np.empty(array.shape[1:]) for array in stacks))
    chi2, nuisance, measured, status = minimise(problem, stacks, which, row, spare, room(problem))
    edge = status != CONVERGED
    if edge.any():
        rows = [array[index] for array, index in zip(flat, which[edge].T, strict=True)]
        chi2[edge], nuisance[edge], measured[edge], status[edge] = at_the_edge(problem, *rows)
    return chi2, nuisance, measured, status
