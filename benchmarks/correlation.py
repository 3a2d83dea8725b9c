"""Numbers of the page "Correlation": photoabsorption, and integrals of the response over momentum.

    python benchmarks/correlation.py photoabsorption docs/correlation-photoabsorption.csv
    python benchmarks/correlation.py response docs/correlation-response.csv

Minutes on one core; the page reads the tables.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nuatom.atoms.asymptotic_field import asymptotic_state
from nuatom.atoms.correlated_photoabsorption import photoabsorption
from nuatom.atoms.ground_state import ground_state
from nuatom.atoms.independent_particles import independent_strengths
from nuatom.atoms.linear_response import linear_response
from nuatom.atoms.orbital import GroundState
from nuatom.constants import HARTREE_KEV
from nuatom.numerics.quadrature import panel_rule

CLOSED = {"He": 2, "Ne": 10, "Ar": 18, "Kr": 36, "Xe": 54}
OPEN = {"Ge": 32}
FIRST_EV = {"He": 25.0, "Ne": 22.0, "Ar": 16.2, "Ge": 20.0, "Kr": 14.8, "Xe": 14.0}
HALF_WIDTH_EV = 0.5
CORRELATED = (0, 1, 2, 3)
LARGEST_TRANSFER_EV = 150.0
INDEPENDENT = tuple(range(16))


def states(symbol: str) -> Iterator[tuple[str, GroundState]]:
    """The ground states that a symbol is treated in."""
    if symbol in CLOSED:
        yield "rpa", ground_state(CLOSED[symbol])
    yield "tdlda", asymptotic_state({**CLOSED, **OPEN}[symbol])


def photoabsorption_rows() -> Iterator[list[object]]:
    """Cross sections in Mb."""
    yield ["symbol", "method", "energy_ev", "correlated_mb", "velocity_mb", "independent_mb"]
    for symbol, first in FIRST_EV.items():
        energy = np.geomspace(first, 300.0, 32)
        for method, state in states(symbol):
            result = photoabsorption(state, 1e-3 * energy, half_width_kev=1e-3 * HALF_WIDTH_EV)
            columns = (energy, result.length_mb, result.velocity_mb, result.independent_mb)
            for row in zip(*columns, strict=True):
                yield [symbol, method, *(f"{value:.5g}" for value in row)]


def response_rows() -> Iterator[list[object]]:
    """∫Q dQ S (weak) and ∫dQ²/Q² S (magnetic) in atomic units, with and without correlation."""
    yield ["symbol", "method", "transfer_ev", "weak", "weak_change", "weak_step",
           "magnetic", "magnetic_change", "magnetic_step"]  # fmt: skip
    for symbol, first in FIRST_EV.items():
        method, state = next(states(symbol))
        transfer = np.geomspace(1.05 * first, LARGEST_TRANSFER_EV, 8) / (1e3 * HARTREE_KEV)
        largest = 3.0 * np.sqrt(2.0 * transfer.max())
        edges = np.geomspace(transfer.min() / state.speed_of_light, largest, 9)
        momentum, weight = panel_rule(edges, 5)
        weights = {"weak": weight * momentum, "magnetic": 2.0 * weight / momentum}
        half_width = HALF_WIDTH_EV / (1e3 * HARTREE_KEV)
        response = linear_response(state, transfer, momentum, CORRELATED, method, half_width=half_width)
        change, step = response.correction(), response.join_step()
        for t, energy in enumerate(transfer):
            alone = sum(
                independent_strengths(state, orbital, float(energy), momentum, INDEPENDENT)
                for orbital in state.orbitals
            )[0].sum(axis=0)
            allowed = momentum > energy / state.speed_of_light
            values = [
                float((w * allowed) @ column[t] if column.ndim == 2 else (w * allowed) @ column)
                for w in weights.values()
                for column in (alone, change, step)
            ]
            yield [symbol, method, f"{1e3 * HARTREE_KEV * energy:.5g}", *(f"{v:.5g}" for v in values)]


def main() -> None:
    """Write one table."""
    kind, target = sys.argv[1:]
    rows = {"photoabsorption": photoabsorption_rows, "response": response_rows}[kind]()
    with Path(target).open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for row in rows:
            writer.writerow(row)
            stream.flush()


if __name__ == "__main__":
    main()
