import numpy as np
import pytest

from nuatom.errors import ConvergenceError
from nuatom.numerics.shifted_systems import ShiftedSystem


def random_problem(size=60):
    rng = np.random.default_rng(5)
    matrix = rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size))
    left, right = rng.normal(size=(3, size)) + 0j, rng.normal(size=(size, 4)) + 0j
    return matrix, left, right


def test_agrees_with_a_dense_solution_at_every_shift():
    matrix, left, right = random_problem()
    system = ShiftedSystem(matrix.copy(), left, right)
    for shift in (0.0, 1.5, -2.0 + 3.0j):
        dense = left @ np.linalg.solve(matrix - shift * np.eye(len(matrix)), right)
        assert np.allclose(system(shift), dense, rtol=1e-10, atol=0.0)
        assert system.residual < 1e-12


def test_an_eigenvalue_is_refused():
    matrix = np.diag(np.arange(1.0, 9.0)).astype(complex)
    ones = np.ones((1, 8), dtype=complex)
    system = ShiftedSystem(matrix, ones, ones.T)
    with pytest.raises(ConvergenceError):
        system(3.0)
