"""The difference between two models as a nuisance parameter of the fit."""

from dataclasses import replace

import numpy as np
import pytest
from iminuit import Minuit
from numpy.testing import assert_allclose
from one_channel import OneChannel
from scipy.special import xlogy

from nuatom import InputError, Neutrino, experiment, experiment_names, parameter
from nuatom.experiments import theory

XENON = experiment("xenonnt-sr0")
MOMENT = parameter("magnetic-moment")


def upper(model, theory_spread=None, name="magnetic-moment"):
    return XENON.limit(name, model=model, theory_spread=theory_spread).interval.upper


def changed(analysis):
    """What the spread adds to the folded kernels of the only channel."""
    (entry,) = analysis.channels[0].variations
    assert entry.nuisance == "theory.Xe.spread"
    return entry


def test_a_spread_held_at_zero_changes_nothing():
    plain = XENON.limit("magnetic-moment", model="stepping").interval
    held = XENON.holding("theory.*").limit("magnetic-moment", model="stepping", theory_spread="free").interval
    assert_allclose([held.upper, held.minimum], [plain.upper, plain.minimum], rtol=1e-9)


def test_a_spread_held_at_one_is_the_other_model():
    """K(1) = K_other, with what the background holds already taken from both."""
    values = np.array([[0.0], [5e-12], [2e-11]])
    folded = XENON.folded("stepping"), XENON.folded("free")
    signal = [entry.quadratic(Neutrino(), (MOMENT,))(values) for entry in folded]
    standard = [entry.counts(Neutrino()) for entry in folded]
    change = changed(XENON.analysis("stepping", None, "free")).change
    moved = change.quadratic(Neutrino(), (MOMENT,))(values) - change.counts(Neutrino())
    assert_allclose(signal[0] - standard[0] + moved, signal[1] - standard[1], rtol=1e-10, atol=1e-10)


def test_a_spread_is_folded_once():
    first, again = (changed(XENON.analysis("stepping", None, "free")).change for _ in range(2))
    assert first.components[0].component is again.components[0].component
    one, other = (XENON.folded("stepping").components[0].values for _ in range(2))
    assert one is other


def test_limits_lie_around_those_of_both_models():
    stepping, free, spread = upper("stepping"), upper("free"), upper("stepping", "free")
    assert free < stepping
    assert stepping < spread < stepping + 1.5 * (stepping - free)
    assert upper("free", "stepping") > free


def test_profile_is_the_minimum_of_the_whole_likelihood():
    """Newton's method against a general minimiser with the same bounds, couplings far from zero."""
    value = 2.5e-11
    statistic = XENON.statistic([MOMENT], "stepping", theory_spread="free")
    found = float(statistic(np.array([[value]]))[0])
    neutrino = MOMENT.set(Neutrino(), value)
    folded = XENON.folded("stepping"), XENON.folded("free")
    nominal, other = (entry.counts(neutrino) - entry.counts(Neutrino()) for entry in folded)
    change = (other - nominal).sum(axis=0)
    n, background = np.array(XENON.counts), XENON.background
    sigma = np.array([part.relative_uncertainty for part in XENON.flux.components])

    def whole(x):
        expected = x[0] * background + x[2:] @ nominal + x[1] * change
        poisson = 2.0 * np.sum(expected - n + xlogy(n, np.maximum(n, 1) / expected))
        return poisson + x[1] ** 2 + np.sum(((x[2:] - 1.0) / sigma) ** 2)

    minuit = Minuit(whole, np.concatenate([[1.0, 0.0], np.ones(sigma.size)]))
    minuit.errordef, minuit.strategy, minuit.tol = Minuit.LEAST_SQUARES, 2, 1e-6
    minuit.limits[1] = tuple(theory.spread_bounds(*folded))
    minuit.migrad()
    minuit.migrad()
    assert found == pytest.approx(minuit.fval, rel=1e-5, abs=0.0)


def test_bounds_end_at_the_other_model_and_where_kernels_vanish():
    stepping, free = XENON.folded("stepping"), XENON.folded("free")
    assert_allclose(theory.spread_bounds(stepping, free), [-1.0, 1.0], atol=0.0)
    five_fold = replace(free, components=tuple(replace(c, values=5.0 * c.values) for c in free.components))
    assert_allclose(theory.spread_bounds(free, five_fold), [-0.25, 1.0], rtol=1e-9)


def test_bounds_of_variations_hold():
    likelihood = OneChannel(np.array([30.0, 20.0]), np.array([10.0, 10.0]), 0.01, np.array([0.0]))
    signal, shift = np.array([[1.0, 1.0]]), np.array([[5.0, 0.0]])
    free = likelihood.profile(signal, variations=shift)
    held = likelihood.profile(signal, variations=shift, variation_bounds=np.array([[-1.0, 1.0]]))
    below = likelihood.profile(signal, variations=-shift, variation_bounds=np.array([[-1.0, 1.0]]))
    assert free.pull[0] > 1.0
    assert held.pull[0] == 1.0
    assert below.pull[0] == -1.0
    assert held.chi2 > free.chi2
    with pytest.raises(InputError, match="within the bounds"):
        likelihood.profile(signal, variations=shift, variation_bounds=np.array([[0.5, 1.0]]))


def test_a_model_has_no_spread_to_itself():
    with pytest.raises(InputError, match="another model"):
        XENON.limit("magnetic-moment", model="stepping", theory_spread="stepping")
    with pytest.raises(InputError, match="theory_spread = 'magic'"):
        XENON.limit("magnetic-moment", model="stepping", theory_spread="magic")


@pytest.mark.parametrize("name", experiment_names())
def test_every_experiment_takes_a_spread(name):
    chosen = experiment(name)
    models = ("stepping", "free") if chosen.processes == ("electron",) else ("helm", "point")
    fitted = chosen.limit("charge-radius:e", model=models[0], theory_spread=models[1])
    assert fitted.theory_spread == models[1]
    spectrum = chosen.spectrum(model=models[0], theory_spread=models[1])
    assert abs(spectrum.theory_pull) <= 1.0
    assert spectrum.goodness_of_fit.chi2 <= chosen.spectrum(model=models[0]).goodness_of_fit.chi2 + 1e-9


def test_scan_and_axes_take_it_too():
    axes = XENON.axes(["magnetic-moment"], 5, "stepping", theory_spread="free")
    scan = XENON.scan(["magnetic-moment"], axes, "stepping", theory_spread="free")
    assert scan.theory_spread == "free"
    assert scan.surface.two_delta_nll.min() >= 0.0
