import numpy as np
import pytest

from nuatom.numerics.spectral_average import average_points


def test_no_width_is_one_point():
    offsets, weights = average_points(0.0)
    assert offsets.tolist() == [0.0]
    assert weights.tolist() == [1.0]


def test_weights_sum_to_one_with_no_first_or_second_imaginary_moment():
    offsets, weights = average_points(0.3)
    assert weights.sum() == pytest.approx(1.0, rel=1e-14, abs=0.0)
    # ∫x K dx = 0 and ∫x² K dx = γ² sin(π/8)/sin(3π/8).
    assert abs((weights * offsets).sum()) < 1e-15
    second = 0.3**2 * np.sin(np.pi / 8) / np.sin(3 * np.pi / 8)
    assert (weights * offsets**2).sum() == pytest.approx(second, rel=1e-13, abs=0.0)


def test_average_of_a_resonance_is_the_integral_with_the_weight():
    # χ = 1/(ω − a + ib) is analytic above the axis.
    width, pole = 0.5, 1.1 - 0.05j
    offsets, weights = average_points(width)
    average = (weights / (1.0 + offsets - pole)).sum()
    x = np.linspace(-200.0, 200.0, 4_000_001)
    kernel = 4.0 / np.pi * np.sin(np.pi / 8.0) / (1.0 + x**8)
    exact = np.trapezoid(kernel / (1.0 + width * x - pole), x)
    assert average == pytest.approx(exact, rel=1e-8, abs=0.0)
