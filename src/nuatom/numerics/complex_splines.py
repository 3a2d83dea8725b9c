"""B-splines and Gauss points on a radius that turns into the complex plane.

An outgoing wave e^{ikr} does not fit into a box; on the contour

    z(r) = r  (r ≤ R₀),   dz/dr = 1 + (e^{iθ} − 1) s((r − R₀)/w)  (r > R₀),

s a smooth step from 0 to 1, it decays like e^{−k (r−R₀) sin θ}, and finite splines describe it at
a real energy (exterior complex scaling: B. Simon, Phys. Lett. A 71 (1979) 211; McCurdy, Baertschy
& Rescigno, J. Phys. B 37 (2004) R137, section 3). All integrals run along the contour without
complex conjugation, ∫f g dz.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline

from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray, legendre_rule

ComplexArray = NDArray[np.complex128]

__all__ = [
    "ComplexArray",
    "ComplexContour",
    "complex_contour",
    "multipole_kernel",
    "partial_integrals",
    "splines",
]


@dataclass(frozen=True, eq=False)
class ComplexContour:
    """Gauss points of a contour that leaves the real axis.

    Attributes
    ----------
    edges : ndarray, shape (panels + 1,)
        Panel edges in r, from 0.
    order : int
        Gauss points in a panel.
    r : ndarray, shape (points,)
        Real parameter of the Gauss points.
    z : ndarray of complex, shape (points,)
        The radius.
    rate : ndarray of complex, shape (points,)
        dz/dr.
    weight : ndarray, shape (points,)
        Gauss weights in r: ∫f dz = Σ weight·rate·f.
    real_points : int
        Number of points before the contour turns.
    """

    edges: FloatArray
    order: int
    r: FloatArray
    z: ComplexArray
    rate: ComplexArray
    weight: FloatArray
    real_points: int


def complex_contour(edges: FloatArray, turn: int, bend: int, angle: float, order: int) -> ComplexContour:
    """Contour through panels.

    Parameters
    ----------
    edges : ndarray
        Panel edges, increasing from 0.
    turn : int
        Index of the edge R₀ at which it leaves the real axis.
    bend : int
        Panels over which it does so.
    angle : float
        θ, in (0, π/4]: beyond, outgoing waves with an imaginary part would grow.
    order : int
        Gauss points in each panel.

    Raises
    ------
    InputError
        If the edges do not increase from 0, or an argument is outside these ranges.
    """
    edges = np.asarray(edges, dtype=float)
    if edges[0] != 0.0 or not np.all(np.diff(edges) > 0.0):
        raise InputError("edges", edges, "panel edges that increase from 0")
    if not 0 < turn < turn + bend < edges.size:
        raise InputError("turn", turn, "an inner edge with room for the bend")
    if not 0.0 < angle <= 0.25 * np.pi:
        raise InputError("angle", angle, "in (0, π/4]")
    nodes, weights = legendre_rule(order)
    width = np.diff(edges)
    r = (edges[:-1, None] + width[:, None] * nodes).ravel()
    weight = (width[:, None] * weights).ravel()
    start, reach = edges[turn], edges[turn + bend] - edges[turn]
    x = np.clip((r - start) / reach, 0.0, 1.0)
    step = x**4 * (35.0 - 84.0 * x + 70.0 * x**2 - 20.0 * x**3)
    integral = reach * x**5 * (7.0 - 14.0 * x + 10.0 * x**2 - 2.5 * x**3)
    integral += np.maximum(r - start - reach, 0.0)
    turned = np.exp(1j * angle) - 1.0
    return ComplexContour(edges, order, r, r + turned * integral, 1.0 + turned * step, weight, turn * order)


def splines(contour: ComplexContour, degree: int) -> tuple[FloatArray, FloatArray]:
    """B-splines of a degree and their d/dr at the Gauss points, zero at both ends.

    Returns
    -------
    values, slopes : ndarray, shape (splines, points)
    """
    knots = np.pad(contour.edges, degree, mode="edge")
    count = knots.size - degree - 1
    basis = BSpline(knots, np.eye(count), degree)
    values, slopes = basis(contour.r).T, basis.derivative()(contour.r).T
    return np.ascontiguousarray(values[1:-1]), np.ascontiguousarray(slopes[1:-1])


def multipole_kernel(contour: ComplexContour, k: int) -> FloatArray:
    """Matrix U of (U ρ)(r_i) = ∫[min(r, r')^k/max(r, r')^{k+1}] ρ dr', r real.

    Within a panel the integrand is the polynomial through its Gauss points, so the kink at
    r' = r costs no accuracy. Shape (real_points, real_points); U includes the weights of r'.
    """
    size, order = contour.real_points, contour.order
    r, weight = contour.r[:size], contour.weight[:size]
    panels = size // order
    ratio = np.minimum(r[:, None], r) / np.maximum(r[:, None], r)
    kernel = ratio**k / np.maximum(r[:, None], r) * weight
    partial = partial_integrals(order)
    for panel in range(panels):
        at = slice(panel * order, (panel + 1) * order)
        radius = r[at]
        width = contour.edges[panel + 1] - contour.edges[panel]
        below = width * partial
        above = weight[at] - below
        quotient = radius / radius[:, None]
        kernel[at, at] = (below * quotient**k + above * quotient ** (-k - 1)) / radius[:, None]
    return kernel


@cache
def partial_integrals(order: int) -> FloatArray:
    """∫_0^{x_i} of the j-th Lagrange polynomial of the Gauss points on [0, 1]."""
    nodes, _ = legendre_rule(order)
    # Legendre series keep the transformation well conditioned.
    x = 2.0 * nodes - 1.0
    vandermonde = np.polynomial.legendre.legvander(x, order)
    table = np.empty((order, order))
    for m in range(order):
        above = vandermonde[:, m + 1]
        below = vandermonde[:, m - 1] if m else np.full(order, -1.0)
        table[:, m] = 0.5 * (above - below) / (2 * m + 1)
    partial: FloatArray = table @ np.linalg.inv(vandermonde[:, :order])
    partial.setflags(write=False)
    return partial
