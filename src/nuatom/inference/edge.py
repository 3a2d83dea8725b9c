"""Minima where Newton's method has no start or ends at an empty bin: cells and nuisances, all at once."""

from __future__ import annotations

from typing import Final

import numpy as np

from nuatom.inference.interior import Linear, interior
from nuatom.inference.problem import CONVERGED, FREE, NOT_CONVERGED, IntArray, Problem
from nuatom.numerics.quadrature import FloatArray

__all__ = ["at_the_edge"]

_LINEARISATIONS: Final = 50
_SETTLED: Final = 1e-9
_AT_BOUND: Final = 1e-10
# Numbers worked on at once: eight megabytes.
_CHUNK: Final = 2**20


def at_the_edge(
    problem: Problem,
    fixed: FloatArray,
    templates: FloatArray,
    counts: FloatArray,
    centres: FloatArray,
    auxiliary: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
    """−2 ln λ at its minimum, nuisances, cells, and what became of each point; first axes are points.

    Products of cells and nuisances are linearised at each step: a few are enough, since cells are known well
    where they matter.
    """
    points, nuisances, bins = templates.shape
    cells = auxiliary.shape[1]
    size = nuisances + cells
    y = np.zeros((points, size))
    y[:, :nuisances] = np.clip(centres, problem.lower, problem.upper)
    chi2, status = np.full(points, np.inf), np.full(points, NOT_CONVERGED)
    portion = max(1, _CHUNK // max(size * (bins + cells), 1))
    for first in range(0, points, portion):
        rows = slice(first, first + portion)
        chi2[rows], y[rows], status[rows] = _portion(
            problem, fixed[rows], templates[rows], counts[rows], centres[rows], auxiliary[rows], y[rows]
        )
    # The method comes as near to a bound as rounding lets it, and leaves what nothing depends on anywhere.
    found = y[:, :nuisances]
    for bound in (problem.lower, problem.upper):
        found = np.where(np.abs(found - bound) < _AT_BOUND * (1.0 + np.abs(bound)), bound, found)
    moved = np.zeros(nuisances, dtype=bool)
    moved[problem.scaled[problem.scaled >= 0]] = True
    idle = (problem.kind == FREE) & ~moved & ~np.any(templates != 0.0, axis=2)
    found = np.where(idle, np.clip(centres, problem.lower, problem.upper), found)
    return chi2, found, y[:, nuisances:], status


def _portion(
    problem: Problem,
    fixed: FloatArray,
    templates: FloatArray,
    counts: FloatArray,
    centres: FloatArray,
    auxiliary: FloatArray,
    y: FloatArray,
) -> tuple[FloatArray, FloatArray, IntArray]:
    """As `at_the_edge`, of a few points, from sizes y."""
    before = np.full(len(y), np.inf)
    bilinear = bool(np.any(problem.scaled >= 0))
    for _ in range(_LINEARISATIONS):
        linear = _extended(problem, fixed, templates, counts, centres, auxiliary, y)
        with np.errstate(all="ignore"):
            y, status = interior(linear, y)
            chi2 = linear.statistic(y)
        settled = np.abs(chi2 - before) <= _SETTLED * np.maximum(1.0, np.abs(chi2))
        if not bilinear or np.all(settled | (status != CONVERGED)):
            return np.where(status == CONVERGED, chi2, np.inf), y, status
        before = chi2
    return chi2, y, np.where((status == CONVERGED) & ~settled, NOT_CONVERGED, status)


def _extended(
    problem: Problem,
    fixed: FloatArray,
    templates: FloatArray,
    counts: FloatArray,
    centres: FloatArray,
    auxiliary: FloatArray,
    y: FloatArray,
) -> Linear:
    """Cells as sizes beside the nuisances, and their auxiliary counts as bins."""
    points, nuisances, bins = templates.shape
    cells = auxiliary.shape[1]
    size = nuisances + cells
    columns, held = np.zeros((points, size, bins + cells)), np.zeros((points, bins + cells))
    data = np.zeros((points, bins + cells))
    columns[:, :nuisances, :bins], held[:, :bins], data[:, :bins] = templates, fixed, counts
    for b in np.flatnonzero(problem.cell >= 0):
        g, scale = problem.cell[b], problem.scaled[b]
        share = problem.weight[b] * (y[:, scale] if scale >= 0 else np.ones(points))
        columns[:, nuisances + g, b] = share
        if scale >= 0:
            columns[:, scale, b] += problem.weight[b] * y[:, nuisances + g]
            held[:, b] -= share * y[:, nuisances + g]
    counted = np.flatnonzero(problem.counted)
    columns[:, nuisances + counted, bins + counted] = problem.ratio[counted]
    data[:, bins + counted] = auxiliary[:, counted]
    return Linear(
        columns=columns,
        fixed=held,
        counts=data,
        centre=np.concatenate([centres, np.zeros((points, cells))], axis=1),
        gauss=np.concatenate([problem.gauss, ~problem.counted]),
        kind=np.concatenate([problem.kind, np.full(cells, FREE)]),
        sigma=np.concatenate([problem.sigma, np.ones(cells)]),
        lower=np.concatenate([problem.lower, np.zeros(cells)]),
        upper=np.concatenate([problem.upper, np.full(cells, np.inf)]),
    )
