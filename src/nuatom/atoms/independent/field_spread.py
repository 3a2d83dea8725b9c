"""How well independent electrons are known: the ejected one's field, with its hole in exchange or without.

The electron that leaves no longer repels itself, so that the direct term has a hole. Whether exchange has it
too is a matter of choice: with it electrons are independent to first order in their interaction, without it
the field is that of other codes. Half of the difference is the error of independent electrons; where
responses are correlated their interaction is treated as such, and the choice has no consequences.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.response import waves_of
from nuatom.atoms.independent.subshell import subshell_response
from nuatom.atoms.structure.orbital import GroundState
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV
from nuatom.numerics.quadrature import FloatArray

__all__ = ["field_spread"]

LAST_ORDER: Final = 6
"""Multipoles that see the difference; higher ones hardly see exchange."""


def field_spread(
    state: GroundState, transfer_kev: float, whole: FloatArray, momentum: FloatArray
) -> FloatArray:
    """Half of what the hole in exchange changes of ∫Q dQ S and of ∫dQ S/Q, relative to them.

    Parameters
    ----------
    state : GroundState
        Dirac-Fock.
    transfer_kev : float
        Above the lowest threshold.
    whole : ndarray, shape (Q,)
        S of all multipoles, per keV and atom.
    momentum : ndarray, shape (Q,)
        Increasing, from T on, keV.

    Returns
    -------
    ndarray, shape (2,)
    """
    difference = np.zeros(momentum.size)
    for orbital in state.orbitals:
        ejected = transfer_kev / HARTREE_KEV + orbital.energy
        if ejected <= 0.0:
            continue
        waves = waves_of(state, orbital)
        with_hole, without = (
            subshell_response(
                BoundShell.of(state, orbital), chosen, ejected, momentum / MOMENTUM_KEV, last_order=LAST_ORDER
            ).values[0]
            for chosen in (waves, replace(waves, hole_in_exchange=False))
        )
        difference += orbital.occupation / HARTREE_KEV * (without - with_hole)
    measures = np.gradient(momentum) * np.stack([momentum, 1.0 / momentum])
    spread: FloatArray = 0.5 * np.abs(measures @ difference) / (measures @ whole)
    return spread
