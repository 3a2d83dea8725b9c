"""Relativistic random-phase approximation of one multipole, as a matrix problem.

With X the amplitudes of the channels (a → r) that a field of frequency ω excites and Y those of the
de-excitations that it stimulates,

    (A − ω) X + B Y = −d₊,    B X + (A + ω) Y = −d₋,

A = (ε_r − ε_a) + coupling, B the coupling of `nuatom.atoms.particle_hole`. A charge-like operator
has d₋ = d₊, a current-like one d₋ = −d₊, and

    χ = −2 dᵀ [(A − B)(A + B) − ω²]^{-1} (A − B) d      (charge),
    χ = −2 dᵀ (A + B) [(A − B)(A + B) − ω²]^{-1} d      (current)

(Thouless, The Quantum Mechanics of Many-Body Systems, chapter 5; Johnson & Lin, Phys. Rev. A 20
(1979) 964). Orbitals live on a contour on which outgoing waves decay, so χ is that of the open
continuum at real ω, and matrices are symmetric without complex conjugation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nuatom.atoms.particle_hole import Channel, channels, crossed_exchange, direct, exchange
from nuatom.atoms.probes import probe_functions
from nuatom.atoms.virtual_orbitals import OrbitalBasis
from nuatom.numerics.complex_splines import ComplexArray
from nuatom.numerics.quadrature import FloatArray

__all__ = ["ExcitationSpace", "excitation_space", "interaction", "response_matrices"]


@dataclass(frozen=True, eq=False)
class ExcitationSpace:
    """Channels of one multipole with their virtual orbitals.

    Attributes
    ----------
    basis : OrbitalBasis
    order : int
        L.
    channels : tuple of Channel
    slices : tuple of slice
        Where each channel's states lie in a vector of all.
    energies : ndarray of complex, shape (states,)
        ε_r − ε_a, hartree.
    weights : ndarray, shape (states,)
        √ of the filling of the hole's subshell.
    """

    basis: OrbitalBasis
    order: int
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
        """⟨r‖C_L‖a⟩/√(2L + 1) times √filling, of every state."""
        angular = np.empty(self.states)
        for channel, at in zip(self.channels, self.slices, strict=True):
            angular[at] = direct(channel, self.order)
        return angular * self.weights

    def amplitudes(self, momentum: FloatArray) -> tuple[ComplexArray, ...]:
        """Amplitudes of each operator of `nuatom.atoms.probes`, one column per momentum."""
        contour, basis = self.basis.contour, self.basis
        real = contour.real_points
        functions = probe_functions(self.order, momentum, contour.r[:real])
        weight = contour.weight[:real]
        shape = (self.states, momentum.size)
        result: list[ComplexArray] = [np.empty(shape, dtype=complex) for _ in functions]
        for channel, at in zip(self.channels, self.slices, strict=True):
            wave = basis.virtual(channel.kappa)
            large, small = wave.large[:, :real], wave.small[:, :real]
            p, q = basis.large[channel.hole] * weight, basis.small[channel.hole] * weight
            charge = large * p + small * q
            minus, plus = large * q - small * p, large * q + small * p
            plus *= channel.kappa - channel.hole_kappa
            for columns, (on_charge, on_minus, on_plus) in zip(result, functions, strict=True):
                columns[at] = charge @ on_charge.T + minus @ on_minus.T + plus @ on_plus.T
        strengths = self.strengths()[:, None]
        return tuple(columns * strengths for columns in result)


def excitation_space(
    basis: OrbitalBasis, order: int, holes: list[int] | None = None, shifts: FloatArray | None = None
) -> ExcitationSpace:
    """Channels of multipole ``order`` from the subshells ``holes`` (indices; all by default).

    ``shifts`` (hartree, per subshell) are added to the excitation energies: measured thresholds.
    """
    orbitals = basis.state.orbitals
    holes = list(range(len(orbitals))) if holes is None else holes
    found = [
        Channel(holes[c.hole], c.hole_kappa, c.kappa)
        for c in channels([orbitals[h].kappa for h in holes], order)
    ]
    slices, energies, weights = [], [], []
    position = 0
    for channel in found:
        virtual = basis.virtual(channel.kappa)
        orbital = orbitals[channel.hole]
        shift = 0.0 if shifts is None else shifts[channel.hole]
        energies.append(virtual.energies - orbital.energy + shift)
        filling = orbital.occupation / (orbital.twice_j + 1)
        weights.append(np.full(virtual.energies.size, np.sqrt(filling)))
        slices.append(slice(position, position + virtual.energies.size))
        position += virtual.energies.size
    return ExcitationSpace(
        basis, order, tuple(found), tuple(slices), np.concatenate(energies), np.concatenate(weights)
    )


def interaction(
    space: ExcitationSpace, local_kernel: FloatArray | None = None
) -> tuple[ComplexArray, ComplexArray]:
    """A − (ε_r − ε_a) and B of a space.

    Parameters
    ----------
    space : ExcitationSpace
    local_kernel : ndarray, shape (real points,), optional
        dV_x/dn of a local exchange potential, hartree bohr³, which then stands for all
        exchange; without it exchange is exact.
    """
    contour = space.basis.contour
    real = contour.real_points
    weight = contour.weight[:real]
    charge = space.strengths()[:, None] * space.densities()
    weighted = charge * weight
    kernel = space.basis.kernel(space.order)
    if local_kernel is not None:
        angular = (2 * space.order + 1) / (4.0 * np.pi)
        kernel = kernel + np.diag(angular * local_kernel / contour.r[:real] ** 2)
    direct_part = weighted @ _times(kernel, charge.T)
    direct_part = 0.5 * (direct_part + direct_part.T)
    if local_kernel is not None:
        return direct_part, direct_part.copy()
    a_matrix, b_matrix = direct_part, direct_part.copy()
    crossed = _CrossedPotentials(space.basis)
    for i, (one, at) in enumerate(zip(space.channels, space.slices, strict=True)):
        for two, to in zip(space.channels[: i + 1], space.slices[: i + 1], strict=True):
            filling = space.weights[at.start] * space.weights[to.start]
            # An electron always misses itself, however few its subshell holds.
            own = 1.0 if one.hole == two.hole else filling
            block = own * _exchange_block(space.basis, one, two, exchange(one, two, space.order))
            a_matrix[at, to] -= block
            other = filling * crossed.block(one, two, crossed_exchange(one, two, space.order))
            b_matrix[at, to] -= other
            if one is not two:
                a_matrix[to, at] -= block.T
                b_matrix[to, at] -= other.T
    return a_matrix, b_matrix


def response_matrices(
    space: ExcitationSpace, local_kernel: FloatArray | None = None
) -> tuple[ComplexArray, ComplexArray]:
    """A + B and A − B; arguments as of `interaction`."""
    coupling, crossed = interaction(space, local_kernel)
    coupling[np.diag_indices_from(coupling)] += space.energies
    return coupling + crossed, coupling - crossed


def _pair(basis: OrbitalBasis, kappa: int, hole: int) -> ComplexArray:
    virtual = basis.virtual(kappa)
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
    r, s = basis.virtual(one.kappa), basis.virtual(two.kappa)
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
        total = np.zeros((real, basis.virtual(two.kappa).energies.size), dtype=complex)
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
