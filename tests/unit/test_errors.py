"""Errors reach the process that asked."""

import math
import pickle
from pathlib import Path

import numpy as np
import pytest

from nuatom.errors import ConvergenceError, DataError, InputError, did_you_mean


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


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("x" * 81, f"'{'x' * 38}…{'x' * 38}' (81 characters)"),
        ([1.0] * 9, "[1.0, 1.0, 1.0, 1.0, …] (9 items)"),
        ((1,), "(1,)"),
        (["y" * 500], "1 items"),
        (np.float64(-1.0), "-1.0"),
        (np.array([1.0, math.nan]), "[1.0, nan]"),
        (np.ones((100, 100)), "an array of shape (100, 100)"),
        pytest.param(10**100_000, "a whole number of 100001 digits", id="huge"),
        (-7, "-7"),
        (True, "True"),
        (b"\0" * 300, "(300 characters)"),
        (Path("/home") / "folder" / "mine.toml", "'/home/folder/mine.toml'"),
    ],
)
def test_values_are_shown_short(value, said):
    message = str(InputError("x", value, "something else"))
    assert said in message
    assert len(message) < 200


def test_the_name_of_a_file_is_never_lost():
    name = "an-experiment-with-a-long-name-" * 6 + ".toml"
    for path in (name, f"/{'folder/' * 60}{name}", "C:\\data\\" + name):
        assert name in str(InputError("experiment", path, "a file"))
    assert "mine.toml" in str(InputError("experiment", "/" + "folder/" * 60 + "mine.toml", "a file"))
    # What only looks like a path is cut all the same.
    assert len(str(InputError("experiment", "a/" + "b" * 5000, "a file"))) < 200


@pytest.mark.parametrize(
    ("value", "accepted", "meant"),
    [
        ("xenonnt", "xenonnt-sr0, xenon1t-sr1, or the path of a .toml file", "xenonnt-sr0"),
        ("imp", "free, stepping, ipm or rpa", "ipm"),
        ("Magnetic_Moment", "magnetic-moment, charge, charge-radius", "magnetic-moment"),
        ("tree ", "tree or radiative", "tree"),
    ],
)
def test_names_that_were_nearly_written_are_suggested(value, accepted, meant):
    assert str(InputError("x", value, accepted)).endswith(f"(did you mean {meant}?)")


@pytest.mark.parametrize("value", ["zzz", "", "a", 3.0, None, ["ipm"], "ipm" * 40])
def test_nothing_is_suggested_where_nothing_is_near(value):
    assert did_you_mean(value, ("free", "stepping", "ipm", "rpa", "a number")) is None
