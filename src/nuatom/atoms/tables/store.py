"""Where response tables live: those that users built, one file an atom and model, and those that ship.

A table that the user built takes precedence.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from nuatom.atoms.responses import Responses
from nuatom.atoms.tables.archive import Table, load_table, table_in
from nuatom.atoms.tables.correlated import CorrelatedResponses
from nuatom.atoms.tables.correlation import CorrelationTable
from nuatom.atoms.tables.responses import ResponseTable
from nuatom.data import manifest, read_bytes
from nuatom.data.folders import find_user_folder, user_folder
from nuatom.errors import DataError

__all__ = [
    "FOLDER_VARIABLE",
    "find_correlation",
    "find_responses",
    "find_table",
    "find_table_folder",
    "shipped_tables",
    "stored_tables",
    "table_folder",
    "table_origin",
    "table_path",
]

FOLDER_VARIABLE: Final = "NUATOM_TABLES"
"""Environment variable that names another folder."""

_SUFFIX: Final = ".table.npz"
_SHIPPED: Final = "tables"


def table_folder() -> Path:
    """Folder of the user's tables: $NUATOM_TABLES, or the platform's place for application data."""
    return user_folder(FOLDER_VARIABLE, "data", "tables")


def find_table_folder() -> Path | None:
    """As `table_folder`; None for a user without a home."""
    return find_user_folder(FOLDER_VARIABLE, "data", "tables")


def table_path(symbol: str, model: str) -> Path:
    """File of one atom's table."""
    return table_folder() / f"{symbol}-{model}{_SUFFIX}"


def stored_tables() -> tuple[Path, ...]:
    """Files of all tables, by name."""
    folder = find_table_folder()
    return () if folder is None else tuple(sorted(folder.glob(f"*{_SUFFIX}")))


def shipped_tables() -> tuple[str, ...]:
    """Names of the tables in the package, as in its manifest."""
    return tuple(sorted(name for name in manifest() if name.startswith(f"{_SHIPPED}/")))


def table_origin(symbol: str, model: str) -> str:
    """Where :func:`find_table` finds a table: the user's file, or the name of the shipped one."""
    path = _stored(symbol, model)
    if path is not None:
        return str(path)
    shipped = _shipped_name(symbol, model)
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
    path, name = _stored(symbol, model), _shipped_name(symbol, model)
    if path is None and name not in manifest():
        command = f"nuatom table build {symbol}" + ("" if model == "ipm" else f" --model {model}")
        raise DataError(f"no {model} table of {symbol} in {table_folder()}: {command}")
    table = table_in(read_bytes(name), name) if path is None else load_table(path)
    if table.symbol != symbol:
        raise DataError(f"{table_origin(symbol, model)}: a table of {table.symbol}, not of {symbol}")
    return table


def _stored(symbol: str, model: str) -> Path | None:
    """The user's table of an atom, where there is one."""
    folder = find_table_folder()
    path = None if folder is None else folder / f"{symbol}-{model}{_SUFFIX}"
    return path if path is not None and path.exists() else None


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


def _shipped_name(symbol: str, model: str) -> str:
    return f"{_SHIPPED}/{symbol}-{model}.npz"
