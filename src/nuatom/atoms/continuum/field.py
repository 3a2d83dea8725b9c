"""Continuum orbitals in the field of the ion that the electron leaves behind.

Dirac-Slater: the local potential of the state itself, whose Latter tail already is the ion's; one
potential for every hole, in which bound and continuum orbitals are orthogonal by themselves.

Dirac-Fock: the frozen orbitals of the state less one electron of the hole's subshell, averaged
over directions (the V^{N−1} potential of many-body theory) and over the configurations that an open
shell is left in, with exchange for the partial waves that overlap the core, and the direct
potential alone for the others. A hole makes that operator F differ from the operators F_b of the
bound orbitals. The orbital solves

    (F − ε) φ = Σ_b |b⟩⟨b|F − F_b|φ⟩,   b bound, of the same κ,

from which ⟨b|φ⟩ = 0 follows, since ⟨b|F_b = ε_b⟨b|.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nuatom.atoms.continuum.amplitude import milne_amplitude, outer_turning_radius
from nuatom.atoms.continuum.exchange_reach import EXCHANGE_REACHES
from nuatom.atoms.continuum.partial_wave import FrozenCore, Outward, solve_exchange
from nuatom.atoms.structure.configuration import orbital_momentum
from nuatom.atoms.structure.coulomb import (
    exchange_factor,
    multipole_potential,
    multipoles,
    power_table,
)
from nuatom.atoms.structure.dirac import dirac_coefficients, first_allowed, start_index
from nuatom.atoms.structure.orbital import ContinuumOrbitals, GroundState, Orbital, leading_sign
from nuatom.atoms.units import wavenumber
from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid, interpolator, log_linear_grid

__all__ = [
    "ContinuumField",
    "continuum",
    "continuum_field",
    "continuum_grid",
]

POINTS_PER_WAVELENGTH: Final = 36.0
"""Keeps the amplitude to 3e-11 a step; the ten-point Adams formula is unstable below 25."""

FEWEST_POINTS: Final = 26.0

CORE_AMPLITUDE: Final = 1e-10
"""Bound orbitals end, for a continuum orbital, where all are below this part of their maximum."""

MATCHING_TURNS: Final = 2.5
"""Amplitudes are matched at least this many outer turning radii from the origin."""

INNERMOST: Final = 1e-4
"""A grid starts at this radius times 1/Z or below."""

LARGEST_PHASE: Final = 0.25
"""Largest phase of the wave in one step of the grid, the limit of the Adams formula."""


@dataclass(frozen=True, eq=False)
class ContinuumField:
    """What an electron sees on its way out: potentials and bound orbitals on one grid.

    Attributes
    ----------
    grid : RadialGrid
        Grid of the orbitals that are returned.
    extended : RadialGrid
        The same points continued past the last bound orbital.
    potential : ndarray
        Local part on the extended grid, hartree.
    charge : float
        z of the tail −z/r.
    speed_of_light : float
    core : FrozenCore or None
        What is exchanged with, on the extended grid.
    largest_exchange : int
        Largest l that sees exchange, −1 for none.
    """

    grid: RadialGrid
    extended: RadialGrid
    potential: FloatArray
    charge: float
    speed_of_light: float
    core: FrozenCore | None
    largest_exchange: int

    def orbitals(self, energy: float, kappas: Sequence[int]) -> ContinuumOrbitals:
        """Energy-normalised orbitals of one energy; see `continuum`."""
        positive("energy", energy, "hartree")
        checked = tuple(int(kappa) for kappa in kappas)
        if not checked or 0 in checked:
            raise InputError("kappas", list(kappas), "non-zero integers")
        large = np.zeros((len(checked), self.grid.size))
        small = np.zeros((len(checked), self.grid.size))
        iterations = []
        residual = 0.0
        for row, kappa in enumerate(checked):
            p, q, count, error = self._wave(energy, kappa)
            large[row], small[row] = p[: self.grid.size], q[: self.grid.size]
            iterations.append(count)
            residual = max(residual, error)
        large.setflags(write=False)
        small.setflags(write=False)
        return ContinuumOrbitals(energy, checked, large, small, self.grid, tuple(iterations), residual)

    def _wave(self, energy: float, kappa: int) -> tuple[FloatArray, FloatArray, int, float]:
        c = self.speed_of_light
        grid, potential = self._reaching(energy, kappa)
        size = grid.size
        equation = dirac_coefficients(grid, potential, kappa, energy, c)
        square = -(equation.diagonal**2) - equation.upper * equation.lower
        if np.sqrt(max(square.max(), 0.0)) * grid.step > LARGEST_PHASE:
            raise InputError(
                "grid", f"{self.grid.size} points to {self.grid.r[-1]:.4g} bohr",
                f"a grid that resolves {energy:.6g} hartree, such as continuum_grid",
            )  # fmt: skip
        start, exponent = start_index(equation, grid.step, first_allowed(equation, kappa))
        wave = Outward(equation, start, exponent, grid)
        count, residual = 0, 0.0
        if self.core is not None and orbital_momentum(kappa) <= self.largest_exchange:
            p, q, count, residual = solve_exchange(self.core, wave, kappa, c)
        else:
            p, q = wave.regular(size)
        radius, at = grid.r[-1], size - 1
        y, slope, _ = milne_amplitude(radius, energy, kappa, self.charge, c)
        kinetic = (energy + self.charge / radius) / c
        mass = 2.0 * c + kinetic
        p_slope = -kappa / radius * p[at] + mass * q[at]
        u = p[at] / np.sqrt(mass)
        u_slope = p_slope / np.sqrt(mass) + 0.5 * self.charge / (c * radius**2) / mass * u
        amplitude = np.hypot(u / y, y * u_slope - slope * u)
        factor = np.copysign(1.0 / (amplitude * np.sqrt(np.pi * c)), leading_sign(p))
        return p * factor, q * factor, count, residual

    def _reaching(self, energy: float, kappa: int) -> tuple[RadialGrid, FloatArray]:
        """Continue the extended grid and potential to where the amplitude can be matched."""
        turn = outer_turning_radius(energy, kappa, self.charge, self.speed_of_light)
        grid = self.extended
        if MATCHING_TURNS * turn <= grid.r[-1]:
            return grid, self.potential
        longer = log_linear_grid(grid.r[0], MATCHING_TURNS * turn, grid.step, grid.bend)
        potential = -self.charge / longer.r
        potential[: grid.size] = self.potential
        return longer, potential


def continuum(
    state: GroundState,
    hole: Orbital | None,
    energy: float,
    kappas: Sequence[int],
    grid: RadialGrid | None = None,
    exchange: bool = True,
    reach: int = EXCHANGE_REACHES[1].waves,
    hole_in_exchange: bool = True,
) -> ContinuumOrbitals:
    """Continuum orbitals of one energy for several partial waves.

    Parameters
    ----------
    state : GroundState
        Atom or ion, whose orbitals stay frozen.
    hole : Orbital or None
        The subshell that the electron comes from. Dirac-Fock: one of its electrons is missing
        from the field. None: all electrons of ``state`` act on the outgoing one, which is right
        for the relaxed ion (a state of charge ≥ 1) and refused for a neutral atom. Dirac-Slater:
        the state's potential, for every hole.
    energy : float
        Kinetic energy at infinity, hartree.
    kappas : sequence of int
        κ of the partial waves.
    grid : RadialGrid, optional
        By default `continuum_grid`.
    exchange : bool
        Dirac-Fock: whether partial waves with l up to the core's largest plus ``reach`` see
        exchange and are made orthogonal to the bound orbitals of the same κ; otherwise all see the
        direct potential only. The exchange of a Dirac-Slater state is part of its potential.
    reach : int
        See `nuatom.atoms.continuum.exchange_reach`.
    hole_in_exchange : bool
        Dirac-Fock: whether the electron that is missing is so in exchange as well as in the direct term.
        Otherwise exchange is the whole atom's, and nothing keeps the orbital orthogonal to the bound ones:
        the choice of other codes, wrong for a single electron, which then repels itself. The difference of
        the two measures what independent electrons are worth.

    Returns
    -------
    ContinuumOrbitals
        On ``grid``. An orbital is zero inside the radius where it has fallen to e^−100 of its
        value at the inner turning point.

    Raises
    ------
    InputError
        If the energy is not positive, κ zero, or the hole missing or not in the state.
    ConvergenceError
        If the exchange equation or the amplitude at infinity is not found.
    """
    if grid is None:
        grid = continuum_grid(state, energy)
    return continuum_field(state, hole, grid, exchange, reach, hole_in_exchange).orbitals(energy, kappas)


def continuum_grid(
    state: GroundState,
    energy: float,
    radius: float | None = None,
    points_per_wavelength: float = POINTS_PER_WAVELENGTH,
) -> RadialGrid:
    """Grid that resolves a continuum orbital as far as ``radius``.

    It starts and steps like the state's grid, and bends where the logarithmic step becomes
    2π/(k · points_per_wavelength).

    Parameters
    ----------
    state : GroundState
    energy : float
        Largest kinetic energy, hartree.
    radius : float, optional
        Where to end, bohr; by default where the bound orbitals have fallen to 10⁻¹⁰.
    points_per_wavelength : float
        In the asymptotic wavelength 2π/k.
    """
    positive("energy", energy, "hartree")
    if not points_per_wavelength >= FEWEST_POINTS:
        raise InputError("points_per_wavelength", points_per_wavelength, f"{FEWEST_POINTS:g} or more")
    spacing = 2.0 * np.pi / (float(wavenumber(energy, state.speed_of_light)) * points_per_wavelength)
    radius = float(state.grid.r[_core_size(state) - 1]) if radius is None else radius
    bend = min(state.grid.bend, spacing / state.grid.step)
    return log_linear_grid(float(state.grid.r[0]), radius, state.grid.step, bend)


def continuum_field(
    state: GroundState,
    hole: Orbital | None,
    grid: RadialGrid,
    exchange: bool = True,
    reach: int = EXCHANGE_REACHES[1].waves,
    hole_in_exchange: bool = True,
) -> ContinuumField:
    """Field of the outgoing electron on one grid, for any number of energies; see `continuum`."""
    fock = state.method == "dirac-fock"
    if not grid.r[0] <= INNERMOST / state.Z:
        raise InputError("grid", f"from {grid.r[0]:.4g} bohr", f"a start below {INNERMOST}/Z bohr")
    if fock and hole is None and state.charge < 1:
        raise InputError("hole", None, "an orbital of the state, unless the state is an ion")
    electrons = np.array([orbital.occupation for orbital in state.orbitals])
    if hole is not None:
        electrons = _electrons_left(state, _position(state, hole))
    potential, charge = state.potential, state.charge + 1.0
    if fock:
        charge = state.Z - float(electrons.sum())
        density = sum(
            count * (o.large**2 + o.small**2) for count, o in zip(electrons, state.orbitals, strict=True)
        )
        potential = state.nuclear_potential + multipole_potential(state.grid, np.asarray(density))
    core_radius = float(state.grid.r[_core_size(state) - 1])
    extended = grid
    if core_radius > grid.r[-1]:
        extended = log_linear_grid(float(grid.r[0]), core_radius, grid.step, grid.bend)
    inside = extended.r <= state.grid.r[-1]
    local = -charge / extended.r
    local[inside] = (
        interpolator(state.grid, extended.r[inside])(state.grid.r * potential) / extended.r[inside]
    )
    core = None
    if fock and exchange:
        terms = np.zeros((len(state.orbitals), 2, extended.size))
        core = FrozenCore(
            orbitals=_cut(state.on_grid(extended)),
            electrons=electrons if hole_in_exchange else np.array([o.occupation for o in state.orbitals]),
            hole_terms=_hole_terms(state, electrons, extended) if hole_in_exchange else terms,
            size=int(np.searchsorted(extended.r, core_radius, side="right")),
        )
    return ContinuumField(
        grid=grid,
        extended=extended,
        potential=local,
        charge=charge,
        speed_of_light=state.speed_of_light,
        core=core,
        largest_exchange=max(o.l for o in state.orbitals) + reach if core else -1,
    )


def _position(state: GroundState, hole: Orbital) -> int:
    for index, orbital in enumerate(state.orbitals):
        if (orbital.n, orbital.kappa) == (hole.n, hole.kappa):
            return index
    occupied = ", ".join(orbital.label for orbital in state.orbitals)
    raise InputError("hole", hole.label, f"one of {occupied}")


def _electrons_left(state: GroundState, hole: int) -> FloatArray:
    """Mean occupations seen from a spinor of the hole's subshell: those when it is empty."""
    capacity = np.array([orbital.twice_j + 1.0 for orbital in state.orbitals])
    capacity[hole] -= 1.0
    left: FloatArray = np.array(state.companion_weights[hole]) * capacity
    return left


def _core_size(state: GroundState) -> int:
    size = np.array([np.abs(o.large) + np.abs(o.small) for o in state.orbitals])
    alive = (size > CORE_AMPLITUDE * size.max(axis=1, keepdims=True)).any(axis=0)
    return int(np.nonzero(alive)[0][-1]) + 1


def _cut(orbitals: tuple[Orbital, ...]) -> tuple[Orbital, ...]:
    """Set to zero what is negligible at the outer end of each orbital."""
    result = []
    for orbital in orbitals:
        size = np.abs(orbital.large) + np.abs(orbital.small)
        end = int(np.nonzero(size > CORE_AMPLITUDE * size.max())[0][-1]) + 1
        large, small = orbital.large.copy(), orbital.small.copy()
        large[end:] = 0.0
        small[end:] = 0.0
        result.append(replace(orbital, large=large, small=small))
    return tuple(result)


def _hole_terms(state: GroundState, electrons: FloatArray, extended: RadialGrid) -> FloatArray:
    """χ_b = (F − F_b) φ_b for `FrozenCore`, interpolated to the extended grid.

    χ_b = Σ_c D_bc [Y⁰_cc φ_b − Σ_k Λ^k Y^k_cb φ_c], where D_bc counts the electrons of c that the
    outgoing electron sees, less those that one in b sees.
    """
    grid, orbitals = state.grid, state.orbitals
    powers = power_table(grid, 2 * max(o.l for o in orbitals) + 2)
    direct = [multipole_potential(grid, c.large**2 + c.small**2, 0, powers) for c in orbitals]
    inside = extended.r <= grid.r[-1]
    place = interpolator(grid, extended.r[inside])
    terms = np.zeros((len(orbitals), 2, extended.size))
    for term, row, b in zip(terms, state.companion_weights, orbitals, strict=True):
        large, small = np.zeros(grid.size), np.zeros(grid.size)
        for c, left, weight, repulsion in zip(orbitals, electrons, row, direct, strict=True):
            difference = left - weight * (c.twice_j + 1)
            if abs(difference) < 1e-12:
                continue
            large += difference * repulsion * b.large
            small += difference * repulsion * b.small
            pair = b.large * c.large + b.small * c.small
            for k in multipoles(b.kappa, c.kappa):
                strength = difference * exchange_factor(b.kappa, c.kappa, k)
                potential = multipole_potential(grid, pair, k, powers)
                large -= strength * potential * c.large
                small -= strength * potential * c.small
        term[:, inside] = place(np.stack([large, small]))
    return terms
