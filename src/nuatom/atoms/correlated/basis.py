"""Excited and continuum orbitals of an atom in a finite basis on a complex contour.

The large component is expanded in B-splines of one degree, the small one in those of the next
(Froese Fischer & Zatsarinny, Comput. Phys. Commun. 180 (2009) 879: no spurious states), and

    h_κ (P, Q) = (V P + c(−Q' + κQ/z), c(P' + κP/z) + (V − 2c²)Q) + X (P, Q),

X the exchange with the occupied orbitals, becomes a complex symmetric matrix. Its eigenvectors of
positive total energy that are not full are the virtual orbitals: open shells, and those of a
discretised continuum whose outgoing waves have decayed before the end of the basis
(`nuatom.numerics.complex_splines`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eig

from nuatom.atoms.structure.coulomb import exchange_factor, multipoles
from nuatom.atoms.structure.orbital import GroundState
from nuatom.errors import ConvergenceError, InputError
from nuatom.numerics.complex_splines import (
    ComplexArray,
    ComplexContour,
    complex_contour,
    multipole_kernel,
    splines,
)
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import interpolator

__all__ = ["BasisSize", "OrbitalBasis", "VirtualOrbitals", "orbital_basis"]


@dataclass(frozen=True)
class BasisSize:
    """What the quality of the basis depends on; refine it to see what is left.

    Attributes
    ----------
    degree : int
        Of the splines of the large component.
    spacing : float
        Largest panel inside R₀, bohr: waves up to k ≈ 1.2/spacing come out to 10⁻⁴.
    growth : float
        Ratio of successive panels near the nucleus.
    tail : float
        R₀ is where all occupied orbitals are below this part of their maximum.
    angle : float
        θ of the contour.
    reach : float
        Length of the contour beyond R₀, bohr.
    largest_energy : float
        Virtual orbitals of larger |energy| are left out, hartree.
    """

    degree: int = 7
    spacing: float = 0.45
    growth: float = 1.4
    tail: float = 1e-5
    angle: float = 0.55
    reach: float = 60.0
    largest_energy: float = 100.0


@dataclass(frozen=True, eq=False)
class VirtualOrbitals:
    """Virtual orbitals of one κ, those of open shells among them.

    Attributes
    ----------
    kappa : int
    filling : ndarray, shape (states,)
        Electrons per spinor: zero but for the orbitals of open shells.
    energies : ndarray of complex, shape (states,)
        Hartree.
    large, small : ndarray of complex, shape (states, points)
        P and Q at the Gauss points, ∫(P_i P_j + Q_i Q_j)dz = δ_ij.
    """

    kappa: int
    filling: FloatArray
    energies: ComplexArray
    large: ComplexArray
    small: ComplexArray

    def below(self, filling: float) -> VirtualOrbitals:
        """Those that hold fewer electrons per spinor."""
        chosen = self.filling < filling - 1e-9
        if chosen.all():
            return self
        return VirtualOrbitals(
            self.kappa, self.filling[chosen], self.energies[chosen], self.large[chosen], self.small[chosen]
        )


class OrbitalBasis:
    """Splines, occupied orbitals and interaction kernels on one contour.

    Attributes
    ----------
    state : GroundState
    size : BasisSize
    contour : ComplexContour
    large, small : ndarray, shape (subshells, real points)
        Occupied orbitals at the real Gauss points; they have decayed beyond.
    """

    def __init__(self, state: GroundState, size: BasisSize, contour: ComplexContour) -> None:
        self.state = state
        self.size = size
        self.contour = contour
        real = contour.real_points
        at = interpolator(state.grid, np.maximum(contour.r[:real], state.grid.r[0]))
        self.large = np.array([at(o.large) for o in state.orbitals])
        self.small = np.array([at(o.small) for o in state.orbitals])
        pull = at(state.grid.r * state.potential)
        self.potential = pull[-1] / contour.z
        self.potential[:real] = pull / contour.r[:real]
        self._upper = splines(contour, size.degree)
        self._lower = splines(contour, size.degree + 1)
        self._kernels: dict[int, FloatArray] = {}
        self._virtual: dict[int, VirtualOrbitals] = {}
        self._reached: dict[tuple[int, float], VirtualOrbitals] = {}
        self._occupied_error: dict[int, float] = {}

    @property
    def weight(self) -> ComplexArray:
        """Σ weight·f = ∫f dz."""
        return self.contour.weight * self.contour.rate

    def kernel(self, k: int) -> FloatArray:
        """Matrix of the multipole potential Y^k on the real points, weights included."""
        if k not in self._kernels:
            self._kernels[k] = multipole_kernel(self.contour, k)
        return self._kernels[k]

    def filling(self, subshell: int) -> float:
        """Electrons per spinor of a subshell."""
        orbital = self.state.orbitals[subshell]
        return float(orbital.occupation / (orbital.twice_j + 1))

    def virtual(self, kappa: int, hole: int) -> VirtualOrbitals:
        """Orbitals of κ into which an electron of the subshell ``hole`` can go, computed once."""
        if kappa not in self._virtual:
            self._virtual[kappa] = self._diagonalise(kappa)
        key = kappa, self.filling(hole)
        if key not in self._reached:
            self._reached[key] = self._virtual[kappa].below(key[1])
        return self._reached[key]

    @property
    def energy_error(self) -> float:
        """Largest relative difference of an occupied energy of the basis from the state's."""
        return max(self._occupied_error.values(), default=0.0)

    def hamiltonian(self, kappa: int) -> tuple[ComplexArray, ComplexArray]:
        """h_κ and the overlap in the splines, large components first."""
        (b, slope), (d, _) = self._upper, self._lower
        c, weight = self.state.speed_of_light, self.weight
        n, m = b.shape[0], d.shape[0]
        h = np.zeros((n + m, n + m), dtype=complex)
        s = np.zeros_like(h)
        s[:n, :n], s[n:, n:] = (b * weight) @ b.T, (d * weight) @ d.T
        pull = weight * self.potential
        h[:n, :n] = (b * pull) @ b.T
        h[n:, n:] = (d * (pull - 2.0 * c**2 * weight)) @ d.T
        # dz d/dz = dr d/dr: the derivative does not know the contour.
        mixed = c * (d @ (self.contour.weight * slope + (kappa * weight / self.contour.z) * b).T)
        h[n:, :n], h[:n, n:] = mixed, mixed.T
        if self.state.method == "dirac-fock":
            h += self._exchange(kappa)
        return h, s

    def _exchange(self, kappa: int) -> FloatArray:
        real = self.contour.real_points
        b, d = self._upper[0][:, :real], self._lower[0][:, :real]
        weight = self.contour.weight[:real]
        total = np.zeros((b.shape[0] + d.shape[0],) * 2)
        for orbital, p, q in zip(self.state.orbitals, self.large, self.small, strict=True):
            density = np.concatenate([b * p, d * q])
            kernel = np.zeros((real, real))
            for k in multipoles(kappa, orbital.kappa):
                strength = orbital.occupation * exchange_factor(kappa, orbital.kappa, k)
                kernel += strength * self.kernel(k)
            total -= (density * weight) @ (kernel @ density.T)
        return 0.5 * (total + total.T)

    def _diagonalise(self, kappa: int) -> VirtualOrbitals:
        c, bound = self.state.speed_of_light, []
        h, s = self.hamiltonian(kappa)
        energies, vectors = eig(h, s)
        vectors = vectors / np.sqrt(np.einsum("in,ij,jn->n", vectors, s, vectors, optimize=True))
        keep = (energies.real > -(c**2)) & (np.abs(energies) < self.size.largest_energy)
        filling = np.zeros(energies.size)
        for subshell, orbital in enumerate(self.state.orbitals):
            if orbital.kappa == kappa:
                nearest = int(np.argmin(np.abs(energies - orbital.energy)))
                error = float(abs(energies[nearest] / orbital.energy - 1.0))
                self._occupied_error[orbital.n * 100 + kappa] = error
                filling[nearest] = self.filling(subshell)
                keep[nearest] = filling[nearest] < 1.0 - 1e-9
                bound.append(error)
        if bound and max(bound) > 1e-2:
            raise ConvergenceError(
                f"the basis misses an occupied orbital of kappa = {kappa} by {max(bound):.3g}"
            )
        order = np.argsort(energies.real[keep])
        chosen = vectors[:, keep][:, order]
        n = self._upper[0].shape[0]
        large = chosen[:n].T @ self._upper[0]
        small = chosen[n:].T @ self._lower[0]
        return VirtualOrbitals(kappa, filling[keep][order], energies[keep][order], large, small)


def orbital_basis(state: GroundState, size: BasisSize | None = None) -> OrbitalBasis:
    """Basis for the virtual orbitals of a neutral or ionised atom.

    Raises
    ------
    InputError
        If the state's grid ends before its orbitals have decayed.
    """
    size = BasisSize() if size is None else size
    magnitude = np.array([np.abs(o.large) for o in state.orbitals])
    alive = (magnitude > size.tail * magnitude.max(axis=1, keepdims=True)).any(axis=0)
    last = int(np.nonzero(alive)[0][-1])
    radius = float(state.grid.r[last])
    if last >= state.grid.size - 2:
        raise InputError("tail", size.tail, "a value that the orbitals reach inside their grid")
    inner = [0.0, 2e-3 / state.Z**1.0 * 1e-1]
    while inner[-1] * (size.growth - 1.0) < size.spacing:
        inner.append(inner[-1] * size.growth)
    count = max(int(np.ceil((radius - inner[-1]) / size.spacing)), 1)
    edges = inner + [inner[-1] + size.spacing * (i + 1) for i in range(count)]
    turn = len(edges) - 1
    bend = max(int(np.ceil(2.0 / size.spacing)), 3)
    edges += [edges[-1] + size.spacing * (i + 1) for i in range(bend)]
    width = size.spacing
    while edges[-1] < edges[turn] + size.reach:
        width *= 1.3
        edges.append(edges[-1] + width)
    contour = complex_contour(np.array(edges), turn, bend, size.angle, size.degree + 3)
    return OrbitalBasis(state, size, contour)
