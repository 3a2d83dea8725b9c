"""What correlation does to an atom's responses, as a table that multiplies those of independent electrons.

A response R of independent electrons becomes R·e^g where it is positive; a signed one, a fraction c of
its Schwarz bound, becomes the fraction (c + b)/(1 + c b) with |b| ≤ 1 of the new bound. Both hold for any
interpolated g and b: positive responses stay positive and no fraction exceeds one. Nodes lie in pieces
between thresholds, where independent electrons jump and the average over resonances does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy.interpolate import PchipInterpolator

from nuatom.atoms.components import COMPONENTS, DIAGONAL, SIGNED, decode, encode
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["MERGED_KEV", "CorrelationTable", "change", "changed", "distinct", "pieces"]

MERGED_KEV: Final = 2e-4
"""Thresholds closer than this have no nodes between them."""

TAPER: Final = 1.2
"""Over this last factor of the correlated transfers the change is let go to zero."""

SEEN_TOGETHER: Final = 0.07
"""Transfers this much apart, relative, on both sides of one, are seen as one by detectors of ionization."""

_SIGNED: Final = list(SIGNED)


@dataclass(frozen=True, eq=False)
class CorrelationTable:
    """Changes of one atom's responses by correlation, with how they were made and how good they are.

    Attributes
    ----------
    symbol : str
    Z : int
    edges_kev : ndarray, shape (S,)
        Calculated thresholds of independent electrons, increasing.
    transfer_kev : ndarray, shape (T,)
        Nodes, increasing; none at an edge.
    momentum_kev : ndarray, shape (Q,)
        Nodes, increasing; below the first and beyond the last the change is that of the nearest.
    changes : ndarray, shape (9, T, Q)
        g or b of every component, in the order of `nuatom.atoms.components.COMPONENTS`.
    half_width_kev : ndarray, shape (T,)
        Of the energy average.
    join_step : ndarray, shape (2, T)
        What the last multipole changed of ∫Q dQ S and of ∫dQ S/Q, relative to them.
    size : ndarray, shape (2, T)
        What all multipoles changed of them.
    interpolation_error : float
        Of these integrals between nodes, estimated by leaving out each node in turn.
    residual, basis_error : float
        Of the equations, and of the occupied energies in the basis.
    conservation_error : float
        Largest relative difference of ∫Q dQ R₃₃ (Q/T)² and ∫Q dQ R₀₀ up to the ridge, of the correlated
        multipoles as they were computed; the longitudinal current is then taken from the charge.
    multipoles : tuple of int
        Highest multipole at each transfer.
    recipe : str
        Canonical JSON of everything that determined the numbers.
    sha256 : str
    kernel_error : ndarray, shape (2, T), optional
        Half the difference that another mean field and interaction make to ∫Q dQ S and ∫dQ S/Q, relative to
        them. Where no other was tried it is half of ``size``.
    node_error : ndarray, shape (T,), optional
        Interpolation error next to each transfer; where it is not known it is ``interpolation_error``, the
        largest. Where independent electrons have a resonance narrower than the average, which correlated ones
        have not, a ratio of the two is steep and this error large.
    """

    symbol: str
    Z: int
    edges_kev: FloatArray
    transfer_kev: FloatArray
    momentum_kev: FloatArray
    changes: FloatArray
    half_width_kev: FloatArray
    join_step: FloatArray
    size: FloatArray
    interpolation_error: float
    residual: float
    basis_error: float
    conservation_error: float
    multipoles: tuple[int, ...]
    recipe: str
    sha256: str
    kernel_error: FloatArray | None = None
    node_error: FloatArray | None = None

    def __post_init__(self) -> None:
        shape = (len(COMPONENTS), self.transfer_kev.size, self.momentum_kev.size)
        if self.changes.shape != shape:
            raise InputError("changes", self.changes.shape, f"shape {shape}")
        for name in ("transfer_kev", "momentum_kev"):
            values = getattr(self, name)
            if not values[0] > 0.0 or np.any(np.diff(values) <= 0.0):
                raise InputError(name, values, "increasing, positive")
        if not np.all(np.abs(self.changes[_SIGNED]) <= 1.0):
            raise InputError("changes", self.symbol, "|b| at most 1 of the signed responses")

    @property
    def highest_kev(self) -> float:
        """Transfer beyond which electrons are independent."""
        return float(self.transfer_kev[-1])

    @property
    def upper_step(self) -> float:
        """Largest relative change of ∫Q dQ S or ∫dQ S/Q where the taper begins: what ends there."""
        first = int(np.searchsorted(self.transfer_kev, self.highest_kev / TAPER))
        return float(np.abs(self.size[:, first:]).max())

    @property
    def error(self) -> float:
        """Largest join step plus the interpolation error, its mean over `SEEN_TOGETHER` around a transfer."""
        if self.node_error is None:
            return float(self.join_step.max()) + self.interpolation_error
        log = np.log(self.transfer_kev)
        weight = (np.abs(log[:, None] - log) < np.log1p(SEEN_TOGETHER)) * np.gradient(self.transfer_kev)
        mean = weight @ self.node_error / weight.sum(axis=1)
        return float(self.join_step.max() + mean.max())

    def relative_error(self, transfer_kev: FloatArray) -> FloatArray:
        """What is known of the error of integrals over momentum; zero where electrons are independent.

        That of the interaction, `kernel_error`, of the last multipole and of interpolation, in quadrature.
        Above the last transfer what the change still was there, falling as its distance in T grows.
        """
        transfer = np.asarray(transfer_kev, dtype=float)
        kernel = 0.5 * np.abs(self.size) if self.kernel_error is None else self.kernel_error
        own = np.hypot(kernel.max(axis=0), self.join_step.max(axis=0))
        between = np.full(own.size, self.interpolation_error) if self.node_error is None else self.node_error
        error = np.interp(transfer, self.transfer_kev, np.hypot(own, between))
        beyond = self.upper_step * (self.highest_kev / transfer) ** 2
        error = np.where(transfer < self.highest_kev, error, beyond)
        return np.where(transfer > self.edges_kev.min(), error, 0.0)

    def apply(self, transfer_kev: FloatArray, momentum_kev: FloatArray, values: FloatArray) -> FloatArray:
        """Responses with correlation.

        Parameters
        ----------
        transfer_kev : ndarray, shape (T,)
        momentum_kev : ndarray, shape (T, Q)
        values : ndarray, shape (9, T, Q)
            Those of independent electrons, all subshells together.

        Returns
        -------
        ndarray, shape (9, T, Q)
            The same above `highest_kev` and below the lowest edge.
        """
        result = values.copy()
        rows = np.flatnonzero((transfer_kev < self.highest_kev) & (transfer_kev > self.edges_kev.min()))
        if not rows.size:
            return result
        columns = self.columns(transfer_kev[rows])
        position = np.interp(momentum_kev[rows], self.momentum_kev, np.arange(self.momentum_kev.size))
        left = np.minimum(position.astype(int), self.momentum_kev.size - 2)
        share = position - left
        index = np.arange(rows.size)[:, None]
        found = (1.0 - share) * columns[:, index, left] + share * columns[:, index, left + 1]
        # Beyond an atom's last momenta its table is zero, and stays so.
        there = np.all(values[DIAGONAL][:, rows] > 0.0, axis=0)
        selected = result[:, rows]
        selected[:, there] = changed(selected[:, there], found[:, there])
        result[:, rows] = selected
        return result

    def kept(self, transfer_kev: FloatArray) -> FloatArray:
        """Part of the tabulated change that is applied: one, and over the last transfers down to none."""
        part = np.clip(np.log(self.highest_kev / transfer_kev) / np.log(TAPER), 0.0, 1.0)
        smooth: FloatArray = part**2 * (3.0 - 2.0 * part)
        return np.where(transfer_kev > self.edges_kev.min(), smooth, 0.0)

    def columns(self, transfer_kev: FloatArray) -> FloatArray:
        """Changes at all momenta of the table, shape (9, T, Q); `kept` is in them."""
        columns = np.zeros((len(COMPONENTS), transfer_kev.size, self.momentum_kev.size))
        edges = distinct(self.edges_kev)
        piece = np.searchsorted(edges, transfer_kev, side="left")
        for number, (nodes, spline) in self._pieces.items():
            chosen = piece == number
            if np.any(chosen):
                columns[:, chosen] = spline(np.clip(transfer_kev[chosen], nodes[0], nodes[-1]))
        columns *= self.kept(transfer_kev)[:, None]
        return columns

    @cached_property
    def _pieces(self) -> dict[int, tuple[FloatArray, PchipInterpolator]]:
        result = {}
        for number, index in pieces(self.edges_kev, self.transfer_kev).items():
            nodes, part = self.transfer_kev[index], self.changes[:, index]
            if index.size == 1:
                nodes, part = np.array([nodes[0], nodes[0] * (1.0 + 1e-9)]), np.repeat(part, 2, axis=1)
            # Monotonic between nodes: b cannot leave [−1, 1].
            result[number] = (nodes, PchipInterpolator(nodes, part, axis=1))
        return result


def pieces(edges_kev: FloatArray, transfer_kev: FloatArray) -> dict[int, np.ndarray]:
    """Indices of the transfers between distinct thresholds, by the number of thresholds below them."""
    numbers = np.searchsorted(distinct(edges_kev), transfer_kev, side="left")
    return {int(number): np.flatnonzero(numbers == number) for number in np.unique(numbers)}


def change(before: FloatArray, after: FloatArray) -> FloatArray:
    """What takes responses, shape (9, ...), from one to the other: g and b."""
    one, two = encode(before), encode(after)
    # Of fractions that rounding took beyond one.
    one[_SIGNED], two[_SIGNED] = (np.clip(encoded[_SIGNED], -1.0, 1.0) for encoded in (one, two))
    result = two - one
    for row in _SIGNED:
        # Where both fractions are one there is nothing to change.
        scale = 1.0 - one[row] * two[row]
        moved = np.abs(scale) > 1e-12
        result[row] = np.divide(result[row], scale, out=np.zeros_like(scale), where=moved)
    return result


def changed(values: FloatArray, by: FloatArray) -> FloatArray:
    """Responses, shape (9, ...), after a change of g and b: the inverse of `change`."""
    encoded = encode(values)
    encoded[DIAGONAL] += by[DIAGONAL]
    for row in _SIGNED:
        scale = 1.0 + encoded[row] * by[row]
        moved = scale > 1e-12
        encoded[row] = np.divide(encoded[row] + by[row], scale, out=encoded[row].copy(), where=moved)
    return decode(encoded)


def distinct(edges_kev: FloatArray) -> FloatArray:
    """Thresholds, increasing; of those closer than `MERGED_KEV` the last."""
    edges = np.sort(edges_kev)
    distinct: FloatArray = edges[np.append(np.diff(edges) > MERGED_KEV, True)]
    return distinct
