"""Building a table of correlation for all shells: charge and spin in local fields, low spins by exchange.

Charge answers in the mean field whose photoabsorption is nearest to measurement
(`nuatom.atoms.correlated.interaction.NEAREST`), at any transfer, by radial Green's functions. So does the
spin, with the spin's kernel, and where a table with exact exchange is given that one is taken as far as it
goes. Nine responses are made of the two (`nuatom.atoms.tables.charge_spin`). Thresholds stay those of the
field: what is tabulated is a ratio to independent electrons at the same transfer, so that the product has
the thresholds, resonances and photoabsorption of correlated electrons, not those of independent ones.

A second field, the local density with the right tail or without it, tells how well this is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Final

import numpy as np

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.correlated.interaction import preferred_mean_field
from nuatom.atoms.correlated.local_density_response import local_density_response
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.response import waves_of
from nuatom.atoms.independent.subshell import subshell_response
from nuatom.atoms.structure.ground_state import Method, ground_state
from nuatom.atoms.structure.orbital import GroundState
from nuatom.atoms.structure.thresholds import Thresholds, thresholds_kev
from nuatom.atoms.tables.archive import hashed
from nuatom.atoms.tables.charge_spin import LowMultipoles, growth, joined
from nuatom.atoms.tables.correlation import CorrelationTable
from nuatom.atoms.tables.grid import (
    added_nodes_kev,
    around_kev,
    average_width_kev,
    momentum_nodes_kev,
    transfer_nodes_kev,
)
from nuatom.atoms.tables.parts import HERE, Arrays, Work, finished_parts
from nuatom.atoms.tables.recipe import LocalRecipe
from nuatom.atoms.tables.reduction import (
    ROUNDED,
    bounded_change,
    bounds,
    integrals,
    interpolation_errors,
    last_momenta,
)
from nuatom.atoms.tables.responses import ResponseTable
from nuatom.atoms.tables.theory_error import kernel_error, threshold_error
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import EDITION, HARTREE_KEV
from nuatom.errors import InputError
from nuatom.numerics.bounds import accuracy_within
from nuatom.numerics.quadrature import FloatArray

__all__ = ["bindings_kev", "build_local_table", "last_transfer_kev"]

PASSES: Final = 2
"""Computations by default."""

PART: Final = 8
"""Transfers that are computed together."""

SECOND: Final = 3
"""One transfer in so many is computed in the second field as well."""

TAIL: Final = 1e-3
"""Of the orbitals that panels leave out: ∫Q dQ S of argon changes by 10⁻⁷."""

POINTS: Final = 8
"""Gauss points in a panel: momenta reach so far that panels are short."""

QUADRATURE: Final = 0.01
"""Largest error of the radial quadrature's coarser rule. That of the rule used is some hundred times less."""

REACH: Final = (1.5, 0.7, 6.0)
"""By default a table ends at 1.5 times the deepest threshold below 6 keV, and 0.7 keV: correlation changes
integrals by less than half a per cent from there on, and next to deeper thresholds too."""

INNER_KEV: Final = 0.25
NEAR: Final = 0.06
"""Subshells whose measured threshold can stand in the place of the field's: deeper than, and relative."""

SPIN_ROWS: Final = [row for row, name in enumerate(COMPONENTS) if not name.startswith("vector")]


def last_transfer_kev(edges_kev: FloatArray) -> float:
    """Where a table of an atom of these thresholds ends by default."""
    factor, more, deepest = REACH
    return factor * float(edges_kev[edges_kev < deepest].max()) + more


def build_local_table(
    independent: ResponseTable,
    exchange: CorrelationTable | None = None,
    *,
    highest_transfer_kev: float | None = None,
    accuracy: float = 0.01,
    highest_multipole: int = 6,
    least_half_width_kev: float = 5e-4,
    relative_half_width: float = 0.01,
    step: float = 0.7,
    momenta: int = 96,
    highest_momentum_kev: float = 120.0,
    thresholds: Thresholds = "calculated",
    passes: int = PASSES,
    work: Work = HERE,
) -> CorrelationTable:
    """Compute what correlation does to an atom's responses, as far up as is asked.

    Parameters
    ----------
    independent : ResponseTable
        What the ratios multiply: all multipoles of independent Dirac-Fock electrons.
    exchange : CorrelationTable, optional
        With exact exchange, of closed shells: spin responses are its own as far as it goes, and those of the
        charge where photons prefer this field.
    highest_transfer_kev : float, optional
        Electrons are independent from here on; by default `last_transfer_kev`.
    accuracy : float
        Asked between transfers.
    highest_multipole : int
        With correlation.
    least_half_width_kev, relative_half_width : float
        Responses are averaged over transfer ± the larger of the two.
    step : float
        Growth of the distance between transfers away from a threshold.
    momenta : int
        Momenta at each transfer.
    highest_momentum_kev : float
        The last one; beyond it changes are those there.
    thresholds : {"calculated", "measured"}
        Of the fields; measured are those of inner subshells, :func:`bindings_kev`.
    passes : int
        Computations at most: of the first nodes, and of those that are added where these do not suffice.
    work : Work, optional
        Where to compute, and what to keep on the way.

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
        When the folder of parts belongs to another recipe or holds a damaged file.
    """
    edges = np.sort(independent.edges_kev)
    accuracy_within(accuracy)
    if highest_transfer_kev is None:
        highest_transfer_kev = last_transfer_kev(edges)
    if not edges[0] < highest_transfer_kev <= independent.highest_kev:
        accepted = f"above {edges[0]:.6g} and up to {independent.highest_kev:.6g} keV"
        raise InputError("highest_transfer_kev", highest_transfer_kev, accepted)
    fields = _fields(independent.Z, thresholds)
    recipe = _recipe(
        fields, independent, exchange, float(highest_transfer_kev), float(accuracy), highest_multipole,
        float(least_half_width_kev), float(relative_half_width), float(step), momenta,
        float(highest_momentum_kev), thresholds, passes,
    )  # fmt: skip
    momentum = momentum_nodes_kev(highest_momentum_kev, momenta)
    average = least_half_width_kev, relative_half_width
    nodes = transfer_nodes_kev(edges, highest_transfer_kev, step, *average)
    nodes = around_kev(fields.bindings_kev[0], nodes, edges, *average)
    found: dict[float, Arrays] = {}
    wanted = nodes
    for number in range(passes):
        nodes = np.unique(np.append(nodes, wanted))
        parts = {
            f"pass-{number}-{some[0]:.9e}-{some[-1]:.9e}-{some.size}": (fields, some, few, recipe)
            for some, few in _groups(wanted, momentum, independent)
        }
        for name, arrays in finished_parts(_part, parts, recipe.part_text(), work):
            # A part that was kept may have been computed where thresholds round another way.
            for t, transfer in enumerate(parts[name][1]):
                column = {key: array[t] for key, array in arrays.items()}
                found[float(transfer)] = {key: _filled(array, momentum.size) for key, array in column.items()}
            work.report(len(found), nodes.size)
        columns = _columns(found, nodes, momentum, independent, exchange, fields)
        errors = interpolation_errors(edges, nodes, momentum, columns.changes[0], columns.before[0])
        widths = average_width_kev(nodes, *average)
        wanted = added_nodes_kev(edges, nodes, errors / accuracy, widths)
        if not wanted.size:
            break
    table = CorrelationTable(
        symbol=independent.symbol,
        Z=independent.Z,
        edges_kev=edges,
        transfer_kev=nodes,
        momentum_kev=momentum,
        changes=np.clip(ROUNDED * np.rint(columns.changes / ROUNDED), *bounds()),
        half_width_kev=widths,
        join_step=columns.step,
        size=columns.size,
        interpolation_error=float(errors.max()),
        residual=columns.quadrature,
        basis_error=0.0 if exchange is None else exchange.basis_error,
        conservation_error=0.0 if exchange is None else exchange.conservation_error,
        multipoles=(highest_multipole,) * nodes.size,
        recipe=recipe.text(),
        sha256="",
        kernel_error=columns.kernel_error,
        node_error=errors,
    )
    result: CorrelationTable = hashed(table)
    return result


@dataclass(frozen=True, eq=False)
class _Fields:
    """Mean fields of one atom: of independent electrons, and two local ones, the first for the charge.

    ``by_exchange``: whether photons prefer exact exchange to both.
    """

    alone: GroundState
    states: tuple[GroundState, GroundState]
    bindings_kev: tuple[FloatArray, FloatArray]
    by_exchange: bool


def _recipe(
    fields: _Fields, independent: ResponseTable, exchange: CorrelationTable | None,
    highest_transfer_kev: float, accuracy: float, highest_multipole: int, least_half_width_kev: float,
    relative_half_width: float, step: float, momenta: int, highest_momentum_kev: float,
    thresholds: Thresholds, passes: int,
) -> LocalRecipe:  # fmt: skip
    return LocalRecipe(
        model="rpa",
        interaction="tdlda",
        state=fields.states[0].recipe(),
        second_state=fields.states[1].recipe(),
        independent_state=fields.alone.recipe(),
        independent_sha256=independent.sha256,
        exchange_sha256="none" if exchange is None else exchange.sha256,
        highest_transfer_kev=highest_transfer_kev,
        accuracy=accuracy,
        highest_multipole=highest_multipole,
        least_half_width_kev=least_half_width_kev,
        relative_half_width=relative_half_width,
        step=step,
        momenta=momenta,
        highest_momentum_kev=highest_momentum_kev,
        version=metadata.version("nuatom"),
        constants=EDITION,
        thresholds=thresholds,
        passes=passes,
    )


def _groups(
    wanted: FloatArray, momentum: FloatArray, independent: ResponseTable
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Neighbouring transfers, and the momenta that they need."""
    for some in np.split(wanted, np.arange(PART, wanted.size, PART)):
        before = independent.on_momenta(some, np.maximum(momentum, some[:, None]))
        yield some, momentum[: int(last_momenta(before, momentum).max()) + 1]


def _filled(array: FloatArray, count: int) -> FloatArray:
    """Continue a row of momenta by its last value; other arrays stay."""
    if array.ndim == 0:
        return array
    return np.append(array, np.repeat(array[-1], count - array.size))


def bindings_kev(state: GroundState, thresholds: Thresholds) -> FloatArray:
    """Energies at which subshells open: the field's, or of inner ones what was measured.

    Inner are those deeper than `INNER_KEV` that were measured within `NEAR` of the field's. Where a threshold
    moves by more, what all electrons answer together loses its sum rule: xenon's 4d, measured 15% deeper
    than the local density has it, then absorbs 1.7 times what was measured at 160 eV, and 0.95 with its own.
    """
    own = thresholds_kev(state, "calculated")
    if thresholds == "calculated":
        return own
    measured = thresholds_kev(state, thresholds)
    inner = (own > INNER_KEV) & (np.abs(measured / own - 1.0) < NEAR)
    return np.where(inner, measured, own)


def _fields(number: int, thresholds: Thresholds) -> _Fields:
    nearest = preferred_mean_field(number)
    first: Method = "dirac-lda" if nearest == "dirac-lda" else "dirac-lb94"
    second: Method = "dirac-lb94" if first == "dirac-lda" else "dirac-lda"
    states = ground_state(number, first), ground_state(number, second)
    bindings = bindings_kev(states[0], thresholds), bindings_kev(states[1], thresholds)
    return _Fields(ground_state(number), states, bindings, nearest == "dirac-fock")


def _part(fields: _Fields, transfer_kev: FloatArray, momentum_kev: FloatArray, recipe: LocalRecipe) -> Arrays:
    """Low multipoles of some transfers, each at the momenta from Q = T on."""
    orders = range(recipe.highest_multipole + 1)
    widths = average_width_kev(transfer_kev, recipe.least_half_width_kev, recipe.relative_half_width)
    shape = (transfer_kev.size, momentum_kev.size)
    names = ("charge", "dipole", "spin", "alone", "second", "last")
    result = {name: np.full(shape, np.nan) for name in names}
    quadrature = np.zeros(transfer_kev.size)
    for t, (transfer, width) in enumerate(zip(transfer_kev, widths, strict=True)):
        momentum = np.maximum(momentum_kev, transfer)
        for number, state in enumerate(fields.states):
            if number and t % SECOND:
                continue
            bindings = fields.bindings_kev[number] / HARTREE_KEV
            answer = local_density_response(
                state, [transfer / HARTREE_KEV], momentum / MOMENTUM_KEV, orders,
                half_width=width / HARTREE_KEV, tail=TAIL, accuracy=None if t else QUADRATURE,
                bindings=bindings if recipe.thresholds == "measured" else None, points=POINTS,
            )  # fmt: skip
            charge = answer.correlated[:, 0] / HARTREE_KEV
            if number:
                result["second"][t] = charge.sum(axis=0)
                continue
            result["charge"][t], result["dipole"][t] = charge.sum(axis=0), charge[1]
            result["last"][t] = charge[-1] - answer.independent[-1, 0] / HARTREE_KEV
            result["spin"][t] = answer.spin.sum(axis=(0, 1)) / HARTREE_KEV
            quadrature[t] = np.nan_to_num(answer.quadrature_error)
        result["alone"][t] = _alone(fields.alone, float(transfer), momentum, recipe.highest_multipole)
    return {**result, "transfer_kev": transfer_kev, "quadrature": quadrature}


def _alone(state: GroundState, transfer_kev: float, momentum_kev: FloatArray, highest: int) -> FloatArray:
    """S of independent electrons per keV, summed over the lowest multipoles."""
    distinct, place = np.unique(momentum_kev, return_inverse=True)
    total = np.zeros(distinct.size)
    for orbital in state.orbitals:
        ejected = transfer_kev / HARTREE_KEV + orbital.energy
        if ejected > 0.0:
            found = subshell_response(
                BoundShell.of(state, orbital), waves_of(state, orbital, 1e-3), ejected,
                distinct / MOMENTUM_KEV, accuracy=3e-3, last_order=highest,
            )  # fmt: skip
            total += orbital.occupation / HARTREE_KEV * found.values[0]
    result: FloatArray = total[place]
    return result


@dataclass(frozen=True, eq=False)
class _Columns:
    """All transfers together: responses without correlation, what it changes, and how well that is known."""

    before: FloatArray
    changes: FloatArray
    size: FloatArray
    step: FloatArray
    kernel_error: FloatArray
    quadrature: float


def _columns(
    found: dict[float, Arrays], nodes: FloatArray, momentum: FloatArray, independent: ResponseTable,
    exchange: CorrelationTable | None, fields: _Fields,
) -> _Columns:  # fmt: skip
    arrays = {
        name: np.stack([found[float(transfer)][name] for transfer in nodes])
        for name in found[float(nodes[0])]
    }
    momenta = np.maximum(momentum, nodes[:, None])
    before = independent.on_momenta(nodes, momenta)
    end = last_momenta(before, momentum)
    # Beyond the last momenta of the atom, and where its table ends, changes are those at the last one.
    column = np.minimum(np.arange(momentum.size), end[:, None])
    before = np.take_along_axis(before, np.broadcast_to(column, before.shape), axis=-1)
    momenta = np.take_along_axis(momenta, column, axis=-1)
    low = {
        name: np.take_along_axis(arrays[name], column, axis=-1)
        for name in ("charge", "dipole", "spin", "alone")
    }
    charge, spin, share = growth(before[0], LowMultipoles(**low))
    kept = np.zeros(nodes.size) if exchange is None else exchange.kept(nodes)
    answered = np.zeros_like(before) if exchange is None else exchange.columns(nodes)
    if exchange is not None and exchange.momentum_kev.shape != momentum.shape:
        raise InputError("exchange", exchange.momentum_kev.size, f"a table at {momentum.size} momenta")
    by_exchange = answered[COMPONENTS.index("axial_11")]
    spin = np.exp((1.0 - kept[:, None]) * np.log(np.maximum(spin, 1e-12)) + by_exchange)
    after = joined(before, charge, spin, share, nodes, momenta)
    changes = bounded_change(before, after, nodes, momentum)
    taken = list(range(len(COMPONENTS))) if fields.by_exchange else SPIN_ROWS
    changes[taken] = (1.0 - kept[:, None]) * changes[taken] + answered[taken]
    grown = np.exp(changes[0])
    whole = integrals(before[0] * grown, momentum)
    return _Columns(
        before=before,
        changes=changes,
        size=whole / integrals(before[0], momentum) - 1.0,
        step=np.abs(integrals(np.take_along_axis(arrays["last"], column, axis=-1), momentum)) / whole,
        kernel_error=np.hypot(
            kernel_error(nodes, before[0], grown, low["alone"], arrays["second"], column, momentum),
            threshold_error(nodes, independent, fields.states[0], fields.bindings_kev[0]),
        ),
        quadrature=float(arrays["quadrature"].max()),
    )
