"""The self-consistent field of Dirac-Fock theory, exchange included, averaged over a configuration.

The energy E = Σ q_a I_a + ½ Σ q_a ⟨a|G_a|a⟩, with G_a the operator of `nuatom.atoms.structure.coulomb`, is
stationary when every orbital obeys

    (h_a + X_a − ε_a) φ_a = Σ_b λ_ab φ_b,

h_a the Dirac operator with the direct potential of all *other* electrons, X_a the rest of the
exchange, and λ_ab the multipliers that keep open shells orthogonal to others of the same κ
(Froese Fischer, The Hartree-Fock Method for Atoms; Grant, Relativistic Quantum Theory of Atoms and
Molecules). That E does not change when a and b are rotated into each other gives

    q_a λ_ab = q_b λ_ba = [q_a q_b/(q_b − q_a)] ⟨b|G_a − G_b|a⟩;

where q_a = q_b, λ_ab = ⟨b|I + G_a|a⟩ and the two are rotated until ⟨b|G_a − G_b|a⟩ = 0. One cycle
solves (h_a − ε_a) φ' = −X_a φ + Σ λ φ_b for each orbital with the operators of the last cycle,
and finds the energy at which ⟨φ|φ'⟩ = 1: that is, the eigenvalue of h_a + |X_a φ − Σ λ φ_b⟩⟨φ|,
which agrees with the Dirac-Fock operator on φ. Near it 1/⟨φ|φ'⟩ is a nearly linear function of ε,
and a secant finds it in two or three steps. The cycles are accelerated by Anderson's method.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from nuatom.atoms.structure.configuration import (
    Configuration,
    Subshell,
    orbital_momentum,
    subshell_label,
    twice_j,
)
from nuatom.atoms.structure.coulomb import (
    exchange_factor,
    exchange_source,
    multipole_potential,
    multipoles,
    power_table,
)
from nuatom.atoms.structure.dirac import bound_orbital
from nuatom.atoms.structure.inhomogeneous import bound_response
from nuatom.atoms.structure.local_field import SelfConsistentField
from nuatom.errors import ConvergenceError
from nuatom.numerics.anderson import AndersonMixer
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid
from nuatom.numerics.running_integral import central_weights

__all__ = ["companion_weights", "dirac_fock_field", "orbital_extents"]

MAXIMUM_CYCLES = 200

ENERGY_STEPS = 8
ENERGY_ACCURACY = 1e-11

LOBE = 1e-2
"""Height of a lobe, relative to an orbital's largest, that counts in its number of nodes."""

NEGLIGIBLE = 1e-18
"""Amplitude, relative to an orbital's largest, below which it takes no part in exchange."""


@dataclass(frozen=True, eq=False)
class _Operators:
    """Direct potentials U_a and exchange sources X_a φ_a − Σ λ_ab φ_b of one set of orbitals."""

    direct: FloatArray
    source_large: FloatArray
    source_small: FloatArray
    interaction: FloatArray
    rotations: FloatArray


def companion_weights(configuration: Configuration) -> FloatArray:
    """w_ab: mean occupation of a spinor of subshell b, seen by an electron in subshell a."""
    subshells = configuration.subshells
    weights = np.empty((len(subshells), len(subshells)))
    for a, (_, shell_a) in enumerate(subshells):
        for b, (_, shell_b) in enumerate(subshells):
            same = shell_a is shell_b
            filling = shell_b.electrons / shell_b.capacity
            weights[a, b] = shell_b.companion_weight if same else filling
    return weights


def orbital_extents(large: FloatArray, small: FloatArray) -> FloatArray:
    """Points after which each orbital is negligible, an integer array."""
    size = np.abs(large) + np.abs(small)
    alive = size > NEGLIGIBLE * size.max(axis=1, keepdims=True)
    extents: FloatArray = large.shape[1] - alive[:, ::-1].argmax(axis=1)
    return extents


def dirac_fock_field(
    grid: RadialGrid,
    nuclear: FloatArray,
    configuration: Configuration,
    start: SelfConsistentField,
    *,
    speed_of_light: float,
    tolerance: float,
) -> SelfConsistentField:
    """Dirac-Fock orbitals of a configuration, from those of a local field.

    Parameters
    ----------
    grid : RadialGrid
    nuclear : ndarray
        Potential of the nucleus, hartree.
    configuration : Configuration
    start : SelfConsistentField
        First guess, such as a Dirac-Slater field.
    speed_of_light : float
    tolerance : float
        Largest change ‖δφ‖ of a normalised orbital that counts as none.

    Returns
    -------
    SelfConsistentField
        Its ``potential`` is that of the nucleus and all electrons.

    Raises
    ------
    ConvergenceError
        If an orbital still changes after 200 cycles, or has become another one: two shells of one
        electron each and equal l may mix until neither has its number of nodes.
    """
    field = _FockField(grid, nuclear, configuration, speed_of_light)
    large, small = start.large.copy(), start.small.copy()
    operators = field.operators(large, small)
    # Where the local field is replaced, first-order perturbation theory gives the energies.
    pair = large**2 + small**2
    energies = start.energies + grid.integrate(pair * (operators.direct - start.potential))
    energies += grid.integrate(large * operators.source_large + small * operators.source_small)
    energies = np.minimum(energies, 0.5 * start.energies)
    mixer = AndersonMixer(depth=8, damping=0.7)
    root_weight = np.sqrt(np.abs(grid.weight))
    residual = np.inf
    for cycle in range(1, MAXIMUM_CYCLES + 1):
        new_large, new_small, new_energies = field.respond(operators, large, small, energies)
        change = np.stack([new_large - large, new_small - small]) * root_weight
        residual = float(np.sqrt((change**2).sum(axis=(0, 2)).max()))
        if residual <= tolerance:
            large, small, energies = new_large, new_small, new_energies
            operators = field.operators(large, small)
            energy = float(field.occupation @ (energies - 0.5 * operators.interaction))
            potential = nuclear + field.occupation @ field.monopoles(large, small)
            _check_nodes(field.subshells, large)
            return SelfConsistentField(energies, large, small, potential, energy, cycle, residual)
        point = np.stack([large, small]) * root_weight
        energies = new_energies
        mixed = mixer.step(point.ravel(), change.ravel()).reshape(point.shape) / root_weight
        norms = np.sqrt(grid.integrate((mixed**2).sum(axis=0)))
        large, small = mixed[0] / norms[:, None], mixed[1] / norms[:, None]
        operators = field.operators(large, small)
    raise ConvergenceError(
        f"Dirac-Fock field after {MAXIMUM_CYCLES} cycles: orbitals still change by {residual:.3g}"
    )


def _check_nodes(subshells: list[Subshell], large: FloatArray) -> None:
    for (n, kappa), values in zip(subshells, large, strict=True):
        # Exchange, and the multipliers of open shells, add nodes to the tails.
        shown = values[np.abs(values) > LOBE * np.abs(values).max()]
        nodes = int(np.count_nonzero(np.diff(np.sign(shown))))
        if nodes != n - orbital_momentum(kappa) - 1:
            raise ConvergenceError(f"{subshell_label(n, kappa)} has {nodes} nodes: it became another orbital")


class _FockField:
    """The parts of the Dirac-Fock operator that do not change from cycle to cycle."""

    def __init__(
        self, grid: RadialGrid, nuclear: FloatArray, configuration: Configuration,
        speed_of_light: float,
    ) -> None:  # fmt: skip
        self.speed_of_light = speed_of_light
        self.grid = grid
        self.nuclear = nuclear
        self.subshells = [subshell for subshell, _ in configuration.subshells]
        self.kappas = np.array([kappa for _, kappa in self.subshells])
        self.occupation = np.array([shell.occupation(kappa) for (_, kappa), shell in configuration.subshells])
        self.weights = companion_weights(configuration)
        capacity = np.array([twice_j(kappa) + 1 for kappa in self.kappas])
        self.direct_weights = self.weights * capacity
        # The k = 0 exchange of an orbital with itself is a local potential: it cancels there.
        self.direct_weights[np.diag_indices_from(self.weights)] -= np.diag(self.weights)
        self.coefficients = _exchange_table(self.kappas, self.weights * capacity)
        self.powers = power_table(grid, self.coefficients.shape[2])
        filling = self.occupation / capacity
        # Full subshells of the same κ have the same operator, which keeps them orthogonal.
        self.constrained = [
            (a, b)
            for a, b in combinations(range(self.kappas.size), 2)
            if self.kappas[a] == self.kappas[b] and min(filling[a], filling[b]) < 1.0
        ]

    def monopoles(self, large: FloatArray, small: FloatArray) -> FloatArray:
        """Y^0_aa of every orbital."""
        return np.array(
            [multipole_potential(self.grid, p**2 + q**2, 0, self.powers)
             for p, q in zip(large, small, strict=True)]
        )  # fmt: skip

    def operators(self, large: FloatArray, small: FloatArray) -> _Operators:
        """Direct potentials and exchange sources of the orbitals."""
        grid = self.grid
        repulsion = self.direct_weights @ self.monopoles(large, small)
        source_large, source_small = np.zeros_like(large), np.zeros_like(small)
        extents = orbital_extents(large, small)
        for a in range(self.kappas.size):
            exchange_source(
                large[a], small[a], large, small, extents, self.coefficients[a], grid.rate,
                self.powers, grid.step, central_weights(), source_large[a], source_small[a],
            )  # fmt: skip
        interaction = grid.integrate(
            repulsion * (large**2 + small**2) + source_large * large + source_small * small
        )
        multipliers, rotations = self._multipliers(large, small, repulsion, source_large, source_small)
        source_large -= multipliers @ large
        source_small -= multipliers @ small
        return _Operators(self.nuclear + repulsion, source_large, source_small, interaction, rotations)

    def _multipliers(
        self, large: FloatArray, small: FloatArray, repulsion: FloatArray,
        source_large: FloatArray, source_small: FloatArray,
    ) -> tuple[FloatArray, FloatArray]:  # fmt: skip
        """λ_ab, and the antisymmetric rotations of equally filled orbitals."""
        integrate = self.grid.integrate
        multipliers = np.zeros((self.kappas.size, self.kappas.size))
        rotations = np.zeros_like(multipliers)
        for a, b in self.constrained:
            overlap = large[a] * large[b] + small[a] * small[b]
            one = integrate(repulsion[a] * overlap)
            one += integrate(large[b] * source_large[a] + small[b] * source_small[a])
            other = integrate(repulsion[b] * overlap)
            other += integrate(large[a] * source_large[b] + small[a] * source_small[b])
            q_a, q_b = self.occupation[a], self.occupation[b]
            if q_a != q_b:
                multipliers[a, b] = q_b / (q_b - q_a) * (one - other)
                multipliers[b, a] = q_a / (q_b - q_a) * (one - other)
                continue
            multipliers[a, b] = multipliers[b, a] = 0.5 * (one + other) + 0.5 * (
                self._one_electron(a, b, large, small) + self._one_electron(b, a, large, small)
            )
            density = large[b] ** 2 + small[b] ** 2 - large[a] ** 2 - small[a] ** 2
            curvature = integrate((repulsion[a] - repulsion[b]) * density)
            rotations[a, b] = -(one - other) / curvature
            rotations[b, a] = -rotations[a, b]
        return multipliers, rotations

    def _one_electron(self, a: int, b: int, large: FloatArray, small: FloatArray) -> float:
        """Matrix element ⟨b|I|a⟩ of the Dirac operator with the nucleus alone."""
        c, grid = self.speed_of_light, self.grid
        upper = self.nuclear * large[a] + c * (self.kappas[a] / grid.r * small[a] - grid.derivative(small[a]))
        lower = (self.nuclear - 2.0 * c**2) * small[a] + c * (
            self.kappas[a] / grid.r * large[a] + grid.derivative(large[a])
        )
        return float(grid.integrate(large[b] * upper + small[b] * lower))

    def respond(
        self, operators: _Operators, large: FloatArray, small: FloatArray, energies: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:  # fmt: skip
        """Orbitals and energies that the operators ask for."""
        grid = self.grid
        new_large, new_small = np.empty_like(large), np.empty_like(small)
        new_energies = np.empty_like(energies)
        for a, (n, kappa) in enumerate(self.subshells):
            source = operators.source_large[a], operators.source_small[a]
            if not source[0].any():
                new_energies[a], new_large[a], new_small[a], _ = bound_orbital(
                    grid, operators.direct[a], n, kappa, self.speed_of_light, float(energies[a])
                )
                continue
            new_energies[a], new_large[a], new_small[a] = self._eigenfunction(
                operators.direct[a], kappa, float(energies[a]),
                source, (large[a], small[a]),
            )  # fmt: skip
        rotations = operators.rotations
        return new_large + rotations @ large, new_small + rotations @ small, new_energies

    def _eigenfunction(
        self, direct: FloatArray, kappa: int, energy: float,
        source: tuple[FloatArray, FloatArray], orbital: tuple[FloatArray, FloatArray],
    ) -> tuple[float, FloatArray, FloatArray]:  # fmt: skip
        grid = self.grid
        slope = 1.0 / float(grid.integrate(source[0] * orbital[0] + source[1] * orbital[1]))
        previous_energy: float | None = None
        previous_inverse = 0.0
        for _ in range(ENERGY_STEPS):
            p, q = bound_response(grid, direct, kappa, energy, self.speed_of_light, *source)
            inverse = 1.0 / float(grid.integrate(p * orbital[0] + q * orbital[1]))
            if previous_energy not in (energy, None) and inverse != previous_inverse:
                slope = (inverse - previous_inverse) / (energy - previous_energy)
            shift = (1.0 - inverse) / slope
            limit = 0.2 * abs(energy)
            shift = min(max(shift, -limit), limit)
            previous_energy, previous_inverse = energy, inverse
            energy += shift
            if abs(shift) < ENERGY_ACCURACY * abs(energy):
                break
        norm = float(np.sqrt(grid.integrate(p**2 + q**2)))
        norm = np.copysign(norm, inverse)
        return energy, p / norm, q / norm


def _exchange_table(kappas: FloatArray, weights: FloatArray) -> FloatArray:
    """C_abk = w_ab (2j_b + 1) Λ^k_ab, without the k = 0 term of an orbital with itself."""
    highest = max(max(multipoles(int(a), int(b))) for a in kappas for b in kappas)
    table = np.zeros((kappas.size, kappas.size, highest + 1))
    for a, kappa_a in enumerate(kappas):
        for b, kappa_b in enumerate(kappas):
            for k in multipoles(int(kappa_a), int(kappa_b)):
                if a != b or k != 0:
                    table[a, b, k] = weights[a, b] * exchange_factor(int(kappa_a), int(kappa_b), k)
    return table
