"""What folding needs to know of a detector: from a true recoil to the bins of the data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from nuatom.detectors.axis import Axis
from nuatom.detectors.efficiency import TimeWindow
from nuatom.errors import InputError
from nuatom.numerics.interpolation import SplineWeights
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Response", "ResponseGrid", "ResponseVariation"]


class Response(Protocol):
    """Probability that a recoil of a true energy is counted in each bin, and what quadrature needs to know.

    :class:`~nuatom.detectors.Detector` smears; :class:`~nuatom.detectors.MatrixResponse` reads a released
    table.
    """

    @property
    def exposure_tonne_year(self) -> float:
        """Target mass times live time."""

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Bins of the data, flattened in C order; a last axis of time is :attr:`time`'s."""

    @property
    def time(self) -> TimeWindow | None:
        """Bins in time after a beam's trigger, shared out by arrival; None without."""

    @property
    def recoil_range_kev(self) -> tuple[float, float]:
        """True recoils that can be counted."""

    @property
    def breakpoints_kev(self) -> tuple[float, ...]:
        """True recoils where the response jumps or bends: quadrature stops there."""

    @property
    def variations(self) -> tuple[ResponseVariation, ...]:
        """What it would be one standard deviation up and down, for each independent uncertainty."""

    @property
    def grid(self) -> ResponseGrid | None:
        """What it would be for tabulated values of uncertainties whose effect is not linear; None without."""

    def __hash__(self) -> int:
        """By value, or by identity: folded kernels are found again by it."""

    def relative_width(self, recoil_kev: float) -> float:
        """Scale on which the response varies, in units of the recoil; at most one."""

    def of_electrons(self) -> Response:
        """The same for electrons, all of whose energy is seen."""

    def response(self, recoil_kev: FloatArray) -> FloatArray:
        """Probability of each bin but time, shape (recoils, bins)."""


@dataclass(frozen=True)
class ResponseVariation:
    """One independent uncertainty of a response: what it would be one standard deviation up and down.

    Parameters
    ----------
    name : str
        Its kind, ``"quenching"``, ``"efficiency"``, ``"energy_scale"``, …, and where there are several of a
        kind a dot and which.
    plus, minus : Response
        The two responses.
    """

    name: str
    plus: Response
    minus: Response


@dataclass(frozen=True, eq=False)
class ResponseGrid:
    """A response for values of uncertainties on a grid, in standard deviations; cubic splines in between.

    Parameters
    ----------
    names : tuple of str
        Kinds of uncertainty, ``"light_yield"`` for example.
    values : tuple of ndarray
        Values of each, increasing, with zero among them.
    basis : Response
        What all of them are sums of, of a tonne-year: as many bins as there are terms.
    tables : ndarray, shape (combinations of values in C order, terms, bins)
        Contribution of each term to each bin of the data.

    Raises
    ------
    InputError
        For values that do not increase or lack zero, or tables that do not fit.
    """

    names: tuple[str, ...]
    values: tuple[FloatArray, ...]
    basis: Response
    tables: FloatArray

    def __post_init__(self) -> None:
        for name, values in zip(self.names, self.values, strict=True):
            if values.size < 2 or np.any(np.diff(values) <= 0.0) or not np.any(values == 0.0):
                accepted = "two or more increasing values, zero among them"
                raise InputError(f"yields.{name}", values.tolist(), accepted)
        shape = (math.prod(v.size for v in self.values), math.prod(axis.bins for axis in self.basis.axes))
        if self.tables.shape[:-1] != shape:
            accepted = f"{shape[0]} combinations of yields by {shape[1]} terms"
            raise InputError("tables", " by ".join(map(str, self.tables.shape)), accepted)

    @cached_property
    def nominal(self) -> int:
        """Which of the combinations is all zeros."""
        place = [int(np.flatnonzero(values == 0.0)[0]) for values in self.values]
        return int(np.ravel_multi_index(place, [values.size for values in self.values]))

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        """Least and largest value of each."""
        return tuple((float(values[0]), float(values[-1])) for values in self.values)

    def weights(self, sizes: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Part of each combination in that of given sizes, and its derivatives; no numbers outside the grid.

        Parameters
        ----------
        sizes : ndarray, shape (points, names)

        Returns
        -------
        ndarray, shapes (points, combinations), (points, names, combinations)
        """
        each = [spline(sizes[:, i]) for i, spline in enumerate(self._splines)]
        value = _outer([weight for weight, _ in each])
        slopes = [
            _outer([slope if i == moved else weight for i, (weight, slope) in enumerate(each)])
            for moved in range(len(each))
        ]
        return value, np.stack(slopes, axis=1)

    @cached_property
    def _splines(self) -> tuple[SplineWeights, ...]:
        return tuple(SplineWeights(values) for values in self.values)


def _outer(weights: list[FloatArray]) -> FloatArray:
    found = weights[0]
    for weight in weights[1:]:
        found = (found[:, :, None] * weight[:, None, :]).reshape(len(found), -1)
    return found
