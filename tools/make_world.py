"""What a combination's limits are made of: the tables of docs/known.md beside those of make_limits.py.

    python tools/make_world.py

Writes docs/world.csv: for each parameter and experiment of the group `world` the limit without it, and
how well the experiments agree (parameter goodness of fit); and docs/majorana.csv: moments of Majorana
neutrinos with the two others left to the fit, from a scan of all three. Each experiment profiles its own
nuisances, those of the Sun among them, so that tension is of the parameter alone.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from make_limits import best_analysis
from scipy.interpolate import PchipInterpolator
from scipy.stats import chi2

import nuatom
from nuatom.experiments import combine, groups
from nuatom.numerics.quadrature import FloatArray

FOLDER = Path(__file__).resolve().parent.parent / "docs"
PARAMETERS = [
    *("magnetic-moment" + element for element in ("", ":e", ":mu", ":tau")),
    *("charge" + element for element in ("", ":e", ":mu", ":tau")),
    *("charge-radius" + element for element in ("", ":e", ":mu", ":tau", ":emu", ":etau", ":mutau")),
]
LAMBDA = ("magnetic-moment:23", "magnetic-moment:13", "magnetic-moment:12")
RISE = 2.705543
POINTS = 241


def widest(parameter: str) -> float:
    """Size of the parameter up to which to look: beyond the limit of the second best experiment."""
    with (FOLDER / "limits.csv").open() as stream:
        rows = [row for row in csv.DictReader(stream) if row["parameter"] == parameter]
    ends = [
        max(abs(float(row[end])) for end in ("lower", "upper") if row[end])
        for row in rows
        if row["experiment"] in groups()["world"]
        and (row["lower"] or row["upper"])
        and row["model"] == "best"
    ]
    return 3.0 * sorted(ends)[min(2, len(ends) - 1)]


def ends_of(values: FloatArray, rise: FloatArray) -> tuple[float, float]:
    """Outermost crossings of a rise from its least value."""
    inside = np.flatnonzero(rise - rise.min() <= RISE)
    first, last = inside[0], inside[-1]

    def crossing(low: int, high: int) -> float:
        a, b = rise[low] - rise.min() - RISE, rise[high] - rise.min() - RISE
        return float(values[low] + (values[high] - values[low]) * a / (a - b))

    lower = crossing(first - 1, first) if first > 0 else float(values[first])
    upper = crossing(last, last + 1) if last + 1 < values.size else float("inf")
    return lower, upper


def without_each() -> None:
    """Limits without one experiment, from the sum of profiles, and tension."""
    names = groups()["world"]
    analyses = {name: best_analysis(nuatom.experiment(name)) for name in names}
    with (FOLDER / "world.csv").open("w", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["parameter", "without", "lower", "upper", "tension", "experiments", "p"])
        for name in PARAMETERS:
            parameter = nuatom.parameter(name)
            size = widest(name)
            curves = {}
            for experiment, analysis in analyses.items():
                statistic = analysis.statistic([parameter])
                if not statistic.templates.seen(0):
                    continue
                even = statistic.templates.even(0)
                values = np.linspace(0.0 if even else -size, size, POINTS)
                profile = statistic(values[:, None])
                curves[experiment] = profile - profile.min()
            total = np.sum(list(curves.values()), axis=0)
            tension, freedom = float(total.min()), len(curves) - 1
            for left in ("", *curves):
                lower, upper = ends_of(values, total - curves.get(left, 0.0))
                last = (
                    (f"{tension:.3g}", len(curves), f"{chi2.sf(tension, freedom):.3g}")
                    if not left
                    else ("",) * 3
                )
                rows.writerow([name, left, f"{lower:.4g}", f"{upper:.4g}", *last])
            stream.flush()
            print(name, file=sys.stderr, flush=True)


def majorana() -> None:
    """Limits on each of three moments, the other two wherever the data like them best."""
    with (FOLDER / "majorana.csv").open("w", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["experiments", "parameter", "alone", "profiled"])
        for group in ("borexino-phase2", "solar-electrons", "world"):
            analysis = best_analysis(combine(group) if group in groups() else nuatom.experiment(group))
            statistic = analysis.statistic([nuatom.parameter(name) for name in LAMBDA])
            reach = [2.0 * float(analysis_limit(group, name)) for name in LAMBDA]
            # Only squares count, so that points are even in them.
            axes = [size * np.sqrt(np.linspace(0.0, 1.0, 13)) for size in reach]
            grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
            rise = statistic(grid)
            for index, name in enumerate(LAMBDA):
                fine = reach[index] * np.sqrt(np.linspace(0.0, 1.0, POINTS))
                others = tuple(i for i in range(3) if i != index)
                profiled = PchipInterpolator(axes[index] ** 2, rise.min(axis=others))(fine**2)
                _, upper = ends_of(fine, profiled)
                rows.writerow([group, name, analysis_limit(group, name), f"{upper:.4g}"])
            stream.flush()
            print(group, file=sys.stderr, flush=True)


def analysis_limit(group: str, name: str) -> str:
    """Upper limit of one parameter alone, as make_limits.py found it."""
    with (FOLDER / "limits.csv").open() as stream:
        return next(
            row["upper"]
            for row in csv.DictReader(stream)
            if (row["experiment"], row["model"], row["parameter"]) == (group, "best", name)
        )


if __name__ == "__main__":
    without_each()
    majorana()
