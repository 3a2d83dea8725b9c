import numpy as np
import pytest

from nuatom.atoms.correlated.linear_response import linear_response
from nuatom.atoms.correlated.partial_strengths import subshell_strengths
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.constants import HARTREE_KEV
from nuatom.errors import InputError

MOMENTUM = np.array([0.05, 1.0])


def hartree(energy_ev):
    return np.asarray(energy_ev) / (1e3 * HARTREE_KEV)


@pytest.fixture(scope="module")
def neon():
    return ground_state(10)


@pytest.fixture(scope="module")
def resolved(neon):
    return subshell_strengths(neon, hartree([30.0, 70.0]), MOMENTUM, 1)


def test_what_is_absorbed_leaves(resolved):
    # The current is that of splines good to 1e-5 of a wave, averaged over two panels.
    assert np.abs(resolved.unitarity).max() < 1e-3


def test_so_it_does_in_a_local_field_and_another_multipole():
    local = subshell_strengths(ground_state(18, "dirac-lb94"), hartree([40.0]), MOMENTUM, 2, "tdlda")
    assert np.abs(local.unitarity).max() < 1e-3


def test_total_is_that_of_linear_response(neon, resolved):
    response = linear_response(neon, hartree([30.0, 70.0]), MOMENTUM, (1,), parities=("natural",))
    assert np.allclose(resolved.total, response.correlated[0, 0], rtol=1e-6, atol=0.0)


def test_closed_subshells_emit_nothing(resolved):
    row = resolved.labels.index("2s1/2")
    share = resolved.values[row] / resolved.total
    assert np.abs(share[0]).max() < 1e-3  # 30 eV is below its threshold
    assert np.all(share[1] > 0.01)
    assert np.all(resolved.values[resolved.labels.index("1s1/2")] == pytest.approx(0.0, abs=1e-8))


def test_fine_structure_shares_by_weight(resolved):
    lower, upper = (resolved.values[resolved.labels.index(name)] for name in ("2p1/2", "2p3/2"))
    # Measured 2.18 from threshold to 304 Å, statistical 2 (Samson, Gardner & Starace, Phys. Rev.
    # A 12 (1975) 1459).
    assert np.all(upper / lower > 1.9)
    assert np.all(upper / lower < 2.2)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [(([0.0], [1.0], 1), "transfer"), (([1.0], [0.0], 1), "momentum"), (([1.0], [1.0], -1), "order")],
)
def test_bad_arguments_are_named(neon, arguments, name):
    with pytest.raises(InputError) as error:
        subshell_strengths(neon, *arguments)
    assert error.value.argument == name
