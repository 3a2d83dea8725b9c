r"""Photons inside matter: what takes the place of 1/(Q² − T²), and of the field that an atom feels.

In the Coulomb gauge a photon of energy T and momentum Q is longitudinal, 1/(εQ²), or transverse, 1/D with

.. math:: D = Q^2 - \varepsilon T^2 = V + (1-\varepsilon)T^2, \qquad V = Q^2 - T^2 .

An atom's responses are multiplied by the squares of its fields over those of the vacuum. The pole at V = 0
is gone. What an atom feels is the field of the probe and of all *other* atoms: at small momenta that
is 1/ε times the local field (ε + 2)/3 of a fluid, at large ones the others lie at all phases, and drop out.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.media.dielectric import ComplexArray
from nuatom.media.medium import Medium
from nuatom.numerics.quadrature import FloatArray

__all__ = ["local_field", "longitudinal_field", "transverse_field", "transverse_logarithm"]

_SMALL: Final = 1e-2


def local_field(medium: Medium, transfer_kev: ArrayLike, momentum_kev: ArrayLike) -> ComplexArray:
    r"""Transverse field that an atom feels over the macroscopic one.

    .. math:: 1 + (\varepsilon - 1)\,\frac{j_1(QR)}{QR}

    in a fluid, where an atom does not feel what polarizes its own volume: (ε + 2)/3 at small momenta. In a
    crystal, whose electrons overlap, 1.

    Parameters
    ----------
    medium : Medium
    transfer_kev, momentum_kev : array_like
        T and Q; they broadcast.
    """
    share = _bessel_share(medium, momentum_kev) if medium.dielectric.local_field else 0.0
    field: ComplexArray = 1.0 + (medium.dielectric.at(transfer_kev) - 1.0) * share
    return field


def longitudinal_field(medium: Medium, transfer_kev: ArrayLike, momentum_kev: ArrayLike) -> ComplexArray:
    r"""Longitudinal field that an atom feels in matter over that of the probe in the vacuum.

    .. math:: \frac{1}{1+\chi(T)\,h(Q)}, \qquad h = \frac{2j_1(QR)}{QR}\ \text{in a fluid},\quad
              \frac{3j_1(QR)}{QR}\ \text{in a crystal}

    A longitudinal wave of polarization P has the field −4πP. The part −4πP(1 − 2j₁(QR)/QR) of it, a third at
    small momenta and all of it at large ones, comes from within a sphere of radius R, where in a fluid no
    other atom is: R is the radius of an atom's own volume. At Q → 0 the field is (ε + 2)/(3ε) in a fluid,
    and 1/ε in a crystal, whose electrons overlap.

    Parameters
    ----------
    medium : Medium
    transfer_kev, momentum_kev : array_like
        T and Q; they broadcast.
    """
    share = (2.0 if medium.dielectric.local_field else 3.0) * _bessel_share(medium, momentum_kev)
    field: ComplexArray = 1.0 / (1.0 + medium.dielectric.susceptibility(transfer_kev) * share)
    return field


def transverse_field(
    virtuality_kev2: ArrayLike, transfer_kev: ArrayLike, epsilon: ComplexArray
) -> ComplexArray:
    """Transverse field in matter over that in the vacuum, V/D.

    Parameters
    ----------
    virtuality_kev2, transfer_kev : array_like
        V > 0 and T; they broadcast with ε.
    epsilon : ndarray
        ε(T).
    """
    virtuality, transfer = np.asarray(virtuality_kev2, dtype=float), np.asarray(transfer_kev, dtype=float)
    field: ComplexArray = virtuality / (virtuality + (1.0 - epsilon) * transfer**2)
    return field


def transverse_logarithm(
    virtuality_kev2: ArrayLike,
    least_virtuality_kev2: ArrayLike,
    transfer_kev: ArrayLike,
    epsilon: ComplexArray,
) -> FloatArray:
    r"""What the logarithm ln(V/V_min) of the vacuum becomes.

    .. math:: \int_{V_{min}}^{V} \frac{V\,dV}{|D|^2} = \tfrac12\ln\frac{(V+A)^2+B^2}{(V_{min}+A)^2+B^2}
              - \frac AB\Big[\arctan\frac{V+A}{B}-\arctan\frac{V_{min}+A}{B}\Big],

    A = (1 − ε₁)T², B = ε₂T²: :cite:`Allison:1980` has the same two terms. It is finite for
    V_min = 0.

    Parameters
    ----------
    virtuality_kev2, least_virtuality_kev2, transfer_kev : array_like
        V, V_min ≥ 0 and T; they broadcast with ε.
    epsilon : ndarray
        ε(T); where it is 1 the vacuum's logarithm is returned, and V_min may not be zero.
    """
    square = np.square(np.asarray(transfer_kev, dtype=float))
    a, b = (1.0 - epsilon.real) * square, epsilon.imag * square
    high = np.asarray(virtuality_kev2, dtype=float) + a
    low = np.asarray(least_virtuality_kev2, dtype=float) + a
    angle = np.arctan2(b * (high - low), b * b + high * low)
    # Without absorption, or nearly so, the arctangent is as small as its argument.
    small = (b <= 1e-9 * np.abs(high * low) / np.maximum(np.abs(high - low), 1e-300)) & (high * low > 0.0)
    safe_product = np.where(high * low != 0.0, high * low, 1.0)
    per_b = np.where(small, (high - low) / safe_product, angle / np.where(b > 0.0, b, 1.0))
    # Squares of the virtualities of a neutrino that is hardly massive would underflow.
    result: FloatArray = np.log(np.hypot(high, b) / np.hypot(low, b)) - a * per_b
    return result


def _bessel_share(medium: Medium, momentum_kev: ArrayLike) -> FloatArray:
    """j₁(QR)/(QR), a third at small momenta, R the radius of an atom's own volume."""
    x = np.asarray(momentum_kev, dtype=float) * medium.cell_radius_per_kev
    safe = np.where(x > _SMALL, x, 1.0)
    share: FloatArray = np.where(
        x > _SMALL, (np.sin(safe) - safe * np.cos(safe)) / safe**3, (1.0 - 0.1 * x * x) / 3.0
    )
    return share
