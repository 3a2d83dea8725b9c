import numpy as np
import pytest

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.correlated.by_multipole import independent_strengths
from nuatom.atoms.correlated.linear_response import linear_response
from nuatom.atoms.correlated.response import correlated_response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV

TRANSFER_KEV = np.array([0.06, 0.12])
MOMENTUM_KEV_GRID = np.array([0.5, 2.0, 5.0])


@pytest.fixture(scope="module")
def neon():
    return ground_state(10)


@pytest.fixture(scope="module")
def together(neon):
    return correlated_response(neon, TRANSFER_KEV, MOMENTUM_KEV_GRID, (0, 1, 2))


def component(result, name, values="values_per_kev"):
    return getattr(result, values)[COMPONENTS.index(name)]


def test_independent_part_is_the_sum_over_multipoles_and_subshells(neon, together):
    momenta = MOMENTUM_KEV_GRID[:2] / MOMENTUM_KEV
    for t, transfer in enumerate(TRANSFER_KEV / HARTREE_KEV):
        total = sum(
            independent_strengths(neon, orbital, float(transfer), momenta, range(12))
            for orbital in neon.orbitals
        ).sum(axis=1)
        for name in COMPONENTS:
            here = component(together, name, "independent_per_kev")[t, :2]
            expected = total[COMPONENTS.index(name)] / HARTREE_KEV
            assert np.allclose(here, expected, rtol=1e-3, atol=0.0)


def test_low_multipoles_are_those_of_linear_response(neon, together):
    transfers, momenta = TRANSFER_KEV / HARTREE_KEV, MOMENTUM_KEV_GRID / MOMENTUM_KEV
    change = linear_response(neon, transfers, momenta, (0, 1, 2))
    for name in COMPONENTS:
        difference = component(together, name) - component(together, name, "independent_per_kev")
        expected = change.correction(name) / HARTREE_KEV
        assert np.allclose(difference, expected, rtol=1e-8, atol=0.0)
        step = component(together, name, "join_step_per_kev")
        assert np.allclose(step, change.join_step(name) / HARTREE_KEV, rtol=1e-12, atol=0.0)
    assert together.interaction == "rpa"
    assert together.correlated.all()
    assert together.independent_channels == "none"
    assert np.all(together.join_error >= 0.0)


def test_current_is_conserved_better_than_without(together):
    ratio = together.momentum_kev / together.transfer_kev[:, None]

    def violation(values):
        charge = component(together, "vector_00", values)
        longitudinal = component(together, "vector_33", values) * ratio**2
        mixed = component(together, "vector_03", values) * ratio
        return np.maximum(np.abs(longitudinal / charge - 1.0), np.abs(mixed / charge - 1.0))

    # Up to the last correlated multipole; at large momenta the higher ones count.
    assert violation("values_per_kev")[:, 0].max() < 5e-3
    assert violation("independent_per_kev")[:, 0].min() > 0.03


def test_high_transfers_are_left_to_independent_electrons(neon):
    result = correlated_response(neon, [1.5], [1.0], (1,))
    assert not result.correlated.any()
    assert np.array_equal(result.values_per_kev, result.independent_per_kev)
