"""Building a response table: adaptive in energy, resumable, on any executor.

Energies are added between neighbours until what is computed there agrees with what was
interpolated, so the grid's error is measured, not assumed. Every finished energy of every
subshell is kept as a file of its own; an interrupted build goes on where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from typing import Final

import numpy as np
import periodictable
from scipy.interpolate import CubicSpline
from scipy.ndimage import maximum_filter1d

from nuatom.atoms.components import DIAGONAL, decode, encode
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.response import per_kev, waves_of
from nuatom.atoms.independent.subshell import HIGHEST_ORDER, least_order, subshell_response
from nuatom.atoms.structure.ground_state import Method, ground_state, mean_field
from nuatom.atoms.structure.orbital import GroundState, Orbital
from nuatom.atoms.structure.thresholds import Thresholds, thresholds_kev
from nuatom.atoms.tables.archive import hashed
from nuatom.atoms.tables.momentum_scale import MomentumScale
from nuatom.atoms.tables.parts import HERE, Arrays, Work, finished_parts
from nuatom.atoms.tables.recipe import Recipe
from nuatom.atoms.tables.responses import (
    SOFTENING,
    ResponseTable,
    SubshellTable,
    energy_variable,
)
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import EDITION, HARTREE_KEV
from nuatom.errors import InputError
from nuatom.numerics.bounds import HIGHEST_TRANSFER_KEV, accuracy_within, order_within, row_up_to
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

__all__ = ["build_table"]

FIRST_ENERGIES: Final = 9
MOST_REFINEMENTS: Final = 7
NEIGHBOURS: Final = 13
DIP: Final = 0.3
"""Where a response dips below this part of its neighbours' maximum, errors are relative to that."""

TAIL: Final = 1e-3
"""Errors are relative to no less than this part of the largest Q²R at the same energy, since rates
feel ∫Q dQ R; but not where the photon's propagator weights the vector responses more, below the
momentum of that largest one."""

MOMENTUM_TAIL: Final = 1e-4
"""Part of an orbital's momenta beyond which a table ends."""


def build_table(
    Z: int,  # noqa: N803
    model: str = "ipm",
    *,
    method: Method = "dirac-fock",
    thresholds: Thresholds = "calculated",
    highest_transfer_kev: float = 30.0,
    first_ejected_kev: float = 2e-5,
    accuracy: float = 0.01,
    momenta: int = 97,
    highest_order: int = HIGHEST_ORDER,
    state: GroundState | None = None,
    work: Work = HERE,
) -> ResponseTable:
    """Compute the response table of an atom.

    Parameters
    ----------
    Z : int
        Atomic number.
    model : {"ipm"}
        Independent particles.
    method : {"dirac-fock", "dirac-slater", "dirac-lda", "dirac-lb94"}
        Mean field of the ground state and the continuum.
    thresholds : {"calculated", "measured"}
        Where each subshell opens: its eigenvalue or its measured edge.
    highest_transfer_kev : float
        Last energy transfer.
    first_ejected_kev : float
        Lowest energy above each edge; between the edge and it the table is constant.
    accuracy : float
        Relative accuracy of multipole sums, and of interpolation in energy.
    momenta : int
        Odd number of momenta at each energy.
    highest_order : int
        Multipoles beyond are replaced by the impulse limit.
    state : GroundState, optional
        Of the same Z and method, when it has been computed already.
    work : Work
        Where energies are computed and kept; by default here, and not.

    Returns
    -------
    ResponseTable

    Raises
    ------
    InputError
        For an argument that is not as above.
    DataError
        When the work's parts belong to another recipe or one is damaged.
    """
    if model != "ipm":
        raise InputError("model", model, "ipm")
    if momenta < 9 or momenta % 2 == 0:
        raise InputError("momenta", momenta, "an odd number >= 9")
    accuracy, highest_order = accuracy_within(accuracy), order_within("highest_order", highest_order)
    positive("first_ejected_kev", first_ejected_kev, "keV")
    row_up_to("highest_transfer_kev", highest_transfer_kev, HIGHEST_TRANSFER_KEV, "keV")
    method = mean_field(method)
    state = ground_state(Z, method) if state is None else state
    if (state.Z, state.method) != (Z, method):
        raise InputError("state", f"Z = {state.Z}, {state.method}", f"Z = {Z}, {method}")
    recipe = Recipe(
        model=model,
        state=state.recipe(),
        thresholds=thresholds,
        highest_transfer_kev=float(highest_transfer_kev),
        first_ejected_kev=float(first_ejected_kev),
        accuracy=float(accuracy),
        momenta=momenta,
        highest_order=highest_order,
        version=metadata.version("nuatom"),
        constants=EDITION,
    )
    edges = thresholds_kev(state, thresholds)
    shells = [BoundShell.of(state, orbital) for orbital in state.orbitals]
    grids = [_EnergyGrid.start(shell, float(edge), recipe) for shell, edge in zip(shells, edges, strict=True)]
    last = {
        shell: grid.fresh[-1] / HARTREE_KEV for shell, grid in zip(shells, grids, strict=True) if grid.fresh
    }
    if not last:
        lowest = float(edges.min()) + 2.0 * first_ejected_kev
        accepted = f"above {lowest:.6g} keV, where the first subshell opens"
        raise InputError("highest_transfer_kev", highest_transfer_kev, accepted)
    least = max(least_order(shell, energy, accuracy) for shell, energy in last.items())
    if least > highest_order:
        accepted = f"{least} or more for transfers up to {highest_transfer_kev:g} keV"
        raise InputError("highest_order", highest_order, accepted)
    finished = 0
    while tasks := {
        f"{state.orbitals[i].label.replace('/', '_')}-{energy:.12e}": (i, energy)
        for i, grid in enumerate(grids)
        for energy in grid.fresh
    }:
        known = finished + len(tasks)
        arguments = {name: (state, i, grids[i].scale, energy, recipe) for name, (i, energy) in tasks.items()}
        for name, arrays in finished_parts(_column, arguments, recipe.text(), work):
            i, energy = tasks[name]
            grids[i].columns[energy] = _Column(**arrays)
            finished += 1
            work.report(finished, known)
        for grid in grids:
            grid.refine(recipe.accuracy)
    subshells = tuple(
        _subshell(grid, orbital) for grid, orbital in zip(grids, state.orbitals, strict=True) if grid.columns
    )
    table: ResponseTable = hashed(
        ResponseTable(str(periodictable.elements[Z].symbol), Z, subshells, recipe.text(), sha256="")
    )
    return table


@dataclass(frozen=True, eq=False)
class _Column:
    """Responses of one subshell at one energy: (9, U), (U,)."""

    values_per_kev: FloatArray
    truncation_error: FloatArray


@dataclass(eq=False)
class _EnergyGrid:
    """Energies of one subshell while they are being chosen."""

    scale: MomentumScale
    first_kev: float
    columns: dict[float, _Column]
    fresh: list[float]
    old: list[float]
    rounds: int
    error: float

    @classmethod
    def start(cls, shell: BoundShell, edge_kev: float, recipe: Recipe) -> _EnergyGrid:
        scale = MomentumScale(
            edge_kev=edge_kev,
            width_kev=MOMENTUM_KEV / shell.mean_radius,
            reach_kev=MOMENTUM_KEV * shell.momenta.reach(MOMENTUM_TAIL),
        )
        first, last = recipe.first_ejected_kev, recipe.highest_transfer_kev - scale.edge_kev
        fresh: list[float] = []
        if last > 2.0 * first:
            low, high = energy_variable([first, last], first)
            x = np.linspace(low, high, FIRST_ENERGIES)
            fresh = [first, *_energies(x[1:-1], first), last]
        return cls(scale, first, {}, fresh, [], 0, 0.0)

    def refine(self, accuracy: float) -> None:
        """Ask for energies next to where interpolation missed what has just been computed."""
        if not self.fresh:
            return
        nodes = sorted(self.columns)
        if not self.old:
            suspects = set(range(len(nodes) - 1))
        else:
            guesses = {energy: self._guess(energy) for energy in self.fresh}
            missed = {e: self.difference(guess, e) for e, guess in guesses.items()}
            settled = [e for e in missed if missed[e] <= accuracy or self.rounds == MOST_REFINEMENTS]
            errors = [self.integrated_difference(guesses[e], e) for e in settled]
            self.error = max([self.error, *errors])
            wrong = {i for i, e in enumerate(nodes) if e in missed and e not in settled}
            suspects = {i - 1 for i in wrong} | wrong
        x = energy_variable(nodes, self.first_kev)
        middles = [0.5 * (x[i] + x[i + 1]) for i in sorted(suspects)]
        self.old, self.fresh = nodes, _energies(np.array(middles), self.first_kev)
        self.rounds += 1

    def _guess(self, energy: float) -> FloatArray:
        """Responses interpolated to ``energy`` from the energies before this round."""
        x = energy_variable(self.old, self.first_kev)
        encoded = np.stack([encode(self.columns[e].values_per_kev) for e in self.old], axis=-1)
        spline = CubicSpline(x, encoded, axis=-1)
        return decode(spline(energy_variable(energy, self.first_kev)))

    def difference(self, guess: FloatArray, energy: float) -> float:
        """Largest relative error of (9, U) against a column, point by point."""
        exact = self.columns[energy].values_per_kev
        size = np.sqrt(np.abs(exact[_NORM[0]] * exact[_NORM[1]]))
        floor = DIP * maximum_filter1d(size, NEIGHBOURS, axis=1)
        q2 = self.scale.momenta_kev(energy, exact.shape[1]) ** 2
        tail = TAIL * np.max(q2 * size, axis=1, keepdims=True) / q2
        tail[:4, : int(np.argmax(q2 * exact[0]))] = 0.0
        return float(np.max(np.abs(guess - exact) / np.maximum(size, np.maximum(floor, tail))))

    def integrated_difference(self, guess: FloatArray, energy: float) -> float:
        """Largest relative error of ∫Q dQ R, and of ∫dQ R/Q of the vector responses."""
        exact = self.columns[energy].values_per_kev
        size = np.sqrt(np.abs(exact[_NORM[0]] * exact[_NORM[1]]))
        momenta = self.scale.momenta_kev(energy, exact.shape[1])
        measure = 1.0 / self.scale.slope_per_kev(energy, momenta)
        wrong = np.abs(guess - exact)
        heavy = (wrong @ (momenta * measure)) / (size @ (momenta * measure))
        light = (wrong[:4] @ (measure / momenta)) / (size[:4] @ (measure / momenta))
        return float(max(heavy.max(), light.max()))

    def momentum_error(self) -> float:
        """Error of interpolation in momentum, from what half of the momenta would give."""
        worst = 0.0
        for energy, column in self.columns.items():
            u = np.linspace(0.0, 1.0, column.values_per_kev.shape[1])
            half = CubicSpline(u[::2], encode(column.values_per_kev)[:, ::2], axis=1)
            worst = max(worst, self.integrated_difference(decode(half(u)), energy))
        # A cubic spline gains 2⁴ from halving its steps; 2³ leaves room for the ends.
        return worst / 8.0


_NORM: Final = np.array([[0, 0, 2, 3, 4, 4, 6, 7, 3], [0, 2, 2, 3, 4, 6, 6, 7, 7]])
"""Each component is compared with the geometric mean of two diagonal ones: itself, or its bound."""


def _energies(x: FloatArray, first_kev: float) -> list[float]:
    """Inverse of `energy_variable`."""
    return [float(e) for e in np.exp(x) - SOFTENING * first_kev]


def _subshell(grid: _EnergyGrid, orbital: Orbital) -> SubshellTable:
    energies = sorted(grid.columns)
    return SubshellTable(
        label=orbital.label,
        n=orbital.n,
        kappa=orbital.kappa,
        occupation=orbital.occupation,
        scale=grid.scale,
        ejected_kev=np.array(energies),
        values_per_kev=np.stack([grid.columns[e].values_per_kev for e in energies], axis=1),
        truncation_error=np.stack([grid.columns[e].truncation_error for e in energies]),
        interpolation_error=max(grid.error, grid.momentum_error()),
    )


def _column(
    state: GroundState, index: int, scale: MomentumScale, ejected_kev: float, recipe: Recipe
) -> Arrays:
    """Compute one energy of one subshell."""
    orbital = state.orbitals[index]
    energy = ejected_kev / HARTREE_KEV
    part = subshell_response(
        BoundShell.of(state, orbital),
        waves_of(state, orbital, recipe.accuracy),
        energy,
        scale.momenta_kev(ejected_kev, recipe.momenta) / MOMENTUM_KEV,
        accuracy=recipe.accuracy,
        highest_order=recipe.highest_order,
    )
    values = per_kev(part, orbital)[0]
    if not np.all(values[DIAGONAL] > 0.0):
        accepted = (
            f"more: at {ejected_kev:.4g} keV the impulse limit, which stands for the multipoles left out, "
            f"gives nothing at some momenta of {orbital.label}"
        )
        raise InputError("highest_order", recipe.highest_order, accepted)
    return {"values_per_kev": values, "truncation_error": part.integral_error}
