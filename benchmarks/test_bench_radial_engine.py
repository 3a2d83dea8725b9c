"""Time of the radial engine after compilation; run with `pytest benchmarks`.

The work that peers report: a self-consistent Dirac-Fock xenon atom to 1e-10 (target: two seconds),
and one continuum orbital with exchange (35 ms in the best of them).
"""

import pytest

from nuatom.atoms.continuum import continuum_field, continuum_grid
from nuatom.atoms.ground_state import ground_state


@pytest.fixture(scope="module")
def xenon():
    return ground_state(54)


@pytest.mark.parametrize("method", ["dirac-fock", "dirac-slater"])
def test_xenon_ground_state(benchmark, method):
    state = benchmark(ground_state, 54, method)
    assert state.residual <= 1e-10


@pytest.mark.parametrize("energy", [1.0, 100.0, 1000.0])
@pytest.mark.parametrize("kappas", [(-1,), (-9,)], ids=["exchange", "local"])
def test_xenon_continuum_orbital(benchmark, xenon, energy, kappas):
    field = continuum_field(xenon, xenon.orbital(4, -3), continuum_grid(xenon, energy))
    waves = benchmark(field.orbitals, energy, kappas)
    assert waves.large.any()
