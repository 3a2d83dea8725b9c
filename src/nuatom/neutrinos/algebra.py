r"""The algebra of couplings: what multiplies each kernel for a neutrino that arrives in a given state.

Every cross section is quadratic in the couplings. A neutrino that arrives with flavour amplitudes ψ leaves
with amplitudes Aψ, Bψ, … by the ways it can interact (:mod:`nuatom.neutrinos.amplitudes`), each a matrix in
flavour that is linear in the couplings; summed over the flavours that leave, kernel k is multiplied by an
element of their Gram matrix,

.. math:: C_k = f_k\,\mathrm{Re}\,\psi^\dagger A_k^\dagger B_k\psi,

with f = 1 for a square and 2 for the two equal halves of an interference. A process says which products of
which amplitudes its kernels are (:mod:`nuatom.processes`), and nothing else about couplings.

Only diagonal elements interfere with the weak interaction of a flavour state, as they must. An antineutrino
state is given by the amplitudes of the neutrino state it is the antiparticle of: its charges, radii and weak
vector coupling change sign together, so that only the sign of the vector-axial interference differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nuatom.errors import InputError
from nuatom.neutrinos.amplitudes import moment
from nuatom.neutrinos.mixing import FLAVOURS
from nuatom.neutrinos.neutrino import Neutrino

__all__ = ["Algebra", "Amplitude", "Product", "flavour_state"]

Amplitude = Callable[[Neutrino, NDArray[np.complex128]], NDArray[np.complex128]]
"""From a neutrino, its matrices in the flavour basis, and arriving states to what leaves, both (..., 3)."""


@dataclass(frozen=True)
class Product:
    """What couplings one kernel has: the overlap of two amplitudes.

    Parameters
    ----------
    name : str
        The kernel's.
    left, right : callable
        The amplitudes, as :data:`Amplitude`.
    factor : float, optional
        f; by default 1 for the square of an amplitude, and 2 for the interference of two.
    odd : bool
        Whether the interference changes sign for antineutrinos.
    """

    name: str
    left: Amplitude
    right: Amplitude
    factor: float | None = None
    odd: bool = False

    def coefficient(
        self, left: NDArray[np.complex128], right: NDArray[np.complex128], *, antineutrino: bool
    ) -> NDArray[np.float64]:
        """F Re⟨left, right⟩ of the amplitudes' values."""
        factor = (1.0 if self.left is self.right else 2.0) if self.factor is None else self.factor
        return (-factor if self.odd and antineutrino else factor) * _overlap(left, right)


@dataclass(frozen=True)
class Algebra:
    """How couplings make cross sections of the kernels of one process.

    Parameters
    ----------
    products : tuple of Product
        One a kernel, in the order of every array that holds kernels.

    Raises
    ------
    InputError
        For two products of one name, or none at all.

    Examples
    --------
    >>> from nuatom.neutrinos import Neutrino
    >>> from nuatom.neutrinos.amplitudes import moment
    >>> flip = Algebra((Product("MM", moment, moment),))
    >>> state, _ = flavour_state("e")
    >>> flip.coefficients(Neutrino(magnetic_moment=2.0), state).tolist()
    [4.0]
    """

    products: tuple[Product, ...]

    def __post_init__(self) -> None:
        if not self.names or len(set(self.names)) < len(self.names):
            raise InputError("products", self.names, "one or more products of different names")

    @property
    def names(self) -> tuple[str, ...]:
        """The kernels."""
        return tuple(product.name for product in self.products)

    @cached_property
    def magnetic(self) -> NDArray[np.bool_]:
        """Which kernels flip the neutrino's helicity: those of its moments."""
        return np.array([moment in (product.left, product.right) for product in self.products])

    def coefficients(
        self, neutrino: Neutrino, states: NDArray[np.complex128], *, antineutrino: bool = False
    ) -> NDArray[np.float64]:
        """Coefficient of each kernel for neutrinos arriving in the given states.

        Parameters
        ----------
        neutrino : Neutrino
            Couplings and electromagnetic structure.
        states : complex array, shape (..., 3)
            Flavour amplitudes, normalised; a mass eigenstate j is the column j of the mixing matrix.
        antineutrino : bool
            Whether they are antineutrinos.

        Returns
        -------
        ndarray, shape (..., kernels)
            In the order of :attr:`names`; charges in keV², moments in μ_B.

        Raises
        ------
        InputError
            For couplings whose squares are not finite.
        """
        flavoured = neutrino.in_basis("flavour")
        used = dict.fromkeys(side for product in self.products for side in (product.left, product.right))
        found = {amplitude: amplitude(flavoured, states) for amplitude in used}
        return np.stack(
            [
                product.coefficient(found[product.left], found[product.right], antineutrino=antineutrino)
                for product in self.products
            ],
            axis=-1,
        )


def flavour_state(flavour: str) -> tuple[NDArray[np.complex128], bool]:
    """Flavour amplitudes of ``"e"``, ``"mu"``, ``"tau"``, and whether ``"anti-…"`` was asked for.

    Raises
    ------
    InputError
        For another name.

    Examples
    --------
    >>> state, antineutrino = flavour_state("anti-mu")
    >>> state.real.tolist(), antineutrino
    ([0.0, 1.0, 0.0], True)
    """
    name = flavour.removeprefix("anti-")
    if name not in FLAVOURS:
        raise InputError("flavour", flavour, "e, mu, tau, anti-e, anti-mu or anti-tau")
    return np.eye(3, dtype=complex)[FLAVOURS.index(name)], flavour != name


def _overlap(left: NDArray[np.complex128], right: NDArray[np.complex128]) -> NDArray[np.float64]:
    with np.errstate(over="ignore", invalid="ignore"):
        product: NDArray[np.float64] = np.sum(left.conj() * right, axis=-1).real
    if not np.all(np.isfinite(product)):
        largest = float(max(np.abs(left).max(), np.abs(right).max()))
        raise InputError("couplings", f"{largest:.3g} in natural units", "couplings of finite squares")
    return product
