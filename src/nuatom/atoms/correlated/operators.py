"""What a neutrino asks of an electron, multipole by multipole: eight operators, nine responses.

Orders L split by parity. Where l + l' + L is even ("natural") a wave κ' is reached with
⟨κ'‖C_L‖κ⟩ and the partner κ̃ = κ, where it is odd ("unnatural") with ⟨κ'‖C_L‖−κ⟩ and
κ̃ = −κ. With D± = P'P ± Q'Q and F± = P'Q ± Q'P (a prime marks the wave), g = κ' − κ̃, x = Qr and
s = √(L(L+1)), the amplitudes of `nuatom.atoms.independent.multipoles` are ::

    natural      charge              ⟨D₊ j⟩
                 longitudinal        ⟨−F₋ j' + g F₊ j/x⟩
                 electric            ⟨s² F₋ j/x − g F₊ (j' + j/x)⟩/s
                 axial magnetic      ⟨−g D₋ j⟩/s
    unnatural    axial charge        ⟨F₋ j⟩
                 axial longitudinal  ⟨D₊ j' − g D₋ j/x⟩
                 axial electric      ⟨−s² D₊ j/x + g D₋ (j' + j/x)⟩/s
                 magnetic            ⟨−g F₊ j⟩/s

(unnatural ones without their common factor i). Under exchange of wave and orbital they are even or odd:
that is the sign of the de-excitation beside the excitation in `nuatom.atoms.correlated.random_phase`. The
current α is here without c; a conserved current has c·Q·longitudinal = T·charge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import numpy as np
from scipy.special import spherical_jn

from nuatom.atoms.components import COMPONENTS
from nuatom.numerics.complex_splines import ComplexArray
from nuatom.numerics.quadrature import FloatArray

__all__ = [
    "NATURAL",
    "PARITIES",
    "UNNATURAL",
    "Operator",
    "Parity",
    "Product",
    "operators",
    "pair_densities",
    "probe_terms",
    "products",
]

Parity = Literal["natural", "unnatural"]
"""Of l + l' + L: even or odd."""

PARITIES: Final[tuple[Parity, ...]] = ("natural", "unnatural")


@dataclass(frozen=True)
class Operator:
    """A multipole operator.

    Attributes
    ----------
    name : str
    even : bool
        Whether its amplitude keeps its sign when wave and orbital change places.
    """

    name: str
    even: bool


NATURAL: Final = (
    Operator("charge", True),
    Operator("longitudinal", False),
    Operator("electric", False),
    Operator("axial magnetic", False),
)

UNNATURAL: Final = (
    Operator("axial charge", False),
    Operator("axial longitudinal", True),
    Operator("axial electric", True),
    Operator("magnetic", True),
)


@dataclass(frozen=True)
class Product:
    """Part of a response: weight times the product of two operators' amplitudes.

    Attributes
    ----------
    component : int
        Row in `nuatom.atoms.components.COMPONENTS`.
    weight : float
    left, right : int
        Rows among the operators of one parity.
    """

    component: int
    weight: float
    left: int
    right: int


def operators(parity: Parity) -> tuple[Operator, ...]:
    """The four operators of a parity; rows of every operator axis."""
    return NATURAL if parity == "natural" else UNNATURAL


def products(parity: Parity) -> tuple[Product, ...]:
    """The six products of a parity; transverse responses are half the sum over two helicities."""
    own, other = ("vector", "axial") if parity == "natural" else ("axial", "vector")
    row = COMPONENTS.index
    return (
        Product(row(f"{own}_00"), 1.0, 0, 0),
        Product(row(f"{own}_03"), 1.0, 0, 1),
        Product(row(f"{own}_33"), 1.0, 1, 1),
        Product(row(f"{own}_11"), 0.5, 2, 2),
        Product(row(f"{other}_11"), 0.5, 3, 3),
        Product(row("interference"), 2.0, 2, 3),
    )


Array = TypeVar("Array", FloatArray, ComplexArray)


def pair_densities(
    large: Array, small: Array, bound_large: FloatArray, bound_small: FloatArray, growth: int
) -> tuple[Array, Array, Array, Array]:
    """D₊, F₋, g F₊ and g D₋ of waves, shape (..., r), and an orbital."""
    p_p, q_q = large * bound_large, small * bound_small
    p_q, q_p = large * bound_small, small * bound_large
    return p_p + q_q, p_q - q_p, growth * (p_q + q_p), growth * (p_p - q_q)


def probe_terms(
    parity: Parity, order: int, momentum: FloatArray, r: FloatArray
) -> tuple[tuple[int, int, FloatArray], ...]:
    """Operators as sums over pair densities.

    Returns
    -------
    tuple of (operator, density, function)
        Row of the operator, row of the density among D₊, F₋, g F₊ and g D₋, and the function of r
        between them, shape (Q, r).
    """
    x = momentum[:, None] * r
    bessel = spherical_jn(order, x)
    slope = spherical_jn(order, x, derivative=True)
    over = bessel / x
    d_plus, f_minus, f_plus, d_minus = 0, 1, 2, 3
    root = np.sqrt(order * (order + 1.0))
    natural = parity == "natural"
    # The axial current of one parity is the vector current of the other with D in the place of F.
    charge, inner, outer, across = (
        (d_plus, f_minus, f_plus, d_minus) if natural else (f_minus, d_plus, d_minus, f_plus)
    )
    sign = 1.0 if natural else -1.0
    terms = [(0, charge, bessel), (1, inner, -sign * slope), (1, outer, sign * over)]
    if order:
        curl = (slope + over) / root
        terms += [(2, inner, sign * root * over), (2, outer, -sign * curl), (3, across, -bessel / root)]
    return tuple(terms)
