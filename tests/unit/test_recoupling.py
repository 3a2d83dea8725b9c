import math

import pytest

from nuatom.numerics.recoupling import six_j, three_j


def test_three_j_symbols_are_orthonormal():
    for a, b in ((1, 3), (3, 5), (4, 7)):
        for alpha in range(-a, a + 1, 2):
            for beta in range(-b, b + 1, 2):
                total = sum(
                    (c + 1) * three_j(a, b, c, alpha, beta, -alpha - beta) ** 2
                    for c in range(abs(a - b), a + b + 1, 2)
                )
                assert total == pytest.approx(1.0, rel=1e-14, abs=0.0)


def test_three_j_of_a_diagonal_dipole():
    # (j 1 j; −m 0 m) = (−1)^{3j+m} m/√(j(j+1)(2j+1)) (Edmonds, table 2, columns in this order).
    for j, m in ((1, 1), (3, 3), (3, -1), (4, 2)):
        exact = (-1) ** (j + (j + m) // 2) * (m / 2) / math.sqrt(j / 2 * (j / 2 + 1) * (j + 1))
        assert three_j(j, 2, j, -m, 0, m) == pytest.approx(exact, rel=1e-14, abs=0.0)


def test_forbidden_symbols_vanish():
    assert three_j(1, 1, 4, 1, -1, 0) == 0.0
    assert three_j(2, 2, 2, 2, 2, 0) == 0.0
    assert six_j(1, 1, 4, 1, 1, 2) == 0.0


def test_six_j_symbols_are_orthonormal():
    # Σ_x (2x+1)(2y+1) {a b x; c d y}² = 1 (Edmonds, equation 6.2.9).
    for a, b, c, d, y in ((1, 3, 5, 3, 2), (5, 3, 3, 5, 4), (1, 1, 1, 1, 0)):
        total = sum((x + 1) * (y + 1) * six_j(a, b, x, c, d, y) ** 2 for x in range(0, a + b + 1, 2))
        assert total == pytest.approx(1.0, rel=1e-13, abs=0.0)


def test_six_j_with_a_zero():
    # {a b c; b a 0} = (−1)^{a+b+c}/√((2a+1)(2b+1)) (Edmonds, equation 6.3.2).
    assert six_j(3, 5, 4, 5, 3, 0) == pytest.approx((-1) ** 6 / math.sqrt(24), rel=1e-14, abs=0.0)
