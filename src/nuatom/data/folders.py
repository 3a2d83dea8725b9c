"""Folders of the user's own: where tables, releases and kernels are kept between runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import platformdirs

from nuatom.errors import DataError

__all__ = ["find_user_folder", "user_folder"]


def find_user_folder(variable: str, kind: Literal["data", "cache"], name: str) -> Path | None:
    """A folder of the user's: what an environment variable names, or the platform's place and ``name`` in it.

    Parameters
    ----------
    variable : str
        Environment variable that names another folder.
    kind : {"data", "cache"}
        What took work to make, or what can be fetched again.
    name : str
        Of the folder.

    Returns
    -------
    Path or None
        It need not exist. None where neither is known: a process without a home, as in some containers and
        batch systems.
    """
    chosen = os.environ.get(variable)
    if chosen:
        return Path(chosen)
    find = platformdirs.user_data_path if kind == "data" else platformdirs.user_cache_path
    try:
        place = find("nuatom")
    except RuntimeError:
        return None
    # Older releases leave the tilde of a home that they do not find.
    return place / name if place.is_absolute() else None


def user_folder(variable: str, kind: Literal["data", "cache"], name: str) -> Path:
    """As `find_user_folder`, where something is to be written.

    Raises
    ------
    DataError
        Where no folder is known.
    """
    found = find_user_folder(variable, kind, name)
    if found is None:
        raise DataError(f"no home directory to keep {name} in: set {variable} to a folder")
    return found
