"""Radial Dirac orbitals and the state of an atom that they make up, in atomic units.

A spinor of energy E (rest energy excluded) and quantum numbers κ, m is

    ψ = (1/r) (P(r) Ω_κm, i Q(r) Ω_−κm),

with Ω the spherical spinors (Grant, Relativistic Quantum Theory of Atoms and Molecules, chapter
3). In a central potential V the radial functions obey

    P' = −(κ/r) P + M Q,   M = (E − V + 2c²)/c,
    Q' = +(κ/r) Q − N P,   N = (E − V)/c,

the equations of Johnson, Atomic Structure Theory (2.155), with the opposite sign of Q. P is
positive near the origin; there Q has the sign of κ (point nucleus), and Q ≈ (P' + κP/r)/2c
where the electron is slow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from nuatom.atoms.structure.configuration import Configuration, orbital_momentum, subshell_label, twice_j
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid, interpolator

__all__ = ["ContinuumOrbitals", "GroundState", "Orbital", "leading_sign"]

_LOBE: Final = 1e-3


@dataclass(frozen=True, eq=False)
class Orbital:
    """A bound orbital, normalised to ∫(P² + Q²)dr = 1.

    Attributes
    ----------
    n, kappa : int
        Principal and relativistic angular quantum numbers.
    energy : float
        E in hartree, rest energy excluded; negative.
    occupation : float
        Mean number of electrons in the subshell, at most 2|κ|.
    large, small : ndarray, shape (points,)
        P and Q on the state's grid, bohr^−½.
    """

    n: int
    kappa: int
    energy: float
    occupation: float
    large: FloatArray
    small: FloatArray

    @property
    def label(self) -> str:
        """Spectroscopic name, such as ``2p1/2``."""
        return subshell_label(self.n, self.kappa)

    @property
    def l(self) -> int:  # noqa: E743
        """Orbital angular momentum of the large component."""
        return orbital_momentum(self.kappa)

    @property
    def twice_j(self) -> int:
        """2j."""
        return twice_j(self.kappa)


@dataclass(frozen=True, eq=False)
class GroundState:
    """A self-consistent atom or ion.

    Attributes
    ----------
    Z : int
        Atomic number.
    charge : int
        Net charge of the ion, 0 for an atom.
    method : str
        The mean field: ``dirac-fock``, ``dirac-slater``, ``dirac-lda`` or ``dirac-lb94``.
    nucleus : str
        Shape of its charge: ``fermi``, ``uniform`` or ``point``.
    mass_number : int or None
        A, which sets its radius; a point has none.
    configuration : Configuration
    exchange_coefficient : float or None
        α of Dirac-Slater; other fields have none.
    tolerance : float
        Residual that was asked for.
    grid : RadialGrid
        Grid of every array below.
    orbitals : tuple of Orbital
        Occupied subshells, ordered by n, l, j.
    potential : ndarray
        Local fields: that of the orbitals, exchange and tail included.
        Dirac-Fock: nucleus and all electrons, without exchange. Hartree.
    nuclear_potential : ndarray
        Potential energy in the field of the nucleus alone, hartree.
    total_energy : float
        Hartree.
    iterations : int
        Self-consistent cycles.
    residual : float
        Norm of the last change that a cycle asked for.
    speed_of_light : float
        c, 1/α unless the nonrelativistic limit was asked for.
    companion_weights : tuple of tuple of float
        w_ab: how much of a full subshell b an electron of subshell a sees (see
        `nuatom.atoms.structure.configuration`).
    """

    Z: int
    charge: int
    method: str
    nucleus: str
    mass_number: int | None
    configuration: Configuration
    exchange_coefficient: float | None
    tolerance: float
    grid: RadialGrid
    orbitals: tuple[Orbital, ...]
    potential: FloatArray
    nuclear_potential: FloatArray
    total_energy: float
    iterations: int
    residual: float
    speed_of_light: float
    companion_weights: tuple[tuple[float, ...], ...]

    def orbital(self, n: int, kappa: int) -> Orbital:
        """Return the orbital of subshell (n, κ).

        Raises
        ------
        InputError
            If that subshell is empty.
        """
        for orbital in self.orbitals:
            if (orbital.n, orbital.kappa) == (n, kappa):
                return orbital
        occupied = ", ".join(orbital.label for orbital in self.orbitals)
        raise InputError("orbital", subshell_label(n, kappa), f"one of {occupied}")

    def recipe(self) -> dict[str, Any]:
        """Everything that determines this state, and what came of it, as JSON holds it.

        The arguments of `nuatom.atoms.structure.ground_state.ground_state`, with the configuration and the
        grid written out, and of each orbital its electrons and its energy in hartree to six digits: a state
        that was made in another way differs there.
        """
        grid = self.grid
        return {
            "Z": self.Z,
            "charge": self.charge,
            "method": self.method,
            "nucleus": self.nucleus,
            "mass_number": self.mass_number,
            "configuration": self.configuration.text,
            "exchange_coefficient": self.exchange_coefficient,
            "speed_of_light": self.speed_of_light,
            "tolerance": self.tolerance,
            "grid": {
                "first": float(grid.r[0]),
                # Of rounding in Wright's function there are fewer digits.
                "last": float(f"{grid.r[-1]:.9g}"),
                "points": grid.size,
                "step": grid.step,
                "bend": grid.bend,
            },
            "orbitals": {o.label: [o.occupation, float(f"{o.energy:.5e}")] for o in self.orbitals},
        }

    def on_grid(self, grid: RadialGrid) -> tuple[Orbital, ...]:
        """Interpolate the orbitals to another grid; they are zero beyond the end of this one.

        The polynomial has degree nine in t; the error is of the order of the orbitals' own.
        """
        inside = grid.r <= self.grid.r[-1]
        at = interpolator(self.grid, grid.r[inside])
        return tuple(
            replace(o, large=_padded(at(o.large), grid), small=_padded(at(o.small), grid))
            for o in self.orbitals
        )


def _padded(values: FloatArray, grid: RadialGrid) -> FloatArray:
    result = np.zeros(grid.size)
    result[: values.size] = values
    result.setflags(write=False)
    return result


@dataclass(frozen=True, eq=False)
class ContinuumOrbitals:
    """Continuum orbitals of one energy, normalised to a delta function of energy in hartree.

    Attributes
    ----------
    energy : float
        Kinetic energy at infinity, hartree.
    kappas : tuple of int
        Partial waves.
    large, small : ndarray, shape (len(kappas), points)
        P and Q, (bohr · hartree)^−½: ∫(P_E P_E' + Q_E Q_E')dr = δ(E − E').
    grid : RadialGrid
        Their grid.
    iterations : tuple of int
        Applications of the exchange operator, 0 for a partial wave that sees a local potential.
    residual : float
        Largest relative residual of the exchange equation.
    """

    energy: float
    kappas: tuple[int, ...]
    large: FloatArray
    small: FloatArray
    grid: RadialGrid
    iterations: tuple[int, ...]
    residual: float


def leading_sign(radial: FloatArray) -> float:
    """Sign of a radial function's first lobe: orbitals are given with +1 of the large component."""
    shown = np.abs(radial) > _LOBE * np.abs(radial).max()
    return float(np.sign(radial[shown][0]))
