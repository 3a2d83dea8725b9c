"""Nuisances on which expectations depend otherwise than linearly, beside a general minimiser."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize
from scipy.special import ndtr

import nuatom
from nuatom import ConvergenceError, InputError
from nuatom.detectors import Axis, Detector, MatrixResponse
from nuatom.experiments import Channel, Experiment, Sample
from nuatom.experiments.limits import limit, one_parameter
from nuatom.experiments.shapes import Move, NamedShape
from nuatom.fluxes import Component, Flux, Lines
from nuatom.inference import Channel as Counted
from nuatom.inference import Constraint, Likelihood, profile_nonlinear
from nuatom.numerics.interpolation import SplineWeights

EDGES = np.linspace(1.0, 9.0, 17)
# −2 ln λ is settled to 1e-9 of itself; Nelder and Mead's simplex and L-BFGS stop within 1e-6 of it.
GENERAL = 1e-6


def falling(decay):
    share = -np.diff(np.exp(-EDGES / decay))
    return share / share.sum()


def peak(centre, sigma):
    share = np.diff(ndtr((EDGES - centre) / sigma))
    return share / share.sum()


def germanium(counts, moves, extra=(), line=(5.0, 0.6)):
    """A falling background and a line, both of free size, whose numbers nuisances move."""
    edges = tuple(EDGES.tolist())
    inside = (0, EDGES.size - 1)
    shapes = (
        NamedShape("exponential", (("decay", 2.0),), 300.0, edges, inside, moves[0]),
        NamedShape("line", (("centre", line[0]), ("sigma", line[1])), 100.0, edges, inside, moves[1]),
    )
    samples = tuple(
        Sample(name, tuple(shape.counts().tolist()), name, shape=shape)
        for name, shape in zip(("falling", "line"), shapes, strict=True)
    )
    channel = Channel("run", Detector(1e-6, edges), tuple(counts), samples)
    source = Flux("source", (Component("line", 1e13, 0.0, "e", Lines((800.0,), (1.0,))),), ())
    known = (
        Constraint("falling", "free", 1.0, lower=0.0),
        Constraint("line", "free", 1.0, lower=0.0),
        *extra,
    )
    return Experiment("ge", "ge", nuatom.Target("Ge"), source, (channel,), nuisances=known)


MOVES = (
    (Move("decay", "decay", 0.4),),
    (Move("position", "centre", 0.5), Move("width", "sigma", 0.1)),
)
KNOWN = (
    Constraint("decay", "gauss", 0.0, 1.0),
    Constraint("position", "free", 0.0),
    Constraint("width", "gauss", 0.0, 1.0),
)


def deviance(x, counts, signal):
    mean = x[0] * 300.0 * falling(2.0 + 0.4 * x[2]) + x[1] * 100.0 * peak(5.0 + 0.5 * x[3], 0.6 + 0.1 * x[4])
    mean = mean + signal
    with np.errstate(all="ignore"):
        events = np.where(counts > 0.0, counts * np.log(counts / mean), 0.0)
        return 2.0 * np.sum(mean - counts + events) + x[2] ** 2 + x[4] ** 2


@pytest.mark.parametrize("seed", range(4))
def test_decay_position_and_width_against_a_general_minimiser(seed):
    """Truths up to a line's own width away from where the file has it: far from linear."""
    rng = np.random.default_rng(seed)
    truth = 300.0 * falling(2.0 + 0.4 * rng.normal()) + 80.0 * peak(5.0 + rng.uniform(-0.6, 0.6), 0.65)
    counts = rng.poisson(truth).astype(float)
    analysis = germanium(counts, MOVES, KNOWN).analysis("free")
    found, fixed, templates = analysis.profile()
    signal = analysis.templates(samples=False)(np.zeros(0))[0]
    best = min(
        minimize(
            deviance, [1.0, 0.8, 0.0, start, 0.0], (counts, signal), method="L-BFGS-B",
            bounds=[(1e-6, None), (0.0, None), (-4.0, 4.0), (-8.0, 8.0), (-4.0, 4.0)],
            options={"ftol": 1e-14, "gtol": 1e-9},
        ).fun
        for start in (-1.0, 0.0, 1.0)
    )  # fmt: skip
    assert_allclose(found.chi2, best, rtol=0.0, atol=GENERAL)
    order = [analysis.likelihood.names.index(n) for n in ("falling", "line", "decay", "position", "width")]
    assert_allclose(deviance(found.nuisance[order], counts, signal), found.chi2, rtol=1e-9)
    # The expectations that come with it are those of the shapes themselves there.
    expected = fixed + found.nuisance @ templates
    assert_allclose(analysis.asimov(), expected, rtol=1e-9)


def test_a_nuisance_at_its_centre_moves_nothing():
    counts = np.round(300.0 * falling(2.6) + 90.0 * peak(5.4, 0.7))
    shifted = tuple(replace(each, centre=1.0) for each in KNOWN)
    one, other = (germanium(counts, MOVES, known) for known in (KNOWN, shifted))
    ours, theirs = (each.analysis("free").profile()[0] for each in (one, other))
    assert_allclose(ours.chi2, theirs.chi2, rtol=1e-7)
    index = one.analysis("free").likelihood.names.index("position")
    assert_allclose(ours.nuisance[index] + 1.0, theirs.nuisance[index], rtol=1e-4)
    spectra = [each.spectrum(model="free").channels[0].expected for each in (one, other)]
    assert_allclose(*spectra, rtol=1e-4)


def test_a_spectrum_shows_the_shapes_where_the_fit_has_them():
    counts = np.round(300.0 * falling(2.6) + 90.0 * peak(5.4, 0.7))
    experiment = germanium(counts, MOVES, KNOWN)
    shown = experiment.spectrum(model="free")
    (channel,) = shown.channels
    size = shown.nuisances
    line = size["line"] * 100.0 * peak(5.0 + 0.5 * size["position"], 0.6 + 0.1 * size["width"])
    assert_allclose(channel.samples["line"], line, rtol=1e-9)
    assert_allclose(channel.expected, experiment.analysis("free").asimov(), rtol=1e-9)
    assert 5.3 < 5.0 + 0.5 * size["position"] < 5.5


@dataclass(frozen=True)
class Wave:
    """One nuisance with two minima of different depth: ν = 50 + 20 sin(3η) + 5η in one bin."""

    starts: np.ndarray

    def near(self, values, nuisance):  # noqa: ARG002
        x = nuisance[:, 0]
        slope = (60.0 * np.cos(3.0 * x) + 5.0)[:, None, None]
        value = (50.0 + 20.0 * np.sin(3.0 * x) + 5.0 * x)[:, None]
        return value - slope[:, 0] * x[:, None], slope


def test_the_lowest_of_several_minima_is_found():
    model = Likelihood((Counted("run", np.array([65.0])),), (Constraint("x", "gauss", 0.0, 1.0, -4.0, 4.0),))
    grid = np.linspace(-4.0, 4.0, 400_001)
    mean = 50.0 + 20.0 * np.sin(3.0 * grid) + 5.0 * grid
    lowest = np.min(2.0 * (mean - 65.0 + 65.0 * np.log(65.0 / mean)) + grid**2)
    for first in (-1.6, 0.0):
        starts = np.array([[first], [0.4], [2.0]])
        found = profile_nonlinear(model, Wave(starts), np.zeros((1, 0)))
        assert_allclose(found.chi2, [lowest], rtol=0.0, atol=1e-7)
    alone = profile_nonlinear(model, Wave(np.array([[-1.6]])), np.zeros((1, 0)))
    assert alone.chi2[0] > lowest + 0.1


@dataclass(frozen=True)
class Impossible:
    starts: np.ndarray

    def near(self, values, nuisance):  # noqa: ARG002
        return np.full((len(nuisance), 1), np.nan), np.full((len(nuisance), 1, 1), np.nan)


def test_no_minimum_is_said():
    model = Likelihood((Counted("run", np.array([3.0])),), (Constraint("x", "free", 0.0),))
    with pytest.raises(ConvergenceError, match="not linear"):
        profile_nonlinear(model, Impossible(np.zeros((1, 1))), np.zeros((2, 0)))
    told = profile_nonlinear(model, Impossible(np.zeros((1, 1))), np.zeros((2, 0)), strict=False)
    assert np.all(told.status != 0)


FIVE = (("light_yield", np.arange(-2.0, 3.0)),)


def xenon(tables, yields=FIVE, counts=(30.0, 20.0, 10.0)):
    recoil = (1.0, 3.0, 10.0, 40.0)
    axes = (Axis("S1", "PE", (1.0, 2.0, 3.0, 4.0)),)
    nominal = np.moveaxis(tables, 0, -2)[tuple(int(np.flatnonzero(v == 0.0)[0]) for _, v in yields)]
    response = MatrixResponse(0.02, axes, recoil, nominal, yields, tables)
    channel = Channel("run", response, counts)
    source = Flux("source", (Component("line", 1e13, 0.0, "e", Lines((800.0,), (1.0,))),), ())
    return Experiment("xe", "xe", nuatom.Target("Xe"), source, (channel,))


def growing(nodes):
    """Probabilities that grow as e^{η/4}: a cubic spline through unit steps is good to 4e-4."""
    base = np.random.default_rng(1).uniform(0.02, 0.15, (4, 1, 3))
    return base * np.exp(0.25 * nodes)[None, :, None]


def test_yields_on_a_grid_against_the_response_itself():
    """Twice as many nodes, and a response at a yield between the nodes, folded by itself."""
    nodes = np.arange(-2.0, 3.0)
    experiment = xenon(growing(nodes))
    analysis = experiment.analysis("free")
    assert analysis.constraints["light_yield.xe"].upper == 2.0
    for size in (-1.5, 0.0, 0.7, 2.0):
        fixed, templates = analysis.templates().near(np.zeros((1, 0)), np.array([[size]]))
        exact = xenon(growing(np.array([0.0, 1.0])) * np.exp(0.25 * size), (("light_yield", np.arange(2.0)),))
        mean = exact.folded("free").counts(nuatom.Neutrino()).sum(axis=0)
        assert_allclose(fixed[0] + size * templates[0, 0], mean, rtol=4e-4)
    # Where it is linear, one at its centre and the slope there, the same as by hand.
    fixed, templates = analysis.templates()(np.zeros(0))
    assert_allclose(templates[0], 0.25 * fixed, rtol=1e-3)


def test_yields_shift_the_limit_as_the_table_says():
    """A fit where the yield is wanted two standard deviations up agrees with a scan of fixed yields."""
    experiment = xenon(growing(np.arange(-2.0, 3.0)), counts=(600.0, 500.0, 650.0))
    statistic = experiment.analysis("free").statistic([nuatom.parameter("magnetic-moment")])
    point = np.array([3e-11])
    found = statistic.profile(point)

    def at(size):
        fixed, templates = statistic.templates.near(point[None], np.array([[size]]))
        mean, counts = fixed[0] + size * templates[0, 0], np.array([600.0, 500.0, 650.0])
        return 2.0 * np.sum(mean - counts + counts * np.log(counts / mean)) + size**2

    lowest = min(at(size) for size in np.linspace(-2.0, 2.0, 2001))
    assert_allclose(found.chi2, lowest, rtol=1e-5)


def test_the_best_fit_of_simulated_and_real_data_is_that_of_the_limit():
    counts = np.round(300.0 * falling(2.6) + 90.0 * peak(5.4, 0.7))
    analysis = germanium(counts, MOVES, KNOWN).analysis("free")
    chosen = nuatom.parameter("magnetic-moment")
    model = one_parameter(analysis, chosen)
    interval = limit(analysis, "magnetic-moment").interval
    best = model.best(reach=interval.upper)
    assert_allclose(best.chi2, interval.minimum, rtol=0.0, atol=1e-5)
    ends = model.profile(np.array([interval.upper])).chi2 - best.chi2
    assert_allclose(ends, interval.threshold, rtol=1e-3)
    toys = model.simulate(interval.upper, best.nuisance, best.measured, np.random.default_rng(0), 3)
    fits = model.best(toys, interval.upper, interval.upper)
    assert not fits.failed.any()
    assert np.all(fits.chi2 <= model.profile(np.asarray(interval.upper), toys).chi2 + 1e-6)


def test_splines_of_few_nodes():
    """A line through two, a parabola through three, and no number outside."""
    line, _ = SplineWeights(np.array([0.0, 2.0]))(np.array([0.5, 3.0]))
    assert_allclose(line[0], [0.75, 0.25])
    assert np.isnan(line[1]).all()
    weights, slopes = SplineWeights(np.array([-1.0, 0.0, 1.0]))(np.array([0.3]))
    assert_allclose(weights[0] @ [1.0, 0.0, 1.0], 0.09)
    assert_allclose(slopes[0] @ [1.0, 0.0, 1.0], 0.6)


def test_a_width_that_the_data_do_not_know_keeps_a_tenth_of_itself():
    """A free width of a line that is hardly there: the fit stays within its bounds."""
    free = (KNOWN[0], KNOWN[1], Constraint("width", "free", 0.0))
    counts = np.round(300.0 * falling(2.0))
    analysis = germanium(counts, MOVES, free).analysis("free")
    bound = analysis.constraints["width"]
    assert_allclose(bound.lower, -0.9 * 0.6 / 0.1)
    found, *_ = analysis.profile()
    assert found.nuisance[analysis.likelihood.names.index("width")] >= bound.lower


def test_a_sample_has_the_counts_of_its_shape():
    shape = NamedShape("exponential", (("decay", 2.0),), 10.0, (1.0, 2.0, 3.0), (0, 2))
    with pytest.raises(InputError, match="those of its shape"):
        Sample("falling", (4.0, 6.0), shape=shape)
    whole = Sample("falling", tuple(shape.counts().tolist()), shape=shape).times(3.0)
    assert_allclose(whole.shape.counts(), 3.0 * shape.counts())
