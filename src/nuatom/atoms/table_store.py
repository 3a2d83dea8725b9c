"""Where response tables live: those that users built, one file an atom and model."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import platformdirs

from nuatom.atoms.table_files import load_table
from nuatom.atoms.tables import ResponseTable
from nuatom.errors import DataError

__all__ = ["FOLDER_VARIABLE", "find_table", "stored_tables", "table_folder", "table_path"]

FOLDER_VARIABLE: Final = "NUATOM_TABLES"
"""Environment variable that names another folder."""

_SUFFIX: Final = ".table.npz"


def table_folder() -> Path:
    """Folder of the user's tables: $NUATOM_TABLES, or the platform's place for application data."""
    return Path(os.environ.get(FOLDER_VARIABLE) or platformdirs.user_data_path("nuatom") / "tables")


def table_path(symbol: str, model: str) -> Path:
    """File of one atom's table."""
    return table_folder() / f"{symbol}-{model}{_SUFFIX}"


def stored_tables() -> tuple[Path, ...]:
    """Files of all tables, by name."""
    return tuple(sorted(table_folder().glob(f"*{_SUFFIX}")))


def find_table(symbol: str, model: str) -> ResponseTable:
    """Load and verify the table of an atom.

    Raises
    ------
    DataError
        When it has not been built, or is damaged.
    """
    path = table_path(symbol, model)
    if not path.exists():
        raise DataError(f"no {model} table of {symbol} in {path.parent}: nuatom table build {symbol}")
    return load_table(path)
