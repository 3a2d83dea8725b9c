"""Vary what the limits of data sets depend on, one ingredient at a time: the tables of docs/data-sets.md.

    python tools/vary_data_sets.py > docs/ingredients.csv

Each row is an experiment, what is different in it, and the 90% interval that follows, with the stepping model
where no other is named.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import nuatom
from nuatom.detectors import MatrixResponse
from nuatom.experiments import combine
from nuatom.experiments.experiment import Experiment
from nuatom.experiments.fittable import Fittable
from nuatom.fluxes import Flux

# 17 to 20 keV: counts and fit of the figures, which the files leave out.
BEYOND_17_KEV = {
    "lz-ws2022": ((25, 31, 22), (22.609, 22.7118, 22.9181)),
    "lz-ws2024": ((99, 107, 95), (94.07222715879098, 94.87610685976755, 94.85559431130446)),
}
BORE = "borexino-phase2."
COMPONENTS = ("c14", "pileup", "po210", "kr85", "bi210", "c11", "external", "solar")
MOMENT = "magnetic-moment"
Case = tuple[str, Fittable, str, dict[str, Any]]


def to_20_kev(experiment: Experiment) -> Experiment:
    """LZ with three more bins."""
    channel = experiment.channel
    counts, fit = BEYOND_17_KEV[experiment.name]
    sample = replace(channel.samples[0], counts=channel.samples[0].counts + fit)
    edges = tuple(np.arange(1.0, 21.0).tolist())
    response = replace(experiment.detector, bin_edges_kev=edges)
    return experiment.with_channel(
        response=response, counts=(*channel.counts, *map(float, counts)), samples=(sample,)
    )


def of_lz(name: str) -> Iterator[Case]:
    """Background, range, efficiency, construction, medium."""
    whole = nuatom.experiment(name)
    yield "as it is: background free, 1 to 17 keV", whole, MOMENT, {}
    for label, sigma in (("within 10%", 0.1), ("within 5%", 0.05), ("exact", 0.0)):
        yield f"background {label}", whole.constrained("background", sigma=sigma), MOMENT, {}
    yield "1 to 20 keV", to_20_kev(whole), MOMENT, {}
    of_true = whole.with_response(replace(whole.detector, efficiency_of="true"))
    yield "efficiency of the true energy", of_true, MOMENT, {}
    yield "one-sided upper limit", whole, MOMENT, {"sides": "upper"}
    exact = whole.constrained("background", sigma=0.0)
    yield "background exact and one-sided", exact, MOMENT, {"sides": "upper"}
    for model in ("free", "stepping"):
        yield "as it is", whole, "charge", {"model": model}
    yield "as it is", whole, "charge", {"model": "ipm"}
    yield "in vacuum", whole.in_medium("vacuum"), "charge", {"model": "ipm"}
    yield "in vacuum, background exact", exact.in_medium("vacuum"), "charge", {"model": "ipm"}


def of_borexino() -> Iterator[Case]:
    """Which components are known how well."""
    whole = nuatom.experiment("borexino-phase2")

    def known(sigmas: dict[str, float]) -> Experiment:
        changed = whole
        for component, sigma in sigmas.items():
            changed = changed.constrained(BORE + component, sigma=sigma)
        return changed

    free = {"model": "free"}
    exact = dict.fromkeys(COMPONENTS, 0.0)
    yield "as it is: carbon-14 within 5%, pile-up within 2%, all else free", whole, MOMENT, free
    yield "all components exact", known(exact), MOMENT, free
    yield "all exact but the solar curve", known(exact | {"solar": np.inf}), MOMENT, free
    yield "solar curve within 6%", known({"solar": 0.06}), MOMENT, free
    yield "solar curve exact", known({"solar": 0.0}), MOMENT, free
    yield "carbon-14 and pile-up exact", known({"c14": 0.0, "pileup": 0.0}), MOMENT, free
    yield "carbon-14 free", known({"c14": np.inf}), MOMENT, free
    yield "pile-up free", known({"pileup": np.inf}), MOMENT, free
    yield "carbon-14 and pile-up free", known({"c14": np.inf, "pileup": np.inf}), MOMENT, free
    yield "one-sided upper limit", whole, MOMENT, free | {"sides": "upper"}
    yield "all components exact and one-sided", known(exact), MOMENT, free | {"sides": "upper"}
    for parameter in ("charge-radius:e", "charge-radius:mu"):
        yield "as it is", whole, parameter, free
        yield "all components exact", known(exact), parameter, free
    held = known({"c14": 0.0, "pileup": 0.0})
    for element in ("12", "13", "23"):
        yield "carbon-14 and pile-up exact", held, f"{MOMENT}:{element}", free


def of_ionization() -> Iterator[Case]:
    """A cut-off of the matrix, as the collaboration's own results have it, and the background."""
    whole = nuatom.experiment("xenon1t-s2only")
    matrix = whole.channel.response
    if not isinstance(matrix, MatrixResponse):
        raise TypeError("a matrix")
    recoil = np.array(matrix.recoil_kev)
    for label, lowest in (
        ("all recoils, from 0.05 keV", 0.0),
        ("from 0.186 keV", 0.186),
        ("from 0.5 keV", 0.5),
    ):
        cut = replace(matrix, probability=np.where(recoil[:, None] < lowest, 0.0, matrix.probability))
        for parameter in (MOMENT, "charge"):
            yield label, whole.with_channel(response=cut), parameter, {}
    yield "no expected background", whole.with_channel(samples=whole.channel.samples[1:]), MOMENT, {}


def of_coherent_search() -> Iterator[Case]:
    """Backgrounds, whose uncertainty is not in the release."""
    whole = nuatom.experiment("xenonnt-cevns")
    for percent in (10, 30, 100):
        changed = whole
        for each in whole.nuisances:
            if each.name.startswith("xenonnt-cevns.") and each.sigma == 0.3:
                changed = changed.constrained(each.name, sigma=0.01 * percent)
        for parameter in ("charge-radius:e", "charge-radius:mu", MOMENT):
            yield f"backgrounds within {percent}%", changed, parameter, {}


def of_dresden() -> Iterator[Case]:
    """Quenching, electrons, other data, and the flux as an analysis code by others normalises it."""
    for name in ("dresden2", "dresden2-ybe"):
        whole = nuatom.experiment(name)
        own = f"{MOMENT}:e"
        yield "as it is", whole, own, {}
        total = sum(part.flux_per_cm2_s for part in whole.flux.components)
        fissions = sum(part.flux_per_cm2_s for part in whole.flux.components if part.name != "capture")
        parts = (
            replace(part, flux_per_cm2_s=part.flux_per_cm2_s * total / fissions)
            for part in whole.flux.components
        )
        more = replace(whole, flux=Flux(whole.flux.name, tuple(parts), whole.flux.citations))
        yield "4.8e13 of the fissions alone", more, own, {}
        yield "free electrons", whole, own, {"model": "free"}
        yield "one-sided upper limit", whole, own, {"sides": "upper"}
        yield "nuclei alone", replace(whole, processes=("nucleus",)), own, {}
        yield (
            "with coherent-csi-2021 and coherent-lar-2020",
            combine(whole, "coherent-csi-2021", "coherent-lar-2020"),
            own,
            {},
        )


def of_xenon() -> Iterator[Case]:
    """Construction and background of the other two searches."""
    for name in ("xenonnt-sr0", "xenon1t-sr1"):
        whole = nuatom.experiment(name)
        for model in ("free", "stepping", "ipm"):
            yield "as it is", whole, MOMENT, {"model": model}
        yield "one-sided upper limit", whole, MOMENT, {"sides": "upper"}
        exact = whole.constrained("background", sigma=0.0)
        yield "background exact", exact, MOMENT, {}
        yield "as it is", whole, "charge", {}
        yield "in vacuum", whole.in_medium("vacuum"), "charge", {"model": "ipm"}
        yield "as it is", whole, "charge", {"model": "ipm"}


def main() -> None:
    """Write a row for each case as soon as it is known."""
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(["experiment", "changed", "parameter", "model", "sides", "lower", "upper", "best_fit"])
    sets: dict[str, Any] = {
        "lz-ws2022": lambda: of_lz("lz-ws2022"),
        "lz-ws2024": lambda: of_lz("lz-ws2024"),
        "borexino-phase2": of_borexino,
        "xenon1t-s2only": of_ionization,
        "xenonnt-cevns": of_coherent_search,
        "dresden2": of_dresden,
        "xenonnt-sr0": of_xenon,
    }
    for name in sys.argv[1:] or sets:
        for label, experiment, parameter, options in sets[Path(name).name]():
            given = {"model": _stepping(experiment)} | options
            found = experiment.limit(parameter, **given).interval
            numbers = ["" if x is None else f"{x:.4g}" for x in (found.lower, found.upper, found.best_fit)]
            of = ",".join(each.name for each in experiment.experiments)
            rows.writerow([of, label, parameter, given["model"] or "helm", found.sides, *numbers])
            sys.stdout.flush()


def _stepping(experiment: Fittable) -> str | None:
    """The stepping model where electrons are seen."""
    return "stepping" if any("electron" in each.processes for each in experiment.experiments) else None


if __name__ == "__main__":
    main()
