"""Data sets as released: totals, the Standard Model in them, and their likelihoods by another minimiser."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize

from nuatom.errors import InputError
from nuatom.experiments import combine, experiment, experiment_names, groups
from nuatom.experiments.analysis import Analysis
from nuatom.neutrinos import parameter


def analysis_of(name, model="free"):
    return Analysis.of((experiment(name),), model=model)


@pytest.mark.parametrize(
    ("name", "events"), [("lz-ws2022", 393), ("lz-ws2024", 1486), ("borexino-phase2", 183479)]
)
def test_events(name, events):
    """Sums of the released tables: of LZ in 1 to 17 keV, of Borexino in all bins."""
    assert sum(experiment(name).channels[0].counts) == events


def test_borexino_is_described_by_the_fit_of_the_collaboration():
    """Its deviance against its own fit is 317.3 for 320 bins; our Standard Model adds nothing to it."""
    counts = np.array(experiment("borexino-phase2").channels[0].counts)
    fit = np.array(experiment("borexino-phase2").channels[0].samples[0].counts)
    deviance = 2.0 * np.sum(fit - counts + counts * np.log(counts / fit))
    assert_allclose(deviance, 317.3, atol=0.05)
    assert_allclose(fit.sum(), 183335.0, atol=0.1)


def test_borexino_sees_the_solar_neutrinos_that_its_fit_sees():
    """Where ⁷Be dominates, 300 to 600 keV, our rate of free electrons follows the curve of the fit.

    The curve is drawn for 47.9 counts a day and 100 t; the standard solar model used here has 2 to 6% more.
    """
    from nuatom.data import read_bytes
    from nuatom.experiments.schema import Files

    files = Files("test", lambda name: read_bytes(f"experiments/{name}"))
    curve = np.array(files.array("borexino-phase2.csv", "solar", "solar"))
    energy = np.array(files.array("borexino-phase2.csv", "energy_kev", "energy"))
    ours = experiment("borexino-phase2").spectrum(model="free").standard_model
    plateau = (energy > 320.0) & (energy < 640.0)
    assert np.all(np.abs(ours[plateau] / curve[plateau] - 1.04) < 0.04)


def test_published_limit_of_borexino_within_a_tenth():
    """2.8e-11 with systematic uncertainties that are not modelled here: ours is stronger by 10%."""
    found = experiment("borexino-phase2").limit("magnetic-moment", model="free").interval
    assert_allclose(found.upper, 2.8e-11, rtol=0.11)


def refitted(analysis, name, value):
    """−2 ln λ at a value, minimised by SciPy over the nuisances in the plainest form."""
    fixed, templates = analysis.templates((parameter(name),))(np.array([value]))
    constraints = list(analysis.constraints.values())
    channels = analysis.likelihood.channels
    observed = np.concatenate([channel.observed for channel in channels])
    poisson = np.concatenate(
        [np.full(channel.observed.size, channel.kind == "poisson") for channel in channels]
    )
    weight = np.concatenate(
        [
            np.ones(c.observed.size) if c.covariance is None else 1.0 / np.diagonal(c.covariance)
            for c in channels
        ]
    )
    sigma = np.array([c.sigma for c in constraints])
    centre = np.array([c.centre for c in constraints])
    moving = sigma > 0.0
    penalty = np.where(np.isfinite(sigma) & moving, 1.0 / np.where(moving, sigma, 1.0) ** 2, 0.0)
    # Units in which nuisances are alike, as far as the data tell.
    scale = (
        1.0
        / np.sqrt(penalty + templates**2 @ np.where(poisson, 1.0 / np.maximum(observed, 1.0), weight))[moving]
    )

    def objective(x):
        eta = centre.copy()
        eta[moving] += scale * x
        expected = fixed + eta @ templates
        if np.any(expected[poisson] <= 0.0):
            return 1e12, np.zeros(x.size)
        ratio = np.where(poisson, observed / np.where(poisson, expected, 1.0), 1.0)
        logs = np.where(ratio > 0.0, observed * np.log(np.where(ratio > 0.0, ratio, 1.0)), 0.0)
        counted = 2.0 * (expected - observed + logs)
        squares = weight * (expected - observed) ** 2
        pull = penalty * (eta - centre)
        value = np.sum(np.where(poisson, counted, squares)) + np.sum(pull * (eta - centre))
        each = np.where(poisson, 1.0 - ratio, weight * (expected - observed))
        return value, scale * (2.0 * templates @ each + 2.0 * pull)[moving]

    bounds = [
        ((max(c.lower, -1e6) - c.centre) / s, (min(c.upper, 1e6) - c.centre) / s)
        for c, s in zip((c for c, m in zip(constraints, moving, strict=True) if m), scale, strict=True)
    ]
    options = {"ftol": 1e-14, "gtol": 1e-9, "maxiter": 20000, "maxfun": 200000, "maxcor": 40}
    start = np.zeros(scale.size)
    return minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).fun


@pytest.mark.parametrize(
    ("name", "named", "value", "model"),
    [
        ("lz-ws2022", "magnetic-moment", 2e-11, "free"),
        ("lz-ws2024", "charge", 6e-13, "free"),
        ("borexino-phase2", "magnetic-moment", 3e-11, "free"),
        ("xenon1t-s2only", "magnetic-moment", 3e-11, "free"),
        ("xenonnt-cevns", "charge-radius:mu", 4e-32, "helm"),
        ("coherent-lar-2020", "charge-radius:mu", -2e-31, "helm"),
        pytest.param("dresden2", "magnetic-moment:e", 3e-10, "helm+free", marks=pytest.mark.slow),
    ],
)
def test_likelihoods_by_another_minimiser(name, named, value, model):
    analysis = analysis_of(name, model)
    ours = float(analysis.statistic((parameter(named),))(np.array([[value]]))[0])
    assert_allclose(ours, refitted(analysis, named, value), rtol=1e-4)


def test_the_ionization_signal_alone_finds_nothing():
    """Its background is a lower bound, so that no signal is ever preferred: zero lies at the minimum."""
    found = experiment("xenon1t-s2only").limit("magnetic-moment", model="free").interval
    assert found.lower is None
    assert found.best_fit == 0.0
    assert found.two_delta_nll_at_zero == 0.0


def test_events_of_the_coherent_search():
    """62 events in three runs, and backgrounds as the release's example has them: rates times exposures."""
    channels = experiment("xenonnt-cevns").channels
    assert [sum(channel.counts) for channel in channels] == [9, 28, 25]
    accidental = [sum(channel.samples[0].counts) for channel in channels]
    assert_allclose(accidental, [6.3706 * 1.174398, 7.5844 * 2.342593, 4.5742 * 3.249665], rtol=1e-4)


def liquid_argon():
    """What is expected of the Standard Model in bins of energy, F90 and time."""
    from nuatom.neutrinos import Neutrino

    counts = experiment("coherent-lar-2020").folded().counts(Neutrino()).sum(axis=0)
    return counts.reshape(12, 8, 10)


def test_liquid_argon_expects_what_the_release_does():
    """128 ± 17 events, and the released template in energy and in time."""
    counts = liquid_argon()
    assert_allclose(counts.sum(), 128.0, rtol=0.04)
    energy = [78.700, 36.969, 9.889, 2.365]
    assert_allclose(counts.sum(axis=(1, 2))[:4], energy, rtol=0.13)
    time = [11.08, 39.79, 18.70, 14.85, 11.87, 9.49, 7.58, 6.03, 4.79, 3.82]
    assert_allclose(counts.sum(axis=(0, 1)), time, rtol=0.06)


def test_liquid_argon_is_fitted_as_published():
    """159 ± 43 coherent events, 553 ± 34 prompt and 10 ± 11 delayed neutrons, 3131 ± 23 others, shapes held.

    The released template, of one time for all energies, gives 160.2, 552.1, 10.5 and 3131.5 by this plain
    program, and ours made a product too comes within 5%. But prompt neutrinos have less energy than
    delayed ones, which ours knows, and then 133 events are left.
    """
    channel = experiment("coherent-lar-2020").channel
    observed = np.array(channel.counts)
    expected = liquid_argon()
    product = expected.sum(axis=2)[..., None] * expected.sum(axis=(0, 1)) / expected.sum()
    backgrounds = [np.array(sample.counts) for sample in channel.samples]
    known = np.array([0.0079, 0.322, 1.0])

    def objective(x, signal):
        counts = x[0] * signal.ravel() + x[1:] @ np.stack(backgrounds)
        return 2.0 * np.sum(counts - observed * np.log(counts)) + np.sum(((x[1:] - 1.0) / known) ** 2)

    def fitted(signal):
        options = {"xatol": 1e-6, "fatol": 1e-6, "maxiter": 10_000}
        return minimize(
            objective, [1.2, 1.0, 1.1, 0.4], args=(signal,), method="Nelder-Mead", options=options
        ).x

    found = fitted(product)
    assert_allclose(found[0] * expected.sum(), 159.0, rtol=0.05)
    assert_allclose(3152.0 * found[1], 3131.0, rtol=1e-3)
    assert_allclose(497.0 * found[2], 553.0, rtol=0.01)
    assert_allclose(33.0 * found[3], 10.0, atol=1.5)

    free = experiment("coherent-lar-2020").constrained("signal", sigma=np.inf)
    held = free.holding("coherent-lar-2020.neutron-*", "quenching.*", "F90.*", "pulse.*")
    signal = next(each for each in held.fit().nuisances if each.name.endswith(".signal"))
    assert_allclose(signal.best_fit, fitted(expected)[0], rtol=1e-3)
    assert_allclose(signal.best_fit * expected.sum(), 133.0, rtol=0.01)
    assert_allclose(signal.error * expected.sum(), 43.0, rtol=0.1)


def test_groups_hold_independent_experiments():
    assert set(groups()) == {"world", "solar-electrons", "reactor", "stopped-pions"}
    for names in groups().values():
        assert set(names) <= set(experiment_names())
        assert not {"xenon1t-s2only", "xenon1t-sr1"} <= set(names)
        assert not {"dresden2", "dresden2-ybe"} <= set(names)
    assert combine("solar-electrons").name == ",".join(groups()["solar-electrons"])
    with pytest.raises(InputError, match="combine"):
        experiment("world")


def test_a_joint_limit_is_better_than_each():
    joint = combine("lz-ws2022", "lz-ws2024").limit("magnetic-moment", model="free").interval.upper
    alone = [
        experiment(name).limit("magnetic-moment", model="free").interval.upper
        for name in ("lz-ws2022", "lz-ws2024")
    ]
    assert joint < min(alone)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "chi2"), [("dresden2", 103.9), ("dresden2-ybe", 106.0)])
def test_dresden_at_the_standard_model(name, chi2):
    """χ² of an independent fit of background and Standard Model to 130 bins, with 5% on flux and response."""
    fit = experiment(name).spectrum(model="helm+stepping").goodness_of_fit
    assert_allclose(fit.chi2, chi2, atol=1.0)
