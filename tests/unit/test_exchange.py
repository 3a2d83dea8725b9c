import numpy as np
import pytest
from scipy.special import gamma, gammainc, gammaincc

from nuatom.atoms.structure.coulomb import exchange_factor, multipole_potential, multipoles
from nuatom.numerics.radial_grid import log_linear_grid


@pytest.mark.parametrize(
    ("kappa_a", "kappa_b", "k", "value"),
    # (½ 0 ½; −½ 0 ½)² = 1/2, (½ 1 ½)² = 1/6, (½ 1 3/2)² = 1/6, (3/2 2 3/2)² = 1/20:
    # Edmonds, Angular Momentum in Quantum Mechanics, table 2.
    [(-1, -1, 0, 1 / 2), (-1, 1, 1, 1 / 6), (-1, -2, 1, 1 / 6), (-2, -2, 2, 1 / 20)],
)
def test_coefficients(kappa_a, kappa_b, k, value):
    assert exchange_factor(kappa_a, kappa_b, k) == pytest.approx(value, rel=1e-15, abs=0.0)


@pytest.mark.parametrize("kappa_a", [-7, -4, -3, -1, 1, 2, 5])
@pytest.mark.parametrize("kappa_b", [-6, -2, -1, 1, 3, 6])
def test_coefficients_of_both_parities_complete_the_sum(kappa_a, kappa_b):
    # Σ_k (2k + 1)(a k b; −½ 0 ½)² = 1; −κ_b has the other parity and the same j.
    total = sum(
        (2 * k + 1) * exchange_factor(kappa_a, kappa, k)
        for kappa in (kappa_b, -kappa_b)
        for k in multipoles(kappa_a, kappa)
    )
    assert total == pytest.approx(1.0, rel=1e-14, abs=0.0)


def test_wrong_parity_has_no_coefficient():
    assert exchange_factor(-1, 1, 0) == 0.0
    assert exchange_factor(-1, -2, 2) == 0.0


def test_potential_of_the_hydrogen_ground_state():
    grid = log_linear_grid(1e-7, 60.0, 0.04, 2.0)
    r = grid.r
    potential = multipole_potential(grid, 4 * r**2 * np.exp(-2 * r))
    outside = r > 1e-2
    exact = (1 - (1 + r) * np.exp(-2 * r)) / r
    np.testing.assert_allclose(potential[outside], exact[outside], rtol=1e-12)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_multipole_potential(k):
    grid = log_linear_grid(1e-7, 80.0, 0.04, 2.0)
    r = grid.r
    potential = multipole_potential(grid, r**8 * np.exp(-r), k)
    inner = gamma(9 + k) * gammainc(9 + k, r) / r ** (k + 1)
    outer = gamma(8 - k) * gammaincc(8 - k, r) * r**k
    middle = (r > 1e-3) & (r < 70.0)
    np.testing.assert_allclose(potential[middle], (inner + outer)[middle], rtol=1e-10)
