"""Ground states of atoms and ions: the one entrance to the mean-field solvers."""

from __future__ import annotations

from typing import Final, Literal, get_args

import numpy as np

from nuatom.atoms.structure.configuration import Configuration, ground_configuration, parse_configuration
from nuatom.atoms.structure.dirac_fock import companion_weights, dirac_fock_field
from nuatom.atoms.structure.local_field import SelfConsistentField, local_field
from nuatom.atoms.structure.nucleus import Nucleus, common_mass_number, nuclear_potential, rms_radius
from nuatom.atoms.structure.orbital import GroundState, Orbital, leading_sign
from nuatom.atoms.units import SPEED_OF_LIGHT
from nuatom.errors import InputError
from nuatom.numerics.guards import numbers, positive, whole
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid, log_linear_grid

__all__ = ["METHODS", "Method", "atomic_grid", "ground_state", "mean_field"]

Method = Literal["dirac-fock", "dirac-slater", "dirac-lda", "dirac-lb94"]


METHODS: Final[tuple[Method, ...]] = get_args(Method)
"""The mean fields."""

SHORT_NAMES: Final[dict[str, Method]] = {"lda": "dirac-lda", "lb94": "dirac-lb94"}

START_TOLERANCE: Final = 1e-4
"""How well the Dirac-Slater field that a Dirac-Fock one starts from is converged."""


def mean_field(name: str, argument: str = "method") -> Method:
    """Return the mean field that a user names; ``lda`` and ``lb94`` are short for two of `METHODS`.

    Raises
    ------
    InputError
        For any other name; it names the argument that held it.
    """
    for method in METHODS:
        if name == method or SHORT_NAMES.get(name) == method:
            return method
    raise InputError(argument, name, "one of " + ", ".join(METHODS))


def ground_state(
    Z: int,  # noqa: N803
    method: Method = "dirac-fock",
    nucleus: Nucleus = "fermi",
    charge: int = 0,
    *,
    configuration: str | Configuration | None = None,
    mass_number: int | None = None,
    exchange_coefficient: float | None = None,
    speed_of_light: float = SPEED_OF_LIGHT,
    tolerance: float = 1e-10,
    grid: RadialGrid | None = None,
) -> GroundState:
    """Self-consistent orbitals of an atom or ion, averaged over its configuration.

    Parameters
    ----------
    Z : int
        Atomic number, 1 to 103.
    method : {"dirac-fock", "dirac-slater", "dirac-lda", "dirac-lb94"}
        The mean field: exact exchange (`nuatom.atoms.structure.dirac_fock`), local exchange with Latter's
        tail, or the local density plain or with the right tail (`nuatom.atoms.structure.local_field`). No
        Breit interaction, no vacuum polarisation or self energy.
    nucleus : {"fermi", "uniform", "point"}
        Charge distribution (`nuatom.atoms.structure.nucleus`).
    charge : int
        Net charge, 0 to Z − 1.
    configuration : str or Configuration, optional
        Such as ``"[Kr] 4d10 5s2 5p5"``; by default the ground configuration.
    mass_number : int, optional
        A, which sets the nuclear radius; by default the most abundant isotope.
    exchange_coefficient : float, optional
        α of Dirac-Slater: 1 Slater (the default), 2/3 Kohn-Sham.
    speed_of_light : float
        c in atomic units; a large one gives the nonrelativistic limit.
    tolerance : float
        Dirac-Fock: change ‖δφ‖ of an orbital in the last cycle. Local fields: change of r·V.
    grid : RadialGrid, optional
        By default `atomic_grid`.

    Raises
    ------
    InputError
        If an argument is not as above, or is one that the method or the nucleus has no use for.
    ConvergenceError
        If the field does not become self-consistent.
    """
    method = mean_field(method)
    charge = whole("charge", charge, "an integer from 0")
    Z = whole("Z", Z, "an integer from 1 to 103")  # noqa: N806
    tolerance = float(positive("tolerance", tolerance))
    speed_of_light = float(positive("speed_of_light", speed_of_light))
    if not 1e-13 <= tolerance < 1.0:
        raise InputError("tolerance", tolerance, "from 1e-13 to 1")
    if not speed_of_light > Z:
        raise InputError("speed_of_light", speed_of_light, "more than Z, in atomic units")
    exchange_coefficient = _exchange_coefficient(method, exchange_coefficient)
    shells = _configuration(Z, charge, configuration)
    grid = atomic_grid(Z) if grid is None else grid
    mass_number = _mass_number(Z, nucleus, mass_number)
    radius = None if mass_number is None else rms_radius(mass_number)
    nuclear = nuclear_potential(grid.r, Z, nucleus, radius)
    fock = method == "dirac-fock"
    field = local_field(
        "dirac-slater" if method == "dirac-fock" else method, grid, nuclear, shells,
        charge=charge, speed_of_light=speed_of_light, tolerance=START_TOLERANCE if fock else tolerance,
        exchange_coefficient=1.0 if exchange_coefficient is None else exchange_coefficient,
    )  # fmt: skip
    if fock:
        field = dirac_fock_field(
            grid, nuclear, shells, field, speed_of_light=speed_of_light, tolerance=tolerance
        )
    return GroundState(
        Z=Z,
        charge=charge,
        method=method,
        nucleus=nucleus,
        mass_number=mass_number,
        configuration=shells,
        exchange_coefficient=exchange_coefficient,
        tolerance=tolerance,
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


def _exchange_coefficient(method: Method, given: float | None) -> float | None:
    if method != "dirac-slater" and given is not None:
        raise InputError("exchange_coefficient", given, f"none with {method}: it is of dirac-slater")
    if method != "dirac-slater":
        return None
    coefficient = 1.0 if given is None else float(numbers("exchange_coefficient", given, "zero or more"))
    if not coefficient >= 0.0:
        raise InputError("exchange_coefficient", given, "zero or more")
    return coefficient


def _mass_number(atomic_number: int, nucleus: Nucleus, given: int | None) -> int | None:
    if nucleus == "point":
        if given is not None:
            raise InputError("mass_number", given, "none for a point, which has no radius")
        return None
    return common_mass_number(atomic_number) if given is None else given


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


def _orbitals(shells: Configuration, field: SelfConsistentField) -> tuple[Orbital, ...]:
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
