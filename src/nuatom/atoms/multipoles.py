r"""Multipole responses of one subshell: angular algebra of e^{iQr} between central-field spinors.

Spinors are :math:`\psi = \frac1r (P\,\Omega_{\kappa m},\; iQ\,\Omega_{-\kappa m})`. With **Q** along axis 3,

.. math::
   e^{iQz} &= \sum_L i^L (2L+1)\, j_L C_{L0}, \qquad
   \hat e_3 e^{iQz} = -\frac{i}{Q}\sum_L i^L (2L+1) \nabla (j_L C_{L0}), \\
   \hat e_\lambda e^{iQz} &= -\sum_{L\ge1} i^L \frac{2L+1}{\sqrt 2}
     \Big[\lambda\, j_L \frac{\mathbf l\, C_{L\lambda}}{\sqrt{L(L+1)}}
     + \frac1Q \nabla\times j_L \frac{\mathbf l\, C_{L\lambda}}{\sqrt{L(L+1)}}\Big],
     \quad \lambda=\pm1,

and three identities that follow from :math:`\sigma_r\Omega_\kappa=-\Omega_{-\kappa}` and
:math:`\sigma\cdot\mathbf l\,\Omega_\kappa=-(\kappa+1)\Omega_\kappa`,

.. math::
   \langle\kappa'\Vert\sigma_r C_L\Vert\kappa\rangle = -\langle\kappa'\Vert C_L\Vert{-\kappa}\rangle,\quad
   \langle\kappa'\Vert\sigma\cdot r\nabla C_L\Vert\kappa\rangle = (\kappa'+\kappa)\langle\kappa'\Vert C_L\Vert{-\kappa}\rangle,\quad
   \langle\kappa'\Vert\sigma\cdot\mathbf l C_L\Vert\kappa\rangle = (\kappa-\kappa')\langle\kappa'\Vert C_L\Vert\kappa\rangle ,

every operator is a number times one of two reduced elements, :math:`\langle\kappa'\Vert C_L\Vert\kappa\rangle`
("natural": l + l' + L even) or :math:`\langle\kappa'\Vert C_L\Vert{-\kappa}\rangle` ("unnatural": odd). With the radial
products :math:`D_\pm = P'P \pm Q'Q`, :math:`F_\pm = P'Q \pm Q'P`, :math:`x = Qr`, a prime on a bracket for
:math:`j_L\to dj_L/dx`, and :math:`\langle f\rangle=\int f\,j_L(x)\,dr`, the amplitudes are

====================== ========= ==================================================================
operator               parity    amplitude
====================== ========= ==================================================================
charge 1               natural   :math:`\langle D_+\rangle`
α longitudinal         natural   :math:`-\langle F_-\rangle' + (\kappa'-\kappa)\langle F_+/x\rangle`
α electric             natural   :math:`[L(L+1)\langle F_-/x\rangle - (\kappa'-\kappa)(\langle F_+\rangle'+\langle F_+/x\rangle)]/\sqrt{L(L+1)}`
Σ magnetic             natural   :math:`(\kappa-\kappa')\langle D_-\rangle/\sqrt{L(L+1)}`
γ5                     unnatural :math:`i\langle F_-\rangle`
Σ longitudinal         unnatural :math:`-i[-\langle D_+\rangle' + (\kappa'+\kappa)\langle D_-/x\rangle]`
Σ electric             unnatural :math:`i[-L(L+1)\langle D_+/x\rangle + (\kappa'+\kappa)(\langle D_-\rangle'+\langle D_-/x\rangle)]/\sqrt{L(L+1)}`
α magnetic             unnatural :math:`-i(\kappa'+\kappa)\langle F_+\rangle/\sqrt{L(L+1)}`
====================== ========= ==================================================================

Atomic units here: Q in 1/a₀, energies in hartree, α and γ5 without the speed of light.
The multipoles of fixed transverse helicity are those of Walecka, *Theoretical Nuclear and Subnuclear Physics*
(2004), chapter 9; the identities are re-derived, not copied, and the tests compare every
amplitude with a three-dimensional quadrature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.wigner import half_three_j_squared

__all__ = ["COMPONENTS", "Partials", "PartialWaves", "multipole_sum"]

COMPONENTS: Final = (
    "vector_00",
    "vector_03",
    "vector_33",
    "vector_11",
    "axial_00",
    "axial_03",
    "axial_33",
    "axial_11",
    "interference",
)
r"""Order of the responses along a component axis.

``vector_ab`` and ``axial_ab`` are :math:`R_{ab}=\sum_f\langle f|J_a|i\rangle\langle f|J_b|i\rangle^*\delta(T+E_i-E_f)` of
:math:`(1,\boldsymbol\alpha)` and :math:`(\gamma_5,\boldsymbol\Sigma)`, averaged over magnetic sublevels and summed over the
subshell's electrons; the 03 ones are real, :math:`R_{03}=R_{30}`, and :math:`R_{11}=R_{22}`.
``interference`` is the part of :math:`i(R_{12}-R_{21})` of :math:`J=V-A` that is linear in each; for
:math:`J=g_VV-g_AA` it is multiplied by :math:`g_Vg_A`.
"""


@dataclass(frozen=True)
class PartialWaves:
    r"""Radial products of one bound orbital with continuum waves, quadrature weights included.

    Attributes
    ----------
    kappa : int
        Bound orbital's :math:`\kappa`.
    products : ndarray, shape (2, J, 4, r)
        Index 0 is the parity of :math:`l+L` for which :math:`D_+, D_-` (rows 0, 1) of the wave with
        natural parity and :math:`F_-, F_+` (rows 2, 3) of the wave with unnatural parity are stored
        together; index 1 is :math:`J = j'-1/2`. In this order every multipole is one matrix product.
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
    terms : ndarray, shape (L, Q)
        Contribution of each multipole to vector_00 + 2 vector_11 + axial_00 + 2 axial_11, whose
        terms are all positive: what is left to come is estimated from its tail.
    """

    values: FloatArray
    terms: FloatArray


def multipole_sum(
    waves: PartialWaves, bessel: FloatArray, first_point: np.ndarray, first_momentum: np.ndarray
) -> Partials:
    r"""Sum the responses of one electron over multipoles and partial waves.

    :math:`R_{ab} = \sum_{L\kappa'} (2L+1)(2j'+1) (j'\,L\,j;\,-½\,0\,½)^2 A_a A_b^*`, with the amplitudes of the
    module's table; transverse ones enter as
    :math:`R_{11}=R_{22}=½\sum(|E|^2+|M|^2)` and :math:`i(R_{12}-R_{21})=2\sum\mathrm{Re}(M_VE_A^*+E_VM_A^*)`.

    Parameters
    ----------
    waves : PartialWaves
        Radial products of the bound orbital with all partial waves.
    bessel : ndarray, shape (L + 2, r, Q)
        :math:`j_L(Qr)` up to one order beyond the last multipole.
    first_point, first_momentum : ndarray of int, shape (L + 2,)
        For each order the first radial point and the first momentum at which :math:`j_L` is kept;
        elsewhere it is taken as zero. Both must not decrease.

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
        point, momentum = first_point[order], first_momentum[order]
        if low >= high or momentum >= momenta or point >= bessel.shape[1]:
            return
        left = products[(bound_l + order) % 2, low:high, :, point:].reshape(4 * (high - low), -1)
        right = bessel[order, point:, momentum:]
        block[low:high, :, momentum:] = (left @ right).reshape(high - low, 4, -1)

    values = np.zeros((len(COMPONENTS), momenta))
    terms = np.zeros((last + 1, momenta))
    integrate(0)
    for order in range(last + 1):
        integrate(order + 1)
        low, high = _lowest(order, spin), min(order + spin + 1, count)
        if low >= high:
            continue
        j_index = np.arange(low, high)
        below = integrals[(order - 1) % 3, low:high] if order else np.zeros(1)
        here = integrals[order % 3, low:high]
        above = integrals[(order + 1) % 3, low:high]
        strength = (
            (2 * order + 1)
            * (2 * j_index + 2)
            * half_three_j_squared(2 * j_index + 1, order, 2 * spin + 1)
        )
        sign = np.where((j_index + bound_l + order) % 2 == 0, -1, 1)
        contribution = _products(order, kappa, sign * (j_index + 1), below, here, above)
        term = np.einsum("j,cjq->cq", strength, contribution)
        values += term
        terms[order] = term[0] + term[4] + 2.0 * (term[3] + term[7])
    return Partials(values, terms)


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
