"""What correlation does beyond the tables, for the page "Correlation".

    python benchmarks/correlation_to_10_kev.py docs/correlation-to-10-kev.csv [He Ne ...]

The relative changes of ∫Q dQ S and ∫dQ S/Q, from Q = T on, in time-dependent local-density response.
Thresholds are those of the local field; transfers are then moved onto those of Dirac-Fock theory, as the
tables' of open shells are. Some ten minutes on one core for all; the page reads the table.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nuatom.atoms.correlated.local_density_response import local_density_response
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.response import response, waves_of
from nuatom.atoms.independent.subshell import low_multipoles
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.structure.orbital import GroundState
from nuatom.atoms.structure.thresholds import thresholds_kev
from nuatom.atoms.tables.grid import average_width_kev, moved_kev
from nuatom.atoms.tables.store import find_correlation
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV
from nuatom.numerics.quadrature import FloatArray

ATOMS = {"He": 2, "Ne": 10, "Ar": 18, "Ge": 32, "Kr": 36, "Xe": 54}
LAST_KEV = 10.0
LEAST_WIDTH_KEV, RELATIVE_WIDTH = 5e-4, 0.01
MULTIPOLES = 14
"""Their steps change sign near the sixth, so that a small one is no reason to stop."""

TAIL = 1e-3

OVERLAP = (0.7, 0.9)
"""Nodes inside a table, over its last transfer."""

AROUND_EDGES = (0.96, 0.98, 0.995, 1.008, 1.022, 1.05, 1.12)
COMMON_NODES = 14
CLOSEST = 1.018
COLUMNS = ("symbol", "transfer_kev", "computed_at_kev", "weak", "magnetic", "weak_step", "magnetic_step")


def nodes_kev(edges_kev: FloatArray, last_kev: float) -> FloatArray:
    """Transfers from a table's end to 10 keV, dense around thresholds."""
    overlap = last_kev * np.array(OVERLAP)
    plain = np.geomspace(last_kev, LAST_KEV, COMMON_NODES)
    inner = edges_kev[(edges_kev > last_kev) & (edges_kev < LAST_KEV)]
    dense = (inner[:, None] * AROUND_EDGES).ravel()
    found: list[float] = list(overlap)
    for node in np.sort(np.concatenate([plain, dense[(dense > last_kev) & (dense < LAST_KEV)]])):
        if node > CLOSEST * found[-1]:
            found.append(float(node))
    return np.array(found)


def momenta(transfer: float) -> FloatArray:
    """Momenta that resolve small ones and the ridge, from T/c to where responses have died out, 1/bohr."""
    ridge = np.sqrt(2.0 * transfer)
    last = 2.2 * ridge + 15.0
    first = transfer * HARTREE_KEV / MOMENTUM_KEV
    return np.unique(np.concatenate([np.geomspace(first, last, 40), np.linspace(ridge / 30, last, 90)]))


def integrals(density: FloatArray, momentum: FloatArray) -> FloatArray:
    """∫Q dQ and ∫dQ/Q along the last axis."""
    return np.stack([np.trapezoid(density * momentum**power, momentum) for power in (1, -1)])


def sharp(state: GroundState, transfer: float, momentum: FloatArray) -> FloatArray:
    """Low multipoles of independent electrons without average, summed, per hartree."""
    total = np.zeros(momentum.size)
    for orbital in state.orbitals:
        if transfer + orbital.energy > 0.0:
            shell, waves = BoundShell.of(state, orbital), waves_of(state, orbital)
            parts = low_multipoles(shell, waves, transfer + orbital.energy, momentum, MULTIPOLES - 1)
            total += orbital.occupation * parts[:, 0].sum(axis=0)
    return total


def change(state: GroundState, transfer_kev: float) -> tuple[FloatArray, FloatArray]:
    """Relative change of both integrals, and the size of the last multipole's."""
    transfer = transfer_kev / HARTREE_KEV
    width = float(average_width_kev(np.array([transfer_kev]), LEAST_WIDTH_KEV, RELATIVE_WIDTH)[0])
    momentum = momenta(transfer)
    whole = response(state, [transfer_kev], momentum * MOMENTUM_KEV, accuracy=1e-3).component("vector_00")[0]
    whole *= HARTREE_KEV
    part = local_density_response(
        state, [transfer], momentum, range(MULTIPOLES), half_width=width / HARTREE_KEV, tail=TAIL
    )
    steps = integrals(part.correlated[:, 0] - part.independent[:, 0], momentum)
    # Near a threshold the average spreads independent electrons, too.
    spread = part.independent[:, 0].sum(axis=0) - sharp(state, transfer, momentum)
    averaged = integrals(whole + spread, momentum)
    return steps.sum(axis=1) / averaged, np.abs(steps[:, -1]) / averaged


def rows(symbol: str) -> Iterator[list[object]]:
    """One atom's transfers."""
    state = ground_state(ATOMS[symbol], "dirac-lb94")
    own = thresholds_kev(state, "calculated")
    edges = thresholds_kev(ground_state(ATOMS[symbol]), "calculated")
    last = float(moved_kev(np.array([find_correlation(symbol).highest_kev]), edges, own)[0])
    for node in nodes_kev(own, last):
        changes, steps = change(state, float(node))
        placed = float(moved_kev(np.array([node]), own, edges)[0])
        yield [symbol, *(f"{number:.5g}" for number in (placed, node, *changes, *steps))]


def main() -> None:
    """Write one table."""
    with Path(sys.argv[1]).open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for symbol in sys.argv[2:] or ATOMS:
            for row in rows(symbol):
                writer.writerow(row)
                stream.flush()


if __name__ == "__main__":
    main()
