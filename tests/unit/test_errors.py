"""Errors reach the process that asked."""

import pickle

import pytest

from nuatom.errors import ConvergenceError, DataError, InputError


def test_input_error_names_the_argument_its_value_and_what_is_accepted():
    error = InputError("energy", -1.0, "an energy > 0")
    assert str(error) == "energy = -1.0: expected an energy > 0"


@pytest.mark.parametrize(
    "error", [InputError("energy", -1.0, "an energy > 0"), DataError("cut short"), ConvergenceError("no")]
)
def test_errors_cross_processes(error):
    # Executors send exceptions by pickle; one that cannot be rebuilt breaks the whole pool.
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
