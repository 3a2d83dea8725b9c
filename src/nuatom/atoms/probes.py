"""Amplitudes of the vector current's multipoles between orbitals and waves of natural parity.

With the pair functions D₊ = P'P + Q'Q and F± = P'Q ± Q'P (a prime marks the wave κ') and x = Qr,

    charge          ∫ D₊ j_L dr,
    longitudinal    ∫ [−F₋ j_L' + (κ' − κ) F₊ j_L/x] dr,
    electric        ∫ [L(L+1) F₋ j_L/x − (κ' − κ) F₊ (j_L' + j_L/x)] dr / √(L(L+1)),

each times the reduced element ⟨κ'‖C_L‖κ⟩ (Walecka, Theoretical Nuclear and Subnuclear Physics,
chapter 9). A conserved current has c·Q·longitudinal = T·charge. The current α here is without c.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import spherical_jn

from nuatom.numerics.quadrature import FloatArray

__all__ = ["OPERATORS", "probe_functions"]

OPERATORS: Final = ("charge", "longitudinal", "electric")
"""Their order along the operator axis of every response; charge is even under time reversal."""


def probe_functions(
    order: int, momentum: FloatArray, r: FloatArray
) -> tuple[tuple[FloatArray, FloatArray, FloatArray], ...]:
    """For each operator the functions of r that multiply D₊, F₋ and (κ' − κ) F₊, shape (Q, r)."""
    x = momentum[:, None] * r
    bessel = spherical_jn(order, x)
    slope = spherical_jn(order, x, derivative=True)
    over = bessel / x
    zero = np.zeros_like(x)
    if order:
        root = np.sqrt(order * (order + 1.0))
        electric = (zero, root * over, -(slope + over) / root)
    else:
        electric = (zero, zero, zero)
    return (bessel, zero, zero), (zero, -slope, over), electric
