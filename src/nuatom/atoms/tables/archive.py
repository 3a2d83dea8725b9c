"""Response tables on disk: one NumPy archive with its JSON metadata and the hash of both.

No pickle: arrays, and one UTF-8 text. A file is written beside its name and moved onto it, so it
is either whole or not there; it is compared with its SHA-256 whenever it is read.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from nuatom.atoms.tables.momentum_scale import MomentumScale
from nuatom.atoms.tables.responses import ResponseTable, SubshellTable
from nuatom.errors import DataError, InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = [
    "FORMAT",
    "archive_content",
    "content_hash",
    "load_table",
    "read_archive",
    "save_table",
    "write_archive",
]

FORMAT: Final = "nuatom.response-table/1"


def content_hash(arrays: Mapping[str, FloatArray], text: str) -> str:
    """SHA-256 of a text and of named arrays: names, shapes, types and bytes."""
    digest = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name], dtype="<f8")
        digest.update(f"\0{name}\0{array.shape}\0".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def write_archive(path: Path, arrays: Mapping[str, FloatArray], text: str) -> str:
    """Write arrays and a text into one archive, whole or not at all; return their hash."""
    digest = content_hash(arrays, text)
    members: dict[str, Any] = {
        name: np.ascontiguousarray(array, dtype="<f8") for name, array in arrays.items()
    }
    members["metadata"] = np.frombuffer(text.encode(), dtype=np.uint8)
    members["sha256"] = np.frombuffer(digest.encode(), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            np.savez_compressed(stream, **members)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest


def read_archive(path: Path) -> tuple[dict[str, FloatArray], str, str]:
    """Read arrays, text and hash of an archive, after comparing the hash with the content.

    Raises
    ------
    DataError
        When the file is missing, cut short, altered, or not such an archive.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except OSError as error:
        raise DataError(f"{path}: not readable ({error})") from error
    return archive_content(content, str(path))


def archive_content(content: bytes, name: str) -> tuple[dict[str, FloatArray], str, str]:
    """Arrays, text and hash of an archive's bytes, as `read_archive`; ``name`` is for messages."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {member: archive[member] for member in archive.files}
        text = arrays.pop("metadata").tobytes().decode()
        digest = arrays.pop("sha256").tobytes().decode()
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{name}: damaged, or not a response table ({error})") from error
    found = content_hash(arrays, text)
    if found != digest:
        raise DataError(f"{name}: content has SHA-256 {found}, the file says {digest}")
    return arrays, text, digest


def save_table(table: ResponseTable, path: str | Path) -> str:
    """Write a table to one file.

    Parameters
    ----------
    table : ResponseTable
    path : path-like
        Replaced if it exists.

    Returns
    -------
    str
        SHA-256 of the content.
    """
    arrays, text = _content(table)
    return write_archive(Path(path), arrays, text)


def load_table(path: str | Path) -> ResponseTable:
    """Read a table and verify it.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    ResponseTable

    Raises
    ------
    DataError
        When the file is missing, cut short, altered, or of another format or version.
    """
    arrays, text, digest = read_archive(Path(path))
    try:
        metadata = json.loads(text)
        found = metadata["format"]
        if found != FORMAT:
            raise DataError(f"{path}: format {found!r}, this version reads {FORMAT!r}")
        subshells = tuple(
            SubshellTable(
                scale=MomentumScale(**entry.pop("scale")),
                ejected_kev=arrays[f"ejected_kev_{index}"],
                values_per_kev=arrays[f"values_per_kev_{index}"],
                truncation_error=arrays[f"truncation_error_{index}"],
                **entry,
            )
            for index, entry in enumerate(metadata["subshells"])
        )
        return ResponseTable(
            symbol=metadata["symbol"],
            Z=metadata["Z"],
            subshells=subshells,
            recipe=metadata["recipe"],
            sha256=digest,
        )
    except (KeyError, TypeError, ValueError, InputError) as error:
        raise DataError(f"{path}: metadata not as {FORMAT} has it ({error})") from error


def hashed(symbol: str, Z: int, subshells: tuple[SubshellTable, ...], recipe: str) -> ResponseTable:  # noqa: N803
    """Make a table and give it the hash that its file will have."""
    table = ResponseTable(symbol, Z, subshells, recipe, "")
    return ResponseTable(symbol, Z, subshells, recipe, content_hash(*_content(table)))


def _content(table: ResponseTable) -> tuple[dict[str, FloatArray], str]:
    arrays: dict[str, FloatArray] = {}
    entries = []
    for index, subshell in enumerate(table.subshells):
        for name in ("ejected_kev", "values_per_kev", "truncation_error"):
            arrays[f"{name}_{index}"] = getattr(subshell, name)
        entries.append(
            {
                "label": subshell.label,
                "n": subshell.n,
                "kappa": subshell.kappa,
                "occupation": subshell.occupation,
                "interpolation_error": subshell.interpolation_error,
                "scale": asdict(subshell.scale),
            }
        )
    metadata = {
        "format": FORMAT,
        "symbol": table.symbol,
        "Z": table.Z,
        "subshells": entries,
        "recipe": table.recipe,
    }
    return arrays, json.dumps(metadata, sort_keys=True)
