"""The half-integer 3j symbol against SymPy, orthogonality and its guards."""

import numpy as np
import pytest
from sympy import Rational
from sympy.physics.wigner import wigner_3j

from nuatom.errors import InputError
from nuatom.numerics.wigner import half_three_j_squared


def test_agrees_with_sympy():
    half = Rational(1, 2)
    for a in range(1, 10, 2):
        for b in range(1, 10, 2):
            for order in range(11):
                exact = float(wigner_3j(a * half, order, b * half, -half, 0, half)) ** 2
                assert half_three_j_squared(a, order, b) == pytest.approx(exact, rel=1e-13, abs=0.0)


@pytest.mark.parametrize(("a", "b"), [(1, 1), (801, 7), (801, 803)])
def test_orthogonality_at_large_angular_momentum(a, b):
    order = np.arange(900)
    total = np.sum((2 * order + 1) * half_three_j_squared(a, order, b))
    assert total == pytest.approx(1.0, rel=1e-13, abs=0.0)


@pytest.mark.parametrize(("a", "order", "b"), [(2, 1, 1), (-1, 1, 1), (1, -1, 1), (1, 1, 4)])
def test_refuses_impossible_angular_momenta(a, order, b):
    with pytest.raises(InputError):
        half_three_j_squared(a, order, b)
