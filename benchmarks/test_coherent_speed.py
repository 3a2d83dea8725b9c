"""Coherent scattering with electron recoils beside it: as fast as one process, once folded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nuatom
from nuatom.neutrinos import parameter

POINTS = 1000


@pytest.fixture(scope="session")
def csi() -> Any:
    experiment = nuatom.experiment("coherent-csi-2021")
    experiment.folded()
    return experiment


def test_spectra_once_folded(benchmark: Any, csi: Any) -> None:
    names = ("charge-radius:e", "charge-radius:mu")
    counts = csi.folded().quadratic(nuatom.Neutrino(), tuple(parameter(name) for name in names))
    values = np.linspace(-1e-31, 1e-31, 2 * POINTS).reshape(POINTS, 2)
    benchmark.extra_info.update(job="CsI spectra of 1,000 pairs of radii, once folded", target=0.010)
    benchmark(counts, values)


def test_profiled_likelihoods_once_folded(benchmark: Any, csi: Any) -> None:
    statistic = csi.statistic([parameter("magnetic-moment:e"), parameter("magnetic-moment:mu")])
    values = np.linspace(0.0, 4e-9, 2 * POINTS).reshape(POINTS, 2)
    benchmark.extra_info.update(
        job="CsI likelihoods of 1,000 pairs of moments, 150 bins, profiled", target=0.010
    )
    benchmark.pedantic(statistic, (values,), rounds=5, warmup_rounds=1)
