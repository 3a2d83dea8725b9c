r"""Integrals over momentum transfer that make kernels of an atom's responses.

A neutrino of energy E that gives an energy T can give any momentum T ≤ Q ≤ P₀ = 2E − T. With
V = Q² − T², and the vector current's conservation :math:`J_3 = (T/Q) J_0` (the Coulomb gauge, so that
charge and moment see the same responses), each kernel times 4E² is a function of T and P₀ alone,

.. math::

    VV_n &= \int dQ\,\Big[(P_0^2 - Q^2)\frac{V^{2-n}}{Q^3} R_{00}
            + (P_0^2 + Q^2)\frac{V^{1-n}}{Q} R_{11}\Big], \\
    AA &= \int dQ\,\Big[(P_0^2 - Q^2)\,Q\Big(R_{00} - \frac{2T}{Q}R_{03} + \frac{T^2}{Q^2}R_{33}\Big)_A
          + (P_0^2 + Q^2)\frac VQ R_{11}^A\Big], \\
    VA_n &= P_0 \int dQ\,V^{1-n}\, i(R_{12} - R_{21}), \\
    MM_L &= 2P_0^2 \int dQ\,\frac{V}{Q^3} R_{00}, \qquad
    MM_T = 2 \int \frac{dQ}{Q}\,(P_0^2 - Q^2) R_{11}.

Terms with P₀² − Q² are integrated by parts, ∫(P₀²−Q²) f dQ = ∫ 2Q dQ ∫f: nothing cancels, and they stay
positive. The transverse part of VV₂ has the photon's pole: R₁₁/V is integrated with its value at Q = T taken
out, which gives the logarithm ln(V/V_min) of a real photon that the neutrino all but emits.

In matter photons that cross it are dressed (:mod:`nuatom.media.propagator`): transverse responses are
multiplied by the field over that of the vacuum, V/D, squared for R₁₁, its real part for the interference of
vector and axial currents. 1/V of the pole becomes V/\|D\|², and the logarithm stays finite for neutrinos
without mass. Where matter is nearly transparent, ε₁ > 1, D is nearly zero on the photons of Cherenkov: the
fields are then averages over the steps, in closed form. All other fields are in the responses of matter
(:mod:`nuatom.media.atoms_in_matter`, :mod:`nuatom.media.crystal`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nuatom.atoms import Responses
from nuatom.media import Dielectric
from nuatom.media.dielectric import ComplexArray
from nuatom.media.propagator import transverse_field, transverse_logarithm
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.ridge_variable import ridge_point, ridge_slope, ridge_variable

__all__ = ["NAMES", "MomentumIntegrals", "momentum_integrals", "momentum_panels_kev"]

NAMES: Final = ("VV0", "VV1", "VV2", "AA", "VA0", "VA1", "MM longitudinal", "MM transverse")

_NODES: Final = 161
# Steps at Q = T, where kernels start as powers of V, are this part of what they are on average.
_FIRST_STEP: Final = 0.2
# Absorption beside ε₁ − 1 below which Cherenkov light is narrower than a step.
_NARROW: Final = 0.5
# Kernels start as these powers of P₀² − T²; what is interpolated is the rest.
_POWERS: Final = (2, 1, 0, 2, 2, 1, 2, 2)


@dataclass(frozen=True, eq=False)
class MomentumIntegrals:
    """Kernels times 4E² at some transfers, as functions of P₀.

    Attributes
    ----------
    transfer_kev : ndarray, shape (T,)
    ridge_kev, width_kev, highest_kev : ndarray, shape (T,)
        Of the momentum variable: log(Q/T) + arsinh((Q − ridge)/width), up to the last momentum.
    reduced : ndarray, shape (8, T, P)
        In the order of :data:`NAMES`, over (P₀² − T²)^power; VV2 without the logarithm.
    saturated : ndarray, shape (8, T)
        At the last momentum: VV2 with the logarithm's part that P₀ limits left out.
    slope : ndarray, shape (8, T)
        Beyond it, kernels are linear in P₀² with this slope; VA ones in P₀.
    photon : ndarray, shape (T,)
        R₁₁/Q² at Q = T, what multiplies ½(P₀² + T²) ln(V/V_min).
    epsilon : ndarray, shape (T,)
        ε of the medium, 1 in a vacuum.
    """

    transfer_kev: FloatArray
    ridge_kev: FloatArray
    width_kev: FloatArray
    highest_kev: FloatArray
    reduced: FloatArray
    saturated: FloatArray
    slope: FloatArray
    photon: FloatArray
    epsilon: ComplexArray

    def at(
        self, index: NDArray[np.intp], p0_kev: FloatArray, least_virtuality_kev2: FloatArray
    ) -> FloatArray:
        """Kernels times 4E².

        Parameters
        ----------
        index : ndarray of int, shape (...)
            Which transfer.
        p0_kev : ndarray, shape (...)
            P₀ > T.
        least_virtuality_kev2 : ndarray, shape (...)
            V_min, far below T²; above zero in a vacuum.

        Returns
        -------
        ndarray, shape (8, ...)
        """
        transfer, last = self.transfer_kev[index], self.highest_kev[index]
        tabulated = p0_kev <= last
        values = np.empty((len(NAMES), *p0_kev.shape))
        values[:, tabulated] = self._tabulated(index[tabulated], p0_kev[tabulated])
        p0, end, rows = p0_kev[~tabulated], last[~tabulated], index[~tabulated]
        above = np.where(_LINEAR[:, None], p0 - end, (p0 - end) * (p0 + end))
        values[:, ~tabulated] = self.saturated[:, rows] + self.slope[:, rows] * above
        virtuality = np.minimum(p0_kev, last) ** 2 - transfer**2
        least = np.minimum(least_virtuality_kev2, virtuality)
        logarithm = transverse_logarithm(virtuality, least, transfer, self.epsilon[index])
        values[2] += 0.5 * self.photon[index] * (p0_kev**2 + transfer**2) * logarithm
        return values

    def _tabulated(self, index: NDArray[np.intp], p0_kev: FloatArray) -> FloatArray:
        transfer, ridge, width = self.transfer_kev[index], self.ridge_kev[index], self.width_kev[index]
        whole = ridge_variable(self.highest_kev, self.transfer_kev, self.ridge_kev, self.width_kev)
        share = ridge_variable(p0_kev, transfer, ridge, width) / whole[index]
        count = self.reduced.shape[-1]
        position = _position(np.clip(share, 0.0, 1.0)) * (count - 1)
        left = np.clip(position.astype(int) - 1, 0, count - 4)
        base = index * count + left
        flat = self.reduced.reshape(len(NAMES), -1)
        values = np.zeros((len(NAMES), *p0_kev.shape))
        for shift, weight in enumerate(_lagrange(position - left)):
            values += weight * flat[:, base + shift]
        virtuality = (p0_kev - transfer) * (p0_kev + transfer)
        for k, power in enumerate(_POWERS):
            if power:
                values[k] *= virtuality**power
        return values


_LINEAR: Final = np.array([name.startswith("VA") for name in NAMES])


def momentum_integrals(
    responses: Responses, transfer_kev: FloatArray, dielectric: Dielectric | None = None
) -> MomentumIntegrals:
    """Integrate responses over momentum, for every upper limit.

    Parameters
    ----------
    responses : Responses
        Of a free atom, or of matter.
    transfer_kev : ndarray, shape (T,)
        Above their lowest threshold, up to the last transfer that they know.
    dielectric : Dielectric, optional
        Of the matter; photons of the vacuum without it.
    """
    transfer = np.asarray(transfer_kev, dtype=float)
    ridge, width = responses.ridge(transfer)
    _, last = responses.momentum_limits_kev(transfer)
    momentum, slope = _nodes(transfer, last, ridge, width, _NODES)
    felt = responses.on_momenta(transfer, momentum)
    epsilon = np.ones(transfer.size, dtype=complex) if dielectric is None else dielectric.at(transfer)
    return _integrated(transfer, ridge, width, last, momentum, slope, felt, epsilon)


def momentum_panels_kev(responses: Responses, transfer_kev: FloatArray, count: int) -> FloatArray:
    """Momenta between which :class:`MomentumIntegrals` are smooth, shape (T, count + 1)."""
    transfer = np.asarray(transfer_kev, dtype=float)
    _, last = responses.momentum_limits_kev(transfer)
    return _nodes(transfer, last, *responses.ridge(transfer), count + 1)[0]


def _integrated(
    transfer: FloatArray,
    ridge: FloatArray,
    width: FloatArray,
    last: FloatArray,
    momentum: FloatArray,
    slope: FloatArray,
    responses: FloatArray,
    epsilon: ComplexArray,
) -> MomentumIntegrals:
    r00, _, _, undressed, a00, a03, a33, a11, mixed = responses
    t, q = transfer[:, None], momentum
    v = (q - t) * (q + t)
    field = np.ones_like(v, dtype=complex)
    field[:, 1:] = transverse_field(v[:, 1:], t, epsilon[:, None])
    # V/D falls to zero at Q = T, on a scale of V that is finer than these steps once T is far above ω_p.
    field[:, 0] = _start(field)
    strength = np.abs(field) ** 2
    bright = _transparent(epsilon)
    strength[bright] = _mean_strength(v[bright], t[bright], epsilon[bright])
    r11, mixed = undressed * strength, mixed * field.real
    dq, dq2 = slope, 2.0 * q * slope

    def layered(density: FloatArray) -> tuple[FloatArray, FloatArray]:
        first = _running(density * dq)
        return first, _running(first * dq2)

    axial = q * a00 - 2.0 * t * a03 + t**2 / q * a33
    (s0, w0), (s1, w1), (s2, w2) = (layered(v ** (2 - n) / q**3 * r00) for n in range(3))
    (sa, wa), (x1, z) = layered(axial), layered(r11 / q)
    y1, x0, y0 = (_running(f * r11 * dq) for f in (q, v / q, v * q))
    xa, ya = (_running(f * a11 * dq) for f in (v / q, v * q))
    u0, u1 = _running(v * mixed * dq), _running(mixed * dq)
    photon = undressed[:, 0] / transfer**2
    pole = (undressed / q**2 - photon[:, None]) * strength * q / np.where(v > 0.0, v, 1.0)
    pole[:, 0] = _start(pole)
    x2 = _running(pole * dq)
    x2[bright] = _by_steps(
        undressed[bright] / q[bright] ** 2 - photon[bright, None], v[bright], t[bright], epsilon[bright]
    )

    p2 = q**2
    kernels = np.stack(
        [
            w0 + p2 * x0 + y0,
            w1 + p2 * x1 + y1,
            w2 + (p2 + t**2) * x2 + x1,
            wa + p2 * xa + ya,
            q * u0,
            q * u1,
            2.0 * p2 * s1,
            2.0 * z,
        ]
    )
    rising = np.stack([s0 + x0, s1 + x1, s2 + x2, sa + xa, u0, u1, 2.0 * s1, 2.0 * x1])[..., -1]
    reduced = np.empty_like(kernels)
    for k, power in enumerate(_POWERS):
        reduced[k, :, 1:] = kernels[k, :, 1:] / v[:, 1:] ** power
    threshold = [
        0.5 * r11, r11, 0.0 * r11, 0.25 * axial / q + 0.5 * a11, 0.25 * mixed, 0.5 * mixed,
        0.5 * r00 / q**2, 0.5 * r11 / q**2,
    ]  # fmt: skip
    reduced[:, :, 0] = np.stack(threshold)[..., 0]
    return MomentumIntegrals(
        transfer, ridge, width, last, reduced, kernels[..., -1].copy(), rising, photon, epsilon
    )  # fmt: skip


def _nodes(
    transfer: FloatArray, last: FloatArray, ridge: FloatArray, width: FloatArray, count: int
) -> tuple[FloatArray, FloatArray]:
    """Momenta whose variable is a quadratic of a uniform one, and dQ by it."""
    t, k, w = transfer[:, None], ridge[:, None], width[:, None]
    whole = ridge_variable(last[:, None], t, k, w)
    uniform = np.linspace(0.0, 1.0, count)
    share = uniform * (_FIRST_STEP + (1.0 - _FIRST_STEP) * uniform)
    q = ridge_point(whole * share, t, last[:, None], k, w)
    q[:, 0], q[:, -1] = transfer, last
    stretch = (_FIRST_STEP + 2.0 * (1.0 - _FIRST_STEP) * uniform) / (count - 1)
    return q, whole * stretch / ridge_slope(q, k, w)


def _transparent(epsilon: ComplexArray) -> NDArray[np.bool_]:
    """Transfers at which Cherenkov light is too narrow for steps in momentum."""
    bright: NDArray[np.bool_] = epsilon.imag < _NARROW * (epsilon.real - 1.0)
    return bright


def _mean_strength(v: FloatArray, t: FloatArray, epsilon: ComplexArray) -> FloatArray:
    r"""V²/\|D\|² averaged over the steps beside each node, by its integral in closed form."""
    a, b = (1.0 - epsilon.real)[:, None] * t**2, epsilon.imag[:, None] * t**2
    edges = np.concatenate([v[:, :1], 0.5 * (v[:, 1:] + v[:, :-1]), v[:, -1:]], axis=1)
    angle = np.arctan2(edges + a, b)
    integral = edges - a * np.log(np.square(edges + a) + b**2) + (a**2 - b**2) / b * angle
    mean: FloatArray = np.diff(integral, axis=1) / np.diff(edges, axis=1)
    return mean


def _by_steps(density: FloatArray, v: FloatArray, t: FloatArray, epsilon: ComplexArray) -> FloatArray:
    r"""½∫ f V dV/\|D\|² for f that is a straight line between nodes, all of the rest in closed form."""
    logarithm = transverse_logarithm(v, 0.0, t, epsilon[:, None])
    steps = 0.25 * (density[:, 1:] + density[:, :-1]) * np.diff(logarithm, axis=1)
    total = np.zeros_like(v)
    np.cumsum(steps, axis=1, out=total[:, 1:])
    return total


def _position(share: FloatArray) -> FloatArray:
    """Inverse of share = x (f + (1 − f) x), f the first step."""
    f = _FIRST_STEP
    position: FloatArray = 2.0 * share / (f + np.sqrt(f * f + 4.0 * (1.0 - f) * share))
    return position


def _start(values: NDArray[Any]) -> NDArray[Any]:
    """First of a row, by the parabola through the three that follow."""
    first: NDArray[Any] = 3.0 * values[:, 1] - 3.0 * values[:, 2] + values[:, 3]
    return first


def _running(density: FloatArray) -> FloatArray:
    """Running integral along the last axis in unit steps, by the cubic through four neighbours."""
    g = density
    steps = np.empty_like(g[..., 1:])
    steps[..., 1:-1] = (13.0 * (g[..., 1:-2] + g[..., 2:-1]) - g[..., :-3] - g[..., 3:]) / 24.0
    steps[..., 0] = (9.0 * g[..., 0] + 19.0 * g[..., 1] - 5.0 * g[..., 2] + g[..., 3]) / 24.0
    steps[..., -1] = (9.0 * g[..., -1] + 19.0 * g[..., -2] - 5.0 * g[..., -3] + g[..., -4]) / 24.0
    total = np.zeros_like(g)
    np.cumsum(steps, axis=-1, out=total[..., 1:])
    return total


def _lagrange(x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Cubic interpolation weights of nodes 0, 1, 2, 3."""
    a, b, c = x - 1.0, x - 2.0, x - 3.0
    return -a * b * c / 6.0, 0.5 * x * b * c, -0.5 * x * a * c, x * a * b / 6.0
