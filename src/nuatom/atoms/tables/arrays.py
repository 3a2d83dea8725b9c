"""Responses of a user's own, as arrays on transfers and momenta."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from nuatom.atoms.components import COMPONENTS, DIAGONAL, SIGNED, decode, encode
from nuatom.atoms.units import ridge_kev
from nuatom.constants import ELECTRON_MASS_KEV
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["ResponseArrays"]

# By so much may rounding of the input take signed responses beyond their Schwarz bound.
_ROUNDING = 1e-3


@dataclass(frozen=True, eq=False)
class ResponseArrays:
    """The :class:`~nuatom.atoms.responses.Responses` that arrays hold, all electrons together.

    Between nodes, logarithms of the positive responses and the signed ones as parts of their Schwarz bound
    are monotonic cubics of ln Q, and linear in ln T along lines that follow the photon line Q = T and the
    ridge where an electron takes the momentum: the tensor stays positive. Across a threshold nothing is
    interpolated: up to the first transfer above one, and beyond the last below the next, responses are those
    there.

    Attributes
    ----------
    edges_kev : ndarray, shape (S,)
        Thresholds. Between any two, and above the last that a transfer opens, there must be a transfer.
    transfer_kev : ndarray, shape (T,)
        Increasing, all above the lowest threshold.
    momentum_kev : ndarray, shape (Q,)
        Increasing, from the lowest threshold or below to beyond the last transfer. Values at Q < T serve to
        interpolate to the photon line Q = T; beyond the last momentum there are no responses.
    values_per_kev : ndarray, shape (9, T, Q)
        In the order of :data:`nuatom.atoms.components.COMPONENTS`, per atom.
    name : str
        What results call them.
    error : float
        Relative, of integrals over momentum.

    Raises
    ------
    InputError
        For arrays that are not as above, positive responses that are not, and signed ones beyond their bound.
    """

    edges_kev: FloatArray
    transfer_kev: FloatArray
    momentum_kev: FloatArray
    values_per_kev: FloatArray
    name: str = "responses"
    error: float = 0.0

    def __post_init__(self) -> None:
        for field in ("edges_kev", "transfer_kev", "momentum_kev", "values_per_kev"):
            array = np.array(getattr(self, field), dtype=float)
            if not np.all(np.isfinite(array)) or not array.size:
                raise InputError(field, array.shape, "finite numbers")
            array.setflags(write=False)
            object.__setattr__(self, field, array)
        for field in ("transfer_kev", "momentum_kev"):
            row = getattr(self, field)
            if row.ndim != 1 or row.size < 2 or np.any(np.diff(row) <= 0.0) or not row[0] > 0.0:
                raise InputError(field, row, "two or more, increasing and positive")
        shape = (len(COMPONENTS), self.transfer_kev.size, self.momentum_kev.size)
        if self.values_per_kev.shape != shape:
            raise InputError("values_per_kev", self.values_per_kev.shape, f"shape {shape}")
        if not 0.0 <= self.error < np.inf:
            raise InputError("error", self.error, "zero or more")
        self._check_grid()
        self._check_values()

    def _check_grid(self) -> None:
        edges, momentum = self._edges, self.momentum_kev
        if self.edges_kev.ndim != 1 or not edges[0] > 0.0:
            raise InputError("edges_kev", self.edges_kev, "one or more positive thresholds")
        if not self.transfer_kev[0] > edges[0]:
            raise InputError(
                "transfer_kev", float(self.transfer_kev[0]), f"transfers above {edges[0]:.6g} keV"
            )
        if momentum[0] > edges[0] or momentum[-1] <= self.highest_kev:
            accepted = f"momenta from {edges[0]:.6g} or less to beyond {self.highest_kev:.6g} keV"
            raise InputError("momentum_kev", (float(momentum[0]), float(momentum[-1])), accepted)
        opened = np.flatnonzero(edges < self.highest_kev)
        empty = np.setdiff1d(opened + 1, self._piece(self.transfer_kev))
        if empty.size:
            edge = float(edges[empty[0] - 1])
            raise InputError(
                "transfer_kev", self.transfer_kev, f"one between {edge:.6g} keV and the next threshold"
            )

    def _check_values(self) -> None:
        values = self.values_per_kev
        if not np.all(values[DIAGONAL] > 0.0):
            raise InputError("values_per_kev", float(values[DIAGONAL].min()), "positive diagonal responses")
        for signed, (first, second, ratio) in SIGNED.items():
            bound = ratio * np.sqrt(values[first] * values[second])
            if np.any(np.abs(values[signed]) > bound * (1.0 + _ROUNDING)):
                accepted = f"{COMPONENTS[signed]} within its Schwarz bound"
                raise InputError("values_per_kev", float(np.abs(values[signed] / bound).max()), accepted)

    @property
    def highest_kev(self) -> float:
        """Last transfer."""
        return float(self.transfer_kev[-1])

    @cached_property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """The name, and a hash of all arrays."""
        digest = hashlib.sha256()
        for array in (self.edges_kev, self.transfer_kev, self.momentum_kev, self.values_per_kev):
            digest.update(repr(array.shape).encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return ((self.name, f"sha256:{digest.hexdigest()}"),)

    @property
    def breakpoints_kev(self) -> FloatArray:
        """Thresholds and transfers, at all of which responses bend."""
        return np.union1d(self.edges_kev, self.transfer_kev)

    def on_momenta(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """See :meth:`nuatom.atoms.responses.Responses.on_momenta`.

        Raises
        ------
        InputError
            For transfers beyond the last, or momenta below the first.
        """
        transfer, momentum = np.asarray(transfer_kev, dtype=float), np.asarray(momentum_kev, dtype=float)
        if np.any(transfer > self.highest_kev * (1.0 + 1e-12)):
            raise InputError("transfer_kev", float(transfer.max()), f"T up to {self.highest_kev:.6g} keV")
        rows = np.flatnonzero(transfer > self._edges[0])
        values = np.zeros((len(COMPONENTS), *momentum.shape))
        if not rows.size:
            return values
        if momentum[rows].min() < self.momentum_kev[0] * (1.0 - 1e-12):
            raise InputError(
                "momentum_kev", float(momentum[rows].min()), f"Q from {self.momentum_kev[0]:.6g} keV"
            )
        found = decode(self._between(transfer[rows], momentum[rows]))
        values[:, rows] = np.where(momentum[rows] <= self.momentum_kev[-1], found, 0.0)
        return values

    def momentum_limits_kev(self, transfer_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """From the photon line Q = T to the last momentum."""
        transfer = np.asarray(transfer_kev, dtype=float)
        return transfer, np.full_like(transfer, self.momentum_kev[-1])

    def ridge(self, transfer_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Momentum of an electron that leaves from the lowest threshold, and √(2 m_e I) of that threshold."""
        transfer, edge = np.asarray(transfer_kev, dtype=float), float(self._edges[0])
        centre = ridge_kev(np.maximum(transfer - edge, 0.0))
        return centre, np.full_like(transfer, np.sqrt(2.0 * ELECTRON_MASS_KEV * edge))

    def relative_error(self, transfer_kev: FloatArray) -> FloatArray:
        """The error that was given."""
        is_open = np.asarray(transfer_kev, dtype=float) > self._edges[0]
        return np.where(is_open, self.error, 0.0)

    def _between(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """Encoded responses (9, T, Q), interpolated along lines that follow photon line and ridge."""
        piece, of_nodes = self._piece(transfer_kev), self._piece(self.transfer_kev)
        first = np.searchsorted(of_nodes, piece, side="left")
        last = np.searchsorted(of_nodes, piece, side="right") - 1
        nodes = np.log(self.transfer_kev)
        position = np.interp(np.log(transfer_kev), nodes, np.arange(nodes.size))
        position = np.clip(position, first, last)
        left = np.minimum(position.astype(int), nodes.size - 2)
        share = (position - left)[:, None]
        one, two = (
            self._column(node, self._moved_kev(momentum_kev, transfer_kev, self.transfer_kev[node]))
            for node in (left, left + 1)
        )
        mixed: FloatArray = (1.0 - share) * one + share * two
        # At a node the other neighbour may lie beyond a threshold.
        return np.where(share == 0.0, one, np.where(share == 1.0, two, mixed))

    def _column(self, node: NDArray[np.intp], momentum_kev: FloatArray) -> FloatArray:
        nodes, variable = np.log(self.momentum_kev), np.log(momentum_kev)
        left = np.clip(np.searchsorted(nodes, variable, side="right") - 1, 0, nodes.size - 2)
        step = np.clip(variable, nodes[0], nodes[-1]) - nodes[left]
        cubic, square, linear, constant = self._pieces[:, :, node[:, None], left]
        column: FloatArray = constant + step * (linear + step * (square + step * cubic))
        return column

    def _moved_kev(self, momentum_kev: FloatArray, from_kev: FloatArray, to_kev: FloatArray) -> FloatArray:
        """Momentum at one transfer that is where another is at its own: T to T, ridge to ridge."""
        start, end = from_kev[:, None], to_kev[:, None]
        here, there = self._anchor_kev(start), self._anchor_kev(end)
        stretch = np.log(there / end) / np.log(here / start)
        inner = end * (np.minimum(momentum_kev, here) / start) ** stretch
        return np.where(momentum_kev < here, inner, momentum_kev - here + there)

    def _anchor_kev(self, transfer_kev: FloatArray) -> FloatArray:
        """The ridge where it lies far above T, and above T everywhere."""
        centre, width = self.ridge(transfer_kev)
        anchor: FloatArray = np.sqrt(centre**2 + transfer_kev**2 + width**2)
        return anchor

    def _piece(self, transfer_kev: FloatArray) -> NDArray[np.intp]:
        """How many thresholds lie below each transfer."""
        return np.searchsorted(self._edges, transfer_kev, side="left")

    @cached_property
    def _edges(self) -> FloatArray:
        return np.unique(self.edges_kev)

    @cached_property
    def _pieces(self) -> FloatArray:
        """Cubics of ln Q between momenta, (4, 9, T, Q − 1), from the highest power down."""
        encoded = encode(self.values_per_kev)
        encoded[list(SIGNED)] = np.clip(encoded[list(SIGNED)], -1.0, 1.0)
        # Monotonic between nodes: no fraction of a Schwarz bound leaves [−1, 1].
        cubics = PchipInterpolator(np.log(self.momentum_kev), encoded, axis=2).c
        return np.ascontiguousarray(np.moveaxis(cubics, 1, 3))
