"""What the combination of all experiments is made of: a table of docs/known.md.

    python tools/make_world.py

Writes docs/world.csv: for each parameter the limit of all experiments of the group `world` together, and
without each of them, and how well they agree (parameter goodness of fit), in the stepping model. Each
experiment profiles its own nuisances, those of the Sun among them, so that tension is of the parameter
alone.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.stats import chi2

import nuatom
from nuatom.experiments import groups
from nuatom.numerics.quadrature import FloatArray

TABLE = Path(__file__).resolve().parent.parent / "docs" / "world.csv"
# How far to look: several times the limits of the best experiment, so that the others move too.
SIZE = {
    "magnetic-moment": 6e-11,
    "magnetic-moment:e": 8e-11,
    "charge": 2.4e-12,
    "charge-radius:e": 2e-30,
    "charge-radius:mu": 2.4e-30,
}
RISE = 2.705543
POINTS, FINE = 33, 2401


def ends_of(values: FloatArray, rise: FloatArray) -> tuple[float, float]:
    """Outermost crossings of a rise from its least value; what is cut off by the range ends there."""
    inside = np.flatnonzero(rise - rise.min() <= RISE)
    first, last = inside[0], inside[-1]

    def crossing(low: int, high: int) -> float:
        a, b = rise[low] - rise.min() - RISE, rise[high] - rise.min() - RISE
        return float(values[low] + (values[high] - values[low]) * a / (a - b))

    lower = crossing(first - 1, first) if first > 0 else float(values[first])
    upper = crossing(last, last + 1) if last + 1 < values.size else float(values[last])
    return lower, upper


def main() -> None:
    """Limits without one experiment, from the sum of profiles, and tension."""
    experiments = [nuatom.experiment(name) for name in groups()["world"]]
    analyses = {
        each.name: each.analysis("stepping" if "electron" in each.processes else None) for each in experiments
    }
    with TABLE.open("w", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["parameter", "without", "lower", "upper", "tension", "experiments", "p"])
        for name, size in SIZE.items():
            curves = {}
            for experiment, analysis in analyses.items():
                statistic = analysis.statistic([nuatom.parameter(name)])
                if not statistic.templates.seen(0):
                    continue
                # Of what is even the profile is smooth in the square.
                start, power = (0.0, 2) if statistic.templates.even(0) else (-size, 1)
                values, coarse = np.linspace(start, size, FINE), np.linspace(start, size, POINTS)
                profile = CubicSpline(coarse**power, statistic(coarse[:, None]))(values**power)
                curves[experiment] = profile - profile.min()
            total = np.sum(list(curves.values()), axis=0)
            tension = float(total.min())
            p = float(chi2.sf(tension, len(curves) - 1))
            for left in ("", *curves):
                lower, upper = ends_of(values, total - curves.get(left, 0.0))
                last = ("",) * 3 if left else (f"{tension:.3g}", str(len(curves)), f"{p:.3g}")
                rows.writerow([name, left, f"{lower:.4g}", f"{upper:.4g}", *last])
            stream.flush()
            print(name, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
