"""The self-consistent local field of Dirac-Slater theory.

Every electron sees the nucleus, the electrons' charge, and the exchange potential of a uniform
electron gas of the local density,

    V_x(r) = −(3α/2) (3 n(r)/π)^{1/3},   n = Σ q_a (P_a² + Q_a²)/(4πr²),

with α = 1 for Slater (Phys. Rev. 81 (1951) 385) and 2/3 for Kohn and Sham. An electron far away
must see the ion that it leaves, so that V is never above −(Z_ion + 1)/r (R. Latter, Phys. Rev. 99
(1955) 510). The kink where the tail begins lies between two points of the grid and costs the
energies of the orbitals 2e-6 hartree, the total energy 1e-7. Total energy with E_x = ¾ ∫ n V_x;
the tail, which no functional gives, is left out of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nuatom.atoms.structure.configuration import Configuration
from nuatom.atoms.structure.coulomb import multipole_potential
from nuatom.atoms.structure.dirac import bound_orbital
from nuatom.errors import ConvergenceError
from nuatom.numerics.anderson import AndersonMixer
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid

__all__ = ["LocalField", "slater_field", "thomas_fermi_potential"]

MAXIMUM_CYCLES = 300


@dataclass(frozen=True, eq=False)
class LocalField:
    """Orbitals (energies, P, Q by subshell) of a self-consistent local potential."""

    energies: FloatArray
    large: FloatArray
    small: FloatArray
    potential: FloatArray
    total_energy: float
    iterations: int
    residual: float


def slater_field(
    grid: RadialGrid,
    nuclear: FloatArray,
    configuration: Configuration,
    tail_charge: float,
    speed_of_light: float,
    exchange_coefficient: float,
    tolerance: float,
) -> LocalField:
    """Dirac-Slater orbitals of a configuration.

    Parameters
    ----------
    grid : RadialGrid
    nuclear : ndarray
        Potential of the nucleus, hartree.
    configuration : Configuration
    tail_charge : float
        Charge of the ion that an electron leaves, Z_ion + 1.
    speed_of_light : float
    exchange_coefficient : float
        α.
    tolerance : float
        Largest change of r·V, in electron charges, that counts as none.

    Raises
    ------
    ConvergenceError
        If the potential still changes after 300 cycles.
    """
    subshells = configuration.subshells
    occupation = np.array([shell.occupation(kappa) for (_, kappa), shell in subshells])
    charge = float(-(nuclear * grid.r)[-1])
    tail = -tail_charge / grid.r
    potential = thomas_fermi_potential(grid.r, nuclear, charge, tail_charge)
    energies: list[float | None] = [None] * len(subshells)
    mixer = AndersonMixer(depth=6, damping=0.4)
    residual = np.inf
    for cycle in range(1, MAXIMUM_CYCLES + 1):
        solutions = [
            bound_orbital(grid, potential, n, kappa, speed_of_light, guess)
            for ((n, kappa), _), guess in zip(subshells, energies, strict=True)
        ]
        energies = [solution.energy for solution in solutions]
        large = np.array([solution.large for solution in solutions])
        small = np.array([solution.small for solution in solutions])
        density = occupation @ (large**2 + small**2)
        direct = multipole_potential(grid, density)
        local = slater_exchange(grid.r, density, exchange_coefficient)
        wanted = np.minimum(nuclear + direct + local, tail)
        change = grid.r * (wanted - potential)
        residual = float(np.abs(change).max())
        if residual <= tolerance:
            one_electron = np.array([s.energy for s in solutions]) @ occupation
            one_electron -= grid.integrate(density * (potential - nuclear))
            repulsion = grid.integrate(density * (0.5 * direct + 0.75 * local))
            total = float(one_electron + repulsion)
            return LocalField(
                np.array([s.energy for s in solutions]),
                large, small, potential, total, cycle, residual,
            )  # fmt: skip
        potential = mixer.step(grid.r * potential, change) / grid.r
        potential = np.minimum(potential, tail)
    raise ConvergenceError(
        f"Dirac-Slater field after {MAXIMUM_CYCLES} cycles: r·V still changes by {residual:.3g}"
    )


def slater_exchange(r: FloatArray, density: FloatArray, coefficient: float) -> FloatArray:
    """V_x in hartree; ``density`` is 4πr² n."""
    gas = density / (4.0 * np.pi * r**2)
    result: FloatArray = -1.5 * coefficient * np.cbrt(3.0 * gas / np.pi)
    return result


def thomas_fermi_potential(
    r: FloatArray, nuclear: FloatArray, charge: float, tail_charge: float
) -> FloatArray:
    """Nuclear potential, screened by Latter's fit of the Thomas-Fermi function."""
    x = r * charge ** (1.0 / 3.0) / 0.88534
    root = np.sqrt(x)
    screening = 1.0 / (
        1.0 + 0.02747 * root + 1.243 * x - 0.1486 * x * root
        + 0.2302 * x**2 + 0.007298 * x**2 * root + 0.006944 * x**3
    )  # fmt: skip
    result: FloatArray = np.minimum(nuclear * screening, -tail_charge / r)
    return result
