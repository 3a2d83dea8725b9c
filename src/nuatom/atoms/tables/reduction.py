"""From the responses of a segment's transfers to what a table of correlation holds, and its errors."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from nuatom.atoms.components import COMPONENTS, DIAGONAL, SIGNED, encode
from nuatom.atoms.tables.correlation import change, pieces
from nuatom.atoms.units import ridge_kev
from nuatom.errors import ConvergenceError
from nuatom.numerics.quadrature import FloatArray

__all__ = [
    "ROUNDED",
    "bounded_change",
    "bounds",
    "conserved",
    "integrals",
    "interpolation_errors",
    "last_momenta",
    "remainder",
]

IntArray = NDArray[np.int_]

NEGLIGIBLE: Final = 1e-3
"""Beyond the momentum where Q²R is largest, a response below this part of it keeps the change of the
last momentum above it: what is computed there is rounding."""

FRACTION_SLACK: Final = 0.02
"""Schwarz fractions of sums that were computed along different routes may exceed one by this."""


ROUNDED: Final = 2.0**-13
"""Changes are rounded to multiples of this, which compress."""


def bounds() -> tuple[FloatArray, FloatArray]:
    """Least and largest change of each component."""
    high = np.ones((len(COMPONENTS), 1, 1))
    high[DIAGONAL] = np.inf
    return -high, high


def conserved(
    together: FloatArray, transfer_kev: FloatArray, momentum_kev: FloatArray
) -> tuple[FloatArray, float]:
    """Longitudinal currents from charges, J₃ = (T/Q) J₀, and by how much the computed ones differ.

    Where the momentum is high the current is orders of magnitude below its parts, and what the equations
    leave of it is rounding. The difference is that of ∫Q dQ of R₃₃ (Q/T)² and R₀₀ up to the ridge.
    """
    result = together.copy()
    ratio = transfer_kev[:, None] / momentum_kev
    result[1], result[2] = ratio * together[0], ratio**2 * together[0]
    below = momentum_kev < ridge_kev(transfer_kev)[:, None]
    charge = np.gradient(momentum_kev) * momentum_kev * together[0] * below
    current = np.gradient(momentum_kev) * momentum_kev * together[2] / ratio**2 * below
    return result, float(np.max(np.abs(current - charge).sum(axis=1) / charge.sum(axis=1)))


def remainder(whole: FloatArray, part: FloatArray) -> FloatArray:
    """What independent electrons have beyond some multipoles: no less than nothing, within its own bounds."""
    rest = whole - part
    rest[DIAGONAL] = np.maximum(rest[DIAGONAL], 0.0)
    for row, (first, second, bound) in SIGNED.items():
        limit = bound * np.sqrt(rest[first] * rest[second])
        rest[row] = np.clip(rest[row], -limit, limit)
    return rest


def last_momenta(before: FloatArray, momentum_kev: FloatArray) -> IntArray:
    """Index of the last momentum at which no positive response is negligible, at each transfer."""
    square = momentum_kev**2
    end = np.full(before.shape[1], square.size - 1)
    for row in DIAGONAL:
        for t in range(before.shape[1]):
            weighted = square * before[row, t]
            peak = int(np.argmax(weighted))
            tail = np.flatnonzero(weighted[peak:] < NEGLIGIBLE * weighted[peak])
            if tail.size:
                end[t] = min(end[t], peak + int(tail[0]) - 1)
    return end


def bounded_change(
    before: FloatArray, after: FloatArray, transfer_kev: FloatArray, momentum_kev: FloatArray
) -> FloatArray:
    """Changes where responses are not negligible, and those of the last such momentum beyond."""
    count = momentum_kev.size
    end = last_momenta(before, momentum_kev)
    column = np.minimum(np.arange(count), end[:, None])
    kept = np.take_along_axis(after, np.broadcast_to(column, after.shape), axis=-1)
    base = np.take_along_axis(before, np.broadcast_to(column, before.shape), axis=-1)
    if not np.all(kept[DIAGONAL] > 0.0):
        row, t, q = (int(i[0]) for i in np.nonzero(kept[DIAGONAL] <= 0.0))
        where = f"T = {transfer_kev[t]:.5g} keV, Q = {momentum_kev[q]:.5g} keV"
        raise ConvergenceError(f"{COMPONENTS[DIAGONAL[row]]} with correlation is not positive at {where}")
    excess = np.abs(np.delete(encode(kept), DIAGONAL, axis=0)).max()
    if excess > 1.0 + FRACTION_SLACK:
        raise ConvergenceError(f"a signed response with correlation is {excess:.3g} of its Schwarz bound")
    return change(base, kept)


def integrals(density: FloatArray, momentum: FloatArray) -> FloatArray:
    """∫Q dQ S and ∫dQ S/Q of S, shape (T, Q), as shape (2, T)."""
    measures = np.gradient(momentum) * np.stack([momentum, 1.0 / momentum])
    result: FloatArray = np.einsum("mq,tq->mt", measures, density)
    return result


def interpolation_errors(
    edges_kev: FloatArray, transfer_kev: FloatArray, momentum_kev: FloatArray, changes: FloatArray,
    density: FloatArray,
) -> FloatArray:  # fmt: skip
    """Errors of ∫Q dQ S and ∫dQ S/Q next to each transfer, the larger of the two.

    A quarter of what interpolation over the other transfers misses at this one, as monotonic cubics gain
    at least 2² from steps half as long; zero next to a threshold, where nothing lies on its other side.
    """
    errors = np.zeros(transfer_kev.size)
    number = np.searchsorted(np.sort(edges_kev), transfer_kev, side="left")
    for index in pieces(edges_kev, transfer_kev).values():
        for left_out in index[1:-1]:
            if number[left_out - 1] != number[left_out + 1]:
                continue
            rest = index[index != left_out]
            guess = PchipInterpolator(transfer_kev[rest], changes[rest], axis=0)(transfer_kev[left_out])
            found = np.exp(changes[left_out])
            wrong = integrals(density[[left_out]] * np.abs(np.exp(guess) - found), momentum_kev)
            whole = integrals(density[[left_out]] * found, momentum_kev)
            errors[left_out] = 0.25 * float((wrong / whole).max())
    return errors
