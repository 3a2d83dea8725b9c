"""Local exchange and correlation of an electron gas, and the tail that it lacks; hartree and bohr.

Exchange: Dirac. Correlation: Perdew & Wang, Phys. Rev. B 45 (1992) 13244, equation 10 with the
first column of Table I, and for the stiffness of the spins the third. Tail: van Leeuwen & Baerends,
Phys. Rev. A 49 (1994) 2421, equation 55, which adds

    −β n_σ^{1/3} x²/(1 + 3β x arsinh x),   x = |∇n_σ|/n_σ^{4/3},   β = 0.05,

and turns exponential decay of the density into −1/r, so that occupied levels lie near measured
thresholds.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from nuatom.numerics.quadrature import FloatArray

__all__ = ["local_energy", "local_kernel", "local_potential", "spin_kernel", "tail_potential"]

TAIL_STRENGTH: Final = 0.05

UNPOLARISED: Final = (0.031091, 0.21370, 7.5957, 3.5876, 1.6382, 0.49294)
"""A, α₁, β₁ to β₄ of ε_c without polarisation."""

STIFFNESS: Final = (0.016887, 0.11125, 10.357, 3.6231, 0.88026, 0.49671)
"""The same of −α_c."""

SMALLEST_DENSITY: Final = 1e-12
"""Below it the kernel is that of this density: induced charge there is of no consequence."""


def local_potential(density: FloatArray) -> FloatArray:
    """v_xc of the gas, for positive densities."""
    radius = _gas_radius(density)
    energy, slope = _correlation(radius)
    exchange: FloatArray = -np.cbrt(3.0 * density / np.pi)
    return exchange + energy - radius / 3.0 * slope


def local_energy(density: FloatArray) -> FloatArray:
    """ε_xc of the gas per electron."""
    energy, _ = _correlation(_gas_radius(density))
    exchange: FloatArray = -0.75 * np.cbrt(3.0 * density / np.pi)
    return exchange + energy


def local_kernel(density: FloatArray) -> FloatArray:
    """f_xc = dv_xc/dn, exact for exchange, by central differences in ln n for correlation."""
    n = np.maximum(density, SMALLEST_DENSITY)
    step = 1e-4
    return (local_potential(n * (1.0 + step)) - local_potential(n * (1.0 - step))) / (2.0 * step * n)


def spin_kernel(density: FloatArray) -> FloatArray:
    r"""Kernel of a spin density m in a gas without polarisation, d²(n ε_xc)/dm² (hartree bohr³).

    Exchange acts within one spin, and has the kernel of the density; correlation between spins takes part
    of it back,

    .. math:: f_s = -\frac13\Big(\frac3\pi\Big)^{1/3}n^{-2/3} + \frac{\alpha_c(r_s)}{n}

    with the spin stiffness α_c of Perdew & Wang (1992), equations 8 to 10 and Table I.
    """
    n = np.maximum(density, SMALLEST_DENSITY)
    minus_stiffness, _ = _interpolated(_gas_radius(n), *STIFFNESS)
    exchange: FloatArray = -np.cbrt(3.0 / np.pi) / (3.0 * np.cbrt(n) ** 2)
    return exchange - minus_stiffness / n


def tail_potential(density: FloatArray, gradient: FloatArray) -> FloatArray:
    """Van Leeuwen & Baerends' correction, from n and dn/dr of both spins together."""
    spin = 0.5 * density
    x = 0.5 * np.abs(gradient) / (spin * np.cbrt(spin))
    growth: FloatArray = np.cbrt(spin) * x**2 / (1.0 + 3.0 * TAIL_STRENGTH * x * np.arcsinh(x))
    return -TAIL_STRENGTH * growth


def _gas_radius(density: FloatArray) -> FloatArray:
    radius: FloatArray = np.cbrt(3.0 / (4.0 * np.pi * density))
    return radius


def _correlation(radius: FloatArray) -> tuple[FloatArray, FloatArray]:
    """ε_c and dε_c/dr_s of the unpolarised gas."""
    return _interpolated(radius, *UNPOLARISED)


def _interpolated(
    radius: FloatArray, a: float, slope: float, b1: float, b2: float, b3: float, b4: float
) -> tuple[FloatArray, FloatArray]:
    """G(r_s) of Perdew & Wang's equation 10, p = 1, and its derivative."""
    root = np.sqrt(radius)
    front = -2.0 * a * (1.0 + slope * radius)
    denominator = 2.0 * a * (b1 * root + b2 * radius + b3 * radius * root + b4 * radius**2)
    derivative = a * (b1 / root + 2.0 * b2 + 3.0 * b3 * root + 4.0 * b4 * radius)
    logarithm = np.log1p(1.0 / denominator)
    energy: FloatArray = front * logarithm
    change: FloatArray = -2.0 * a * slope * logarithm - front * derivative / (
        denominator * (denominator + 1.0)
    )
    return energy, change
