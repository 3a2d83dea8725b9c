"""Measure the coverage of 90% intervals of shipped experiments: the table of docs/statistics.md.

    python tools/measure_coverage.py [--toys 10000] [--displaced 1] > docs/coverage.csv

Truths are zero, half of each end of the interval that the constant threshold gives, and the ends themselves:
five of a parameter with a sign. Experiments that test are seeded apart from those of a construction.
"""

from __future__ import annotations

import argparse
import csv
import sys

import nuatom
from nuatom.experiments.limits import covered, limit, one_parameter
from nuatom.inference import Simulation

CASES = {
    "xenonnt-sr0": ("magnetic-moment", "charge:e", "charge-radius:mu"),
    "xenon1t-sr1": ("magnetic-moment", "charge"),
    "coherent-csi-2021": ("charge-radius:mu", "charge-radius:e", "magnetic-moment:mu"),
}
METHODS = ("profile", "feldman-cousins", "cls")


def main() -> None:
    """Write one row for each experiment, parameter, truth and construction."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--toys", type=int, default=10_000)
    options.add_argument("--displaced", type=float, default=0.0)
    options.add_argument("--seed", type=int, default=20220722)
    options.add_argument("experiments", nargs="*", default=list(CASES))
    chosen = options.parse_args()
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(["experiment", "parameter", "at", "interval", "coverage", "error", "experiments", "failed"])
    for name in chosen.experiments:
        analysis = nuatom.experiment(name).analysis()
        for parameter in CASES[name]:
            found = limit(analysis, parameter).interval
            even = one_parameter(analysis, nuatom.parameter(parameter)).even
            upper, lower = found.upper or 0.0, 0.0 if even else found.lower or 0.0
            truths = sorted({0.0, 0.5 * upper, upper, 0.5 * lower, lower, *((1.5 * upper,) if even else ())})
            for method in METHODS:
                for entry in covered(
                    analysis,
                    parameter,
                    truths,
                    method=method,
                    experiments=chosen.toys,
                    displaced=chosen.displaced,
                    simulation=Simulation(seed=chosen.seed),
                ):
                    numbers = (f"{entry.at:.4g}", method, f"{entry.coverage:.4f}", f"{entry.error:.4f}")
                    rows.writerow([name, parameter, *numbers, entry.experiments, entry.failed])
                sys.stdout.flush()


if __name__ == "__main__":
    main()
