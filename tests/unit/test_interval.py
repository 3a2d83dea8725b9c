"""Confidence intervals where the answer is known in closed form."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from one_channel import OneChannel
from scipy.special import lambertw

from nuatom.errors import ConvergenceError, InputError
from nuatom.inference import confidence_interval
from nuatom.inference.interval import threshold

# Quantiles of the normal distribution, as printed in any table.
TWO_SIDED = {0.6826894921370859: 1.0, 0.90: 1.6448536269514722, 0.95: 1.959963984540054}
ONE_SIDED = {0.90: 1.2815515655446004, 0.95: 1.6448536269514722}

# MIGRAD stops within 2e-7 of the minimum (2e-3 of its tolerance, 1e-4): in standard deviations σ the best
# fit is then good to √2e-7, and an end, where the slope is 2z/σ, to 2e-7/2z.
DEPTH = 2e-7
BEST, END = math.sqrt(DEPTH), DEPTH


def parabola(centre, sigma, offset=0.0):
    return lambda values: offset + ((values - centre) / sigma) ** 2


@pytest.mark.parametrize(("cl", "z"), TWO_SIDED.items())
def test_threshold_two_sided(cl, z):
    assert_allclose(threshold(cl, "two-sided"), z**2, rtol=1e-12)


@pytest.mark.parametrize(("cl", "z"), ONE_SIDED.items())
def test_threshold_upper(cl, z):
    assert_allclose(threshold(cl, "upper"), z**2, rtol=1e-12)


@pytest.mark.parametrize(("cl", "z"), TWO_SIDED.items())
@pytest.mark.parametrize(
    ("centre", "sigma"), [(0.7, 0.2), (-3.0, 1.0), (0.0, 1.0), (80.0, 0.01), (900.0, 3000.0)]
)
@pytest.mark.parametrize("scale", [1.0, 1e-31])
def test_parabola(cl, z, centre, sigma, scale):
    found = confidence_interval(parabola(centre * scale, sigma * scale, 22.5), scale, even=False, cl=cl)
    assert found.best_fit / scale == pytest.approx(centre, abs=BEST * sigma)
    ends = np.array([found.lower, found.upper]) / scale
    assert_allclose(ends, [centre - z * sigma, centre + z * sigma], rtol=0.0, atol=END * sigma)
    assert found.segments == ((found.lower, found.upper),)
    assert found.minimum == pytest.approx(22.5, abs=DEPTH)
    assert found.two_delta_nll_at_zero == pytest.approx((centre / sigma) ** 2, abs=DEPTH)
    assert_allclose(found.threshold, z**2, rtol=1e-12)


@pytest.mark.parametrize(("cl", "z"), ONE_SIDED.items())
@pytest.mark.parametrize("centre", [0.7, -0.7])
def test_upper_limit_of_a_parabola(cl, z, centre):
    """Values below the best fit are never excluded: there is no lower end."""
    found = confidence_interval(parabola(centre, 0.2), 1.0, even=False, cl=cl, sides="upper")
    assert found.lower is None
    assert_allclose(found.upper, centre + z * 0.2, rtol=END)
    assert found.segments == ((None, found.upper),)


def in_the_square(centre):
    """−2 ln λ of a parameter that is measured through its square, θ² = centre ± 1."""
    return lambda values: (values**2 - centre) ** 2


@pytest.mark.parametrize(("cl", "z"), TWO_SIDED.items())
def test_even_parameter_with_both_ends(cl, z):
    found = confidence_interval(in_the_square(4.0), 1.0, even=True, cl=cl)
    assert_allclose(found.best_fit, 2.0, rtol=BEST)
    assert_allclose([found.lower, found.upper], np.sqrt([4.0 - z, 4.0 + z]), rtol=END)
    assert found.two_delta_nll_at_zero == pytest.approx(16.0, abs=DEPTH)


@pytest.mark.parametrize(("sides", "z"), [("two-sided", TWO_SIDED[0.90]), ("upper", ONE_SIDED[0.90])])
def test_even_parameter_whose_interval_reaches_its_boundary(sides, z):
    found = confidence_interval(in_the_square(1.0), 1.0, even=True, sides=sides)
    assert_allclose(found.best_fit, 1.0, rtol=BEST)
    assert found.lower is None
    assert_allclose(found.upper, math.sqrt(1.0 + z), rtol=END)


@pytest.mark.parametrize(("sides", "z"), [("two-sided", TWO_SIDED[0.90]), ("upper", ONE_SIDED[0.90])])
def test_best_fit_on_the_boundary(sides, z):
    """θ² = −2 ± 1 is fitted by zero; the rise is counted from there: (θ² + 2)² = 4 + z²."""
    found = confidence_interval(in_the_square(-2.0), 1.0, even=True, sides=sides)
    assert found.best_fit == 0.0
    assert found.lower is None
    assert_allclose(found.upper, math.sqrt(math.sqrt(4.0 + z**2) - 2.0), rtol=END)
    assert found.two_delta_nll_at_zero == 0.0
    assert found.curve_value[0] == 0.0


def test_even_parameter_ignores_its_sign():
    """The physical range is θ ≥ 0, wherever the statistic would go below."""
    found = confidence_interval(lambda values: (np.abs(values) - 3.0) ** 2, 1.0, even=True)
    assert found.best_fit > 0.0
    assert len(found.segments) == 1


@pytest.mark.parametrize("height", [4.0, 2.7056])
def test_disconnected_interval(height):
    """Two wells at ±1 with a wall: (height) (θ² − 1)² = z² where θ² = 1 ± z/√height."""
    found = confidence_interval(lambda values: height * (values**2 - 1.0) ** 2, 1.0, even=False)
    z = TWO_SIDED[0.90] / math.sqrt(height)
    inner, outer = math.sqrt(1.0 - z), math.sqrt(1.0 + z)
    assert_allclose(found.segments, [[-outer, -inner], [inner, outer]], rtol=END)
    assert (found.lower, found.upper) == (found.segments[0][0], found.segments[1][1])


def test_connected_where_the_wall_is_low():
    found = confidence_interval(lambda values: 2.7 * (values**2 - 1.0) ** 2, 1.0, even=False)
    assert len(found.segments) == 1


def test_only_the_deeper_well_counts():
    """Wells at −1 and 1, the second 3 higher: outside 2.71, so not in the interval."""
    found = confidence_interval(
        lambda values: 40.0 * (values**2 - 1.0) ** 2 + 1.5 * (values + 1.0), 1.0, even=False
    )
    assert len(found.segments) == 1
    assert found.best_fit < 0.0


def test_open_above():
    """θ²/(1 + θ²) never rises by 2.71, but to the left θ² does."""
    found = confidence_interval(
        lambda values: np.where(values < 0.0, values**2, values**2 / (1.0 + values**2)), 1.0, even=False
    )
    assert_allclose(found.lower, -TWO_SIDED[0.90], rtol=END)
    assert found.upper is None


def test_open_on_both_sides():
    found = confidence_interval(lambda values: values**2 / (1.0 + values**2), 1.0, even=False)
    assert found.segments == ((None, None),)


def test_no_minimum_in_the_range():
    with pytest.raises(ConvergenceError, match="no minimum"):
        confidence_interval(lambda values: np.exp(-values / 1e6), 1.0, even=False)
    with pytest.raises(ConvergenceError, match="no minimum"):
        confidence_interval(lambda values: np.exp(values / 1e6), 1.0, even=False)
    with pytest.raises(ConvergenceError, match="no minimum"):
        confidence_interval(lambda values: 1.0 / (1.0 + values), 1.0, even=True)


def test_the_curve_is_the_statistic_around_the_interval():
    statistic = parabola(0.7, 0.2, 22.5)
    found = confidence_interval(statistic, 1.0, even=False)
    assert found.curve_value[0] < found.lower < found.upper < found.curve_value[-1]
    assert_allclose(found.curve_two_delta_nll, statistic(found.curve_value) - found.minimum, rtol=1e-12)


def poisson_statistic(observed, background):
    """−2 ln λ of a signal s on a known background, from the likelihood itself."""
    model = OneChannel(np.array([observed]), np.array([background]), 0.0, np.array([0.0]))
    return lambda signal: model.profile(np.asarray(signal)[:, None, None]).chi2


def poisson_ends(observed, background, cl):
    """Roots of 2 [λ − n + n ln(n/λ)] = z²: λ = −n W(−exp(−1 − z²/2n)), on both branches of Lambert's W."""
    argument = -math.exp(-1.0 - TWO_SIDED[cl] ** 2 / (2.0 * observed))
    return [-observed * lambertw(argument, branch).real - background for branch in (0, -1)]


@pytest.mark.parametrize("cl", TWO_SIDED)
@pytest.mark.parametrize(("observed", "background"), [(9.0, 3.2), (100.0, 50.0), (25.0, 8.0)])
def test_single_poisson_bin(observed, background, cl):
    statistic = poisson_statistic(observed, background)

    # Below −background there is no likelihood: every value there is excluded.
    def everywhere(signal):
        possible = signal > -background
        return np.where(possible, statistic(np.where(possible, signal, 0.0)), 1e6)

    found = confidence_interval(everywhere, 10.0, even=False, cl=cl)
    assert_allclose(found.best_fit, observed - background, rtol=BEST)
    assert_allclose([found.lower, found.upper], poisson_ends(observed, background, cl), rtol=END)


@pytest.mark.parametrize(("sides", "z"), [("two-sided", TWO_SIDED[0.90]), ("upper", ONE_SIDED[0.90])])
def test_no_event_in_a_poisson_bin(sides, z):
    """n = 0: −2 ln λ = 2(b + s) rises by z² at s = z²/2, whatever the background; here s = θ²."""
    statistic = poisson_statistic(0.0, 3.2)
    found = confidence_interval(lambda values: statistic(values**2), 1.0, even=True, sides=sides)
    assert (found.best_fit, found.lower) == (0.0, None)
    assert_allclose(found.upper, z / math.sqrt(2.0), rtol=END)


@pytest.mark.parametrize(
    ("cl", "sides", "named"),
    [
        (0.0, "two-sided", "cl"),
        (1.0, "two-sided", "cl"),
        (1.5, "two-sided", "cl"),
        (-0.9, "two-sided", "cl"),
        (math.nan, "two-sided", "cl"),
        (0.5, "upper", "cl"),
        (0.4, "upper", "cl"),
        (0.9, "lower", "sides"),
        (0.9, "", "sides"),
    ],
)
def test_guards(cl, sides, named):
    with pytest.raises(InputError, match=f"^{named} "):
        confidence_interval(parabola(0.0, 1.0), 1.0, even=False, cl=cl, sides=sides)


def test_guards_from_inside():
    assert confidence_interval(parabola(0.0, 1.0), 1.0, even=False, cl=1e-3).upper > 0.0
    assert confidence_interval(parabola(0.0, 1.0), 1.0, even=False, cl=0.51, sides="upper").upper > 0.0


@pytest.mark.parametrize("wells", [(-3.14159, 1.04), (-0.0777, 0.512), (2.5432, 91.3)], ids=str)
def test_narrow_wells_between_grid_points_are_all_found(wells):
    """Wells narrower than the grid's spacing: the deeper is the best fit, the other a piece of its own."""
    width = 2e-3 * min(abs(well) for well in wells)

    def statistic(values):
        first, second = ((values - well) / width for well in wells)
        return first**2 * second**2 / (first**2 + second**2) + 1.0 * (np.abs(second) < np.abs(first))

    found = confidence_interval(statistic, 1.0, even=False)
    assert_allclose(found.best_fit, wells[0], rtol=1e-5)
    assert len(found.segments) == 2
    for segment, well in zip(found.segments, sorted(wells), strict=True):
        assert segment[0] < well < segment[1]
