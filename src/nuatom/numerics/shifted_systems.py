"""One matrix, many shifts: (M − σ)x = b from one reduction to Hessenberg form.

M = V H V^†, H upper Hessenberg, costs about as much as ten solutions; every shift after that
costs n² (Golub & Van Loan, Matrix Computations, section 7.4; Laub, IEEE Trans. Autom. Control 26
(1981) 407).
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import hessenberg

from nuatom.errors import ConvergenceError
from nuatom.numerics.compiled import compiled
from nuatom.numerics.complex_splines import ComplexArray

__all__ = ["ShiftedSystem"]

LARGEST_RESIDUAL = 1e-6


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
        reduced, basis = hessenberg(matrix, calc_q=True, overwrite_a=True, check_finite=False)
        self._reduced = np.ascontiguousarray(reduced)
        self._left = left @ basis
        self._right = np.ascontiguousarray(basis.conj().T @ right)
        self.residual = 0.0

    def __call__(self, shift: complex) -> ComplexArray:
        """L (M − σ)^{-1} R, shape (p, q).

        Raises
        ------
        ConvergenceError
            If the relative residual is not below 10⁻⁶: σ is an eigenvalue to rounding.
        """
        solution = self._right.copy()
        _solve(self._reduced.copy(), complex(shift), solution)
        defect = self._reduced @ solution - shift * solution - self._right
        scale = np.linalg.norm(self._right, axis=0)
        ratio = np.linalg.norm(defect, axis=0)[scale > 0.0] / scale[scale > 0.0]
        self.residual = float(ratio.max(initial=0.0))
        if not self.residual < LARGEST_RESIDUAL:
            raise ConvergenceError(f"shifted system: relative residual {self.residual:.3g}")
        result: ComplexArray = self._left @ solution
        return result


@compiled
def _solve(h: ComplexArray, shift: complex, x: ComplexArray) -> None:
    """Gaussian elimination with row exchanges, in place."""
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
        pivot = h[i, i]
        factor = h[i + 1, i] / pivot
        if factor != 0.0:
            for j in range(i + 1, n):
                h[i + 1, j] -= factor * h[i, j]
            for j in range(count):
                x[i + 1, j] -= factor * x[i, j]
    for i in range(n - 1, -1, -1):
        for j in range(count):
            x[i, j] /= h[i, i]
        for k in range(i):
            value = h[k, i]
            for j in range(count):
                x[k, j] -= value * x[i, j]
