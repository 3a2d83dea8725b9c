"""Response tables: the responses of one atom, per subshell, on grids that follow the physics.

Each subshell has its own grid of ejected-electron energies ε = T − |E|, on which its responses are
smooth down to the threshold, and for every energy its own momenta: from the photon line Q = T,
through the ridge Q ≈ k where an ejected electron takes the momentum, to where the orbital has no
momentum left to give. Logarithms of the positive responses are interpolated, and the signed ones as
fractions of what the Schwarz inequality allows, so that an interpolated tensor stays positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import BSpline, CubicSpline, RectBivariateSpline, make_interp_spline
from scipy.sparse import csr_array

from nuatom.atoms.components import COMPONENTS, DIAGONAL, SIGNED, decode, encode
from nuatom.atoms.tables.ion_field import field_error
from nuatom.atoms.tables.momentum_scale import MomentumScale
from nuatom.atoms.units import ridge_kev
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray, legendre_rule

__all__ = ["ResponseTable", "SubshellTable"]

ABOVE_EDGE_KEV = (0.0015, 0.004, 0.01, 0.05)

SOFTENING = 0.5
"""Threshold scale of the energy variable ln(ε + ε₀), in units of the first tabulated energy."""


@dataclass(frozen=True, eq=False)
class SubshellTable:
    """Responses of one subshell, all its electrons together.

    Attributes
    ----------
    label : str
        Such as ``2p3/2``.
    n, kappa : int
    occupation : float
    scale : MomentumScale
        Its momenta.
    ejected_kev : ndarray, shape (E,)
        Ejected-electron energies, increasing.
    values_per_kev : ndarray, shape (9, E, U)
        In the order of `nuatom.atoms.components.COMPONENTS`, at momenta uniform in u.
    truncation_error : ndarray, shape (E, U)
        Estimated relative error of each column of values, as integrals over Q feel it: multipoles
        left out, or the impulse limit where it replaces them.
    interpolation_error : float
        Largest relative error, between nodes, of ∫|δR| Q dQ against ∫R Q dQ, and for the vector
        responses with dQ/Q as well, found when the table was built. Single values in a dip of a
        response can be off by more.
    """

    label: str
    n: int
    kappa: int
    occupation: float
    scale: MomentumScale
    ejected_kev: FloatArray
    values_per_kev: FloatArray
    truncation_error: FloatArray
    interpolation_error: float

    def __post_init__(self) -> None:
        shape = self.values_per_kev.shape
        if shape[:2] != (len(COMPONENTS), self.ejected_kev.size) or len(shape) != 3:
            raise InputError("values_per_kev", shape, "shape (9, energies, momenta)")
        if np.any(np.diff(self.ejected_kev) <= 0.0) or not self.ejected_kev[0] > 0.0:
            raise InputError("ejected_kev", self.ejected_kev, "increasing energies > 0")
        if not np.all(self.values_per_kev[DIAGONAL] > 0.0):
            raise InputError("values_per_kev", self.label, "positive diagonal responses")

    def at(self, transfer_kev: ArrayLike, momentum_kev: ArrayLike) -> FloatArray:
        r"""Interpolate the responses of this subshell.

        Parameters
        ----------
        transfer_kev, momentum_kev : array_like
            T and Q, broadcast.

        Returns
        -------
        ndarray, shape (9, ...)
            Per keV; exactly zero where T does not exceed the edge. Between the edge and the first
            tabulated energy the value at that energy: in an ion's Coulomb tail the responses are
            finite at threshold. Where a delayed resonance begins they can rise fast: those of
            xenon's 3d by a tenth in 0.1 eV.

        Raises
        ------
        InputError
            Outside the table: T above its last energy, or Q outside `momentum_limits_kev`.
        """
        transfer, momentum = np.broadcast_arrays(
            np.asarray(transfer_kev, float), np.asarray(momentum_kev, float)
        )
        result = np.zeros((len(COMPONENTS), *transfer.shape))
        is_open = transfer > self.scale.edge_kev
        if not np.any(is_open):
            return result
        ejected, momentum = transfer[is_open] - self.scale.edge_kev, momentum[is_open]
        if np.any(ejected > self.ejected_kev[-1] * (1.0 + 1e-12)):
            highest = self.ejected_kev[-1] + self.scale.edge_kev
            raise InputError("transfer_kev", float(transfer.max()), f"T up to {highest:.6g} keV")
        low, high = self.scale.limits_kev(ejected)
        slack = 1e-9
        outside = (momentum < low * (1.0 - slack)) | (momentum > high * (1.0 + slack))
        if np.any(outside):
            first = int(np.argmax(outside))
            accepted = f"{low[first]:.6g} to {high[first]:.6g} keV for {self.label}"
            raise InputError("momentum_kev", float(momentum[first]), accepted)
        u = np.clip(self.scale.variable(ejected, momentum), 0.0, 1.0)
        x = self.energy_variable(np.clip(ejected, *self.ejected_kev[[0, -1]]))
        encoded = np.stack([spline.ev(x, u) for spline in self._splines])
        result[:, is_open] = decode(_bounded(encoded))
        return result

    def momentum_limits_kev(self, transfer_kev: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """First and last tabulated momentum; beyond the last the responses are negligible."""
        return self.scale.limits_kev(np.asarray(transfer_kev, float) - self.scale.edge_kev)

    def momentum_rule(
        self, transfer_kev: ArrayLike, highest_kev: ArrayLike = np.inf, order: int = 64
    ) -> tuple[FloatArray, FloatArray]:
        """Quadrature over the momenta of each transfer: ∫ f dQ from T to ``highest_kev``.

        Gauss-Legendre in u, in which every response is smooth. Where nothing is open, and where
        ``highest_kev`` lies below T, the weights are zero.

        Parameters
        ----------
        transfer_kev : array_like, shape (...)
        highest_kev : array_like, shape (...)
            Kinematic limit; the table's own last momentum where that is lower.
        order : int
            Nodes.

        Returns
        -------
        momentum_kev, weight_kev : ndarray, shape (..., order)
        """
        transfer, highest = np.broadcast_arrays(
            np.asarray(transfer_kev, float), np.asarray(highest_kev, float)
        )
        is_open = transfer > self.scale.edge_kev
        ejected = np.where(is_open, transfer - self.scale.edge_kev, self.ejected_kev[0])
        low, high = self.scale.limits_kev(ejected)
        end = self.scale.variable(ejected, np.clip(highest, low, high))
        upper = np.where(is_open & (highest > transfer), end, 0.0)
        nodes, weights = legendre_rule(order)
        variable = upper[..., None] * nodes
        momentum = self.scale.momentum_kev(ejected[..., None], variable)
        slope = self.scale.slope_per_kev(ejected[..., None], momentum)
        return momentum, upper[..., None] * weights / slope

    def integrated_truncation(self) -> float:
        """Return the truncation error averaged over Q dQ S, at the energy where it is largest."""
        return float(self.truncation_by_energy().max())

    def truncation_by_energy(self) -> FloatArray:
        """Return the truncation error averaged over Q dQ S at each tabulated energy, shape (E,)."""
        return self._truncation

    @cached_property
    def _truncation(self) -> FloatArray:
        variable = np.linspace(0.0, 1.0, self.values_per_kev.shape[2])
        ejected = self.ejected_kev[:, None]
        momentum = self.scale.momentum_kev(ejected, variable)
        slope = self.scale.slope_per_kev(ejected, momentum)
        measure = self.values_per_kev[0] * momentum / slope
        average: FloatArray = (measure * self.truncation_error).sum(axis=1) / measure.sum(axis=1)
        return average

    def error_at(self, transfer_kev: ArrayLike) -> FloatArray:
        """Relative error of integrals over Q at each transfer: interpolation and truncation."""
        ejected = np.asarray(transfer_kev, float) - self.scale.edge_kev
        error: FloatArray = self.interpolation_error + np.interp(
            ejected, self.ejected_kev, self.truncation_by_energy()
        )
        return error

    def energy_variable(self, ejected_kev: ArrayLike) -> FloatArray:
        """Variable in which the responses are interpolated: :func:`energy_variable` of this table."""
        return energy_variable(ejected_kev, self.ejected_kev[0])

    def on_momenta(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """Interpolate as `at`, where many momenta share a transfer: a hundred times as fast.

        Parameters
        ----------
        transfer_kev : ndarray, shape (T,)
            Above the edge, and within the table.
        momentum_kev : ndarray, shape (T, Q)
            From T on; beyond the last tabulated one responses are zero.

        Returns
        -------
        ndarray, shape (9, T, Q)
        """
        ejected = transfer_kev - self.scale.edge_kev
        # Values and second derivatives at the momenta of the table: two columns of cubic splines.
        columns = self._energy_spline(self.energy_variable(np.clip(ejected, *self.ejected_kev[[0, -1]])))
        count = self.values_per_kev.shape[2]
        values = np.zeros((len(COMPONENTS), momentum_kev.size))
        inside = momentum_kev.ravel() <= np.repeat(self.scale.limits_kev(ejected)[1], momentum_kev.shape[1])
        row = np.repeat(np.arange(transfer_kev.size), momentum_kev.shape[1])[inside]
        u = self.scale.variable(ejected[row], momentum_kev.ravel()[inside])
        position = np.clip(u, 0.0, 1.0) * (count - 1)
        left = np.minimum(position.astype(int), count - 2)
        b = position - left
        a = 1.0 - b
        weight = np.stack([a, b, (a**3 - a) / 6.0, (b**3 - b) / 6.0], axis=-1)
        index = (2 * count * row + left)[:, None] + np.array([0, 1, count, count + 1])
        rows = np.arange(0, 4 * row.size + 1, 4)
        shape = (row.size, 2 * count * transfer_kev.size)
        operator = csr_array((weight.ravel(), index.ravel(), rows), shape=shape)
        encoded = np.ascontiguousarray((operator @ columns.reshape(-1, len(COMPONENTS))).T)
        values[:, inside] = decode(_bounded(encoded))
        return values.reshape(len(COMPONENTS), *momentum_kev.shape)

    @cached_property
    def _energy_spline(self) -> BSpline:
        """Spline in energy of values and second derivatives in u, shape (2, U, 9), in steps of u."""
        x, values = self.energy_variable(self.ejected_kev), encode(self.values_per_kev)
        steps = np.arange(values.shape[2], dtype=float)
        curvature = CubicSpline(steps, values, axis=2)(steps, 2)
        columns = np.moveaxis(np.stack([values, curvature]), (2, 0, 3, 1), (0, 1, 2, 3))
        return make_interp_spline(x, columns, min(3, x.size - 1))

    @cached_property
    def _splines(self) -> list[RectBivariateSpline]:
        u = np.linspace(0.0, 1.0, self.values_per_kev.shape[2])
        x = self.energy_variable(self.ejected_kev)
        degree = min(3, x.size - 1)
        return [RectBivariateSpline(x, u, part, kx=degree, ky=3, s=0) for part in encode(self.values_per_kev)]


def _bounded(encoded: FloatArray) -> FloatArray:
    """Encoded responses whose signed ones keep their Schwarz bound, which cubics between nodes can miss."""
    encoded[list(SIGNED)] = np.clip(encoded[list(SIGNED)], -1.0, 1.0)
    return encoded


def energy_variable(ejected_kev: ArrayLike, first_kev: float) -> FloatArray:
    """Variable of energy interpolation: ln(ε + ε₀), linear at threshold and logarithmic above."""
    variable: FloatArray = np.log(np.asarray(ejected_kev, float) + SOFTENING * first_kev)
    return variable


@dataclass(frozen=True, eq=False)
class ResponseTable:
    """Responses of one atom, per subshell, with how they were made and how good they are.

    Together they are the :class:`~nuatom.atoms.responses.Responses` of independent electrons.

    Attributes
    ----------
    symbol : str
    Z : int
    subshells : tuple of SubshellTable
        Innermost first.
    recipe : str
        Canonical JSON of everything that determined the numbers.
    sha256 : str
        Of the content: arrays, metadata and recipe.
    """

    symbol: str
    Z: int
    subshells: tuple[SubshellTable, ...]
    recipe: str
    sha256: str

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the subshells."""
        return tuple(subshell.label for subshell in self.subshells)

    @property
    def edges_kev(self) -> FloatArray:
        """Ionization threshold of each subshell."""
        return np.array([subshell.scale.edge_kev for subshell in self.subshells])

    def subshell(self, label: str) -> SubshellTable:
        """Return one subshell by its label.

        Raises
        ------
        InputError
            When the atom has no such subshell.
        """
        for subshell in self.subshells:
            if subshell.label == label:
                return subshell
        raise InputError("subshell", label, f"one of {', '.join(self.labels)}")

    @property
    def highest_kev(self) -> float:
        """Last transfer of the table."""
        return min(float(shell.ejected_kev[-1] + shell.scale.edge_kev) for shell in self.subshells)

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Name of the table, and its hash."""
        return ((f"{self.symbol}-ipm", f"sha256:{self.sha256}"),)

    @property
    def breakpoints_kev(self) -> FloatArray:
        """Edges, and transfers above them: responses rise on the scale of the distance from a threshold."""
        # By a resonance at 3 eV when an f wave leaves.
        return np.unique(self.edges_kev + np.array([0.0, *ABOVE_EDGE_KEV])[:, None])

    def on_momenta(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """Sum of all open subshells; see :meth:`nuatom.atoms.responses.Responses.on_momenta`.

        Raises
        ------
        InputError
            For transfers beyond the table.
        """
        transfer = np.asarray(transfer_kev, dtype=float)
        if np.any(transfer > self.highest_kev * (1.0 + 1e-12)):
            raise InputError("transfer_kev", float(transfer.max()), f"T up to {self.highest_kev:.6g} keV")
        values = np.zeros((len(COMPONENTS), *momentum_kev.shape))
        for shell in self.subshells:
            rows = np.flatnonzero(transfer > shell.scale.edge_kev)
            if rows.size:
                values[:, rows] += shell.on_momenta(transfer[rows], momentum_kev[rows])
        return values

    def momentum_limits_kev(self, transfer_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """From the photon line Q = T to the last momentum of any open subshell; that is T when none is."""
        transfer = np.asarray(transfer_kev, dtype=float)
        last = transfer.copy()
        for shell in self.subshells:
            is_open = transfer > shell.scale.edge_kev
            highest = shell.scale.limits_kev(np.where(is_open, transfer - shell.scale.edge_kev, 0.0))[1]
            last = np.where(is_open, np.maximum(last, highest), last)
        return transfer, last

    def ridge(self, transfer_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Those of the outermost subshell.

        It has the narrowest ridge, and no other one's lies farther from it than half of its own width.
        """
        transfer = np.asarray(transfer_kev, dtype=float)
        outer = min(self.subshells, key=lambda shell: shell.scale.edge_kev)
        centre = ridge_kev(np.maximum(transfer - outer.scale.edge_kev, 0.0))
        return centre, np.full_like(transfer, outer.scale.width_kev)

    def relative_error(self, transfer_kev: FloatArray) -> FloatArray:
        """That of the numbers, and of the field that an electron leaves in, in quadrature."""
        numerical = self.numerical_error(transfer_kev)
        field = np.where(numerical > 0.0, field_error(self.Z, transfer_kev), 0.0)
        error: FloatArray = np.hypot(numerical, field)
        return error

    def numerical_error(self, transfer_kev: FloatArray) -> FloatArray:
        """Largest of any open subshell: interpolation and truncation."""
        transfer = np.asarray(transfer_kev, dtype=float)
        each = [np.where(transfer > s.scale.edge_kev, s.error_at(transfer), 0.0) for s in self.subshells]
        error: FloatArray = np.max(each, axis=0)
        return error

    @property
    def error(self) -> float:
        """Largest relative error of a subshell's ∫Q dQ S: interpolation plus truncation."""
        return max(s.interpolation_error + s.integrated_truncation() for s in self.subshells)
