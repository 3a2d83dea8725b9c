"""Building a table of what correlation does to an atom's responses: segment by segment, resumable.

At every node the low multipoles of independent electrons are taken out and those of electrons that
answer together, averaged over resonances, are put in:

    R' = Σ_{L ≤ L'} R_L correlated + (R − Σ_{L ≤ L'} R_L) independent.

Multipoles are added until the last one changes no integral over momentum by more than the accuracy, and
nodes where interpolation from their neighbours misses these integrals by more. In
an open-shell atom both sides are those of a local density functional, whose thresholds are then moved onto
those of Dirac-Fock theory: what is tabulated is a relative change at a place between two thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from typing import Final

import numpy as np
import periodictable

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.correlated.interaction import correlated_mean_field, interaction_of
from nuatom.atoms.correlated.linear_response import HIGHEST_CORRELATED, SEGMENT, basis_for, linear_response
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.response import response, waves_of
from nuatom.atoms.independent.subshell import low_multipoles
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.structure.orbital import GroundState
from nuatom.atoms.structure.thresholds import thresholds_kev
from nuatom.atoms.tables.archive import hashed
from nuatom.atoms.tables.correlation import CorrelationTable
from nuatom.atoms.tables.grid import (
    added_nodes_kev,
    average_width_kev,
    momentum_nodes_kev,
    moved_kev,
    transfer_nodes_kev,
)
from nuatom.atoms.tables.parts import HERE, Arrays, Work, finished_parts
from nuatom.atoms.tables.recipe import CorrelationRecipe
from nuatom.atoms.tables.reduction import (
    ROUNDED,
    bounded_change,
    bounds,
    conserved,
    integrals,
    interpolation_errors,
    last_momenta,
    remainder,
)
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import EDITION, HARTREE_KEV
from nuatom.errors import InputError
from nuatom.numerics.bounds import accuracy_within
from nuatom.numerics.quadrature import FloatArray

__all__ = ["build_correlation_table"]

PASSES: Final = 3
"""Computations at most: of the first nodes, and of those that are added where these do not suffice."""


def build_correlation_table(
    Z: int,  # noqa: N803
    *,
    highest_transfer_kev: float = 0.68,
    accuracy: float = 0.01,
    highest_multipole: int = 6,
    least_half_width_kev: float = 5e-4,
    relative_half_width: float = 0.01,
    step: float = 0.5,
    momenta: int = 96,
    highest_momentum_kev: float = 120.0,
    inert: float = 5.0,
    resolved: float = 1.8,
    tail: float = 1e-2,
    probe_tolerance: float = 1e-5,
    work: Work = HERE,
) -> CorrelationTable:
    """Compute what correlation does to an atom's responses.

    Parameters
    ----------
    Z : int
        Atomic number. Closed shells are treated in the relativistic random-phase approximation, open
        ones in time-dependent density-functional theory.
    highest_transfer_kev : float
        Electrons are independent from here on; at most
        `nuatom.atoms.correlated.linear_response.HIGHEST_CORRELATED`.
    accuracy : float
        Relative: multipoles are added until the last one changes ∫Q dQ S and ∫dQ S/Q by less, and nodes
        are added, twice, where interpolation between their neighbours is wrong by more, down to a quarter of
        the energy average's half width.
    highest_multipole : int
        The last one in any case.
    least_half_width_kev, relative_half_width : float
        Responses are averaged over transfer ± the larger of the two.
    step : float
        Growth of the distance between transfers away from a threshold.
    momenta : int
        Momenta at each transfer.
    highest_momentum_kev : float
        The last one; beyond it changes are those there.
    inert, resolved, tail, probe_tolerance : float
        Quality of the basis: see `CorrelationRecipe`.
    work : Work
        Where segments are computed and kept; by default here, and not.

    Returns
    -------
    CorrelationTable

    Raises
    ------
    InputError
        For an argument that is not as above.
    ConvergenceError
        If a wave or the response is not found.
    DataError
        When the work's parts belong to another recipe or one is damaged.
    """
    _check(accuracy, highest_multipole, step, momenta, relative_half_width, least_half_width_kev)
    highest_kev = HIGHEST_CORRELATED * HARTREE_KEV
    if not 0.0 < highest_transfer_kev <= highest_kev:
        accepted = f"at most {highest_kev:.6g} keV, beyond which electrons are independent"
        raise InputError("highest_transfer_kev", highest_transfer_kev, accepted)
    state = ground_state(Z, correlated_mean_field(Z))
    alone = state if state.method == "dirac-fock" else ground_state(Z)
    own, edges = thresholds_kev(state, "calculated"), thresholds_kev(alone, "calculated")
    if not own.min() < highest_transfer_kev:
        accepted = f"above {own.min():.6g} keV, the lowest threshold, and at most {highest_kev:.6g} keV"
        raise InputError("highest_transfer_kev", highest_transfer_kev, accepted)
    last = float(moved_kev(np.array([highest_transfer_kev]), edges, own)[0])
    nodes = transfer_nodes_kev(own, last, step, least_half_width_kev, relative_half_width)
    recipe = CorrelationRecipe(
        model="rpa", interaction=interaction_of(state), state=state.recipe(),
        independent_state=alone.recipe(), first_transfer_kev=float(nodes[0]),
        highest_transfer_kev=float(highest_transfer_kev), accuracy=float(accuracy),
        highest_multipole=highest_multipole, least_half_width_kev=float(least_half_width_kev),
        relative_half_width=float(relative_half_width), step=float(step), momenta=momenta,
        highest_momentum_kev=float(highest_momentum_kev), inert=float(inert), resolved=float(resolved),
        tail=float(tail), probe_tolerance=float(probe_tolerance), version=metadata.version("nuatom"),
        constants=EDITION,
    )  # fmt: skip
    momentum = momentum_nodes_kev(highest_momentum_kev, momenta)
    found: dict[float, Arrays] = {}
    wanted = nodes
    for _ in range(PASSES):
        nodes = np.sort(np.append(nodes, wanted)) if found else nodes
        segments = _segments(wanted, nodes)
        arguments = {name: (state, *segment, momentum, recipe) for name, segment in segments.items()}
        for name, arrays in finished_parts(_segment, arguments, recipe.segment_text(), work):
            for t, transfer in enumerate(segments[name][0]):
                found[float(transfer)] = {key: array[t] for key, array in arrays.items()}
            work.report(len(found), nodes.size)
        columns = _columns(found, nodes, momentum)
        errors = interpolation_errors(own, nodes, momentum, columns.changes[0], columns.before[0])
        widths = average_width_kev(nodes, least_half_width_kev, relative_half_width)
        wanted = added_nodes_kev(own, nodes, errors / accuracy, widths)
        if not wanted.size:
            break
    table = CorrelationTable(
        symbol=str(periodictable.elements[Z].symbol),
        Z=Z,
        edges_kev=np.sort(edges),
        transfer_kev=nodes if alone is state else moved_kev(nodes, own, edges),
        momentum_kev=momentum,
        changes=np.clip(ROUNDED * np.rint(columns.changes / ROUNDED), *bounds()),
        half_width_kev=widths,
        join_step=columns.step,
        size=columns.size,
        interpolation_error=float(errors.max()),
        residual=columns.residual,
        basis_error=columns.basis_error,
        conservation_error=columns.violation,
        multipoles=columns.multipoles,
        recipe=recipe.text(),
        sha256="",
    )
    result: CorrelationTable = hashed(table)
    return result


@dataclass(frozen=True, eq=False)
class _Columns:
    """All transfers together: responses without correlation, what it changes, and how well that is known."""

    before: FloatArray
    changes: FloatArray
    size: FloatArray
    step: FloatArray
    residual: float
    basis_error: float
    violation: float
    multipoles: tuple[int, ...]


def _columns(found: dict[float, Arrays], nodes: FloatArray, momentum: FloatArray) -> _Columns:
    columns = [found[float(transfer)] for transfer in nodes]
    joined = {name: np.stack([column[name] for column in columns]) for name in columns[0]}
    before, together, alone = (np.moveaxis(joined[name], 0, 1) for name in ("before", "together", "alone"))
    together, violation = conserved(together, nodes, momentum)
    after = together + remainder(before, alone)
    return _Columns(
        before=before,
        changes=bounded_change(before, after, nodes, momentum),
        size=integrals(after[0] - before[0], momentum) / integrals(before[0], momentum),
        step=joined["step"].T,
        residual=float(joined["residual"].max()),
        basis_error=float(joined["basis_error"].max()),
        violation=violation,
        multipoles=tuple(int(order) for order in joined["multipole"]),
    )


def _check(
    accuracy: float, highest: int, step: float, momenta: int, relative: float, least_kev: float
) -> None:
    accuracy_within(accuracy)
    if highest < 1:
        raise InputError("highest_multipole", highest, "an integer >= 1")
    if not 0.0 < step <= 4.0:
        raise InputError("step", step, "a number between 0 and 4")
    if momenta < 9:
        raise InputError("momenta", momenta, "an integer >= 9")
    if not (relative >= 0.0 and least_kev > 0.0):
        raise InputError("least_half_width_kev", least_kev, "positive, with relative_half_width >= 0")


def _segments(wanted: FloatArray, nodes: FloatArray) -> dict[str, tuple[FloatArray, float]]:
    """Wanted nodes in groups that share a basis, each with the last of all in its group, by name.

    Groups count from the lowest up, so that a longer table shares them; names tell those that it does not.
    """
    number = (np.log(nodes / nodes[0]) / np.log(SEGMENT)).astype(int)
    # The highest takes longest.
    groups = [nodes[number == n] for n in np.unique(number)[::-1]]
    chosen = [(group[np.isin(group, wanted)], float(group[-1])) for group in groups]
    return {
        f"segment-{some[0]:.9e}-{some[-1]:.9e}-{some.size}-of-{last:.9e}": (some, last)
        for some, last in chosen
        if some.size
    }


def _segment(
    state: GroundState, transfer_kev: FloatArray, largest_kev: float, momentum_kev: FloatArray,
    recipe: CorrelationRecipe,
) -> Arrays:  # fmt: skip
    """Changes at transfers that share the basis of the largest, in keV of the state's own thresholds."""
    transfers, momenta = transfer_kev / HARTREE_KEV, momentum_kev / MOMENTUM_KEV
    widths = average_width_kev(transfer_kev, recipe.least_half_width_kev, recipe.relative_half_width)
    before = response(state, transfer_kev, momentum_kev, accuracy=0.3 * recipe.accuracy).total_per_kev
    largest = largest_kev / HARTREE_KEV
    basis = basis_for(state, largest, resolved=recipe.resolved, tail=recipe.tail)
    together, alone = np.zeros_like(before), np.zeros_like(before)
    whole = integrals(before[0], momenta)
    count = int(last_momenta(before, momentum_kev).max()) + 1
    independent = _independent(state, transfers, momenta[:count], recipe.highest_multipole)
    residual, small, order = 0.0, 0, 0
    last = np.zeros_like(whole)
    for order in range(recipe.highest_multipole + 1):
        answer = linear_response(
            state, transfers, momenta[:count], (order,), recipe.interaction,
            half_width=widths / HARTREE_KEV, basis=basis, inert=recipe.inert * largest / transfers.max(),
            probe_tolerance=recipe.probe_tolerance,
        )  # fmt: skip
        with_field = np.zeros_like(before)
        with_field[..., :count] = answer.correlated[:, 0] / HARTREE_KEV
        without = np.zeros_like(before)
        without[..., :count] = independent[order]
        together, alone = together + with_field, alone + without
        residual = max(residual, answer.residual)
        last = np.abs(integrals(with_field[0] - without[0], momenta)) / whole
        # The steps alternate in size between even and odd orders: two in a row have to be small.
        small = small + 1 if last.max() < 0.3 * recipe.accuracy else 0
        if small == 2:
            break
    arrays = {"before": before, "together": together, "alone": alone}
    return {
        **{name: np.moveaxis(array, 1, 0) for name, array in arrays.items()},
        "step": last.T,
        "residual": np.full(transfers.size, residual),
        "basis_error": np.full(transfers.size, basis.energy_error),
        "multipole": np.full(transfers.size, float(order)),
    }


def _independent(state: GroundState, transfers: FloatArray, momenta: FloatArray, highest: int) -> FloatArray:
    """Low multipoles of independent electrons per keV, shape (L, 9, T, Q)."""
    result = np.zeros((highest + 1, len(COMPONENTS), transfers.size, momenta.size))
    for orbital in state.orbitals:
        shell, waves = BoundShell.of(state, orbital), waves_of(state, orbital, 1e-3)
        for t, transfer in enumerate(transfers):
            ejected = float(transfer) + orbital.energy
            if ejected > 0.0:
                parts = low_multipoles(shell, waves, ejected, momenta, highest)
                result[:, :, t] += orbital.occupation / HARTREE_KEV * parts
    return result
