r"""Ionization by a fast charge from the dielectric function alone: an independent route to the kernels.

:cite:`Fermi:1940,Allison:1980`. Below the ridge Q² = 2mT a medium is taken to answer as it does to light;
what its electrons have absorbed below T answers on the ridge, as if they were free.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from nuatom.constants import CM2_PER_INVERSE_KEV2, ELECTRON_MASS_KEV, FINE_STRUCTURE
from nuatom.errors import InputError
from nuatom.media.dielectric import Dielectric
from nuatom.media.medium import Medium
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.roots import root_between

__all__ = ["collisions_cm2_per_kev", "density_effect", "sternheimer_density_effect"]


def collisions_cm2_per_kev(medium: Medium, transfer_kev: ArrayLike, gamma: float = math.inf) -> FloatArray:
    r"""Cross section dσ/dT of a fast particle of unit charge, per formula unit.

    .. math::

        \frac{d\sigma}{dT} = \frac{\alpha}{\pi\beta^2 n}\Big\{\mathrm{Im}\frac{-1}{\varepsilon}\,
        \ln\frac{2m\beta^2}{T}
        - \mathrm{Im}\Big[\Big(\beta^2-\frac1\varepsilon\Big)\ln(1-\beta^2\varepsilon)\Big]
        + \frac1{T^2}\int_0^T T'\,\mathrm{Im}\frac{-1}{\varepsilon(T')}\,dT'\Big\}

    for T far below the particle's energy and below what it can give to an electron.

    Parameters
    ----------
    medium : Medium
    transfer_kev : array_like
        T.
    gamma : float
        E/m of the particle; infinite for a massless one.

    Raises
    ------
    InputError
        For γ not above 1, or transfers outside of the medium's absorption.
    """
    if not gamma > 1.0:
        raise InputError("gamma", gamma, "a Lorentz factor above 1, inf for no mass")
    transfer = positive("transfer_kev", transfer_kev, "keV")
    dielectric = medium.dielectric
    epsilon = dielectric.at(transfer)
    rest = 0.0 if math.isinf(gamma) else gamma**-2
    beta2 = 1.0 - rest
    loss = (-1.0 / epsilon).imag
    coulomb = loss * np.log(2.0 * ELECTRON_MASS_KEV * beta2 / transfer)
    # 1 − β²ε written so that nothing cancels.
    transverse = -((beta2 - 1.0 / epsilon) * np.log(rest + beta2 * (1.0 - epsilon))).imag
    taken = 0.5 * np.pi * dielectric.plasma_energy_kev**2 * dielectric.electrons(transfer, "loss")
    scale = FINE_STRUCTURE / (np.pi * beta2 * medium.number_density_kev3) * CM2_PER_INVERSE_KEV2
    result: FloatArray = scale * (coulomb + transverse + taken / transfer**2)
    return result


def density_effect(dielectric: Dielectric, beta_gamma: float) -> float:
    r"""Density-effect correction δ of the Bethe formula.

    .. math:: \delta = \frac{2}{\pi\omega_p^2}\int_0^\infty x\,\mathrm{Im}\frac{-1}{\varepsilon(x)}
              \ln\Big(1+\frac{L^2}{x^2}\Big)dx - \frac{L^2}{\omega_p^2}(1-\beta^2),
              \qquad \beta^2\varepsilon(iL) = 1 ,

    :cite:`Fano:1963`: zero where even the static ε is below 1/β². The integral is normalised to the f-sum.

    Parameters
    ----------
    dielectric : Dielectric
    beta_gamma : float
        Momentum of the particle over its mass.

    Raises
    ------
    InputError
        For a momentum that is not positive.
    """
    square = float(positive("beta_gamma", beta_gamma)) ** 2
    rest = 1.0 / (1.0 + square)

    def excess(energy_kev: float) -> float:
        return float(dielectric.at_imaginary(energy_kev)) - 1.0 - 1.0 / square

    least = 1e-6 * dielectric.plasma_energy_kev
    if excess(least) <= 0.0:
        return 0.0
    high = dielectric.plasma_energy_kev * max(1.0, beta_gamma) * 10.0
    field = root_between(excess, least, high, absolute=2e-12, relative=1e-10)
    points = dielectric.points_kev
    weight = np.gradient(points) * points * (-1.0 / dielectric.at_points).imag
    mean = float(np.sum(weight * np.log1p((field / points) ** 2)) / np.sum(weight))
    return mean - (field / dielectric.plasma_energy_kev) ** 2 * rest


def sternheimer_density_effect(
    beta_gamma: ArrayLike, *, cbar: float, x0: float, x1: float, a: float, k: float
) -> FloatArray:
    """δ by the parameters that the Particle Data Group prints for each material.

    2 ln(10) x − C̄ above x₁, with a(x₁ − x)ᵏ added between x₀ and x₁, zero below; x = log₁₀ βγ
    :cite:`Sternheimer:1984`.
    """
    x = np.log10(positive("beta_gamma", beta_gamma))
    linear = 2.0 * math.log(10.0) * x - cbar
    bent = linear + a * np.maximum(x1 - x, 0.0) ** k
    result: FloatArray = np.where(x >= x0, bent, 0.0)
    return result
