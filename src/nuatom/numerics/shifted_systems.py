"""One matrix, many shifts: (M − σ)x = b from one reduction to Hessenberg form.

M = V H V^†, H upper Hessenberg, costs about as much as ten solutions; every shift after that
costs n² (Golub & Van Loan, Matrix Computations, section 7.4; Laub, IEEE Trans. Autom. Control 26
(1981) 407).
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import lapack, solve_triangular

from nuatom.errors import ConvergenceError
from nuatom.numerics.compiled import compiled
from nuatom.numerics.complex_splines import ComplexArray

__all__ = ["ShiftedSystem"]

LARGEST_RESIDUAL = 1e-6
TINY = 1e-300


class ShiftedSystem:
    """L (M − σ)^{-1} R for fixed M, left rows L and right columns R, at any shift σ.

    Parameters
    ----------
    matrix : ndarray of complex, shape (n, n)
        M; overwritten.
    left : ndarray of complex, shape (p, n)
    right : ndarray of complex, shape (n, q)

    Attributes
    ----------
    residual : float
        Relative residual of the last solution.
    """

    def __init__(self, matrix: ComplexArray, left: ComplexArray, right: ComplexArray) -> None:
        reduced, self._left, right = _hessenberg(matrix, left, right)
        self._reduced: ComplexArray = np.ascontiguousarray(reduced)
        self._right: ComplexArray = np.ascontiguousarray(right)
        self.residual = 0.0

    def __call__(self, shift: complex) -> ComplexArray:
        """L (M − σ)^{-1} R, shape (p, q).

        Raises
        ------
        ConvergenceError
            If the relative residual is not below 10⁻⁶: σ is an eigenvalue to rounding.
        """
        solution = self._right.copy()
        triangle = self._reduced.copy()
        if not _eliminate(triangle, complex(shift), solution):
            raise ConvergenceError(f"shifted system: {shift:.6g} is an eigenvalue")
        # Fortran order is the transpose of a lower triangle: no copy.
        solution = solve_triangular(
            triangle.T, solution, trans="T", lower=True, overwrite_b=True, check_finite=False
        )
        # One sum of all columns shows a failure as well as each of them.
        total, wanted = solution.sum(axis=1), self._right.sum(axis=1)
        defect = self._reduced @ total - shift * total - wanted
        self.residual = float(np.linalg.norm(defect)) / max(float(np.linalg.norm(wanted)), TINY)
        if not self.residual < LARGEST_RESIDUAL:
            raise ConvergenceError(f"shifted system: relative residual {self.residual:.3g}")
        result: ComplexArray = self._left @ solution
        return result


def _hessenberg(
    matrix: ComplexArray, left: ComplexArray, right: ComplexArray
) -> tuple[ComplexArray, ComplexArray, ComplexArray]:
    """V^† M V, L V and V^† R, V as its reflectors: to form it would cost half as much again."""
    size = matrix.shape[0]
    lwork = 64 * size
    reduced, tau, info = lapack.zgehrd(matrix, lwork=lwork, overwrite_a=True)
    if info:
        raise ConvergenceError(f"reduction to Hessenberg form: LAPACK says {info}")
    # The first row and column stay as they are.
    rows, columns = left.astype(complex), right.astype(complex)
    if size > 1:
        reflectors = np.asfortranarray(reduced[1:, :-1])
        rows[:, 1:] = lapack.zunmqr("R", "N", reflectors, tau, rows[:, 1:], lwork)[0]
        columns[1:] = lapack.zunmqr("L", "C", reflectors, tau, columns[1:], lwork)[0]
    return np.triu(reduced, -1), rows, columns


@compiled
def _eliminate(h: ComplexArray, shift: complex, x: ComplexArray) -> bool:
    """Turn (H − σ) x into an upper triangular system, in place, with row exchanges.

    Returns whether every pivot differs from zero.
    """
    n, count = x.shape
    for i in range(n):
        h[i, i] -= shift
    for i in range(n - 1):
        if abs(h[i + 1, i]) > abs(h[i, i]):
            for j in range(i, n):
                swap = h[i, j]
                h[i, j] = h[i + 1, j]
                h[i + 1, j] = swap
            for j in range(count):
                swap = x[i, j]
                x[i, j] = x[i + 1, j]
                x[i + 1, j] = swap
        if h[i, i] == 0.0:
            return False
        factor = h[i + 1, i] / h[i, i]
        if factor != 0.0:
            for j in range(i + 1, n):
                h[i + 1, j] -= factor * h[i, j]
            for j in range(count):
                x[i + 1, j] -= factor * x[i, j]
    return bool(h[n - 1, n - 1] != 0.0)
