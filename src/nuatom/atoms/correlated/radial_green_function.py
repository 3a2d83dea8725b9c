"""Radial Dirac Green's functions of a local field at complex energies, as products of two solutions.

With f regular at the origin, h decaying or outgoing, both solutions of (h_D − E) = 0, and their
Wronskian W = f_P h_Q − f_Q h_P,

    (E − h_D)^{−1}(r, r') = f(r<) h(r>)ᵀ/(cW).

Both follow from the propagators of panels: in each panel the equation is satisfied at the Gauss points
(Hairer & Wanner, Solving Ordinary Differential Equations II, section IV.5), which conserves W exactly and
gives f and h where the quadrature wants them. Beyond the last panel the field is that of a charge, and the
radius turns by an angle into the complex plane, so that h decays from where it starts at any energy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nuatom.atoms.structure.dirac import regular_start
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
    """Factors a and b of F(r)ᵀ (E − h_κ)^{−1}(r, r') F(r') = a(r<) b(r>).

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
    potential = np.concatenate([field.potential, -field.charge / z])
    radius = np.concatenate([panels.r, z])
    widths = np.concatenate([np.diff(panels.edges), width])
    _, weights = legendre_rule(panels.order)
    inside = np.empty((widths.size, panels.order, 2, 2), dtype=complex)
    across = np.empty((widths.size, 2, 2), dtype=complex)
    f, h = np.empty((2, 2, panels.size), dtype=complex)
    f_scale, h_scale = np.empty((2, panels.size))
    _propagators(
        radius, widths, potential, float(kappa), complex(energy), c, partial_integrals(panels.order), weights,
        inside, across,
    )  # fmt: skip
    edge = _outward(inside, across, panels.panels, _first_ratio(field, kappa, energy), f, f_scale)
    last = _last_ratio(radius[-1], width[-1], potential[-1], kappa, energy, c)
    wronskian = _inward(inside, across, panels.panels, last, edge, h, h_scale)
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


def _first_ratio(field: RadialField, kappa: int, energy: complex) -> float:
    """Q/P of f at the first edge, in frozen coefficients."""
    r, c = float(field.panels.edges[0]), field.speed_of_light
    kinetic = (energy.real - float(field.potential[0])) / c
    return float(regular_start(kappa / r, 2.0 * c + kinetic, -kinetic))


def _last_ratio(
    radius: complex, width: complex, potential: complex, kappa: int, energy: complex, c: float
) -> complex:
    """Q/P of h at the end of the ray, in frozen coefficients."""
    kinetic = (energy - potential) / c
    barrier = kappa / radius
    rate = np.sqrt(barrier**2 - (2.0 * c + kinetic) * kinetic)
    rate = rate if (rate * width).real > 0.0 else -rate
    return complex((barrier - rate) / (2.0 * c + kinetic))


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
def _propagators(
    radius: ComplexArray, widths: ComplexArray, potential: ComplexArray, kappa: float, energy: complex,
    c: float, partial: FloatArray, weights: FloatArray, inside: ComplexArray, across: ComplexArray,
) -> None:  # fmt: skip
    """Fill the matrices that take (P, Q) from a panel's left edge to its points and to its right edge."""
    order = weights.size
    system = np.empty((2 * order, 2 * order + 2), dtype=np.complex128)
    for panel in range(widths.size):
        for i in range(order):
            for j in range(order):
                at = panel * order + j
                kinetic, diagonal = (energy - potential[at]) / c, kappa / radius[at]
                part = widths[panel] * partial[i, j]
                same = 1.0 if i == j else 0.0
                system[i, j] = same + part * diagonal
                system[i, order + j] = -part * (2.0 * c + kinetic)
                system[order + i, j] = part * kinetic
                system[order + i, order + j] = same - part * diagonal
            for column in range(2):
                system[i, 2 * order + column] = 1.0 - column
                system[order + i, 2 * order + column] = 1.0 * column
        _eliminate(system)
        for column in range(2):
            across[panel, 0, column] = 1.0 - column
            across[panel, 1, column] = 1.0 * column
            for i in range(order):
                at = panel * order + i
                kinetic, diagonal = (energy - potential[at]) / c, kappa / radius[at]
                p, q = system[i, 2 * order + column], system[order + i, 2 * order + column]
                inside[panel, i, 0, column] = p
                inside[panel, i, 1, column] = q
                weight = widths[panel] * weights[i]
                across[panel, 0, column] += weight * ((2.0 * c + kinetic) * q - diagonal * p)
                across[panel, 1, column] += weight * (diagonal * q - kinetic * p)


@compiled
def _eliminate(system: ComplexArray) -> None:
    """Solve A x = b by Gauss's elimination with row exchanges, (A, b) in ``system``; x replaces b."""
    size, width = system.shape
    for column in range(size):
        pivot = column
        for row in range(column + 1, size):
            if abs(system[row, column]) > abs(system[pivot, column]):
                pivot = row
        for j in range(column, width):
            swap = system[pivot, j]
            system[pivot, j] = system[column, j]
            system[column, j] = swap
        for row in range(column + 1, size):
            factor = system[row, column] / system[column, column]
            for j in range(column + 1, width):
                system[row, j] -= factor * system[column, j]
    for row in range(size - 1, -1, -1):
        for j in range(size, width):
            total = system[row, j]
            for k in range(row + 1, size):
                total -= system[row, k] * system[k, j]
            system[row, j] = total / system[row, row]


@compiled
def _outward(
    inside: ComplexArray, across: ComplexArray, panels: int, ratio: float, f: ComplexArray, scale: FloatArray
) -> tuple[complex, complex, float]:
    """Fill f at the points, and the logarithm of its scale; both at the last edge."""
    order = inside.shape[1]
    p, q, exponent = 1.0 + 0.0j, ratio + 0.0j, 0.0
    for panel in range(panels):
        for i in range(order):
            at = panel * order + i
            f[0, at] = inside[panel, i, 0, 0] * p + inside[panel, i, 0, 1] * q
            f[1, at] = inside[panel, i, 1, 0] * p + inside[panel, i, 1, 1] * q
            scale[at] = exponent
        one = across[panel, 0, 0] * p + across[panel, 0, 1] * q
        two = across[panel, 1, 0] * p + across[panel, 1, 1] * q
        length = np.hypot(abs(one), abs(two))
        p, q = one / length, two / length
        exponent += np.log(length)
    return p, q, exponent


@compiled
def _inward(
    inside: ComplexArray, across: ComplexArray, panels: int, ratio: complex,
    edge: tuple[complex, complex, float], h: ComplexArray, scale: FloatArray,
) -> complex:  # fmt: skip
    """Fill h at the points, and the logarithm of its scale; W of f and h so scaled."""
    order = inside.shape[1]
    p, q, exponent = 1.0 + 0.0j, ratio, 0.0
    wronskian = 0.0j
    for panel in range(across.shape[0] - 1, -1, -1):
        if panel == panels - 1:
            # From here on the scale of h is such that that of f cancels in W.
            wronskian = edge[0] * q - edge[1] * p
            exponent = -edge[2]
        one = across[panel, 1, 1] * p - across[panel, 0, 1] * q
        two = across[panel, 0, 0] * q - across[panel, 1, 0] * p
        length = np.hypot(abs(one), abs(two))
        p, q = one / length, two / length
        exponent += np.log(length)
        if panel < panels:
            for i in range(order):
                at = panel * order + i
                h[0, at] = inside[panel, i, 0, 0] * p + inside[panel, i, 0, 1] * q
                h[1, at] = inside[panel, i, 1, 0] * p + inside[panel, i, 1, 1] * q
                scale[at] = exponent
    return wronskian
