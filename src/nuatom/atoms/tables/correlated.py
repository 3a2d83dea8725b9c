"""Responses of correlated electrons: those of independent ones, times what correlation makes of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nuatom.atoms.tables.correlation import CorrelationTable
from nuatom.atoms.tables.ion_field import field_error
from nuatom.atoms.tables.responses import ResponseTable
from nuatom.errors import DataError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["CorrelatedResponses"]

_NODES_A_PANEL = 4


@dataclass(frozen=True, eq=False)
class CorrelatedResponses:
    """The :class:`~nuatom.atoms.responses.Responses` of an atom whose electrons answer to each other as well.

    Attributes
    ----------
    independent : ResponseTable
    correlation : CorrelationTable
        Of the same thresholds. Above its last transfer responses are those of independent electrons.

    Raises
    ------
    DataError
        When the two tables have different thresholds.
    """

    independent: ResponseTable
    correlation: CorrelationTable

    def __post_init__(self) -> None:
        known, edges = self.correlation.edges_kev, np.sort(self.independent.edges_kev)
        # A table of innermost subshells that no transfer opens has fewer of them.
        same = edges.size <= known.size and np.allclose(edges, known[: edges.size], rtol=1e-6, atol=0.0)
        if not same:
            both = f"the ipm and the rpa table of {self.independent.symbol}"
            raise DataError(f"{both} have different thresholds: build them again")

    @property
    def edges_kev(self) -> FloatArray:
        """Thresholds of independent electrons."""
        return self.independent.edges_kev

    @property
    def highest_kev(self) -> float:
        """Last transfer of the table of independent electrons."""
        return self.independent.highest_kev

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Names and hashes of both tables."""
        table = self.correlation
        return (*self.independent.identity, (f"{table.symbol}-rpa", f"sha256:{table.sha256}"))

    @property
    def breakpoints_kev(self) -> FloatArray:
        """Those of independent electrons, and some of the correlation's own transfers."""
        own = self.correlation.transfer_kev[::_NODES_A_PANEL]
        return np.unique(np.concatenate([self.independent.breakpoints_kev, own]))

    def on_momenta(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """See :meth:`nuatom.atoms.responses.Responses.on_momenta`."""
        alone = self.independent.on_momenta(transfer_kev, momentum_kev)
        return self.correlation.apply(transfer_kev, momentum_kev, alone)

    def momentum_limits_kev(self, transfer_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Those of independent electrons."""
        return self.independent.momentum_limits_kev(transfer_kev)

    def ridge(self, transfer_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """That of independent electrons."""
        return self.independent.ridge(transfer_kev)

    def relative_error(self, transfer_kev: FloatArray) -> FloatArray:
        """That of independent electrons' numbers and that of correlation, in quadrature.

        The field that an electron leaves in is an error where electrons are independent, above the last
        correlated transfers.
        """
        transfer = np.asarray(transfer_kev, dtype=float)
        numerical = self.independent.numerical_error(transfer)
        alone = 1.0 - self.correlation.kept(transfer)
        field = np.where(numerical > 0.0, alone * field_error(self.independent.Z, transfer), 0.0)
        error: FloatArray = np.sqrt(numerical**2 + field**2 + self.correlation.relative_error(transfer) ** 2)
        return error
