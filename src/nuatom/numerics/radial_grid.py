"""The radial grid: logarithmic near the nucleus, linear far away, uniform in its own variable.

With t = ln r + r/b the points t_i = t_0 + i·h are spaced by h·r near the origin and by h·b beyond
the bend b, so one grid resolves the nucleus and the waves of a continuum orbital. In t every
radial function of an atom is smooth and the trapezoidal rule converges faster than any power of
h; what is left is the ends, which Gregory's formula corrects (Hildebrand,
Introduction to Numerical Analysis, chapter 5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import wrightomega

from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

__all__ = ["RadialGrid", "gregory_coefficients", "interpolator", "log_linear_grid"]

END_CORRECTIONS = 9
"""Differences kept by Gregory's formula: polynomials in t to this degree are integrated exactly."""

DIFFERENCE_REACH = 5
DIFFERENCE_WEIGHTS = (5 / 6, -5 / 21, 5 / 84, -5 / 504, 1 / 1260)
"""Central differences of order ten (Fornberg, Math. Comp. 51 (1988) 699, table 1)."""

STENCIL = 10
"""Points of the interpolating polynomial."""


@dataclass(frozen=True, eq=False)
class RadialGrid:
    """Radii with the weights that integrate over them.

    Attributes
    ----------
    r : ndarray, shape (n,)
        Radii, increasing.
    weight : ndarray, shape (n,)
        ∫f dr ≈ Σ weight_i f(r_i) over the whole grid, with end corrections.
    rate : ndarray, shape (n,)
        dr/dt = r b/(r + b).
    step : float
        Spacing h in t = ln r + r/b.
    bend : float
        The radius b at which the grid goes from logarithmic to linear.
    """

    r: FloatArray
    weight: FloatArray
    rate: FloatArray
    step: float
    bend: float

    @property
    def size(self) -> int:
        """Number of points."""
        return self.r.size

    def integrate(self, values: FloatArray) -> FloatArray:
        """∫f dr along the last axis of ``values``."""
        return values @ self.weight

    def derivative(self, values: FloatArray) -> FloatArray:
        """Take df/dr along the last axis, to order h^10; zero at five points of each end."""
        slope = np.zeros_like(values)
        inside = slice(DIFFERENCE_REACH, self.size - DIFFERENCE_REACH)
        for reach, weight in enumerate(DIFFERENCE_WEIGHTS, start=1):
            slope[..., inside] += weight * (
                values[..., DIFFERENCE_REACH + reach : self.size - DIFFERENCE_REACH + reach]
                - values[..., DIFFERENCE_REACH - reach : self.size - DIFFERENCE_REACH - reach]
            )
        result: FloatArray = slope / (self.step * self.rate)
        return result

    def variable(self, radius: ArrayLike) -> FloatArray:
        """Position of ``radius`` on the grid, (t(r) − t_0)/h, a float index."""
        radius = np.asarray(radius, dtype=float)
        start = np.log(self.r[0]) + self.r[0] / self.bend
        position: FloatArray = (np.log(radius) + radius / self.bend - start) / self.step
        return position


def log_linear_grid(start: float, stop: float, step: float, bend: float) -> RadialGrid:
    """Grid of constant step in t = ln r + r/b, from ``start`` to the first point past ``stop``.

    Parameters
    ----------
    start, stop : float
        First radius and the radius to reach, 0 < start < stop.
    step : float
        Spacing in t: the relative spacing of the radii near the origin.
    bend : float
        b; the spacing far from the origin is step·b.

    Raises
    ------
    InputError
        If an argument is not positive, or there is no room for a grid.
    """
    for name, value in (("start", start), ("stop", stop), ("step", step), ("bend", bend)):
        positive(name, value)
    first = np.log(start) + start / bend
    last = np.log(stop) + stop / bend
    count = int(np.ceil((last - first) / step - 1e-9)) + 1
    if count < 4 * END_CORRECTIONS:
        raise InputError("stop", stop, f"a grid of at least {4 * END_CORRECTIONS} points")
    t = first + step * np.arange(count)
    # r/b + ln(r/b) = t − ln b is Wright's function of its right-hand side.
    r = bend * wrightomega(t - np.log(bend))
    r[0] = start
    rate = r * bend / (r + bend)
    weight = step * rate * _gregory_weights(count)
    for array in (r, weight, rate):
        array.setflags(write=False)
    return RadialGrid(r, weight, rate, float(step), float(bend))


@cache
def gregory_coefficients(count: int) -> tuple[float, ...]:
    """Magnitudes of Gregory's coefficients 1/2, 1/12, 1/24, ..., the series of x/ln(1 + x)."""
    coefficients = [1.0]
    for n in range(1, count + 1):
        terms = (coefficients[k] * (-1) ** (n - k) / (n - k + 1) for k in range(n))
        coefficients.append(-sum(terms))
    return tuple(abs(value) for value in coefficients[1:])


def _gregory_weights(count: int) -> FloatArray:
    weights = np.ones(count)
    weights[[0, -1]] = 0.5
    correction = np.zeros(END_CORRECTIONS)
    difference = np.array([1.0])
    for magnitude in gregory_coefficients(END_CORRECTIONS)[1:]:
        difference = np.convolve(difference, [1.0, -1.0])
        correction[: difference.size] -= magnitude * difference
    weights[:END_CORRECTIONS] += correction
    weights[-END_CORRECTIONS:] += correction[::-1]
    return weights


def interpolator(grid: RadialGrid, radius: FloatArray) -> Callable[[FloatArray], FloatArray]:
    """Map that takes values on ``grid`` (last axis) to their values at ``radius``.

    A polynomial through ten neighbouring points in t (barycentric form, Berrut & Trefethen, SIAM
    Review 46 (2004) 501); its error falls as h^10.

    Raises
    ------
    InputError
        If a radius lies outside the grid.
    """
    radius = np.asarray(radius, dtype=float)
    position = grid.variable(radius)
    slack = 1e-6
    if radius.size and (position.min() < -slack or position.max() > grid.size - 1 + slack):
        raise InputError("radius", (radius.min(), radius.max()), "radii inside the grid")
    first = np.clip(np.floor(position).astype(int) - STENCIL // 2 + 1, 0, grid.size - STENCIL)
    offset = position - first
    order = np.arange(STENCIL)
    node_weight = _binomial_signs(STENCIL)
    distance = offset[:, None] - order
    exact = np.abs(distance) < 1e-13
    distance[exact] = 1.0
    weight = node_weight / distance
    weight /= weight.sum(axis=1, keepdims=True)
    on_node = exact.any(axis=1)
    weight[on_node] = exact[on_node]
    index = first[:, None] + order

    def apply(values: FloatArray) -> FloatArray:
        result: FloatArray = np.einsum("...ij,ij->...i", values[..., index], weight)
        return result

    return apply


def _binomial_signs(count: int) -> FloatArray:
    weights = np.ones(count)
    for k in range(1, count):
        weights[k] = -weights[k - 1] * (count - k) / k
    return weights
