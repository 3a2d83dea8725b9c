"""Several channels and experiments in one fit, against what can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize

import nuatom
from nuatom import InputError, Neutrino, combine, experiment
from nuatom.detectors import Detector
from nuatom.experiments import Channel, Experiment, Measured, Sample, Shift
from nuatom.fluxes import Component, Flux, Lines
from nuatom.inference import Constraint

XENON = experiment("xenonnt-sr0", bins="1:30:29")
BINS = (1.0, 2.0, 4.0, 8.0)


def line(sigma):
    """A source of electron neutrinos of one energy, whose strength is known to a part ``sigma``."""
    spectrum = Lines((800.0,), (1.0,))
    return Flux("source", (Component("line", 1e13, sigma, "e", spectrum),), ())


def counting(name, counts, *, sigma, samples=(), nuisances=(), exposure=0.01):
    channel = Channel("run", Detector(exposure, BINS), counts, samples)
    return Experiment(name, name, nuatom.Target("Xe"), line(sigma), (channel,), nuisances=nuisances)


def test_a_data_set_in_two_runs_gives_the_limit_of_the_whole():
    """Half of the exposure and of the background in each, the counts shared out as they come."""
    first = np.random.default_rng(3).binomial(np.array(XENON.counts, dtype=int), 0.4).astype(float)
    (sample,) = XENON.channel.samples
    runs = []
    for name, share, counts in (("a", 0.4, first), ("b", 0.6, np.array(XENON.counts) - first)):
        response = replace(XENON.detector, exposure_tonne_year=share * XENON.exposure_tonne_year)
        runs.append(Channel(name, response, tuple(counts), (sample.times(share),)))
    split = replace(XENON, channels=tuple(runs))
    swapped = replace(XENON, channels=tuple(runs[::-1]))
    for name in ("magnetic-moment", "charge:e"):
        whole, halves, other = (each.limit(name, model="free").interval for each in (XENON, split, swapped))
        ends = [
            [end for end in (found.lower, found.upper) if end is not None] for found in (whole, halves, other)
        ]
        assert_allclose(ends[0], ends[1], rtol=1e-6)
        assert_allclose(ends[1], ends[2], rtol=1e-9)


def test_shared_and_not_shared_fluxes_differ_as_by_hand():
    """Two experiments that see one flux: the deviance of both with one normalisation, or with one each."""
    sigma = 0.3
    one = counting("a", (9.0, 14.0, 20.0), sigma=sigma)
    two = counting("b", (5.0, 6.0, 9.0), sigma=sigma)
    signal = one.folded("free").counts(Neutrino()).sum(axis=0)

    def deviance(counts, eta):
        mean = eta * signal
        return 2.0 * np.sum(mean - counts + counts * np.log(counts / mean))

    together = combine(one, two).spectrum(model="free")
    assert combine(one, two).shared == ("flux.line",)
    counts = [np.array(each.counts) for each in (one, two)]
    shared = minimize(
        lambda x: sum(deviance(each, x[0]) for each in counts) + ((x[0] - 1.0) / sigma) ** 2,
        [1.0], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12},
    )  # fmt: skip
    assert_allclose(together.goodness_of_fit.chi2, shared.fun, rtol=1e-7)
    assert_allclose(together.nuisances["flux.line"], shared.x[0], rtol=1e-5)
    alone = sum(each.spectrum(model="free").goodness_of_fit.chi2 for each in (one, two))
    assert alone < together.goodness_of_fit.chi2 - 0.01


def test_nuisances_that_are_known_differently_are_refused():
    with pytest.raises(InputError, match=r"flux\.line.*0\.3 in a.*0\.2 in b"):
        combine(counting("a", (1.0, 2.0, 3.0), sigma=0.3), counting("b", (1.0, 2.0, 3.0), sigma=0.2)).limit(
            "magnetic-moment", model="free"
        )
    with pytest.raises(InputError, match="different experiments"):
        combine(XENON, XENON)


def test_on_and_off_is_one_background_that_is_free_in_every_bin():
    """n_on ~ s + t, n_off ~ w t with t free in each bin, beside a plain minimiser."""
    on, off, ratio = np.array([30.0, 25.0, 41.0]), np.array([12.0, 11.0, 19.0]), 0.5
    weights = {"on": 1.0, "off": ratio}

    def run(name, counts, share):
        cells = Measured((0, 1, 2), (weights[name],) * 3, None, (1.0,) * 3)
        sample = Sample("ambient", (0.0,) * 3, measured=cells)
        return Channel(name, Detector(0.01, BINS), tuple(counts), (sample,), flux_share=share)

    base = counting("reactor", tuple(on), sigma=0.0)
    both = replace(base, channels=(run("on", on, 1.0), run("off", off, 0.0)))
    signal = base.folded("free").counts(Neutrino()).sum(axis=0)

    def deviance(size):
        mean = np.concatenate([signal + np.exp(size), ratio * np.exp(size)])
        counts = np.concatenate([on, off])
        return 2.0 * np.sum(mean - counts + counts * np.log(counts / mean))

    expected = minimize(deviance, np.log(on), method="BFGS", options={"gtol": 1e-9})
    found = both.spectrum(model="free")
    assert_allclose(found.goodness_of_fit.chi2, expected.fun, rtol=1e-6, atol=1e-8)
    assert_allclose(found.channels[0].samples["ambient"], np.exp(expected.x), rtol=1e-4)
    assert found.goodness_of_fit.degrees_of_freedom == 3


def test_the_weak_mixing_angle_moves_a_radius_of_all_flavours():
    """On electrons ⟨r²⟩ acts as Δg_V = 2.38e30 ⟨r²⟩/cm² does, and sin²θ_W as 2 Δsin²θ_W."""
    sigma = 0.02
    known = Constraint("sin2_theta_w", "gauss", 0.23857, sigma)
    unsure = replace(XENON, nuisances=(*XENON.nuisances, known))
    radius = [nuatom.parameter("charge-radius")]
    value = 4e-31
    sure = XENON.statistic(radius, "free")
    shifts = np.linspace(-4.0, 4.0, 801)
    moved = value + shifts * 2.0 * sigma / 2.38e30
    by_hand = np.min(sure(moved[:, None]) + shifts**2)
    found = float(unsure.statistic(radius, "free")(np.array([value])))
    plain = float(sure(np.array([value])))
    # The nuisance acts linearly about its centre.
    assert_allclose(plain - found, plain - by_hand, rtol=0.02)
    assert plain - found > 0.01


def test_a_fit_is_the_minimum_with_errors_that_the_data_leave():
    """A free background and a constrained flux without signal: σ is 1/√n, and what was known before."""
    found = XENON.fit(model="free")
    background = next(entry for entry in found.nuisances if entry.name == "xenonnt-sr0.background")
    assert background.pull is None
    assert_allclose(background.best_fit, sum(XENON.counts) / XENON.background.sum(), rtol=1e-6)
    assert_allclose(background.error, np.sqrt(sum(XENON.counts)) / XENON.background.sum(), rtol=0.02)
    for entry in found.nuisances:
        if entry.name.startswith("flux."):
            assert_allclose([entry.best_fit, entry.pull_error], 1.0, rtol=1e-6)
    assert found.correlation.shape == (len(found.correlated),) * 2


def test_a_fit_of_a_parameter_agrees_with_its_interval_and_has_impacts(tmp_path):
    interval = experiment("xenon1t-sr1").limit("magnetic-moment", cl=0.6827, model="free").interval
    found = experiment("xenon1t-sr1").fit(["magnetic-moment"], model="free")
    (moment,) = found.parameters
    assert_allclose(moment.best_fit, interval.best_fit, rtol=1e-4)
    assert_allclose(moment.error, 0.5 * (interval.upper - interval.lower), rtol=0.15)
    background = next(entry for entry in found.nuisances if entry.name == "xenon1t-sr1.background")
    assert background.impact[0] > 0.0 > background.impact[1]
    found.plot(tmp_path / "fit.png")
    assert (tmp_path / "fit.png").stat().st_size > 10_000


def test_what_the_data_do_not_see_has_no_limit_by_any_verb():
    csi = experiment("coherent-csi-2021")
    name = "magnetic-moment:tau"
    assert csi.limit(name).interval.segments == ((None, None),)
    for ask in (lambda: csi.axes([name], 5), lambda: csi.scan([name], [np.linspace(0.0, 1e-9, 5)])):
        with pytest.raises(InputError, match="limit"):
            ask()


def test_the_order_of_channels_samples_and_nuisances_never_matters():
    """Drawn at random: backgrounds of three kinds, shared and not, in two channels of two experiments."""
    rng = np.random.default_rng(11)
    names = ("a", "b", "c")
    known = [Constraint(f"size.{name}", "gauss", 1.0, 0.2, 0.0) for name in names]
    known.append(Constraint("tilt", "gauss", 0.0, 1.0))
    tilt = Shift("tilt", (0.5, 0.0, -0.5))
    for _ in range(3):
        counts = rng.uniform(3.0, 9.0, (2, 3, 3))
        observed = rng.poisson(counts.sum(axis=1)).astype(float)

        def experiment_of(name, order, *, counts=counts, observed=observed):
            channels = []
            for index in range(2)[:: 1 if order[0] < order[1] else -1]:
                samples = [
                    Sample(each, tuple(counts[index, k]), f"size.{each}", (tilt,) if each == "b" else ())
                    for k, each in enumerate(names)
                ]
                response = Detector(0.001, BINS)
                samples = tuple(samples[k] for k in order)
                channels.append(Channel(f"run {index}", response, tuple(observed[index]), samples))
            nuisances = tuple(known[k] for k in (*order, 3)[:: 1 if order[0] < 2 else -1])
            target = nuatom.Target("Xe")
            return Experiment(name, name, target, line(0.1), tuple(channels), nuisances=nuisances)

        def value(orders, *, experiment_of=experiment_of):
            parts = [experiment_of(name, order) for name, order in orders]
            statistic = combine(*parts).statistic([nuatom.parameter("magnetic-moment")], "free")
            return statistic(np.array([[0.0], [3e-11], [1e-10]]))

        first = value((("x", (0, 1, 2)), ("y", (0, 1, 2))))
        for one, two in (((2, 1, 0), (0, 1, 2)), ((1, 0, 2), (2, 0, 1))):
            assert_allclose(value((("x", one), ("y", two))), first, rtol=1e-8)
            assert_allclose(value((("y", two), ("x", one))), first, rtol=1e-8)
