"""Kernels of r_< and r_> on Gauss panels: against closed forms and the matrix of another module."""

import numpy as np
import pytest

from nuatom.numerics.complex_splines import ComplexContour, multipole_kernel
from nuatom.numerics.radial_panels import radial_panels


@pytest.fixture
def panels():
    return radial_panels(np.concatenate([np.geomspace(0.01, 1.0, 8), np.arange(1.5, 8.1, 0.5)]), 10)


def test_weights_integrate(panels):
    assert panels.weight @ np.exp(-panels.r) == pytest.approx(np.exp(-0.01) - np.exp(-8.0), abs=1e-14)


def test_a_kernel_with_a_kink_keeps_the_accuracy_of_the_panels(panels):
    """∫e^{ik|r − r'|} cos r' dr' in closed form, for a propagating, a mixed and a decaying k."""
    r, first, last = panels.r, panels.edges[0], panels.edges[-1]
    waves = np.array([3.0, 2.0 + 1.0j, 2.5j])
    kernel = panels.product_kernel(np.exp(-1j * waves[:, None] * r), np.exp(1j * waves[:, None] * r))
    exact = np.zeros(r.size, dtype=complex)
    for k in waves:
        for s in (1.0, -1.0):
            below = np.exp(1j * s * r) - np.exp(1j * k * (r - first) + 1j * s * first)
            above = np.exp(1j * k * (last - r) + 1j * s * last) - np.exp(1j * s * r)
            exact += 0.5 * (below / (1j * (s - k)) + above / (1j * (s + k)))
    np.testing.assert_allclose(kernel @ np.cos(r), exact, rtol=0.0, atol=1e-9)


@pytest.mark.parametrize("k", [0, 1, 5])
def test_running_sums_are_the_multipole_matrix(panels, k):
    r, weight = panels.r, panels.weight
    contour = ComplexContour(
        panels.edges, panels.order, r, r.astype(complex), np.ones(r.size, dtype=complex), weight, r.size
    )
    columns = np.stack([np.exp(-r) * r, np.exp((2.0j - 1.0) * r)], axis=1)
    expected = multipole_kernel(contour, k) @ columns
    np.testing.assert_allclose(panels.multipole_interaction(k, columns), expected, rtol=1e-12, atol=1e-14)
