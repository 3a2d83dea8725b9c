"""Independent electrons, subshell by subshell, from continuum orbitals in the field of the ion.

    S_L(T, Q) = N (2L + 1)/(2j + 1) Σ_κ' ⟨κ'‖C_L‖κ⟩² A²,

A the radial amplitudes of `nuatom.atoms.probes` with energy-normalised waves: the same strengths as the
independent ones of `nuatom.atoms.linear_response`, by another route and at any energy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nuatom.atoms.continuum import continuum
from nuatom.atoms.orbital import GroundState, Orbital
from nuatom.atoms.particle_hole import Channel, channels, reduced_element
from nuatom.atoms.probes import OPERATORS, probe_functions
from nuatom.errors import InputError
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
) -> FloatArray:
    """Strengths per hartree of one subshell at one transfer, shape (3, L, Q).

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

    Returns
    -------
    ndarray
        Operators in the order of `nuatom.atoms.probes.OPERATORS`; zero at and below the threshold.

    Raises
    ------
    InputError
        If the transfer or a momentum is not positive.
    ConvergenceError
        If a continuum orbital is not found.
    """
    momentum = np.asarray(momentum, dtype=float)
    if not transfer > 0.0:
        raise InputError("transfer", transfer, "a positive energy in hartree")
    if not np.all(momentum > 0.0):
        raise InputError("momentum", momentum, "positive momenta")
    result = np.zeros((len(OPERATORS), len(multipoles), momentum.size))
    energy = transfer - (-hole.energy if threshold is None else threshold)
    if energy <= 0.0:
        return result
    found = {order: channels([hole.kappa], order) for order in multipoles}
    kappas = sorted({channel.kappa for group in found.values() for channel in group})
    waves = continuum(state, hole, energy, kappas)
    rows = {kappa: row for row, kappa in enumerate(kappas)}
    p, q = _bound(state, hole, waves.grid)
    for row, order in enumerate(multipoles):
        functions = probe_functions(order, momentum, waves.grid.r)
        for channel in found[order]:
            at = rows[channel.kappa]
            amplitudes = _amplitudes(channel, waves.large[at], waves.small[at], p, q, functions)
            angular = reduced_element(channel.kappa, hole.kappa, order) ** 2
            result[:, row] += (2 * order + 1) * angular * amplitudes**2
    filling = hole.occupation / (hole.twice_j + 1)
    return filling * result


def _bound(state: GroundState, hole: Orbital, grid: RadialGrid) -> tuple[FloatArray, FloatArray]:
    """The bound orbital on the waves' grid, quadrature weights included."""
    inside = grid.r <= state.grid.r[-1]
    at = interpolator(state.grid, grid.r[inside])
    large, small = np.zeros(grid.size), np.zeros(grid.size)
    large[inside], small[inside] = at(hole.large), at(hole.small)
    return large * grid.weight, small * grid.weight


def _amplitudes(
    channel: Channel, large: FloatArray, small: FloatArray, p: FloatArray, q: FloatArray,
    functions: tuple[tuple[FloatArray, FloatArray, FloatArray], ...],
) -> FloatArray:  # fmt: skip
    charge, minus = large * p + small * q, large * q - small * p
    plus = (channel.kappa - channel.hole_kappa) * (large * q + small * p)
    return np.stack([one @ charge + two @ minus + three @ plus for one, two, three in functions])
