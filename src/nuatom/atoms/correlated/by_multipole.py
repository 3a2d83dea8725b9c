"""Independent electrons, subshell by subshell, from continuum orbitals in the field of the ion.

    R_L(T, Q) = N (2L + 1)/(2j + 1) Σ_κ' ⟨κ'‖C_L‖κ̃⟩² A_a A_b,

A the radial amplitudes of `nuatom.atoms.correlated.operators` with energy-normalised waves: the same
responses as the independent ones of `nuatom.atoms.correlated.linear_response`, by another route and at any
energy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.continuum.field import continuum
from nuatom.atoms.correlated.angular import channels, partner, reduced_element
from nuatom.atoms.correlated.operators import (
    PARITIES,
    Parity,
    operators,
    pair_densities,
    probe_terms,
    products,
)
from nuatom.atoms.structure.orbital import GroundState, Orbital
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid, interpolator

__all__ = ["independent_strengths"]


def independent_strengths(
    state: GroundState,
    hole: Orbital,
    transfer: float,
    momentum: FloatArray,
    multipoles: Sequence[int],
    threshold: float | None = None,
    parities: Sequence[Parity] = PARITIES,
) -> FloatArray:
    """Responses per hartree of one subshell at one transfer, shape (9, L, Q).

    Parameters
    ----------
    state : GroundState
    hole : Orbital
        Subshell of the state.
    transfer : float
        Hartree.
    momentum : ndarray, shape (Q,)
        1/bohr.
    multipoles : sequence of int
        Orders L.
    threshold : float, optional
        Ionization threshold in hartree in the place of the orbital's energy.
    parities : sequence of {"natural", "unnatural"}
        Of the multipoles.

    Returns
    -------
    ndarray
        In the order of `nuatom.atoms.components.COMPONENTS`; zero at and below the threshold.

    Raises
    ------
    InputError
        If the transfer or a momentum is not positive.
    ConvergenceError
        If a continuum orbital is not found.
    """
    positive("transfer", transfer, "hartree")
    momentum = positive("momentum", momentum, "1/bohr")
    result = np.zeros((len(COMPONENTS), len(multipoles), momentum.size))
    energy = transfer - (-hole.energy if threshold is None else threshold)
    if energy <= 0.0:
        return result
    found = {
        (parity, order): channels([hole.kappa], order, parity) for parity in parities for order in multipoles
    }
    kappas = sorted({channel.kappa for group in found.values() for channel in group})
    waves = continuum(state, hole, energy, kappas)
    rows = {kappa: row for row, kappa in enumerate(kappas)}
    p, q = _bound(state, hole, waves.grid)
    for (parity, order), group in found.items():
        terms = probe_terms(parity, order, momentum, waves.grid.r)
        row = multipoles.index(order)
        for channel in group:
            at, other = rows[channel.kappa], partner(channel.hole_kappa, parity)
            growth = channel.kappa - other
            amplitudes = np.zeros((len(operators(parity)), momentum.size))
            densities = pair_densities(waves.large[at], waves.small[at], p, q, growth)
            for operator, density, function in terms:
                amplitudes[operator] += function @ densities[density]
            angular = (2 * order + 1) * reduced_element(channel.kappa, other, order) ** 2
            for product in products(parity):
                both = amplitudes[product.left] * amplitudes[product.right]
                result[product.component, row] += product.weight * angular * both
    filling = hole.occupation / (hole.twice_j + 1)
    return filling * result


def _bound(state: GroundState, hole: Orbital, grid: RadialGrid) -> tuple[FloatArray, FloatArray]:
    """The bound orbital on the waves' grid, quadrature weights included."""
    inside = grid.r <= state.grid.r[-1]
    at = interpolator(state.grid, grid.r[inside])
    large, small = np.zeros(grid.size), np.zeros(grid.size)
    large[inside], small[inside] = at(hole.large), at(hole.small)
    return large * grid.weight, small * grid.weight
