"""The profiled likelihood against a general minimiser of all of it, and against calculation by hand."""

import itertools
import math

import numpy as np
import pytest
from iminuit import Minuit
from numpy.testing import assert_allclose
from one_channel import OneChannel

from nuatom.errors import ConvergenceError
from nuatom.inference import Channel, Constraint, Likelihood

BACKGROUND = np.array([6.0, 12.0, 13.0, 15.0])
COUNTS = np.array([4.0, 15.0, 11.0, 19.0])
SIGNAL = np.array([[3.0, 2.0, 1.0, 0.5], [0.4, 0.3, 0.3, 0.2]])
NEGATIVE_SIGNAL = np.array([[-2.5, -1.0, 0.2, 0.1], [0.4, -0.3, 0.3, -0.2]])


def likelihood(counts=COUNTS, background_uncertainty=math.inf, signal_uncertainty=(0.1, 0.3)):
    return OneChannel(
        np.array(counts, dtype=float), BACKGROUND, background_uncertainty, np.array(signal_uncertainty)
    )


def whole_likelihood(model, signal, counts, normalisations):
    """−2 ln λ written out, one bin and one penalty at a time."""
    total = 0.0
    for b, n in enumerate(counts):
        expected = sum(
            x * template[b] for x, template in zip(normalisations, [BACKGROUND, *signal], strict=True)
        )
        if expected <= 0.0:
            return 1e6 * (1.0 - expected)
        total += 2.0 * (expected - n + (n * math.log(n / expected) if n else 0.0))
    uncertainties = [model.background_uncertainty, *model.signal_uncertainty]
    for x, sigma in zip(normalisations, uncertainties, strict=True):
        total += ((x - 1.0) / sigma) ** 2 if sigma > 0.0 else 0.0
    return total


def minimised(model, signal, counts):
    """Minimum over every normalisation that is uncertain, and where it is, by MIGRAD."""
    start = [1.0] * (1 + len(signal))
    start[0] += max(0.0, np.max(-(BACKGROUND + signal.sum(axis=0)) / BACKGROUND) + 0.1)
    minuit = Minuit(lambda x: whole_likelihood(model, signal, counts, x), start)
    minuit.errordef = Minuit.LEAST_SQUARES
    minuit.strategy, minuit.tol = 2, 1e-5
    minuit.errors = [0.05] * len(start)
    minuit.limits = [(0.0, None)] * len(start)
    for k, sigma in enumerate([model.background_uncertainty, *model.signal_uncertainty]):
        minuit.fixed[k] = sigma == 0.0
    if not all(minuit.fixed):
        minuit.migrad()
        minuit.migrad()
        assert minuit.valid
    return minuit.fval if minuit.fval is not None else minuit.fcn(start), np.array(minuit.values)


@pytest.mark.parametrize("counts", [COUNTS, [0, 15, 11, 19], [0, 0, 0, 3]], ids=str)
@pytest.mark.parametrize("signal", [SIGNAL, 0.0 * SIGNAL, 1e-9 * SIGNAL], ids=["signal", "none", "tiny"])
@pytest.mark.parametrize("signal_uncertainty", [(0.1, 0.3), (0.0, 0.3), (0.0, 0.0)], ids=str)
@pytest.mark.parametrize("background_uncertainty", [math.inf, 0.05, 0.0])
def test_profile_is_the_minimum_of_the_whole_likelihood(
    counts, signal, signal_uncertainty, background_uncertainty
):
    model = likelihood(counts, background_uncertainty, signal_uncertainty)
    profile = model.profile(signal)
    chi2, normalisations = minimised(model, signal, counts)
    assert profile.chi2 == pytest.approx(chi2, abs=1e-6)
    assert_allclose([profile.background_scale, *profile.flux_scale], normalisations, rtol=2e-4)


@pytest.mark.parametrize("background_uncertainty", [math.inf, 0.5])
@pytest.mark.parametrize("factor", [1.0, 2.0, 10.0])
def test_negative_signal(factor, background_uncertainty):
    """Up to where the nominal expectation itself is negative, and the background has to rise."""
    model = likelihood(background_uncertainty=background_uncertainty)
    signal = factor * NEGATIVE_SIGNAL
    profile = model.profile(signal)
    chi2, normalisations = minimised(model, signal, COUNTS)
    assert profile.chi2 == pytest.approx(chi2, abs=1e-6)
    assert_allclose([profile.background_scale, *profile.flux_scale], normalisations, rtol=2e-4)


def test_a_component_left_free_is_fitted():
    model = likelihood(background_uncertainty=0.05, signal_uncertainty=(math.inf, 0.3))
    chi2, normalisations = minimised(model, SIGNAL, COUNTS)
    profile = model.profile(SIGNAL)
    assert profile.chi2 == pytest.approx(chi2, abs=1e-6)
    assert_allclose(profile.flux_scale, normalisations[1:], atol=2e-4)


@pytest.mark.parametrize("factor", [1e4, 1e8, 1e12, 1e16, 1e40])
def test_a_signal_many_orders_too_large_is_scaled_down_to_its_shape(factor):
    """Its scales end near zero, at the full penalty, and the shapes left share the counts as is best.

    The shares are fitted by expectation maximisation, which needs no bounds and no derivatives.
    """
    sigma = np.array([0.006, 0.01, 0.1, 0.3])
    shapes = np.array([BACKGROUND, *SIGNAL, [0.1, 0.1, 2.0, 2.0], [1.0, 4.0, 1.0, 0.1]])
    shapes /= shapes.sum(axis=1, keepdims=True)
    share = np.full(len(shapes), COUNTS.sum() / len(shapes))
    for _ in range(100_000):
        share *= shapes @ (COUNTS / (share @ shapes))
    left = share @ shapes
    limit = np.sum(sigma**-2) + 2.0 * np.sum(left - COUNTS + COUNTS * np.log(COUNTS / left))
    sizes = factor * np.array([1e3, 1.0, 1e2, 1e1])
    found = likelihood(signal_uncertainty=sigma).profile(sizes[:, None] * shapes[1:])
    assert_allclose(found.chi2, limit, rtol=1e-9 + 100.0 / factor)
    assert np.all(found.flux_scale >= 0.0)


def test_baker_cousins_by_hand():
    """B = 2, 3 and n = 1, 4: 2 [(2−1) + 1·ln(1/2)] + 2 [(3−4) + 4·ln(4/3)] with nothing to fit."""
    model = OneChannel(np.array([1.0, 4.0]), np.array([2.0, 3.0]), 0.0, np.array([0.0]))
    by_hand = 2.0 * (1.0 - math.log(2.0)) + 2.0 * (-1.0 + 4.0 * math.log(4.0 / 3.0))
    assert_allclose(model.profile(np.zeros((1, 2))).chi2, by_hand, rtol=1e-14)


def test_free_background_alone_is_scaled_to_the_total():
    """Without signal Σ(B − n/β) = 0: the fitted scale is Σn/ΣB, exactly."""
    profile = likelihood().profile(np.zeros((2, 4)))
    assert_allclose(profile.background_scale, COUNTS.sum() / BACKGROUND.sum(), rtol=1e-9)
    assert_allclose(profile.flux_scale, [1.0, 1.0], rtol=1e-12)


def test_data_that_are_the_expectation_fit_perfectly():
    counts = np.round(BACKGROUND + SIGNAL.sum(axis=0))
    signal = SIGNAL + (counts - BACKGROUND - SIGNAL.sum(axis=0)) / 2.0
    profile = likelihood(counts).profile(signal)
    assert profile.chi2 == pytest.approx(0.0, abs=1e-12)
    assert_allclose([profile.background_scale, *profile.flux_scale], 1.0, rtol=1e-9)


def test_batches_are_what_single_points_give():
    model = likelihood(background_uncertainty=0.2)
    signals = np.array([[SIGNAL, 2.0 * SIGNAL, NEGATIVE_SIGNAL], [0.0 * SIGNAL, 30.0 * SIGNAL, SIGNAL]])
    batch = model.profile(signals)
    assert batch.chi2.shape == batch.background_scale.shape == (2, 3)
    assert batch.flux_scale.shape == (2, 3, 2)
    for place in itertools.product(range(2), range(3)):
        single = model.profile(signals[place])
        assert_allclose(batch.chi2[place], single.chi2, rtol=1e-9)
        assert_allclose(batch.flux_scale[place], single.flux_scale, rtol=1e-6)
        assert_allclose(batch.background_scale[place], single.background_scale, rtol=1e-6)


@pytest.mark.parametrize("order", ["a scan", "at random"])
@pytest.mark.parametrize("background_uncertainty", [math.inf, 0.2])
def test_neighbours_that_help_each_other_do_not_change_the_minimum(background_uncertainty, order):
    """Also where between two neighbours' fits an expectation would be negative."""
    model = likelihood(background_uncertainty=background_uncertainty)
    sizes = np.concatenate([np.linspace(-2.0, 2.0, 40), np.logspace(0.0, 6.0, 40)])
    if order == "at random":
        sizes = np.random.default_rng(7).permutation(sizes)
    signals = sizes[:, None, None] * np.where(np.arange(80) % 2, 1.0, -0.5)[:, None, None] * SIGNAL
    signals[::3] += NEGATIVE_SIGNAL
    possible = np.all(signals.sum(axis=1) > -0.9 * BACKGROUND, axis=1) | math.isinf(background_uncertainty)
    signals = signals[possible]
    assert len(signals) > 40
    batch = model.profile(signals)
    alone = [model.profile(signal) for signal in signals]
    size = 1.0 + np.abs(signals).sum(axis=(1, 2))
    difference = np.abs(batch.chi2 - [float(profile.chi2) for profile in alone])
    assert np.all(difference < 1e-9 + 1e-15 * size)


def test_simulated_counts_take_the_place_of_the_observed():
    toys = np.array([[5.0, 9.0, 16.0, 12.0], [0.0, 20.0, 1.0, 7.0], COUNTS])
    batch = likelihood().profile(np.stack([SIGNAL, 2.0 * SIGNAL])[:, None], counts=toys)
    assert batch.chi2.shape == (2, 3)
    for i, j in itertools.product(range(2), range(3)):
        assert_allclose(batch.chi2[i, j], likelihood(toys[j]).profile((1 + i) * SIGNAL).chi2, rtol=1e-9)
    assert_allclose(batch.chi2[0, 2], likelihood().profile(SIGNAL).chi2, rtol=1e-9)


def test_no_normalisation_makes_the_expectation_positive():
    model = likelihood(background_uncertainty=0.0, signal_uncertainty=(0.0, 0.0))
    with pytest.raises(ConvergenceError, match="negative"):
        model.profile(4.0 * NEGATIVE_SIGNAL)


@pytest.mark.parametrize(
    ("counts", "signal", "signal_uncertainty"),
    [
        pytest.param(COUNTS, 1e200 * SIGNAL, (0.1, 0.3), id="a signal that overflows"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_minimum_that_does_not_exist_is_no_number(counts, signal, signal_uncertainty):
    with pytest.raises(ConvergenceError):
        likelihood(counts, signal_uncertainty=signal_uncertainty).profile(signal)


def test_no_events_leave_no_background():
    """n = 0 and a free background: scales do not go below zero, and −2 ln λ is that of the signal alone."""
    profile = likelihood([0, 0, 0, 0], signal_uncertainty=(0.0, 0.0)).profile(SIGNAL)
    assert profile.background_scale == 0.0
    assert_allclose(profile.chi2, 2.0 * SIGNAL.sum(), rtol=1e-12)


def test_a_component_that_is_zero_is_left_where_it_was():
    profile = likelihood(signal_uncertainty=(math.inf, 0.3)).profile(0.0 * SIGNAL)
    assert_allclose(profile.flux_scale, [1.0, 1.0], rtol=1e-12)


def test_no_events_with_a_known_background():
    """n = 0: −2 ln λ is linear, 2 Σ βB + ((β−1)/σ)², and its minimum β = 1 − σ² ΣB."""
    profile = likelihood([0, 0, 0, 0], 0.1, (0.0, 0.0)).profile(0.0 * SIGNAL)
    beta = 1.0 - 0.1**2 * BACKGROUND.sum()
    assert_allclose(profile.background_scale, beta, rtol=1e-9)
    assert_allclose(profile.chi2, 2.0 * beta * BACKGROUND.sum() + ((beta - 1.0) / 0.1) ** 2, rtol=1e-9)


def test_degrees_of_freedom_and_p_value():
    """Four bins; a free background counts as fitted, a constrained one does not. χ² of two has e^(−χ²/2)."""
    free = likelihood().goodness_of_fit(3.0, fitted=1)
    assert (free.chi2, free.degrees_of_freedom) == (3.0, 2)
    assert_allclose(free.p_value, math.exp(-1.5), rtol=1e-12)
    assert likelihood(background_uncertainty=0.05).goodness_of_fit(3.0, fitted=1).degrees_of_freedom == 3


def test_bins_where_nothing_is_expected_are_no_data():
    run = Channel("run", np.array([3.0, 0.0, 0.0]))
    model = Likelihood((run,), (Constraint("b", "free", 1.0, np.inf, 0.0),))
    fixed, templates = np.zeros(3), np.array([[2.0, 1.0, 0.0]])
    fit = model.goodness_of_fit(1.0, 0, fixed, templates)
    assert (fit.dropped, fit.degrees_of_freedom) == (1, 1)
    # What is expected only at another value of a parameter is data.
    assert model.goodness_of_fit(1.0, 0, np.array([fixed, [0.0, 0.0, 1.0]]), templates).dropped == 0
    assert model.goodness_of_fit(1.0, 0).dropped == 0
