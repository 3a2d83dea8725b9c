"""Where files of response tables are: those that users built, one an atom and model, and those that ship.

A table that the user built takes precedence.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from nuatom.data import manifest
from nuatom.data.folders import find_user_folder, user_folder

__all__ = [
    "FOLDER_VARIABLE",
    "find_table_folder",
    "shipped_name",
    "shipped_tables",
    "stored_table",
    "stored_tables",
    "table_folder",
    "table_path",
    "table_versions",
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


def stored_table(symbol: str, model: str) -> Path | None:
    """The user's table of an atom, where there is one."""
    folder = find_table_folder()
    path = None if folder is None else folder / f"{symbol}-{model}{_SUFFIX}"
    return path if path is not None and path.exists() else None


def shipped_name(symbol: str, model: str) -> str:
    """Name of an atom's table in the package's manifest, where it ships."""
    return f"{_SHIPPED}/{symbol}-{model}.npz"


def table_versions(symbol: str) -> dict[str, str]:
    """SHA-256 of the file of each table of an atom that :func:`find_table` would read, by model.

    Files are not verified: of a damaged one the hash is another.
    """
    shipped = (Path(name).stem.partition("-") for name in shipped_tables())
    found = {
        model: manifest()[shipped_name(symbol, model)].sha256 for of, _, model in shipped if of == symbol
    }
    for path in stored_tables():
        of, _, model = path.name.removesuffix(_SUFFIX).partition("-")
        if of == symbol:
            found[model] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
