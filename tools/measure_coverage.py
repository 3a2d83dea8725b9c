"""Measure by simulated experiments how often intervals of shipped experiments hold the truth.

    python tools/measure_coverage.py ends [EXPERIMENT ...]
    python tools/measure_coverage.py constructions [EXPERIMENT ...]

The first writes ``src/nuatom/data/coverage.csv``, which `nuatom limit` reads: coverage of the constant
threshold at the ends that the data give, for every parameter, with the p-value of the best fit where bins are
nearly empty. The second writes ``docs/coverage.csv``: coverage of each construction at five truths, with
nuisances as they fit the data, and with all of them one standard deviation above and below. Rows of
experiments that are not named stay. Run it again when data, models or fluxes have changed: `nuatom limit`
believes a row only as long as it finds the same ends.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

import nuatom
from nuatom.errors import NuatomError
from nuatom.experiments import experiment_names
from nuatom.experiments.limits import covered, limit, one_parameter
from nuatom.experiments.measured import COLUMNS
from nuatom.inference import Simulation, Toys, coverage, goodness_by_toys, reach_of

ROOT = Path(__file__).resolve().parent.parent
ENDS = ROOT / "src/nuatom/data/coverage.csv"
CONSTRUCTIONS = ROOT / "docs/coverage.csv"
KINDS, FLAVOURS = ("magnetic-moment", "charge", "charge-radius"), ("", ":e", ":mu", ":tau")
SEED = 20220722
# Simulated experiments at an end: with so many, fewer where there are many bins.
MANY, FEW, MANY_BINS = 2000, 500, 200
CASES = {
    "xenonnt-sr0": ("magnetic-moment", "charge:e"),
    "xenon1t-sr1": ("magnetic-moment", "charge"),
    "coherent-csi-2021": ("charge-radius:mu",),
}
METHODS = ("profile", "feldman-cousins", "cls", "power-constrained")


def ends(name: str) -> Iterator[dict[str, object]]:
    """Coverage at the ends of every parameter that the data of an experiment limit."""
    analysis = nuatom.experiment(name).analysis()
    for parameter in (kind + flavour for kind in KINDS for flavour in FLAVOURS):
        try:
            found = limit(analysis, parameter)
        except NuatomError as error:
            print(f"{name} {parameter}: {error}", flush=True)
            continue
        interval, model = found.interval, one_parameter(analysis, nuatom.parameter(parameter))
        places = [end for piece in interval.segments for end in piece if end is not None]
        if not places:
            continue
        toys = Toys(model, SEED, reach_of(interval))
        number = MANY if model.likelihood.bins <= MANY_BINS else FEW
        p_value = f"{goodness_by_toys(toys, number)[0]:.3f}" if found.few_counts else ""
        for entry in coverage(toys, "profile", places, experiments=number):
            yield dict(
                zip(
                    COLUMNS,
                    (
                        name,
                        parameter,
                        analysis.model,
                        f"{interval.minimum:.6g}",
                        f"{entry.at:.6g}",
                        f"{entry.coverage:.4f}",
                        f"{entry.error:.4f}",
                        entry.experiments,
                        p_value,
                    ),
                    strict=True,
                )
            )
            print(name, parameter, entry, flush=True)


def constructions(name: str, experiments: int = 10_000) -> Iterator[dict[str, object]]:
    """Coverage of each construction at five truths, nuisances at their fit and displaced."""
    analysis = nuatom.experiment(name).analysis()
    for parameter in CASES[name]:
        found = limit(analysis, parameter).interval
        even = one_parameter(analysis, nuatom.parameter(parameter)).even
        upper, lower = found.upper or 0.0, 0.0 if even else found.segments[-1][0] or 0.0
        truths = [0.0, *(part * upper for part in (0.5, 1.0)), *(0.5 * lower, lower)]
        if even:
            truths[3:] = [1.5 * upper, 2.0 * upper]
        for displaced in (0.0, 1.0, -1.0):
            rows: dict[float, dict[str, object]] = {}
            for method in METHODS:
                for entry in covered(
                    analysis,
                    parameter,
                    sorted(truths),
                    method=method,
                    experiments=experiments,
                    displaced=displaced,
                    simulation=Simulation(seed=SEED),
                ):
                    row = rows.setdefault(
                        entry.at,
                        {
                            "experiment": name,
                            "parameter": parameter,
                            "truth": f"{entry.at:.3g}",
                            "nuisances": f"{displaced:+g}σ",
                        },
                    )
                    row[method] = f"{100 * entry.coverage:.1f} ± {100 * entry.error:.1f}"
                    row["failed"] = entry.failed
            for row in rows.values():
                print(row, flush=True)
                yield row


def main() -> None:
    """Write rows of the experiments that are named, of all by default."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", choices=("ends", "constructions"))
    options.add_argument("experiments", nargs="*")
    chosen = options.parse_args()
    path, measure = (ENDS, ends) if chosen.what == "ends" else (CONSTRUCTIONS, constructions)
    known = experiment_names() if chosen.what == "ends" else tuple(CASES)
    for name in chosen.experiments or known:
        fresh = list(measure(name))
        kept = list(csv.DictReader(path.read_text().splitlines())) if path.exists() else []
        rows = [row for row in kept if row["experiment"] != name] + fresh
        rows.sort(key=lambda row: known.index(str(row["experiment"])))
        with path.open("w", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            table.writeheader()
            table.writerows(rows)


if __name__ == "__main__":
    main()
