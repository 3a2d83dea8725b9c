"""Figures and tables that the package ships, each with its source and its SHA-256.

``manifest.toml`` names for every file what it holds, where it came from, its licence, its
units and how it was made. A file is read through :func:`read_bytes`, :func:`read_text` or
:func:`read_toml`, which compare it with its hash first: a damaged table is refused, never used.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from nuatom.errors import DataError, InputError

__all__ = ["Entry", "manifest", "read_bytes", "read_text", "read_toml"]


@dataclass(frozen=True)
class Entry:
    """One line of the manifest: a shipped file and where it came from."""

    name: str
    holds: str
    source: str
    licence: str
    units: str
    recipe: str
    sha256: str


@cache
def manifest() -> dict[str, Entry]:
    """Every shipped file by name."""
    table = tomllib.loads(_raw("manifest.toml").decode())
    return {name: Entry(name=name, **fields) for name, fields in table.items()}


def read_bytes(name: str) -> bytes:
    """Return a shipped file's content, after comparing its SHA-256 with the manifest.

    Parameters
    ----------
    name : str
        Path inside the data folder, as in the manifest.

    Raises
    ------
    InputError
        When the manifest does not list the file.
    DataError
        When the file is missing, or differs from its hash.
    """
    if name not in manifest():
        raise InputError("data file", name, f"one of {', '.join(sorted(manifest()))}")
    content = _raw(name)
    found = hashlib.sha256(content).hexdigest()
    if found != manifest()[name].sha256:
        raise DataError(f"{name}: SHA-256 is {found}, the manifest says {manifest()[name].sha256}")
    return content


def read_text(name: str) -> str:
    """Return a shipped file's text; see :func:`read_bytes` for what is checked."""
    return read_bytes(name).decode()


def read_toml(name: str) -> dict[str, Any]:
    """Return a shipped TOML file as a dictionary; see :func:`read_bytes` for what is checked."""
    return tomllib.loads(read_text(name))


def _raw(name: str) -> bytes:
    resource = resources.files(__name__).joinpath(name)
    try:
        return resource.read_bytes()
    except OSError as error:
        raise DataError(f"{name}: not readable in the installed package ({error})") from error
