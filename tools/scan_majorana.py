"""Moments of Majorana neutrinos, all three at once: a table of docs/known.md.

    python tools/scan_majorana.py

Writes docs/majorana.csv: limits of each of |Λ₁|, |Λ₂|, |Λ₃| alone, and with the two others left to the fit,
from a scan of −2 ln λ over all three, in the stepping model.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from scipy.interpolate import PchipInterpolator

import nuatom
from nuatom.experiments import combine
from nuatom.numerics.quadrature import FloatArray

TABLE = Path(__file__).resolve().parent.parent / "docs" / "majorana.csv"
LAMBDA = ("magnetic-moment:23", "magnetic-moment:13", "magnetic-moment:12")
# Twice the limits, and a little more.
REACH = {"borexino-phase2": (9e-11, 7e-11, 6e-11), "solar-electrons": (4e-11, 3e-11, 2.4e-11)}
RISE = 2.705543
POINTS, FINE = 9, 2401


def upper(square: FloatArray, rise: FloatArray, reach: float) -> float:
    """Where a profile that was found at some squares leaves its least value by the threshold."""
    fine = reach * np.sqrt(np.linspace(0.0, 1.0, FINE))
    profile = PchipInterpolator(square, rise)(fine**2)
    profile -= profile.min()
    last = int(np.flatnonzero(profile <= RISE)[-1])
    part = (RISE - profile[last]) / (profile[last + 1] - profile[last])
    return float(fine[last] + part * (fine[last + 1] - fine[last]))


def main() -> None:
    """Scan, and write a row for each moment of each group."""
    with TABLE.open("w", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["experiments", "parameter", "alone", "profiled"])
        for group, reach in REACH.items():
            statistic = (
                combine(*group.split(","))
                .analysis("stepping")
                .statistic([nuatom.parameter(name) for name in LAMBDA])
            )
            # Only squares count.
            axes = [size * np.sqrt(np.linspace(0.0, 1.0, POINTS)) for size in reach]
            rise = statistic(np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1))
            for index, name in enumerate(LAMBDA):
                others = tuple(i for i in range(3) if i != index)
                alone = np.moveaxis(rise, index, 0)[:, 0, 0]
                found = (
                    upper(axes[index] ** 2, each, reach[index]) for each in (alone, rise.min(axis=others))
                )
                rows.writerow([group, name, *(f"{limit:.4g}" for limit in found)])
            print(group, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
