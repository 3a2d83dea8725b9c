"""Response tables of atoms by name, read and verified (`nuatom.atoms.tables.files` knows where they are)."""

from __future__ import annotations

from nuatom.atoms.responses import Responses
from nuatom.atoms.tables.archive import Table, load_table, table_in
from nuatom.atoms.tables.correlated import CorrelatedResponses
from nuatom.atoms.tables.correlation import CorrelationTable
from nuatom.atoms.tables.files import shipped_name, stored_table, table_folder, table_path
from nuatom.atoms.tables.responses import ResponseTable
from nuatom.data import manifest, read_bytes
from nuatom.errors import DataError

__all__ = ["find_correlation", "find_responses", "find_table", "table_origin"]


def table_origin(symbol: str, model: str) -> str:
    """Where :func:`find_table` finds a table: the user's file, or the name of the shipped one."""
    path = stored_table(symbol, model)
    if path is not None:
        return str(path)
    shipped = shipped_name(symbol, model)
    return f"nuatom:{shipped}" if shipped in manifest() else str(table_path(symbol, model))


def find_table(symbol: str, model: str = "ipm") -> ResponseTable:
    """Load and verify the table of an atom's independent electrons.

    Raises
    ------
    DataError
        When it has neither been built nor shipped, is damaged, or is the table of something else.
    """
    table = _find(symbol, model)
    if not isinstance(table, ResponseTable):
        raise DataError(f"{table_origin(symbol, model)}: a table of correlation, not of {model}")
    return table


def find_correlation(symbol: str) -> CorrelationTable:
    """Load and verify the table of what correlation does to an atom's responses.

    Raises
    ------
    DataError
        When it has neither been built nor shipped, is damaged, or is the table of something else.
    """
    table = _find(symbol, "rpa")
    if not isinstance(table, CorrelationTable):
        raise DataError(f"{table_origin(symbol, 'rpa')}: a table of independent electrons, not of rpa")
    return table


def _find(symbol: str, model: str) -> Table:
    """The table of an atom, which has to be of that atom."""
    path, name = stored_table(symbol, model), shipped_name(symbol, model)
    if path is None and name not in manifest():
        command = f"nuatom table build {symbol}" + ("" if model == "ipm" else f" --model {model}")
        raise DataError(f"no {model} table of {symbol} in {table_folder()}: {command}")
    table = table_in(read_bytes(name), name) if path is None else load_table(path)
    if table.symbol != symbol:
        raise DataError(f"{table_origin(symbol, model)}: a table of {table.symbol}, not of {symbol}")
    return table


def find_responses(symbol: str, model: str) -> Responses:
    """Responses of an atom: ``"ipm"``, its electrons independent, or ``"rpa"``, correlated.

    Raises
    ------
    DataError
        When a table that they need has neither been built nor shipped, or is damaged, or when the two that
        correlation needs do not belong together.
    """
    if model == "rpa":
        return CorrelatedResponses(find_table(symbol, "ipm"), find_correlation(symbol))
    return find_table(symbol, model)
