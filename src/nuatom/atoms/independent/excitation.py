"""Excitation of bound electrons to unoccupied bound levels: the discrete part of the responses.

In the independent-particle model with one local potential, occupied, excited and continuum orbitals
are eigenfunctions of one operator, so the sum rules that rest on completeness hold for discrete and
continuous parts together.

An open shell is averaged over its configuration: an electron finds a spinor of it empty 1 − w of
the time, w being the mean occupation that it sees (see `nuatom.atoms.structure.configuration`). Its two
subshells then exchange electrons in both directions, by the fine-structure splitting up and down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.multipoles import PartialWaves, multipole_sum
from nuatom.atoms.structure.configuration import orbital_momentum
from nuatom.atoms.structure.dirac import bound_orbital
from nuatom.atoms.structure.orbital import GroundState, Orbital
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV
from nuatom.errors import InputError
from nuatom.numerics.bessel import spherical_bessel
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid, interpolator, log_linear_grid

__all__ = ["Line", "bound_strength", "excitation_lines", "excited_orbitals", "incoherent_scattering"]


@dataclass(frozen=True, eq=False)
class Line:
    """One discrete transition between subshells, all electrons of the lower one.

    Attributes
    ----------
    initial, final : str
        Labels of the subshells.
    transfer_kev : float
        Energy transfer.
    strength : ndarray, shape (9, Q)
        Responses integrated over the line, without a unit, in the order of
        `nuatom.atoms.components.COMPONENTS`.
    """

    initial: str
    final: str
    transfer_kev: float
    strength: FloatArray


def excitation_lines(
    state: GroundState, momentum_kev: ArrayLike, highest_n: int, highest_l: int
) -> tuple[Line, ...]:
    """Strengths of all transitions from occupied to empty or open subshells.

    Those within a subshell transfer no energy and are left out.

    Parameters
    ----------
    state : GroundState
        With a local potential (``dirac-slater``).
    momentum_kev : array_like, shape (Q,)
        Increasing momentum transfers.
    highest_n, highest_l : int
        Quantum numbers at which the final levels end. Beyond them levels of a series follow
        its limit: their strength per energy is that of the continuum at threshold.

    Returns
    -------
    tuple of Line

    Raises
    ------
    InputError
        For a state of another method.
    """
    momentum = np.atleast_1d(np.asarray(momentum_kev, dtype=float)) / MOMENTUM_KEV
    excited = excited_orbitals(state, highest_n, highest_l)
    places = {(orbital.n, orbital.kappa): i for i, orbital in enumerate(state.orbitals)}
    lines = []
    for orbital, occupations in zip(state.orbitals, state.companion_weights, strict=True):
        shell = BoundShell.of(state, orbital)
        for grid, final in excited:
            place = places.get((final.n, final.kappa))
            vacancy = 1.0 if place is None else 1.0 - occupations[place]
            if vacancy == 0.0 or (final.n, final.kappa) == (orbital.n, orbital.kappa):
                continue
            values = orbital.occupation * vacancy * bound_strength(shell, grid, final, momentum)
            transfer = HARTREE_KEV * (final.energy - orbital.energy)
            lines.append(Line(orbital.label, final.label, transfer, values))
    return tuple(lines)


def incoherent_scattering(state: GroundState, momentum_kev: ArrayLike) -> FloatArray:
    r"""Charge response at one momentum integrated over all transfers, discrete and continuous.

    .. math:: \int dT\,S(T,Q)=Z-\sum_{ij} n_i n_j\,|\langle i|e^{i\mathbf{Q\cdot r}}|j\rangle|^2

    by completeness, from the occupied orbitals alone: Z − Σ over pairs, averaged over the
    configuration of an open shell. It is the incoherent scattering function of X rays.

    Parameters
    ----------
    state : GroundState
        Of any method.
    momentum_kev : array_like, shape (Q,)
        Increasing momentum transfers.

    Returns
    -------
    ndarray, shape (Q,)
    """
    momentum = np.atleast_1d(np.asarray(momentum_kev, dtype=float)) / MOMENTUM_KEV
    kept = np.zeros(momentum.size)
    for i, (orbital, occupations) in enumerate(zip(state.orbitals, state.companion_weights, strict=True)):
        shell = BoundShell.of(state, orbital)
        for j, final in enumerate(state.orbitals):
            # With Q along the axis the charge leaves m as it is: i to i only, in its own subshell.
            weight = orbital.occupation * (1.0 if i == j else occupations[j])
            kept += weight * bound_strength(shell, state.grid, final, momentum)[0]
    incoherent: FloatArray = sum(orbital.occupation for orbital in state.orbitals) - kept
    return incoherent


def excited_orbitals(
    state: GroundState, highest_n: int, highest_l: int
) -> tuple[tuple[RadialGrid, Orbital], ...]:
    """Empty and open levels of a state's local potential, each with its grid."""
    if state.method != "dirac-slater":
        raise InputError("state", state.method, "a dirac-slater state: one local potential")
    full = {(o.n, o.kappa) for o in state.orbitals if o.occupation > 2 * abs(o.kappa) - 1e-12}
    grid = state.grid
    reach = 4.0 * highest_n**2 + 60.0
    longer = log_linear_grid(float(grid.r[0]), reach, grid.step, grid.bend)
    potential = -(state.charge + 1.0) / longer.r
    inside = longer.r <= grid.r[-1]
    at = interpolator(grid, longer.r[inside])
    potential[inside] = at(grid.r * state.potential) / longer.r[inside]
    levels = []
    for n in range(1, highest_n + 1):
        for kappa in [k for k in range(-n, n) if k and orbital_momentum(k) < n]:
            if (n, kappa) in full or orbital_momentum(kappa) > highest_l:
                continue
            found = bound_orbital(longer, potential, n, kappa, state.speed_of_light)
            orbital = Orbital(n, kappa, found.energy, 0.0, found.large, found.small)
            levels.append((longer, orbital))
    return tuple(levels)


def bound_strength(shell: BoundShell, grid: RadialGrid, final: Orbital, momentum: FloatArray) -> FloatArray:
    """Strength (9, Q) of one electron's transition to all spinors of a bound subshell.

    Parameters
    ----------
    shell : BoundShell
        Where the electron comes from.
    grid : RadialGrid
        Of the final orbital.
    final : Orbital
    momentum : ndarray, shape (Q,)
        Increasing, atomic units.
    """
    stop = min(shell.extent(1e-16), float(grid.r[-10]))
    radial, bound = shell.sampled(momentum[-1] + 2.0 * shell.charge, stop)
    at = interpolator(grid, radial.r)
    spins = abs(final.kappa)
    waves = np.zeros((2, spins, 2, radial.size))
    waves[int(final.kappa > 0), -1] = at(np.stack([final.large, final.small]))
    kappa = shell.orbital.kappa
    products = PartialWaves.from_orbitals(kappa, bound, waves, radial.step * radial.rate)
    last = spins + abs(kappa)
    bessel = spherical_bessel(last + 1, radial.r[:, None] * momentum)
    everything = np.zeros(last + 2, dtype=int)
    return multipole_sum(products, bessel, everything, everything).values
