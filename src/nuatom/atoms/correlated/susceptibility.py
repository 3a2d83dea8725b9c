"""Responses of one multipole and parity at all momenta, for any complex energy.

Matrices come from `nuatom.atoms.correlated.random_phase`, operators and what is made of them from
`nuatom.atoms.correlated.operators`. All momenta of a parity's four operators span few probes, and these share
one factorisation.
"""

from __future__ import annotations

import numpy as np

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.correlated.ion_field import IonChannels
from nuatom.atoms.correlated.operators import operators, products
from nuatom.atoms.correlated.random_phase import ExcitationSpace
from nuatom.numerics.complex_splines import ComplexArray
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.shifted_systems import ShiftedSystem

__all__ = ["PROBE_TOLERANCE", "IndependentResponse", "MultipoleResponse"]

PROBE_TOLERANCE = 1e-8
"""Of singular values by default."""


class MultipoleResponse:
    """χ of electrons that answer together.

    Parameters
    ----------
    space : ExcitationSpace
    momentum : ndarray, shape (Q,)
    plus, minus : ndarray of complex, shape (states, states)
        A + B and A − B.
    tolerance : float
        Singular values, relative to the largest, below which a momentum adds no new probe.

    Attributes
    ----------
    residual : float
        Largest relative residual of the solved equations.
    """

    def __init__(
        self,
        space: ExcitationSpace,
        momentum: FloatArray,
        plus: ComplexArray,
        minus: ComplexArray,
        tolerance: float = PROBE_TOLERANCE,
    ) -> None:
        self._products = products(space.parity)
        self._even = [operator.even for operator in operators(space.parity)]
        amplitudes = space.amplitudes(momentum)
        even, odd = (
            _compress(
                amplitudes[[row for row, is_even in enumerate(self._even) if is_even == wanted]], tolerance
            )
            for wanted in (True, False)
        )
        count = even[0].shape[1]
        self._at = {True: slice(0, count), False: slice(count, None)}
        expansions = {True: iter(even[1]), False: iter(odd[1])}
        self._expansions = [next(expansions[is_even]) for is_even in self._even]
        left = np.concatenate([even[0].T, odd[0].T @ plus])
        right = np.concatenate([minus @ even[0], odd[0]], axis=1)
        self._system = ShiftedSystem(minus @ plus, left, right)
        self.residual = 0.0

    def unstable(self) -> list[int]:
        """Rows of the components of an operator that answers its own static field with the wrong sign.

        A Hartree-Fock state that a field of spin destroys (beryllium's: its triplet has ω² < 0) has no
        random-phase approximation for that field.
        """
        static = self._system(0.0)
        wrong = []
        for is_even, expansion in zip(self._even, self._expansions, strict=True):
            at = self._at[is_even]
            answer = np.einsum("iq,iq->q", expansion, static[at, at] @ expansion)
            wrong.append(bool(np.any(answer.real < 0.0)))
        return [p.component for p in self._products if wrong[p.left] or wrong[p.right]]

    def __call__(self, energies: ComplexArray) -> ComplexArray:
        """χ in the order of `nuatom.atoms.components.COMPONENTS`, shape (energies, 9, Q)."""
        shape = (len(energies), len(COMPONENTS), self._expansions[0].shape[1])
        result = np.zeros(shape, dtype=complex)
        for chi, energy in zip(result, energies, strict=True):
            solution = -2.0 * self._system(energy**2)
            self.residual = max(self.residual, self._system.residual)
            for product in self._products:
                # Of an even and an odd operator the solution holds e N^{-1} d as (even, odd).
                one, two = sorted((product.left, product.right), key=lambda row: not self._even[row])
                scale = product.weight * (1.0 if self._even[one] == self._even[two] else energy)
                block = solution[self._at[self._even[one]], self._at[self._even[two]]]
                found = np.einsum("iq,iq->q", self._expansions[one], block @ self._expansions[two])
                chi[product.component] += scale * found
        return result


class IndependentResponse:
    """χ of electrons that answer alone; parameters as of `MultipoleResponse`."""

    def __init__(self, space: ExcitationSpace, momentum: FloatArray, channels: IonChannels) -> None:
        self._poles, waves = channels(space)
        amplitudes = space.amplitudes(momentum)
        for at, vectors in zip(space.slices, waves, strict=True):
            amplitudes[:, at] = vectors.T @ amplitudes[:, at]
        even = [operator.even for operator in operators(space.parity)]
        self._momenta = momentum.size
        self._terms = [
            (
                product.component,
                -1.0 if even[product.left] == even[product.right] else 1.0,
                product.weight * (amplitudes[product.left] * amplitudes[product.right]).T,
            )
            for product in products(space.parity)
        ]

    def __call__(self, energies: ComplexArray) -> ComplexArray:
        """χ in the order of `nuatom.atoms.components.COMPONENTS`, shape (energies, 9, Q)."""
        up = 1.0 / (energies - self._poles[:, None])
        down = 1.0 / (energies + self._poles[:, None])
        result = np.zeros((len(COMPONENTS), self._momenta, len(energies)), dtype=complex)
        for component, sign, strength in self._terms:
            result[component] += strength @ (up + sign * down)
        return result.transpose(2, 0, 1)


def _compress(amplitudes: ComplexArray, tolerance: float) -> tuple[ComplexArray, list[ComplexArray]]:
    """Few probes that span all operators and momenta, and each operator's expansion in them."""
    count, states, momenta = amplitudes.shape
    columns = amplitudes.transpose(1, 0, 2).reshape(states, count * momenta)
    norms = np.linalg.norm(columns, axis=0)
    used = norms > 0.0
    probes = columns[:, :0]
    expansion = np.zeros((0, count * momenta), dtype=complex)
    if used.any():
        u, s, v = np.linalg.svd(columns[:, used] / norms[used], full_matrices=False)
        keep = s > tolerance * s[0]
        probes = u[:, keep]
        expansion = np.zeros((int(keep.sum()), count * momenta), dtype=complex)
        expansion[:, used] = s[keep, None] * v[keep] * norms[used]
    return probes, list(expansion.reshape(-1, count, momenta).transpose(1, 0, 2))
