"""Ground states of atoms and ions: the one entrance to the mean-field solvers."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from nuatom.atoms.structure.configuration import Configuration, ground_configuration, parse_configuration
from nuatom.atoms.structure.dirac_fock import companion_weights, dirac_fock_field
from nuatom.atoms.structure.meanfield import LocalField, slater_field
from nuatom.atoms.structure.nucleus import Nucleus, common_mass_number, nuclear_potential, rms_radius
from nuatom.atoms.structure.orbital import GroundState, Orbital, leading_sign
from nuatom.atoms.units import SPEED_OF_LIGHT
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid, log_linear_grid

__all__ = ["METHODS", "atomic_grid", "ground_state"]

METHODS: Final = ("dirac-fock", "dirac-slater")

START_TOLERANCE: Final = 1e-4
"""How well the Dirac-Slater field that a Dirac-Fock one starts from is converged."""


def ground_state(
    Z: int,  # noqa: N803
    method: Literal["dirac-fock", "dirac-slater"] = "dirac-fock",
    nucleus: Nucleus = "fermi",
    charge: int = 0,
    *,
    configuration: str | Configuration | None = None,
    mass_number: int | None = None,
    exchange_coefficient: float = 1.0,
    speed_of_light: float = SPEED_OF_LIGHT,
    tolerance: float = 1e-10,
    grid: RadialGrid | None = None,
) -> GroundState:
    """Self-consistent orbitals of an atom or ion, averaged over its configuration.

    Parameters
    ----------
    Z : int
        Atomic number, 1 to 103.
    method : {"dirac-fock", "dirac-slater"}
        Exact exchange (`nuatom.atoms.structure.dirac_fock`) or local exchange with Latter's tail
        (`nuatom.atoms.structure.meanfield`). No Breit interaction, no vacuum polarisation or self energy.
    nucleus : {"fermi", "uniform", "point"}
        Charge distribution (`nuatom.atoms.structure.nucleus`).
    charge : int
        Net charge, 0 to Z − 1.
    configuration : str or Configuration, optional
        Such as ``"[Kr] 4d10 5s2 5p5"``; by default the ground configuration.
    mass_number : int, optional
        A, which sets the nuclear radius; by default the most abundant isotope.
    exchange_coefficient : float
        α of Dirac-Slater: 1 Slater, 2/3 Kohn-Sham.
    speed_of_light : float
        c in atomic units; a large one gives the nonrelativistic limit.
    tolerance : float
        Dirac-Fock: change ‖δφ‖ of an orbital in the last cycle. Dirac-Slater: change of r·V.
    grid : RadialGrid, optional
        By default `atomic_grid`.

    Raises
    ------
    InputError
        If an argument is not as above.
    ConvergenceError
        If the field does not become self-consistent.
    """
    if method not in METHODS:
        raise InputError("method", method, "one of " + ", ".join(METHODS))
    if not 1e-13 <= tolerance < 1.0:
        raise InputError("tolerance", tolerance, "from 1e-13 to 1")
    if not speed_of_light > Z:
        raise InputError("speed_of_light", speed_of_light, "more than Z, in atomic units")
    if not exchange_coefficient >= 0.0:
        raise InputError("exchange_coefficient", exchange_coefficient, "zero or more")
    shells = _configuration(Z, charge, configuration)
    grid = atomic_grid(Z) if grid is None else grid
    radius = None
    if nucleus != "point":
        radius = rms_radius(common_mass_number(Z) if mass_number is None else mass_number)
    nuclear = nuclear_potential(grid.r, Z, nucleus, radius)
    local = method == "dirac-slater"
    field = slater_field(
        grid, nuclear, shells, charge + 1.0, speed_of_light,
        exchange_coefficient if local else 1.0, tolerance if local else START_TOLERANCE,
    )  # fmt: skip
    if not local:
        field = dirac_fock_field(grid, nuclear, shells, field, speed_of_light, tolerance)
    return GroundState(
        Z=Z,
        charge=charge,
        method=method,
        grid=grid,
        orbitals=_orbitals(shells, field),
        potential=_frozen(field.potential),
        nuclear_potential=_frozen(nuclear),
        total_energy=field.total_energy,
        iterations=field.iterations,
        residual=field.residual,
        speed_of_light=speed_of_light,
        companion_weights=tuple(tuple(float(w) for w in row) for row in companion_weights(shells)),
    )


def atomic_grid(
    Z: int,  # noqa: N803
    step: float = 0.03,
    bend: float = 2.0,
    radius: float = 80.0,
) -> RadialGrid:
    """Grid for the bound orbitals of a neutral atom or positive ion, from 10⁻⁶/Z to 80 bohr."""
    return log_linear_grid(1e-6 / Z, radius, step, bend)


def _configuration(
    atomic_number: int, charge: int, configuration: str | Configuration | None
) -> Configuration:
    ground = ground_configuration(atomic_number, charge)
    if configuration is None:
        return ground
    if isinstance(configuration, str):
        configuration = parse_configuration(configuration)
    if abs(configuration.electrons - ground.electrons) > 1e-12:
        raise InputError("configuration", configuration, f"{ground.electrons:g} electrons")
    return configuration


def _orbitals(shells: Configuration, field: LocalField) -> tuple[Orbital, ...]:
    return tuple(
        Orbital(
            n, kappa, float(energy), shell.occupation(kappa),
            _frozen(leading_sign(large) * large),
            _frozen(leading_sign(large) * small),
        )
        for ((n, kappa), shell), energy, large, small in zip(
            shells.subshells, field.energies, field.large, field.small, strict=True
        )
    )  # fmt: skip


def _frozen(values: FloatArray) -> FloatArray:
    values = np.ascontiguousarray(values)
    values.setflags(write=False)
    return values
