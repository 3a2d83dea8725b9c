"""Probability densities in energy as values, data and a rule: fluxes can be compared and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nuatom.errors import InputError
from nuatom.numerics.monotone import monotone_cubic
from nuatom.numerics.quadrature import FloatArray

__all__ = ["LinearTable", "Michel", "Mixture", "Scaled", "SquaredTable"]


@dataclass(frozen=True)
class Scaled:
    """A shape divided by a norm."""

    shape: Callable[[FloatArray], FloatArray]
    norm: float

    def __call__(self, energy_kev: FloatArray) -> FloatArray:
        """Density at the given energies."""
        return np.asarray(self.shape(energy_kev) / self.norm)


@dataclass(frozen=True)
class Mixture:
    """Weighted sum of densities."""

    shares: tuple[float, ...]
    densities: tuple[Callable[[FloatArray], FloatArray], ...]

    def __call__(self, energy_kev: FloatArray) -> FloatArray:
        """Density at the given energies."""
        parts = zip(self.shares, self.densities, strict=True)
        return np.asarray(sum(share * density(energy_kev) for share, density in parts))


@dataclass(frozen=True)
class Michel:
    """Spectra of an unpolarised muon's decay at rest, in x = E/end: a x² (b − c x)/end."""

    end_kev: float
    factor: float
    constant: float
    slope: float

    def __call__(self, energy_kev: FloatArray) -> FloatArray:
        """Density at the given energies."""
        x = energy_kev / self.end_kev
        return np.asarray(self.factor * x**2 * (self.constant - self.slope * x) / self.end_kev)


@dataclass(frozen=True)
class LinearTable:
    """A table, linear between its points and zero outside.

    Parameters
    ----------
    energy_kev : tuple of float
        Increasing energies, the first zero or more.
    value : tuple of float
        A number for each, none negative, not all zero.

    Raises
    ------
    InputError
        For anything else.
    """

    energy_kev: tuple[float, ...]
    value: tuple[float, ...]

    def __post_init__(self) -> None:
        energy, value = np.array(self.energy_kev), np.array(self.value)
        if energy.size < 2 or not np.all(np.isfinite(energy)) or energy[0] < 0.0:
            raise InputError("energy_kev", self.energy_kev[:2], "two or more energies, not negative")
        rising = np.diff(energy) > 0.0
        if not rising.all():
            place = int(np.argmin(rising))
            raise InputError("energy_kev", self.energy_kev[place : place + 2], "increasing energies")
        if value.shape != energy.shape:
            raise InputError("flux", f"{value.size} numbers", f"one for each of {energy.size} energies")
        wrong = ~(np.isfinite(value) & (value >= 0.0))
        if wrong.any():
            raise InputError("flux", float(value[wrong][0]), "finite numbers, not negative")
        if not value.any():
            raise InputError("flux", 0.0, "at least one number that is not zero")

    def __call__(self, energy_kev: FloatArray) -> FloatArray:
        """Value at the given energies."""
        return np.asarray(np.interp(energy_kev, self.energy_kev, self.value, left=0.0, right=0.0))


@dataclass(frozen=True)
class SquaredTable:
    """Square of a monotonic interpolation through the roots of a table: never negative, zero outside."""

    energy_kev: tuple[float, ...]
    root: tuple[float, ...]

    def __call__(self, energy_kev: FloatArray) -> FloatArray:
        """Value at the given energies."""
        energy = np.asarray(energy_kev, dtype=float)
        known = np.array(self.energy_kev)
        inside = (energy >= known[0]) & (energy <= known[-1])
        root = monotone_cubic(known, np.array(self.root), np.clip(energy, known[0], known[-1]))
        return np.where(inside, root**2, 0.0)
