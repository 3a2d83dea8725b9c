"""What a table of correlation is worth: two fields against each other, thresholds against measured ones."""

from __future__ import annotations

from typing import Final

import numpy as np

from nuatom.atoms.structure.orbital import GroundState
from nuatom.atoms.structure.thresholds import thresholds_kev
from nuatom.atoms.tables.charge_spin import LowMultipoles, growth
from nuatom.atoms.tables.reduction import integrals
from nuatom.atoms.tables.responses import ResponseTable
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["kernel_error", "threshold_error"]

SPREAD: Final = 0.07
"""Half width, relative, of the window over which two fields are compared: thresholds differ by less."""

ABOVE: Final = 1.03
"""Transfer over a threshold at which a subshell's share is taken: away from its resonances."""

MOMENTA: Final = 120


def kernel_error(
    nodes: FloatArray, before: FloatArray, grown: FloatArray, alone: FloatArray, second: FloatArray,
    column: np.ndarray, momentum: FloatArray,
) -> FloatArray:  # fmt: skip
    """Half the relative difference of two fields' integrals, averaged over transfers alike."""
    tried = np.flatnonzero(np.isfinite(second[:, 0]))
    other = np.take_along_axis(second[tried], column[tried], axis=-1)
    ratio, _, _ = growth(before[tried], LowMultipoles(other, other, other, alone[tried]))
    one = integrals(before[tried] * grown[tried], momentum)
    two = integrals(before[tried] * ratio, momentum)
    log = np.log(nodes[tried])
    weight = np.abs(log[:, None] - log) < np.log1p(SPREAD)
    weight = weight * np.gradient(nodes[tried])
    half = 0.5 * np.abs(np.log((one @ weight.T) / (two @ weight.T)))
    return np.stack([np.interp(nodes, nodes[tried], row) for row in half])


def threshold_error(
    nodes: FloatArray, independent: ResponseTable, state: GroundState, own: FloatArray
) -> FloatArray:
    """Share of a subshell in both integrals, between its own and its measured threshold.

    There it is open where it is not, or not where it is. The share is that of independent electrons a little
    above the threshold; nothing is known where no edge was measured.
    """
    result = np.zeros((2, nodes.size))
    try:
        measured = thresholds_kev(state, "measured")
    except InputError:
        return result
    by_label = {
        o.label: pair for o, pair in zip(state.orbitals, zip(own, measured, strict=True), strict=True)
    }
    for shell in independent.subshells:
        low, high = by_label[shell.label]
        inside = (nodes > low) & (nodes < high)
        if np.any(inside):
            opened = np.array([ABOVE * shell.scale.edge_kev])
            momentum = np.geomspace(
                float(opened[0]), float(independent.momentum_limits_kev(opened)[1][0]), 120
            )
            part, whole = (
                integrals(which.on_momenta(opened, momentum[None])[0], momentum)[:, 0]
                for which in (shell, independent)
            )
            result[:, inside] = np.hypot(result[:, inside], (part / whole)[:, None])
    return result
