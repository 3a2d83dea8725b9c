"""Archives of arrays, read without trust: what they hold is known, and its size, before any of it is read.

A NumPy archive is a zip file of arrays. Members that are encrypted, of another type than our files have, or
larger than what they say are refused, and so is a file that would unpack to more than any table needs.
"""

from __future__ import annotations

import io
import math
import stat
import zipfile
import zlib
from pathlib import Path
from typing import Final

import numpy as np
from numpy.lib import format as npy

from nuatom.errors import DataError

__all__ = ["LARGEST_BYTES", "file_content", "members_of"]

LARGEST_BYTES: Final = 2**28
"""Of a file, and of all that it unpacks to: ten times the largest table."""

_MOST_MEMBERS: Final = 10_000
_LONGEST_HEADER: Final = 1_000
_ENCRYPTED: Final = 0x1
_TYPES: Final = ("<f8", "<f4", "<u2", "|u1")


def file_content(path: Path) -> bytes:
    """Bytes of a file of ordinary size.

    Raises
    ------
    DataError
        When it is missing, no file, not readable, or too large.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise DataError(f"{path}: not a file")
        if found.st_size > LARGEST_BYTES:
            raise DataError(f"{path}: {found.st_size} bytes, more than any table ({LARGEST_BYTES})")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except OSError as error:
        raise DataError(f"{path}: not readable ({error})") from error


def members_of(content: bytes, name: str) -> dict[str, np.ndarray]:
    """Arrays of an archive, by name.

    Parameters
    ----------
    content : bytes
    name : str
        Of the file, for messages.

    Raises
    ------
    DataError
        When it is cut short, altered, too large, or no archive of numbers.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check(entries)
            return {entry.filename[: -len(".npy")]: _array(archive, entry) for entry in entries}
    except (
        OSError, EOFError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile,
        zlib.error
    ) as error:  # fmt: skip
        raise DataError(f"{name}: damaged, or not a response table ({error})") from error


def _check(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > _MOST_MEMBERS or len(set(names)) < len(names):
        raise ValueError("too many members, or two of one name")
    total = sum(entry.file_size for entry in entries)
    if total > LARGEST_BYTES:
        raise ValueError(f"it would unpack to {total} bytes, more than any table ({LARGEST_BYTES})")
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED or not entry.filename.endswith(".npy"):
            raise ValueError(f"member {entry.filename!r} is encrypted, or no array")


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> np.ndarray:
    with archive.open(entry) as stream:
        data = io.BytesIO(stream.read(entry.file_size))
    if npy.read_magic(data) != (1, 0):
        raise ValueError(f"member {entry.filename!r} has an array of another version")
    shape, fortran, dtype = npy.read_array_header_1_0(data, max_header_size=_LONGEST_HEADER)
    rest = data.read()
    if fortran or dtype.str not in _TYPES or math.prod(shape) * dtype.itemsize != len(rest):
        raise ValueError(f"member {entry.filename!r} has {dtype} of shape {shape} in {len(rest)} bytes")
    array: np.ndarray = np.frombuffer(rest, dtype=dtype).reshape(shape)
    return array
