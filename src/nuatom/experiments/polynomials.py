"""Rows of a likelihood as polynomials of parameters, exact where nuisances are what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from nuatom.errors import InputError
from nuatom.experiments.bends import Bend
from nuatom.neutrinos import Parameter
from nuatom.numerics.quadrature import FloatArray
from nuatom.rates import QuadraticCounts

__all__ = ["Templates", "require_seen"]


@dataclass(frozen=True, eq=False)
class Templates:
    """Rows of a likelihood, each a polynomial of parameters in every bin.

    Parameters
    ----------
    rows : QuadraticCounts
        Row 0 is what no nuisance moves; row 1 + k what a unit of nuisance k adds.
    bends : tuple of Bend
        What else there is, not linear in nuisances.
    starts : ndarray, shape (starts, nuisances)
        Nuisances from which minima are looked for where there are bends; the nominal ones first.
    """

    rows: QuadraticCounts
    bends: tuple[Bend, ...] = ()
    starts: FloatArray = field(default_factory=lambda: np.zeros((1, 0)))

    def __call__(self, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Fixed expectations (..., bins) and templates (..., nuisances, bins) at values (..., parameters).

        What bends is linear about the nominal nuisances.
        """
        rows = (self.nominal if self.bends else self).rows(values)
        return rows[..., 0, :], rows[..., 1:, :]

    @cached_property
    def nominal(self) -> Templates:
        """The same, linear about the nominal nuisances."""
        return self.linearised(self.starts[0])

    def linearised(self, nuisance: FloatArray) -> Templates:
        """The same without bends: linear about given nuisances (nuisances,), and exact there."""
        if not self.bends:
            return self
        count, (rows, bins) = len(self.rows.parameters), self.rows.constant.shape
        every = np.concatenate(
            [self.rows.constant[None], self.rows.linear, self.rows.square.reshape(-1, rows, bins)]
        )
        for bend in self.bends:
            value, slopes = (part[..., 0, :, :] for part in bend.near(nuisance[None]))
            some = every[: value.shape[0], :, bend.bins]
            some[:, 0] += value
            for place, slope in zip(bend.places, slopes, strict=True):
                some[:, 1 + place] += slope
                some[:, 0] -= nuisance[place] * slope
        square = every[1 + count :].reshape(count, count, rows, bins)
        found = replace(self.rows, constant=every[0], linear=every[1 : 1 + count], square=square)
        return Templates(found)

    def near(self, values: FloatArray, nuisance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Fixed expectations (points, bins) and templates (points, nuisances, bins), exact at ``nuisance``.

        Parameters
        ----------
        values : ndarray, shape (points, parameters)
            Of the parameters.
        nuisance : ndarray, shape (points, nuisances)
            Where what bends is linearised.
        """
        rows = self.rows(values)
        powers = self.rows.powers(values)
        for bend in self.bends:
            value, slopes = bend.near(nuisance)
            some = powers[:, : value.shape[1]]
            rows[:, 0, bend.bins] += np.einsum("pm,pmb->pb", some, value)
            for place, slope in zip(bend.places, slopes, strict=True):
                row = np.einsum("pm,pmb->pb", some, slope)
                rows[:, 1 + place, bend.bins] += row
                rows[:, 0, bend.bins] -= nuisance[:, place, None] * row
        return rows[:, 0], rows[:, 1:]

    def polynomials(self, nuisance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Coefficients of 1, u and u² of one parameter, linear about nuisances.

        Parameters
        ----------
        nuisance : ndarray, shape (points, nuisances)

        Returns
        -------
        ndarray, shapes (points, 3, bins), (points, 3, nuisances, bins)
        """
        if len(self.rows.parameters) != 1:
            raise InputError("parameters", len(self.rows.parameters), "one")
        plain = np.stack([self.rows.constant, self.rows.linear[0], self.rows.square[0, 0]])
        every = np.repeat(plain[None], len(nuisance), axis=0)
        for bend in self.bends:
            value, slopes = bend.near(nuisance)
            some = every[:, : value.shape[1], :, bend.bins]
            some[:, :, 0] += value
            for place, slope in zip(bend.places, slopes, strict=True):
                some[:, :, 1 + place] += slope
                some[:, :, 0] -= nuisance[:, place, None, None] * slope
        return every[:, :, 0], every[:, :, 1:]

    def coefficients(self) -> tuple[FloatArray, FloatArray, float]:
        """What multiplies 1, u and u² of one parameter θ = s u; what bends is linear about its nominal value.

        Returns
        -------
        fixed, templates : ndarray, shape (3, bins), (3, nuisances, bins)
            Coefficients.
        scale : float
            s.
        """
        if len(self.rows.parameters) != 1:
            raise InputError("parameters", len(self.rows.parameters), "one")
        plain = (self.nominal if self.bends else self).rows
        rows = np.stack([plain.constant, plain.linear[0], plain.square[0, 0]])
        return rows[:, 0], rows[:, 1:], float(plain.scale[0])

    def seen(self, index: int) -> bool:
        """Whether expectations depend on a parameter at all."""
        return bool(np.any(self.rows.linear[index]) or np.any(self.rows.square[index]))

    def even(self, index: int) -> bool:
        """Whether only the square of a parameter counts."""
        return self.rows.even(index)


def require_seen(templates: Templates, parameters: Sequence[Parameter]) -> None:
    """Refuse parameters on which no expectation depends.

    Raises
    ------
    InputError
        That says so of the first of them.
    """
    for index, chosen in enumerate(parameters):
        if not templates.seen(index):
            raise InputError("parameter", chosen.name, "one that the data see: they set no limit on this one")
