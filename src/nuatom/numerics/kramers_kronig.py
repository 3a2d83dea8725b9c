"""The real part of a response from its absorptive part, exact for straight lines between points."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from nuatom.numerics.quadrature import FloatArray

__all__ = ["kramers_kronig"]

_ROWS = 256


def kramers_kronig(energy: FloatArray, imaginary: FloatArray, at: ArrayLike) -> FloatArray:
    r"""Real part of a causal response, (2/π) P∫ x Im χ(x)/(x² − E²) dx.

    With Im χ = a + b x between two points, each piece is elementary,

    .. math:: \int \frac{x(a+bx)}{x^2-E^2}\,dx = bx + \tfrac12(a+bE)\ln|x-E| + \tfrac12(a-bE)\ln|x+E| ,

    and the logarithms of neighbouring pieces cancel where E is one of the points.

    Parameters
    ----------
    energy : ndarray, shape (N,)
        Increasing, not negative; Im χ vanishes below the first and above the last. A jump is two points
        that lie close.
    imaginary : ndarray, shape (N,)
        Im χ; it should start and end at zero, or the real part has a logarithm there.
    at : array_like, shape (...)
        Where the real part is wanted.

    Returns
    -------
    ndarray, shape (...)

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(0.0, 60.0, 60001)
    >>> lorentz = 1.0 / (4.0 - x**2 - 0.5j * x)
    >>> float(np.round(kramers_kronig(x, lorentz.imag, 1.0), 4)), float(np.round(lorentz.real[1000], 4))
    (0.3243, 0.3243)
    """
    x = np.asarray(energy, dtype=float)
    slope = np.diff(imaginary) / np.diff(x)
    offset = imaginary[:-1] - slope * x[:-1]
    points = np.asarray(at, dtype=float)
    rows = points.reshape(-1, 1)
    # ln|x - E| of a point belongs to both of its pieces, with opposite signs: sums by points, not by pieces.
    near_slope, near_offset = np.zeros((2, x.size))
    near_slope[1:] += slope
    near_slope[:-1] -= slope
    near_offset[1:] += offset
    near_offset[:-1] -= offset
    constant = float(np.sum(slope * np.diff(x)))
    values = np.empty(rows.size)
    for start in range(0, rows.size, _ROWS):
        e = rows[start : start + _ROWS]
        below, above = np.abs(x - e), x + e
        logarithms = (near_offset + near_slope * e) * np.log(np.where(below > 0.0, below, 1.0))
        logarithms += (near_offset - near_slope * e) * np.log(np.where(above > 0.0, above, 1.0))
        values[start : start + _ROWS] = constant + 0.5 * logarithms.sum(axis=1)
    return (2.0 / np.pi * values).reshape(points.shape)
