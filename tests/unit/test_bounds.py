"""Bounds of what grids hold are refused by their number, and what is within them stays below a gigabyte."""

import math
import resource
import subprocess
import sys

import pytest

from nuatom.atoms import build_table
from nuatom.errors import InputError
from nuatom.numerics.bounds import (
    FINEST_ACCURACY,
    HIGHEST_CL,
    HIGHEST_MOMENTUM_KEV,
    HIGHEST_TRANSFER_KEV,
    LOWEST_CL,
    MOST_MULTIPOLES,
    accuracy_within,
    cl_within,
    order_within,
    row_up_to,
)

GIGABYTE_KB = 2**20


def test_bounds_are_within_themselves():
    assert row_up_to("x", [1.0, 5.0], 5.0, "keV").tolist() == [1.0, 5.0]
    assert accuracy_within(FINEST_ACCURACY) == FINEST_ACCURACY
    assert order_within("n", MOST_MULTIPOLES) == MOST_MULTIPOLES
    assert (cl_within(LOWEST_CL), cl_within(HIGHEST_CL)) == (LOWEST_CL, HIGHEST_CL)


@pytest.mark.parametrize(
    ("check", "bad", "said"),
    [
        (lambda x: row_up_to("x", x, 5.0, "keV"), [1.0, 6.0], "x = 6.0: expected at most 5 keV"),
        (lambda x: row_up_to("x", x, 5.0, "keV"), [1.0, math.nan], "positive"),
        (accuracy_within, 1e-320, "1e-08 or more"),
        (accuracy_within, math.nan, "between 0 and 1"),
        (accuracy_within, 1.0, "between 0 and 1"),
        (accuracy_within, "0.1", "between 0 and 1"),
        (accuracy_within, [0.1], "between 0 and 1"),
        (lambda n: order_within("n", n), MOST_MULTIPOLES + 1, "1 to 2000"),
        (lambda n: order_within("n", n), True, "1 to 2000"),
        (lambda n: order_within("n", n), 3.0, "1 to 2000"),
        (cl_within, 1e-17, "0.001 or more"),
        (cl_within, 1.0, "1e-12 or less"),
        (cl_within, math.nan, "between 0 and 1"),
        (lambda cl: cl_within(cl, 0.5), 0.5, "between 0.5 and 1"),
    ],
)
def test_what_is_beyond_is_refused_by_the_bound(check, bad, said):
    with pytest.raises(InputError, match=said):
        check(bad)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no rusage")
def test_the_last_momentum_and_transfer_take_less_than_a_gigabyte():
    code = (
        "from nuatom.atoms import ground_state, response; import numpy as np, sys\n"
        "momenta = np.geomspace(1e3, float(sys.argv[2]), 34)\n"
        "response(ground_state(2, 'dirac-slater'), float(sys.argv[1]), momenta)"
    )
    arguments = [str(HIGHEST_TRANSFER_KEV), str(HIGHEST_MOMENTUM_KEV)]
    subprocess.run([sys.executable, "-c", code, *arguments], check=True)  # noqa: S603
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert peak < (GIGABYTE_KB if sys.platform != "darwin" else 1024 * GIGABYTE_KB)


@pytest.mark.slow
def test_a_table_of_too_few_multipoles_is_refused_where_the_impulse_limit_is_empty():
    with pytest.raises(InputError, match=r"highest_order = 20: expected more: at .* keV the impulse limit"):
        build_table(2, highest_transfer_kev=10.0, highest_order=20)
