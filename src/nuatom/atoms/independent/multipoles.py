"""Multipole responses of one subshell: e^{i**Q·r**} between central-field spinors.

Spinors are ψ = (1/r)(P Ω_κm, iQ Ω_−κm). With **Q** along axis 3, x = Qr and C_L the spherical
harmonics of Racah's normalisation, ::

    e^{iQz}     =  Σ_L i^L (2L+1) j_L C_L0,
    ê₃ e^{iQz}  = −(i/Q) Σ_L i^L (2L+1) ∇(j_L C_L0),
    ê_λ e^{iQz} = −Σ_L i^L (2L+1)/√2 [λ j_L l C_Lλ + (1/Q) ∇×(j_L l C_Lλ)]/√(L(L+1)),  λ = ±1

(Walecka, Theoretical Nuclear and Subnuclear Physics (2004), chapter 9). From σ_r Ω_κ = −Ω_−κ and
**σ·l** Ω_κ = −(κ+1) Ω_κ follow three identities for reduced elements, ::

    ⟨κ'‖σ_r C_L‖κ⟩ = −⟨κ'‖C_L‖−κ⟩,
    ⟨κ'‖σ·r∇C_L‖κ⟩ = (κ'+κ) ⟨κ'‖C_L‖−κ⟩,
    ⟨κ'‖σ·l C_L‖κ⟩ = (κ−κ') ⟨κ'‖C_L‖κ⟩,

so every operator is an amplitude times one of two reduced elements: ⟨κ'‖C_L‖κ⟩ ("natural",
l + l' + L even) or ⟨κ'‖C_L‖−κ⟩ ("unnatural", odd). With the radial products D± = P'P ± Q'Q and
F± = P'Q ± Q'P, ⟨f⟩ = ∫ f j_L(x) dr, ⟨f⟩' the same with dj_L/dx, and s = √(L(L+1)), they are

    ==============  =========  ================================================
    operator        parity     amplitude
    ==============  =========  ================================================
    charge 1        natural    ⟨D₊⟩
    α longitudinal  natural    −⟨F₋⟩' + (κ'−κ) ⟨F₊/x⟩
    α electric      natural    [s² ⟨F₋/x⟩ − (κ'−κ) (⟨F₊⟩' + ⟨F₊/x⟩)]/s
    Σ magnetic      natural    (κ−κ') ⟨D₋⟩/s
    γ5              unnatural  i ⟨F₋⟩
    Σ longitudinal  unnatural  −i [−⟨D₊⟩' + (κ'+κ) ⟨D₋/x⟩]
    Σ electric      unnatural  i [−s² ⟨D₊/x⟩ + (κ'+κ) (⟨D₋⟩' + ⟨D₋/x⟩)]/s
    α magnetic      unnatural  −i (κ'+κ) ⟨F₊⟩/s
    ==============  =========  ================================================

Atomic units: Q in 1/a₀, energies in hartree; α, Σ and γ5 are the bare Dirac matrices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nuatom.atoms.components import COMPONENTS
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.wigner import half_three_j_squared

__all__ = ["PartialWaves", "Partials", "multipole_sum"]


@dataclass(frozen=True)
class PartialWaves:
    """Radial products of one bound orbital with continuum waves, quadrature weights included.

    Attributes
    ----------
    kappa : int
        κ of the bound orbital.
    products : ndarray, shape (2, J, 4, r)
        Index 0 is the parity of l + L for which D₊, D₋ (rows 0, 1) of the wave with natural
        parity and F₋, F₊ (rows 2, 3) of the wave with unnatural parity are stored together;
        index 1 is J = j' − ½. In this order every multipole is one matrix product.
    """

    kappa: int
    products: FloatArray

    @classmethod
    def from_orbitals(
        cls,
        kappa: int,
        bound: FloatArray,
        waves: FloatArray,
        weight: FloatArray,
    ) -> PartialWaves:
        """Multiply a bound orbital with its partial waves.

        Parameters
        ----------
        kappa : int
            Of the bound orbital.
        bound : ndarray, shape (2, r)
            Large and small component.
        waves : ndarray, shape (2, J, 2, r)
            Continuum waves: index 0 is 0 for κ' = −(J+1) and 1 for κ' = +(J+1); index 2 is
            large, small.
        weight : ndarray, shape (r,)
            Radial quadrature weights.
        """
        large, small = bound * weight
        count, points = waves.shape[1], waves.shape[-1]
        products = np.empty((2, count, 4, points))
        # The wave of given J with natural parity alternates in the sign of κ' with J.
        order = np.arange(count)
        for parity in (0, 1):
            natural = waves[(parity + order) % 2, order]
            unnatural = waves[(1 - parity + order) % 2, order]
            upper, lower = natural[:, 0] * large, natural[:, 1] * small
            products[parity, :, 0], products[parity, :, 1] = upper + lower, upper - lower
            upper, lower = unnatural[:, 0] * small, unnatural[:, 1] * large
            products[parity, :, 2], products[parity, :, 3] = upper - lower, upper + lower
        return cls(kappa, products)


@dataclass(frozen=True)
class Partials:
    """Responses of one electron, and the growth of their sum with the multipole order.

    Attributes
    ----------
    values : ndarray, shape (9, Q)
        In the order of `COMPONENTS`; per hartree when the waves are normalised per hartree.
    order_terms, spin_terms : ndarray, shape (L, Q) and (J, Q)
        Contribution of each multipole, and of each final j' = J + ½, to vector_00 + 2 vector_11 +
        axial_00 + 2 axial_11, whose terms are all positive: what is left out shows in their tails.
    """

    values: FloatArray
    order_terms: FloatArray
    spin_terms: FloatArray


def multipole_sum(
    waves: PartialWaves, bessel: FloatArray, first_point: np.ndarray, first_momentum: np.ndarray
) -> Partials:
    """Sum the responses of one electron over multipoles and partial waves.

    R_ab = Σ_{L κ'} (2L+1)(2j'+1) (j' L j; −½ 0 ½)² A_a A_b*, with the amplitudes A of the module's
    table; the transverse ones enter as R_11 = R_22 = ½ Σ (|E|² + |M|²) and
    i(R_12 − R_21) = 2 Σ Re(M_V E_A* + E_V M_A*).

    Parameters
    ----------
    waves : PartialWaves
        Radial products of the bound orbital with all partial waves.
    bessel : ndarray, shape (L + 2, r, Q)
        j_L(Qr) up to one order beyond the last multipole.
    first_point : ndarray of int, shape (L + 2,)
        For each order the first radial point at which j_L is kept; below it is taken as zero. Must
        not decrease.
    first_momentum : ndarray of int, shape (L + 1,)
        For each multipole the first momentum to which it adds. Must not decrease. Currents of
        multipole L need j_{L+1}, which is integrated from the same momentum on.

    Returns
    -------
    Partials
    """
    kappa, products = waves.kappa, waves.products
    spin = abs(kappa) - 1
    bound_l = kappa if kappa > 0 else -kappa - 1
    count, momenta = products.shape[1], bessel.shape[-1]
    last = bessel.shape[0] - 2
    integrals = np.zeros((3, count, 4, momenta))

    def integrate(order: int) -> None:
        block = integrals[order % 3]
        block[...] = 0.0
        low = max(_lowest(order, spin) - 1, 0)
        high = min(order + spin + 2, count)
        point, momentum = first_point[order], first_momentum[max(order - 1, 0)]
        if low >= high or momentum >= momenta or point >= bessel.shape[1]:
            return
        left = products[(bound_l + order) % 2, low:high, :, point:].reshape(4 * (high - low), -1)
        right = bessel[order, point:, momentum:]
        block[low:high, :, momentum:] = (left @ right).reshape(high - low, 4, -1)

    values = np.zeros((len(COMPONENTS), momenta))
    order_terms = np.zeros((last + 1, momenta))
    spin_terms = np.zeros((count, momenta))
    integrate(0)
    for order in range(last + 1):
        integrate(order + 1)
        low, high = _lowest(order, spin), min(order + spin + 1, count)
        if low >= high:
            continue
        j_index, start = np.arange(low, high), first_momentum[order]
        below, here, above = (integrals[(order + step) % 3, low:high, :, start:] for step in (-1, 0, 1))
        if not order:
            below = np.zeros(1)
        strength = (
            (2 * order + 1) * (2 * j_index + 2) * half_three_j_squared(2 * j_index + 1, order, 2 * spin + 1)
        )
        sign = np.where((j_index + bound_l + order) % 2 == 0, -1, 1)
        contribution = _products(order, kappa, sign * (j_index + 1), below, here, above)
        contribution *= strength[:, None]
        values[:, start:] += contribution.sum(axis=1)
        positive = contribution[0] + contribution[4] + 2.0 * (contribution[3] + contribution[7])
        order_terms[order, start:] = positive.sum(axis=0)
        spin_terms[low:high, start:] += positive
    return Partials(values, order_terms, spin_terms)


def _lowest(order: int, spin: int) -> int:
    """Smallest J = j' − ½ that a multipole couples to j = spin + ½."""
    return order - spin - 1 if order > spin else spin - order


def _products(
    order: int,
    kappa: int,
    natural: np.ndarray,
    below: FloatArray,
    here: FloatArray,
    above: FloatArray,
) -> FloatArray:
    """Nine products of amplitudes, for waves κ' (natural) and −κ' (unnatural) at each J."""
    over_x = (below + above) / (2 * order + 1)
    derivative = (order * below - (order + 1) * above) / (2 * order + 1)
    curl = derivative + over_x
    plus, minus, f_minus, f_plus = 0, 1, 2, 3
    difference = (natural - kappa)[:, None]
    total = (kappa - natural)[:, None]  # the unnatural wave has the opposite κ'

    charge = here[:, plus]
    current = difference * over_x[:, f_plus] - derivative[:, f_minus]
    axial_charge = here[:, f_minus]
    axial_current = total * over_x[:, minus] - derivative[:, plus]
    zero = np.zeros_like(charge)
    electric = magnetic = axial_electric = axial_magnetic = zero
    if order:
        square = order * (order + 1)
        root = np.sqrt(square)
        electric = (square * over_x[:, f_minus] - difference * curl[:, f_plus]) / root
        axial_magnetic = -difference * here[:, minus] / root
        magnetic = total * here[:, f_plus] / root
        axial_electric = (total * curl[:, minus] - square * over_x[:, plus]) / root
    return np.stack(
        [
            charge**2,
            charge * current,
            current**2,
            0.5 * (electric**2 + magnetic**2),
            axial_charge**2,
            -axial_charge * axial_current,
            axial_current**2,
            0.5 * (axial_electric**2 + axial_magnetic**2),
            2.0 * (electric * axial_magnetic - magnetic * axial_electric),
        ]
    )
