"""A second quantity that is measured beside energy: how counts are shared out among its bins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from nuatom.detectors.axis import Axis
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["EnergyShares"]

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class EnergyShares:
    """Counts in each bin of another quantity for one count in a bin of energy.

    Shape of a pulse, for example, whose distribution depends on the energy that is read and on nothing else.

    Parameters
    ----------
    axis : Axis
        Bins of the quantity.
    rows : tuple of tuple of float
        One row for each bin of energy, one number for each bin of the quantity. They need not add up to one:
        what lies in none of the bins is lost, and an uncertainty may move counts between bins of energy.
    alternatives : tuple of (str, rows, rows)
        Name of each independent uncertainty, and the rows one standard deviation up and down.

    Raises
    ------
    InputError
        For rows that do not fit the bins or hold what is no share.

    Examples
    --------
    >>> from nuatom.detectors import Axis
    >>> halves = EnergyShares(Axis("f90", "", (0.5, 0.7, 0.9)), ((0.25, 0.75), (0.5, 0.5)))
    >>> halves(np.array([[4.0, 2.0]]))
    array([[1., 3., 1., 1.]])
    """

    axis: Axis
    rows: Rows
    alternatives: tuple[tuple[str, Rows, Rows], ...] = ()

    def __post_init__(self) -> None:
        every = [("rows", self.rows), *((name, rows) for name, *pair in self.alternatives for rows in pair)]
        for name, rows in every:
            if len(rows) != len(self.rows):
                raise InputError(f"shares {name}", f"{len(rows)} rows", f"{len(self.rows)} of them")
            for row in rows:
                if len(row) != self.axis.bins:
                    accepted = f"one for each of {self.axis.bins} bins of {self.axis.quantity}"
                    raise InputError(f"shares {name}", f"{len(row)} numbers", accepted)
                for share in row:
                    if not 0.0 <= share < math.inf:
                        raise InputError(f"shares {name}", share, "finite numbers, zero or more")

    @property
    def uncertainties(self) -> Sequence[tuple[str, Self, Self]]:
        """Name of each uncertainty, and the shares one standard deviation up and down."""
        return [
            (name, replace(self, rows=plus, alternatives=()), replace(self, rows=minus, alternatives=()))
            for name, plus, minus in self.alternatives
        ]

    def __call__(self, counted: FloatArray) -> FloatArray:
        """Counts (..., bins of energy × bins of the quantity) of those (..., bins of energy)."""
        shared: FloatArray = counted[..., None] * np.array(self.rows)
        return shared.reshape(*counted.shape[:-1], -1)
