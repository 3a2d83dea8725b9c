"""Speed of the main job, beside the same work done plainly (plain.py), in the same run."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import nuatom
from nuatom.rates import fold

HERE = Path(__file__).parent
POINTS = 1000
NUATOM = "from nuatom.cli import main; main()"


def seconds(job: Callable[[], object], rounds: int) -> float:
    """Median duration."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def cold(*arguments: str) -> None:
    """Run Python from nothing."""
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603


def fast_enough(benchmark: Any) -> None:
    """Compare with the baseline of the same run: a busy machine slows both."""
    extra = benchmark.extra_info
    assert extra["baseline"] / benchmark.stats.stats.median >= extra["least_ratio"]


@pytest.fixture(scope="session")
def plain() -> ModuleType:
    specification = importlib.util.spec_from_file_location("plain", HERE / "plain.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def xenonnt() -> Any:
    return nuatom.experiment("xenonnt-sr0")


@pytest.fixture(scope="session")
def plain_spectrum_seconds(plain: ModuleType, xenonnt: Any) -> float:
    return seconds(lambda: plain.counts(1e-11, 1e-13, xenonnt), rounds=3)


@pytest.mark.parametrize(("moment", "charge"), [(0.0, 0.0), (1e-11, 0.0), (0.0, 3e-13)])
def test_same_counts(plain: ModuleType, xenonnt: Any, moment: float, charge: float) -> None:
    """The comparison is of the same work: counts in every bin agree to 1%."""
    neutrino = nuatom.Neutrino(magnetic_moment=moment, charge=charge)
    ours = xenonnt.folded().counts(neutrino).sum(axis=0)
    np.testing.assert_allclose(plain.counts(moment, charge, xenonnt), ours, rtol=0.01)


def test_scan_of_1000_points(xenonnt: Any, plain_spectrum_seconds: float, benchmark: Any) -> None:
    charge = nuatom.parameter("charge")
    polynomial = xenonnt.folded().quadratic(nuatom.Neutrino(), (charge,))
    values = np.linspace(-1e-12, 1e-12, POINTS)[:, None]
    benchmark.extra_info.update(
        job="spectra of 1,000 charges, once folded",
        target=0.010,
        least_ratio=2.5e5,
        baseline=POINTS * plain_spectrum_seconds,
        of="1,000 times one spectrum, computed anew",
    )
    benchmark(lambda: polynomial(values).sum(axis=1))
    fast_enough(benchmark)


def test_profiled_scan_of_1000_points(xenonnt: Any, plain_spectrum_seconds: float, benchmark: Any) -> None:
    statistic = xenonnt.statistic([nuatom.parameter("charge")])
    values = np.linspace(-1e-12, 1e-12, POINTS)[:, None]
    benchmark.extra_info.update(
        job="likelihoods of 1,000 charges, profiled",
        target=0.5,
        least_ratio=5e3,
        baseline=POINTS * plain_spectrum_seconds,
        of="1,000 times one spectrum, no fit",
    )
    benchmark.pedantic(statistic, (values,), rounds=5, warmup_rounds=1)
    fast_enough(benchmark)


def test_folding(xenonnt: Any, plain_spectrum_seconds: float, benchmark: Any) -> None:
    kernels = nuatom.ionization(xenonnt.target)
    sun = xenonnt.flux
    benchmark.extra_info.update(
        job="folding all solar components",
        target=0.5,
        least_ratio=5.0,
        baseline=plain_spectrum_seconds,
        of="one spectrum",
    )
    benchmark.pedantic(fold, (kernels, sun, xenonnt.detector), rounds=5, warmup_rounds=1)
    fast_enough(benchmark)


def test_limit_cold(benchmark: Any) -> None:
    benchmark.extra_info.update(
        job="nuatom limit xenonnt-sr0 magnetic-moment, cold",
        target=2.0,
        least_ratio=5.0,
        baseline=seconds(lambda: cold(str(HERE / "plain.py")), rounds=1),
        of="plain.py, cold",
    )
    benchmark.pedantic(cold, ("-c", NUATOM, "limit", "xenonnt-sr0", "magnetic-moment"), rounds=5)
    fast_enough(benchmark)


def test_help_cold(benchmark: Any) -> None:
    benchmark.extra_info.update(
        job="nuatom --help, cold",
        target=0.3,
        least_ratio=0.2,
        baseline=seconds(lambda: cold("-c", "import numpy"), rounds=5),
        of="import numpy, cold",
    )
    benchmark.pedantic(cold, ("-c", NUATOM, "--help"), rounds=5)
    fast_enough(benchmark)
