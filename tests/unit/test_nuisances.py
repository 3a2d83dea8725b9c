"""Further backgrounds and systematic variations, against a general minimiser of the whole likelihood."""

import math

import numpy as np
from iminuit import Minuit
from numpy.testing import assert_allclose
from one_channel import OneChannel

COUNTS = np.array([14.0, 25.0, 11.0, 19.0, 0.0])
MAIN = np.array([6.0, 12.0, 8.0, 15.0, 1.0])
OTHER = np.array([[3.0, 1.0, 0.5, 0.0, 0.2], [0.0, 1.0, 2.0, 1.0, 0.1]])
SIGNAL = np.array([[4.0, 9.0, 2.0, 0.5, 0.1]])
SHIFTS = np.array([[1.0, 0.5, -0.4, -0.1, 0.0], [0.2, -0.6, 0.4, 0.1, 0.05]])
MODEL = OneChannel(COUNTS, MAIN, 0.05, np.array([0.1]), OTHER, np.array([0.25, math.inf]))


def whole(x):
    expected = x[0] * MAIN + x[1] * OTHER[0] + x[2] * OTHER[1] + x[3] * SIGNAL[0] + x[4:] @ SHIFTS
    if np.any(expected <= 0.0):
        return 1e6
    poisson = sum(e - n + (n * math.log(n / e) if n else 0.0) for n, e in zip(COUNTS, expected, strict=True))
    pulls = ((x[0] - 1) / 0.05) ** 2 + ((x[1] - 1) / 0.25) ** 2 + ((x[3] - 1) / 0.1) ** 2
    return 2.0 * poisson + pulls + x[4] ** 2 + x[5] ** 2


def test_profile_against_a_general_minimiser():
    minuit = Minuit(whole, np.array([1.0, 1.0, 1.0, 1.0, 0.0, 0.0]))
    minuit.errordef, minuit.strategy, minuit.tol = Minuit.LEAST_SQUARES, 2, 1e-6
    minuit.migrad()
    minuit.migrad()
    found = MODEL.profile(SIGNAL, variations=SHIFTS)
    assert_allclose(found.chi2, minuit.fval, rtol=1e-6)
    fitted = [found.background_scale, *found.other_scale, *found.flux_scale, *found.pull]
    assert_allclose(fitted, np.array(minuit.values), atol=2e-3)


def test_many_points_at_once_are_each_point():
    signals = SIGNAL * np.array([0.5, 1.0, 2.0])[:, None, None]
    shifts = SHIFTS * np.array([0.5, 1.0, 2.0])[:, None, None]
    together = MODEL.profile(signals, variations=shifts)
    for i in range(3):
        alone = MODEL.profile(signals[i], variations=shifts[i])
        assert_allclose(together.chi2[i], alone.chi2, rtol=1e-9)
        assert_allclose(together.pull[i], alone.pull, rtol=1e-5)


def test_variations_only_ever_improve_the_fit():
    assert MODEL.profile(SIGNAL, variations=SHIFTS).chi2 < MODEL.profile(SIGNAL).chi2
    nothing = MODEL.profile(SIGNAL, variations=0.0 * SHIFTS)
    assert_allclose(nothing.chi2, MODEL.profile(SIGNAL).chi2, rtol=1e-9)
    assert_allclose(nothing.pull, 0.0, atol=1e-12)
