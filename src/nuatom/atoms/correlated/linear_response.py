"""Linear response of all electrons together, multipole by multipole, at every momentum at once.

For a transfer T and a multipole L a response is

    R_L(T, Q) = −((2L + 1)²/π) Im χ_L(T, Q),

χ_L from `nuatom.atoms.correlated.susceptibility`, beside that of independent electrons in the same basis,
whose waves see the ion with one electron less, averaged over directions. Correlation is the difference; it
lives in few multipoles, and adding it to a converged independent-particle response leaves an
error of the size of its last term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.correlated.basis import BasisSize, OrbitalBasis, orbital_basis
from nuatom.atoms.correlated.interaction import Interaction, check_interaction
from nuatom.atoms.correlated.ion_field import IonChannels
from nuatom.atoms.correlated.operators import PARITIES, Parity
from nuatom.atoms.correlated.random_phase import LocalKernel, excitation_space, response_matrices
from nuatom.atoms.correlated.susceptibility import PROBE_TOLERANCE, IndependentResponse, MultipoleResponse
from nuatom.atoms.structure.functionals import local_kernel, spin_kernel
from nuatom.atoms.structure.orbital import GroundState
from nuatom.errors import ConvergenceError, InputError
from nuatom.numerics.complex_splines import ComplexArray
from nuatom.numerics.guards import positive_row
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.spectral_average import average_points

__all__ = [
    "HIGHEST_CORRELATED",
    "SEGMENT",
    "LinearResponse",
    "basis_for",
    "energy_segments",
    "kernel_of",
    "linear_response",
]

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int_]

AVERAGED_POWER: Final = np.array([1, 0, -1, -1, 1, 0, -1, -1, -1])
"""Powers of ω/T that the components are averaged with: charge conservation relates ω times charge to the
current, and a product of two amplitudes takes the root of both powers."""

SPIN_ROWS: Final[dict[Parity, tuple[int, ...]]] = {
    "natural": (COMPONENTS.index("axial_11"), COMPONENTS.index("interference")),
    "unnatural": tuple(range(len(COMPONENTS))),
}
"""Components whose part of a parity is the spin's."""

INERT: Final = 20.0
"""Subshells bound by more than this many times the largest transfer do not take part."""

RESOLVED: Final = 1.4
"""Largest wave number times panel width that the default splines follow."""

HIGHEST_CORRELATED: Final = 25.0
"""Transfer in hartree above which the splines, which follow the fastest wave through the whole atom, cost too
much. `nuatom.atoms.correlated.local_density_response` tells what is left there: up to a tenth above inner
thresholds."""

SEGMENT: Final = 3.0
"""Energies within this factor share a basis."""

BASIS_ACCURACY: Final = 1e-4
"""Relative accuracy asked of the occupied energies in the basis."""


@dataclass(frozen=True, eq=False)
class LinearResponse:
    """Responses per hartree of an atom, with and without correlation.

    Attributes
    ----------
    interaction : str
        ``rpa`` or ``tdlda``.
    transfer, momentum : ndarray, shapes (T,) and (Q,)
        Hartree and 1/bohr.
    multipoles : tuple of int
    correlated, independent : ndarray, shape (9, L, T, Q)
        Parts of the responses that each multipole adds, in the order of
        `nuatom.atoms.components.COMPONENTS`.
    parities : tuple of {"natural", "unnatural"}
        Of the multipoles: charge, longitudinal, electric and axial magnetic; axial charge, axial
        longitudinal, axial electric and magnetic.
    half_width : ndarray, shape (T,)
        γ of the energy average (`nuatom.numerics.spectral_average`), hartree.
    states : tuple of int
        Particle-hole states per multipole, of both parities.
    basis_error : float
        Largest relative difference between an occupied energy of the basis and of the state.
    residual : float
        Largest relative residual of the solved equations.
    holes : tuple of str
        Subshells that take part.
    independent_channels : str
        Channels that correlation does not reach: responses of a ground state that is unstable against their
        static fields (`nuatom.atoms.correlated.susceptibility`); or ``none``.
    """

    interaction: Interaction
    transfer: FloatArray
    momentum: FloatArray
    multipoles: tuple[int, ...]
    correlated: FloatArray
    independent: FloatArray
    parities: tuple[Parity, ...]
    half_width: FloatArray
    states: tuple[int, ...]
    basis_error: float
    residual: float
    holes: tuple[str, ...]
    independent_channels: str

    def correction(self, component: str = "vector_00") -> FloatArray:
        """Σ_L (correlated − independent), shape (T, Q): what correlation adds to a response."""
        row = _row(component)
        total: FloatArray = (self.correlated[row] - self.independent[row]).sum(axis=0)
        return total

    def join_step(self, component: str = "vector_00") -> FloatArray:
        """|correlated − independent| of the highest multipole, shape (T, Q): the error of stopping there."""
        row = _row(component)
        highest = int(np.argmax(self.multipoles))
        step: FloatArray = np.abs(self.correlated[row, highest] - self.independent[row, highest])
        return step


def _row(component: str) -> int:
    if component not in COMPONENTS:
        raise InputError("component", component, "one of " + ", ".join(COMPONENTS))
    return COMPONENTS.index(component)


def basis_for(
    state: GroundState,
    largest_transfer: float,
    size: BasisSize | None = None,
    *,
    resolved: float = RESOLVED,
    tail: float = BasisSize.tail,
) -> OrbitalBasis:
    """Basis whose panels resolve the fastest wave that a transfer (hartree) can eject.

    ``resolved`` is that wave's number times the panels' width, ``tail`` the part of the orbitals outside.
    """
    if size is None:
        weakest = -max(orbital.energy for orbital in state.orbitals)
        fastest = np.sqrt(2.0 * max(largest_transfer - weakest, 0.0)) + 1e-9
        spacing = min(BasisSize.spacing, resolved / fastest)
        size = BasisSize(spacing=float(spacing), tail=tail)
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
    interaction: Interaction = "rpa",
    *,
    half_width: float | FloatArray = 0.0,
    thresholds: FloatArray | None = None,
    basis: OrbitalBasis | None = None,
    parities: Sequence[Parity] = PARITIES,
    inert: float = INERT,
    probe_tolerance: float = PROBE_TOLERANCE,
) -> LinearResponse:
    """Response functions of one atom, per multipole.

    Parameters
    ----------
    state : GroundState
        ``rpa``: Dirac-Fock, closed shells. ``tdlda``: any local field, such as
        ``dirac-lb94``, closed or open shells.
    transfer : array_like, shape (T,)
        Energies > 0, hartree.
    momentum : array_like, shape (Q,)
        Momenta > 0, 1/bohr.
    multipoles : sequence of int
        Orders L.
    interaction : {"rpa", "tdlda"}
        Exact exchange in field and response, or the local density's in both.
    half_width : float or ndarray, shape (T,)
        Responses are averaged over transfer ± this (hartree), those of charges with a factor ω/T and
        of currents with T/ω, so that the average still conserves current. Autoionizing resonances
        and the discrete lines below thresholds are narrower than any grid: give a width there.
    thresholds : ndarray, shape (S,), optional
        Ionization thresholds of the subshells, hartree, in the place of the state's energies.
        Measured ones break the equality of length and velocity.
    basis : OrbitalBasis, optional
        By default `basis_for`.
    parities : sequence of {"natural", "unnatural"}
        One of them gives the parts of the responses that its multipoles make.
    inert : float
        Subshells bound by more than this many times the largest transfer do not take part.
    probe_tolerance : float
        See `nuatom.atoms.correlated.susceptibility.MultipoleResponse`.

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
    transfers = positive_row("transfer", transfer, "hartree")
    momenta = positive_row("momentum", momentum, "1/bohr")
    orders, chosen = _orders(multipoles), _chosen(parities)
    widths = np.broadcast_to(np.asarray(half_width, dtype=float), transfers.shape)
    if not np.all(widths >= 0.0) or np.any(widths == 0.0) != np.all(widths == 0.0):
        raise InputError("half_width", half_width, "zero, or positive hartree")
    check_interaction(state, interaction)
    energies = np.array([-orbital.energy for orbital in state.orbitals])
    shifts = None if thresholds is None else _shifts(thresholds, energies)
    basis = basis_for(state, float(transfers.max())) if basis is None else basis
    holes = [h for h, bound in enumerate(energies) if bound < inert * transfers.max()]
    holes = holes or [int(np.argmin(energies))]
    kernel = kernel_of(basis, interaction)
    ion = IonChannels(exchange=interaction == "rpa")
    offsets, weights = average_points(float(np.sign(widths[0])))
    points = transfers[:, None] + widths[:, None] * offsets
    scale = weights * (points / transfers[:, None]) ** AVERAGED_POWER[:, None, None]
    correlated = np.zeros((len(COMPONENTS), len(orders), transfers.size, momenta.size))
    independent = np.zeros_like(correlated)
    states, residual, left_out = [0] * len(orders), 0.0, list[str]()

    def averaged(order: int, chi: ComplexArray) -> FloatArray:
        chi = chi.reshape(*points.shape, *chi.shape[1:])
        factor = (2 * order + 1) ** 2 / np.pi
        result: FloatArray = -factor * np.einsum("cto,tocq->ctq", scale, chi).imag
        return result

    for row, order in enumerate(orders):
        for parity in chosen:
            space = excitation_space(basis, order, holes, shifts, parity)
            alone = IndependentResponse(space, momenta, ion)
            independent_part = averaged(order, alone(points.ravel()))
            independent[:, row] += independent_part
            states[row] += space.states
            together = MultipoleResponse(space, momenta, *response_matrices(space, kernel), probe_tolerance)
            part = averaged(order, together(points.ravel()))
            residual = max(residual, together.residual)
            unstable = _unstable(together, parity, interaction)
            if unstable:
                part[unstable] = independent_part[unstable]
                names = ", ".join(COMPONENTS[component] for component in unstable)
                left_out.append(f"{names} of {parity} parity, L = {order}: the ground state is unstable")
            correlated[:, row] += part
    if not basis.energy_error < BASIS_ACCURACY:
        raise ConvergenceError(f"the basis misses an occupied energy by {basis.energy_error:.3g}")
    return LinearResponse(
        interaction=interaction,
        transfer=transfers,
        momentum=momenta,
        multipoles=orders,
        correlated=correlated,
        independent=independent,
        parities=chosen,
        half_width=widths,
        states=tuple(states),
        basis_error=basis.energy_error,
        residual=residual,
        holes=tuple(state.orbitals[h].label for h in holes),
        independent_channels="; ".join(left_out) or "none",
    )


def _orders(multipoles: Sequence[int]) -> tuple[int, ...]:
    orders = tuple(int(order) for order in multipoles)
    if not orders or min(orders) < 0 or len(set(orders)) < len(orders):
        raise InputError("multipoles", list(multipoles), "different integers >= 0")
    return orders


def _chosen(parities: Sequence[Parity]) -> tuple[Parity, ...]:
    chosen = tuple(parity for parity in PARITIES if parity in parities)
    if not chosen or len(chosen) < len(parities):
        raise InputError("parities", list(parities), "natural, unnatural or both")
    return chosen


def kernel_of(basis: OrbitalBasis, interaction: Interaction) -> LocalKernel | None:
    """Local kernels of the ground state's density at the real points; None of exact exchange."""
    if interaction == "rpa":
        return None
    r = basis.contour.r[: basis.contour.real_points]
    radial = sum(
        orbital.occupation * (p**2 + q**2)
        for orbital, p, q in zip(basis.state.orbitals, basis.large, basis.small, strict=True)
    )
    density = np.asarray(radial) / (4.0 * np.pi * r**2)
    return LocalKernel(local_kernel(density), spin_kernel(density))


def _unstable(together: MultipoleResponse, parity: Parity, interaction: Interaction) -> list[int]:
    """Components of a parity to which the ground state is unstable."""
    # In a local field an orbital below a fuller one answers with the other sign, and is stable; an
    # open shell without polarisation is not stable against a field of spin.
    fixed = SPIN_ROWS[parity] if interaction == "tdlda" else range(len(COMPONENTS))
    return [component for component in together.unstable() if component in fixed]


def _shifts(thresholds: ArrayLike, energies: FloatArray) -> FloatArray:
    given = np.asarray(thresholds, dtype=float)
    if given.shape != energies.shape or not np.all(given > 0.0):
        raise InputError("thresholds", thresholds, f"{energies.size} positive energies")
    shifts: FloatArray = given - energies
    return shifts
