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

from nuatom.atoms.photons.cross_section import photoabsorption
from nuatom.atoms.structure.ground_state import Method

ATOMS = ("He", "Ne", "Ar", "Ge", "Kr", "Xe")
OPEN = ("Ge",)
FIRST_EV = {"He": 25.0, "Ne": 22.0, "Ar": 16.2, "Ge": 20.0, "Kr": 14.8, "Xe": 14.0}
LAST_EV = 600.0
POINTS = 60
HALF_WIDTH_EV = 0.5


def fields(symbol: str) -> tuple[Method, ...]:
    """The mean fields that an atom is treated in."""
    return ("dirac-lda", "dirac-lb94") if symbol in OPEN else ("dirac-fock", "dirac-lda", "dirac-lb94")


def photoabsorption_rows() -> Iterator[list[object]]:
    """Cross sections in Mb."""
    yield ["symbol", "field", "energy_ev", "correlated_mb", "velocity_mb", "independent_mb"]
    for symbol in ATOMS:
        energy = np.geomspace(FIRST_EV[symbol], LAST_EV, POINTS)
        for field in fields(symbol):
            result = photoabsorption(symbol, 1e-3 * energy, method=field, half_width_kev=1e-3 * HALF_WIDTH_EV)
            columns = (energy, result.length_mb, result.velocity_mb, result.independent_mb)
            for row in zip(*columns, strict=True):
                yield [symbol, field, *(f"{value:.5g}" for value in row)]


def main() -> None:
    """Write one table."""
    with Path(sys.argv[1]).open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for row in photoabsorption_rows():
            writer.writerow(row)
            stream.flush()


if __name__ == "__main__":
    main()
