"""Radial Dirac Green's functions of a local field at complex energies, as products of two solutions.

With f regular at the origin, h decaying or outgoing, both solutions of (h_D − E) = 0, and their
Wronskian W = f_P h_Q − f_Q h_P,

    (E − h_D)^{−1}(r, r') = f(r_<) h(r_>)ᵀ/(cW).

Both follow from the propagators of panels: in each panel the equation is satisfied at the Gauss points
(Hairer & Wanner, Solving Ordinary Differential Equations II, section IV.5), which conserves W exactly and
gives f and h where the quadrature wants them. Beyond the last panel the field is that of a charge, and the
radius turns by an angle into the complex plane, so that h decays from where it starts at any energy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nuatom.atoms.dirac import regular_start
from nuatom.errors import ConvergenceError
from nuatom.numerics.compiled import compiled
from nuatom.numerics.complex_splines import ComplexArray, partial_integrals
from nuatom.numerics.quadrature import FloatArray, legendre_rule
from nuatom.numerics.radial_panels import RadialPanels

__all__ = ["RadialField", "green_factors"]

RAY_DECAY = 17.0
"""The ray ends where h is e^−17 of its value at its beginning: of a wrong slope there e^−34 arrives."""

RAY_PHASE = 4.0
"""Largest phase of a wave in one panel of the ray."""

LARGEST_ANGLE = 0.25 * np.pi

LARGEST_EXPONENT = 640.0
"""e^±640 fits into a double with room for products."""


@dataclass(frozen=True, eq=False)
class RadialField:
    """A local field on panels, and the charge that it ends in.

    Attributes
    ----------
    panels : RadialPanels
    potential : ndarray, shape (points,)
        Hartree.
    charge : float
        z of −z/r beyond the last panel.
    speed_of_light : float
    """

    panels: RadialPanels
    potential: FloatArray
    charge: float
    speed_of_light: float


def green_factors(
    field: RadialField, kappa: int, energy: complex, large: FloatArray, small: FloatArray
) -> tuple[ComplexArray, ComplexArray]:
    """Factors a and b of F(r)ᵀ (E − h_κ)^{−1}(r, r') F(r') = a(r_<) b(r_>).

    Parameters
    ----------
    field : RadialField
    kappa : int
    energy : complex
        Hartree, rest energy excluded. A real energy in the continuum is approached from above.
    large, small : ndarray, shape (points,)
        Components of F; where both vanish so do a and b.

    Raises
    ------
    ConvergenceError
        If f grows by more than e^1280 where F lives: a wave that short needs no panels that far out.
    """
    panels, c = field.panels, field.speed_of_light
    z, width = _ray(field, energy)
    potential = np.concatenate([field.potential.astype(complex), -field.charge / z])
    radius = np.concatenate([panels.r.astype(complex), z])
    widths = np.concatenate([np.diff(panels.edges).astype(complex), width])
    _, weights = legendre_rule(panels.order)
    f, f_scale, h, h_scale, wronskian = _solutions(
        radius, widths, potential, float(kappa), complex(energy), c, panels.panels,
        partial_integrals(panels.order), weights, _edge_ratio(field, kappa, energy),
    )  # fmt: skip
    alive = (large != 0.0) | (small != 0.0)
    middle = 0.5 * (f_scale[alive].min() + f_scale[alive].max())
    reach = float(np.abs(f_scale[alive] - middle).max())
    if not reach < LARGEST_EXPONENT:
        raise ConvergenceError(f"kappa = {kappa} at {energy:.5g} hartree grows by e^{2.0 * reach:.0f}")
    inner, outer = np.zeros(panels.size, dtype=complex), np.zeros(panels.size, dtype=complex)
    p, q = large[alive], small[alive]
    inner[alive] = (p * f[0, alive] + q * f[1, alive]) * np.exp(f_scale[alive] - middle)
    outer[alive] = (p * h[0, alive] + q * h[1, alive]) * np.exp(h_scale[alive] + middle) / (c * wronskian)
    return inner, outer


def _edge_ratio(field: RadialField, kappa: int, energy: complex) -> float:
    """Q/P of f at the first edge, in frozen coefficients."""
    r, c = float(field.panels.edges[0]), field.speed_of_light
    kinetic = (energy.real - float(field.potential[0])) / c
    return float(regular_start(kappa / r, 2.0 * c + kinetic, -kinetic))


def _ray(field: RadialField, energy: complex) -> tuple[ComplexArray, ComplexArray]:
    """Gauss points and widths of the panels beyond the last real one, outward."""
    start, c = float(field.panels.edges[-1]), field.speed_of_light
    k = np.sqrt(complex(energy) * (2.0 + energy / c**2) + 0j)
    k = k if k.imag > 0.0 or (k.imag == 0.0 and k.real > 0.0) else -k
    angle = float(np.clip(0.5 * np.pi - np.angle(k), 0.0, LARGEST_ANGLE))
    turn = np.exp(1j * angle)
    edges, decay = [0.0], 0.0
    while decay < RAY_DECAY:
        z = start + turn * edges[-1]
        local = np.sqrt(2.0 * (energy + field.charge / z) + 0j)
        local = local if (local * turn).imag > 0.0 else -local
        step = min(RAY_PHASE / max(abs(local), 1e-3), 0.7 * abs(z))
        edges.append(edges[-1] + step)
        decay += step * (local * turn).imag
    nodes, _ = legendre_rule(field.panels.order)
    widths = np.diff(np.array(edges))
    s = (np.array(edges)[:-1, None] + widths[:, None] * nodes).ravel()
    return start + turn * s, turn * widths


@compiled
def _solutions(
    radius: ComplexArray, widths: ComplexArray, potential: ComplexArray, kappa: float, energy: complex,
    c: float, real_panels: int, partial: FloatArray, weights: FloatArray, ratio: float,
) -> tuple[ComplexArray, FloatArray, ComplexArray, FloatArray, complex]:  # fmt: skip
    """Solutions f and h at the real points with the logarithms of their scales, and W of the scaled ones."""
    order = weights.size
    panels = widths.size
    inside = np.zeros((panels, order, 2, 2), dtype=np.complex128)
    across = np.zeros((panels, 2, 2), dtype=np.complex128)
    matrix = np.zeros((2 * order, 2 * order), dtype=np.complex128)
    right = np.zeros((2 * order, 2), dtype=np.complex128)
    upper = np.zeros(order, dtype=np.complex128)
    lower = np.zeros(order, dtype=np.complex128)
    diagonal = np.zeros(order, dtype=np.complex128)
    for panel in range(panels):
        width = widths[panel]
        for j in range(order):
            at = panel * order + j
            kinetic = (energy - potential[at]) / c
            diagonal[j] = kappa / radius[at]
            upper[j] = 2.0 * c + kinetic
            lower[j] = -kinetic
        for i in range(order):
            for j in range(order):
                part = width * partial[i, j]
                same = 1.0 if i == j else 0.0
                matrix[i, j] = same + part * diagonal[j]
                matrix[i, order + j] = -part * upper[j]
                matrix[order + i, j] = -part * lower[j]
                matrix[order + i, order + j] = same - part * diagonal[j]
            right[i, 0], right[i, 1] = 1.0, 0.0
            right[order + i, 0], right[order + i, 1] = 0.0, 1.0
        solution = np.linalg.solve(matrix, right)
        for column in range(2):
            one = 0.0j
            two = 0.0j
            for j in range(order):
                p, q = solution[j, column], solution[order + j, column]
                inside[panel, j, 0, column] = p
                inside[panel, j, 1, column] = q
                one += weights[j] * (-diagonal[j] * p + upper[j] * q)
                two += weights[j] * (lower[j] * p + diagonal[j] * q)
            across[panel, 0, column] = width * one
            across[panel, 1, column] = width * two
        across[panel, 0, 0] += 1.0
        across[panel, 1, 1] += 1.0
    size = real_panels * order
    f = np.zeros((2, size), dtype=np.complex128)
    h = np.zeros((2, size), dtype=np.complex128)
    f_scale, h_scale = np.zeros(size), np.zeros(size)
    p, q = 1.0 + 0.0j, ratio + 0.0j
    exponent = 0.0
    edge_f = np.zeros(2, dtype=np.complex128)
    edge_scale = 0.0
    for panel in range(real_panels):
        for j in range(order):
            at = panel * order + j
            f[0, at] = inside[panel, j, 0, 0] * p + inside[panel, j, 0, 1] * q
            f[1, at] = inside[panel, j, 1, 0] * p + inside[panel, j, 1, 1] * q
            f_scale[at] = exponent
        one = across[panel, 0, 0] * p + across[panel, 0, 1] * q
        two = across[panel, 1, 0] * p + across[panel, 1, 1] * q
        size_now = np.sqrt(abs(one) ** 2 + abs(two) ** 2)
        p, q = one / size_now, two / size_now
        exponent += np.log(size_now)
    edge_f[0], edge_f[1] = p, q
    edge_scale = exponent
    # At the end of the ray h has frozen coefficients and decays.
    last = panels * order - 1
    kinetic = (energy - potential[last]) / c
    d = kappa / radius[last]
    rate = np.sqrt(d * d - (2.0 * c + kinetic) * kinetic)
    turn = widths[panels - 1] / abs(widths[panels - 1])
    if (rate * turn).real < 0.0:
        rate = -rate
    p, q = 2.0 * c + kinetic, d - rate
    size_now = np.sqrt(abs(p) ** 2 + abs(q) ** 2)
    p, q = p / size_now, q / size_now
    exponent = 0.0
    wronskian = 0.0j
    for panel in range(panels - 1, -1, -1):
        if panel == real_panels - 1:
            wronskian = edge_f[0] * q - edge_f[1] * p
            # The scale of h is chosen so that W of the unscaled solutions is this.
            exponent = -edge_scale
        one = across[panel, 1, 1] * p - across[panel, 0, 1] * q
        two = across[panel, 0, 0] * q - across[panel, 1, 0] * p
        size_now = np.sqrt(abs(one) ** 2 + abs(two) ** 2)
        p, q = one / size_now, two / size_now
        exponent += np.log(size_now)
        if panel < real_panels:
            for j in range(order):
                at = panel * order + j
                h[0, at] = inside[panel, j, 0, 0] * p + inside[panel, j, 0, 1] * q
                h[1, at] = inside[panel, j, 1, 0] * p + inside[panel, j, 1, 1] * q
                h_scale[at] = exponent
    return f, f_scale, h, h_scale, wronskian
