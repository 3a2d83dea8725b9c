r"""Photons inside matter: what takes the place of 1/(Q² − T²).

In the Coulomb gauge a photon of energy T and momentum Q is longitudinal, 1/(εQ²), or transverse, 1/D with

.. math:: D = Q^2 - \varepsilon T^2 = V + (1-\varepsilon)T^2, \qquad V = Q^2 - T^2 .

Responses of the atoms are multiplied by the squares of what their fields are over those of the vacuum:
|1/ε|² and |V/D|², each with the local field where ε is made of single atoms. The pole at V = 0 is gone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from nuatom.media.dielectric import ComplexArray
from nuatom.numerics.quadrature import FloatArray

__all__ = ["transverse_field", "transverse_logarithm"]


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
    result: FloatArray = 0.5 * np.log((high**2 + b**2) / (low**2 + b**2)) - a * per_b
    return result
