r"""The density-density Green's function of an atom, below the energy of its ground state.

.. math:: F(T,Q)=\langle0|\rho(\mathbf Q)\,\frac{1}{T+E_0-H}\,\rho(-\mathbf Q)|0\rangle
                =\sum_n\frac{|\langle n|\rho(-\mathbf Q)|0\rangle|^2}{T-(E_n-E_0)},

equation (12) of :cite:`KS11` with E = T + E₀. For independent electrons in one local potential, H = Σh,
the sum over states has the ground state itself and the excitations i → a of one electron. With the
resolvent of h, whose states a include the occupied ones,

.. math:: F=\frac{|\langle0|\rho|0\rangle|^2}{T}
            +\sum_i\langle i|\rho^\dagger\frac{1}{T+\epsilon_i-h}\rho|i\rangle
            -\sum_{ij}\frac{|\langle j|\rho|i\rangle|^2}{T-\epsilon_j+\epsilon_i}:

all electrons together, each electron alone, and the part of the latter that leaves an electron in an
occupied orbital, its own included. For T < 0 nothing is excited and F is real.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.excitation import bound_strength
from nuatom.atoms.structure.configuration import orbital_momentum
from nuatom.atoms.structure.inhomogeneous import bound_response
from nuatom.atoms.structure.orbital import GroundState, Orbital
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV
from nuatom.errors import ConvergenceError, InputError
from nuatom.numerics.bessel import spherical_bessel
from nuatom.numerics.guards import positive_row
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.wigner import half_three_j_squared

__all__ = ["DensityGreenFunction", "density_green_function"]

HIGHEST_ORDER: Final = 80
ACCURACY: Final = 1e-9

COARSEST_STEP: Final = 0.3
"""Grid step times wave number, at an orbital's mean radius, up to which the answer has five digits."""


@dataclass(frozen=True, eq=False)
class DensityGreenFunction:
    """F(T, Q) in its three parts, 1/keV.

    Attributes
    ----------
    together : ndarray, shape (Q,)
        The ground state's own term, |⟨0|ρ|0⟩|²/T: Z²/T at Q = 0.
    alone : ndarray, shape (Q,)
        Resolvent of each electron by itself: Z/T at Q = 0.
    blocked : ndarray, shape (Q,)
        What of ``alone`` ends in occupied orbitals: Z/T at Q = 0.
    orders : int
        Multipoles summed.
    """

    together: FloatArray
    alone: FloatArray
    blocked: FloatArray
    orders: int

    @property
    def total(self) -> FloatArray:
        """F = together + alone − blocked."""
        return self.together + self.alone - self.blocked


def density_green_function(
    state: GroundState, transfer_kev: float, momentum_kev: ArrayLike
) -> DensityGreenFunction:
    """Green's function of the density at one energy.

    Parameters
    ----------
    state : GroundState
        Closed shells in one local potential, or a single electron. A smooth potential
        (`nuatom.atoms.structure.local_field`) keeps eight digits; the kink where a Dirac-Slater tail
        begins leaves three to five.
    transfer_kev : float
        T < 0, the energy above that of the ground state; some keV below it the state's grid becomes too
        coarse.
    momentum_kev : array_like, shape (Q,)
        Increasing momenta > 0.

    Raises
    ------
    InputError
        For another state, a transfer that is not negative, or momenta that are not as above.
    ConvergenceError
        If 80 multipoles do not suffice.
    """
    momenta = positive_row("momentum_kev", momentum_kev, "keV")
    if not (math.isfinite(transfer_kev) and transfer_kev < 0.0):
        raise InputError("transfer_kev", transfer_kev, "a negative, finite energy")
    if np.any(np.diff(momenta) <= 0.0):
        raise InputError("momentum_kev", momentum_kev, "increasing momenta")
    potential = _local_potential(state)
    transfer, momentum = transfer_kev / HARTREE_KEV, momenta / MOMENTUM_KEV
    if transfer < (lowest := _lowest_transfer(state)):
        raise InputError("transfer_kev", transfer_kev, f"at least {lowest * HARTREE_KEV:.4g} on this grid")
    form = np.zeros(momentum.size)
    alone, blocked = np.zeros_like(form), np.zeros_like(form)
    used = 0
    for orbital in state.orbitals:
        form += orbital.occupation * _form_factor(state, orbital, momentum)
        part, orders = _resolvent(state, potential, orbital, transfer, momentum)
        alone += orbital.occupation * part
        used = max(used, orders)
        shell = BoundShell.of(state, orbital)
        for final in state.orbitals:
            strength = orbital.occupation * bound_strength(shell, state.grid, final, momentum)[0]
            blocked += strength / (transfer - final.energy + orbital.energy)
    scale = 1.0 / HARTREE_KEV
    return DensityGreenFunction(scale * form**2 / transfer, scale * alone, scale * blocked, used)


def _local_potential(state: GroundState) -> FloatArray:
    if sum(orbital.occupation for orbital in state.orbitals) == 1.0:
        return state.nuclear_potential
    if state.method == "dirac-fock":
        raise InputError("state", state.method, "a state of one local potential")
    for orbital in state.orbitals:
        if abs(orbital.occupation - orbital.twice_j - 1) > 1e-12:
            raise InputError("state", orbital.label, "closed shells")
    return state.potential


def _lowest_transfer(state: GroundState) -> float:
    """Transfer, hartree, below which the grid is too coarse for solutions that decay as fast."""
    radius = max(BoundShell.of(state, orbital).mean_radius for orbital in state.orbitals)
    step = state.grid.step * float(state.grid.rate[np.searchsorted(state.grid.r, radius)])
    return -0.5 * (COARSEST_STEP / step) ** 2


def _form_factor(state: GroundState, orbital: Orbital, momentum: FloatArray) -> FloatArray:
    density = (orbital.large**2 + orbital.small**2) * state.grid.weight
    form: FloatArray = density @ spherical_bessel(0, state.grid.r[:, None] * momentum)[0]
    return form


def _resolvent(
    state: GroundState, potential: FloatArray, orbital: Orbital, transfer: float, momentum: FloatArray
) -> tuple[FloatArray, int]:
    """Σ_κ'L (2j' + 1)(2L + 1) (j' L j; −½ 0 ½)² ⟨j_L|(ε + T − h_κ')^−1|j_L⟩ of one electron."""
    total = np.zeros(momentum.size)
    energy, weight = orbital.energy + transfer, state.grid.weight
    bessel = spherical_bessel(HIGHEST_ORDER, state.grid.r[:, None] * momentum, floor=1e-3 * ACCURACY)
    for order in range(HIGHEST_ORDER):
        term = np.zeros(momentum.size)
        for kappa in _coupled(orbital.kappa, order):
            angular = float(half_three_j_squared(2 * abs(kappa) - 1, order, orbital.twice_j))
            for q in range(momentum.size):
                large, small = bessel[order, :, q] * orbital.large, bessel[order, :, q] * orbital.small
                answer = bound_response(
                    state.grid, potential, kappa, energy, state.speed_of_light, large, small
                )
                overlap = float((large * answer[0] + small * answer[1]) @ weight)
                term[q] += 2 * abs(kappa) * (2 * order + 1) * angular * overlap
        total += term
        if order > 0 and np.all(np.abs(term) <= ACCURACY * np.abs(total)):
            return total, order
    raise ConvergenceError(f"{HIGHEST_ORDER} multipoles do not suffice at {momentum[-1]:.3g}/bohr")


def _coupled(kappa: int, order: int) -> list[int]:
    """Waves that a multipole of natural parity couples to κ."""
    reach = abs(kappa) + order
    waves = (sign * spins for spins in range(1, reach + 1) for sign in (-1, 1))
    return [
        wave
        for wave in waves
        if abs(2 * abs(wave) - 2 * abs(kappa)) <= 2 * order
        and (orbital_momentum(wave) + orbital_momentum(kappa) + order) % 2 == 0
    ]
