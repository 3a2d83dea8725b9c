"""Relativistic random-phase approximation of one multipole, as a matrix problem.

With X the amplitudes of the channels (a → r) that a field of frequency ω excites and Y those of the
de-excitations that it stimulates,

    (A − ω) X + B Y = −d₊,    B X + (A + ω) Y = −d₋,

A = (ε_r − ε_a) + coupling, B the coupling of `nuatom.atoms.correlated.angular`. An even operator
(`nuatom.atoms.correlated.operators`) has d₋ = d₊, an odd one d₋ = −d₊. With N = (A − B)(A + B) − ω², the
response of an operator e to a perturbation d is

    χ = −2 eᵀ N^{-1} (A − B) d      (both even),
    χ = −2 eᵀ (A + B) N^{-1} d      (both odd),
    χ = −2ω eᵀ N^{-1} d             (e even, d odd)

(Thouless, The Quantum Mechanics of Many-Body Systems, chapter 5; Johnson & Lin, Phys. Rev. A 20
(1979) 964). Orbitals live on a contour on which outgoing waves decay, so χ is that of the open
continuum at real ω, and matrices are symmetric without complex conjugation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nuatom.atoms.correlated.angular import Channel, channels, crossed_exchange, exchange, partner, strength
from nuatom.atoms.correlated.basis import OrbitalBasis
from nuatom.atoms.correlated.operators import Parity, operators, pair_densities, probe_terms
from nuatom.numerics.complex_splines import ComplexArray
from nuatom.numerics.quadrature import FloatArray

__all__ = ["ExcitationSpace", "LocalKernel", "excitation_space", "interaction", "response_matrices"]


@dataclass(frozen=True, eq=False)
class LocalKernel:
    """Interaction of a local density functional, hartree bohr³ at the real points of a basis.

    Attributes
    ----------
    charge : ndarray, shape (real points,)
        dv_xc/dn, beside Coulomb's interaction between induced charges.
    spin : ndarray, shape (real points,)
        The kernel of a spin density ψ†Σψ, δ(**r** − **r'**) f_s(r) **m·m'**, all there is between those.
    """

    charge: FloatArray
    spin: FloatArray


@dataclass(frozen=True, eq=False)
class ExcitationSpace:
    """Channels of one multipole and parity with their virtual orbitals.

    Attributes
    ----------
    basis : OrbitalBasis
    order : int
        L.
    parity : {"natural", "unnatural"}
    channels : tuple of Channel
    slices : tuple of slice
        Where each channel's states lie in a vector of all.
    energies : ndarray of complex, shape (states,)
        ε_r − ε_a, hartree.
    weights : ndarray, shape (states,)
        √ of the filling of the hole's subshell less that of the orbital, which open shells have.
    """

    basis: OrbitalBasis
    order: int
    parity: Parity
    channels: tuple[Channel, ...]
    slices: tuple[slice, ...]
    energies: ComplexArray
    weights: FloatArray

    @property
    def states(self) -> int:
        """Number of particle-hole states."""
        return self.energies.size

    def densities(self) -> ComplexArray:
        """P_r P_a + Q_r Q_a of every state at the real points, shape (states, real points)."""
        return np.concatenate([_pair(self.basis, c.kappa, c.hole) for c in self.channels])

    def strengths(self) -> FloatArray:
        """⟨r‖C_L‖ã⟩/√(2L + 1) times √filling, of every state."""
        angular = np.empty(self.states)
        for channel, at in zip(self.channels, self.slices, strict=True):
            angular[at] = strength(channel, self.order, self.parity)
        return angular * self.weights

    def amplitudes(self, momentum: FloatArray) -> ComplexArray:
        """Amplitudes of the operators of this parity, shape (operators, states, Q)."""
        contour, basis = self.basis.contour, self.basis
        real = contour.real_points
        terms = probe_terms(self.parity, self.order, momentum, contour.r[:real])
        weight = contour.weight[:real]
        count = len(operators(self.parity))
        result = np.zeros((count, self.states, momentum.size), dtype=complex)
        for channel, at in zip(self.channels, self.slices, strict=True):
            wave = basis.virtual(channel.kappa, channel.hole)
            large, small = wave.large[:, :real], wave.small[:, :real]
            p, q = basis.large[channel.hole] * weight, basis.small[channel.hole] * weight
            growth = channel.kappa - partner(channel.hole_kappa, self.parity)
            densities = pair_densities(large, small, p, q, growth)
            for operator, density, function in terms:
                result[operator, at] += densities[density] @ function.T
        result *= self.strengths()[:, None]
        return result


def excitation_space(
    basis: OrbitalBasis,
    order: int,
    holes: list[int] | None = None,
    shifts: FloatArray | None = None,
    parity: Parity = "natural",
) -> ExcitationSpace:
    """Channels of multipole ``order`` from the subshells ``holes`` (indices; all by default).

    ``shifts`` (hartree, per subshell) are added to the excitation energies: measured thresholds.
    """
    orbitals = basis.state.orbitals
    holes = list(range(len(orbitals))) if holes is None else holes
    found = [
        Channel(holes[c.hole], c.hole_kappa, c.kappa)
        for c in channels([orbitals[h].kappa for h in holes], order, parity)
    ]
    slices, energies, weights = [], [], []
    position = 0
    for channel in found:
        virtual = basis.virtual(channel.kappa, channel.hole)
        orbital = orbitals[channel.hole]
        shift = 0.0 if shifts is None else shifts[channel.hole]
        energies.append(virtual.energies - orbital.energy + shift)
        weights.append(np.sqrt(basis.filling(channel.hole) - virtual.filling))
        slices.append(slice(position, position + virtual.energies.size))
        position += virtual.energies.size
    return ExcitationSpace(
        basis, order, parity, tuple(found), tuple(slices), np.concatenate(energies), np.concatenate(weights)
    )


def interaction(
    space: ExcitationSpace, local_kernel: LocalKernel | None = None
) -> tuple[ComplexArray, ComplexArray]:
    """A − (ε_r − ε_a) and B of a space.

    Parameters
    ----------
    space : ExcitationSpace
    local_kernel : LocalKernel, optional
        Stands for all exchange and correlation; without it exchange is exact, and shells are closed.
    """
    a_matrix = _direct(space, None if local_kernel is None else local_kernel.charge)
    b_matrix = a_matrix.copy()
    if local_kernel is not None:
        # Against exchange of wave and orbital the magnetic multipoles of a spin are odd, the others even.
        spins = _spin(space, local_kernel.spin)
        return a_matrix + spins, b_matrix + (spins if space.parity == "unnatural" else -spins)
    crossed = _CrossedPotentials(space.basis)
    for i, (one, at) in enumerate(zip(space.channels, space.slices, strict=True)):
        for two, to in zip(space.channels[: i + 1], space.slices[: i + 1], strict=True):
            block = _exchange_block(space.basis, one, two, exchange(one, two, space.order))
            a_matrix[at, to] -= block
            other = crossed.block(one, two, crossed_exchange(one, two, space.order))
            b_matrix[at, to] -= other
            if one is not two:
                a_matrix[to, at] -= block.T
                b_matrix[to, at] -= other.T
    return a_matrix, b_matrix


def response_matrices(
    space: ExcitationSpace, local_kernel: LocalKernel | None = None
) -> tuple[ComplexArray, ComplexArray]:
    """A + B and A − B; arguments as of `interaction`."""
    coupling, crossed = interaction(space, local_kernel)
    coupling[np.diag_indices_from(coupling)] += space.energies
    return coupling + crossed, coupling - crossed


def _direct(space: ExcitationSpace, local_kernel: FloatArray | None) -> ComplexArray:
    """D R_L of all channels; unnatural parity moves no charge."""
    if space.parity == "unnatural":
        return np.zeros((space.states, space.states), dtype=complex)
    contour = space.basis.contour
    real = contour.real_points
    charge = space.strengths()[:, None] * space.densities()
    kernel = space.basis.kernel(space.order)
    if local_kernel is not None:
        angular = (2 * space.order + 1) / (4.0 * np.pi)
        kernel = kernel + np.diag(angular * local_kernel / contour.r[:real] ** 2)
    result: ComplexArray = (charge * contour.weight[:real]) @ _times(kernel, charge.T)
    return 0.5 * (result + result.T)


def _spin(space: ExcitationSpace, kernel: FloatArray) -> ComplexArray:
    """Interaction of spin densities of all channels.

    δ(r − r')/r² between the three vector harmonics r̂ C_L, r∇C_L and l C_L over the lengths 1, s and s, whose
    densities are D₊ and g D₋/s (unnatural parity) and g D₋/s (natural), s = √(L(L + 1)).
    """
    basis, order = space.basis, space.order
    real = basis.contour.real_points
    weight = (2 * order + 1) / (4.0 * np.pi) * kernel / basis.contour.r[:real] ** 2
    weight = weight * basis.contour.weight[:real]
    angular = space.strengths()[:, None]
    total = np.zeros((space.states, space.states), dtype=complex)
    if space.parity == "unnatural":
        radial = angular * space.densities()
        total += (radial * weight) @ radial.T
    if order:
        tangential = np.concatenate([_growing(space, channel) for channel in space.channels])
        tangential *= angular / np.sqrt(order * (order + 1.0))
        total += (tangential * weight) @ tangential.T
    return total


def _growing(space: ExcitationSpace, channel: Channel) -> ComplexArray:
    """G D₋ = (κ' − κ̃)(P_r P_a − Q_r Q_a) of a channel's states at the real points."""
    basis, growth = space.basis, channel.kappa - partner(channel.hole_kappa, space.parity)
    virtual = basis.virtual(channel.kappa, channel.hole)
    real = basis.contour.real_points
    minus: ComplexArray = (
        virtual.large[:, :real] * basis.large[channel.hole]
        - virtual.small[:, :real] * basis.small[channel.hole]
    )
    return growth * minus


def _pair(basis: OrbitalBasis, kappa: int, hole: int) -> ComplexArray:
    virtual = basis.virtual(kappa, hole)
    real = basis.contour.real_points
    product: ComplexArray = (
        virtual.large[:, :real] * basis.large[hole] + virtual.small[:, :real] * basis.small[hole]
    )
    return product


def _times(real_matrix: FloatArray, columns: ComplexArray) -> ComplexArray:
    """Real times complex without promoting the matrix."""
    return real_matrix @ columns.real + 1j * (real_matrix @ columns.imag)


def _exchange_block(
    basis: OrbitalBasis, one: Channel, two: Channel, coefficients: dict[int, float]
) -> ComplexArray:
    """Σ_k a_k R_k(rs, ab) of two channels."""
    contour = basis.contour
    real = contour.real_points
    r, s = basis.virtual(one.kappa, one.hole), basis.virtual(two.kappa, two.hole)
    density = basis.large[one.hole] * basis.large[two.hole] + basis.small[one.hole] * basis.small[two.hole]
    potential = np.zeros(contour.r.size, dtype=complex)
    for k, coefficient in coefficients.items():
        potential[:real] += coefficient * (basis.kernel(k) @ density)
        moment = contour.weight[:real] @ (density * contour.r[:real] ** k)
        potential[real:] += coefficient * moment / contour.z[real:] ** (k + 1)
    potential *= basis.weight
    block: ComplexArray = (r.large * potential) @ s.large.T + (r.small * potential) @ s.small.T
    return block


class _CrossedPotentials:
    """Potentials Y^k_sa, each made once."""

    def __init__(self, basis: OrbitalBasis) -> None:
        self._basis = basis
        self._known: dict[tuple[int, int, int], ComplexArray] = {}

    def block(self, one: Channel, two: Channel, coefficients: dict[int, float]) -> ComplexArray:
        """Σ_k b_k R_k(rb, sa)."""
        basis = self._basis
        real = basis.contour.real_points
        left = _pair(basis, one.kappa, two.hole) * basis.contour.weight[:real]
        total = np.zeros((real, basis.virtual(two.kappa, two.hole).energies.size), dtype=complex)
        for k, coefficient in coefficients.items():
            total += coefficient * self._potential(k, two.kappa, one.hole)
        block: ComplexArray = left @ total
        return block

    def _potential(self, k: int, kappa: int, hole: int) -> ComplexArray:
        key = (k, kappa, hole)
        if key not in self._known:
            pair = _pair(self._basis, kappa, hole)
            self._known[key] = _times(self._basis.kernel(k), pair.T)
        return self._known[key]
