"""Expected counts of many points or data sets, and −2 ln λ with its derivatives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from nuatom.inference.problem import GAUSS, LOGNORMAL, Problem, Rows
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Derivatives", "Expectation"]

# The first step from afar takes the curvature 1/λ, but within this factor of n/λ².
_REACH: Final = 4.0
# Far from its centre a lognormal penalty is concave: its curvature there is this part of that at the centre.
_LEAST_CURVATURE: Final = 0.05
# Products of matrices larger than this are spread over threads, which takes longer than they do.
_SMALL: Final = 2**18


@dataclass(frozen=True, eq=False)
class Derivatives:
    """Gradients and second derivatives of −2 ln λ, in x and in the cells: their block is diagonal."""

    gradient: FloatArray
    hessian: FloatArray
    cell_gradient: FloatArray
    cell_hessian: FloatArray
    mixed: FloatArray


@dataclass(frozen=True, eq=False)
class Expectation:
    """Expectations of rows at nuisances, and a parameter behind them where there is one, and at cells.

    Parameters
    ----------
    problem : Problem
        What rows share; no nuisance is held.
    rows : Rows
        Templates and data.
    x : ndarray, shape (rows, nuisances or nuisances + 1)
        Nuisances and the parameter.
    cells : ndarray, shape (rows, cells)
        Sizes of cells.
    """

    problem: Problem
    rows: Rows
    x: FloatArray
    cells: FloatArray

    @cached_property
    def _powers(self) -> FloatArray:
        """1, θ and θ², shape (rows, 3)."""
        theta = self.x[:, -1]
        return np.stack([np.ones_like(theta), theta, theta * theta], axis=1)

    @cached_property
    def _coefficients(self) -> FloatArray:
        """Polynomials of expectations but for the cells, shape (rows, 1 or 3, bins)."""
        templates = self.rows.templates
        sizes = self.x[:, : templates.shape[2]]
        if len(templates) == 1:
            degrees, nuisances, bins = templates.shape[1:]
            flat = templates[0].swapaxes(0, 1).reshape(nuisances, degrees * bins)
            total = _product(sizes, flat).reshape(len(sizes), degrees, bins)
        else:
            total = (sizes[:, None, None] @ templates)[:, :, 0]
        total += self.rows.fixed
        return total

    @cached_property
    def shares(self) -> FloatArray:
        """What the size of its cell adds to each bin, for each unit of it: shape (rows or 1, bins)."""
        problem = self.problem
        weight = np.where(problem.cell >= 0, problem.weight, 0.0)[None]
        scaled = problem.scaled >= 0
        return np.where(scaled, weight * self.x[:, problem.scaled], weight) if scaled.any() else weight

    def onto_cells(self, values: FloatArray) -> FloatArray:
        """Sum over the bins of each cell of values (rows, ..., bins) times the shares: (rows, ..., cells)."""
        if len(self.shares) == 1:
            found: FloatArray = values @ (self.shares.T * self.problem.belongs)
            return found
        return (
            values * self.shares.reshape(len(values), *(1,) * (values.ndim - 2), -1)
        ) @ self.problem.belongs

    @cached_property
    def mean(self) -> FloatArray:
        """Expectations, shape (rows, bins)."""
        parts, problem = self._coefficients, self.problem
        total: FloatArray = (
            np.einsum("pj,pjb->pb", self._powers, parts) if self.rows.polynomial else parts[:, 0]
        )
        if problem.cells:
            total = total + self.shares * (self.cells @ problem.belongs.T)
        return total

    @cached_property
    def _empty(self) -> FloatArray:
        """One where nothing was counted, else zero."""
        return np.equal(self.rows.counts, 0.0).astype(float)

    @cached_property
    def _ratio(self) -> FloatArray:
        """Counts over expectations; zero where nothing was counted."""
        ratio: FloatArray = self.rows.counts / self.mean
        # Nothing over nothing is not a number.
        return np.where(self._empty, 0.0, ratio) if self._empty.any() else ratio

    @cached_property
    def statistic(self) -> FloatArray:
        """−2 ln λ, infinite where it has no value; shape (rows,)."""
        problem, counts, mean = self.problem, self.rows.counts, self.mean
        bins = counts * np.log(self._ratio + self._empty)
        bins += mean
        bins -= counts
        least = mean
        if problem.gauss.any():
            bins = np.where(problem.gauss, 0.5 * (mean - counts) ** 2, bins)
            least = mean[:, ~problem.gauss]
        total: FloatArray = 2.0 * bins.sum(axis=1) + self._penalty
        if problem.cells:
            total += self._auxiliary
        total[(least.min(axis=1, initial=0.0) < 0.0) | np.isnan(total)] = np.inf
        return total

    @cached_property
    def _penalty(self) -> FloatArray:
        """What the constraints add to −2 ln λ."""
        problem, centres = self.problem, self.rows.centres
        x = self.x[:, : problem.kind.size]
        gauss, lognormal = problem.kind == GAUSS, problem.kind == LOGNORMAL
        total: FloatArray = (((x - centres)[:, gauss] / problem.sigma[gauss]) ** 2).sum(axis=1)
        if lognormal.any():
            pull = np.log(x[:, lognormal] / centres[:, lognormal]) / problem.sigma[lognormal]
            total = total + (pull**2).sum(axis=1)
        return total

    @cached_property
    def _auxiliary(self) -> FloatArray:
        """What the counts of measured samples add to −2 ln λ."""
        m, mean = self.rows.auxiliary, self.problem.ratio * self.cells
        counted = self.problem.counted & (m > 0.0)
        ratio = np.divide(m, mean, out=np.ones_like(mean), where=counted)
        parts = 2.0 * (mean - np.where(counted, m, 0.0) + np.where(counted, m * np.log(ratio), 0.0))
        total: FloatArray = np.where(self.problem.counted, parts, 0.0).sum(axis=1)
        return total

    @property
    def empties(self) -> FloatArray:
        """Whether a bin without counts is below zero, for each row."""
        below = (self.mean < 0.0) & (self.rows.counts == 0.0) & ~self.problem.gauss
        found: FloatArray = below.any(axis=1)
        return found

    def _tangent(self) -> FloatArray:
        """Derivatives of the expectations with respect to x, shape (rows or 1, fitted, bins)."""
        templates, problem = self.rows.templates, self.problem
        _, degrees, nuisances, bins = templates.shape
        if not self.rows.polynomial:
            tangent = templates[:, 0]
        else:
            tangent = np.empty((len(self.x), nuisances + 1, bins))
            if len(templates) == 1:
                at = self._powers @ templates.reshape(degrees, nuisances * bins)
                tangent[:, :nuisances] = at.reshape(len(at), nuisances, bins)
            else:
                tangent[:, :nuisances] = np.einsum("pj,pjkb->pkb", self._powers, templates)
            tangent[:, nuisances] = self._coefficients[:, 1] + 2.0 * self.x[:, -1:] * self._coefficients[:, 2]
        scaled = np.flatnonzero(problem.scaled >= 0)
        if scaled.size:
            tangent = np.array(np.broadcast_to(tangent, (len(self.x), *tangent.shape[1:])))
            tangent[:, problem.scaled[scaled], scaled] += (
                problem.weight[scaled] * self.cells[:, problem.cell[scaled]]
            )
        return tangent

    def derivatives(self, *, exact: bool, afar: bool) -> Derivatives:
        """Derivatives of −2 ln λ.

        Without ``exact`` second derivatives of the expectations are left out, which can make what they are
        part of indefinite; from ``afar`` the curvature 1/λ takes the place of n/λ².
        """
        problem, counts, mean = self.problem, self.rows.counts, self.mean
        ratio = self._ratio
        slope = 2.0 - 2.0 * ratio
        curvature = np.minimum(np.maximum(1.0, ratio / _REACH), ratio * _REACH) if afar else ratio
        weight = 2.0 * curvature / mean
        if self._empty.any():
            weight = np.where(self._empty, 0.0, weight)
        if problem.gauss.any():
            slope = np.where(problem.gauss, 2.0 * (mean - counts), slope)
            weight = np.where(problem.gauss, 2.0, weight)
        tangent = self._tangent()
        gradient = _along(tangent, slope)
        if len(tangent) == 1 and len(weight) > 1:
            hessian, mixed = self._shared(tangent[0], weight)
        else:
            weighted = tangent * weight[:, None]
            hessian, mixed = weighted @ tangent.swapaxes(1, 2), self.onto_cells(weighted)
        slopes, curvatures = self._penalty_derivatives()
        gradient[:, : problem.kind.size] += slopes
        np.einsum("pkk->pk", hessian)[:, : problem.kind.size] += curvatures
        if self.rows.polynomial and exact:
            self._bend(slope, hessian)
        own = self._cell_derivatives(slope, weight, mixed, exact=exact)
        return Derivatives(gradient, hessian, *own, mixed)

    def _penalty_derivatives(self) -> tuple[FloatArray, FloatArray]:
        problem, centres = self.problem, self.rows.centres
        x = self.x[:, : problem.kind.size]
        precision = np.where(problem.kind == GAUSS, 2.0 / problem.sigma**2, 0.0)
        slope, curvature = precision * np.where(problem.kind == GAUSS, x - centres, 0.0), precision
        lognormal = problem.kind == LOGNORMAL
        if lognormal.any():
            at, sigma = x[:, lognormal], problem.sigma[lognormal]
            pull = np.log(at / centres[:, lognormal])
            curvature = np.array(np.broadcast_to(curvature, x.shape))
            slope[:, lognormal] = 2.0 * pull / (sigma**2 * at)
            curvature[:, lognormal] = 2.0 / (sigma * at) ** 2 * np.maximum(1.0 - pull, _LEAST_CURVATURE)
        return slope, curvature

    def _bend(self, slope: FloatArray, hessian: FloatArray) -> None:
        """Second derivatives of expectations with respect to the parameter, times the slopes of bins."""
        templates, theta = self.rows.templates, self.x[:, -1]
        hessian[:, -1, -1] += 2.0 * np.einsum("pb,pb->p", slope, self._coefficients[:, 2])
        linear, square = (
            _product(slope, templates[0, j].T)
            if len(templates) == 1
            else np.einsum("pb,pkb->pk", slope, templates[:, j])
            for j in (1, 2)
        )
        mixed = linear + 2.0 * theta[:, None] * square
        hessian[:, -1, :-1] += mixed
        hessian[:, :-1, -1] += mixed

    def _shared(self, tangent: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Second derivatives in x, and in x and cells, with tangents that all rows share."""
        fitted, bins = tangent.shape
        pairs = (tangent[:, None] * tangent).reshape(fitted * fitted, bins)
        hessian = _product(weight, pairs.T).reshape(len(weight), fitted, fitted)
        if not self.problem.cells:
            return hessian, np.zeros((len(weight), fitted, 0))
        if len(self.shares) > 1:
            return hessian, self.onto_cells(tangent * weight[:, None])
        spread = tangent[:, :, None] * (self.shares.T * self.problem.belongs)
        mixed = _product(weight, spread.swapaxes(0, 1).reshape(bins, -1))
        return hessian, mixed.reshape(len(weight), fitted, -1)

    def _cell_derivatives(
        self, slope: FloatArray, weight: FloatArray, mixed: FloatArray, *, exact: bool
    ) -> tuple[FloatArray, FloatArray]:
        """Gradient and curvature of each cell; adds to ``mixed`` what nuisances that scale cells do."""
        problem, cells = self.problem, self.cells
        if not problem.cells:
            return cells, cells
        m = np.where(problem.counted, self.rows.auxiliary, 0.0)
        known = np.where(m > 0.0, m / cells, 0.0)
        gradient = self.onto_cells(slope) + 2.0 * (problem.ratio * problem.counted - known)
        hessian = self.onto_cells(weight * self.shares) + 2.0 * np.where(m > 0.0, known / cells, 0.0)
        for k in np.unique(problem.scaled[problem.scaled >= 0]) if exact else ():
            mixed[:, k] += (slope * np.where(problem.scaled == k, problem.weight, 0.0)) @ problem.belongs
        return gradient, hessian


def _product(rows: FloatArray, matrix: FloatArray) -> FloatArray:
    """Matrix product in portions that one thread does."""
    portion = max(1, _SMALL // max(matrix.size, 1))
    if len(rows) <= portion:
        return np.asarray(rows @ matrix)
    parts = [rows[first : first + portion] @ matrix for first in range(0, len(rows), portion)]
    return np.concatenate(parts)


def _along(tangent: FloatArray, slope: FloatArray) -> FloatArray:
    """Σ_b tangent_kb slope_b of each row."""
    if len(tangent) == 1:
        return _product(slope, tangent[0].T)
    found: FloatArray = (tangent @ slope[:, :, None])[:, :, 0]
    return found
