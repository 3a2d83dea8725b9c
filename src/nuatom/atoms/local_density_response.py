"""Response of the charge in a local density functional, from radial Dirac Green's functions.

Independent electrons answer a potential v_L(r) C_L0 with the radial charge χ0 v,

    χ0_L(r, r'; ω) = Σ_a N_a Σ_κ' (2j' + 1)(j' L j; −½ 0 ½)² F_aᵀ [G_κ'(ε_a + ω) + G_κ'(ε_a − ω)] F_a,

F_a = (P_a, Q_a) and G_κ'(E) = (E − h_κ')^{−1} of `nuatom.atoms.radial_green_function`. Together they also
answer to the field of their answer,

    u = χ0 (v + K u),   K = r_<^L/r_>^{L+1}/(2L + 1) + δ(r − r') f_xc(r)/(4πr²)

(Zangwill & Soven, Phys. Rev. A 21 (1980) 1561), and S_L = −((2L + 1)/π) Im ∫j_L(Qr) u dr. There is no basis:
the cost grows with the points that resolve the fastest wave inside the atom, and one factorisation
per multipole and energy serves all momenta. The interaction is that of
`nuatom.atoms.linear_response` with its method ``tdlda``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import lu_factor, lu_solve

from nuatom.atoms.density_functional import local_kernel
from nuatom.atoms.orbital import GroundState
from nuatom.atoms.particle_hole import channels
from nuatom.atoms.radial_green_function import RadialField, green_factors
from nuatom.errors import ConvergenceError, InputError
from nuatom.numerics.bessel import spherical_bessel
from nuatom.numerics.complex_splines import ComplexArray
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import interpolator
from nuatom.numerics.radial_panels import RadialPanels, radial_panels
from nuatom.numerics.spectral_average import average_points
from nuatom.numerics.wigner import half_three_j_squared

__all__ = ["LocalDensityResponse", "local_density_response"]

ORDER: Final = 10
"""Gauss points in a panel."""

COARSE_ORDER: Final = 8
"""Of the grid that the error is estimated with."""

PHASE: Final = 6.0
"""Largest phase of a wave, an orbital and a Bessel function together in one panel."""

RATIO: Final = 2.0
"""Largest ratio of a panel's edges."""

INNERMOST: Final = 1e-3
"""Panels begin at this over Z, bohr: 10⁻⁹ of a 1s electron's charge is inside."""

TAIL: Final = 1e-4
"""Panels end where every orbital is below this part of its maximum."""

INERT: Final = 20.0
"""Subshells bound by more than this many times the transfer do not take part."""

ACCURACY: Final = 1e-3
"""Asked of the radial quadrature."""


@dataclass(frozen=True, eq=False)
class LocalDensityResponse:
    """Charge responses per hartree of an atom, with and without correlation.

    Attributes
    ----------
    transfer, momentum : ndarray, shapes (T,) and (Q,)
        Hartree and 1/bohr.
    multipoles : tuple of int
    correlated, independent : ndarray, shape (L, T, Q)
        Parts of S that each multipole adds.
    half_width : ndarray, shape (T,)
        γ of the energy average, hartree.
    points : tuple of int
        Radial points at each transfer.
    quadrature_error : float
        Largest difference of a correlated response from that on panels of lower order, relative to the largest
        Q²S of its multipole and transfer.
    """

    transfer: FloatArray
    momentum: FloatArray
    multipoles: tuple[int, ...]
    correlated: FloatArray
    independent: FloatArray
    half_width: FloatArray
    points: tuple[int, ...]
    quadrature_error: float


def local_density_response(
    state: GroundState,
    transfer: ArrayLike,
    momentum: ArrayLike,
    multipoles: Sequence[int] = (0, 1, 2, 3),
    *,
    half_width: ArrayLike = 0.0,
    accuracy: float = ACCURACY,
    inert: float = INERT,
    tail: float = TAIL,
    order: int = ORDER,
) -> LocalDensityResponse:
    """Density response of one atom, per multipole, at any transfer."""
    transfers, momenta = _positive("transfer", transfer), _positive("momentum", momentum)
    widths = np.broadcast_to(np.asarray(half_width, dtype=float), transfers.shape)
    orders = tuple(int(o) for o in multipoles)
    correlated = np.zeros((len(orders), transfers.size, momenta.size))
    independent = np.zeros_like(correlated)
    points, error = [], 0.0
    for t, (energy, width) in enumerate(zip(transfers, widths, strict=True)):
        fine = _Medium(state, float(energy), float(momenta.max()), inert, tail, order)
        coarse = _Medium(state, float(energy), float(momenta.max()), inert, tail, COARSE_ORDER)
        points.append(fine.panels.size)
        offsets, weights = average_points(float(width))
        frequencies = energy + offsets
        scale = weights * frequencies / energy
        for row, multipole in enumerate(orders):
            answers = np.array([fine.response(multipole, w, momenta) for w in frequencies])
            parts = np.einsum("o,omq->mq", scale, answers).imag
            independent[row, t], correlated[row, t] = -(2 * multipole + 1) / np.pi * parts
            rough = coarse.response(multipole, frequencies[0], momenta)
            difference = np.abs((rough - answers[0])[1].imag) * momenta**2
            error = max(error, float(difference.max() / (np.abs(answers[0][1].imag) * momenta**2).max()))
    if not error < accuracy:
        raise ConvergenceError(f"radial quadrature: {error:.3g}, {accuracy:.3g} wanted")
    return LocalDensityResponse(
        transfers, momenta, orders, correlated, independent, widths, tuple(points), error
    )


class _Medium:
    """An atom's density and field on the panels of one transfer."""

    def __init__(
        self, state: GroundState, transfer: float, momentum: float, inert: float, tail: float, order: int
    ) -> None:
        self.panels = radial_panels(_edges(state, transfer, momentum, tail), order)
        at = interpolator(state.grid, self.panels.r)
        end = float(interpolator(state.grid, self.panels.edges[-1:])(state.grid.r * state.potential)[0])
        potential = at(state.grid.r * state.potential) / self.panels.r
        self._field = RadialField(self.panels, potential, -end, state.speed_of_light)
        bound = [-orbital.energy for orbital in state.orbitals]
        active = [o for o, e in zip(state.orbitals, bound, strict=True) if e < inert * transfer]
        self._active = active or [max(state.orbitals, key=lambda o: o.energy)]
        self._large = [_lively(at(o.large)) for o in self._active]
        self._small = [np.where(p == 0.0, 0.0, at(o.small)) for o, p in zip(self._active, self._large, strict=True)]
        radial = sum(o.occupation * (at(o.large) ** 2 + at(o.small) ** 2) for o in state.orbitals)
        area = 4.0 * np.pi * self.panels.r**2
        self._local = local_kernel(np.asarray(radial) / area) / area

    def response(self, multipole: int, frequency: complex, momenta: FloatArray) -> ComplexArray:
        """∫j_L u dr of independent electrons and of all together, shape (2, Q)."""
        probes = spherical_bessel(multipole, self.panels.r[:, None] * momenta)[multipole]
        alone = self._independent(multipole, frequency)
        induced = self.panels.multipole_interaction(multipole, alone) / (2 * multipole + 1)
        induced += self._local[:, None] * alone
        np.negative(induced, out=induced)
        induced[np.diag_indices_from(induced)] += 1.0
        total = lu_solve(lu_factor(induced, overwrite_a=True), probes.astype(complex))
        weighted = self.panels.weight[:, None] * probes
        fields = np.concatenate([probes, total], axis=1)
        charge = alone @ fields
        both = np.concatenate([weighted, weighted], axis=1)
        result: ComplexArray = np.einsum("rq,rq->q", both, charge).reshape(2, momenta.size)
        return result

    def _independent(self, multipole: int, frequency: complex) -> ComplexArray:
        inner, outer = [], []
        for channel in channels([o.kappa for o in self._active], multipole):
            orbital = self._active[channel.hole]
            p, q = self._large[channel.hole], self._small[channel.hole]
            wave = 2 * abs(channel.kappa)
            weight = orbital.occupation * wave
            weight *= float(half_three_j_squared(wave - 1, multipole, orbital.twice_j))
            for energy in (orbital.energy + frequency, orbital.energy - frequency):
                a, b = green_factors(self._field, channel.kappa, energy, p, q)
                inner.append(weight * a)
                outer.append(b)
        return self.panels.product_kernel(np.array(inner), np.array(outer))


def _edges(state: GroundState, transfer: float, momentum: float, tail: float) -> FloatArray:
    """Panel edges that follow wave, orbital and Bessel function together."""
    size = np.array([np.abs(o.large) for o in state.orbitals])
    alive = (size > tail * size.max(axis=1, keepdims=True)).any(axis=0)
    last = float(state.grid.r[np.nonzero(alive)[0][-1]])
    start = max(INNERMOST / state.Z, float(state.grid.r[0]))
    edges = [start]
    while edges[-1] < last:
        pull = -float(np.interp(edges[-1], state.grid.r, state.potential))
        c = state.speed_of_light
        kinetic = transfer + pull
        fastest = np.sqrt(2.0 * kinetic + (kinetic / c) ** 2) + np.sqrt(2.0 * max(pull, 0.0)) + momentum
        edges.append(edges[-1] + min((RATIO - 1.0) * edges[-1], PHASE / fastest))
    return np.array(edges)


def _lively(values: FloatArray) -> FloatArray:
    """A component without its tails, in which solutions of the highest energies overflow."""
    return np.where(np.abs(values) > 1e-12 * np.abs(values).max(), values, 0.0)


def _positive(name: str, values: ArrayLike) -> FloatArray:
    array = np.atleast_1d(np.asarray(values, dtype=float))
    if array.ndim != 1 or array.size == 0 or not np.all((array > 0.0) & np.isfinite(array)):
        raise InputError(name, values, "positive finite numbers")
    return array
