"""Simulated experiments and scans, CPU time of one thread, beside a plain loop with SciPy in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

import nuatom
from nuatom.experiments.limits import limit, one_parameter
from nuatom.inference import OneParameter, Toys

TOYS, PLAIN = 20_000, 20


def cpu(job: Callable[[], object]) -> float:
    start = time.process_time()
    job()
    return time.process_time() - start


@pytest.fixture(scope="session")
def moment() -> OneParameter:
    analysis = nuatom.experiment("xenonnt-sr0", bins="1:30:29").analysis("free")
    return one_parameter(analysis, nuatom.parameter("magnetic-moment"))


def plain_fit(model: OneParameter, counts: Any, centres: Any, value: float | None) -> float:
    """−2 ln λ at its minimum over nuisances, and over the parameter without a value, by L-BFGS-B."""
    constraints = model.likelihood.constraints
    precision = np.array([0.0 if c.kind == "free" else c.sigma**-2 for c in constraints])

    def statistic(x: Any) -> tuple[float, Any]:
        square = (value / model.scale) ** 2 if value is not None else x[-1]
        nuisance = x[: centres.size]
        rows = model.templates[0] + square * model.templates[2]
        mean = np.maximum(model.fixed[0] + square * model.fixed[2] + nuisance @ rows, 1e-9)
        slope = 2.0 * (1.0 - counts / mean)
        pull = (nuisance - centres) * precision
        logarithm = np.where(counts > 0.0, counts * np.log(np.maximum(counts, 1.0) / mean), 0.0)
        gradient = rows @ slope + 2.0 * pull
        if value is None:
            gradient = np.append(gradient, slope @ (model.fixed[2] + nuisance @ model.templates[2]))
        return 2.0 * np.sum(mean - counts + logarithm) + pull @ (nuisance - centres), gradient

    start = np.append(centres, [] if value is not None else [0.1])
    bounds = [(0.0, None)] * start.size
    return float(minimize(statistic, start, jac=True, bounds=bounds, method="L-BFGS-B").fun)


def test_a_toy_with_its_two_fits(benchmark: Any, moment: OneParameter) -> None:
    truth = 6e-12
    toys = Toys(moment, 1, 1.5e-11)
    data = toys.data(truth, 0)

    def plain() -> None:
        for counts, centres in zip(data.counts[:PLAIN], data.centres[:PLAIN], strict=True):
            plain_fit(moment, counts, centres, truth)
            plain_fit(moment, counts, centres, None)

    baseline = cpu(plain) / PLAIN
    taken = cpu(lambda: toys.at(truth, TOYS)) / TOYS
    assert toys.failed == 0
    benchmark.extra_info.update(
        job="1,000 toys of XENONnT in 29 bins, 8 fluxes: both fits",
        target=0.05,
        baseline=1000.0 * baseline,
        of="L-BFGS-B",
        least_ratio=20.0,
    )
    print(f"\n{1e6 * taken:.0f} µs of CPU a toy, {1e3 * baseline:.2f} ms by L-BFGS-B: {baseline / taken:.0f}")
    assert baseline / taken > 20.0
    benchmark.pedantic(lambda: Toys(moment, 2, 1.5e-11).at(truth, 1000), rounds=1)


@pytest.mark.parametrize(
    ("name", "bins", "parameter", "target"),
    [
        ("xenonnt-sr0", "1:30:29", "magnetic-moment", 0.010),
        ("xenonnt-sr0", None, "magnetic-moment", 0.030),
        ("coherent-csi-2021", None, "charge-radius:mu", 0.010),
    ],
)
def test_scans(benchmark: Any, name: str, bins: str | None, parameter: str, target: float) -> None:
    chosen = nuatom.experiment(name, bins=bins)
    analysis = chosen.analysis()
    upper = limit(analysis, parameter).upper
    statistic = analysis.statistic([nuatom.parameter(parameter)])
    values = np.linspace(-2.0 * upper, 2.0 * upper, 1000)[:, None]
    statistic(values)
    taken = min(cpu(lambda: statistic(values)) for _ in range(10))
    print(f"\n1,000 points of {name}, {analysis.likelihood.bins} bins: {1e3 * taken:.1f} ms of CPU")
    benchmark.extra_info.update(
        job=f"Scan of {name}, {analysis.likelihood.bins} bins, 1,000 points", target=target
    )
    benchmark.pedantic(statistic, (values,), rounds=3)


def test_ten_experiments(benchmark: Any) -> None:
    one = nuatom.experiment("xenonnt-sr0")
    many = nuatom.combine(one, *(replace(one, name=f"copy-{i}") for i in range(9)))
    many.limit("magnetic-moment")
    taken = min(cpu(lambda: many.limit("magnetic-moment")) for _ in range(2))
    print(f"\nlimit of ten experiments, warm: {taken:.2f} s of CPU")
    benchmark.extra_info.update(job="Limit of ten XENONnT that share fluxes, warm", target=1.0)
    benchmark.pedantic(many.limit, ("magnetic-moment",), rounds=1)
