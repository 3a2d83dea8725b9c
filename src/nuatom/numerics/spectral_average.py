"""Average of a spectrum over energy, from a response function a little above the real axis.

A causal response χ(ω) is analytic in the upper half plane, so that with the weight

    K(x) = (4/π) sin(π/8) / (1 + x⁸),

flat inside |x| < 1 and falling as x^−8 outside, ∫χ(ω + γx) K(x) dx is a sum of χ at the four poles of
K above the axis (residue theorem). A Lorentzian, its cousin with one pole, has tails that fill
every minimum.
"""

from __future__ import annotations

import numpy as np

from nuatom.numerics.complex_splines import ComplexArray

__all__ = ["average_points"]

POLES = 4


def average_points(half_width: float) -> tuple[ComplexArray, ComplexArray]:
    """Offsets γz_j and weights of the average over [−γ, γ]; one real point for γ = 0."""
    if half_width == 0.0:
        return np.zeros(1, dtype=complex), np.ones(1, dtype=complex)
    poles = np.exp(1j * np.pi * (2 * np.arange(POLES) + 1) / (2 * POLES))
    norm = POLES * np.sin(np.pi / (2 * POLES)) / np.pi
    return half_width * poles, -1j * np.pi * norm * poles / POLES
