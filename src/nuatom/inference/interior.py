"""Interior-point method for −2 ln λ with its minimum on the edge of the domain, at many points at once.

Expectations s and multipliers z of every bin with counts n are kept at s z = 2n + μ, those of bounds at μ,
and μ goes to zero (Nocedal and Wright, Numerical Optimization, chapters 14 and 19). A bin without counts is
then a bound like the others: λ ≥ 0. No feasible start is needed, and where there is none the method says so.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from nuatom.inference.problem import CONVERGED, GAUSS, HELD, IMPOSSIBLE, LOGNORMAL, NOT_CONVERGED, IntArray
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Linear", "interior"]

_MAX_ITERATIONS: Final = 200
_GAP: Final = 1e-11
_FEASIBLE: Final = 1e-11
_STATIONARY: Final = 1e-6
# What is still a minimum when rounding ends the iteration, relative to the accuracy asked for.
_NEARLY: Final = 1e3
# Where counts leave an expectation of less than this part of them, they are impossible.
_EMPTY: Final = 1e-12
# What rounding leaves of products with multipliers, as part of −2 ln λ, is this part of the accuracy.
_ROUNDING: Final = 1e-3
_CENTRING: Final = 0.1
_TO_BOUNDARY: Final = 0.995
_RIDGE: Final = 1e-13
_START: Final = 1.0
# Far from its centre a lognormal penalty is concave: its curvature there is this part of that at the centre.
_LEAST_CURVATURE: Final = 0.05


@dataclass(frozen=True, eq=False)
class Linear:
    """Expectations fixed_b + Σ_j y_j columns_jb of bins, at points; constraints of y that all share.

    ``columns`` has shape (points, sizes, bins), ``fixed`` and ``counts`` (points, bins), ``centre`` (points,
    sizes), ``gauss`` (bins,), the others (sizes,).
    """

    columns: FloatArray
    fixed: FloatArray
    counts: FloatArray
    centre: FloatArray
    gauss: NDArray[np.bool_]
    kind: IntArray
    sigma: FloatArray
    lower: FloatArray
    upper: FloatArray

    def of(self, chosen: NDArray[np.bool_]) -> Self:
        """Some of the points."""
        return replace(
            self,
            columns=self.columns[chosen],
            fixed=self.fixed[chosen],
            counts=self.counts[chosen],
            centre=self.centre[chosen],
        )

    def expected(self, y: FloatArray) -> FloatArray:
        """Expectations, shape (points, bins)."""
        total: FloatArray = self.fixed + (y[:, None, :] @ self.columns)[:, 0]
        return total

    def statistic(self, y: FloatArray) -> FloatArray:
        """−2 ln λ; empty bins are below zero by rounding only."""
        mean, n = self.expected(y), self.counts
        with np.errstate(divide="ignore", invalid="ignore"):
            poisson = np.where(n > 0.0, mean - n + n * np.log(n / mean), np.maximum(mean, 0.0))
            chi2 = np.where(self.gauss, (mean - n) ** 2, 2.0 * poisson).sum(axis=1)
            gauss = np.where(self.kind == GAUSS, ((y - self.centre) / self.sigma) ** 2, 0.0)
            lognormal = np.where(self.kind == LOGNORMAL, (np.log(y / self.centre) / self.sigma) ** 2, 0.0)
        total: FloatArray = chi2 + gauss.sum(axis=1) + lognormal.sum(axis=1)
        return total

    def penalties(self, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """First and second derivatives of the constraints."""
        slope, curvature = np.zeros_like(y), np.zeros_like(y)
        gauss, lognormal = self.kind == GAUSS, self.kind == LOGNORMAL
        curvature[:, gauss] = 2.0 / self.sigma[gauss] ** 2
        slope[:, gauss] = curvature[:, gauss] * (y - self.centre)[:, gauss]
        if lognormal.any():
            at, pull = y[:, lognormal], np.log(y / self.centre)[:, lognormal]
            precision = 2.0 / (self.sigma[lognormal] * at) ** 2
            slope[:, lognormal] = precision * at * pull
            curvature[:, lognormal] = precision * np.maximum(1.0 - pull, _LEAST_CURVATURE)
        return slope, curvature


@dataclass(frozen=True, eq=False)
class _State:
    """Sizes y, expectations s, and the multipliers of bins and of bounds."""

    y: FloatArray
    s: FloatArray
    z: FloatArray
    below: FloatArray
    above: FloatArray

    def of(self, chosen: NDArray[np.bool_]) -> Self:
        return type(self)(*(getattr(self, entry.name)[chosen] for entry in fields(self)))


def _start(linear: Linear, y: FloatArray) -> _State:
    """Inside all bounds; expectations need not be what the sizes say."""
    width = 0.1 * np.minimum(linear.upper - linear.lower, 1.0)
    free = linear.kind != HELD
    inside = np.where(free, np.clip(y, linear.lower + width, linear.upper - width), y)
    s = np.maximum(np.maximum(linear.expected(inside), 0.1 * linear.counts), 0.01)
    z = (2.0 * linear.counts + _START) / s
    room = np.where(free, inside - linear.lower, np.inf), np.where(free, linear.upper - inside, np.inf)
    return _State(inside, s, z, _START / room[0], _START / room[1])


def _distances(linear: Linear, state: _State) -> tuple[FloatArray, FloatArray]:
    """Largest and mean distance of products with multipliers from what they are to become."""
    with np.errstate(invalid="ignore"):
        bins = np.where(linear.gauss, 0.0, np.abs(state.s * state.z - 2.0 * linear.counts))
        lower = np.where(state.below > 0.0, (state.y - linear.lower) * state.below, 0.0)
        upper = np.where(state.above > 0.0, (linear.upper - state.y) * state.above, 0.0)
    every = np.concatenate([bins, lower, upper], axis=1)
    number = np.sum(~linear.gauss) + np.sum(state.below > 0.0, axis=1) + np.sum(state.above > 0.0, axis=1)
    return every.max(axis=1), every.sum(axis=1) / np.maximum(number, 1)


def _newton(linear: Linear, state: _State, mean: FloatArray, mu: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Newton's step of the sizes, and how far from stationary they are in units of their curvature."""
    s, z, n = state.s, state.z, linear.counts
    # Of values s stays one, and the mean is what counts.
    dual = np.where(linear.gauss, 2.0 * (mean - n), 2.0 - z)
    pull = np.where(linear.gauss, 0.0, (s * z - 2.0 * n - mu[:, None] - z * (s - mean)) / s)
    weight = np.where(linear.gauss, 2.0, z / s)
    slope, curvature = linear.penalties(state.y)
    gradient = (linear.columns @ dual[:, :, None])[:, :, 0] + slope
    below, above = 1.0 / (state.y - linear.lower), 1.0 / (linear.upper - state.y)
    below, above = np.where(state.below > 0.0, below, 0.0), np.where(state.above > 0.0, above, 0.0)
    right = mu[:, None] * (below - above) - gradient - (linear.columns @ pull[:, :, None])[:, :, 0]
    hessian = (linear.columns * weight[:, None, :]) @ linear.columns.swapaxes(1, 2)
    each = np.arange(state.y.shape[1])
    hessian[:, each, each] += curvature + state.below * below + state.above * above
    diagonal = hessian[:, each, each]
    moving = (linear.kind != HELD) & (diagonal > 0.0)
    unit = np.where(moving, 1.0 / np.sqrt(np.where(moving, diagonal, 1.0)), 0.0)
    hessian *= unit[:, :, None] * unit[:, None, :]
    hessian[:, each, each] = 1.0 + _RIDGE
    step = unit * np.linalg.solve(hessian, (unit * right)[:, :, None])[:, :, 0]
    return step, np.max(np.abs(unit * (gradient + state.above - state.below)), axis=1, initial=0.0)


def _advance(
    linear: Linear, state: _State, mean: FloatArray, step: FloatArray, mu: FloatArray
) -> tuple[_State, FloatArray]:
    """As far along the step as everything stays positive; also the part of it."""
    mu = mu[:, None]
    s = (step[:, None, :] @ linear.columns)[:, 0] + mean - state.s
    z = (2.0 * linear.counts + mu - state.s * state.z - state.z * s) / state.s
    s, z = np.where(linear.gauss, 0.0, s), np.where(linear.gauss, 0.0, z)
    down, up = state.y - linear.lower, linear.upper - state.y
    below = np.where(state.below > 0.0, (mu - state.below * step) / down - state.below, 0.0)
    above = np.where(state.above > 0.0, (mu + state.above * step) / up - state.above, 0.0)
    changes = (
        (state.s, s),
        (state.z, z),
        (state.below, below),
        (state.above, above),
        (down, step),
        (up, -step),
    )
    longest = np.ones(len(step))
    for at, change in changes:
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.where(
                (change < 0.0) & np.isfinite(at) & (at > 0.0), -_TO_BOUNDARY * at / change, np.inf
            )
        longest = np.minimum(longest, reach.min(axis=1, initial=1.0))
    part = longest[:, None]
    moved = _State(
        state.y + part * step,
        state.s + part * s,
        state.z + part * z,
        state.below + part * below,
        state.above + part * above,
    )
    return moved, longest


def _relative(
    linear: Linear, state: _State, mean: FloatArray, gap: FloatArray, stationary: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """How far expectations are from what sizes say, and products and gradients, relative to what they sum."""
    terms = np.abs(linear.fixed) + (np.abs(state.y)[:, None, :] @ np.abs(linear.columns))[:, 0]
    apart = np.where(linear.gauss, 0.0, np.abs(state.s - mean) / np.maximum(1.0, terms))
    size = np.maximum(1.0, linear.statistic(state.y))
    size = np.where(np.isfinite(size), size, 1.0)
    return apart.max(axis=1), gap / np.maximum(1.0, _ROUNDING * size), stationary / np.sqrt(size)


def interior(linear: Linear, start: FloatArray) -> tuple[FloatArray, IntArray]:
    """Sizes where −2 ln λ is least, from any start, and what became of each point.

    Parameters
    ----------
    linear : Linear
        Points.
    start : ndarray, shape (points, sizes)
        Where to begin.
    """
    found, status = start.copy(), np.full(len(start), NOT_CONVERGED)
    left, state = np.arange(len(start)), _start(linear, start)
    towards = np.full(len(start), 0.2)
    for iteration in range(_MAX_ITERATIONS):
        mean = linear.expected(state.y)
        gap, average = _distances(linear, state)
        # As long as expectations are not what sizes say, they keep away from zero: else steps end there.
        apart = np.where(linear.gauss, 0.0, np.abs(state.s - mean)).max(axis=1)
        mu = np.maximum(towards * average, _CENTRING * apart)
        step, stationary = _newton(linear, state, mean, mu)
        infeasible, gap, stationary = _relative(linear, state, mean, gap, stationary)
        reached = np.maximum(np.maximum(gap / _GAP, infeasible / _FEASIBLE), stationary / _STATIONARY)
        lost = ~np.isfinite(reached) | ~np.all(np.isfinite(step), axis=1)
        done = (reached <= 1.0) | lost
        if iteration == _MAX_ITERATIONS - 1:
            done = np.ones_like(done)
        if done.any():
            found[left[done]] = state.y[done]
            emptied = np.any((linear.counts > 0.0) & (state.s < _EMPTY * linear.counts), axis=1)
            nearly = np.where(emptied | (infeasible > _NEARLY * _FEASIBLE), IMPOSSIBLE, NOT_CONVERGED)
            status[left[done]] = np.where(reached <= _NEARLY, CONVERGED, nearly)[done]
            if done.all():
                break
            linear, state, left, towards = linear.of(~done), state.of(~done), left[~done], towards[~done]
            mean, step, mu = mean[~done], step[~done], mu[~done]
        state, length = _advance(linear, state, mean, step, mu)
        towards = np.where(length > 0.9, 0.03, np.where(length > 0.3, 0.2, 0.7))
    return found, status
