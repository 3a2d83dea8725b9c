"""Condensed and gaseous phases of a target: what matter a detector is filled with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import (
    ATOMIC_MASS_KG,
    ELECTRON_MASS_KEV,
    FINE_STRUCTURE,
    HBAR_C_KEV_CM,
)
from nuatom.errors import DataError, InputError
from nuatom.media.absorption import atomic_absorption
from nuatom.media.crystal_absorption import crystal_dielectric
from nuatom.media.dielectric import Dielectric
from nuatom.media.files import MediumFile, medium_files
from nuatom.media.pairs import PairData, pairs_of
from nuatom.media.valence import Valence
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Medium", "find_medium", "media_names", "medium_named", "medium_version", "phases"]

_GRAM_PER_KG: Final = 1e3
_LINE_WIDTH_KEV: Final = {"gas": 5e-5, "liquid": 4e-4, "crystal": 0.0}


@dataclass(frozen=True, eq=False)
class Medium:
    """Matter in one phase.

    Attributes
    ----------
    name : str
        Such as ``"liquid-xenon"``.
    target : Target
        Its formula unit.
    phase : str
        ``"gas"``, ``"liquid"`` or ``"crystal"``.
    density_g_cm3 : float
    dielectric : Dielectric
    measured : tuple of ndarray
        Energies in keV, n and k of optical measurements; empty where there are none.
    citations : tuple of str
    threshold_kev : float, optional
        Of ionization, where it is not that of a free atom.
    valence : Valence, optional
        Electrons of a crystal that do not belong to one atom.
    valence_shells : mapping of str to int
        Of each element of a crystal, the principal quantum number from which on they are.
    atoms_from_kev : tuple of float
        Transfers from which on they begin to answer as atoms', and wholly do.
    stated_error : tuple of ndarray
        Transfers in keV, and relative errors of what valence electrons answer.
    pairs : PairData, optional
        What electron-hole pairs cost.
    sha256 : str
        Of the medium's own file.
    """

    name: str
    target: Target
    phase: str
    density_g_cm3: float
    dielectric: Dielectric
    measured: tuple[FloatArray, FloatArray, FloatArray]
    citations: tuple[str, ...]
    threshold_kev: float | None = None
    valence: Valence | None = None
    valence_shells: Mapping[str, int] = field(default_factory=dict)
    atoms_from_kev: tuple[float, float] = (0.0, 0.0)
    stated_error: tuple[FloatArray, FloatArray] = (np.empty(0), np.empty(0))
    pairs: PairData | None = None
    sha256: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """Name, and the hash of every file that it is made of."""
        return self.name, f"sha256:{self.sha256}"

    @property
    def cell_radius_per_kev(self) -> float:
        """Radius of the sphere that one atom has for itself, in 1/keV: no other atom is nearer."""
        atoms = self.number_density_kev3 * sum(count for _, count in self.target.constituents)
        return float((3.0 / (4.0 * np.pi * atoms)) ** (1.0 / 3.0))

    @property
    def number_density_kev3(self) -> float:
        """Formula units in a volume, in keV³ (ħ = c = 1)."""
        return _number_density_kev3(self.target, self.density_g_cm3)


def media_names() -> tuple[str, ...]:
    """Media by name: those that the package ships, and those of the user's own folder."""
    return tuple(sorted(medium_files()))


def medium_named(name: str) -> Medium:
    """A medium by name.

    Raises
    ------
    InputError
        For a name that is not one of :func:`media_names`.
    DataError
        For a file that does not describe a medium.

    Examples
    --------
    >>> round(1e3 * medium_named("silicon").dielectric.plasma_energy_kev, 2)
    31.05
    """
    files = medium_files()
    if name not in files:
        raise InputError("medium", name, ", ".join(sorted(files)))
    return _made(_Hashed(files[name]))


@dataclass(frozen=True)
class _Hashed:
    """A file that is the same as another of the same content."""

    file: MediumFile

    def __hash__(self) -> int:
        return hash(self.file.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashed) and self.file.sha256 == other.file.sha256


@lru_cache(maxsize=32)
def _made(hashed: _Hashed) -> Medium:
    file = hashed.file
    table = file.table
    try:
        phase, formula, density = str(table["phase"]), table["formula"], float(table["density_g_cm3"])
        target = Target(formula)
        number = _number_density_kev3(target, density)
        plasma = float(np.sqrt(4.0 * np.pi * FINE_STRUCTURE * number * target.electrons / ELECTRON_MASS_KEV))
        energy, n, k = file.columns("optical", "energy_ev", "n", "k")
        measured = (1e-3 * energy, n, k)
        if phase == "crystal":
            dielectric = crystal_dielectric(target, number, plasma, measured, table)
        else:
            dielectric = _fluid(target, number, plasma, _LINE_WIDTH_KEV[phase])
        threshold = table.get("threshold_ev")
        medium = Medium(
            file.name, target, phase, density, dielectric, measured, tuple(table.get("citations", ())),
            threshold_kev=None if threshold is None else 1e-3 * float(threshold),
            pairs=pairs_of(file), sha256=file.sha256,
        )  # fmt: skip
        return _with_valence(medium, table["valence"]) if "valence" in table else medium
    except KeyError as error:
        raise DataError(f"medium {file.name}: {error} is missing in its file") from error


def _with_valence(medium: Medium, table: Mapping[str, Any]) -> Medium:
    share = float(table["electrons"]) / medium.target.electrons
    gap, last = 1e-3 * float(table["gap_ev"]), 1e-3 * float(table["last_ev"])
    first, wholly = (1e-3 * float(energy) for energy in table["atoms_from_ev"])
    errors = 1e-3 * np.array(table["error_ev"], dtype=float), np.array(table["error"], dtype=float)
    return replace(
        medium,
        valence=Valence(medium.dielectric, gap, last, share),
        valence_shells=dict(table["shells"]),
        atoms_from_kev=(first, wholly),
        stated_error=errors,
    )


def medium_version(name: str) -> str:
    """Hash of every file that a medium is made of."""
    return medium_files()[name].sha256


def phases(formula: str) -> dict[str, str]:
    """Phases of a target that there are, each with the name of its medium."""
    atoms = dict(_atoms(formula))
    tables = {name: file.table for name, file in medium_files().items()}
    return {table["phase"]: name for name, table in tables.items() if dict(_atoms(table["formula"])) == atoms}


def find_medium(target: Target) -> Medium:
    """The medium of a target: of its phase, or else the condensed one.

    Raises
    ------
    InputError
        For a target without a medium, or without that phase.
    """
    known = phases(target.formula)
    if not known:
        raise InputError("target", target.formula, f"a target of one of the media {', '.join(media_names())}")
    phase = target.phase
    if phase is None:
        phase = next(name for name in ("crystal", "liquid", "gas") if name in known)
    if phase not in known:
        raise InputError("phase", phase, f"{' or '.join(sorted(known))} of {target.formula}")
    return medium_named(known[phase])


def _atoms(formula: str) -> tuple[tuple[str, float], ...]:
    return tuple((part.symbol, count) for part, count in Target(formula).constituents)


def _number_density_kev3(target: Target, density_g_cm3: float) -> float:
    per_cm3 = density_g_cm3 / (_GRAM_PER_KG * ATOMIC_MASS_KG * target.mass_u)
    return per_cm3 * HBAR_C_KEV_CM**3


def _fluid(target: Target, number: float, plasma: float, width: float) -> Dielectric:
    parts = [(atomic_absorption(element), count) for element, count in target.constituents]
    energy = np.unique(np.concatenate([part.energy_kev for part, _ in parts]))
    sigma = sum(
        (count * np.interp(energy, part.energy_kev, part.sigma_cm2, left=0.0) for part, count in parts),
        np.zeros_like(energy),
    )
    weights = [count * part.line_strength / target.electrons for part, count in parts]
    return Dielectric(
        plasma_energy_kev=plasma,
        energy_kev=energy,
        absorptive=number * sigma / HBAR_C_KEV_CM**2 / energy,
        line_energy_kev=np.concatenate([part.line_energy_kev for part, _ in parts]),
        line_weight=np.concatenate(weights),
        line_width_kev=width,
        local_field=True,
    )
