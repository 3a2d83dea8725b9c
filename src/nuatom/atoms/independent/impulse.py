"""Relativistic impulse approximation: an orbital's momenta, a free electron's currents.

When a transfer is large against binding, the potential is the same before and after the blow and
the energy balance is that of a free electron that happens to have momentum **p**
[Eisenberger & Platzman, Phys. Rev. A 2 (1970) 415; Ribberfors, Phys. Rev. B 12 (1975) 2067]::

    R_ab(T, Q) = ∫ d³p n(p) X_ab δ(T + E_p − E_{|p+Q|}).

It is the limit of the multipole sum where that sum would need hundreds of terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import cumulative_trapezoid
from scipy.interpolate import CubicSpline

from nuatom.errors import InputError
from nuatom.numerics.bessel import spherical_bessel
from nuatom.numerics.quadrature import FloatArray

__all__ = [
    "NORM_ACCURACY",
    "MomentumDistribution",
    "free_tensor",
    "impulse_response",
    "momentum_distribution",
]


NORM_ACCURACY: Final = 1e-3
"""Part of an electron that may be missing from its momentum distribution, which is normalised."""


def free_tensor(kinetic: ArrayLike, transfer: ArrayLike, momentum: ArrayLike) -> FloatArray:
    """Spin-averaged current products X_ab of a free electron, in units of its mass.

    With E = 1 + K, E' = E + T, y = (Q² − T²)/2, p_z = (2ET + T² − Q²)/2Q (the direction that energy
    conservation demands), p'_z = p_z + Q, p⊥² = E² − 1 − p_z², and a = 0 for vector, 1 for axial
    currents, the traces 2EE'X_ab, averaged over the azimuth about **Q**, are

        00: 2EE' − y − 2a,      03: E p'_z + E' p_z,      33: 2 p_z p'_z + y + 2a,
        11: p⊥² + y + 2a,       interference: 4 (E p'_z − E' p_z).

    Parameters
    ----------
    kinetic : array_like
        Kinetic energy K ≥ 0 before the collision.
    transfer, momentum : array_like
        T > 0 and Q > T; broadcast with ``kinetic``.

    Returns
    -------
    ndarray, shape (9, ...)
        In the order of `nuatom.atoms.components.COMPONENTS`.
    """
    k, t, q = np.broadcast_arrays(*(np.asarray(v, float) for v in (kinetic, transfer, momentum)))
    constant, linear, square = _tensor_polynomial(t, q)
    traces: FloatArray = constant + linear * k + square * k * k
    result: FloatArray = traces / (2.0 * (1.0 + k) * (1.0 + k + t))
    return result


def _tensor_polynomial(t: FloatArray, q: FloatArray) -> FloatArray:
    """Coefficients of 2EE'X in powers of K, shape (3, 9, ...): written in K, nothing cancels."""
    y = 0.5 * (q - t) * (q + t)
    slope = t / q
    start = t / q - y / q  # p_z = start + slope·K
    end = start + q
    zero = np.zeros_like(t)
    rows = []
    for mass in (0.0, 2.0):
        rows += [
            (2.0 * (1.0 + t) - y - mass, 2.0 * (2.0 + t), zero + 2.0),
            (end + (1.0 + t) * start, end + start + (2.0 + t) * slope, 2.0 * slope),
            (2.0 * start * end + y + mass, 2.0 * slope * (start + end), 2.0 * slope**2),
            (y + mass - start**2, 2.0 - 2.0 * start * slope, 1.0 - slope**2),
        ]
    rows.append((4.0 * (q - t * start), 4.0 * (q - t * slope), zero))
    return np.stack([np.stack(powers) for powers in zip(*rows, strict=True)])


@dataclass(frozen=True, eq=False)
class MomentumDistribution:
    """Momenta of one electron of a subshell, in atomic units.

    Attributes
    ----------
    momentum : ndarray, shape (p,)
        Grid of momenta, uniform in the logarithm.
    density : ndarray, shape (p,)
        n(p), normalised to 4π ∫ p² n dp = 1.
    norm : float
        That integral before normalisation; it differs from 1 by the grid's error.
    speed_of_light : float
        Of the orbital.
    tails : CubicSpline
        Logarithms of ∫ p n K^k/E dp from p to ∞, k = 0, 1, 2, against ln p; K and E in units of
        the mass.
    """

    momentum: FloatArray
    density: FloatArray
    norm: float
    speed_of_light: float
    tails: CubicSpline

    def reach(self, fraction: float) -> float:
        """Momentum above which less than ``fraction`` of the electron's probability lies."""
        shells = 4.0 * np.pi * self.density * self.momentum**3
        below = cumulative_trapezoid(shells, np.log(self.momentum), initial=0)
        index = np.searchsorted(below, (1.0 - fraction) * below[-1])
        return float(self.momentum[index])


def momentum_distribution(
    kappa: int,
    bound: FloatArray,
    r: FloatArray,
    weight: FloatArray,
    highest: float,
    speed_of_light: float,
) -> MomentumDistribution:
    """Transform an orbital: 4πn = P̃² + Q̃², P̃ = √(2/π) ∫ P r j_l(pr) dr.

    Parameters
    ----------
    kappa : int
        Of the orbital.
    bound : ndarray, shape (2, r)
        Large and small component.
    r, weight : ndarray, shape (r,)
        Radii and quadrature weights; they must resolve waves of momentum ``highest``.
    highest : float
        Largest momentum, atomic units.
    speed_of_light : float
        137.036 in atomic units, larger to switch relativity off.

    Returns
    -------
    MomentumDistribution
        Its ``norm`` is off by more than :data:`NORM_ACCURACY` where the radial grid is too coarse or too
        short, or where momenta go on beyond the highest.
    """
    weighted = bound * weight * r
    size = np.sqrt(np.sum(bound * weighted * r))
    momentum = np.geomspace(1e-3 / size, highest, 600)
    orders = (kappa, kappa - 1) if kappa > 0 else (-kappa - 1, -kappa)
    bessel = spherical_bessel(max(orders), r[:, None] * momentum)
    density = sum((part @ bessel[order]) ** 2 for part, order in zip(weighted, orders, strict=True))
    density = density / (2.0 * np.pi**2)
    grid = np.log(momentum)
    inner = 4.0 * np.pi / 3.0 * density[0] * momentum[0] ** 3
    norm = float(np.trapezoid(4.0 * np.pi * density * momentum**3, grid) + inner)
    density /= norm
    energy = np.hypot(1.0, momentum / speed_of_light)
    kinetic = (momentum / speed_of_light) ** 2 / (1.0 + energy)
    integrand = momentum**2 * density / energy * kinetic ** np.arange(3)[:, None]
    # n falls at least as p^-8: what lies beyond the grid is a sixth of its end, or less.
    beyond = integrand[:, -1:] / 6.0
    inwards = cumulative_trapezoid(integrand[:, ::-1], -grid[::-1], initial=0)
    tails = CubicSpline(grid, np.log(beyond + inwards[:, ::-1]), axis=1)
    return MomentumDistribution(momentum, density, norm, speed_of_light, tails)


def impulse_response(
    distribution: MomentumDistribution, transfer: ArrayLike, momentum: ArrayLike
) -> FloatArray:
    """Responses of one electron in the relativistic impulse approximation.

    R_ab = (2π/Q) ∫ p n(p) E'X_ab dp from p_min = |Q/2 − (T/2) √(1 + 4/(Q² − T²))|, in units of the
    mass.

    Parameters
    ----------
    distribution : MomentumDistribution
        Of the subshell.
    transfer, momentum : array_like
        T in hartree and Q in atomic units, broadcast; T < cQ.

    Returns
    -------
    ndarray, shape (9, ...)
        Per hartree, in the order of `nuatom.atoms.components.COMPONENTS`.

    Raises
    ------
    InputError
        Outside 0 < T < cQ.
    """
    c = distribution.speed_of_light
    t, q = np.broadcast_arrays(np.asarray(transfer, float) / c**2, np.asarray(momentum, float) / c)
    if not np.all((t > 0.0) & (t < q)):
        raise InputError("transfer", transfer, "0 < T < cQ")
    lowest, highest = distribution.momentum[[0, -1]]
    # T/2 √(1 + 4/(Q²−T²)) − Q/2, rewritten so that the ridge p_min = 0 does not cancel.
    y2 = (q - t) * (q + t)
    root = t * np.sqrt(1.0 + 4.0 / y2)
    minimum = c * 0.5 * np.abs(y2 - 4.0 * t**2 / y2) / (q + root)
    tails = np.exp(distribution.tails(np.log(np.clip(minimum, lowest, highest))))
    tails = np.where(minimum < highest, tails, 0.0)
    polynomial = _tensor_polynomial(t, q)
    result: FloatArray = np.pi / (c * q) * np.einsum("k...,kc...->c...", tails, polynomial)
    return result
