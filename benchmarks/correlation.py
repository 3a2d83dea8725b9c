"""Photoabsorption with and without correlation, for the page "Correlation".

    python benchmarks/correlation.py docs/correlation-photoabsorption.csv

Minutes on one core; the page reads the table.
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
from nuatom.atoms.orbital import GroundState

CLOSED = {"He": 2, "Ne": 10, "Ar": 18, "Kr": 36, "Xe": 54}
OPEN = {"Ge": 32}
FIRST_EV = {"He": 25.0, "Ne": 22.0, "Ar": 16.2, "Ge": 20.0, "Kr": 14.8, "Xe": 14.0}
HALF_WIDTH_EV = 0.5


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


def main() -> None:
    """Write one table."""
    with Path(sys.argv[1]).open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for row in photoabsorption_rows():
            writer.writerow(row)
            stream.flush()


if __name__ == "__main__":
    main()
