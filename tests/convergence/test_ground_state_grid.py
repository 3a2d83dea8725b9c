import numpy as np
import pytest

from nuatom.atoms.structure.ground_state import atomic_grid, ground_state


def energy(atomic_number: int, nucleus: str = "point", **grid: float) -> float:
    state = ground_state(
        atomic_number, nucleus=nucleus, grid=atomic_grid(atomic_number, **grid), tolerance=1e-11
    )
    return state.total_energy


@pytest.mark.parametrize("atomic_number", [18, 54])
def test_order_of_convergence_is_that_of_the_integrator(atomic_number):
    fine = energy(atomic_number, step=0.02)
    errors = [abs(energy(atomic_number, step=step) - fine) for step in (0.06, 0.03)]
    # Ten slopes give order ten; the fine grid itself is not exact.
    assert np.log2(errors[0] / errors[1]) > 9.0
    assert errors[1] / abs(fine) < 1e-12


@pytest.mark.parametrize("atomic_number", [18, 54, pytest.param(92, marks=pytest.mark.slow)])
def test_default_grid_is_converged(atomic_number):
    coarse = energy(atomic_number, nucleus="fermi")
    fine = energy(atomic_number, nucleus="fermi", step=0.015)
    # The Fermi surface is the sharpest thing on the grid.
    assert coarse == pytest.approx(fine, rel=3e-11, abs=0.0)


def test_size_of_the_box():
    errors = [abs(energy(18, radius=r) - energy(18)) for r in (8.0, 10.0, 12.0, 40.0)]
    # Falls like the square of the 3p tail, e^{−2√(2·0.588) r}: by 77 in two bohr.
    assert errors[1] < errors[0] / 40.0
    assert errors[2] < errors[1] / 40.0
    assert errors[3] < 1e-12 * abs(energy(18))


def test_linear_part_of_the_grid():
    assert energy(54, bend=1.0) == pytest.approx(energy(54, bend=3.0), rel=1e-11, abs=0.0)
