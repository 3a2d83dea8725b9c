"""Parts of expectations that are not linear in nuisances: shapes that move, yields on a grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nuatom.detectors import ResponseGrid
from nuatom.experiments.shapes import NamedShape
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Bend", "GridBend", "ShapeBend"]


class Bend(Protocol):
    """A part of the expectations of some bins."""

    @property
    def bins(self) -> slice:
        """Which bins."""

    @property
    def places(self) -> tuple[int, ...]:
        """Nuisances that it depends on."""

    def near(self, nuisance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The part and its derivatives, for nuisances (points, all).

        Returns
        -------
        ndarray, shapes (points, coefficients, bins), (places, points, coefficients, bins)
            Coefficients of the polynomial in parameters, of which the last may be left out.
        """


@dataclass(frozen=True, eq=False)
class ShapeBend:
    """A background whose shape nuisances move, times its normalisation.

    Parameters
    ----------
    bins : slice
        Bins of its channel.
    shape : NamedShape
        The shape.
    moving : tuple of int
        Places of the nuisances that move it.
    normalisation : int, optional
        Place of what multiplies it.
    centres : tuple of float
        Where the nuisances that move it leave it as it is.
    """

    bins: slice
    shape: NamedShape
    moving: tuple[int, ...]
    normalisation: int | None
    centres: tuple[float, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """Nuisances that move it, and that which multiplies it."""
        return self.moving if self.normalisation is None else (*self.moving, self.normalisation)

    def near(self, nuisance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """As of :class:`Bend`: the shape has no parameters."""
        sizes, which = np.unique(
            nuisance[:, list(self.moving)] - np.array(self.centres), axis=0, return_inverse=True
        )
        which = which.reshape(-1)
        named = [dict(zip(self.shape.nuisances, row.tolist(), strict=True)) for row in sizes]
        counts = np.stack([self.shape.counts(row) for row in named])[which]
        slopes = [self.shape.slopes(row) for row in named]
        factor = 1.0 if self.normalisation is None else nuisance[:, self.normalisation, None]
        rows = [factor * np.stack([slope[name] for slope in slopes])[which] for name in self.shape.nuisances]
        if self.normalisation is not None:
            rows.append(counts)
        return (factor * counts)[:, None], np.stack(rows)[:, :, None]


@dataclass(frozen=True, eq=False)
class GridBend:
    """What a signal changes by when yields are not zero, from those for yields on a grid.

    Parameters
    ----------
    bins : slice
        Bins of its channel.
    grid : ResponseGrid
        The yields.
    places : tuple of int
        Places of their nuisances.
    coefficients : ndarray, shape (combinations, coefficients, bins)
        Signal for each combination of yields less the nominal one, as polynomials of the parameters.
    """

    bins: slice
    grid: ResponseGrid
    places: tuple[int, ...]
    coefficients: FloatArray

    def near(self, nuisance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """As of :class:`Bend`."""
        weights, slopes = self.grid.weights(nuisance[:, list(self.places)])
        value = np.tensordot(weights, self.coefficients, axes=1)
        rows = np.moveaxis(np.tensordot(slopes, self.coefficients, axes=1), 1, 0)
        return value, rows
