"""Detectors whose response was released as a table: what each true energy looks like in the data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Self

import numpy as np

from nuatom.detectors.axis import Axis, increasing
from nuatom.detectors.efficiency import TimeWindow
from nuatom.detectors.response import ResponseGrid, ResponseVariation
from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

__all__ = ["MatrixResponse"]


@dataclass(frozen=True, eq=False)
class MatrixResponse:
    """Probabilities of mono-energetic recoils in each bin, linear between the recoils of the table.

    A released response matrix, or templates of mono-energetic recoils: everything that a detector does is in
    it, quenching and efficiency too. Recoils outside the table are not counted.

    Parameters
    ----------
    exposure_tonne_year : float
        Target mass times live time.
    axes : tuple of Axis
        Bins of the data, any number of quantities, flattened in C order.
    recoil_kev : tuple of float
        True recoils, increasing.
    probability : ndarray, shape (recoils, bins)
        That a recoil is counted in a bin.
    yields : tuple of (str, ndarray)
        Name of each uncertainty, ``"light_yield"`` for example, and the values, in standard deviations, for
        which it is tabulated.
    tables : ndarray, shape (recoils, values of the first yield, …, bins)
        The probabilities for all of these.

    Raises
    ------
    InputError
        For tables that do not fit the recoils and the bins, or hold what is no probability.
    """

    exposure_tonne_year: float
    axes: tuple[Axis, ...]
    recoil_kev: tuple[float, ...]
    probability: FloatArray
    yields: tuple[tuple[str, FloatArray], ...] = ()
    tables: FloatArray | None = None

    def __post_init__(self) -> None:
        positive("exposure_tonne_year", self.exposure_tonne_year, "t yr")
        if len(self.recoil_kev) < 2 or self.recoil_kev[0] <= 0.0:
            raise InputError("recoil_kev", self.recoil_kev[:1], "two or more energies, all positive")
        increasing("recoil_kev", self.recoil_kev)
        bins = math.prod(axis.bins for axis in self.axes)
        self._check("probability", self.probability, (len(self.recoil_kev), bins))
        if (self.tables is None) != (not self.yields):
            raise InputError("tables", "none" if self.tables is None else "some", "one for all yields")
        if self.tables is not None:
            shape = (len(self.recoil_kev), *(values.size for _, values in self.yields), bins)
            self._check("tables", self.tables, shape)

    def _check(self, name: str, table: FloatArray, shape: tuple[int, ...]) -> None:
        if table.shape != shape:
            between = "" if len(shape) == 2 else " by ".join(map(str, ("", *shape[1:-1])))
            accepted = f"{shape[0]} recoils{between} by {shape[-1]} bins"
            raise InputError(name, " by ".join(map(str, table.shape)), accepted)
        wrong = ~(np.isfinite(table) & (table >= 0.0))
        if wrong.any():
            raise InputError(name, float(table[wrong][0]), "probabilities, not negative")
        largest = float(table.sum(axis=-1).max())
        # Float32 releases of a detector that sees everything.
        if largest > 1.0 + 1e-5:
            raise InputError(name, largest, "probabilities whose sum over the bins is at most 1")

    @property
    def time(self) -> TimeWindow | None:
        """None: a released table holds no arrival times."""
        return None

    @property
    def recoil_range_kev(self) -> tuple[float, float]:
        """Where the table begins and ends."""
        return self.recoil_kev[0], self.recoil_kev[-1]

    @property
    def breakpoints_kev(self) -> tuple[float, ...]:
        """The recoils of the table."""
        return self.recoil_kev

    @property
    def variations(self) -> tuple[ResponseVariation, ...]:
        """None that are linear."""
        return ()

    @cached_property
    def grid(self) -> ResponseGrid | None:
        """The response for tabulated yields: sums of what is linear between the recoils of the table."""
        if self.tables is None:
            return None
        tables = np.moveaxis(self.tables, 0, -2).reshape(-1, *self.probability.shape)
        names, values = zip(*self.yields, strict=True)
        return ResponseGrid(names, values, _recoils_of(self.recoil_kev), tables)

    def relative_width(self, recoil_kev: float) -> float:  # noqa: ARG002  the same everywhere
        """One: between its breakpoints it is linear."""
        return 1.0

    def of_electrons(self) -> Self:
        """Itself: a table says which recoils it is of."""
        return self

    def response(self, recoil_kev: FloatArray) -> FloatArray:
        """Probability of each bin, shape (recoils, bins); zero outside the table."""
        known = np.array(self.recoil_kev)
        recoil = np.asarray(recoil_kev, dtype=float)
        left = np.clip(np.searchsorted(known, recoil, side="right") - 1, 0, known.size - 2)
        part = (recoil - known[left]) / (known[left + 1] - known[left])
        inside = (recoil >= known[0]) & (recoil <= known[-1])
        low, high = inside * (1.0 - part), inside * part
        mixed: FloatArray = low[:, None] * self.probability[left] + high[:, None] * self.probability[left + 1]
        return mixed


# One for all tables of the same recoils: what is folded with it is found again by it.
@lru_cache(maxsize=16)
def _recoils_of(recoil_kev: tuple[float, ...]) -> MatrixResponse:
    """Response of a tonne-year whose bins are the recoils of a table, shared out linearly."""
    count = len(recoil_kev)
    axis = Axis("recoil of the table", "1", tuple(map(float, range(count + 1))))
    return MatrixResponse(1.0, (axis,), recoil_kev, np.eye(count))
