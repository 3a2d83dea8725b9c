"""Response functions of an atom, subshell by subshell, in the independent-particle model.

Every electron answers alone: the ground state's orbital goes to a continuum orbital in the field of
the ion that it leaves behind. Energies and momenta are keV here; atomic units stay below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.continuum.exchange_reach import ExchangeReach, exchange_reach
from nuatom.atoms.continuum.field import continuum
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.subshell import (
    HIGHEST_ORDER,
    SubshellResponse,
    subshell_response,
)
from nuatom.atoms.structure.orbital import ContinuumOrbitals, GroundState, Orbital
from nuatom.atoms.structure.thresholds import Thresholds, thresholds_kev
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV
from nuatom.errors import InputError
from nuatom.numerics.bounds import (
    HIGHEST_MOMENTUM_KEV,
    HIGHEST_TRANSFER_KEV,
    accuracy_within,
    order_within,
    row_up_to,
)
from nuatom.numerics.quadrature import FloatArray

__all__ = ["ResponseFunctions", "response", "waves_of"]


@dataclass(frozen=True, eq=False)
class ResponseFunctions:
    """Responses of an atom on a grid of transfers and momenta.

    Attributes
    ----------
    labels : tuple of str
        Subshells, innermost first.
    edges_kev : ndarray, shape (S,)
        Their ionization thresholds.
    transfer_kev : ndarray, shape (T,)
    momentum_kev : ndarray, shape (Q,)
    values_per_kev : ndarray, shape (S, 9, T, Q)
        All electrons of each subshell, in the order of `nuatom.atoms.components.COMPONENTS`;
        exactly zero where the transfer does not exceed the edge.
    truncation_error : ndarray, shape (S, T, Q)
        Estimated relative error of each (see `nuatom.atoms.independent.subshell.SubshellResponse`).
    impulse_share : ndarray, shape (S, T, Q)
        How much of each comes from the impulse limit instead of multipoles.
    """

    labels: tuple[str, ...]
    edges_kev: FloatArray
    transfer_kev: FloatArray
    momentum_kev: FloatArray
    values_per_kev: FloatArray
    truncation_error: FloatArray
    impulse_share: FloatArray

    @property
    def total_per_kev(self) -> FloatArray:
        """Sum over subshells, shape (9, T, Q)."""
        total: FloatArray = self.values_per_kev.sum(axis=0)
        return total

    def component(self, name: str) -> FloatArray:
        """One response by its name in `COMPONENTS`, summed over subshells, shape (T, Q)."""
        if name not in COMPONENTS:
            raise InputError("component", name, "one of " + ", ".join(COMPONENTS))
        total: FloatArray = self.total_per_kev[COMPONENTS.index(name)]
        return total


def response(
    state: GroundState,
    transfer_kev: ArrayLike,
    momentum_kev: ArrayLike,
    *,
    accuracy: float = 0.01,
    highest_order: int = HIGHEST_ORDER,
    subshells: Sequence[str] | None = None,
    thresholds: Thresholds = "calculated",
) -> ResponseFunctions:
    r"""Compute the responses of every open subshell.

    .. math:: R_{ab}(T,Q)=\sum_{n\kappa} N_{n\kappa} \sum_{\kappa'L}(2j'+1)(2L+1)
              \begin{pmatrix}j'&L&j\\-½&0&½\end{pmatrix}^2 A_a A_b^*

    with the amplitudes of `nuatom.atoms.independent.multipoles` at the ejected-electron energy ε = T −
    threshold.

    Parameters
    ----------
    state : GroundState
    transfer_kev : array_like, shape (T,)
        Energy transfers > 0, up to `nuatom.numerics.bounds.HIGHEST_TRANSFER_KEV`.
    momentum_kev : array_like, shape (Q,)
        Momentum transfers, increasing, up to `nuatom.numerics.bounds.HIGHEST_MOMENTUM_KEV`.
    accuracy : float
        Relative accuracy asked of the multipole sums, from `nuatom.numerics.bounds.FINEST_ACCURACY`.
    highest_order : int
        Multipoles beyond are replaced by the impulse limit.
    subshells : sequence of str, optional
        Labels of those wanted; all by default.
    thresholds : {"calculated", "measured"}
        Where each subshell opens: its eigenvalue or its measured edge; see
        `nuatom.atoms.structure.thresholds.thresholds_kev`.

    Returns
    -------
    ResponseFunctions

    Raises
    ------
    InputError
        For transfers or momenta that are not as above, an unknown subshell, or thresholds that
        are not known.
    """
    transfers = row_up_to("transfer_kev", transfer_kev, HIGHEST_TRANSFER_KEV, "keV")
    momenta = row_up_to("momentum_kev", momentum_kev, HIGHEST_MOMENTUM_KEV, "keV")
    accuracy, highest_order = accuracy_within(accuracy), order_within("highest_order", highest_order)
    if np.any(np.diff(momenta) <= 0.0):
        raise InputError("momentum_kev", momentum_kev, "increasing momenta")
    orbitals = _chosen(state, subshells)
    edges = thresholds_kev(state, thresholds, orbitals)
    shape = (len(orbitals), transfers.size, momenta.size)
    values = np.zeros((shape[0], len(COMPONENTS), *shape[1:]))
    error, share = np.zeros(shape), np.zeros(shape)
    for s, orbital in enumerate(orbitals):
        shell = BoundShell.of(state, orbital)
        for t, transfer in enumerate(transfers):
            energy = (transfer - edges[s]) / HARTREE_KEV
            if energy <= 0.0:
                continue
            part = subshell_response(
                shell,
                waves_of(state, orbital, accuracy),
                energy,
                momenta / MOMENTUM_KEV,
                accuracy=accuracy,
                highest_order=highest_order,
            )
            values[s, :, t], error[s, t], share[s, t] = per_kev(part, orbital)
    return ResponseFunctions(
        labels=tuple(orbital.label for orbital in orbitals),
        edges_kev=edges,
        transfer_kev=transfers,
        momentum_kev=momenta,
        values_per_kev=values,
        truncation_error=error,
        impulse_share=share,
    )


@dataclass(frozen=True, eq=False)
class IonWaves:
    """Continuum orbitals in the ion that an electron of ``orbital`` leaves behind.

    Attributes
    ----------
    state : GroundState
    orbital : Orbital
    reach : ExchangeReach
        Partial waves with exchange, and what leaving it out in the others costs.
    hole_in_exchange : bool
        See `nuatom.atoms.continuum.field.continuum`.
    """

    state: GroundState
    orbital: Orbital
    reach: ExchangeReach
    hole_in_exchange: bool = True

    def __call__(self, energy: float, kappas: tuple[int, ...]) -> ContinuumOrbitals:
        """Orbitals of one energy."""
        return continuum(
            self.state, self.orbital, energy, kappas,
            reach=self.reach.waves, hole_in_exchange=self.hole_in_exchange,
        )  # fmt: skip

    @property
    def exchange_error(self) -> float:
        """Of a response; nothing in a local field."""
        return self.reach.error if self.state.method == "dirac-fock" else 0.0

    @property
    def exchange_integral_error(self) -> float:
        """Of its integral over momentum."""
        return self.reach.integral_error if self.state.method == "dirac-fock" else 0.0


def waves_of(state: GroundState, orbital: Orbital, accuracy: float = 0.01) -> IonWaves:
    """Continuum orbitals for one subshell, with exchange in as many waves as an accuracy needs."""
    return IonWaves(state, orbital, exchange_reach(accuracy))


def per_kev(part: SubshellResponse, orbital: Orbital) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Responses of a whole subshell per keV, their truncation error and impulse share."""
    scale = orbital.occupation / HARTREE_KEV
    return scale * part.values, part.truncation_error, part.impulse_share


def _chosen(state: GroundState, subshells: Sequence[str] | None) -> tuple[Orbital, ...]:
    if subshells is None:
        return state.orbitals
    known = {orbital.label: orbital for orbital in state.orbitals}
    for label in subshells:
        if label not in known:
            raise InputError("subshells", label, "one of " + ", ".join(known))
    return tuple(known[label] for label in subshells)
