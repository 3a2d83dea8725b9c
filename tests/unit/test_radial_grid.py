import numpy as np
import pytest

from nuatom.errors import InputError
from nuatom.numerics.radial_grid import gregory_coefficients, interpolator, log_linear_grid


@pytest.fixture(scope="module")
def grid():
    return log_linear_grid(1e-7, 50.0, 0.03, 2.0)


def test_points_are_uniform_in_the_variable(grid):
    np.testing.assert_allclose(grid.variable(grid.r), np.arange(grid.size), atol=1e-9)
    assert grid.r[0] == 1e-7
    assert 50.0 <= grid.r[-1] < 50.2


def test_gregory_coefficients_are_the_tabulated_ones():
    # Hildebrand, Introduction to Numerical Analysis: 1/2, 1/12, 1/24, 19/720, 3/160, 863/60480.
    expected = [1 / 2, 1 / 12, 1 / 24, 19 / 720, 3 / 160, 863 / 60480]
    np.testing.assert_allclose(gregory_coefficients(6), expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("function", "primitive"),
    [
        (np.ones_like, lambda r: r),
        (lambda r: np.exp(-r), lambda r: -np.exp(-r)),
        (np.cos, np.sin),
        (lambda r: r**-0.5, lambda r: 2 * np.sqrt(r)),
    ],
)
def test_weights_integrate(grid, function, primitive):
    # Rounding: a thousand terms of order one.
    exact = primitive(grid.r[-1]) - primitive(grid.r[0])
    assert grid.integrate(function(grid.r)) == pytest.approx(exact, abs=1e-11)


def test_interpolation_is_exact_on_and_accurate_between_points(grid):
    radius = np.array([grid.r[0], grid.r[17], 0.3, 1.0, 7.77, grid.r[-1]])
    place = interpolator(grid, radius)
    np.testing.assert_allclose(place(np.sin(grid.r)), np.sin(radius), atol=1e-12)
    stacked = place(np.stack([grid.r**0.7, np.exp(-grid.r)]))
    np.testing.assert_allclose(stacked, [radius**0.7, np.exp(-radius)], rtol=1e-9)


def test_derivative(grid):
    values = np.stack([np.sin(grid.r), grid.r**2.5])
    exact = np.stack([np.cos(grid.r), 2.5 * grid.r**1.5])
    inside = slice(5, -5)
    # Rounding of the function over the smallest step, and h^10 with h = 0.03.
    np.testing.assert_allclose(
        (grid.derivative(values) * grid.rate)[:, inside],
        (exact * grid.rate)[:, inside],
        atol=1e-11,
    )


def test_arrays_are_read_only(grid):
    with pytest.raises(ValueError, match="read-only"):
        grid.r[0] = 1.0


@pytest.mark.parametrize("argument", ["start", "stop", "step", "bend"])
@pytest.mark.parametrize("value", [0.0, -1.0, np.inf, np.nan])
def test_bad_grids_are_refused(argument, value):
    arguments = {"start": 1e-6, "stop": 10.0, "step": 0.03, "bend": 1.0} | {argument: value}
    with pytest.raises(InputError) as caught:
        log_linear_grid(**arguments)
    assert caught.value.argument == argument


def test_too_short_a_grid_is_refused():
    with pytest.raises(InputError, match="stop"):
        log_linear_grid(1.0, 1.1, 0.03, 1.0)


def test_interpolation_outside_is_refused(grid):
    for radius in (0.5e-7, 60.0):
        with pytest.raises(InputError, match="inside"):
            interpolator(grid, np.array([1.0, radius]))
