"""Energy normalisation of a continuum orbital from its amplitude in the Coulomb tail.

With P = √M u, M = (E − V + 2c²)/c, the radial Dirac equation becomes u'' + w² u = 0,

    w² = M N − κ(κ+1)/r² − (κ/r) M'/M + ½ M''/M − ¾ (M'/M)²,   N = (E − V)/c,

and u = A y sin φ with y'' + w² y = 1/y³, φ' = 1/y² (W. E. Milne, Phys. Rev. 35 (1930) 863). The
amplitude y that does not oscillate, smooth as far as infinity, is found by Newton's method from
its WKB value 1/√w on Chebyshev points in u, the logarithm of √(k² + 2z/r): in u even the Coulomb
field of a bare nucleus at threshold has no nearby singularity. Then
A² = (u/y)² + (y u' − y' u)², and A² = 1/(πc) makes ∫(P_E P_E' + Q_E Q_E')dr = δ(E − E'): far away,
P² oscillates up to M/(π c k), k the momentum.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from nuatom.atoms.units import wavenumber
from nuatom.errors import ConvergenceError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Amplitude", "milne_amplitude", "outer_turning_radius"]

CHEBYSHEV_POINTS = 28
NEWTON_STEPS = 12
ACCURACY = 1e-11
RESOLUTION = 1e-9


class Amplitude(NamedTuple):
    """y and dy/dr at the matching radius, and the relative change of the last repetition."""

    value: float
    slope: float
    residual: float


def outer_turning_radius(energy: float, kappa: int, charge: float, speed_of_light: float) -> float:
    """Radius at which k² + 2 z (1 + E/c²)/r = (|κ| + ½)²/r², bohr: the last turning point."""
    square = float(wavenumber(energy, speed_of_light)) ** 2
    pull = charge * (1.0 + energy / speed_of_light**2)
    barrier = abs(kappa) + 0.5
    return float(barrier**2 / (pull + np.sqrt(pull**2 + square * barrier**2)))


def milne_amplitude(
    radius: float, energy: float, kappa: int, charge: float, speed_of_light: float
) -> Amplitude:
    """Amplitude function in the potential −charge/r outside ``radius``.

    Parameters
    ----------
    radius : float
        Matching radius, bohr, well outside the outer turning point.
    energy : float
        Kinetic energy at infinity, hartree.
    kappa : int
    charge : float
        z ≥ 0 of V = −z/r.
    speed_of_light : float

    Raises
    ------
    ConvergenceError
        If the repetitions do not settle: the radius is too close to a turning point.
    """
    c = speed_of_light
    nodes, derivative, _ = _chebyshev()
    k = float(wavenumber(energy, c))
    pull = charge * (1.0 + energy / c**2)
    span = 0.5 * np.log1p(2.0 * pull / (radius * k**2))
    inverse, stretch = nodes / radius, np.ones_like(nodes)
    if span > 1e-6:
        inverse = np.expm1(2.0 * span * nodes) / np.expm1(2.0 * span) / radius
        stretch = 2.0 * span * np.exp(2.0 * span * nodes) / np.expm1(2.0 * span)
    slope = derivative * (radius / stretch)[:, None]
    kinetic = (energy + charge * inverse) / c
    mass = 2.0 * c + kinetic
    mass_1 = -charge * inverse**2 / c / mass
    mass_2 = 2.0 * charge * inverse**3 / c / mass
    square = (
        mass * kinetic - kappa * (kappa + 1) * inverse**2
        - kappa * inverse * mass_1 + 0.5 * mass_2 - 0.75 * mass_1**2
    )  # fmt: skip
    if not square.min() > 0.0:
        raise ConvergenceError(f"no classical motion at {radius:.4g} bohr for kappa = {kappa}")
    value = square**-0.25
    bending = (inverse**2)[:, None] * slope
    bending = bending @ bending
    residual = np.inf
    for _ in range(NEWTON_STEPS):
        defect = bending @ value + square * value - value**-3
        jacobian = bending + np.diag(square + 3.0 * value**-4)
        change = np.linalg.solve(jacobian, defect)
        value = value - change
        if not value.min() > 0.0:
            break
        residual = float(np.abs(change / value).max())
        if residual < ACCURACY and _unresolved(value) < RESOLUTION:
            return Amplitude(float(value[-1]), float(-(inverse[-1] ** 2) * (slope[-1] @ value)), residual)
    raise ConvergenceError(
        f"amplitude of kappa = {kappa} at {radius:.4g} bohr still changes by {residual:.3g}"
    )


def _unresolved(values: FloatArray) -> float:
    """Last two coefficients of the Chebyshev series, relative to its largest."""
    coefficients = np.abs(_chebyshev()[2] @ values)
    return float(coefficients[-2:].max() / coefficients.max())


@cache
def _chebyshev() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Chebyshev-Lobatto points on [0, 1], ascending; differentiation; values to coefficients.

    Trefethen, Spectral Methods in MATLAB, theorem 7.
    """
    count = CHEBYSHEV_POINTS
    angle = np.pi * np.arange(count) / (count - 1)
    points = -np.cos(angle)
    ends = np.ones(count)
    ends[[0, -1]] = 2.0
    signs = ends * (-1.0) ** np.arange(count)
    # Differences of cosines without cancellation.
    gap = 2.0 * np.sin((angle[:, None] + angle) / 2) * np.sin((angle[:, None] - angle) / 2)
    np.fill_diagonal(gap, 1.0)
    matrix = np.outer(signs, 1.0 / signs) / gap
    np.fill_diagonal(matrix, 0.0)
    np.fill_diagonal(matrix, -matrix.sum(axis=1))
    nodes = 0.5 * (1.0 + points)
    matrix *= 2.0
    series = np.linalg.inv(np.cos(np.outer(np.pi - angle, np.arange(count))))
    for array in (nodes, matrix, series):
        array.setflags(write=False)
    return nodes, matrix, series
