"""Files that describe media: those that are shipped, and those in a folder of the user's own."""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from nuatom.data import manifest, read_text
from nuatom.data.folders import find_user_folder
from nuatom.errors import DataError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["MediumFile", "medium_files"]

_FOLDER: Final = "media/"
_NOT_MEDIA: Final = ("media/atoms.toml",)
_VARIABLE: Final = "NUATOM_MEDIA"


@dataclass(frozen=True)
class MediumFile:
    """A medium's file, and the tables that it names.

    Attributes
    ----------
    name : str
    table : dict
        Its content.
    companion : callable
        From a file's name in it to that file's text.
    sha256 : str
        Of all that its dielectric function and its responses are made of.
    """

    name: str
    table: dict[str, Any]
    companion: Callable[[str], str]
    sha256: str

    def columns(self, key: str, *names: str) -> FloatArray:
        """Columns of a table that the file names, shape (columns, rows); none where it does not.

        Parameters
        ----------
        key : str
            Of the file.
        *names : str
            What the header has to be.

        Raises
        ------
        DataError
            For other columns.
        """
        if key not in self.table:
            return np.empty((len(names), 0))
        lines = [line for line in self.companion(self.table[key]).splitlines() if not line.startswith("#")]
        header, *rows = csv.reader(io.StringIO("\n".join(lines)))
        if header != list(names):
            raise DataError(f"{self.table[key]}: columns {header}, expected {', '.join(names)}")
        return np.array(rows, dtype=float).T


def medium_files() -> dict[str, MediumFile]:
    """Every medium by name.

    A file of one's own, ``*.toml`` in the folder ``media`` of the user's data or in that which
    ``NUATOM_MEDIA`` names, takes the place of a shipped one of the same name.

    Raises
    ------
    DataError
        For a file that is no TOML, or lacks its name.
    """
    return {found.name: found for found in (*_shipped(), *_own())}


def _shipped() -> list[MediumFile]:
    files = manifest()
    common = [files[name].sha256 for name in (*_NOT_MEDIA, "photoabsorption.toml")]
    found = []
    for path in files:
        if path.startswith(_FOLDER) and path.endswith(".toml") and path not in _NOT_MEDIA:
            name = path[len(_FOLDER) : -len(".toml")]
            own = [files[other].sha256 for other in files if other.startswith(f"{_FOLDER}{name}.")]
            table = tomllib.loads(read_text(path))
            found.append(MediumFile(name, table, read_text, _hash(*sorted(own), *common)))
    return found


def _own() -> list[MediumFile]:
    folder = find_user_folder(_VARIABLE, "data", "media")
    if folder is None or not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        try:
            table = tomllib.loads(text)
            name = str(table["name"])
        except (tomllib.TOMLDecodeError, KeyError) as error:
            raise DataError(f"{path}: no description of a medium ({error})") from error
        found.append(MediumFile(name, table, _reader(folder), _hash(text, *_contents(folder, table))))
    return found


def _contents(folder: Path, table: dict[str, Any]) -> list[str]:
    named = [table[key] for key in ("optical", "pair_probabilities") if key in table]
    return [_reader(folder)(name) for name in named]


def _reader(folder: Path) -> Callable[[str], str]:
    def read(name: str) -> str:
        try:
            return (folder / name).read_text(encoding="utf-8")
        except OSError as error:
            raise DataError(f"{folder / name}: not readable ({error.strerror})") from error

    return read


def _hash(*parts: str) -> str:
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()
