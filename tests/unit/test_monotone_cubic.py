"""Interpolation and |Γ| without SciPy, against SciPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator
from scipy.special import loggamma

from nuatom.fluxes.beta import _log_modulus_of_gamma
from nuatom.numerics.monotone import monotone_cubic

VALUES = st.lists(st.floats(-10.0, 10.0).map(lambda value: round(value, 3)), min_size=3, max_size=12)


@given(VALUES, st.integers(0, 1000))
def test_monotone_cubic_is_pchip(values, seed):
    rng = np.random.default_rng(seed)
    x = np.cumsum(rng.uniform(0.1, 2.0, len(values)))
    at = np.concatenate([x, rng.uniform(x[0], x[-1], 50)])
    y = np.array(values)
    assert monotone_cubic(x, y, at) == pytest.approx(PchipInterpolator(x, y)(at), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("real", [0.7, 0.97, 1.0])
def test_modulus_of_gamma(real):
    imaginary = np.concatenate([np.linspace(-3.0, 3.0, 61), np.geomspace(3.0, 1e4, 30)])
    expected = np.real(loggamma(real + 1j * imaginary))
    assert _log_modulus_of_gamma(real, imaginary) == pytest.approx(expected, rel=1e-13, abs=1e-13)
