import numpy as np
import pytest

from nuatom.numerics.adams import adams_tables, sweep


def wave_error(points: int, count: int) -> float:
    """Error at t = 20 of y₁'' = −y₁, y₁ = sin t, with ``count`` steps."""
    step = 20.0 / count
    y1, y2 = np.zeros(count + 1), np.zeros(count + 1)
    y2[0] = 1.0
    zero, one = np.zeros(count + 1), np.ones(count + 1)
    sweep(zero, one, -one, np.zeros(0), np.zeros(0), y1, y2, 0, count, step, *adams_tables(points))
    return float(np.hypot(y1[-1] - np.sin(20.0), y2[-1] - np.cos(20.0)))


@pytest.mark.parametrize(("points", "counts"), [(5, (200, 400)), (7, (200, 400)), (10, (120, 240))])
def test_order_is_the_number_of_slopes(points, counts):
    coarse, fine = (wave_error(points, count) for count in counts)
    order = np.log(coarse / fine) / np.log(counts[1] / counts[0])
    # The starting block and the long run each bend the slope a little.
    assert order == pytest.approx(points, abs=0.8)


def test_waves_are_stable_up_to_a_quarter_radian_a_step():
    steps = 20_000
    for phase, bound in ((0.17, 1e-6), (0.24, 3e-5)):
        zero, one = np.zeros(steps + 1), np.ones(steps + 1)
        y1, y2 = zero.copy(), zero.copy()
        y2[0] = 1.0
        none = np.zeros(0)
        sweep(zero, one, -one, none, none, y1, y2, 0, steps, phase, *adams_tables())
        assert np.hypot(y1[-1], y2[-1]) == pytest.approx(1.0, abs=bound)


def test_forced_equation_both_ways():
    # y₁' = −y₁ + s₁ with s₁ = 2 cos t has y₁ = sin t + cos t; y₂' = y₂ + s₂ likewise.
    count, step = 300, 0.02
    t = step * np.arange(count + 1)
    y1, y2 = np.zeros(count + 1), np.zeros(count + 1)
    one, zero = np.ones(count + 1), np.zeros(count + 1)
    force_1, force_2 = 2 * np.cos(t), -2 * np.sin(t)
    for first, last in ((0, count), (count, 0)):
        y1[first] = np.sin(t[first]) + np.cos(t[first])
        y2[first] = np.sin(t[first]) + np.cos(t[first])
        sweep(one, zero, zero, force_1, force_2, y1, y2, first, last, step, *adams_tables())
        # One of the two grows in each direction and carries its rounding errors along.
        np.testing.assert_allclose(y1, np.sin(t) + np.cos(t), atol=1e-11)
        np.testing.assert_allclose(y2, np.sin(t) + np.cos(t), atol=1e-11)


def test_tables_integrate_constants_and_lines():
    tables = adams_tables()
    assert tables.corrector.sum() == pytest.approx(1.0, abs=1e-14)
    # ∫ t dt over the last interval [−1, 0], slopes at 0, −1, −2, ...
    assert tables.corrector @ -np.arange(10.0) == pytest.approx(-0.5, abs=1e-12)
    np.testing.assert_allclose(tables.starter.sum(axis=1), np.arange(1.0, 10.0), rtol=1e-13)
