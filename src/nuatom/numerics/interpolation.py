"""Interpolation as sums of tabulated values: polynomials at Chebyshev nodes, cubic splines at any."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nuatom.numerics.quadrature import FloatArray

__all__ = ["SplineWeights", "chebyshev_nodes", "lagrange_basis"]


def chebyshev_nodes(low: float, high: float, count: int) -> FloatArray:
    """Chebyshev nodes of the first kind on [low, high], increasing."""
    angle = np.pi * (np.arange(count)[::-1] + 0.5) / count
    return 0.5 * (low + high) + 0.5 * (high - low) * np.cos(angle)


def lagrange_basis(low: float, high: float, count: int, points: FloatArray) -> FloatArray:
    """Lagrange polynomials of the Chebyshev nodes at the given points, by the barycentric formula.

    Parameters
    ----------
    low, high, count
        As for :func:`chebyshev_nodes`.
    points : ndarray, shape (...)
        Where to evaluate, inside [low, high].

    Returns
    -------
    ndarray, shape (..., count)
        Rows sum to one; ``basis @ f(nodes)`` interpolates f.
    """
    angle = np.pi * (np.arange(count)[::-1] + 0.5) / count
    weights = np.sin(angle) * (-1.0) ** np.arange(count)
    difference = points[..., None] - chebyshev_nodes(low, high, count)
    # A point on a node: any tiny distance gives the node's own value to rounding.
    np.copyto(difference, 1e-290, where=difference == 0.0)
    terms: FloatArray = np.divide(weights, difference, out=difference)
    terms /= terms.sum(axis=-1, keepdims=True)
    return terms


@dataclass(frozen=True, eq=False)
class SplineWeights:
    """What each tabulated value contributes to their cubic spline (not-a-knot) and to its derivative.

    A parabola through three nodes, a line through two.

    Parameters
    ----------
    nodes : ndarray, shape (nodes,)
        Increasing, two or more.
    """

    nodes: FloatArray

    @cached_property
    def _coefficients(self) -> FloatArray:
        """Of the powers of the distance from the node before, the highest first: (4, pieces, nodes)."""
        from scipy.interpolate import CubicSpline

        return np.asarray(CubicSpline(self.nodes, np.eye(self.nodes.size)).c)

    def __call__(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Weights and their derivatives at points (points,), both (points, nodes); no numbers outside."""
        piece = np.clip(np.searchsorted(self.nodes, points, side="right") - 1, 0, self.nodes.size - 2)
        outside = (points < self.nodes[0]) | (points > self.nodes[-1])
        step = np.where(outside, np.nan, points - self.nodes[piece])[:, None]
        cubic, square, linear, constant = self._coefficients[:, piece]
        value = constant + step * (linear + step * (square + step * cubic))
        return value, linear + step * (2.0 * square + 3.0 * step * cubic)
