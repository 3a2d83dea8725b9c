"""Response functions of an atom with correlation in the multipoles that have it, in keV.

Every component is that of independent electrons, all multipoles included (`nuatom.atoms.response`), plus
what linear response changes in the lowest ones (`nuatom.atoms.linear_response`):

    R_00 += δ_charge,   R_33 += δ_longitudinal,   R_03 += δ_mixed,   R_11 += ½ δ_electric,

δ = Σ_L (correlated − independent). The axial components and their interference stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms.linear_response import (
    HIGHEST_CORRELATED,
    INDEPENDENT_CHANNELS,
    basis_for,
    energy_segments,
    linear_response,
)
from nuatom.atoms.multipoles import COMPONENTS
from nuatom.atoms.orbital import GroundState
from nuatom.atoms.response import MOMENTUM_KEV, ResponseFunctions, response
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
        In the order of `nuatom.atoms.multipoles.COMPONENTS`.
    independent : ResponseFunctions
        Independent electrons, subshell by subshell.
    join_error : ndarray, shape (T, Q)
        |change of the last correlated multipole| relative to R_00: what stopping there costs.
    correlated : ndarray of bool, shape (T,)
        Transfers with correlation; higher ones are left to independent electrons.
    method : str
        ``rpa`` or ``tdlda``.
    independent_channels : str
        What stays independent-particle at every transfer.
    """

    transfer_kev: FloatArray
    momentum_kev: FloatArray
    values_per_kev: FloatArray
    independent: ResponseFunctions
    join_error: FloatArray
    correlated: np.ndarray
    method: str
    independent_channels: str = INDEPENDENT_CHANNELS

    @property
    def independent_per_kev(self) -> FloatArray:
        """The responses of independent electrons, shape (9, T, Q)."""
        return self.independent.total_per_kev


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
        Averages the change over transfer ± this; see `nuatom.atoms.linear_response`.
    accuracy : float
        Of the independent-particle multipole sums.

    Raises
    ------
    InputError
        If an argument is not as above.
    ConvergenceError
        If a wave or the response is not found.
    """
    method: Literal["rpa", "tdlda"] = "rpa" if state.method == "dirac-fock" else "tdlda"
    alone = response(state, transfer_kev, momentum_kev, accuracy=accuracy)
    transfers = alone.transfer_kev / HARTREE_KEV
    momenta = alone.momentum_kev / MOMENTUM_KEV
    values = alone.total_per_kev.copy()
    error = np.zeros((transfers.size, momenta.size))
    together = transfers <= HIGHEST_CORRELATED
    rows = {name: COMPONENTS.index(f"vector_{name}") for name in ("00", "03", "33", "11")}
    for index in energy_segments(transfers, together):
        change = linear_response(
            state, transfers[index], momenta, multipoles, method,
            half_width=half_width_kev / HARTREE_KEV,
            basis=basis_for(state, float(transfers[index].max())),
        )  # fmt: skip
        values[rows["00"], index] += change.correction("charge") / HARTREE_KEV
        values[rows["03"], index] += change.correction("mixed") / HARTREE_KEV
        values[rows["33"], index] += change.correction("longitudinal") / HARTREE_KEV
        values[rows["11"], index] += 0.5 * change.correction("electric") / HARTREE_KEV
        step = change.join_step("charge") / HARTREE_KEV
        error[index] = step / values[rows["00"], index]
    return CorrelatedResponse(
        transfer_kev=alone.transfer_kev,
        momentum_kev=alone.momentum_kev,
        values_per_kev=values,
        independent=alone,
        join_error=error,
        correlated=together,
        method=method,
    )
