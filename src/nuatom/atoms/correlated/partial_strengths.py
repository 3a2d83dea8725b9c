"""Who leaves: the correlated strength subshell by subshell, from the current of outgoing electrons.

The amplitudes X of `nuatom.atoms.correlated.random_phase` are waves P, Q in every channel. Where the bound
orbitals have died out each carries a current, and

    S_c = ((2L + 1)²/π) c Im(P* Q)

is the channel's part of the strength. Together they are the whole of it (optical theorem): what is
absorbed leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms.correlated.basis import OrbitalBasis
from nuatom.atoms.correlated.interaction import Interaction, check_interaction
from nuatom.atoms.correlated.linear_response import basis_for, kernel_of
from nuatom.atoms.correlated.random_phase import ExcitationSpace, excitation_space, response_matrices
from nuatom.atoms.structure.orbital import GroundState
from nuatom.errors import InputError
from nuatom.numerics.complex_splines import ComplexArray
from nuatom.numerics.guards import positive_row
from nuatom.numerics.quadrature import FloatArray

__all__ = ["SubshellStrengths", "subshell_strengths"]

PANELS = 2
"""The current is averaged over the last panels before the contour turns."""


@dataclass(frozen=True, eq=False)
class SubshellStrengths:
    """Strengths per hartree of the charge operator in one multipole.

    Attributes
    ----------
    labels : tuple of str
        Subshells, innermost first.
    values : ndarray, shape (S, T, Q)
        Zero, to the accuracy of the current, for closed channels.
    total : ndarray, shape (T, Q)
        From the response itself.
    """

    labels: tuple[str, ...]
    values: FloatArray
    total: FloatArray

    @property
    def unitarity(self) -> FloatArray:
        """Σ_c S_c/S − 1, shape (T, Q)."""
        ratio: FloatArray = self.values.sum(axis=0) / self.total - 1.0
        return ratio


def subshell_strengths(
    state: GroundState,
    transfer: ArrayLike,
    momentum: ArrayLike,
    order: int,
    interaction: Interaction = "rpa",
    basis: OrbitalBasis | None = None,
) -> SubshellStrengths:
    """Partial strengths of one multipole at real energies, one dense solution each.

    Parameters
    ----------
    state, interaction, basis
        As of `nuatom.atoms.correlated.linear_response.linear_response`.
    transfer : array_like, shape (T,)
        Hartree, > 0.
    momentum : array_like, shape (Q,)
        1/bohr, > 0.
    order : int
        L.

    Raises
    ------
    InputError
        If an argument is not as above.
    """
    check_interaction(state, interaction)
    transfers = positive_row("transfer", transfer, "hartree")
    momenta = positive_row("momentum", momentum, "1/bohr")
    if order < 0:
        raise InputError("order", order, "an integer >= 0")
    basis = basis_for(state, float(transfers.max())) if basis is None else basis
    space = excitation_space(basis, order)
    plus, minus = response_matrices(space, kernel_of(basis, interaction))
    charge = space.amplitudes(momenta)[0]
    product, driven = minus @ plus, minus @ charge
    factor = (2 * order + 1) ** 2 / np.pi
    values = np.zeros((len(state.orbitals), transfers.size, momenta.size))
    total = np.empty((transfers.size, momenta.size))
    for t, energy in enumerate(transfers):
        shifted = product - energy**2 * np.eye(space.states)
        both = np.linalg.solve(shifted, -2.0 * driven)
        difference = (plus @ both + 2.0 * charge) / energy
        total[t] = -factor * np.einsum("nq,nq->q", charge, both).imag
        currents = _currents(space, 0.5 * (both + difference))
        for channel, current in zip(space.channels, currents, strict=True):
            values[channel.hole, t] += factor * current
    return SubshellStrengths(tuple(o.label for o in state.orbitals), values, total)


def _currents(space: ExcitationSpace, excitations: ComplexArray) -> list[FloatArray]:
    """C Im(P* Q) of every channel, shape (Q,) each."""
    basis = space.basis
    last = basis.contour.real_points
    points = slice(last - PANELS * basis.contour.order, last)
    c = basis.state.speed_of_light
    found = []
    for channel, at in zip(space.channels, space.slices, strict=True):
        wave = basis.virtual(channel.kappa, channel.hole)
        large = excitations[at].T @ wave.large[:, points]
        small = excitations[at].T @ wave.small[:, points]
        found.append(c * (large.conj() * small).imag.mean(axis=1))
    return found
