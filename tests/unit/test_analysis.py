"""An analysis as a value: statistic, simulated data and data without fluctuations, and what travels."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import nuatom
from nuatom import InputError, Neutrino
from nuatom.experiments.channel import Shift
from nuatom.inference import Constraint

SIMPLE = nuatom.experiment("xenonnt-sr0", bins="1:30:10")


@pytest.fixture(scope="module")
def analysis():
    return SIMPLE.analysis("free")


def test_statistic_of_couplings_is_that_of_parameters(analysis):
    by_parameter = analysis.statistic([nuatom.parameter("magnetic-moment")])
    for moment in (0.0, 1e-11):
        assert_allclose(
            analysis.statistic(Neutrino(magnetic_moment=moment)), by_parameter(np.array([moment])), rtol=1e-9
        )


def test_data_without_fluctuations_are_their_own_truth(analysis):
    """Constraints keep their centres: what is left is the pull of the fit that they were made with."""
    truth = Neutrino(magnetic_moment=1.5e-11)
    counts = analysis.asimov(truth)
    at = analysis.statistic(truth, counts)
    assert at < 0.5
    for other in (0.0, 3e-11):
        assert analysis.statistic(Neutrino(magnetic_moment=other), counts) > at + 0.5


def test_simulated_data_scatter_as_counts_do(analysis):
    truth = Neutrino(magnetic_moment=1.5e-11)
    toys = analysis.simulate(truth, np.random.default_rng(3), 4000)
    mean = analysis.asimov(truth)
    # Five standard deviations of means and variances of 4,000 Poisson counts.
    assert_allclose(toys.counts.mean(axis=0), mean, rtol=0.0, atol=5.0 * np.sqrt(mean.max() / 4000))
    assert_allclose(toys.counts.var(axis=0), mean, rtol=5.0 * np.sqrt(2.0 / 4000) * 1.1)
    index = analysis.likelihood.names.index("flux.pp")
    assert_allclose(toys.centres[:, index].std(), analysis.constraints["flux.pp"].sigma, rtol=0.06)


def test_one_data_set_and_seeds(analysis):
    one, many = analysis.simulate(rng=5), analysis.simulate(rng=5, size=1)
    assert_array_equal(one.counts, many.counts[0])
    assert analysis.statistic(Neutrino(), one).shape == ()
    assert analysis.statistic(Neutrino(), many).shape == (1,)


def test_a_nuisance_at_its_centre_shifts_nothing():
    """Whatever the centre is: a normalisation of one may shift another background's shape too."""
    channel = SIMPLE.channel
    (sample,) = channel.samples
    tilt = Shift("both", tuple(np.linspace(-3.0, 3.0, channel.bins)))
    moved = replace(sample, normalisation="both", shifts=(tilt,))
    for centre in (1.0, 1.2):
        known = Constraint("both", "gauss", centre, 0.1, 0.0)
        whole = replace(channel, samples=(moved,))
        shifted = replace(SIMPLE, channels=(whole,), nuisances=(known,))
        fixed, templates = shifted.analysis("free").templates(signal=False)(np.zeros(0))
        index = list(shifted.analysis("free").constraints).index("both")
        assert_allclose(fixed + centre * templates[index], centre * np.array(sample.counts), rtol=1e-12)
        assert_allclose(templates[index], np.array(sample.counts) + tilt.counts, rtol=1e-12)


@pytest.mark.parametrize(
    ("counts", "named"), [(np.ones(3), "shape"), (np.full(10, -1.0), "-1"), (np.full(10, np.nan), "nan")]
)
def test_counts_that_do_not_fit(analysis, counts, named):
    with pytest.raises(InputError, match=named):
        analysis.statistic(Neutrino(), counts)


def test_sizes_and_parameters_that_do_not_fit(analysis):
    with pytest.raises(InputError, match="size = 0"):
        analysis.simulate(size=0)
    with pytest.raises(InputError, match="counts"):
        analysis.statistic([nuatom.parameter("charge:e")], np.ones(10))


def test_templates_are_kept(analysis):
    chosen = [nuatom.parameter("charge:e")]
    assert analysis.templates(chosen) is analysis.templates(chosen)


def upper(experiment):
    return experiment.limit("magnetic-moment", model="free").upper


def test_experiments_travel_to_other_processes():
    """`pool.map(f, experiments)`: workers that know nothing find the same."""
    experiments = [SIMPLE, nuatom.experiment("xenon1t-sr1", bins="1:30:29")]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert_allclose(list(pool.map(upper, experiments)), [upper(each) for each in experiments], rtol=1e-9)


@pytest.mark.parametrize("of", [("electron", "stepping"), ("nucleus", "helm"), ("atom", "helm")])
def test_kernels_travel(of):
    kernels = nuatom.interaction(nuatom.Target("NaI"), *of)
    other = pickle.loads(pickle.dumps(kernels))  # noqa: S301
    energy, recoil = np.array([1e3, 1e4]), np.array([0.5, 1.0])
    assert_array_equal(other.evaluate(energy, recoil), kernels.evaluate(energy, recoil))


@pytest.mark.parametrize("name", ["solar-gs98", "reactor-pwr", "pion-decay-at-rest"])
def test_fluxes_travel(name):
    assert pickle.loads(pickle.dumps(nuatom.flux(name))) == nuatom.flux(name)  # noqa: S301


def test_folded_kernels_and_analyses_travel(analysis):
    assert len(analysis.channels) == 1
    other = pickle.loads(pickle.dumps(analysis))  # noqa: S301
    assert_array_equal(other.statistic(Neutrino()), analysis.statistic(Neutrino()))
    folded = pickle.loads(pickle.dumps(analysis.channels[0].kernels))  # noqa: S301
    assert_array_equal(folded.counts(Neutrino()), analysis.channels[0].kernels.counts(Neutrino()))
