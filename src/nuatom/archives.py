"""Archives of arrays with the hash of their content, read without trust.

A NumPy archive is a zip file of arrays. What it holds is known, and its size, before any of it is read:
members that are encrypted, of another type than our files have, or larger than what they say are refused, and
so is a file that would unpack to more than any table needs.
"""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.lib import format as npy

from nuatom.errors import DataError
from nuatom.files import ordinary_bytes, whole_file

__all__ = [
    "LARGEST_BYTES",
    "archive_bytes",
    "content_hash",
    "file_content",
    "hashed_bytes",
    "member_of",
    "members_of",
    "numbers_of",
    "read_archive",
    "text_of",
    "verified",
    "write_archive",
]

LARGEST_BYTES: Final = 2**28
"""Of a file, and of all that it unpacks to: ten times the largest table."""

_MOST_MEMBERS: Final = 10_000
_LONGEST_HEADER: Final = 1_000
_ENCRYPTED: Final = 0x1
_DAMAGES: Final = (
    OSError, EOFError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile,
    zlib.error,
)  # fmt: skip
_TYPES: Final = ("<f8", "<f4", "<u2", "|u1")


def file_content(path: Path) -> bytes:
    """Bytes of a file of ordinary size.

    Raises
    ------
    DataError
        When it is missing, no file, not readable, or too large.
    """
    try:
        return ordinary_bytes(path, LARGEST_BYTES)
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except OSError as error:
        raise DataError(f"{path}: not readable ({error.strerror})") from error


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
    except _DAMAGES as error:
        raise DataError(f"{name}: damaged, or no archive of arrays ({error})") from error


def numbers_of(content: bytes) -> dict[str, np.ndarray]:
    """Arrays of any plain type in an archive that is not ours, by name.

    Raises
    ------
    ValueError
        As `members_of` raises DataError, and for arrays of objects or of several fields.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check(entries)
            return {entry.filename[: -len(".npy")]: _plain_array(archive, entry) for entry in entries}
    except _DAMAGES as error:
        raise ValueError(" ".join(str(error).split())) from error


def member_of(content: bytes, member: str, name: str) -> np.ndarray | None:
    """One array of an archive, or None where it has none of that name; the others are not read.

    Raises
    ------
    DataError
        As `members_of`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check(entries)
            found = next((entry for entry in entries if entry.filename == f"{member}.npy"), None)
            return None if found is None else _array(archive, found)
    except _DAMAGES as error:
        raise DataError(f"{name}: damaged, or no archive of arrays ({error})") from error


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


def _plain_array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> np.ndarray:
    """An array whose size is compared with what its header says before there is any memory for it."""
    with archive.open(entry) as stream:
        data = io.BytesIO(stream.read(entry.file_size))
    version = npy.read_magic(data)
    read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(version)
    if read_header is None:
        raise ValueError(f"member {entry.filename!r} has an array of another version")
    shape, fortran, dtype = read_header(data, max_header_size=_LONGEST_HEADER)
    rest = data.read()
    if dtype.hasobject or dtype.names or dtype.subdtype or math.prod(shape) * dtype.itemsize != len(rest):
        raise ValueError(f"member {entry.filename!r} has {dtype} of shape {shape} in {len(rest)} bytes")
    flat = np.frombuffer(rest, dtype=dtype)
    array: np.ndarray = flat.reshape(shape, order="F" if fortran else "C")
    return array


def _stored(array: np.ndarray) -> np.ndarray:
    """Numbers as doubles, bytes as they are."""
    return np.ascontiguousarray(array, dtype="|u1" if array.dtype == np.uint8 else "<f8")


def content_hash(arrays: Mapping[str, np.ndarray], text: str) -> str:
    """SHA-256 of a text and of named arrays: names, shapes and bytes."""
    digest = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        array = _stored(arrays[name])
        digest.update(f"\0{name}\0{array.shape}\0".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def write_archive(path: Path, arrays: Mapping[str, np.ndarray], text: str) -> str:
    """Write arrays and a text into one archive, whole or not at all; return their hash."""
    digest, content = hashed_bytes(arrays, text)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as temporary:
        temporary.write_bytes(content)
    return digest


def hashed_bytes(arrays: Mapping[str, np.ndarray], text: str) -> tuple[str, bytes]:
    """Hash of arrays and a text, and the bytes of the archive that has all three."""
    digest = content_hash(arrays, text)
    members = {name: _stored(array) for name, array in arrays.items()}
    return digest, archive_bytes(members, {"metadata": text, "sha256": digest})


def archive_bytes(members: Mapping[str, np.ndarray], texts: Mapping[str, str]) -> bytes:
    """Bytes of an archive of arrays and texts."""
    coded = {name: np.frombuffer(text.encode(), dtype=np.uint8) for name, text in texts.items()}
    everything: dict[str, Any] = {**members, **coded}
    stream = io.BytesIO()
    np.savez_compressed(stream, **everything)
    return stream.getvalue()


def read_archive(path: Path) -> tuple[dict[str, np.ndarray], str, str]:
    """Read arrays, text and hash of an archive, after comparing the hash with the content.

    Raises
    ------
    DataError
        When the file is missing, cut short, altered, or not such an archive.
    """
    return verified(members_of(file_content(path), str(path)), str(path))


def verified(members: dict[str, np.ndarray], name: str) -> tuple[dict[str, np.ndarray], str, str]:
    """Arrays, text and hash among the members of an archive; errors as of `read_archive`."""
    arrays = dict(members)
    text, digest = text_of(arrays, "metadata", name), text_of(arrays, "sha256", name)
    found = content_hash(arrays, text)
    if found != digest:
        raise DataError(f"{name}: content has SHA-256 {found}, the file says {digest}")
    return arrays, text, digest


def text_of(members: dict[str, np.ndarray], member: str, name: str) -> str:
    """Take a text out of the members of an archive.

    Raises
    ------
    DataError
        Where it is missing, or no text.
    """
    try:
        return members.pop(member).tobytes().decode()
    except (KeyError, UnicodeDecodeError) as error:
        raise DataError(f"{name}: damaged, or no archive of ours (no text {member!r})") from error
