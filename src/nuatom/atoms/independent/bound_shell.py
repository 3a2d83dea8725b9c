"""A bound orbital in its atom: how far it reaches, in space and in momentum, and grids that resolve it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nuatom.atoms.independent.impulse import (
    NORM_ACCURACY,
    MomentumDistribution,
    momentum_distribution,
)
from nuatom.atoms.structure.orbital import GroundState, Orbital
from nuatom.atoms.units import wavenumber
from nuatom.errors import ConvergenceError
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid, interpolator, log_linear_grid

__all__ = ["BoundShell"]

POINTS_PER_CYCLE = 2.0
"""Radial points per cycle of the fastest product wave. The trapezoidal rule on a uniform variable
converges exponentially once there are more than one (measured in tests/convergence)."""

STEP = 0.15
"""Relative spacing of the radial points near the nucleus."""

_MOMENTA_PER_CHARGE = (12.0, 24.0, 48.0)

LARGEST_BEND = 2.0
"""Radial grids are logarithmic up to here, in bohr, when nothing oscillates."""


@dataclass(frozen=True, eq=False)
class BoundShell:
    """One bound orbital where it came from.

    Attributes
    ----------
    orbital : Orbital
    grid : RadialGrid
        Of the orbital.
    potential : ndarray
        Potential energy on the grid that an outgoing electron feels, hartree: it decides how many
        partial waves reach the orbital.
    charge : float
        Z, which sets the scale of the innermost structure and of the highest momenta.
    speed_of_light : float
    """

    orbital: Orbital
    grid: RadialGrid
    potential: FloatArray
    charge: float
    speed_of_light: float

    @classmethod
    def of(cls, state: GroundState, orbital: Orbital) -> BoundShell:
        """Take an orbital of a state."""
        ion = -(state.charge + 1.0) / state.grid.r
        return cls(
            orbital, state.grid, np.minimum(state.potential, ion), float(state.Z),
            state.speed_of_light,
        )  # fmt: skip

    def extent(self, fraction: float) -> float:
        """Radius outside which less than ``fraction`` of the orbital's charge lies."""
        outside = self._charge_outside
        index = min(int(np.searchsorted(-outside, -fraction)), outside.size - 1)
        return float(self.grid.r[index])

    @property
    def mean_radius(self) -> float:
        """⟨r⟩ of the orbital."""
        density = (self.orbital.large**2 + self.orbital.small**2) * self.grid.weight
        return float(density @ self.grid.r)

    def wavenumber(self, energy: float) -> float:
        """Momentum k of an electron of kinetic energy ``energy``."""
        return float(wavenumber(energy, self.speed_of_light))

    def turning_order(self, energy: float, extent: float) -> float:
        """Largest r k(r) inside ``extent``, k the local momentum: higher waves stay outside."""
        inside = self.grid.r <= extent
        momentum = wavenumber(energy - self.potential[inside], self.speed_of_light)
        return float(np.max(self.grid.r[inside] * momentum))

    def sampled(self, wavenumber: float, stop: float) -> tuple[RadialGrid, FloatArray]:
        """Radial grid that resolves waves up to ``wavenumber``, and the orbital (2, r) on it."""
        spacing = 2.0 * np.pi / (POINTS_PER_CYCLE * wavenumber)
        start = max(1e-5 / self.charge, float(self.grid.r[0]))
        bend = min(spacing / STEP, LARGEST_BEND)
        grid = log_linear_grid(start, min(stop, float(self.grid.r[-10])), STEP, bend)
        components = np.stack([self.orbital.large, self.orbital.small])
        return grid, interpolator(self.grid, grid.r)(components)

    @cached_property
    def momenta(self) -> MomentumDistribution:
        """Momentum distribution up to twelve times that of a 1s electron, 12 Z, or until all of it is there.

        Near a heavy nucleus a relativistic 1s orbital rises as r^√(1 − (Zα)²), and its momenta fall so slowly
        that 1.4e-3 of uranium's lie beyond 12 Z.
        """
        for factor in _MOMENTA_PER_CHARGE:
            highest = factor * self.charge
            grid, components = self.sampled(2.0 * highest, self.extent(1e-10))
            found = momentum_distribution(
                self.orbital.kappa, components, grid.r, grid.step * grid.rate, highest,
                self.speed_of_light,
            )  # fmt: skip
            if abs(found.norm - 1.0) < NORM_ACCURACY:
                return found
        raise ConvergenceError(f"the momenta of {self.orbital.label} hold {found.norm:.5f} of an electron")

    @cached_property
    def _charge_outside(self) -> FloatArray:
        density = (self.orbital.large**2 + self.orbital.small**2) * self.grid.weight
        return np.cumsum(density[::-1])[::-1]
