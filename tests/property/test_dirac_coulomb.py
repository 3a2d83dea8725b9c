import numpy as np
import pytest

from nuatom.atoms.structure.dirac import bound_orbital
from nuatom.atoms.structure.inhomogeneous import bound_response
from nuatom.atoms.units import SPEED_OF_LIGHT
from nuatom.errors import ConvergenceError
from nuatom.numerics.radial_grid import log_linear_grid

KAPPAS = [(n, k) for n in range(1, 7) for k in range(-n, n) if k != 0]


def sommerfeld(charge: float, n: int, kappa: int, c: float = SPEED_OF_LIGHT) -> float:
    """Exact energy in a point Coulomb field, without cancellation of the rest energy."""
    gamma = np.sqrt(kappa**2 - (charge / c) ** 2)
    x = (charge / c / (n - abs(kappa) + gamma)) ** 2
    return -(c**2) * x / (np.sqrt(1 + x) * (1 + np.sqrt(1 + x)))


@pytest.mark.parametrize("charge", [1, 10, 54, 80, 100])
def test_energies_are_sommerfelds(charge):
    grid = log_linear_grid(1e-7 / charge, 300.0 / charge, 0.03, 4.0 / charge)
    for n, kappa in KAPPAS:
        solution = bound_orbital(grid, -charge / grid.r, n, kappa, SPEED_OF_LIGHT)
        # Rounding of a few thousand steps.
        assert solution.energy == pytest.approx(sommerfeld(charge, n, kappa), rel=1e-13, abs=0.0)
        norm = grid.integrate(solution.large**2 + solution.small**2)
        assert norm == pytest.approx(1.0, rel=1e-12, abs=0.0)


def test_ground_state_wave_function():
    # 1s: P ∝ r^γ e^{−Zr}, Q/P = −Zα/(1 + γ) (Bethe & Salpeter, section 14), our sign of Q.
    charge, c = 60.0, SPEED_OF_LIGHT
    grid = log_linear_grid(1e-7 / charge, 1.0, 0.03, 0.1)
    solution = bound_orbital(grid, -charge / grid.r, 1, -1, c)
    gamma = np.sqrt(1 - (charge / c) ** 2)
    expected = grid.r**gamma * np.exp(-charge * grid.r)
    expected *= solution.large.max() / expected.max()
    shown = expected > 1e-8 * expected.max()
    np.testing.assert_allclose(solution.large[shown], expected[shown], rtol=1e-6)
    ratio = solution.small[shown] / solution.large[shown]
    np.testing.assert_allclose(ratio, -charge / c / (1 + gamma), rtol=1e-8)


def test_nodes():
    grid = log_linear_grid(1e-6, 120.0, 0.03, 2.0)
    for n, kappa in KAPPAS:
        large = bound_orbital(grid, -2.0 / grid.r, n, kappa, SPEED_OF_LIGHT).large
        shown = large[np.abs(large) > 1e-10]
        l = kappa if kappa > 0 else -kappa - 1  # noqa: E741
        assert np.count_nonzero(np.diff(np.sign(shown))) == n - l - 1


def test_unbound_orbital_is_refused():
    grid = log_linear_grid(1e-6, 30.0, 0.03, 1.0)
    with pytest.raises(ConvergenceError, match="3d3/2 is not bound"):
        bound_orbital(grid, -np.exp(-grid.r) / grid.r, 3, 2, SPEED_OF_LIGHT)


@pytest.mark.parametrize(
    ("charge", "n", "kappa", "share"),
    # In the last two no motion is allowed at the energy of the answer.
    [
        (20.0, 4, -1, 0.83),
        (20.0, 4, 1, 0.83),
        (20.0, 4, -3, 0.83),
        (60.0, 13, -12, 30.0),
        (60.0, 13, 11, 30.0),
    ],
)
def test_response_inverts_the_dirac_operator(charge, n, kappa, share):
    # (h − E) φ = −(E_n − E) ... : with S = (E − E_n) φ_n the answer is φ_n itself.
    grid = log_linear_grid(1e-8, 20.0, 0.03, 0.3)
    potential = -charge / grid.r
    exact = bound_orbital(grid, potential, n, kappa, SPEED_OF_LIGHT)
    energy = share * exact.energy
    shift = energy - exact.energy
    large, small = bound_response(
        grid, potential, kappa, energy, SPEED_OF_LIGHT, shift * exact.large, shift * exact.small
    )
    np.testing.assert_allclose(large, exact.large, atol=1e-11)
    np.testing.assert_allclose(small, exact.small, atol=1e-11)
