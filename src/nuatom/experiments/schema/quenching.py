"""Quenching of nuclear recoils in an experiment's file."""

from __future__ import annotations

from typing import Literal

from nuatom.detectors import Lindhard, PolynomialQuenching, Quenching, TabulatedQuenching
from nuatom.experiments.schema.base import Files, Number, Numbers, Table

__all__ = ["LindhardTable", "MeasuredTable", "PolynomialTable"]


class PolynomialVariation(Table):
    """Coefficients at plus and minus one sigma."""

    name: str
    plus: tuple[Number, ...]
    minus: tuple[Number, ...]


class PolynomialTable(Table):
    """Polynomial quenching: coefficients of T, T², … in MeV, and independent variations."""

    kind: Literal["polynomial"]
    source: str = ""
    coefficients_mev: tuple[Number, ...]
    highest_recoil_kev: Number
    variations: tuple[PolynomialVariation, ...] = ()

    def build(self, files: Files) -> Quenching:  # noqa: ARG002
        """The quenching."""
        varied = tuple((entry.name, entry.plus, entry.minus) for entry in self.variations)
        return PolynomialQuenching(self.coefficients_mev, self.highest_recoil_kev, varied)


class LindhardTable(Table):
    """Lindhard's quenching, with k and its uncertainty."""

    kind: Literal["lindhard"]
    source: str = ""
    atomic_number: int
    k: Number
    k_uncertainty: Number = 0.0

    def build(self, files: Files) -> Quenching:  # noqa: ARG002
        """The quenching."""
        return Lindhard(self.atomic_number, self.k, self.k_uncertainty)


class MeasuredTable(Table):
    """Measured electron-equivalent energies of recoils, with uncertainties of all together or of each."""

    kind: Literal["table"]
    source: str = ""
    recoil_kev: Numbers
    electron_equivalent_kev: Numbers
    uncertainty_kev: Numbers = ()
    common: bool = True

    def build(self, files: Files) -> Quenching:
        """The quenching."""
        names = ("recoil_kev", "electron_equivalent_kev", "uncertainty_kev")
        columns = (files.numbers(getattr(self, name), f"response.quenching.{name}") for name in names)
        recoil, energy, sigma = columns
        return TabulatedQuenching(recoil, energy, sigma, self.common)
