"""Gauss-Legendre rules on panels, the one quadrature that nuatom uses for smooth pieces."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

__all__ = ["FloatArray", "legendre_rule", "panel_rule"]


@cache
def legendre_rule(order: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of the Gauss-Legendre rule on [0, 1], exact to degree 2·order − 1."""
    nodes, weights = np.polynomial.legendre.leggauss(order)
    nodes, weights = 0.5 * (nodes + 1.0), 0.5 * weights
    nodes.setflags(write=False)
    weights.setflags(write=False)
    return nodes, weights


def panel_rule(edges: ArrayLike, order: int) -> tuple[FloatArray, FloatArray]:
    """Composite Gauss-Legendre rule: ``order`` nodes in each panel between successive edges.

    Parameters
    ----------
    edges : array_like, shape (..., panels + 1)
        Panel edges along the last axis, not decreasing. An empty panel has zero weight.
    order : int
        Nodes per panel; the error falls as (panel width)^(2·order) where the integrand is smooth.

    Returns
    -------
    nodes, weights : ndarray, shape (..., panels * order)
    """
    edges = np.asarray(edges, dtype=float)
    unit_nodes, unit_weights = legendre_rule(order)
    left, width = edges[..., :-1, None], np.diff(edges, axis=-1)[..., None]
    shape = (*edges.shape[:-1], (edges.shape[-1] - 1) * order)
    return (left + width * unit_nodes).reshape(shape), (width * unit_weights).reshape(shape)
