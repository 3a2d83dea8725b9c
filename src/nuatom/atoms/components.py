"""Components of a response: their names and order, which are positive, and how they are interpolated."""

from __future__ import annotations

from typing import Final

import numpy as np

from nuatom.numerics.quadrature import FloatArray

__all__ = ["COMPONENTS", "DIAGONAL", "SIGNED", "decode", "encode"]

COMPONENTS: Final = (
    "vector_00",
    "vector_03",
    "vector_33",
    "vector_11",
    "axial_00",
    "axial_03",
    "axial_33",
    "axial_11",
    "interference",
)
"""Order of the responses along a component axis.

``vector_ab`` and ``axial_ab`` are R_ab = Σ_f ⟨f|J_a|i⟩⟨f|J_b|i⟩* δ(T + E_i − E_f) of the currents
(1, **α**) and (γ5, **Σ**), averaged over magnetic sublevels; R_03 = R_30 are real and R_11 = R_22.
``interference`` is the part of i(R_12 − R_21) of J = V − A that is linear in V and in A: for
J = g_V V − g_A A it is multiplied by g_V g_A.
"""

DIAGONAL: Final = [0, 2, 3, 4, 6, 7]
"""Those that are positive."""

SIGNED: Final = {1: (0, 2, 1.0), 5: (4, 6, 1.0), 8: (3, 7, 4.0)}
"""Signed component: the two diagonal ones that bound it, and its largest ratio to their mean."""


def encode(values: FloatArray) -> FloatArray:
    """Logarithms of the diagonal responses, Schwarz fractions of the signed ones, shape (9, ...)."""
    encoded = np.array(values)
    encoded[DIAGONAL] = np.log(values[DIAGONAL])
    for signed, (first, second, bound) in SIGNED.items():
        encoded[signed] = values[signed] / (bound * np.sqrt(values[first] * values[second]))
    return encoded


def decode(encoded: FloatArray) -> FloatArray:
    """Inverse of `encode`."""
    values = np.array(encoded)
    values[DIAGONAL] = np.exp(encoded[DIAGONAL])
    for signed, (first, second, bound) in SIGNED.items():
        values[signed] = encoded[signed] * (bound * np.sqrt(values[first] * values[second]))
    return values
