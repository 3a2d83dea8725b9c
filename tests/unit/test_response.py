"""The public response function: shapes, thresholds, units and guards."""

import numpy as np
import pytest

from nuatom.atoms.independent.response import response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.constants import HARTREE_KEV
from nuatom.errors import InputError


@pytest.fixture(scope="module")
def neon():
    return ground_state(10, "dirac-slater")


def test_closed_subshells_are_exactly_zero(neon):
    result = response(neon, [0.03, 0.5, 2.0], [3.0, 30.0])
    assert result.labels == ("1s1/2", "2s1/2", "2p1/2", "2p3/2")
    assert result.values_per_kev.shape == (4, 9, 3, 2)
    for shell, edge in enumerate(result.edges_kev):
        for t, transfer in enumerate(result.transfer_kev):
            open_shell = np.any(result.values_per_kev[shell, :, t] != 0.0)
            assert open_shell == (transfer > edge)
    np.testing.assert_allclose(result.component("vector_00"), result.total_per_kev[0])
    assert result.edges_kev[0] == pytest.approx(-HARTREE_KEV * neon.orbitals[0].energy, abs=0.0)


def test_spin_orbit_partners_share_their_electrons(neon):
    """Far above threshold 2p1/2 and 2p3/2 respond as 2 : 4."""
    result = response(neon, [1.0], np.geomspace(5.0, 60.0, 8), subshells=["2p1/2", "2p3/2"])
    ratio = result.values_per_kev[1, 0, 0] / result.values_per_kev[0, 0, 0]
    np.testing.assert_allclose(ratio, 2.0, rtol=0.02)


def test_ridge_of_all_electrons(neon):
    """∫Q dQ S/m_e counts the electrons that are open: all ten at 20 keV."""
    momentum = np.linspace(20.0, 330.0, 160)
    result = response(neon, [20.0], momentum)
    count = np.trapezoid(momentum * result.component("vector_00")[0], momentum) / 510.999
    assert count == pytest.approx(10.0 * (1.0 + 20.0 / 2 / 511.0), rel=0.02, abs=0.0)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (([-1.0], [3.0]), "transfer_kev"),
        (([[1.0]], [3.0]), "transfer_kev"),
        (([1.0], [3.0, 2.0]), "momentum_kev"),
        (([1.0], [0.0, 2.0]), "momentum_kev"),
        (([np.nan], [2.0]), "transfer_kev"),
    ],
)
def test_refuses_impossible_grids(neon, arguments, name):
    with pytest.raises(InputError) as caught:
        response(neon, *arguments)
    assert caught.value.argument == name


def test_refuses_unknown_names(neon):
    with pytest.raises(InputError):
        response(neon, [1.0], [2.0], subshells=["5g9/2"])
    with pytest.raises(InputError):
        response(neon, [1.0], [2.0], subshells=["2s1/2"]).component("tensor")
