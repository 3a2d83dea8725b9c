"""What computed responses become on their way into a table of correlation."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nuatom.atoms.components import COMPONENTS, DIAGONAL, SIGNED
from nuatom.atoms.correlated.linear_response import AVERAGED_POWER
from nuatom.atoms.tables.correlation import changed
from nuatom.atoms.tables.correlation_build import _columns
from nuatom.atoms.tables.reduction import (
    bounded_change,
    conserved,
    integrals,
    last_momenta,
    remainder,
)
from nuatom.errors import ConvergenceError

TRANSFER = np.array([0.05, 0.2])
MOMENTUM = np.geomspace(0.5, 30.0, 25)


def responses(seed=1):
    """Positive components that fall beyond Q = 3 keV, and signed ones within their bounds."""
    random = np.random.default_rng(seed)
    shape = (9, TRANSFER.size, MOMENTUM.size)
    values = random.uniform(0.5, 2.0, shape) / (1.0 + (MOMENTUM / 3.0) ** 4)
    for row, (first, second, bound) in SIGNED.items():
        fraction = random.uniform(-0.9, 0.9, shape[1:])
        values[row] = fraction * bound * np.sqrt(values[first] * values[second])
    return values


def test_longitudinal_currents_are_those_of_the_charge():
    """q·J = T J₀ of every state: R_03 = (T/Q) R_00 and R_33 = (T/Q)² R_00, and nothing else is touched."""
    values = responses()
    found, _ = conserved(values, TRANSFER, MOMENTUM)
    ratio = TRANSFER[:, None] / MOMENTUM
    assert_allclose(found[COMPONENTS.index("vector_03")], ratio * values[0], rtol=1e-14, atol=0.0)
    assert_allclose(found[COMPONENTS.index("vector_33")], ratio**2 * values[0], rtol=1e-14, atol=0.0)
    np.testing.assert_array_equal(np.delete(found, [1, 2], axis=0), np.delete(values, [1, 2], axis=0))


def test_violation_is_what_the_computed_current_lacks():
    values, _ = conserved(responses(), TRANSFER, MOMENTUM)
    assert conserved(values, TRANSFER, MOMENTUM)[1] == pytest.approx(0.0, abs=1e-14)
    values[2, 1] *= 0.9
    assert conserved(values, TRANSFER, MOMENTUM)[1] == pytest.approx(0.1, rel=1e-12, abs=0.0)


def test_remainder_and_part_are_the_whole():
    part = 0.3 * responses()
    rest = responses(2)
    assert_allclose(remainder(part + rest, part), rest, rtol=1e-13, atol=1e-16)


def test_remainder_is_positive_and_within_its_bounds():
    whole, part = responses(), responses(2)
    rest = remainder(whole, part)
    assert np.all(rest[DIAGONAL] >= 0.0)
    assert np.all(rest[DIAGONAL][(whole < part)[DIAGONAL]] == 0.0)
    for row, (first, second, bound) in SIGNED.items():
        assert np.all(np.abs(rest[row]) <= bound * np.sqrt(rest[first] * rest[second]) * (1.0 + 1e-14))


def test_multipoles_without_correlation_change_nothing():
    """What is subtracted from all independent multipoles is what is computed again with correlation."""
    before = responses()
    ratio = TRANSFER[:, None] / MOMENTUM
    before[1], before[2] = ratio * before[0], ratio**2 * before[0]
    scalar = np.array(0.0)
    found = {
        transfer: {
            "before": before[:, t], "together": 0.4 * before[:, t], "alone": 0.4 * before[:, t],
            "step": np.zeros(2), "residual": scalar, "basis_error": scalar, "multipole": scalar,
        }
        for t, transfer in enumerate(TRANSFER.tolist())
    }  # fmt: skip
    columns = _columns(found, TRANSFER, MOMENTUM)
    assert_allclose(columns.changes, 0.0, atol=1e-12)
    assert_allclose(columns.size, 0.0, atol=1e-12)


def test_last_momentum_is_the_last_above_a_thousandth_of_the_largest():
    before = np.ones((9, 1, MOMENTUM.size)) / MOMENTUM**2
    before[:, :, 15:] *= 1e-2
    assert last_momenta(before, MOMENTUM).tolist() == [MOMENTUM.size - 1]
    before[4, :, 20:] *= 1e-2
    # Signed components, and what is small below the largest, do not count.
    before[[1, 5, 8], :, 10:] = 0.0
    before[6, :, 0] *= 1e-9
    assert last_momenta(before, MOMENTUM).tolist() == [19]


def test_change_takes_one_to_the_other_and_stays_beyond():
    before, after = responses(), responses(2)
    before[3, :, 20:] *= 1e-6
    change = bounded_change(before, after, TRANSFER, MOMENTUM)
    assert_allclose(changed(before, change)[:, :, :20], after[:, :, :20], rtol=1e-11, atol=1e-15)
    np.testing.assert_array_equal(change[:, :, 20:], np.repeat(change[:, :, 19:20], 5, axis=2))


@pytest.mark.parametrize(("row", "factor", "message"), [(3, -1.0, "vector_11"), (8, 3.0, "Schwarz")])
def test_what_no_response_can_be_is_refused(row, factor, message):
    before, after = responses(), responses(2)
    after[row] = factor * np.abs(after[row]) if row == 3 else 4.0 * 1.05 * np.sqrt(after[3] * after[7])
    with pytest.raises(ConvergenceError, match=message):
        bounded_change(before, after, TRANSFER, MOMENTUM)


def test_integrals_weigh_momenta_up_and_down():
    momentum = np.linspace(1.0, 4.0, 3001)
    # ∫Q dQ Q = 21, ∫dQ = 3; trapezoids of steps of 1e-3, with ends that count in full.
    assert_allclose(integrals(momentum[None], momentum)[:, 0], [21.0, 3.0], rtol=1.1e-3)


def test_powers_of_the_average_are_those_of_the_amplitudes():
    """A product of two amplitudes is averaged with the mean of the powers of their squares, and charge
    conservation makes R_33 (ω/Q)² R_00."""
    power = dict(zip(COMPONENTS, AVERAGED_POWER, strict=True))
    for row, (first, second, _) in SIGNED.items():
        assert 2 * AVERAGED_POWER[row] == AVERAGED_POWER[first] + AVERAGED_POWER[second]
    for current in ("vector", "axial"):
        assert power[f"{current}_00"] - power[f"{current}_33"] == 2
        # The velocity form of a transition: a current squared over its frequency.
        assert power[f"{current}_11"] == power[f"{current}_33"] == -1
