"""Time of linear response after compilation; run with `pytest benchmarks`.

The aim for xenon is 100 energies, multipoles 0 to 6 and all momenta in five minutes on two cores;
one multipole is timed here.
"""

import numpy as np
import pytest

from nuatom.atoms.ground_state import ground_state
from nuatom.atoms.linear_response import basis_for, linear_response
from nuatom.constants import HARTREE_KEV

TRANSFER = np.geomspace(0.014, 0.2, 100) / HARTREE_KEV
MOMENTUM = np.geomspace(0.01, 8.0, 40)


@pytest.mark.parametrize(("number", "order"), [(18, 1), (54, 1), (54, 4)])
def test_one_multipole_at_a_hundred_energies(benchmark, number, order):
    state = ground_state(number)
    basis = basis_for(state, float(TRANSFER.max()))
    result = benchmark.pedantic(
        linear_response, (state, TRANSFER, MOMENTUM, (order,)), {"basis": basis}, warmup_rounds=0
    )
    assert result.residual < 1e-9
