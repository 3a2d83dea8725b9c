"""The one Wigner 3j symbol of relativistic central-field algebra."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["half_three_j_squared"]


def half_three_j_squared(twice_j1: ArrayLike, order: ArrayLike, twice_j2: ArrayLike) -> FloatArray:
    r"""Square of the 3j symbol :math:`\begin{pmatrix} j_1&L&j_2\\ -1/2&0&1/2\end{pmatrix}`.

    With :math:`J = j_1+j_2+L` it factors into a symbol of integers [Edmonds (1957), (6.2.12)
    and table 5]:

    .. math:: (3j)^2 = \frac{(J+1)(J-2L)}{(2j_1+1)(2j_2+1)}
              \begin{pmatrix} j_1-1/2&L&j_2-1/2\\ 0&0&0\end{pmatrix}^2

    for odd :math:`J`, and for even :math:`J`

    .. math:: (3j)^2 = \frac{(J-2j_1)(J-2j_2+1)}{(2j_1+1)(2j_2+1)}
              \begin{pmatrix} j_1+1/2&L&j_2-1/2\\ 0&0&0\end{pmatrix}^2 ,

    which are products of central binomial coefficients: nothing overflows, and the relative
    error is a few rounding errors times the number of factors, at every angular momentum.

    Parameters
    ----------
    twice_j1, twice_j2 : array_like of int
        Positive odd integers :math:`2j`; broadcast with ``order``.
    order : array_like of int
        Multipole order :math:`L \ge 0`.

    Returns
    -------
    ndarray
        Zero where the triangle rule fails.

    Raises
    ------
    InputError
        For an even or negative 2j, or a negative order.
    """
    a, c, b = np.broadcast_arrays(
        np.asarray(twice_j1, dtype=int),
        np.asarray(order, dtype=int),
        np.asarray(twice_j2, dtype=int),
    )
    for name, value in (("twice_j1", a), ("twice_j2", b)):
        if np.any(value < 1) or np.any(value % 2 == 0):
            raise InputError(name, value, "positive odd integers")
    if np.any(c < 0):
        raise InputError("order", c, "integers >= 0")
    total = (a + b) // 2 + c
    odd = total % 2 == 1
    numerator = np.where(odd, (total + 1) * (total - 2 * c), (total - a) * (total - b + 1))
    integer = _zero_three_j_squared(np.where(odd, (a - 1) // 2, (a + 1) // 2), c, (b - 1) // 2)
    inside = (np.abs(a - b) <= 2 * c) & (2 * c <= a + b)
    return np.where(inside, numerator / ((a + 1.0) * (b + 1.0)) * integer, 0.0)


def _zero_three_j_squared(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    """Square of (a b c; 0 0 0) for even a + b + c [Edmonds (3.7.17)]; 0 off the triangle."""
    half = (a + b + c) // 2
    inside = (half >= a) & (half >= b) & (half >= c)
    largest = int(np.max(half, initial=0))
    k = np.arange(1, largest + 1)
    central = np.concatenate(([1.0], np.cumprod((2 * k - 1) / (2 * k))))
    product = (
        central[np.where(inside, half - a, 0)]
        * central[np.where(inside, half - b, 0)]
        * central[np.where(inside, half - c, 0)]
        / central[half]
    )
    result: FloatArray = np.where(inside, product / (2 * half + 1), 0.0)
    return result
