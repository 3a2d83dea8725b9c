"""Expected counts as exact polynomials of parameters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nuatom.neutrinos import Parameter
from nuatom.numerics.quadrature import FloatArray

__all__ = ["QuadraticCounts"]

# What differences of counts leave of a term that is not there.
_ROUNDING: Final = 1e-10


@dataclass(frozen=True, eq=False)
class QuadraticCounts:
    """Expected counts n(θ) = c + b·θ + θᵀaθ per component and bin, exact: cross sections are quadratic.

    Parameters
    ----------
    parameters : tuple of Parameter
        What θ holds.
    scale : ndarray, shape (parameters,)
        θ is measured in units of this.
    constant, linear, square : ndarray
        Coefficients, of shapes (components, bins), (p, components, bins) and (p, p, components, bins).
    """

    parameters: tuple[Parameter, ...]
    scale: FloatArray
    constant: FloatArray
    linear: FloatArray
    square: FloatArray

    def summed(self) -> QuadraticCounts:
        """All components together, as one."""
        return replace(
            self,
            constant=self.constant.sum(axis=-2, keepdims=True),
            linear=self.linear.sum(axis=-2, keepdims=True),
            square=self.square.sum(axis=-2, keepdims=True),
        )

    def even(self, index: int) -> bool:
        """Whether only the square of a parameter counts, so that its sign cannot be measured."""
        odd = [self.linear[index], *np.delete(self.square[index], index, axis=0)]
        size = np.abs(self.constant).max() + np.abs(self.square).max()
        return all(np.abs(term).max() <= _ROUNDING * size for term in odd)

    def __call__(self, values: FloatArray) -> FloatArray:
        """Expected counts at points of the parameter space.

        Parameters
        ----------
        values : ndarray, shape (..., parameters)

        Returns
        -------
        ndarray, shape (..., components, bins)
        """
        shape = self.constant.shape
        coefficients = np.concatenate([self.constant[None], self.linear, self.square.reshape(-1, *shape)])
        return np.tensordot(self.powers(values), coefficients, axes=1)

    def powers(self, values: FloatArray) -> FloatArray:
        """What multiplies constant, linear and square coefficients, one after the other."""
        units = np.asarray(values, dtype=float) / self.scale
        products = units[..., :, None] * units[..., None, :]
        return np.concatenate(
            [np.ones((*units.shape[:-1], 1)), units, products.reshape(*units.shape[:-1], -1)], axis=-1
        )
