"""Polynomial interpolation at Chebyshev nodes, exact to rounding for functions that are analytic nearby."""

from __future__ import annotations

import numpy as np

from nuatom.numerics.quadrature import FloatArray

__all__ = ["chebyshev_nodes", "lagrange_basis"]


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
