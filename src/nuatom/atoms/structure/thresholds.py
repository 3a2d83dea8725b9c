"""Where ionization of each subshell begins: at the mean field's eigenvalue, or at its measured edge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from nuatom.atoms.structure.orbital import GroundState, Orbital
from nuatom.atoms.target import MAX_ATOMIC_NUMBER, element
from nuatom.constants import HARTREE_KEV
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Thresholds", "thresholds_kev"]

Thresholds = Literal["calculated", "measured"]
"""``calculated``: −E of the orbital; ``measured``: the edge of `nuatom.atoms.target.Subshell`."""


def thresholds_kev(
    state: GroundState, thresholds: Thresholds, orbitals: Sequence[Orbital] | None = None
) -> FloatArray:
    """Energy transfers at which the subshells of an atom open, T = ε + threshold.

    An eigenvalue leaves out that the other electrons relax around the hole: that of xenon's 1s is
    0.2 keV above its edge. With measured thresholds an electron leaves with ε = T − edge, and the
    amplitudes are those of that ε; they then belong to an energy transfer ε − E, so that the vector
    current is conserved with T replaced by it.

    Parameters
    ----------
    state : GroundState
    thresholds : {"calculated", "measured"}
        Measured ones are those of X-ray tables, of the solid where the element is one: outermost
        ones then lie below the free atom's (germanium 4p: 2.3 against 7.9 eV).
    orbitals : sequence of Orbital, optional
        Some orbitals of ``state``; all by default.

    Returns
    -------
    ndarray, shape (orbitals,)

    Raises
    ------
    InputError
        For other thresholds, and for measured ones of an ion, of an element beyond uranium or of a
        subshell that is empty in the tables.
    """
    chosen = state.orbitals if orbitals is None else tuple(orbitals)
    if thresholds not in get_args(Thresholds):
        raise InputError("thresholds", thresholds, " or ".join(get_args(Thresholds)))
    if thresholds == "calculated":
        return -HARTREE_KEV * np.array([orbital.energy for orbital in chosen])
    if state.charge != 0 or state.Z > MAX_ATOMIC_NUMBER:
        accepted = f"calculated for Z = {state.Z}, charge {state.charge}: edges are of neutral atoms up to "
        raise InputError("thresholds", thresholds, f"{accepted}Z = {MAX_ATOMIC_NUMBER}")
    edges = {(shell.n, shell.kappa): shell.edge_kev for shell in element(state.Z).subshells}
    missing = [orbital.label for orbital in chosen if (orbital.n, orbital.kappa) not in edges]
    if missing:
        accepted = f"calculated for Z = {state.Z}: there is no edge of {', '.join(missing)}"
        raise InputError("thresholds", thresholds, accepted)
    return np.array([edges[orbital.n, orbital.kappa] for orbital in chosen])
