"""Seconds for response functions; run with `pytest benchmarks`."""

import numpy as np
import pytest

from nuatom.atoms.ground_state import ground_state
from nuatom.atoms.response import response
from nuatom.numerics.bessel import spherical_bessel


@pytest.mark.parametrize("method", ["dirac-slater", "dirac-fock"])
def test_all_responses_of_xenon(benchmark, method):
    """Every subshell, 5 transfers from 0.1 to 30 keV, 100 momenta to 400 keV, to 1%."""
    state = ground_state(54, method)
    transfer, momentum = np.geomspace(0.1, 30.0, 5), np.geomspace(0.1, 400.0, 100)
    response(state, [1.0], [1.0, 2.0])
    result = benchmark.pedantic(response, (state, transfer, momentum), rounds=1)
    assert np.max(result.truncation_error) < 0.01


def test_bessel_table(benchmark):
    argument = np.geomspace(0.01, 100.0, 100) * np.linspace(1e-4, 10.0, 1000)[:, None]
    table = benchmark(spherical_bessel, 200, argument, 1e-12)
    assert table.shape == (201, 1000, 100)
