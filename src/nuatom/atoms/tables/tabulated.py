"""Responses of an atom from its tables, for people: numbers at points, errors, files for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.responses import Responses
from nuatom.atoms.tables.files import table_versions
from nuatom.atoms.tables.responses import ResponseTable, SubshellTable
from nuatom.atoms.tables.store import find_responses, find_table
from nuatom.atoms.target import atomic_number, element
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV
from nuatom.errors import InputError
from nuatom.hdf5 import write_hdf5_file
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    import xarray

__all__ = ["TabulatedResponses", "responses"]

_TRANSFERS: Final = 60
_MOMENTA: Final = 80
_LOWEST_KEV: Final = 0.02


@dataclass(frozen=True, eq=False, repr=False)
class TabulatedResponses:
    """Responses of an atom, per keV, of all of its electrons, from tables.

    Attributes
    ----------
    symbol, model : str
        Of the atom, and ``"ipm"`` or ``"rpa"``.
    responses : Responses
        Of all electrons.
    independent : ResponseTable
        Of independent electrons, subshell by subshell.
    """

    symbol: str
    model: str
    responses: Responses
    independent: ResponseTable

    @property
    def subshells(self) -> Mapping[str, SubshellTable]:
        """Tables of independent electrons by label: thresholds, numbers of electrons, responses of each."""
        return MappingProxyType({shell.label: shell for shell in self.independent.subshells})

    @property
    def tables(self) -> dict[str, str]:
        """Names of the tables, each with the hash of its content."""
        return dict(self.responses.identity)

    def at(self, transfer_kev: ArrayLike, momentum_kev: ArrayLike) -> FloatArray:
        """Responses on a grid.

        Parameters
        ----------
        transfer_kev : array_like, shape (T,)
            Energies transferred, within the tables.
        momentum_kev : array_like, shape (Q,)
            Momenta transferred.

        Returns
        -------
        ndarray, shape (9, T, Q)
            In the order of :data:`nuatom.atoms.COMPONENTS`; not-a-number where Q < T: no neutrino gives less.

        Raises
        ------
        InputError
            For values that are not positive, or transfers beyond the tables.
        """
        transfer = np.atleast_1d(positive("transfer_kev", transfer_kev, "keV"))
        momentum = np.atleast_1d(positive("momentum_kev", momentum_kev, "keV"))
        if transfer.ndim != 1 or momentum.ndim != 1:
            raise InputError("momentum_kev", momentum.shape, "lists of transfers and of momenta")
        grid = np.maximum(momentum, transfer[:, None])
        values = self.responses.on_momenta(transfer, grid)
        return np.where(momentum >= transfer[:, None], values, np.nan)

    def relative_error(self, transfer_kev: ArrayLike) -> FloatArray:
        """What integrals over momentum are worth at each transfer, one standard deviation."""
        return self.responses.relative_error(np.atleast_1d(positive("transfer_kev", transfer_kev, "keV")))

    def by_subshell(self, transfer_kev: ArrayLike, momentum_kev: ArrayLike) -> dict[str, FloatArray]:
        """Responses of each subshell, electrons independent; arguments and shapes as of :meth:`at`."""
        transfer = np.atleast_1d(positive("transfer_kev", transfer_kev, "keV"))
        momentum = np.atleast_1d(positive("momentum_kev", momentum_kev, "keV"))
        grid = np.maximum(momentum, transfer[:, None])
        found = {}
        for shell in self.independent.subshells:
            values = np.zeros((len(COMPONENTS), *grid.shape))
            rows = np.flatnonzero(transfer > shell.scale.edge_kev)
            if rows.size:
                values[:, rows] = shell.on_momenta(transfer[rows], grid[rows])
            found[shell.label] = np.where(momentum >= transfer[:, None], values, np.nan)
        return found

    def grid(self) -> tuple[FloatArray, FloatArray]:
        """Transfers and momenta that a file holds where none are named, both logarithmic."""
        lowest = max(float(self.responses.edges_kev.min()) * 1.01, _LOWEST_KEV)
        transfer = np.geomspace(lowest, self.responses.highest_kev, _TRANSFERS)
        # Rounding may not leave the table.
        transfer[-1] = self.responses.highest_kev
        last = float(self.responses.momentum_limits_kev(transfer)[1].max())
        return transfer, np.geomspace(lowest, last, _MOMENTA)

    def to_xarray(
        self, transfer_kev: ArrayLike | None = None, momentum_kev: ArrayLike | None = None
    ) -> xarray.Dataset:
        """Data set of every component on a grid, with errors and attributes; arguments as of `to_hdf5`.

        Raises
        ------
        InputError
            Where xarray is not installed.
        """
        try:
            import xarray
        except ImportError as error:
            accepted = "xarray beside nuatom: pip install 'nuatom[xarray]'"
            raise InputError("format", "xarray", accepted) from error
        transfer, momentum = self._chosen(transfer_kev, momentum_kev)
        values = self.at(transfer, momentum)
        grid = ("transfer_kev", "momentum_kev")
        fields = {name: (grid, part) for name, part in zip(COMPONENTS, values, strict=True)}
        return xarray.Dataset(
            {**fields, "relative_error": ("transfer_kev", self.relative_error(transfer))},
            coords={"transfer_kev": transfer, "momentum_kev": momentum},
            attrs=self._about(),
        )

    def to_hdf5(
        self,
        path: str | PathLike[str],
        transfer_kev: ArrayLike | None = None,
        momentum_kev: ArrayLike | None = None,
    ) -> None:
        """Write every component on a grid, with errors and subshells, as HDF5.

        Parameters
        ----------
        path : path_like
            Replaced if it exists.
        transfer_kev, momentum_kev : array_like, optional
            The grid; :meth:`grid` by default.

        Raises
        ------
        InputError
            Where h5py is not installed, or the file cannot be written.
        """
        transfer, momentum = self._chosen(transfer_kev, momentum_kev)
        values = self.at(transfer, momentum)
        shells = [
            {"name": shell.label, "edge_kev": shell.scale.edge_kev, "electrons": shell.occupation}
            for shell in self.independent.subshells
        ]
        write_hdf5_file(
            path,
            {
                "transfer_kev": transfer,
                "momentum_kev": momentum,
                **dict(zip(COMPONENTS, values, strict=True)),
                "relative_error": self.relative_error(transfer),
                "subshells": shells,
                **self._about(),
            },
        )

    def to_kion(self, transfer_hartree: ArrayLike, momentum_per_bohr: ArrayLike) -> dict[str, Any]:
        """Ionization factors K(E, q) in atomic units: per hartree, all electrons.

        ``v`` is the response of the charge, ``pv`` that of γ₅, as :cite:`Caddell:2023` have them, but with
        all multipoles.

        Parameters
        ----------
        transfer_hartree, momentum_per_bohr : array_like
            E in hartree and q in 1/bohr. Where q < E/c, a not-a-number stands as None.
        """
        energy = np.atleast_1d(np.asarray(transfer_hartree, dtype=float))
        momentum = np.atleast_1d(np.asarray(momentum_per_bohr, dtype=float))
        values = self.at(HARTREE_KEV * energy, MOMENTUM_KEV * momentum) * HARTREE_KEV
        parts = {"v": values[COMPONENTS.index("vector_00")], "pv": values[COMPONENTS.index("axial_00")]}
        rows = {
            name: [[None if np.isnan(x) else float(x) for x in row] for row in part]
            for name, part in parts.items()
        }
        about = {**self._about(), "what": "K(E,q) per hartree; v: vector charge, pv: gamma5"}
        return {
            **about, "transfer_hartree": energy.tolist(), "momentum_per_bohr": momentum.tolist(), **rows
        }  # fmt: skip

    def _chosen(
        self, transfer_kev: ArrayLike | None, momentum_kev: ArrayLike | None
    ) -> tuple[FloatArray, FloatArray]:
        usual = self.grid()
        given = (transfer_kev, momentum_kev)
        first, second = (
            own if value is None else np.atleast_1d(np.asarray(value, dtype=float))
            for value, own in zip(given, usual, strict=True)
        )
        return first, second

    def _about(self) -> dict[str, Any]:
        tables = "; ".join(f"{name} {version}" for name, version in self.responses.identity)
        return {"symbol": self.symbol, "model": self.model, "units": "per keV", "tables": tables}

    def __repr__(self) -> str:
        count, last = len(self.independent.subshells), self.responses.highest_kev
        return f"<Responses of {self.symbol}, {self.model}: {count} subshells, to {last:g} keV>"


def responses(symbol: str, model: str | None = None) -> TabulatedResponses:
    """Responses of an atom from its tables.

    Parameters
    ----------
    symbol : str
        Of the element.
    model : {"ipm", "rpa"}, optional
        The best that there is a table for by default.

    Raises
    ------
    DataError
        When there is no table: ``nuatom table build Te``.
    InputError
        For another model, or what is no element.

    Examples
    --------
    >>> import nuatom
    >>> xe = nuatom.responses("Xe")
    >>> xe.at([1.0, 5.0], [10.0, 50.0, 200.0]).shape
    (9, 2, 3)
    >>> "5p3/2" in xe.subshells
    True
    """
    name = element(atomic_number(symbol)).symbol
    if model not in (None, "ipm", "rpa"):
        raise InputError("model", model, "ipm or rpa")
    chosen = model or ("rpa" if "rpa" in table_versions(name) else "ipm")
    return TabulatedResponses(name, chosen, find_responses(name, chosen), find_table(name, "ipm"))
