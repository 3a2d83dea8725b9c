"""Condensed and gaseous phases of a target: what matter a detector is filled with."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import (
    ATOMIC_MASS_KG,
    ELECTRON_MASS_KEV,
    FINE_STRUCTURE,
    HBAR_C_KEV_CM,
)
from nuatom.data import manifest, read_text, read_toml
from nuatom.errors import ConvergenceError, DataError, InputError
from nuatom.media.absorption import atomic_absorption
from nuatom.media.dielectric import Dielectric
from nuatom.numerics.kramers_kronig import kramers_kronig
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Medium", "find_medium", "media_names", "medium_named", "medium_version", "phases"]

_FOLDER: Final = "media/"
_NOT_MEDIA: Final = ("media/atoms.toml",)
_GRAM_PER_KG: Final = 1e3
_LINE_WIDTH_KEV: Final = {"gas": 5e-5, "liquid": 4e-4, "crystal": 0.0}
_BRIDGE: Final = 100
_SLOPE_FROM: Final = 0.9
_INDEX_ITERATIONS: Final = 30
_INDEX_TOLERANCE: Final = 1e-6


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
    """

    name: str
    target: Target
    phase: str
    density_g_cm3: float
    dielectric: Dielectric
    measured: tuple[FloatArray, FloatArray, FloatArray]
    citations: tuple[str, ...]

    @property
    def identity(self) -> tuple[str, str]:
        """Name, and the hash of every file that the dielectric function is made of."""
        return self.name, medium_version(self.name)

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
    """Media that the package ships, by name."""
    names = (name for name in manifest() if name.startswith(_FOLDER) and name.endswith(".toml"))
    return tuple(sorted(name[len(_FOLDER) : -5] for name in names if name not in _NOT_MEDIA))


@cache
def medium_named(name: str) -> Medium:
    """A medium by name.

    Raises
    ------
    InputError
        For a name that is not one of :func:`media_names`.

    Examples
    --------
    >>> round(1e3 * medium_named("silicon").dielectric.plasma_energy_kev, 2)
    31.05
    """
    if name not in media_names():
        raise InputError("medium", name, ", ".join(media_names()))
    table = read_toml(f"{_FOLDER}{name}.toml")
    target = Target(table["formula"])
    density = float(table["density_g_cm3"])
    number = _number_density_kev3(target, density)
    plasma = float(np.sqrt(4.0 * np.pi * FINE_STRUCTURE * number * target.electrons / ELECTRON_MASS_KEV))
    measured = _measured(table)
    if table["phase"] == "crystal":
        dielectric = _crystal(target, number, plasma, measured, 1e-3 * float(table["xray_ev"]))
    else:
        dielectric = _fluid(target, number, plasma, _LINE_WIDTH_KEV[table["phase"]])
    return Medium(name, target, table["phase"], density, dielectric, measured, tuple(table["citations"]))


def medium_version(name: str) -> str:
    """Hash of every file that the dielectric function of a medium is made of."""
    files = manifest()
    own = (each for each in files if each.startswith(f"{_FOLDER}{name}."))
    parts = [files[each].sha256 for each in sorted({*own, *_NOT_MEDIA, "photoabsorption.toml"})]
    return f"sha256:{hashlib.sha256(' '.join(parts).encode()).hexdigest()}"


def phases(formula: str) -> dict[str, str]:
    """Phases of a target that there are, each with the name of its medium."""
    tables = {name: read_toml(f"{_FOLDER}{name}.toml") for name in media_names()}
    atoms = dict(_atoms(formula))
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


def _measured(table: dict[str, Any]) -> tuple[FloatArray, FloatArray, FloatArray]:
    if "optical" not in table:
        return np.empty(0), np.empty(0), np.empty(0)
    lines = [line for line in read_text(table["optical"]).splitlines() if not line.startswith("#")]
    header, *rows = csv.reader(io.StringIO("\n".join(lines)))
    if header != ["energy_ev", "n", "k"]:
        raise DataError(f"{table['optical']}: columns {header}, expected energy_ev, n, k")
    energy_ev, n, k = np.array(rows, dtype=float).T
    return 1e-3 * energy_ev, n, k


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


def _crystal(
    target: Target,
    number: float,
    plasma: float,
    measured: tuple[FloatArray, FloatArray, FloatArray],
    xray: float,
) -> Dielectric:
    """ε₂ = 2nk as measured, then a parabola in logarithms up to the X-ray table.

    That gives k, and n follows from all of the absorption: together they are repeated until n stays.
    """
    parts = [(atomic_absorption(element), count) for element, count in target.constituents]
    above = np.unique(np.concatenate([part.energy_kev for part, _ in parts]))
    above = above[above >= xray]
    sigma = sum(
        (count * np.interp(above, part.energy_kev, part.sigma_cm2) for part, count in parts),
        np.zeros_like(above),
    )
    extinction = 0.5 * number * sigma / HBAR_C_KEV_CM**2 / above
    known, n, k = (row[measured[0] < above[0]] for row in measured)
    below = 2.0 * n * k
    if not known.size:
        return Dielectric(plasma, above, 2.0 * extinction)
    bridge = np.geomspace(known[-1], above[0], _BRIDGE)[1:-1]
    share = np.log(bridge / known[-1]) / np.log(above[0] / known[-1])
    # A power of the energy that starts as the measurements end.
    last_points = known > _SLOPE_FROM * known[-1]
    slope = np.polyfit(np.log(known[last_points]), np.log(below[last_points]), 1)[0]
    slope *= np.log(above[0] / known[-1])
    energy = np.concatenate([known, bridge, above])
    index = np.ones_like(above)
    for _ in range(_INDEX_ITERATIONS):
        absorptive = 2.0 * index * extinction
        bend = np.log(absorptive[0] / below[-1]) - slope
        between = below[-1] * np.exp(share * (slope + bend * share))
        absorptive = np.concatenate([below, between, absorptive])
        real = 1.0 + kramers_kronig(energy, absorptive, above)
        last, index = index, np.sqrt(real + extinction**2)
        if np.max(np.abs(index - last)) < _INDEX_TOLERANCE:
            return Dielectric(plasma, energy, absorptive)
    raise ConvergenceError(f"index of refraction of {target.formula} from its absorption")
