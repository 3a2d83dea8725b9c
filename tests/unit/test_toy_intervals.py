"""Intervals by simulation where they are known in closed form: one Gaussian value, with a boundary or not."""

import math
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from nuatom.errors import InputError
from nuatom.inference import (
    Channel,
    Constraint,
    Construction,
    Likelihood,
    OneParameter,
    Simulation,
    Toys,
    confidence_interval,
    construct,
    coverage,
    credible_interval,
    expected_interval,
    goodness_by_toys,
    significance,
)

# What is measured is uncertain by √(0.8² + 0.6²) = 1: noise, and an offset known to 0.6.
NOISE, OFFSET = 0.64, 0.6


def measured(value, *, even):
    """θ, or θ² where it is even, measured as ``value`` ± 1 with an offset that is a nuisance."""
    run = Channel("run", np.array([value]), "gauss", variance=np.array([NOISE]))
    known = Constraint("offset", "gauss", 0.0, OFFSET)
    fixed, templates = np.zeros((3, 1)), np.zeros((3, 1, 1))
    fixed[2 if even else 1] = 1.0
    templates[0] = 1.0
    return OneParameter(Likelihood((run,), (known,)), fixed, templates, 1.0, even)


def feldman_cousins(value, cl):
    """Ends for a Gaussian of width one whose mean is not negative, by its ordering: exact."""

    def probability(mean, x):
        """Of outcomes of a rank up to that of x: between x and the other value of the same ratio."""
        rank = -0.5 * (x - mean) ** 2 if x >= 0.0 else x * mean - 0.5 * mean**2
        upper = mean + math.sqrt(-2.0 * rank)
        lower = mean - math.sqrt(-2.0 * rank)
        lower = lower if lower >= 0.0 else (rank + 0.5 * mean**2) / mean
        return ndtr(upper - mean) - ndtr(lower - mean)

    upper = brentq(lambda mean: probability(mean, value) - cl, max(value, 0.0) + 1e-6, max(value, 0.0) + 9.0)
    inside = value <= 0.0 or probability(1e-6, value) < cl
    return None if inside else brentq(lambda mean: probability(mean, value) - cl, 1e-6, value - 1e-6), upper


def within(found, error, exact, bias=0.003):
    """Four standard deviations, and what a straight line through three truths leaves."""
    return abs(found - exact) < 4.0 * error + bias * abs(exact)


@pytest.mark.parametrize("value", [-1.0, 2.5])
def test_feldman_cousins_with_a_boundary(value):
    """Below the boundary, and far enough above it for two ends."""
    lower, upper = feldman_cousins(value, 0.90)
    found = construct(measured(value, even=True), "feldman-cousins", 0.90, Simulation(seed=3, precision=0.05))
    ((low_error, high_error),) = found.monte_carlo_error
    assert within(found.upper, high_error, math.sqrt(upper))
    assert high_error <= 0.05 * found.upper
    if lower is None:
        assert found.lower is None
    else:
        assert within(found.lower, low_error, math.sqrt(lower))
    assert found.failed_toys == 0
    assert found.toys > 5000


def test_the_exact_ordering_gives_the_printed_ends():
    """The reference of the test above, against Table X of Feldman and Cousins."""
    assert_allclose(feldman_cousins(-1.0, 0.90)[1], 0.81, atol=0.005)
    assert_allclose(feldman_cousins(0.0, 0.90)[1], 1.64, atol=0.006)


def test_feldman_cousins_of_a_signed_parameter_is_the_usual_interval():
    found = construct(measured(0.7, even=False), "feldman-cousins", 0.90, Simulation(seed=5, precision=0.06))
    half = float(ndtri(0.95))
    ((low_error, high_error),) = found.monte_carlo_error
    assert within(found.lower, low_error, 0.7 - half, 0.01)
    assert within(found.upper, high_error, 0.7 + half)


@pytest.mark.parametrize("value", [-1.0, 1.0])
def test_cls_in_closed_form(value):
    """Φ(x − v) = (1 − CL) Φ(x): :cite:`Cowan:2010js`, equation (66) and the text beside it."""
    exact = value - float(ndtri(0.1 * ndtr(value)))
    found = construct(measured(value, even=True), "cls", 0.90, Simulation(seed=2, precision=0.06))
    ((_, error),) = found.monte_carlo_error
    assert within(found.upper, error, math.sqrt(exact))
    assert (found.lower, found.sides) == (None, "upper")


@pytest.mark.parametrize("value", [-2.0, 1.0])
def test_power_constrained_limits_in_closed_form(value):
    """x + 1.28 σ, but not below where background alone excludes as often as at −1σ: 0.28 σ."""
    exact = max(value, -1.0) + float(ndtri(0.9))
    found = construct(
        measured(value, even=True), "power-constrained", 0.90, Simulation(seed=2, precision=0.15)
    )
    ((_, error),) = found.monte_carlo_error
    assert within(found.upper, error, math.sqrt(exact), 0.02)


@pytest.mark.parametrize("cl", [0.68, 0.90])
@pytest.mark.parametrize("value", [-0.4, 2.0])
def test_credible_intervals_of_gaussian_data_are_profile_intervals(value, cl):
    model = measured(value, even=False)
    profile = confidence_interval(model.statistic, 1.0, even=False, cl=cl)
    found = credible_interval(model, cl)
    # The density is interpolated on 801 points of 13 standard deviations.
    assert_allclose([found.lower, found.upper], [profile.lower, profile.upper], atol=1e-3)
    assert found.method == "bayesian"


def test_credible_upper_limit_with_a_boundary():
    """A density flat in θ ≥ 0 of exp(−(θ² + 1)²/2): its integral up to the limit, by quadrature."""
    from scipy.integrate import quad

    def density(theta):
        return math.exp(-0.5 * (theta**2 + 1.0) ** 2)

    found = credible_interval(measured(-1.0, even=True), 0.90)
    assert found.lower is None
    assert_allclose(quad(density, 0.0, found.upper)[0] / quad(density, 0.0, 9.0)[0], 0.90, atol=2e-4)


def test_marginal_and_profile_differ_where_the_curvature_does():
    """One count n with λ = η (s + 1), η = 1 ± 0.3: the posterior by quadrature over η."""
    from scipy.integrate import quad

    run, known = Channel("run", np.array([40.0])), Constraint("scale", "gauss", 1.0, 0.3, 0.0)
    templates = np.zeros((3, 1, 1))
    templates[0], templates[1] = 10.0, 10.0
    model = OneParameter(Likelihood((run,), (known,)), np.zeros((3, 1)), templates, 1.0, False)
    from nuatom.inference import posterior

    values = np.array([2.0, 3.0, 4.0])

    def marginal(s):
        def density(eta):
            mean = 10.0 * eta * (1.0 + s)
            return math.exp(40.0 * math.log(mean / 40.0) - mean + 40.0 - 0.5 * ((eta - 1.0) / 0.3) ** 2)

        return -2.0 * math.log(quad(density, 1e-6, 4.0, epsabs=0.0)[0])

    exact = np.array([marginal(s) for s in values])
    found = posterior(model, values)
    # Laplace's method leaves terms of the order 1/40.
    assert_allclose(found - found[1], exact - exact[1], atol=0.05)


@pytest.mark.parametrize("even", [False, True])
def test_expected_ends_of_gaussian_data(even):
    model = measured(0.3, even=even)
    construction = Construction(Toys(model, 4, 2.5), 0.90)
    found = expected_interval(construction, "profile", experiments=2000)
    half = float(ndtri(0.95))
    if even:
        # With x ≥ 0 the ends are √(x + z); below, (θ² − x)² − x² = z².
        low = math.sqrt(-1.0 + math.sqrt(1.0 + half**2))
        exact = [math.sqrt(half), low, math.sqrt(1.0 + half)]
    else:
        exact = [half, half - 1.0, half + 1.0]
    # Quantiles of 2,000 are good to 0.03 and 0.04 standard deviations, four of which are allowed.
    ends = [found.upper.median, *found.upper.one_sigma]
    assert_allclose(ends, exact, atol=0.15 if not even else 0.07)
    assert_allclose(found.upper.asimov, exact[0], rtol=3e-3)
    assert (found.lower is None) == even


def test_significance():
    """Of a boundary half of χ²; else both sides."""
    assert_allclose(significance(measured(3.0, even=True)).z, 3.0, rtol=1e-6)
    assert significance(measured(-3.0, even=True)).p_value == 1.0
    assert_allclose(significance(measured(3.0, even=False)).p_value, 2.0 * ndtr(-3.0), rtol=1e-6)
    by_toys = significance(measured(1.5, even=True), Toys(measured(1.5, even=True), 1, 2.0), 2000)
    assert abs(by_toys.p_value - ndtr(-1.5)) < 4.0 * math.sqrt(0.067 / 2000)


def test_goodness_of_fit_by_toys_is_that_of_chi_square():
    """Two values of one mean: χ² of one degree of freedom."""
    run = Channel("run", np.array([0.0, 2.0]), "gauss", variance=np.ones(2))
    fixed = np.zeros((3, 2))
    fixed[1] = 1.0
    model = OneParameter(Likelihood((run,), ()), fixed, np.zeros((3, 0, 2)), 1.0, False)
    found, error = goodness_by_toys(Toys(model, 3, 2.0), 2000)
    assert abs(found - 2.0 * ndtr(-math.sqrt(2.0))) < 4.0 * error


def test_coverage_of_gaussian_data():
    """Exact far from the boundary; at it, −2 Δ ln λ exceeds 2.71 half as often."""
    toys = Toys(measured(0.0, even=True), 6, 3.0)
    at_zero, far = coverage(toys, "profile", [0.0, 2.5], experiments=2000)
    assert abs(at_zero.coverage - 0.95) < 4.0 * at_zero.error
    assert abs(far.coverage - 0.90) < 4.0 * far.error
    (ordered,) = coverage(toys, "feldman-cousins", [1.0], experiments=2000)
    assert abs(ordered.coverage - 0.90) < 4.0 * math.hypot(ordered.error, 0.3 / math.sqrt(20_000))
    assert ordered.failed == 0


def test_coverage_of_power_constrained_limits():
    """Sizes that background alone excludes too rarely, up to √0.28, are always held; others at 90%."""
    toys = Toys(measured(0.0, even=True), 6, 3.0)
    small, large = coverage(toys, "power-constrained", [0.4, 2.0], experiments=2000)
    assert small.coverage == 1.0
    assert abs(large.coverage - 0.90) < 4.0 * math.hypot(large.error, 0.3 / math.sqrt(20_000))


def test_the_same_to_the_bit_for_one_worker_and_two():
    model = measured(0.5, even=True)
    alone = construct(model, "feldman-cousins", 0.90, Simulation(seed=9, precision=0.2))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        together = construct(
            model, "feldman-cousins", 0.90, Simulation(seed=9, precision=0.2, executor=executor)
        )
    assert together.segments == alone.segments
    assert together.monte_carlo_error == alone.monte_carlo_error
    other = construct(model, "feldman-cousins", 0.90, Simulation(seed=10, precision=0.2))
    assert other.upper != alone.upper


def test_interrupted_work_is_taken_up_again(tmp_path):
    model = measured(0.5, even=True)
    whole = construct(model, "feldman-cousins", 0.90, Simulation(seed=9, precision=0.2))

    def interrupt(done):
        if done >= 4000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        construct(
            model,
            "feldman-cousins",
            0.90,
            Simulation(seed=9, precision=0.2, progress=interrupt, directory=tmp_path),
        )
    kept = len(list(tmp_path.glob("*.npy")))
    assert kept == 4
    again = construct(model, "feldman-cousins", 0.90, Simulation(seed=9, precision=0.2, directory=tmp_path))
    assert again.segments == whole.segments
    # Another model's work is not taken for this one's.
    other = construct(
        measured(0.6, even=True),
        "feldman-cousins",
        0.90,
        Simulation(seed=9, precision=0.2, directory=tmp_path),
    )
    assert other.segments != whole.segments


def test_failed_fits_are_counted(monkeypatch):
    """Every fiftieth fit fails: the others are used, and the number is told."""
    best = OneParameter.best

    def sometimes(self, *given, **named):
        found = best(self, *given, **named)
        if np.ndim(found.chi2):
            found.failed[::50] = True
        return found

    monkeypatch.setattr(OneParameter, "best", sometimes)
    sample = Toys(measured(0.5, even=True), 1, 2.0).at(1.0, 1000)
    assert (sample.failed, sample.rise.size) == (20, 980)
    found = construct(measured(0.5, even=True), "feldman-cousins", 0.90, Simulation(seed=9, precision=0.2))
    assert found.failed_toys == found.toys // 50


def test_best_fits_are_the_lowest_points_of_a_dense_search():
    """Quadratic and linear terms of either sign, so that there are two minima: none is missed."""
    rng = np.random.default_rng(8)
    bins = 12
    fixed, templates = np.zeros((3, bins)), np.zeros((3, 2, bins))
    templates[0, 0] = rng.uniform(5.0, 15.0, bins)
    fixed[1], fixed[2] = -2.0 * rng.uniform(0.5, 1.0, bins), rng.uniform(0.5, 1.0, bins)
    templates[1, 1] = rng.uniform(-0.5, 0.5, bins)
    known = (Constraint("b", "free", lower=0.0), Constraint("v", "gauss", 0.0, 1.0))
    run = Channel("run", np.round(templates[0, 0]))
    model = OneParameter(Likelihood((run,), known), fixed, templates, 1.0, False)
    toys = Toys(model, 1, 3.0)
    grid = np.linspace(-12.0, 12.0, 961)
    for truth in (-2.0, 0.0, 1.5):
        data = toys.data(truth, 0)
        few = type(data)(data.counts[:60], data.centres[:60], data.auxiliary[:60])
        best = model.best(few, truth, 3.0)
        rows = type(data)(*(part[:, None] for part in (few.counts, few.centres, few.auxiliary)))
        dense = model.profile(grid, rows, scan=True).chi2.min(axis=1)
        assert not best.failed.any()
        assert np.all(best.chi2 < dense + 1e-6)


def test_guards():
    model = measured(0.5, even=True)
    with pytest.raises(InputError, match="method"):
        construct(model, "profile")
    for precision in (0.0, 1.0, math.nan):
        with pytest.raises(InputError, match="precision"):
            Simulation(precision=precision)
    with pytest.raises(InputError, match="even"):
        replace(measured(0.5, even=False), even=True)
    with pytest.raises(InputError, match="scale"):
        replace(model, scale=0.0)
    with pytest.raises(InputError, match="shapes"):
        replace(model, fixed=np.zeros((2, 1)))
