"""Quenching: how much of a nuclear recoil's energy is seen, as the energy of an electron that looks alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

__all__ = [
    "Lindhard",
    "PolynomialQuenching",
    "Quenching",
    "QuenchingVariation",
    "TabulatedQuenching",
    "recoil_for",
]

_KEV_PER_MEV: Final = 1000.0
_MONOTONIC_SAMPLES: Final = 2000
_BISECTIONS: Final = 200


class Quenching(Protocol):
    """A rising function from recoil to electron-equivalent energy, from zero to the end of its range."""

    @property
    def highest_recoil_kev(self) -> float:
        """Largest recoil that it holds for."""

    @property
    def uncertainties(self) -> tuple[QuenchingVariation, ...]:
        """How well it is known: what it would be one standard deviation up and down, each independent."""

    def __call__(self, recoil_kev: FloatArray) -> FloatArray:
        """Electron-equivalent energy, keV; InputError for recoils beyond the range."""


@dataclass(frozen=True)
class QuenchingVariation:
    """One independent uncertainty of a quenching: what it would be one standard deviation up and down."""

    name: str
    """``"quenching"``, and where there are several a dot and which."""
    plus: Quenching
    minus: Quenching


@dataclass(frozen=True)
class Lindhard:
    """Lindhard's ionization yield, E_ee = T kg/(1 + kg).

    g = 3ε^0.15 + 0.7ε^0.6 + ε with ε = 11.5 Z^(−7/3) T/keV, as given in :cite:`Lewin:1995rx` after
    J. Lindhard et al. (1963). It leaves out the binding of atoms, and measured yields depart from it below
    about 1 keV.

    Parameters
    ----------
    atomic_number : int
        Z of the material.
    k : float
        Strength of the electronic stopping; :meth:`of` has Lindhard's own.
    k_uncertainty : float
        One standard deviation of k, zero for an exact one.

    Raises
    ------
    InputError
        For a Z or a k that is not positive, or an uncertainty that is negative or as large as k.
    """

    atomic_number: int
    k: float
    k_uncertainty: float = 0.0

    def __post_init__(self) -> None:
        if self.atomic_number < 1:
            raise InputError("atomic_number", self.atomic_number, "1 or more")
        positive("k", self.k)
        if not 0.0 <= self.k_uncertainty < self.k:
            raise InputError("k_uncertainty", self.k_uncertainty, f"from 0 to less than k = {self.k:g}")

    @classmethod
    def of(cls, atomic_number: int, mass_u: float) -> Lindhard:
        """Lindhard's own k = 0.133 Z^⅔ A^(−½)."""
        positive("mass_u", mass_u, "u")
        return cls(atomic_number, 0.133 * atomic_number ** (2.0 / 3.0) / math.sqrt(mass_u))

    @property
    def highest_recoil_kev(self) -> float:
        """It has no upper end."""
        return math.inf

    @property
    def uncertainties(self) -> tuple[QuenchingVariation, ...]:
        """That of k, where it is uncertain."""
        if self.k_uncertainty == 0.0:
            return ()
        plus, minus = (
            Lindhard(self.atomic_number, self.k + step) for step in (self.k_uncertainty, -self.k_uncertainty)
        )
        return (QuenchingVariation("quenching", plus, minus),)

    def __call__(self, recoil_kev: FloatArray) -> FloatArray:
        """Electron-equivalent energy."""
        reduced = 11.5 * recoil_kev * self.atomic_number ** (-7.0 / 3.0)
        g = 3.0 * reduced**0.15 + 0.7 * reduced**0.6 + reduced
        return np.asarray(recoil_kev * self.k * g / (1.0 + self.k * g))


@dataclass(frozen=True)
class PolynomialQuenching:
    """A fitted polynomial, E_ee = Σ_n c_n T^n from n = 1 on, both in MeV as such fits are published.

    Parameters
    ----------
    coefficients_mev : tuple of float
        c₁, c₂, …: of T, T², … with T in MeV.
    highest_recoil_kev : float
        Where the fit ends.
    alternatives_mev : tuple of (str, tuple of float, tuple of float)
        Name and coefficients of each independent variation, one standard deviation up and down: the
        principal ones of a fit's covariance.

    Raises
    ------
    InputError
        For a polynomial that does not rise from zero to its end.
    """

    coefficients_mev: tuple[float, ...]
    highest_recoil_kev: float
    alternatives_mev: tuple[tuple[str, tuple[float, ...], tuple[float, ...]], ...] = ()

    def __post_init__(self) -> None:
        positive("highest_recoil_kev", self.highest_recoil_kev, "keV")
        energies = self(np.linspace(0.0, self.highest_recoil_kev, _MONOTONIC_SAMPLES))
        if not np.all(np.diff(energies) > 0.0):
            raise InputError("coefficients_mev", self.coefficients_mev, "a polynomial that rises all the way")

    @property
    def uncertainties(self) -> tuple[QuenchingVariation, ...]:
        """The alternatives."""
        return tuple(
            QuenchingVariation(
                f"quenching.{name}",
                PolynomialQuenching(plus, self.highest_recoil_kev),
                PolynomialQuenching(minus, self.highest_recoil_kev),
            )
            for name, plus, minus in self.alternatives_mev
        )

    def __call__(self, recoil_kev: FloatArray) -> FloatArray:
        """Electron-equivalent energy; a recoil beyond the fit's end raises."""
        _within(recoil_kev, self.highest_recoil_kev)
        scaled = recoil_kev / _KEV_PER_MEV
        return np.asarray(_KEV_PER_MEV * np.polyval([*self.coefficients_mev[::-1], 0.0], scaled))


@dataclass(frozen=True)
class TabulatedQuenching:
    """A measured yield, interpolated monotonically between its points, and from zero to the first one.

    Parameters
    ----------
    recoil_kev, electron_equivalent_kev : tuple of float
        The measurement; both increase from positive values. The origin is added.
    uncertainty_kev : tuple of float
        One standard deviation of each electron-equivalent energy; none for an exact table.
    common : bool
        Whether all points are off by their uncertainty together, as by a calibration, or each by itself.

    Raises
    ------
    InputError
        For tables that do not increase, moved by their uncertainty too, or of unequal lengths.
    """

    recoil_kev: tuple[float, ...]
    electron_equivalent_kev: tuple[float, ...]
    uncertainty_kev: tuple[float, ...] = ()
    common: bool = True

    def __post_init__(self) -> None:
        for name in ("recoil_kev", "electron_equivalent_kev"):
            values = np.array([0.0, *getattr(self, name)])
            if values.size < 2 or not np.all(np.isfinite(values)) or not np.all(np.diff(values) > 0.0):
                raise InputError(name, getattr(self, name), "positive, increasing energies")
        if len(self.recoil_kev) != len(self.electron_equivalent_kev):
            raise InputError("electron_equivalent_kev", len(self.electron_equivalent_kev), "one a recoil")
        if self.uncertainty_kev:
            sigma = np.array(self.uncertainty_kev)
            if sigma.shape != (len(self.recoil_kev),) or not np.all(np.isfinite(sigma) & (sigma >= 0.0)):
                raise InputError("uncertainty_kev", self.uncertainty_kev, "one a recoil, zero or more")
            for _, shift in self._shifts():
                moved = np.array(self.electron_equivalent_kev) + np.outer([1.0, -1.0], shift)
                if not np.all(np.diff(moved, prepend=0.0) > 0.0):
                    accepted = "uncertainties that leave the table increasing"
                    raise InputError("uncertainty_kev", self.uncertainty_kev, accepted)

    def _shifts(self) -> list[tuple[str, FloatArray]]:
        sigma = np.array(self.uncertainty_kev)
        if self.common:
            return [("quenching", sigma)]
        names = [f"quenching.{recoil:g}keV" for recoil in self.recoil_kev]
        return [(name, row) for name, row in zip(names, np.diag(sigma), strict=True) if row.any()]

    @property
    def uncertainties(self) -> tuple[QuenchingVariation, ...]:
        """All points together, or one by one; none without uncertainties."""
        if not any(self.uncertainty_kev):
            return ()

        def moved(shift: FloatArray) -> TabulatedQuenching:
            return TabulatedQuenching(
                self.recoil_kev, tuple((np.array(self.electron_equivalent_kev) + shift).tolist())
            )

        return tuple(QuenchingVariation(name, moved(shift), moved(-shift)) for name, shift in self._shifts())

    @property
    def highest_recoil_kev(self) -> float:
        """Where the table ends."""
        return self.recoil_kev[-1]

    def __call__(self, recoil_kev: FloatArray) -> FloatArray:
        """Electron-equivalent energy; a recoil beyond the table raises."""
        from scipy.interpolate import PchipInterpolator

        _within(recoil_kev, self.highest_recoil_kev)
        curve = PchipInterpolator([0.0, *self.recoil_kev], [0.0, *self.electron_equivalent_kev])
        return np.asarray(curve(recoil_kev), dtype=float)


def recoil_for(quenching: Quenching, energy_kev: float) -> float:
    """Recoil that looks like an electron of an energy; infinite when the quenching's range ends before it.

    Bisection of the rising function, to the last digit.

    Parameters
    ----------
    quenching : Quenching
        The function to invert.
    energy_kev : float
        Electron-equivalent energy, not negative.
    """
    if energy_kev == 0.0:
        return 0.0
    high = quenching.highest_recoil_kev
    if not math.isfinite(high):
        high = energy_kev
        while quenching(np.array(high)) < energy_kev:
            high *= 2.0
    elif quenching(np.array(high)) < energy_kev:
        return math.inf
    low = 0.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if quenching(np.array(middle)) < energy_kev:
            low = middle
        else:
            high = middle
    return high


def _within(recoil_kev: FloatArray, highest: float) -> None:
    if np.any(recoil_kev > highest * (1.0 + 1e-12)):
        raise InputError("recoil_kev", float(np.max(recoil_kev)), f"at most {highest:g} keV, where it ends")
