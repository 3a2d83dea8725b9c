"""Laws of every likelihood, and a general minimiser beside it on small ones drawn at random."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import linprog, minimize

from nuatom.inference import Channel, Constraint, Likelihood, MeasuredSample, minima
from nuatom.inference.newton import Minima
from nuatom.inference.problem import NOT_CONVERGED

# −2 ln λ is minimised to 1e-9; SLSQP stops within 1e-6 of it.
DEPTH, GENERAL = 1e-8, 1e-6


def gives_up(problem, rows, x, cells=None, least=-np.inf, **_):
    """A Newton's method that reaches no minimum: all is left to the other one."""
    points = len(x)
    return Minima(
        np.full(points, np.inf), x.copy(), np.zeros((points, problem.cells)), np.full(points, NOT_CONVERGED)
    )


@pytest.fixture(params=["newton", "interior"], autouse=True)
def either_way(request, monkeypatch):
    """Newton's method, and the interior-point method for what it leaves, obey every law."""
    if request.param == "interior":
        monkeypatch.setattr(minima, "minimise", gives_up)


def drawn(rng):
    """A few bins, often empty, with templates of either sign, and fixed expectations below zero too."""
    bins, nuisances = rng.integers(1, 7), rng.integers(1, 5)
    templates = rng.uniform(0.0, 3.0, (nuisances, bins)) * rng.choice([0.1, 1.0, 5.0], (nuisances, 1))
    templates *= np.where(rng.random((nuisances, 1)) < 0.5, rng.choice([-1.0, 1.0], (nuisances, bins)), 1.0)
    templates[rng.random((nuisances, bins)) < 0.2] = 0.0
    fixed = np.where(rng.random(bins) < 0.5, rng.uniform(-1.5, 2.0, bins), 0.0)
    constraints = []
    for k in range(nuisances):
        centre, free = rng.choice([0.0, 1.0]), rng.random() < 0.25
        constraints.append(
            Constraint(
                f"n{k}",
                "free" if free else "gauss",
                centre,
                np.inf if free else rng.choice([0.05, 0.3, 1.0]),
                0.0 if free or rng.random() < 0.7 else -np.inf,
                centre + rng.random() if rng.random() < 0.2 else np.inf,
            )
        )
    mean = np.maximum(fixed + [c.centre for c in constraints] @ templates, 0.0)
    counts = rng.poisson(np.minimum(mean * rng.choice([0.2, 1.0]), 50.0)).astype(float)
    return Likelihood((Channel("run", counts),), tuple(constraints)), fixed, templates


def by_slsqp(model, fixed, templates, rng):
    """Least −2 ln λ that a general minimiser with bounds and linear constraints finds from four starts."""
    counts, known = model.data.counts, model.constraints
    centre = np.array([c.centre for c in known])
    precision = np.array([0.0 if c.kind == "free" else c.sigma**-2 for c in known])
    bounds = [(c.lower, c.upper) for c in known]
    least, most = np.array(bounds).T

    def statistic(x):
        mean = np.maximum(fixed + x @ templates, 1e-300)
        logarithm = np.where(counts > 0.0, counts * np.log(np.maximum(counts, 1.0) / mean), 0.0)
        return 2.0 * np.sum(mean - counts + logarithm) + np.sum((x - centre) ** 2 * precision)

    def gradient(x):
        mean = np.maximum(fixed + x @ templates, 1e-300)
        return templates @ (2.0 * (1.0 - counts / mean)) + 2.0 * (x - centre) * precision

    positive = {
        "type": "ineq",
        "fun": lambda x: fixed + x @ templates - np.where(counts > 0.0, 1e-9, 0.0),
        "jac": lambda _: templates.T,
    }
    best = np.inf
    for start in range(4):
        first = np.clip(centre + rng.normal(0.0, 0.3, centre.size) * (start > 0), least, most)
        found = minimize(
            statistic,
            first,
            jac=gradient,
            method="SLSQP",
            bounds=bounds,
            constraints=[positive],
            options={"maxiter": 500, "ftol": 1e-13},
        )
        inside = np.all((found.x >= least - 1e-9) & (found.x <= most + 1e-9))
        if inside and np.all(fixed + found.x @ templates >= -1e-9):
            best = min(best, statistic(found.x))
    return best


def least_room(model, fixed, templates):
    """The most that the least expectation of a bin with counts can be, by linear programming."""
    counts, known = model.data.counts, model.constraints
    bounds = [(c.lower, c.upper) for c in known] + [(None, 1.0)]
    below = np.concatenate([-templates.T, (counts > 0.0)[:, None]], axis=1)
    found = linprog(np.r_[np.zeros(len(known)), -1.0], A_ub=below, b_ub=fixed, bounds=bounds)
    return found.x[-1] if found.status == 0 else -1.0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_no_minimum_on_the_edge_is_refused():
    """Of 10,000 such likelihoods none is refused; here are the first of them."""
    rng, edges = np.random.default_rng(77), 0
    for _ in range(60):
        model, fixed, templates = drawn(rng)
        found = model.profile(fixed, templates, strict=False)
        assert found.status < 2
        possible = least_room(model, fixed, templates) > 1e-9
        assert possible == (found.status == 0)
        if not possible:
            continue
        other = by_slsqp(model, fixed, templates, rng)
        mean = fixed + found.nuisance @ templates
        edges += bool(np.any(mean[model.data.counts == 0.0] < 1e-8))
        assert np.all(mean > -1e-8)
        assert found.chi2 <= other + GENERAL * max(1.0, abs(other))
    assert edges > 15


def measured_model(rng, nuisance=None, shared=False):
    """Signal on a background known by counts of its own; with ``shared`` two bins a cell."""
    bins = 6
    counts, templates = rng.poisson(5.0, bins).astype(float), rng.uniform(0.1, 3.0, (2, bins))
    cell = np.arange(bins) // 2 if shared else np.arange(bins)
    cells = cell.max() + 1
    sample = MeasuredSample(
        "off", cell, rng.uniform(0.5, 1.5, bins), rng.poisson(8.0, cells).astype(float), 2.0, nuisance
    )
    known = (Constraint("flux", "gauss", 1.0, 0.2, 0.0), Constraint("live", "gauss", 1.0, 0.1, 0.0))
    return Likelihood((Channel("run", counts),), known, (sample,)), np.zeros(bins), templates


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("nuisance", [None, "live"])
@pytest.mark.parametrize("seed", range(3))
def test_measured_samples_against_a_minimiser_of_nuisances_and_cells(seed, nuisance, shared):
    """Every cell a parameter of its own, by L-BFGS-B on the whole likelihood."""
    model, fixed, templates = measured_model(np.random.default_rng(seed), nuisance, shared)
    if nuisance is not None:
        templates = templates * np.array([[1.0], [0.0]])
    (sample,), counts = model.measured, model.data.counts

    def whole(x):
        eta, cells = x[:2], x[2:]
        scale = 1.0 if nuisance is None else eta[1]
        mean = fixed + eta @ templates + scale * sample.weight * cells[sample.cell]
        means, data = np.concatenate([mean, 2.0 * cells]), np.concatenate([counts, sample.counts])
        logarithm = np.where(data > 0.0, data * np.log(np.maximum(data, 1.0) / means), 0.0)
        return 2.0 * np.sum(means - data + logarithm) + np.sum(((eta - 1.0) / [0.2, 0.1]) ** 2)

    start = np.concatenate([np.ones(2), np.full(sample.cells, 4.0)])
    least = minimize(whole, start, bounds=[(1e-9, None)] * start.size, options={"ftol": 1e-15, "gtol": 1e-9})
    found = model.profile(fixed, templates)
    assert_allclose(found.chi2, least.fun, rtol=1e-7)
    assert_allclose(np.concatenate([found.nuisance, found.measured]), least.x, rtol=1e-3, atol=1e-3)


def test_the_order_of_channels_nuisances_and_cells_does_not_matter():
    rng = np.random.default_rng(3)
    first, second = rng.poisson(6.0, 4).astype(float), rng.poisson(3.0, 5).astype(float)
    templates = rng.uniform(0.0, 4.0, (3, 9))
    known = (
        Constraint("a", "gauss", 1.0, 0.1, 0.0),
        Constraint("b", "free", lower=0.0),
        Constraint("c", "lognormal", 1.0, 0.3),
    )
    channels = (Channel("one", first), Channel("two", second))
    model = Likelihood(channels, known, (MeasuredSample.per_bin("off", range(4, 9), 9, second + 1.0, 1.0),))
    turned = np.r_[4:9, 0:4]
    other = Likelihood(
        channels[::-1],
        known[::-1],
        (MeasuredSample.per_bin("off", range(4, -1, -1), 9, second[::-1] + 1.0, 1.0),),
    )
    found = model.profile(np.full(9, 0.5), templates)
    again = other.profile(np.full(9, 0.5), templates[::-1][:, turned])
    assert float(found.chi2) == pytest.approx(float(again.chi2), abs=DEPTH)
    assert_allclose(found.nuisance, again.nuisance[::-1], rtol=1e-5)
    assert_allclose(found.measured, again.measured[::-1], rtol=1e-5)


def test_two_halves_are_the_whole():
    """Runs of 0.3 and 0.7 of the time, the counts of a bin shared between them: the same Δ(−2 ln λ)."""
    rng = np.random.default_rng(4)
    counts, templates = rng.poisson(9.0, 6).astype(float), rng.uniform(0.0, 3.0, (2, 6))
    known = (Constraint("flux", "gauss", 1.0, 0.1, 0.0), Constraint("b", "free", lower=0.0))
    part = rng.binomial(counts.astype(int), 0.3).astype(float)
    whole = Likelihood((Channel("run", counts),), known)
    halves = Likelihood((Channel("first", part), Channel("second", counts - part)), known)
    signal = np.linspace(0.0, 4.0, 9)[:, None] * rng.uniform(0.5, 1.0, 6)
    split = np.concatenate([0.3 * signal, 0.7 * signal], axis=1)
    one = whole.profile(signal, templates).chi2
    two = halves.profile(split, np.concatenate([0.3 * templates, 0.7 * templates], axis=1)).chi2
    assert_allclose(one - one.min(), two - two.min(), rtol=0.0, atol=1e-6)


def test_a_shared_nuisance_and_two_that_are_not_differ_as_by_hand():
    """Values 1 ± 1 and 2 ± 1 of one nuisance have χ² = (2 − 1)²/(1 + 1); of two nuisances none."""
    values = [
        Channel(name, np.array([v]), "gauss", variance=np.ones(1)) for name, v in (("x", 1.0), ("y", 2.0))
    ]
    shared = Likelihood(tuple(values), (Constraint("n", "free"),))
    apart = Likelihood(tuple(values), (Constraint("n", "free"), Constraint("m", "free")))
    assert_allclose(shared.profile(np.zeros(2), np.ones((1, 2))).chi2, 0.5, rtol=1e-12)
    assert float(apart.profile(np.zeros(2), np.eye(2)).chi2) == pytest.approx(0.0, abs=DEPTH)


def test_measured_samples_with_many_counts_are_known_templates():
    """Counts of 10⁸ times the template leave nothing to profile."""
    rng = np.random.default_rng(6)
    counts, template = rng.poisson(9.0, 5).astype(float), rng.uniform(3.0, 9.0, 5)
    known = (Constraint("flux", "gauss", 1.0, 0.1, 0.0),)
    signal = np.ones((1, 5))
    exact = Likelihood((Channel("run", counts),), known).profile(template, signal)
    sample = MeasuredSample.per_bin("off", range(5), 5, np.round(1e8 * template), 1e8)
    model = Likelihood((Channel("run", counts),), known)
    found = replace(model, measured=(sample,)).profile(np.zeros(5), signal)
    assert_allclose(found.chi2, exact.chi2, rtol=1e-6)


def test_both_ways_find_the_same_minima(monkeypatch):
    """To rounding, at points of a scan."""
    rng = np.random.default_rng(11)
    shape, signal = np.linspace(20.0, 5.0, 12), np.geomspace(8.0, 0.1, 12)
    fit = Likelihood(
        (Channel("c", rng.poisson(shape).astype(float)),),
        (Constraint("b", "free", 1.0, np.inf, 0.0), Constraint("s", "gauss", 1.0, 0.1, 0.0)),
    )
    theta = np.linspace(0.0, 1.5, 30)
    templates = np.stack([np.broadcast_to(shape, (30, 12)), theta[:, None] ** 2 * signal], axis=1)
    found = []
    for method in (minima.minimise, gives_up):
        monkeypatch.setattr(minima, "minimise", method)
        found.append(fit.profile(np.zeros(12), templates, scan=True))
    assert_allclose(found[0].chi2, found[1].chi2, rtol=1e-9)
    assert_allclose(found[0].nuisance, found[1].nuisance, rtol=1e-6)
