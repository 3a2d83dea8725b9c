"""Expected counts at one point, cells profiled, and −2 ln λ with its derivatives: compiled."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nuatom.inference.cells import shares, size_of_cell
from nuatom.inference.problem import GAUSS, LOGNORMAL, IntArray, Point, Problem, Work
from nuatom.numerics.compiled import compiled
from nuatom.numerics.quadrature import FloatArray

__all__ = ["derivatives", "value"]

# The first step from afar takes the curvature 1/λ, but within this factor of n/λ².
_REACH: Final = 4.0
# Far from its centre a lognormal penalty is concave: its curvature there is this part of that at the centre.
_LEAST_CURVATURE: Final = 0.05


@compiled
def _assemble(point: Point, x: FloatArray, work: Work) -> None:
    """Templates at the parameter's value, the last of x where there is one, and the expectation of all."""
    if point.templates.shape[0] == 1:
        _sum(point.fixed[0], point.templates[0], x, work.expected)
        return
    fixed, coefficients, templates, scratch = point.fixed, point.templates, work.templates, work.scratch
    nuisances, bins = templates.shape
    theta = x[nuisances]
    square = theta * theta
    for b in range(bins):
        scratch[b] = fixed[0, b] + theta * fixed[1, b] + square * fixed[2, b]
    for k in range(nuisances):
        for b in range(bins):
            templates[k, b] = (
                coefficients[0, k, b] + theta * coefficients[1, k, b] + square * coefficients[2, k, b]
            )
    _sum(scratch, templates, x, work.expected)


@compiled
def _sum(fixed: FloatArray, templates: FloatArray, x: FloatArray, expected: FloatArray) -> None:
    """Expectations: what is fixed, and templates of given sizes."""
    nuisances, bins = templates.shape
    for b in range(bins):
        expected[b] = fixed[b]
    for k in range(nuisances):
        size = x[k]
        if size != 0.0:
            for b in range(bins):
                expected[b] += size * templates[k, b]


@compiled
def _place_cells(problem: Problem, point: Point, x: FloatArray, work: Work) -> float:
    """Size each cell, add it to the expectations, and return what auxiliary counts add to −2 ln λ."""
    expected, total = work.expected, 0.0
    shares(problem, x, work.share)
    for g in range(work.cells.size):
        members = problem.member[problem.start[g] : problem.start[g + 1]]
        auxiliary = point.auxiliary[g] if problem.counted[g] else 0.0
        t, face = size_of_cell(
            work.cells[g], members, work.share, expected, point.counts, auxiliary, problem.ratio[g]
        )
        work.cells[g], work.face[g] = t, face
        for b in members:
            expected[b] += max(work.share[b], 0.0) * t
        if face >= 0:
            expected[face] = 0.0
        if problem.counted[g]:
            m, mean = point.auxiliary[g], problem.ratio[g] * t
            if m > 0.0:
                total += 2.0 * (mean - m + m * np.log(m / mean)) if mean > 0.0 else np.inf
            else:
                total += 2.0 * mean
    return total


@compiled
def value(problem: Problem, point: Point, x: FloatArray, work: Work) -> float:
    """−2 ln λ, infinite where it has no value; leaves expectations and cells in ``work``."""
    _assemble(point, x, work)
    total = _place_cells(problem, point, x, work) if work.cells.size > 0 else 0.0
    total += _deviance(work.expected, point.counts, problem.gauss)
    total += _penalty(x, point.centres, problem.kind, problem.sigma)
    return total if total == total else np.inf


@compiled
def _deviance(expected: FloatArray, counts: FloatArray, gauss: NDArray[np.bool_]) -> float:
    """What the bins add to −2 ln λ."""
    total = 0.0
    for b in range(expected.size):
        n, mean = counts[b], expected[b]
        if gauss[b]:
            total += (mean - n) ** 2
        elif n > 0.0:
            if not mean > 0.0:
                return np.inf
            total += 2.0 * (mean - n + n * np.log(n / mean))
        elif mean >= 0.0:
            total += 2.0 * mean
        else:
            return np.inf
    return total


@compiled
def _penalty(x: FloatArray, centres: FloatArray, kind: IntArray, sigma: FloatArray) -> float:
    """What the constraints add to −2 ln λ."""
    total = 0.0
    for k in range(kind.size):
        if kind[k] == GAUSS:
            total += ((x[k] - centres[k]) / sigma[k]) ** 2
        elif kind[k] == LOGNORMAL:
            if not x[k] > 0.0:
                return np.inf
            total += (np.log(x[k] / centres[k]) / sigma[k]) ** 2
    return total


@compiled
def _bin_derivatives(
    expected: FloatArray,
    counts: FloatArray,
    gauss: NDArray[np.bool_],
    afar: bool,
    slope: FloatArray,
    weight: FloatArray,
) -> None:
    """First and second derivative of −2 ln λ with respect to each expectation."""
    for b in range(expected.size):
        n, mean = counts[b], expected[b]
        if gauss[b]:
            slope[b], weight[b] = 2.0 * (mean - n), 2.0
        elif n == 0.0:
            slope[b], weight[b] = 2.0, 0.0
        else:
            ratio = n / mean
            slope[b] = 2.0 * (1.0 - ratio)
            curvature = min(max(1.0, ratio / _REACH), ratio * _REACH) if afar else ratio
            weight[b] = 2.0 * curvature / mean


@compiled
def _normal_equations(
    tangent: FloatArray,
    slope: FloatArray,
    weight: FloatArray,
    scratch: FloatArray,
    gradient: FloatArray,
    hessian: FloatArray,
) -> None:
    """Gradient and lower half of the Hessian that the bins give."""
    fitted, bins = tangent.shape
    for k in range(fitted):
        total = 0.0
        for b in range(bins):
            total += tangent[k, b] * slope[b]
            scratch[b] = tangent[k, b] * weight[b]
        gradient[k] = total
        for m in range(k + 1):
            total = 0.0
            for b in range(bins):
                total += scratch[b] * tangent[m, b]
            hessian[k, m] = total


@compiled
def _add_constraints(
    x: FloatArray,
    centres: FloatArray,
    kind: IntArray,
    sigma: FloatArray,
    gradient: FloatArray,
    hessian: FloatArray,
) -> None:
    """Derivatives of the constraints."""
    for k in range(kind.size):
        if kind[k] == GAUSS:
            precision = 2.0 / sigma[k] ** 2
            gradient[k] += precision * (x[k] - centres[k])
            hessian[k, k] += precision
        elif kind[k] == LOGNORMAL:
            precision = 2.0 / (sigma[k] * x[k]) ** 2
            pull = np.log(x[k] / centres[k])
            gradient[k] += precision * x[k] * pull
            hessian[k, k] += precision * max(1.0 - pull, _LEAST_CURVATURE)


@compiled
def _tangents(problem: Problem, point: Point, x: FloatArray, work: Work, templates: FloatArray) -> FloatArray:
    """Derivatives of the expectations with respect to what is fitted, cells kept."""
    nuisances, bins = templates.shape
    moves = point.templates.shape[0] > 1
    tangent = work.tangent
    for k in range(nuisances):
        for b in range(bins):
            tangent[k, b] = templates[k, b]
    if moves:
        theta = x[nuisances]
        for b in range(bins):
            tangent[nuisances, b] = point.fixed[1, b] + 2.0 * theta * point.fixed[2, b]
        for k in range(nuisances):
            for b in range(bins):
                tangent[nuisances, b] += x[k] * (
                    point.templates[1, k, b] + 2.0 * theta * point.templates[2, k, b]
                )
    for b in range(bins):
        if problem.scaled[b] >= 0:
            tangent[problem.scaled[b], b] += problem.weight[b] * work.cells[problem.cell[b]]
    return tangent


@compiled
def _cell_weights(problem: Problem, point: Point, work: Work) -> None:
    """What a cell that moves takes from the curvature of its one bin; what moves with an empty bin."""
    for g in range(work.cells.size):
        t, face, first = work.cells[g], work.face[g], problem.start[g]
        if face == -2:
            continue
        auxiliary = point.auxiliary[g] if problem.counted[g] else 0.0
        if face >= 0:
            # The cell keeps the expectation of this bin at zero, whatever the other samples give.
            total = problem.ratio[g] - (auxiliary / t if auxiliary > 0.0 else 0.0)
            for i in range(first, problem.start[g + 1]):
                b = problem.member[i]
                total += 0.5 * max(work.share[b], 0.0) * work.slope[b]
            work.slope[face] -= 2.0 * total / work.share[face]
        elif problem.start[g + 1] - first == 1 and problem.scaled[problem.member[first]] < 0:
            b = problem.member[first]
            own, rest = work.weight[b] * problem.weight[b] ** 2, 2.0 * auxiliary / (t * t)
            work.weight[b] *= rest / (own + rest) if own > 0.0 else 1.0


@compiled
def _eliminate_cells(problem: Problem, point: Point, work: Work, tangent: FloatArray, exact: bool) -> None:
    """Schur complement of the cells that have several bins, or a nuisance."""
    fitted = tangent.shape[0]
    along = work.step
    for g in range(work.cells.size):
        first, last = problem.start[g], problem.start[g + 1]
        single = last - first == 1 and problem.scaled[problem.member[first]] < 0
        if work.face[g] != -1 or single:
            continue
        diagonal = 2.0 * point.auxiliary[g] / work.cells[g] ** 2 if problem.counted[g] else 0.0
        for k in range(fitted):
            along[k] = 0.0
        for i in range(first, last):
            b = problem.member[i]
            c = work.share[b]
            if c <= 0.0:
                continue
            diagonal += work.weight[b] * c * c
            for k in range(fitted):
                along[k] += work.weight[b] * c * tangent[k, b]
            if exact and problem.scaled[b] >= 0:
                along[problem.scaled[b]] += work.slope[b] * problem.weight[b]
        if diagonal > 0.0:
            for k in range(fitted):
                for m in range(k + 1):
                    work.hessian[k, m] -= along[k] * along[m] / diagonal


@compiled
def _bend(point: Point, x: FloatArray, work: Work) -> None:
    """Second derivatives of expectations that are quadratic in the parameter, times the slopes of bins."""
    nuisances, bins = point.templates.shape[1:]
    theta = x[nuisances]
    for b in range(bins):
        work.hessian[nuisances, nuisances] += 2.0 * work.slope[b] * point.fixed[2, b]
    for k in range(nuisances):
        mixed, twice = 0.0, 0.0
        for b in range(bins):
            linear, square = point.templates[1, k, b], point.templates[2, k, b]
            mixed += work.slope[b] * (linear + 2.0 * theta * square)
            twice += work.slope[b] * square
        work.hessian[nuisances, k] += mixed
        work.hessian[nuisances, nuisances] += 2.0 * x[k] * twice


@compiled
def derivatives(problem: Problem, point: Point, x: FloatArray, work: Work, exact: bool, afar: bool) -> None:
    """Gradient and lower half of the Hessian of −2 ln λ with the cells profiled, after `value`.

    Without ``exact`` terms that can make the Hessian indefinite are left out: second derivatives of the
    expectations with respect to what is fitted.
    """
    moves, cells = point.templates.shape[0] > 1, work.cells.size > 0
    tangent: FloatArray = work.templates if moves else point.templates[0]
    _bin_derivatives(work.expected, point.counts, problem.gauss, afar, work.slope, work.weight)
    if moves or cells:
        tangent = _tangents(problem, point, x, work, tangent)
    if cells:
        _cell_weights(problem, point, work)
    _normal_equations(tangent, work.slope, work.weight, work.scratch, work.gradient, work.hessian)
    if cells:
        _eliminate_cells(problem, point, work, tangent, exact)
    if moves and exact:
        _bend(point, x, work)
    _add_constraints(x, point.centres, problem.kind, problem.sigma, work.gradient, work.hessian)
