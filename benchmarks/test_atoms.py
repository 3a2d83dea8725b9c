"""Speed of the atomic engine after compilation; run with `pytest benchmarks/test_atoms.py -s`.

The grid of the response benchmark is 50 transfers from 0.1 to 30 keV by 100 momenta from the photon
line Q = T to 400 keV, both logarithmic, of xenon: every open subshell, all nine responses, multipoles
until 1% is reached. Another code took 480 s (933 s of CPU) for it with no more than six multipoles.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy.special import spherical_jn

from nuatom.atoms.continuum.field import continuum_field, continuum_grid
from nuatom.atoms.independent.response import response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.structure.orbital import GroundState
from nuatom.numerics.bessel import spherical_bessel

CORES = 2
TRANSFERS = np.geomspace(0.1, 30.0, 50)
MOMENTA, LAST_MOMENTUM = 100, 400.0
MEMORY_GB = 2.0


@pytest.fixture(scope="module")
def xenon() -> GroundState:
    return ground_state(54)


@pytest.mark.parametrize("method", ["dirac-fock", "dirac-slater"])
def test_xenon_ground_state(benchmark: Any, method: Any) -> None:
    benchmark.extra_info.update(job=f"ground state of xenon, {method}, 1e-10", target=2.0)
    state = benchmark.pedantic(ground_state, (54, method), rounds=3, warmup_rounds=1)
    assert state.residual <= 1e-10


@pytest.mark.parametrize("energy", [1.0, 100.0, 1000.0])
@pytest.mark.parametrize("kappas", [(-1,), (-9,)], ids=["exchange", "local"])
def test_xenon_continuum_orbital(
    benchmark: Any, xenon: GroundState, energy: float, kappas: tuple[int, ...]
) -> None:
    field = continuum_field(xenon, xenon.orbital(4, -3), continuum_grid(xenon, energy))
    benchmark.extra_info.update(
        job=f"xenon continuum orbital, kappa = {kappas[0]}, {energy:g} hartree", target=0.035
    )
    waves = benchmark(field.orbitals, energy, kappas)
    assert waves.large.any()


@dataclass(frozen=True)
class Cost:
    """What one energy transfer took."""

    cpu_seconds: float
    memory_gb: float
    truncation_error: float
    impulse_points: int


def momenta(transfer: float) -> np.ndarray:
    return np.geomspace(transfer, LAST_MOMENTUM, MOMENTA)


def cost(state: GroundState, transfer: float) -> Cost:
    start = time.process_time()
    result = response(state, [transfer], momenta(transfer))
    seconds = time.process_time() - start
    # Linux counts kB, macOS bytes.
    unit = 1e9 if sys.platform == "darwin" else 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    multipoles = result.impulse_share == 0.0
    error = float(result.truncation_error[multipoles].max(initial=0.0))
    return Cost(seconds, memory, error, int(np.any(~multipoles, axis=0).sum()))


def all_costs(pool: ProcessPoolExecutor, state: GroundState) -> list[Cost]:
    # The dearest first, so that no core waits for the other at the end.
    futures = [pool.submit(cost, state, transfer) for transfer in TRANSFERS[::-1]]
    return [future.result() for future in futures][::-1]


@pytest.mark.parametrize("method", ["dirac-fock"])
def test_xenon_grid(benchmark: Any, method: Any, capsys: pytest.CaptureFixture[str]) -> None:
    state = ground_state(54, method)
    benchmark.extra_info.update(job="xenon, 50 x 100 (T, Q), 9 responses, 17 subshells, 1%", target=120.0)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(CORES, mp_context=context) as pool:
        list(pool.map(cost, [state] * CORES, [0.1] * CORES))
        costs = benchmark.pedantic(all_costs, (pool, state), rounds=1)
    assert max(c.truncation_error for c in costs) < 0.01
    assert max(c.memory_gb for c in costs) * CORES < MEMORY_GB
    cpu = np.array([c.cpu_seconds for c in costs])
    with capsys.disabled():
        a_point = 1e3 * cpu / MOMENTA
        print(f"\n  xenon grid: {cpu.sum():.1f} s of CPU, {a_point.mean():.2f} ms a point;")
        print(f"  {max(c.memory_gb for c in costs):.2f} GB in each of {CORES} processes;")
        print(f"  {sum(c.impulse_points for c in costs)} of {cpu.size * MOMENTA} points by the impulse limit")
        for i in range(0, cpu.size, 7):
            print(f"    T = {TRANSFERS[i]:6.3g} keV: {a_point[i]:7.3f} ms of CPU a point")


def test_bessel_table(benchmark: Any) -> None:
    """All orders at once against SciPy's one order at a time, on a tenth of the arguments."""
    orders = 200
    argument = np.geomspace(0.01, 100.0, 100) * np.linspace(1e-4, 10.0, 1000)[:, None]
    start = time.perf_counter()
    plain = np.stack([spherical_jn(order, argument[::10]) for order in range(orders + 1)])
    baseline = 10.0 * (time.perf_counter() - start)
    benchmark.extra_info.update(
        job="spherical Bessel functions, 201 orders, 1e5 arguments",
        target=0.5,
        baseline=baseline,
        of="scipy.special.spherical_jn, order by order",
        least_ratio=20.0,
    )
    table = benchmark(spherical_bessel, orders, argument, 1e-12)
    np.testing.assert_allclose(table[:, ::10], plain, rtol=1e-9, atol=1e-11)
    assert baseline / benchmark.stats.stats.median >= 20.0
