import numpy as np
import pytest

from nuatom.errors import InputError
from nuatom.numerics.complex_splines import complex_contour, multipole_kernel, splines

EDGES = np.concatenate([[0.0], np.geomspace(1e-3, 1.0, 14), np.arange(1.5, 40.0, 0.5)])
TURN = int(np.searchsorted(EDGES, 20.0))


@pytest.fixture(scope="module")
def contour():
    return complex_contour(EDGES, TURN, 4, 0.5, 10)


def test_contour_is_real_before_the_turn_and_straight_after(contour):
    real = contour.real_points
    assert np.all(contour.z[:real] == contour.r[:real])
    assert np.all(contour.rate[:real] == 1.0)
    assert np.allclose(np.angle(contour.rate[-50:]), 0.5, rtol=1e-14, atol=0.0)


def test_integral_does_not_know_the_contour(contour):
    # ∫ r² e^{−r/3} dr from 0 to the end, a complex point where nothing is left.
    z = contour.z
    total = np.sum(contour.weight * contour.rate * z**2 * np.exp(-z))
    assert total == pytest.approx(2.0, rel=1e-10, abs=0.0)


def test_outgoing_wave_decays_and_its_integral_is_exact(contour):
    # ∫_0^∞ e^{ikr} dr = i/k has no meaning on a real box.
    k = 2.0
    total = np.sum(contour.weight * contour.rate * np.exp(1j * k * contour.z))
    assert total == pytest.approx(1j / k, rel=1e-6, abs=0.0)


@pytest.mark.parametrize("k", [0, 1, 3])
def test_kernel_integrates_the_kink_exactly(contour, k):
    # With ρ = r^{k+2} e^{−4r}: the inner and outer integrals are incomplete gamma functions.
    from scipy.special import gamma, gammainc, gammaincc

    r = contour.r[: contour.real_points]
    potential = multipole_kernel(contour, k) @ (r ** (k + 2) * np.exp(-4.0 * r))
    n = 2 * k + 3
    inner = gammainc(n, 4.0 * r) * gamma(n) / 4.0**n / r ** (k + 1)
    outer = r**k * gammaincc(2, 4.0 * r) / 16.0
    # In the first panel, which ends at 10⁻³ bohr, r^{−k−1} spans decades; no charge is there.
    there = slice(contour.order, None)
    assert np.allclose(potential[there], (inner + outer)[there], rtol=1e-10, atol=0.0)


def test_splines_are_a_partition_of_unity_inside(contour):
    values, slopes = splines(contour, 6)
    inside = slice(100, -100)
    assert np.allclose(values.sum(axis=0)[inside], 1.0, rtol=1e-13, atol=0.0)
    assert np.abs(slopes.sum(axis=0)[inside]).max() < 1e-9


@pytest.mark.parametrize(
    ("edges", "turn", "angle"),
    [(EDGES[1:], TURN, 0.5), (EDGES[::-1], TURN, 0.5), (EDGES, 0, 0.5), (EDGES, 10_000, 0.5),
     (EDGES, TURN, 0.0), (EDGES, TURN, 1.0)],
)  # fmt: skip
def test_bad_contours_are_refused(edges, turn, angle):
    with pytest.raises(InputError):
        complex_contour(edges, turn, 4, angle, 8)
