"""Response functions of an atom with correlation in the multipoles that have it, in keV.

Every component is that of independent electrons, all multipoles included
(`nuatom.atoms.independent.response`), plus what linear response changes in the lowest ones, Σ_L (correlated −
independent) of `nuatom.atoms.correlated.linear_response`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.correlated.interaction import Interaction, check_interaction, interaction_of
from nuatom.atoms.correlated.linear_response import (
    HIGHEST_CORRELATED,
    basis_for,
    energy_segments,
    linear_response,
)
from nuatom.atoms.independent.response import ResponseFunctions, response
from nuatom.atoms.structure.orbital import GroundState
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV
from nuatom.numerics.quadrature import FloatArray

__all__ = ["CorrelatedResponse", "correlated_response"]


@dataclass(frozen=True, eq=False)
class CorrelatedResponse:
    """Responses of a whole atom.

    Attributes
    ----------
    transfer_kev, momentum_kev : ndarray, shapes (T,) and (Q,)
    values_per_kev : ndarray, shape (9, T, Q)
        In the order of `nuatom.atoms.components.COMPONENTS`.
    independent : ResponseFunctions
        Independent electrons, subshell by subshell.
    join_step_per_kev : ndarray, shape (9, T, Q)
        |Change of the last correlated multipole|: what stopping there costs.
    correlated : ndarray of bool, shape (T,)
        Transfers with correlation; higher ones are left to independent electrons.
    interaction : str
        ``rpa`` or ``tdlda``.
    independent_channels : str
        What stays independent-particle where there is correlation; ``none`` or, without any, ``all``.
    """

    transfer_kev: FloatArray
    momentum_kev: FloatArray
    values_per_kev: FloatArray
    independent: ResponseFunctions
    join_step_per_kev: FloatArray
    correlated: np.ndarray
    interaction: Interaction
    independent_channels: str

    @property
    def independent_per_kev(self) -> FloatArray:
        """The responses of independent electrons, shape (9, T, Q)."""
        return self.independent.total_per_kev

    @property
    def join_error(self) -> FloatArray:
        """The step of vector_00 relative to it, shape (T, Q); zero where it is zero."""
        step, whole = self.join_step_per_kev[0], self.values_per_kev[0]
        relative: FloatArray = np.divide(step, whole, out=np.zeros_like(step), where=step > 0.0)
        return relative


def correlated_response(
    state: GroundState,
    transfer_kev: ArrayLike,
    momentum_kev: ArrayLike,
    multipoles: Sequence[int] = (0, 1, 2, 3),
    *,
    half_width_kev: float = 0.0,
    accuracy: float = 0.01,
) -> CorrelatedResponse:
    """Response functions with correlation up to 0.68 keV.

    Parameters
    ----------
    state : GroundState
        Dirac-Fock: relativistic random-phase approximation, closed shells. Otherwise a local field:
        time-dependent density-functional response.
    transfer_kev : array_like, shape (T,)
    momentum_kev : array_like, shape (Q,)
        Increasing.
    multipoles : sequence of int
        Those with correlation.
    half_width_kev : float
        Averages the change over transfer ± this; see `nuatom.atoms.correlated.linear_response`.
    accuracy : float
        Of the independent-particle multipole sums.

    Raises
    ------
    InputError
        If an argument is not as above.
    ConvergenceError
        If a wave or the response is not found.
    """
    interaction = interaction_of(state)
    check_interaction(state, interaction)
    alone = response(state, transfer_kev, momentum_kev, accuracy=accuracy)
    transfers = alone.transfer_kev / HARTREE_KEV
    momenta = alone.momentum_kev / MOMENTUM_KEV
    values = alone.total_per_kev.copy()
    step = np.zeros_like(values)
    left_out: dict[str, None] = {}
    together = transfers <= HIGHEST_CORRELATED
    # Up to the first threshold there are only discrete lines, and without an average none is met.
    answers = together & ((alone.transfer_kev > alone.edges_kev.min()) | (half_width_kev > 0.0))
    for index in energy_segments(transfers, answers):
        change = linear_response(
            state, transfers[index], momenta, multipoles, interaction,
            half_width=half_width_kev / HARTREE_KEV,
            basis=basis_for(state, float(transfers[index].max())),
        )  # fmt: skip
        left_out[change.independent_channels] = None
        for row, name in enumerate(COMPONENTS):
            values[row, index] += change.correction(name) / HARTREE_KEV
            step[row, index] = change.join_step(name) / HARTREE_KEV
    return CorrelatedResponse(
        transfer_kev=alone.transfer_kev,
        momentum_kev=alone.momentum_kev,
        values_per_kev=values,
        independent=alone,
        join_step_per_kev=step,
        correlated=together,
        interaction=interaction,
        independent_channels="; ".join(left_out) if left_out else "all",
    )
