"""Continuum orbitals in the field of the ion that the electron leaves behind.

Dirac-Slater: the local potential of the state itself, whose Latter tail already is the ion's; one
potential for every hole, in which bound and continuum orbitals are orthogonal by themselves.

Dirac-Fock: the frozen orbitals of the state less one electron of the hole's subshell, averaged
over directions (V^{N−1}; Johnson, Atomic Structure Theory, section 8.1), with exchange for the partial
waves that overlap the core, and the direct potential alone for the others. A hole makes that
operator F differ from the operators F_b of the bound orbitals. The orbital solves

    (F − ε) φ = Σ_b |b⟩⟨b|F − F_b|φ⟩,   b bound, of the same κ,

from which ⟨b|φ⟩ = 0 follows, since ⟨b|F_b = ε_b⟨b|. With f the regular solution of the direct
potential and T the outward integral of the other terms, φ = f + Tφ is a linear equation of the
second kind with a smooth kernel: GMRES solves it in about as many steps as the exchange has
significant terms, at any energy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from nuatom.atoms.amplitude import milne_amplitude, momentum, outer_turning_radius
from nuatom.atoms.configuration import orbital_momentum
from nuatom.atoms.dirac import (
    dirac_coefficients,
    first_allowed,
    regular_start,
    start_index,
)
from nuatom.atoms.exchange import (
    exchange_coefficient,
    exchange_source,
    multipole_potential,
    multipoles,
    power_table,
)
from nuatom.atoms.orbital import ContinuumOrbitals, GroundState, Orbital
from nuatom.errors import ConvergenceError, InputError
from nuatom.numerics.adams import AdamsTables, adams_tables, sweep
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid, interpolator, log_linear_grid
from nuatom.numerics.running_integral import central_weights

__all__ = ["ContinuumField", "continuum", "continuum_field", "continuum_grid"]

POINTS_PER_WAVELENGTH: Final = 30.0

EXCHANGE_REACH: Final = 3
"""Exchange acts on l up to this much above the largest l of the core."""

CORE_AMPLITUDE: Final = 1e-10
"""Bound orbitals end, for a continuum orbital, where all are below this part of their maximum."""

MATCHING_TURNS: Final = 2.5
"""Amplitudes are matched at least this many outer turning radii from the origin."""

GMRES_TOLERANCE: Final = 1e-10
GMRES_STEPS: Final = 60


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
    bound : tuple of Orbital
        Frozen orbitals on the extended grid.
    electrons : ndarray
        How many electrons of each are left.
    hole_terms : tuple of (ndarray, ndarray)
        χ_b = (F − F_b) φ_b of each bound orbital, large and small.
    core_size : int
        Points of the extended grid with bound orbitals.
    largest_exchange : int
        Largest l that sees exchange, −1 for none.
    """

    grid: RadialGrid
    extended: RadialGrid
    potential: FloatArray
    charge: float
    speed_of_light: float
    bound: tuple[Orbital, ...]
    electrons: FloatArray
    hole_terms: tuple[tuple[FloatArray, FloatArray], ...]
    core_size: int
    largest_exchange: int

    def orbitals(self, energy: float, kappas: Sequence[int]) -> ContinuumOrbitals:
        """Energy-normalised orbitals of one energy; see `continuum`."""
        if not (energy > 0.0 and np.isfinite(energy)):
            raise InputError("energy", energy, "a positive energy in hartree")
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
        return ContinuumOrbitals(
            energy, checked, large, small, self.grid, tuple(iterations), residual
        )

    def _wave(self, energy: float, kappa: int) -> tuple[FloatArray, FloatArray, int, float]:
        c = self.speed_of_light
        grid, potential = self._reaching(energy, kappa)
        size = grid.size
        diagonal, upper, lower = np.empty(size), np.empty(size), np.empty(size)
        dirac_coefficients(grid.r, grid.rate, potential, kappa, energy, c, diagonal, upper, lower)
        turning = first_allowed(diagonal, upper, lower, kappa)
        start, exponent = start_index(diagonal, upper, lower, grid.step, turning)
        wave = _Outward(diagonal, upper, lower, start, exponent, grid.step, adams_tables())
        count, residual = 0, 0.0
        if orbital_momentum(kappa) <= self.largest_exchange:
            exchange = _Exchange(self, grid, kappa, wave)
            p, q, count, residual = exchange.solve()
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
        factor = np.copysign(1.0 / (amplitude * np.sqrt(np.pi * c)), _first_lobe(p))
        return p * factor, q * factor, count, residual

    def _reaching(self, energy: float, kappa: int) -> tuple[RadialGrid, FloatArray]:
        """The extended grid and potential, continued to where the amplitude can be matched."""
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
        Dirac-Fock: whether partial waves with l up to the core's largest plus 3 see exchange
        and are made orthogonal to the bound orbitals of the same κ; otherwise all see the
        direct potential only. The exchange of a Dirac-Slater state is part of its potential.

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
    return continuum_field(state, hole, grid, exchange).orbitals(energy, kappas)


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
    if not energy > 0.0:
        raise InputError("energy", energy, "a positive energy in hartree")
    if not points_per_wavelength >= 12.0:
        raise InputError("points_per_wavelength", points_per_wavelength, "12 or more")
    spacing = 2.0 * np.pi / (momentum(energy, state.speed_of_light) * points_per_wavelength)
    radius = float(state.grid.r[_core_size(state) - 1]) if radius is None else radius
    bend = min(state.grid.bend, spacing / state.grid.step)
    return log_linear_grid(float(state.grid.r[0]), radius, state.grid.step, bend)


def continuum_field(
    state: GroundState, hole: Orbital | None, grid: RadialGrid, exchange: bool = True
) -> ContinuumField:
    """Field of the outgoing electron on one grid, for any number of energies; see `continuum`."""
    fock = state.method == "dirac-fock"
    if fock and hole is None and state.charge < 1:
        raise InputError("hole", None, "an orbital of the state, unless the state is an ion")
    missing = [0.0] * len(state.orbitals)
    if hole is not None:
        missing[_position(state, hole)] = 1.0
    potential, charge = state.potential, state.charge + 1.0
    if fock:
        charge = state.charge + sum(missing)
        for orbital, removed in zip(state.orbitals, missing, strict=True):
            if removed:
                density = orbital.large**2 + orbital.small**2
                potential = potential - removed * multipole_potential(state.grid, density)
    core_radius = float(state.grid.r[_core_size(state) - 1])
    extended = grid
    if core_radius > grid.r[-1]:
        extended = log_linear_grid(float(grid.r[0]), core_radius, grid.step, grid.bend)
    inside = extended.r <= state.grid.r[-1]
    local = -charge / extended.r
    local[inside] = (
        interpolator(state.grid, extended.r[inside])(state.grid.r * potential) / extended.r[inside]
    )
    nonlocal_field = fock and exchange
    electrons = np.array([o.occupation for o in state.orbitals]) - missing
    highest = max(orbital.l for orbital in state.orbitals) + EXCHANGE_REACH
    return ContinuumField(
        grid=grid,
        extended=extended,
        potential=local,
        charge=charge,
        speed_of_light=state.speed_of_light,
        bound=state.on_grid(extended) if nonlocal_field else (),
        electrons=electrons,
        hole_terms=_hole_terms(state, electrons, extended) if nonlocal_field else (),
        core_size=int(np.searchsorted(extended.r, core_radius, side="right")),
        largest_exchange=highest if nonlocal_field else -1,
    )


def _position(state: GroundState, hole: Orbital) -> int:
    for index, orbital in enumerate(state.orbitals):
        if (orbital.n, orbital.kappa) == (hole.n, hole.kappa):
            return index
    occupied = ", ".join(orbital.label for orbital in state.orbitals)
    raise InputError("hole", hole.label, f"one of {occupied}")


def _core_size(state: GroundState) -> int:
    size = np.array([np.abs(o.large) + np.abs(o.small) for o in state.orbitals])
    alive = (size > CORE_AMPLITUDE * size.max(axis=1, keepdims=True)).any(axis=0)
    return int(np.nonzero(alive)[0][-1]) + 1


def _first_lobe(values: FloatArray) -> float:
    return float(values[np.abs(values) > 1e-3 * np.abs(values).max()][0])


def _hole_terms(
    state: GroundState, electrons: FloatArray, extended: RadialGrid
) -> tuple[tuple[FloatArray, FloatArray], ...]:
    """χ_b = (F − F_b) φ_b = Σ_c D_bc [Y⁰_cc φ_b − Σ_k Λ^k Y^k_cb φ_c], D = electrons − w (2j + 1)."""
    grid, orbitals = state.grid, state.orbitals
    powers = power_table(grid, 2 * max(o.l for o in orbitals) + 2)
    direct = [multipole_potential(grid, c.large**2 + c.small**2, 0, powers) for c in orbitals]
    inside = extended.r <= grid.r[-1]
    place = interpolator(grid, extended.r[inside])
    terms = []
    for row, b in zip(state.companion_weights, orbitals, strict=True):
        large, small = np.zeros(grid.size), np.zeros(grid.size)
        for c, left, weight, repulsion in zip(orbitals, electrons, row, direct, strict=True):
            difference = left - weight * (c.twice_j + 1)
            if abs(difference) < 1e-12:
                continue
            large += difference * repulsion * b.large
            small += difference * repulsion * b.small
            pair = b.large * c.large + b.small * c.small
            for k in multipoles(b.kappa, c.kappa):
                strength = difference * exchange_coefficient(b.kappa, c.kappa, k)
                potential = multipole_potential(grid, pair, k, powers)
                large -= strength * potential * c.large
                small -= strength * potential * c.small
        padded = np.zeros((2, extended.size))
        padded[:, inside] = place(np.stack([large, small]))
        terms.append((padded[0], padded[1]))
    return tuple(terms)


@dataclass(frozen=True, eq=False)
class _Outward:
    """Outward integration of one partial wave: coefficients, starting point and tables."""

    diagonal: FloatArray
    upper: FloatArray
    lower: FloatArray
    start: int
    exponent: float
    step: float
    tables: AdamsTables

    def regular(
        self, size: int, source: tuple[FloatArray, FloatArray] | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Regular solution on the first ``size`` points, with an optional source added to it."""
        p = np.exp(-self.exponent)
        at = self.start
        ratio = regular_start(self.diagonal[at], self.upper[at], self.lower[at])
        return self._integrate(size, p, p * ratio, source)

    def forced(
        self, size: int, source: tuple[FloatArray, FloatArray]
    ) -> tuple[FloatArray, FloatArray]:
        """Answer to a source, from nothing at the origin."""
        return self._integrate(size, 0.0, 0.0, source)

    def _integrate(
        self, size: int, p: float, q: float, source: tuple[FloatArray, FloatArray] | None
    ) -> tuple[FloatArray, FloatArray]:
        large, small = np.zeros(size), np.zeros(size)
        large[self.start], small[self.start] = p, q
        one, two = (np.zeros(0), np.zeros(0)) if source is None else source
        sweep(
            self.diagonal, self.upper, self.lower, one, two, large, small,
            self.start, size - 1, self.step, *self.tables,
        )  # fmt: skip
        return large, small


class _Exchange:
    """The equation φ = f + Tφ of one partial wave, on the points that have bound orbitals."""

    def __init__(
        self, field: ContinuumField, grid: RadialGrid, kappa: int, wave: _Outward
    ) -> None:
        size = field.core_size
        self._wave = wave
        self._size, self._full = size, grid.size
        self._c = field.speed_of_light
        self._grid = grid
        self._large = np.array([o.large[:size] for o in field.bound])
        self._small = np.array([o.small[:size] for o in field.bound])
        self._extent = _extents(self._large, self._small)
        ranges = [multipoles(kappa, o.kappa) for o in field.bound]
        self._coefficients = np.zeros((len(ranges), max(k for r in ranges for k in r) + 1))
        for b, orbital in enumerate(field.bound):
            for k in ranges[b]:
                self._coefficients[b, k] = field.electrons[b] * exchange_coefficient(
                    kappa, orbital.kappa, k
                )
        self._powers = _core_powers(grid, size, self._coefficients.shape[1])
        weight = grid.weight[:size]
        same = [b for b, o in enumerate(field.bound) if o.kappa == kappa]
        self._project = np.array(
            [np.concatenate([self._large[b], self._small[b]]) for b in same]
        ).reshape(len(same), 2 * size)
        self._project_with = np.array(
            [np.concatenate([t[:size] * weight for t in field.hole_terms[b]]) for b in same]
        ).reshape(len(same), 2 * size)
        self._scale = np.sqrt(np.tile(np.abs(weight), 2))

    def solve(self) -> tuple[FloatArray, FloatArray, int, float]:
        """P, Q on the whole grid, applications of the exchange operator, relative residual."""
        free = np.concatenate(self._wave.regular(self._size))
        count = 0

        def apply(scaled: FloatArray) -> FloatArray:
            nonlocal count
            count += 1
            orbital = scaled / self._scale
            forced = self._wave.forced(self._size, self._source(orbital))
            return scaled - self._scale * np.concatenate(forced)

        operator = LinearOperator((free.size, free.size), matvec=apply, dtype=np.float64)
        right = self._scale * free
        scaled, _ = gmres(
            operator, right, rtol=GMRES_TOLERANCE, atol=0.0, restart=GMRES_STEPS, maxiter=1
        )
        residual = float(np.linalg.norm(right - apply(scaled)) / np.linalg.norm(right))
        if not residual < 100.0 * GMRES_TOLERANCE:
            raise ConvergenceError(
                f"exchange of a continuum orbital: residual {residual:.3g} after {count} steps"
            )
        one, two = self._source(scaled / self._scale)
        source = np.zeros((2, self._full))
        source[0, : self._size], source[1, : self._size] = one, two
        p, q = self._wave.regular(self._full, (source[0], source[1]))
        return p, q, count, residual

    def _source(self, orbital: FloatArray) -> tuple[FloatArray, FloatArray]:
        size = self._size
        source_large, source_small = np.zeros(size), np.zeros(size)
        exchange_source(
            orbital[:size], orbital[size:], self._large, self._small, self._extent,
            self._coefficients, self._grid.rate, self._powers, self._grid.step,
            central_weights(), source_large, source_small,
        )  # fmt: skip
        held = (self._project_with @ orbital) @ self._project
        source_large -= held[:size]
        source_small -= held[size:]
        rate = self._grid.rate[:size] / self._c
        return -rate * source_small, rate * source_large


def _core_powers(grid: RadialGrid, size: int, count: int) -> FloatArray:
    return np.ascontiguousarray(grid.r[None, :size] ** np.arange(count + 1)[:, None])


def _extents(large: FloatArray, small: FloatArray) -> FloatArray:
    size = np.abs(large) + np.abs(small)
    alive = size > CORE_AMPLITUDE * size.max(axis=1, keepdims=True)
    extents: FloatArray = large.shape[1] - alive[:, ::-1].argmax(axis=1)
    return extents
