"""Response of the charge in a local density functional, from radial Dirac Green's functions.

Independent electrons answer a potential v_L(r) C_L0 with the radial charge χ0 v,

    χ0_L(r, r'; ω) = Σ_a N_a Σ_κ' (2j' + 1)(j' L j; −½ 0 ½)² F_aᵀ [G_κ'(ε_a + ω) + G_κ'(ε_a − ω)] F_a,

F_a = (P_a, Q_a) and G_κ'(E) = (E − h_κ')^{−1} of `nuatom.atoms.correlated.radial_green_function`. Together
they also answer to the field of their answer,

    u = χ0 (v + K u),   K = r<^L/r>^{L+1}/(2L + 1) + δ(r − r') f_xc(r)/(4πr²)

(Zangwill & Soven, Phys. Rev. A 21 (1980) 1561), and S_L = −((2L + 1)/π) Im ∫j_L(Qr) u dr. A field that acts
on opposite spins oppositely moves no charge: without relativity its response is that of the same χ0 with
K = δ(r − r') f_s(r)/(4πr²), the kernel of a spin density. There is no basis:
the cost grows with the points that resolve the fastest wave inside the atom, and one factorisation
per multipole and energy serves all momenta. The interaction is that of
`nuatom.atoms.correlated.linear_response` with its interaction ``tdlda``; excitations into the vacancies of
an open shell are in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import lu_factor, lu_solve

from nuatom.atoms.correlated.angular import channels
from nuatom.atoms.correlated.interaction import check_interaction
from nuatom.atoms.correlated.linear_response import INERT
from nuatom.atoms.correlated.radial_green_function import RadialField, green_factors
from nuatom.atoms.structure.functionals import local_kernel, spin_kernel
from nuatom.atoms.structure.orbital import GroundState, Orbital
from nuatom.atoms.units import wavenumber
from nuatom.errors import ConvergenceError, InputError
from nuatom.numerics.bessel import spherical_bessel
from nuatom.numerics.complex_splines import ComplexArray
from nuatom.numerics.guards import positive_row
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import interpolator
from nuatom.numerics.radial_panels import radial_panels
from nuatom.numerics.spectral_average import average_points
from nuatom.numerics.wigner import half_three_j_squared

__all__ = ["LocalDensityResponse", "local_density_response"]

ORDER: Final = 12
"""Gauss points in a panel. Where the largest momentum is some 10/bohr or more, panels are so short that 8
suffice: S of xenon and argon, 0.03 to 5 keV, changes by at most 3e-6 at any momentum, in less than half the
time. Where it is small 8 are wrong by per cents."""

PHASE: Final = 14.0
"""Largest phase of wave, orbital and Bessel function together in one panel. Against half of it ∫Q dQ S of
xenon at 3 keV changes by less than 1e-8."""

RATIO: Final = 2.0
"""Largest ratio of a panel's edges."""

INNERMOST: Final = 1e-3
"""Panels begin at this over Z, bohr: 10⁻⁹ of a 1s electron's charge is inside."""

TAIL: Final = 1e-5
"""Panels end where every orbital is below this part of its maximum."""

LARGEST_TAIL: Final = 0.1

LIVELY: Final = 1e-12
"""Part of its maximum below which an orbital is left out, where solutions of high energies overflow."""

SHARP: Final = 1e-6
"""Without an average there is no strength below the first threshold: an imaginary part below this part of
the whole is as good as none."""

KINDS: Final = 3
"""Independent electrons, their charge together, their spins together."""

CHECKED: Final = 8
"""One transfer in so many is computed on coarser panels as well."""

ACCURACY: Final = 1e-3
"""Asked of the radial quadrature."""


@dataclass(frozen=True, eq=False)
class LocalDensityResponse:
    """Responses per hartree of an atom's charge and spin, with and without correlation.

    Attributes
    ----------
    transfer, momentum : ndarray, shapes (T,) and (Q,)
        Hartree and 1/bohr.
    multipoles : tuple of int
    correlated, independent : ndarray, shape (L, T, Q)
        Parts of S that each multipole adds.
    spin : ndarray, shape (L, T, Q)
        The same of a spin density along one direction, in units in which it is S for independent electrons.
    half_width : ndarray, shape (T,)
        γ of the energy average (`nuatom.numerics.spectral_average`), hartree.
    points : tuple of int
        Radial points at each transfer.
    quadrature_error : float
        Largest difference of Q² S from that on panels of a lower order, relative to its maximum over
        momenta, with and without correlation, of all multipoles and transfers: the error of the
        lower order, and far more than that of the order used. One transfer in eight is tried.
    holes : tuple of str
        Subshells that take part.
    """

    transfer: FloatArray
    momentum: FloatArray
    multipoles: tuple[int, ...]
    correlated: FloatArray
    independent: FloatArray
    spin: FloatArray
    half_width: FloatArray
    points: tuple[int, ...]
    quadrature_error: float
    holes: tuple[str, ...]


def local_density_response(
    state: GroundState,
    transfer: ArrayLike,
    momentum: ArrayLike,
    multipoles: Sequence[int] = (0, 1, 2, 3),
    *,
    half_width: ArrayLike = 0.0,
    inert: float = INERT,
    tail: float = TAIL,
    accuracy: float | None = ACCURACY,
    bindings: ArrayLike | None = None,
    points: int = ORDER,
) -> LocalDensityResponse:
    """Charge responses of one atom, per multipole, with and without correlation.

    Parameters
    ----------
    state : GroundState
        Any local field, as of `nuatom.atoms.structure.local_field`, closed or open shells.
    transfer : array_like, shape (T,)
        Energies > 0, hartree; up to some 700 (20 keV) in an atom of ordinary size.
    momentum : array_like, shape (Q,)
        Momenta > 0, 1/bohr. The largest one decides, with the transfer, how fine the panels are.
    multipoles : sequence of int
        Orders L.
    half_width : float or array_like, shape (T,)
        S ω/T is averaged over transfer ± this (hartree), as in
        `nuatom.atoms.correlated.linear_response.linear_response`: exactly, from four complex energies.
    inert : float
        Subshells bound by more than this many times the largest transfer do not take part.
    tail : float
        Panels end where every orbital is below this part of its maximum. The longest waves, Q times
        radius below one, feel it most; ∫Q dQ S of argon at 1 keV changes by 10⁻⁷ at 10⁻³.
    accuracy : float or None
        Largest acceptable ``quadrature_error``. None leaves the trial out, and the error is NaN: for one
        of many calls that differ little, at two thirds of the time.
    bindings : array_like, shape (orbitals,), optional
        Energies > 0 in hartree that take an orbital's electrons to rest far away, in the place of the
        field's own. Transitions into occupied orbitals, which cancel only with the field's own, are then
        taken out one by one.
    points : int
        Gauss points in a panel, at least 6; the trial has a sixth less.

    Returns
    -------
    LocalDensityResponse

    Raises
    ------
    InputError
        If an argument is not as above.
    ConvergenceError
        If the quadrature error exceeds ``accuracy``, or a solution grows beyond what a double holds.
    """
    transfers = positive_row("transfer", transfer, "hartree")
    momenta = positive_row("momentum", momentum, "1/bohr")
    orders = tuple(int(order) for order in multipoles)
    if not orders or min(orders) < 0 or len(set(orders)) < len(orders):
        raise InputError("multipoles", list(multipoles), "different integers >= 0")
    given = np.asarray(half_width, dtype=float)
    if given.shape not in ((), transfers.shape) or not np.all((given >= 0.0) & np.isfinite(given)):
        raise InputError("half_width", half_width, "one number >= 0, or one for each transfer")
    if not 0.0 < tail <= LARGEST_TAIL:
        raise InputError("tail", tail, f"a number above 0, up to {LARGEST_TAIL}")
    if not inert > 0.0:
        raise InputError("inert", inert, "a positive number")
    if not 6 <= points <= 24:
        raise InputError("points", points, "6 to 24")
    if accuracy is not None and not 0.0 < accuracy < 1.0:
        raise InputError("accuracy", accuracy, "a number between 0 and 1, or None")
    check_interaction(state, "tdlda")
    widths = np.broadcast_to(given, transfers.shape)
    holes = _holes(state, inert * float(transfers.max()), bindings)
    values = np.zeros((KINDS, len(orders), transfers.size, momenta.size))
    sizes, error = [], 0.0
    for t, (energy, width) in enumerate(zip(transfers, widths, strict=True)):
        edges = _edges(state, float(energy), float(momenta.max()), tail)
        fine = _Medium(state, holes, edges, points)
        sizes.append(fine.panels.size)
        chi = _averaged(fine, orders, float(energy), float(width), momenta)
        values[:, :, t] = chi.imag
        if accuracy is not None and t % CHECKED == 0:
            coarse = _averaged(
                _Medium(state, holes, edges, points - points // 6),
                orders,
                float(energy),
                float(width),
                momenta,
            )
            error = max(error, _difference(momenta**2 * chi, momenta**2 * coarse))
    if accuracy is not None and not error < accuracy:
        raise ConvergenceError(f"radial quadrature: error {error:.3g}, {accuracy:.3g} asked for")
    if not np.all(np.isfinite(values)):
        raise ConvergenceError("a solution grows beyond what a double holds")
    return LocalDensityResponse(
        transfer=transfers,
        momentum=momenta,
        multipoles=orders,
        correlated=values[1],
        independent=values[0],
        spin=values[2],
        half_width=widths,
        points=tuple(sizes),
        quadrature_error=np.nan if accuracy is None else error,
        holes=tuple(hole.orbital.label for hole in holes),
    )


@dataclass(frozen=True, eq=False)
class _Hole:
    """An orbital whose electrons take part, and the energy from which they are lifted."""

    orbital: Orbital
    energy: float

    @property
    def moved(self) -> bool:
        """Whether it is not the field's own."""
        return self.energy != self.orbital.energy


def _holes(state: GroundState, deepest: float, bindings: ArrayLike | None) -> list[_Hole]:
    energies = [orbital.energy for orbital in state.orbitals]
    if bindings is not None:
        given = np.asarray(bindings, dtype=float)
        if given.shape != (len(energies),) or not np.all((given > 0.0) & np.isfinite(given)):
            raise InputError("bindings", bindings, f"{len(energies)} energies > 0, one for each orbital")
        energies = (-given).tolist()
    every = [_Hole(orbital, energy) for orbital, energy in zip(state.orbitals, energies, strict=True)]
    found = [hole for hole in every if -hole.orbital.energy < deepest]
    return found or [max(every, key=lambda hole: hole.orbital.energy)]


class _Medium:
    """An atom's density, field and taking-part orbitals on panels."""

    def __init__(self, state: GroundState, holes: Sequence[_Hole], edges: FloatArray, order: int) -> None:
        self.panels = radial_panels(edges, order)
        at = interpolator(state.grid, self.panels.r)
        pull = state.grid.r * state.potential
        end = float(interpolator(state.grid, edges[-1:])(pull)[0])
        self._field = RadialField(self.panels, at(pull) / self.panels.r, -end, state.speed_of_light)
        self._holes = tuple(holes)
        orbitals = [hole.orbital for hole in holes]
        large, small = (np.array([at(getattr(o, name)) for o in orbitals]) for name in ("large", "small"))
        lively = np.abs(large) > LIVELY * np.abs(large).max(axis=1, keepdims=True)
        self._large, self._small = np.where(lively, large, 0.0), np.where(lively, small, 0.0)
        radial = at(sum((o.occupation * (o.large**2 + o.small**2) for o in state.orbitals), np.zeros(1)))
        area = 4.0 * np.pi * self.panels.r**2
        self._local = local_kernel(radial / area) / area
        self._spin = spin_kernel(radial / area) / area

    def response(self, orders: Sequence[int], frequency: complex, momenta: FloatArray) -> ComplexArray:
        """∫j_L u dr of electrons alone, together, and of their spins together, shape (L, 3, Q)."""
        known: dict[tuple[int, int], ComplexArray] = {}
        bessel = spherical_bessel(max(orders), self.panels.r[:, None] * momenta)
        result = np.zeros((len(orders), KINDS, momenta.size), dtype=complex)
        for row, order in enumerate(orders):
            probes = bessel[order]
            alone = self._independent(order, frequency, known)
            charge = self.panels.multipole_interaction(order, alone) / (2 * order + 1)
            charge += self._local[:, None] * alone
            fields = [probes, *(_answered(k, probes) for k in (charge, self._spin[:, None] * alone))]
            answer = (self.panels.weight[:, None] * probes).T @ alone
            result[row] = np.einsum("qr,mrq->mq", answer, np.stack(fields), optimize=True)
        return result

    def _independent(
        self, order: int, frequency: complex, known: dict[tuple[int, int], ComplexArray]
    ) -> ComplexArray:
        """χ0 as a matrix; ``known`` collects factors of orbital and wave, which serve many multipoles."""
        products, occupied = [], np.zeros((self.panels.size, self.panels.size), dtype=complex)
        kappas = [hole.orbital.kappa for hole in self._holes]
        moved = any(hole.moved for hole in self._holes)
        for channel in channels(kappas, order):
            key, hole = (channel.hole, channel.kappa), self._holes[channel.hole]
            ends = hole.energy + frequency, hole.energy - frequency
            if key not in known:
                bound = self._large[channel.hole], self._small[channel.hole]
                up, down = (green_factors(self._field, channel.kappa, at, *bound) for at in ends)
                known[key] = np.stack([np.stack(up), np.stack(down)], axis=1)
            orbital, spins = hole.orbital, 2 * abs(channel.kappa)
            strength = orbital.occupation * spins
            strength *= float(half_three_j_squared(spins - 1, order, orbital.twice_j))
            products.append(known[key] * np.array([strength, 1.0])[:, None, None])
            if moved:
                occupied += strength * self._into_occupied(channel.hole, channel.kappa, ends)
        inner, outer = np.concatenate(products, axis=1)
        kernel = self.panels.product_kernel(inner, outer)
        return kernel - occupied * self.panels.weight if moved else kernel

    def _into_occupied(self, index: int, kappa: int, ends: tuple[complex, complex]) -> ComplexArray:
        """Part of F G F that leads into orbitals that are occupied, each as far as it is full."""
        result = np.zeros((self.panels.size, self.panels.size), dtype=complex)
        for place, other in enumerate(self._holes):
            if other.orbital.kappa == kappa:
                product = self._large[index] * self._large[place] + self._small[index] * self._small[place]
                full = other.orbital.occupation / (2 * abs(kappa))
                size = sum(full / (end - other.orbital.energy) for end in ends)
                result += size * np.multiply.outer(product, product)
        return result


def _answered(induced: ComplexArray, probes: FloatArray) -> ComplexArray:
    """Field v + K u, which obeys (1 − K χ0)(v + K u) = v; ``induced`` is K χ0, and is used up."""
    np.negative(induced, out=induced)
    induced[np.diag_indices_from(induced)] += 1.0
    field: ComplexArray = lu_solve(lu_factor(induced, overwrite_a=True), probes.astype(complex))
    return field


def _averaged(
    medium: _Medium, orders: Sequence[int], energy: float, width: float, momenta: FloatArray
) -> ComplexArray:
    """−(2L + 1)/π times χ, averaged with the weight ω/T; S is the imaginary part. Shape (kinds, L, Q)."""
    offsets, weights = average_points(width)
    chi = np.array([medium.response(orders, energy + offset, momenta) for offset in offsets])
    scale = weights * (energy + offsets) / energy
    factor = -(2.0 * np.array(orders) + 1.0) / np.pi
    result: ComplexArray = np.einsum("l,o,olmq->mlq", factor, scale, chi)
    return result


def _difference(one: ComplexArray, two: ComplexArray) -> float:
    """Largest |Im(one − two)| over the largest |Im one|, both along the last axis."""
    size = np.maximum(np.abs(one.imag), SHARP * np.abs(one)).max(axis=-1)
    return float((np.abs((two - one).imag).max(axis=-1) / size).max())


def _edges(state: GroundState, transfer: float, momentum: float, tail: float) -> FloatArray:
    """Panel edges that follow wave, orbital and Bessel function together."""
    size = np.array([np.abs(o.large) for o in state.orbitals])
    alive = (size > tail * size.max(axis=1, keepdims=True)).any(axis=0)
    last, c = float(state.grid.r[np.nonzero(alive)[0][-1]]), state.speed_of_light
    edges = [max(INNERMOST / state.Z, float(state.grid.r[0]))]
    while edges[-1] < last:
        pull = max(-float(np.interp(edges[-1], state.grid.r, state.potential)), 0.0)
        fastest = float(wavenumber(transfer + pull, c)) + np.sqrt(2.0 * pull) + momentum
        edges.append(edges[-1] + min((RATIO - 1.0) * edges[-1], PHASE / fastest))
    return np.array(edges)
