"""Gauss points on panels of the radius, and kernels of r< and r> that act on them.

A radial Green's function is a(r<) b(r>): smooth on both sides of r' = r, with a kink between. With the
Gauss points of panels, and within a panel the integral up to each point of the polynomial through them,

    ∫K(r_i, r') v(r') dr' = b_i ∫_0^{r_i} a v dr' + a_i ∫_{r_i}^∞ b v dr'

keeps the accuracy of the panels' degree. A sum of many such products is one matrix product, and the
multipole interaction r<^L/r>^{L+1} acts on a matrix by running sums alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nuatom.numerics.complex_splines import ComplexArray, partial_integrals
from nuatom.numerics.quadrature import FloatArray, legendre_rule

__all__ = ["RadialPanels", "radial_panels"]

BLOCK = 12
"""Panels whose rows are multiplied together: large enough for speed, small enough that a product
with r< and r> exchanged, which is thrown away, does not overflow."""


@dataclass(frozen=True, eq=False)
class RadialPanels:
    """Gauss points of successive panels.

    Attributes
    ----------
    edges : ndarray, shape (panels + 1,)
    order : int
        Gauss points in a panel.
    r, weight : ndarray, shape (points,)
    """

    edges: FloatArray
    order: int
    r: FloatArray
    weight: FloatArray

    @property
    def panels(self) -> int:
        """Number of panels."""
        return self.edges.size - 1

    @property
    def size(self) -> int:
        """Number of points."""
        return self.r.size

    def below(self) -> FloatArray:
        """∫ up to point i, within its panel, of the polynomial that is 1 at point j.

        Shape (panels, order, order).
        """
        integrals: FloatArray = np.diff(self.edges)[:, None, None] * partial_integrals(self.order)
        return integrals

    def product_kernel(self, inner: ComplexArray, outer: ComplexArray) -> ComplexArray:
        """Matrix of v → Σ_p ∫a_p(r<) b_p(r>) v(r') dr', weights included.

        Parameters
        ----------
        inner, outer : ndarray of complex, shape (products, points)
            a_p and b_p.
        """
        order, size = self.order, self.size
        lower = np.zeros((size, size), dtype=complex)
        for first in range(0, size, BLOCK * order):
            last = min(first + BLOCK * order, size)
            lower[first:last, :last] = outer[:, first:last].T @ inner[:, :last]
        blocks = self._blocks(lower)
        below = self.below()
        above = self.weight.reshape(self.panels, 1, order) - below
        inside = below * blocks + above * blocks.transpose(0, 2, 1)
        kernel = np.tril(lower, -1)
        kernel += kernel.T
        kernel *= self.weight
        self._blocks(kernel)[...] = inside
        return kernel

    def multipole_interaction(self, k: int, matrix: ComplexArray) -> ComplexArray:
        """∫[r<^k/r>^{k+1}] ρ dr' of every column ρ, shape (points, columns)."""
        panels, order = self.panels, self.order
        r = self.r.reshape(panels, order, 1)
        charge = (self.weight[:, None] * matrix).reshape(panels, order, -1)
        inner, outer = (charge * r**k).sum(axis=1), (charge * r ** (-k - 1.0)).sum(axis=1)
        within, without = np.zeros_like(inner), np.zeros_like(outer)
        within[1:] = np.cumsum(inner[:-1], axis=0)
        without[:-1] = np.cumsum(outer[:0:-1], axis=0)[::-1]
        field = within[:, None] * r ** (-k - 1.0) + without[:, None] * r**k
        quotient = r.transpose(0, 2, 1) / r
        below = self.below()
        above = self.weight.reshape(panels, 1, order) - below
        near = (below * quotient**k + above * quotient ** (-k - 1.0)) / r
        columns = matrix.reshape(panels, order, -1)
        field += near @ columns.real + 1j * (near @ columns.imag)
        result: ComplexArray = field.reshape(matrix.shape)
        return result

    def _blocks(self, matrix: ComplexArray) -> ComplexArray:
        """View of the blocks of single panels on the diagonal, shape (panels, order, order)."""
        order = self.order
        down, right = matrix.strides
        return np.lib.stride_tricks.as_strided(
            matrix, (self.panels, order, order), (order * (down + right), down, right)
        )


def radial_panels(edges: FloatArray, order: int) -> RadialPanels:
    """Panels between ``edges``, which increase from above 0, with ``order`` points each."""
    nodes, weights = legendre_rule(order)
    width = np.diff(edges)
    r = (edges[:-1, None] + width[:, None] * nodes).ravel()
    return RadialPanels(edges, order, r, (width[:, None] * weights).ravel())
