"""Matter of known responses, the photon in it, and the parts of kernels that they make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms import Responses, Target
from nuatom.errors import DataError, InputError
from nuatom.media import AtomsInMatter, CrystalAtom, CrystalResponses, Medium, find_medium
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes.momentum_integrals import (
    NAMES,
    MomentumIntegrals,
    momentum_integrals,
    momentum_panels_kev,
)
from nuatom.processes.scales import MAGNETIC_SCALE, WEAK_SCALE

__all__ = [
    "SCALES",
    "Matter",
    "Parts",
    "Photon",
    "added",
    "crystal_of",
    "each_of",
    "in_medium",
    "last_kev",
    "panels_kev",
    "parts_of",
    "photon_in",
]

SCALES: Final = np.array([MAGNETIC_SCALE if name.startswith("MM") else WEAK_SCALE for name in NAMES])
"""What the momentum integrals over 4E² are multiplied by, in the order of their names."""

_ENERGY_PANELS: Final = 10

Parts = Callable[[FloatArray, FloatArray], FloatArray]
"""From energies and recoils to kernels, the magnetic one in its longitudinal and its transverse part."""


@dataclass(frozen=True, eq=False)
class Matter:
    """Responses of one element of a target, or of all of it: whose, how they end, and how many there are."""

    name: str
    end: str
    responses: Responses
    count: float


@dataclass(frozen=True, eq=False)
class Photon:
    """What ends the photon's pole: the neutrino's mass in a vacuum, matter where there is any."""

    neutrino_mass_kev: float
    medium: Medium | None

    def __post_init__(self) -> None:
        if self.medium is None or self.neutrino_mass_kev != 0.0:
            positive("neutrino_mass_kev", self.neutrino_mass_kev, "keV")

    @property
    def citations(self) -> tuple[str, ...]:
        """Of the medium, and of the density effect."""
        return () if self.medium is None else ("Fermi:1940", "Allison:1980", *self.medium.citations)

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Name and hash of the medium."""
        return () if self.medium is None else (self.medium.identity,)

    @property
    def breakpoints_kev(self) -> FloatArray:
        """Transfers at which ε jumps."""
        return np.empty(0) if self.medium is None else self.medium.dielectric.jumps_kev

    def least_virtuality_kev2(self, energy_kev: ArrayLike, transfer_kev: FloatArray) -> FloatArray:
        """Least Q² − T² of a massive neutrino."""
        energy = np.asarray(energy_kev, dtype=float)
        least: FloatArray = (self.neutrino_mass_kev * transfer_kev) ** 2 / (energy * (energy - transfer_kev))
        return least


def photon_in(target: Target, neutrino_mass_kev: float, medium: Medium | None) -> Photon:
    """The photon of a target: in the medium that is given, or that its phase names, or in a vacuum."""
    if medium is None and target.phase is not None:
        medium = find_medium(target)
    return Photon(neutrino_mass_kev, medium)


def in_medium(matter: tuple[Matter, ...], medium: Medium | None) -> tuple[Matter, ...]:
    """Matter of free atoms, each dressed by a medium."""
    if medium is None:
        return matter
    return tuple(replace(part, responses=AtomsInMatter(part.responses, medium)) for part in matter)


def crystal_of(target: Target, matter: tuple[Matter, ...], medium: Medium) -> tuple[Matter, ...]:
    """Matter of a crystal whose valence electrons are known, made of its atoms', element by element.

    Raises
    ------
    DataError
        When there is no table of independent electrons of an element, or its file does not say which of an
        element's shells are valence shells.
    """
    from nuatom.atoms import ResponseTable, find_responses

    missing = [e.symbol for e, _ in target.constituents if e.symbol not in medium.valence_shells]
    if missing:
        raise DataError(f"medium {medium.name}: no valence shells of {', '.join(missing)} in its file")
    atoms = []
    for (element, count), part in zip(target.constituents, matter, strict=True):
        alone = find_responses(element.symbol, "ipm")
        if not isinstance(alone, ResponseTable):
            raise TypeError("a table of independent electrons")
        own = alone if part.responses.identity == alone.identity else part.responses
        atoms.append(CrystalAtom(element, count, own, alone, medium.valence_shells[element.symbol]))
    ends = " or ".join(part.end for part in matter)
    return (Matter(target.formula, ends, CrystalResponses(medium, tuple(atoms)), 1.0),)


def parts_of(matter: tuple[Matter, ...], photon: Photon) -> Parts:
    """Kernels of scattering on the electrons of matter, per formula unit.

    Parameters
    ----------
    matter : tuple of Matter
        What adds up.
    photon : Photon
        What it exchanges.

    Returns
    -------
    callable
        Of shape (8, ...), in the order of :data:`nuatom.processes.momentum_integrals.NAMES`. InputError above
        the last transfer of the responses.
    """
    return added(each_of(matter, photon))


def added(each: tuple[Parts, ...]) -> Parts:
    """Sum of kernels."""

    def parts(energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
        first, *others = each
        return sum((one(energy_kev, recoil_kev) for one in others), first(energy_kev, recoil_kev))

    return parts


def each_of(matter: tuple[Matter, ...], photon: Photon) -> tuple[Parts, ...]:
    """Kernels of :func:`parts_of`, one a kind of matter; each keeps the integrals that it found last."""
    return tuple(_parts_of_one(part, photon) for part in matter)


def _parts_of_one(matter: Matter, photon: Photon) -> Parts:
    integrals_at = _integrals_of(matter, photon.medium)

    def parts(energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
        energy, recoil = np.broadcast_arrays(np.asarray(energy_kev, float), np.asarray(recoil_kev, float))
        values = np.zeros((len(NAMES), *energy.shape))
        recoils, row = np.unique(recoil_kev, return_inverse=True)
        integrals, first = integrals_at(recoils.tobytes())
        index = np.broadcast_to(row.reshape(np.shape(recoil_kev)), energy.shape)
        inside = (index >= first) & (energy > recoil)
        if integrals is None or not np.any(inside):
            return values
        e, t = energy[inside], recoil[inside]
        least = photon.least_virtuality_kev2(e, t)
        found = integrals.at(index[inside] - first, 2.0 * e - t, least) / (4.0 * e * e)
        values[:, inside] = matter.count * SCALES[:, None] * found
        return values

    return parts


def _integrals_of(
    matter: Matter, medium: Medium | None
) -> Callable[[bytes], tuple[MomentumIntegrals | None, int]]:
    """Momentum integrals at increasing recoils, and how many of these open no subshell."""
    responses = matter.responses
    dielectric = None if medium is None else medium.dielectric
    lowest, highest = float(responses.edges_kev.min()), last_kev(responses)

    # Every component of a flux asks for the same recoils.
    @lru_cache(maxsize=8)
    def integrals_at(recoils: bytes) -> tuple[MomentumIntegrals | None, int]:
        recoil = np.frombuffer(recoils)
        if recoil.size and recoil[-1] > highest:
            accepted = f"at most {highest:.6g} keV, where the {matter.end}"
            raise InputError("recoil_kev", float(recoil[-1]), accepted)
        first = int(np.searchsorted(recoil, lowest, side="right"))
        if first == recoil.size:
            return None, first
        return momentum_integrals(responses, recoil[first:], dielectric), first

    return integrals_at


def last_kev(responses: Responses) -> float:
    """Last transfer that is known, rounding forgiven."""
    return responses.highest_kev * (1.0 + 1e-12)


def panels_kev(responses: Responses, recoil_kev: FloatArray) -> FloatArray:
    """Momenta that cut the kernels' energies into panels, (..., panels), at recoils of any shape."""
    # Nothing is open at the lowest edge or below, where kernels vanish and any panels serve.
    lowest = np.nextafter(responses.edges_kev.min(), np.inf)
    return momentum_panels_kev(responses, np.maximum(recoil_kev, lowest), _ENERGY_PANELS)[..., 1:]
