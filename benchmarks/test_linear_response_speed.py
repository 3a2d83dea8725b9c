"""Time of linear response after compilation; run with `pytest benchmarks`.

The aim for xenon is 100 energies, multipoles 0 to 6 and all momenta in five minutes on two cores;
one multipole of both parities is timed here, beside what dense solutions for every energy would take.
"""

from time import perf_counter

import numpy as np
import pytest

from nuatom.atoms.correlated.linear_response import basis_for, linear_response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.constants import HARTREE_KEV

ENERGIES = 100
TRANSFER = np.geomspace(0.014, 0.2, ENERGIES) / HARTREE_KEV
MOMENTUM = np.geomspace(0.01, 8.0, 40)
TARGET_SECONDS = 300.0 / 7.0


def dense_seconds(states):
    """One complex linear system of the same size."""
    generator = np.random.default_rng(1)
    matrix = generator.normal(size=(states, states)) + 1j * np.eye(states)
    right = generator.normal(size=(states, 40)) + 0j
    start = perf_counter()
    np.linalg.solve(matrix, right)
    return perf_counter() - start


@pytest.mark.parametrize(("number", "order", "states"), [(18, 1, 866), (54, 1, 2109), (54, 4, 2855)])
def test_one_multipole_at_a_hundred_energies(benchmark, number, order, states):
    state = ground_state(number)
    basis = basis_for(state, float(TRANSFER.max()))
    benchmark.extra_info.update(
        job=f"linear response of Z = {number}, L = {order}, both parities, 100 energies, all momenta",
        target=TARGET_SECONDS,
        least_ratio=1.0,
        baseline=2 * ENERGIES * dense_seconds(states),
        of="200 dense solutions, matrices not counted",
    )
    result = benchmark.pedantic(
        linear_response, (state, TRANSFER, MOMENTUM, (order,)), {"basis": basis}, warmup_rounds=0
    )
    assert result.residual < 1e-9
