"""Self-consistent local fields: Dirac-Slater, and density-functional theory plain and with the right tail.

Every electron sees the nucleus, the electrons' charge and one local potential v_xc of exchange, or of
exchange and correlation, of their density

    n = Σ q_a (P_a² + Q_a²)/(4πr²).

- ``dirac-slater``: v_xc = −(3α/2) (3n/π)^{1/3}, α = 1 of Slater (Phys. Rev. 81 (1951) 385) or 2/3 of Kohn and
  Sham. An electron far away must see the ion that it leaves, so that the whole potential is never above
  −(Z_ion + 1)/r (R. Latter, Phys. Rev. 99 (1955) 510). The kink where that tail begins lies between two
  points of the grid and costs the energies of the orbitals 2e-6 hartree, the total energy 1e-7.
- ``dirac-lda``: the local density (`nuatom.atoms.structure.functionals`), from which Zangwill & Soven start.
  It falls off exponentially: an ejected electron sees no charge at infinity, and thresholds lie low (xenon's
  5p at 8 eV in place of 12.1, the 4d at 59 and 61 eV in place of 67.5 and 69.5). The kernel of the response
  is the derivative of this very potential, and cross sections above a threshold are nearer to measurement
  than the thresholds.
- ``dirac-lb94``: the same with the tail of van Leeuwen & Baerends, −1/r, and levels near measured thresholds.

Total energies are those of the local functional at the density, E_x = ¾ ∫ n v_x of Slater's; tails are not
the derivative of an energy and are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from nuatom.atoms.structure.configuration import Configuration
from nuatom.atoms.structure.coulomb import multipole_potential
from nuatom.atoms.structure.dirac import bound_orbital
from nuatom.atoms.structure.functionals import local_energy, local_potential, tail_potential
from nuatom.errors import ConvergenceError
from nuatom.numerics.anderson import AndersonMixer
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid

__all__ = ["LocalMethod", "SelfConsistentField", "local_field", "slater_exchange", "thomas_fermi_potential"]

LocalMethod = Literal["dirac-slater", "dirac-lda", "dirac-lb94"]

MAXIMUM_CYCLES: Final = 300

VACUUM_DENSITY: Final = 1e-30
"""n, bohr⁻³, below which it counts as this: cubic roots of rounding are not small."""

TAIL_DENSITY: Final = 1e-7
"""n, bohr⁻³, about which v_xc passes into −1/r: by itself it would get there at infinity only."""

FUNCTIONAL_START: Final = 1e-6
"""How well the Dirac-Slater field that those of density-functional theory start from is converged."""


@dataclass(frozen=True, eq=False)
class SelfConsistentField:
    """Orbitals (energies, P, Q by subshell) of a self-consistent field."""

    energies: FloatArray
    large: FloatArray
    small: FloatArray
    potential: FloatArray
    total_energy: float
    iterations: int
    residual: float


@dataclass(frozen=True, eq=False)
class _Functional:
    """v_xc and ε_xc from 4πr² n and its derivative, and what the whole potential may not exceed."""

    potential: Callable[[FloatArray, FloatArray], FloatArray]
    energy: Callable[[FloatArray], FloatArray]
    ceiling: FloatArray


def local_field(
    method: LocalMethod,
    grid: RadialGrid,
    nuclear: FloatArray,
    configuration: Configuration,
    *,
    charge: int,
    speed_of_light: float,
    tolerance: float,
    exchange_coefficient: float = 1.0,
) -> SelfConsistentField:
    """Orbitals of a configuration in a self-consistent local field.

    Parameters
    ----------
    method : {"dirac-slater", "dirac-lda", "dirac-lb94"}
    grid : RadialGrid
    nuclear : ndarray
        Potential of the nucleus, hartree.
    configuration : Configuration
    charge : int
        Z_ion, of the atom or ion as a whole.
    speed_of_light : float
    tolerance : float
        Largest change of r·V, in electron charges, that counts as none.
    exchange_coefficient : float
        α of Dirac-Slater.

    Raises
    ------
    ConvergenceError
        If the potential still changes after 300 cycles.
    """
    tail = -(charge + 1.0) / grid.r
    slater = _slater(grid, exchange_coefficient, tail)
    bare = float(-(nuclear * grid.r)[-1])
    screened = np.minimum(thomas_fermi_potential(grid.r, nuclear, bare), tail)
    unknown = [None] * len(configuration.subshells)
    if method == "dirac-slater":
        return _iterate(grid, nuclear, configuration, speed_of_light, slater, screened, unknown, tolerance)
    start = _iterate(
        grid, nuclear, configuration, speed_of_light, slater, screened, unknown, FUNCTIONAL_START
    )
    functional = _local_density(grid, with_tail=method == "dirac-lb94")
    energies = [float(energy) for energy in start.energies]
    return _iterate(
        grid, nuclear, configuration, speed_of_light, functional, start.potential, energies, tolerance
    )


def _iterate(
    grid: RadialGrid, nuclear: FloatArray, configuration: Configuration, speed_of_light: float,
    functional: _Functional, potential: FloatArray, energies: Sequence[float | None], tolerance: float,
) -> SelfConsistentField:  # fmt: skip
    """Orbitals and potential in turn, accelerated by Anderson's method, until r·V is their own."""
    subshells = configuration.subshells
    occupation = np.array([shell.occupation(kappa) for (_, kappa), shell in subshells])
    kappas = np.array([kappa for (_, kappa), _ in subshells])
    mixer = AndersonMixer(depth=6, damping=0.4)
    residual = np.inf
    for cycle in range(1, MAXIMUM_CYCLES + 1):
        solutions = [
            bound_orbital(grid, potential, n, kappa, speed_of_light, guess)
            for ((n, kappa), _), guess in zip(subshells, energies, strict=True)
        ]
        energies = [solution.energy for solution in solutions]
        found = np.array(energies)
        large = np.array([solution.large for solution in solutions])
        small = np.array([solution.small for solution in solutions])
        density = occupation @ (large**2 + small**2)
        kinetic = (found[:, None] - potential) / speed_of_light
        # The Dirac equation gives the derivative of the density without differences.
        large_slope = -kappas[:, None] / grid.r * large + (2.0 * speed_of_light + kinetic) * small
        small_slope = kappas[:, None] / grid.r * small - kinetic * large
        slope = 2.0 * occupation @ (large * large_slope + small * small_slope)
        direct = multipole_potential(grid, density)
        wanted = np.minimum(nuclear + direct + functional.potential(density, slope), functional.ceiling)
        change = grid.r * (wanted - potential)
        residual = float(np.abs(change).max())
        if residual <= tolerance:
            local = nuclear - potential + 0.5 * direct + functional.energy(density)
            total = float(found @ occupation + grid.integrate(density * local))
            return SelfConsistentField(found, large, small, potential, total, cycle, residual)
        potential = mixer.step(grid.r * potential, change) / grid.r
        potential = np.minimum(potential, functional.ceiling)
    raise ConvergenceError(f"local field after {MAXIMUM_CYCLES} cycles: r·V still changes by {residual:.3g}")


def _slater(grid: RadialGrid, coefficient: float, tail: FloatArray) -> _Functional:
    def potential(density: FloatArray, slope: FloatArray) -> FloatArray:  # noqa: ARG001
        return slater_exchange(grid.r, density, coefficient)

    def energy(density: FloatArray) -> FloatArray:
        return 0.75 * slater_exchange(grid.r, density, coefficient)

    return _Functional(potential, energy, tail)


def _local_density(grid: RadialGrid, with_tail: bool) -> _Functional:
    r = grid.r

    def plain(density: FloatArray, slope: FloatArray) -> FloatArray:  # noqa: ARG001
        return local_potential(np.maximum(density / (4.0 * np.pi * r**2), VACUUM_DENSITY))

    def tailed(density: FloatArray, slope: FloatArray) -> FloatArray:
        gas = density / (4.0 * np.pi * r**2)
        gradient = (slope - 2.0 * density / r) / (4.0 * np.pi * r**2)
        gas = np.maximum(gas, TAIL_DENSITY * 1e-12)
        local = local_potential(gas) + tail_potential(gas, gradient)
        inside = gas**2 / (gas**2 + TAIL_DENSITY**2)
        result: FloatArray = inside * local - (1.0 - inside) / r
        return result

    def energy(density: FloatArray) -> FloatArray:
        return local_energy(np.maximum(density / (4.0 * np.pi * r**2), 1e-12 * TAIL_DENSITY))

    return _Functional(tailed if with_tail else plain, energy, np.full(r.size, np.inf))


def slater_exchange(r: FloatArray, density: FloatArray, coefficient: float) -> FloatArray:
    """V_x in hartree; ``density`` is 4πr² n."""
    gas = density / (4.0 * np.pi * r**2)
    result: FloatArray = -1.5 * coefficient * np.cbrt(3.0 * gas / np.pi)
    return result


def thomas_fermi_potential(r: FloatArray, nuclear: FloatArray, charge: float) -> FloatArray:
    """Nuclear potential, screened by Latter's fit of the Thomas-Fermi function."""
    x = r * charge ** (1.0 / 3.0) / 0.88534
    root = np.sqrt(x)
    screening = 1.0 / (
        1.0 + 0.02747 * root + 1.243 * x - 0.1486 * x * root
        + 0.2302 * x**2 + 0.007298 * x**2 * root + 0.006944 * x**3
    )  # fmt: skip
    result: FloatArray = nuclear * screening
    return result
