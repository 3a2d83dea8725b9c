"""Linear response of all electrons together, multipole by multipole, at every momentum at once.

For a transfer T and a multipole L the strength of an operator is

    S_L(T, Q) = −((2L + 1)²/π) Im χ_L(T, Q),

χ_L from `nuatom.atoms.random_phase`, beside the strength of independent electrons in the same basis,
whose waves see the ion with one electron less, averaged over directions. Correlation is the difference; it
lives in few multipoles, and adding it to a converged independent-particle response leaves an
error of the size of its last term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eig

from nuatom.atoms.density_functional import local_kernel
from nuatom.atoms.exchange import exchange_coefficient, multipoles
from nuatom.atoms.orbital import GroundState
from nuatom.atoms.probes import OPERATORS
from nuatom.atoms.random_phase import ExcitationSpace, excitation_space, response_matrices
from nuatom.atoms.virtual_orbitals import BasisSize, OrbitalBasis, orbital_basis
from nuatom.errors import ConvergenceError, InputError
from nuatom.numerics.complex_splines import ComplexArray
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.shifted_systems import ShiftedSystem
from nuatom.numerics.spectral_average import average_points

__all__ = [
    "HIGHEST_CORRELATED",
    "METHODS",
    "RESPONSES",
    "LinearResponse",
    "basis_for",
    "check_method",
    "energy_segments",
    "exchange_kernel",
    "linear_response",
]

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int_]

METHODS: Final = ("rpa", "tdlda")

RESPONSES: Final = (*OPERATORS, "mixed")

INDEPENDENT_CHANNELS: Final = "magnetic multipoles of the vector current; all of the axial current"
"""What stays independent-particle whatever the method."""

PROBE_TOLERANCE: Final = 1e-8
"""Singular values, relative to the largest, below which a momentum adds no new probe."""

INERT: Final = 20.0
"""Subshells bound by more than this many times the largest transfer do not take part."""

RESOLVED: Final = 1.4
"""Largest wave number times panel width that the default splines follow."""

HIGHEST_CORRELATED: Final = 25.0
"""Transfer in hartree above which correlation, by then a few per cent, costs more than it gives."""

SEGMENT: Final = 3.0
"""Energies within this factor share a basis."""

BASIS_ACCURACY: Final = 1e-4
"""Relative accuracy asked of the occupied energies in the basis."""


@dataclass(frozen=True, eq=False)
class LinearResponse:
    """Strengths per hartree of an atom, with and without correlation.

    Attributes
    ----------
    method : str
        ``rpa`` or ``tdlda``.
    transfer, momentum : ndarray, shapes (T,) and (Q,)
        Hartree and 1/bohr.
    multipoles : tuple of int
    correlated, independent : ndarray, shape (4, L, T, Q)
        S_L in the order of `RESPONSES`: charge, longitudinal and electric currents, and charge with
        longitudinal current (`nuatom.atoms.probes`). Sums over L are R_00, R_33, 2 R_11 (its
        electric part) and R_03.
    half_width : float
        γ of the energy average (`nuatom.numerics.spectral_average`), hartree.
    states : tuple of int
        Particle-hole states per multipole.
    basis_error : float
        Largest relative difference between an occupied energy of the basis and of the state.
    residual : float
        Largest relative residual of the solved equations.
    holes : tuple of str
        Subshells that take part.
    independent_channels : str
        Channels that correlation does not reach here.
    """

    method: str
    transfer: FloatArray
    momentum: FloatArray
    multipoles: tuple[int, ...]
    correlated: FloatArray
    independent: FloatArray
    half_width: float
    states: tuple[int, ...]
    basis_error: float
    residual: float
    holes: tuple[str, ...]
    independent_channels: str = INDEPENDENT_CHANNELS

    def correction(self, operator: str = "charge") -> FloatArray:
        """Σ_L (correlated − independent), shape (T, Q): what correlation adds to a response."""
        row = self._row(operator)
        total: FloatArray = (self.correlated[row] - self.independent[row]).sum(axis=0)
        return total

    def join_step(self, operator: str = "charge") -> FloatArray:
        """|correlated − independent| of the highest multipole, shape (T, Q): the error of stopping there."""
        row = self._row(operator)
        highest = int(np.argmax(self.multipoles))
        step: FloatArray = np.abs(self.correlated[row, highest] - self.independent[row, highest])
        return step

    def _row(self, operator: str) -> int:
        if operator not in RESPONSES:
            raise InputError("operator", operator, "one of " + ", ".join(RESPONSES))
        return RESPONSES.index(operator)


def basis_for(state: GroundState, largest_transfer: float, size: BasisSize | None = None) -> OrbitalBasis:
    """Basis whose panels resolve the fastest wave that a transfer (hartree) can eject."""
    if size is None:
        weakest = -max(orbital.energy for orbital in state.orbitals)
        fastest = np.sqrt(2.0 * max(largest_transfer - weakest, 0.0)) + 1e-9
        spacing = min(BasisSize.spacing, RESOLVED / fastest)
        size = BasisSize(spacing=float(spacing))
    return orbital_basis(state, size)


def energy_segments(transfers: FloatArray, wanted: BoolArray) -> list[IntArray]:
    """Indices of the wanted transfers, in groups that share a basis, from the highest down."""
    left = [int(i) for i in np.argsort(-transfers) if wanted[i]]
    groups = []
    while left:
        group = [i for i in left if transfers[i] > transfers[left[0]] / SEGMENT]
        groups.append(np.array(group))
        left = left[len(group) :]
    return groups


def linear_response(
    state: GroundState,
    transfer: ArrayLike,
    momentum: ArrayLike,
    multipoles: Sequence[int] = (0, 1, 2, 3),
    method: Literal["rpa", "tdlda"] = "rpa",
    *,
    half_width: float = 0.0,
    thresholds: FloatArray | None = None,
    basis: OrbitalBasis | None = None,
) -> LinearResponse:
    """Response functions of one atom, per multipole.

    Parameters
    ----------
    state : GroundState
        ``rpa``: Dirac-Fock, closed shells. ``tdlda``: any local field, such as
        `nuatom.atoms.asymptotic_field.asymptotic_state`, closed or open shells.
    transfer : array_like, shape (T,)
        Energies > 0, hartree.
    momentum : array_like, shape (Q,)
        Momenta > 0, 1/bohr.
    multipoles : sequence of int
        Orders L.
    method : {"rpa", "tdlda"}
        Exact exchange in field and response, or the local density's in both.
    half_width : float
        Strengths are averaged over transfer ± this (hartree), charge with a factor ω/T and
        currents with T/ω, so that the average still conserves current. Autoionizing resonances
        and the discrete lines below thresholds are narrower than any grid: give a width there.
    thresholds : ndarray, shape (S,), optional
        Ionization thresholds of the subshells, hartree, in the place of the state's energies.
        Measured ones break the equality of length and velocity.
    basis : OrbitalBasis, optional
        By default `basis_for`.

    Returns
    -------
    LinearResponse

    Raises
    ------
    InputError
        If an argument is not as above.
    ConvergenceError
        If the basis misses the state's orbitals by more than 10⁻⁴ of their energies, or an
        equation is not solved to 10⁻⁶.
    """
    transfers, momenta = _positive("transfer", transfer), _positive("momentum", momentum)
    orders = tuple(int(order) for order in multipoles)
    if not orders or min(orders) < 0 or len(set(orders)) < len(orders):
        raise InputError("multipoles", list(multipoles), "different integers >= 0")
    if not half_width >= 0.0:
        raise InputError("half_width", half_width, "zero or more hartree")
    check_method(state, method)
    energies = np.array([-orbital.energy for orbital in state.orbitals])
    shifts = None if thresholds is None else _shifts(thresholds, energies)
    basis = basis_for(state, float(transfers.max())) if basis is None else basis
    holes = [h for h, bound in enumerate(energies) if bound < INERT * transfers.max()]
    holes = holes or [int(np.argmin(energies))]
    kernel = exchange_kernel(basis) if method == "tdlda" else None
    correlated = np.zeros((len(RESPONSES), len(orders), transfers.size, momenta.size))
    independent = np.zeros_like(correlated)
    states, residual = [], 0.0
    for row, order in enumerate(orders):
        space = excitation_space(basis, order, holes, shifts)
        solver = _Multipole(space, momenta, kernel)
        states.append(space.states)
        factor = (2 * order + 1) ** 2 / np.pi
        offsets, weights = average_points(half_width)
        for t, energy in enumerate(transfers):
            for offset, weight in zip(offsets, weights, strict=True):
                together, alone = solver(energy + offset)
                # Charge conservation is (energy, not transfer) times charge: it must be averaged.
                ratio = (energy + offset) / energy
                scale = factor * weight * np.array([[ratio], [1.0 / ratio], [1.0 / ratio], [1.0]])
                correlated[:, row, t] -= (scale * together).imag
                independent[:, row, t] -= (scale * alone).imag
        residual = max(residual, solver.residual)
    if not basis.energy_error < BASIS_ACCURACY:
        raise ConvergenceError(f"the basis misses an occupied energy by {basis.energy_error:.3g}")
    return LinearResponse(
        method=method,
        transfer=transfers,
        momentum=momenta,
        multipoles=orders,
        correlated=correlated,
        independent=independent,
        half_width=float(half_width),
        states=tuple(states),
        basis_error=basis.energy_error,
        residual=residual,
        holes=tuple(state.orbitals[h].label for h in holes),
    )


class _Multipole:
    """χ_L of the three operators at all momenta, for any complex energy."""

    def __init__(self, space: ExcitationSpace, momentum: FloatArray, kernel: FloatArray | None) -> None:
        amplitudes = space.amplitudes(momentum)
        self._momentum = momentum
        self._speed_of_light = space.basis.state.speed_of_light
        self._sizes, probes = [], []
        self._expansions = []
        for columns in amplitudes:
            basis, expansion = _compress(columns)
            probes.append(basis)
            self._expansions.append(expansion)
            self._sizes.append(basis.shape[1])
        charge = probes[0]
        currents = np.concatenate(probes[1:], axis=1)
        plus, minus = response_matrices(space, kernel)
        left = np.concatenate([charge.T, currents.T @ plus])
        right = np.concatenate([minus @ charge, currents], axis=1)
        self._system = ShiftedSystem(minus @ plus, left, right)
        self._independent = _independent_channels(space, amplitudes, kernel is None)
        self.residual = 0.0

    def __call__(self, energy: complex) -> tuple[ComplexArray, ComplexArray]:
        """χ of correlated and of independent electrons, shape (responses, Q) each."""
        matrix = -2.0 * self._system(energy**2)
        self.residual = max(self.residual, self._system.residual)
        together = np.empty((len(RESPONSES), self._expansions[0].shape[1]), dtype=complex)
        start = 0
        for row, (size, expansion) in enumerate(zip(self._sizes, self._expansions, strict=True)):
            block = matrix[start : start + size, start : start + size]
            together[row] = np.einsum("iq,ij,jq->q", expansion, block, expansion, optimize=True)
            start += size
        # Current is conserved here, so that the mixed response needs no solution of its own.
        together[-1] = energy / (self._speed_of_light * self._momentum) * together[0]
        poles, strengths = self._independent
        alone = strengths @ (1.0 / (energy - poles) - 1.0 / (energy + poles))
        return together, alone


def _compress(columns: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
    """Few probes that span all momenta, and the momenta's expansions in them."""
    norms = np.linalg.norm(columns, axis=0)
    used = norms > 0.0
    if not used.any():
        return columns[:, :0], np.zeros((0, columns.shape[1]), dtype=complex)
    u, s, v = np.linalg.svd(columns[:, used] / norms[used], full_matrices=False)
    keep = s > PROBE_TOLERANCE * s[0]
    expansion = np.zeros((int(keep.sum()), columns.shape[1]), dtype=complex)
    expansion[:, used] = s[keep, None] * v[keep] * norms[used]
    return u[:, keep], expansion


def _independent_channels(
    space: ExcitationSpace, amplitudes: tuple[ComplexArray, ...], fock: bool
) -> tuple[ComplexArray, ComplexArray]:
    """Poles, and strengths (responses, Q, poles), of electrons that answer alone."""
    poles, strengths = [], []
    for channel, at in zip(space.channels, space.slices, strict=True):
        matrix = np.diag(space.energies[at])
        if fock:
            matrix = matrix - _missing_electron(space.basis, channel.kappa, channel.hole)
        values, vectors = eig(matrix)
        vectors = vectors / np.sqrt(np.einsum("in,in->n", vectors, vectors))
        poles.append(values)
        charge, longitudinal, electric = (columns[at].T @ vectors for columns in amplitudes)
        strengths.append(np.stack([charge**2, longitudinal**2, electric**2, charge * longitudinal]))
    return np.concatenate(poles), np.concatenate(strengths, axis=-1)


def _missing_electron(basis: OrbitalBasis, kappa: int, hole: int) -> ComplexArray:
    """Mean field of one electron of subshell ``hole`` on the waves κ: Y⁰_aa − Σ_k Λ^k exchange."""
    contour, virtual = basis.contour, basis.virtual(kappa)
    real = contour.real_points
    density = basis.large[hole] ** 2 + basis.small[hole] ** 2
    potential = 1.0 / contour.z
    potential[:real] = basis.kernel(0) @ density
    potential = potential * basis.weight
    field = (virtual.large * potential) @ virtual.large.T
    field += (virtual.small * potential) @ virtual.small.T
    pair = virtual.large[:, :real] * basis.large[hole] + virtual.small[:, :real] * basis.small[hole]
    weighted = pair * contour.weight[:real]
    other = basis.state.orbitals[hole].kappa
    for k in multipoles(kappa, other):
        kernel = basis.kernel(k)
        around = kernel @ pair.real.T + 1j * (kernel @ pair.imag.T)
        field -= exchange_coefficient(kappa, other, k) * (weighted @ around)
    result: ComplexArray = 0.5 * (field + field.T)
    return result


def exchange_kernel(basis: OrbitalBasis) -> FloatArray:
    """Local exchange-correlation kernel of the ground state's density at the real points."""
    r = basis.contour.r[: basis.contour.real_points]
    radial = sum(
        orbital.occupation * (p**2 + q**2)
        for orbital, p, q in zip(basis.state.orbitals, basis.large, basis.small, strict=True)
    )
    return local_kernel(np.asarray(radial) / (4.0 * np.pi * r**2))


def check_method(state: GroundState, method: str) -> None:
    """Raise InputError unless the method is known and suits the state."""
    if method not in METHODS:
        raise InputError("method", method, "one of " + ", ".join(METHODS))
    fock = state.method == "dirac-fock"
    if method == "rpa":
        if not fock:
            raise InputError("state", state.method, "a Dirac-Fock state for the method rpa")
        for orbital in state.orbitals:
            if abs(orbital.occupation - orbital.twice_j - 1) > 1e-12:
                raise InputError("state", orbital.label, "closed shells for rpa; tdlda takes open ones")
    elif fock:
        raise InputError("state", state.method, "a local field for the method tdlda")


def _shifts(thresholds: ArrayLike, energies: FloatArray) -> FloatArray:
    given = np.asarray(thresholds, dtype=float)
    if given.shape != energies.shape or not np.all(given > 0.0):
        raise InputError("thresholds", thresholds, f"{energies.size} positive energies")
    shifts: FloatArray = given - energies
    return shifts


def _positive(name: str, values: ArrayLike) -> FloatArray:
    array = np.atleast_1d(np.asarray(values, dtype=float))
    if array.ndim != 1 or array.size == 0 or not np.all((array > 0.0) & np.isfinite(array)):
        raise InputError(name, values, "positive finite numbers")
    return array
