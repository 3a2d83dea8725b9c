"""Detectors whose response was released as a table: what each true energy looks like in the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from nuatom.detectors.axis import Axis, increasing
from nuatom.detectors.efficiency import TimeWindow
from nuatom.detectors.response import ResponseVariation
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
    alternatives : tuple of (str, ndarray, ndarray)
        Name of each independent uncertainty, ``"light_yield"`` for example, and the table one standard
        deviation up and down.

    Raises
    ------
    InputError
        For tables that do not fit the recoils and the bins, or hold what is no probability.
    """

    exposure_tonne_year: float
    axes: tuple[Axis, ...]
    recoil_kev: tuple[float, ...]
    probability: FloatArray
    alternatives: tuple[tuple[str, FloatArray, FloatArray], ...] = ()

    def __post_init__(self) -> None:
        positive("exposure_tonne_year", self.exposure_tonne_year, "t yr")
        if len(self.recoil_kev) < 2 or self.recoil_kev[0] <= 0.0:
            raise InputError("recoil_kev", self.recoil_kev[:1], "two or more energies, all positive")
        increasing("recoil_kev", self.recoil_kev)
        shape = (len(self.recoil_kev), int(np.prod([axis.bins for axis in self.axes])))
        for name, table in (("probability", self.probability), *self._tables()):
            if table.shape != shape:
                accepted = f"{shape[0]} recoils by {shape[1]} bins"
                raise InputError(name, " by ".join(map(str, table.shape)), accepted)
            wrong = ~(np.isfinite(table) & (table >= 0.0))
            if wrong.any():
                raise InputError(name, float(table[wrong][0]), "probabilities, not negative")
            largest = float(table.sum(axis=1).max())
            # Float32 releases of a detector that sees everything.
            if largest > 1.0 + 1e-5:
                raise InputError(name, largest, "probabilities whose sum over the bins is at most 1")

    def _tables(self) -> list[tuple[str, FloatArray]]:
        return [(name, table) for name, *pair in self.alternatives for table in pair]

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
        """The alternatives."""
        return tuple(
            ResponseVariation(name, self._with(plus), self._with(minus))
            for name, plus, minus in self.alternatives
        )

    def _with(self, probability: FloatArray) -> Self:
        return replace(self, probability=probability, alternatives=())

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
