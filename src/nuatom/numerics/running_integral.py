"""Running integrals on a uniform variable, from a running sum and a local correction.

For a function that starts from nothing,

    ∫_{−∞}^{t_i} f dt = h [Σ_{j<i} f_j + f_i/2 − Σ_m c_m (f_{i+m} − f_{i−m})],

where the central differences stand for the odd derivatives of the Euler-Maclaurin formula
(DLMF 2.10.1) and make it exact for polynomials of degree ten.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from nuatom.numerics.quadrature import FloatArray

__all__ = ["central_weights", "end_corrections"]

NEIGHBOURS = 5


@cache
def central_weights() -> FloatArray:
    """Return the weights c_1..c_5."""
    orders = np.arange(1, NEIGHBOURS + 1)
    bernoulli = np.array([1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66])
    # The correction to t^(2p−1) must be B_2p/(2p), at t = 0 and h = 1.
    differences = 2.0 * orders[None, :].astype(float) ** (2 * orders[:, None] - 1)
    weights: FloatArray = np.linalg.solve(differences, bernoulli / (2 * orders))
    weights.setflags(write=False)
    return weights


def end_corrections(values: FloatArray) -> FloatArray:
    """Σ_m c_m (f_{i+m} − f_{i−m}) at every i, zero where a neighbour is missing."""
    weights = central_weights()
    corrections = np.zeros_like(values)
    differences = np.concatenate([-weights[::-1], [0.0], weights])
    corrections[NEIGHBOURS:-NEIGHBOURS] = np.correlate(values, differences, "valid")
    return corrections
