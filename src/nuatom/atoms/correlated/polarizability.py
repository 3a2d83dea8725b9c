"""Static dipole polarizability of an atom: linear response at zero frequency.

    α = 2 dᵀ (A + B)^{-1} d,   d the amplitudes of z = r C_10

(Kolb, Johnson & Shorer, Phys. Rev. A 26 (1982) 19).
"""

from __future__ import annotations

import numpy as np

from nuatom.atoms.correlated.basis import OrbitalBasis, orbital_basis
from nuatom.atoms.correlated.interaction import Interaction, check_interaction
from nuatom.atoms.correlated.linear_response import kernel_of
from nuatom.atoms.correlated.random_phase import excitation_space, response_matrices
from nuatom.atoms.structure.orbital import GroundState

__all__ = ["static_polarizability"]

SMALL_MOMENTUM = 1e-3


def static_polarizability(
    state: GroundState,
    interaction: Interaction = "rpa",
    basis: OrbitalBasis | None = None,
) -> float:
    """Static dipole polarizability in bohr³.

    Parameters
    ----------
    state : GroundState
    interaction : {"rpa", "tdlda"}
        As of `nuatom.atoms.correlated.linear_response.linear_response`.
    basis : OrbitalBasis, optional

    Raises
    ------
    InputError
        If the interaction does not suit the state.
    """
    check_interaction(state, interaction)
    basis = orbital_basis(state) if basis is None else basis
    space = excitation_space(basis, 1)
    plus, _ = response_matrices(space, kernel_of(basis, interaction))
    charge = space.amplitudes(np.array([SMALL_MOMENTUM]))[0][:, 0]
    dipole = 3.0 / SMALL_MOMENTUM * charge
    return float(2.0 * (dipole @ np.linalg.solve(plus, dipole)).real)
