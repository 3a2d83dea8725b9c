"""Compute the limits of all shipped experiments and of their combinations: the tables of docs/known.md.

    python tools/make_limits.py [--only NAME ...] [--models free,stepping,best]

The best model is correlated electrons where all tables ship, independent ones where these do, or stepping.

Writes docs/limits.csv, rows of other experiments and models kept. Beside each interval stands what counts as
expected of the Standard Model, nuisances as they fit the data, would give.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

import nuatom
from nuatom.errors import DataError, InputError
from nuatom.experiments import combine, groups
from nuatom.experiments.analysis import Analysis
from nuatom.experiments.fittable import Fittable
from nuatom.experiments.limits import one_parameter
from nuatom.inference import Interval, confidence_interval

TABLE = Path(__file__).resolve().parent.parent / "docs" / "limits.csv"
FIELDS = ("experiment", "model", "parameter", "lower", "upper", "best_fit", "pieces")
EXPECTED = ("expected_lower", "expected_upper")
KINDS = ("magnetic-moment", "charge", "charge-radius")
OWN = ("", ":e", ":mu", ":tau")
MASS = (":11", ":22", ":33", ":12", ":13", ":23")
TRANSITIONS = (":emu", ":etau", ":mutau")
PARAMETERS = (
    *(kind + element for kind in KINDS for element in OWN),
    *(f"magnetic-moment{element}" for element in MASS),
    *(f"charge-radius{element}" for element in TRANSITIONS),
)


def best_analysis(whole: Fittable) -> Analysis:
    """Each experiment with the best model of its electrons whose tables ship."""
    models: list[tuple[str, ...]] = []
    for experiment in whole.experiments:
        for model in ("rpa", "ipm", None):
            try:
                analysis = experiment.analysis(model)
                _ = analysis.channels
            except (DataError, InputError):
                continue
            models += analysis.models
            break
    return replace(whole.analysis(), models=tuple(models))


def interval_of(analysis: Analysis, name: str, expected: bool) -> Interval:
    """Interval of the data, or of what the Standard Model would give."""
    chosen = nuatom.parameter(name)
    model = one_parameter(analysis, chosen)
    statistic = analysis.statistic([chosen])
    # The data are given by name, so that all fits are those of compiled kernels.
    data = model.asimov(0.0) if expected else analysis.likelihood.data
    return confidence_interval(
        lambda values: statistic(np.asarray(values)[:, None], data), chosen.kind.scale, even=model.even
    )


def rows_of(name: str, wanted: str) -> Iterator[dict[str, str]]:
    """One row for each parameter that the data limit."""
    whole = combine(name) if name in groups() else nuatom.experiment(name)
    try:
        analysis = best_analysis(whole) if wanted == "best" else whole.analysis(wanted)
    except InputError:
        return  # nuclei alone: the best model is all there is
    for parameter in PARAMETERS:
        try:
            found = interval_of(analysis, parameter, False)
            usual = interval_of(analysis, parameter, True) if parameter in PARAMETERS[:12] else None
        except InputError as error:
            print(f"{name} {wanted} {parameter}: {error}", file=sys.stderr)
            continue
        expected = (None, None) if usual is None else (usual.lower, usual.upper)
        values = (found.lower, found.upper, found.best_fit, None, *expected)
        texts = ["" if value is None else f"{value:.4g}" for value in values]
        pieces = " or ".join(
            "..".join("" if end is None else f"{end:.4g}" for end in piece) for piece in found.segments
        )
        texts[3] = pieces
        yield dict(zip((*FIELDS, *EXPECTED), (name, wanted, parameter, *texts), strict=True))


def main() -> None:
    """Compute the rows that were asked for, and write all."""
    options = argparse.ArgumentParser(description=__doc__)
    every = [*nuatom.experiment_names(), *groups()]
    options.add_argument("--only", nargs="*", default=every)
    options.add_argument("--models", default="free,stepping,best")
    chosen = options.parse_args()
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    if TABLE.exists():
        with TABLE.open() as stream:
            rows = {
                (row["experiment"], row["model"], row["parameter"]): row for row in csv.DictReader(stream)
            }
    for wanted in chosen.models.split(","):
        for name in chosen.only:
            for row in rows_of(name, wanted):
                rows[row["experiment"], row["model"], row["parameter"]] = row
            write(rows.values(), every)
            print(name, wanted, file=sys.stderr, flush=True)


def write(rows: Iterable[dict[str, str]], every: Sequence[str]) -> None:
    """Write the table, in the order of experiments, models and parameters."""
    place = {name: index for index, name in enumerate(every)}
    order = {name: index for index, name in enumerate(PARAMETERS)}
    models = {"free": 0, "stepping": 1, "best": 2}
    ordered = sorted(rows, key=lambda r: (place[r["experiment"]], models[r["model"]], order[r["parameter"]]))
    with TABLE.open("w", newline="") as stream:
        table = csv.DictWriter(stream, (*FIELDS, *EXPECTED), lineterminator="\n")
        table.writeheader()
        table.writerows(ordered)


if __name__ == "__main__":
    main()
