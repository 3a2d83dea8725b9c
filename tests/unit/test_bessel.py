"""Spherical Bessel table against SciPy, multiprecision values and its guards."""

import mpmath
import numpy as np
import pytest
from scipy.special import spherical_jn

from nuatom.errors import InputError
from nuatom.numerics.bessel import spherical_bessel


def test_agrees_with_scipy_on_a_wide_table():
    argument = np.concatenate([[0.0, 1e-300, 1e-20, 1e-8], np.geomspace(1e-3, 300.0, 500), [1e4]])
    table = spherical_bessel(200, argument)
    reference = np.array([spherical_jn(order, argument) for order in range(201)])
    # 1e-12 of the local amplitude 1/x, not of a value next to a zero.
    amplitude = np.maximum(np.abs(reference), 1e-3 / np.maximum(argument, 1.0))
    # SciPy's own error at orders near 200 is a few 1e-12 (see the multiprecision test).
    assert np.max(np.abs(table - reference) / np.maximum(amplitude, 1e-300)) < 3e-12


@pytest.mark.parametrize("order", [0, 1, 2, 5, 20, 50, 100, 200])
@pytest.mark.parametrize("x", [1e-8, 0.1, 0.9, 1.0, 5.0, 19.5, 50.0, 100.3, 200.5, 1000.0, 1e6])
def test_agrees_with_multiprecision(order, x):
    with mpmath.workdps(40):
        exact = mpmath.sqrt(mpmath.pi / 2 / x) * mpmath.besselj(order + mpmath.mpf(1) / 2, x)
        scale = abs(exact) if x < order else max(abs(exact), 0.01 / mpmath.mpf(x))
        if scale < 1e-300:
            assert spherical_bessel(200, x)[order] == 0.0
        else:
            assert abs(spherical_bessel(200, x)[order] - exact) / scale < 2e-14


def test_result_does_not_depend_on_the_last_order():
    argument = np.linspace(0.0, 60.0, 400)
    short, long = spherical_bessel(30, argument), spherical_bessel(90, argument)[:31]
    np.testing.assert_allclose(short, long, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(("order", "x"), [(-1, 1.0), (3, -0.1), (3, np.nan), (3, np.inf)])
def test_refuses_what_is_not_a_bessel_argument(order, x):
    with pytest.raises(InputError):
        spherical_bessel(order, x)


def test_floor_leaves_out_only_what_is_below_it():
    argument = np.linspace(0.0, 150.0, 3000)
    full, short = spherical_bessel(200, argument), spherical_bessel(200, argument, floor=1e-12)
    assert np.max(np.abs(full - short)) < 1e-12
    assert np.count_nonzero(short) < 0.7 * np.count_nonzero(full)


def test_refuses_an_impossible_floor():
    with pytest.raises(InputError):
        spherical_bessel(3, 1.0, floor=1.0)
