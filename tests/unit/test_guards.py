"""One refusal, in the same words everywhere, of numbers that are not positive and finite."""

import math

import numpy as np
import pytest

from nuatom.errors import InputError
from nuatom.numerics.guards import numbers, positive, positive_row, whole


@pytest.mark.parametrize("value", [1e-300, 3, [1.0, 2.0], np.ones((2, 2)), []])
def test_positive_numbers_come_back_as_they_are(value):
    found = positive("x", value)
    assert found.dtype == float
    assert np.array_equal(found, np.asarray(value, dtype=float))


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_the_first_that_is_refused_is_named(bad):
    with pytest.raises(InputError, match=rf"^x = {bad}: expected a positive, finite number in keV$"):
        positive("x", bad, "keV")
    which = "number 2 of 3 is wrong, and 1 more"
    with pytest.raises(InputError, match=rf"^x = {bad}: expected positive, finite numbers in keV; {which}$"):
        positive("x", [1.0, bad, -5.0], "keV")


@pytest.mark.parametrize(
    "bad", ["one", "1", b"1", None, [1.0, "two"], True, [1.0, True], 1j, 10**400, np.ones(2, dtype=bool)]
)
def test_what_is_no_number_is_refused(bad):
    with pytest.raises(InputError, match="positive, finite number"):
        positive("x", bad)


@pytest.mark.parametrize("bad", [[], np.ones((2, 2))])
def test_a_row_has_one_dimension_and_something_in_it(bad):
    assert positive_row("x", 2.0).tolist() == [2.0]
    with pytest.raises(InputError, match="at least one"):
        positive_row("x", bad)


def test_masked_numbers_are_not_forgotten():
    with pytest.raises(InputError, match="expected positive"):
        positive("x", np.ma.masked_array([1.0, 2.0], mask=[False, True]))
    assert positive("x", np.ma.masked_array([1.0, 2.0], mask=False)).tolist() == [1.0, 2.0]


def test_numbers_are_copied():
    mine = np.ones(3)
    numbers("x", mine, "numbers")[0] = 2.0
    assert mine.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("bad", [True, np.True_, 2.0, "2", None, np.float64(2.0), [2], 2j])
def test_whole_numbers_are_integers(bad):
    assert whole("n", np.int64(2), "an integer") == whole("n", 2, "an integer") == 2
    with pytest.raises(InputError, match="expected an integer"):
        whole("n", bad, "an integer")
