"""Where response tables live: those that users built, one file an atom and model, and those that ship.

A table that the user built takes precedence.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from nuatom.atoms.responses import Responses
from nuatom.atoms.tables.archive import load_table
from nuatom.atoms.tables.correlated import CorrelatedResponses
from nuatom.atoms.tables.correlation import CorrelationTable
from nuatom.atoms.tables.correlation_files import load_correlation
from nuatom.atoms.tables.packing import unpack
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


def find_table(symbol: str, model: str) -> ResponseTable:
    """Load and verify the table of an atom.

    Raises
    ------
    DataError
        When it has neither been built nor shipped, or is damaged.
    """
    path = _stored(symbol, model)
    if path is not None:
        return load_table(path)
    name = _shipped_name(symbol, model)
    if name not in manifest():
        folder = table_folder()
        raise DataError(f"no {model} table of {symbol} in {folder}: nuatom table build {symbol}")
    return unpack(read_bytes(name))


def find_correlation(symbol: str) -> CorrelationTable:
    """Load and verify the table of what correlation does to an atom's responses.

    Raises
    ------
    DataError
        When it has neither been built nor shipped, or is damaged.
    """
    path = _stored(symbol, "rpa")
    if path is not None:
        return load_correlation(path.read_bytes(), str(path))
    name = _shipped_name(symbol, "rpa")
    if name not in manifest():
        command = f"nuatom table build {symbol} --model rpa"
        raise DataError(f"no rpa table of {symbol} in {table_folder()}: {command}")
    return load_correlation(read_bytes(name), name)


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
