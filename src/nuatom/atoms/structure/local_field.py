"""Self-consistent local fields of density-functional theory, plain and with the right tail.

Dirac orbitals in the potential of the nucleus, the electrons' charge, and
`nuatom.atoms.structure.functionals`: the ground state for time-dependent density-functional response,
closed shells or open (averaged over their spinors).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal

import numpy as np

from nuatom.atoms.structure.configuration import ground_configuration
from nuatom.atoms.structure.coulomb import multipole_potential
from nuatom.atoms.structure.dirac import bound_orbital
from nuatom.atoms.structure.functionals import local_energy, local_potential, tail_potential
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.structure.orbital import GroundState, Orbital, leading_sign
from nuatom.atoms.target import atomic_number
from nuatom.errors import ConvergenceError, InputError
from nuatom.numerics.anderson import AndersonMixer
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid

__all__ = ["FIELDS", "Field", "asymptotic_state", "correlated_state", "local_density_state"]

Field = Literal["dirac-fock", "lda", "lb94"]

FIELDS: Final = ("dirac-fock", "lda", "lb94")
"""Exact exchange; the local density, plain and with the right tail."""

Potential = Callable[[RadialGrid, FloatArray, FloatArray], FloatArray]
"""v_xc from 4πr² n and its derivative on a grid."""

MAXIMUM_CYCLES = 200

VACUUM_DENSITY = 1e-30
"""n, bohr⁻³, below which it counts as this: cubic roots of rounding are not small."""

TAIL_DENSITY = 1e-7
"""n, bohr⁻³, about which v_xc passes into −1/r: by itself it would get there at infinity only."""


def asymptotic_state(Z: int, tolerance: float = 1e-9) -> GroundState:  # noqa: N803
    """Ground state of a neutral atom in the potential of van Leeuwen & Baerends.

    Parameters
    ----------
    Z : int
        Atomic number.
    tolerance : float
        Largest change of r·V, in electron charges, that counts as none.

    Returns
    -------
    GroundState
        Its method is ``dirac-lb94``. Its total energy is that of the local functional at its
        density: the tail is not the derivative of an energy.

    Raises
    ------
    InputError
        If Z is not an element that `ground_state` knows.
    ConvergenceError
        If the potential still changes after 200 cycles.
    """
    return _self_consistent(Z, tolerance, "dirac-lb94", _with_tail)


def local_density_state(Z: int, tolerance: float = 1e-9) -> GroundState:  # noqa: N803
    """Ground state of a neutral atom in the local density approximation, from which Zangwill & Soven start.

    The potential falls off exponentially: an ejected electron sees no charge at infinity, and thresholds lie
    low (xenon's 5p at 8 eV in place of 12.1, the 4d at 59 and 61 eV in place of 67.5 and 69.5). The
    kernel of the response is the derivative of this very potential, and cross sections above a threshold
    are nearer to measurement than the thresholds.

    Parameters
    ----------
    Z : int
        Atomic number.
    tolerance : float
        Largest change of r·V, in electron charges, that counts as none.

    Returns
    -------
    GroundState
        Its method is ``dirac-lda``.

    Raises
    ------
    InputError
        If Z is not an element that `ground_state` knows.
    ConvergenceError
        If the potential still changes after 200 cycles.
    """
    return _self_consistent(Z, tolerance, "dirac-lda", _local)


def _self_consistent(Z: int, tolerance: float, method: str, potential_of: Potential) -> GroundState:  # noqa: N803
    start = ground_state(Z, "dirac-slater", tolerance=1e-6)
    grid, potential, orbitals = start.grid, start.potential, start.orbitals
    mixer = AndersonMixer(depth=6, damping=0.4)
    residual = np.inf
    for cycle in range(1, MAXIMUM_CYCLES + 1):
        orbitals = tuple(_solve(start, potential, orbital) for orbital in orbitals)
        radial, slope = _density(start, potential, orbitals)
        repulsion = multipole_potential(grid, radial)
        wanted = start.nuclear_potential + repulsion + potential_of(grid, radial, slope)
        change = grid.r * (wanted - potential)
        residual = float(np.abs(change).max())
        if residual <= tolerance:
            energy = sum(o.occupation * o.energy for o in orbitals)
            gas = np.maximum(radial / (4.0 * np.pi * grid.r**2), 1e-12 * TAIL_DENSITY)
            local = start.nuclear_potential - potential + 0.5 * repulsion + local_energy(gas)
            return replace(
                start, method=method, orbitals=orbitals, potential=potential,
                total_energy=float(energy + grid.integrate(radial * local)),
                iterations=cycle, residual=residual,
            )  # fmt: skip
        potential = mixer.step(grid.r * potential, change) / grid.r
    raise ConvergenceError(f"local field after {MAXIMUM_CYCLES} cycles: r·V still changes by {residual:.3g}")


def _solve(state: GroundState, potential: FloatArray, orbital: Orbital) -> Orbital:
    solution = bound_orbital(
        state.grid, potential, orbital.n, orbital.kappa, state.speed_of_light, orbital.energy
    )
    sign = leading_sign(solution.large)
    return replace(orbital, energy=solution.energy, large=sign * solution.large, small=sign * solution.small)


def _density(
    state: GroundState, potential: FloatArray, orbitals: tuple[Orbital, ...]
) -> tuple[FloatArray, FloatArray]:
    """4πr² n and its derivative, which the Dirac equation gives without differences."""
    r, c = state.grid.r, state.speed_of_light
    radial, slope = np.zeros(r.size), np.zeros(r.size)
    for o in orbitals:
        kinetic = (o.energy - potential) / c
        large_slope = -o.kappa / r * o.large + (2.0 * c + kinetic) * o.small
        small_slope = o.kappa / r * o.small - kinetic * o.large
        radial += o.occupation * (o.large**2 + o.small**2)
        slope += 2.0 * o.occupation * (o.large * large_slope + o.small * small_slope)
    return radial, slope


def _local(grid: RadialGrid, radial: FloatArray, slope: FloatArray) -> FloatArray:  # noqa: ARG001
    density = radial / (4.0 * np.pi * grid.r**2)
    return local_potential(np.maximum(density, VACUUM_DENSITY))


def _with_tail(grid: RadialGrid, radial: FloatArray, slope: FloatArray) -> FloatArray:
    r = grid.r
    density = radial / (4.0 * np.pi * r**2)
    gradient = (slope - 2.0 * radial / r) / (4.0 * np.pi * r**2)
    gas = np.maximum(density, TAIL_DENSITY * 1e-12)
    local = local_potential(gas) + tail_potential(gas, gradient)
    inside = gas**2 / (gas**2 + TAIL_DENSITY**2)
    result: FloatArray = inside * local - (1.0 - inside) / r
    return result


def correlated_state(atom: str | int, field: Field | None = None) -> GroundState:
    """Ground state for linear response.

    Parameters
    ----------
    atom : str or int
        Symbol or atomic number.
    field : {"dirac-fock", "lda", "lb94"}, optional
        Dirac-Fock for exact exchange (closed shells only), the local density approximation, or the local
        density with the right tail. By default Dirac-Fock for closed shells, the last for open ones.

    Raises
    ------
    InputError
        If an argument is not as above.
    """
    if field is not None and field not in FIELDS:
        raise InputError("field", field, "one of " + ", ".join(FIELDS))
    number = atomic_number(atom, "atom") if isinstance(atom, str) else atom
    if field == "lda":
        return local_density_state(number)
    closed = all(shell.electrons == shell.capacity for shell in ground_configuration(number).shells)
    if field == "dirac-fock" and not closed:
        raise InputError("field", field, "lda or lb94, where shells are open")
    exchange = closed and field != "lb94"
    return ground_state(number) if exchange else asymptotic_state(number)
