"""Data releases that the package does not ship: fetched when asked for, verified whenever read.

``releases.toml`` says of each where it is and which SHA-256 sums its files have. Files live in the user's
cache, ``$NUATOM_RELEASES`` or the platform's; a folder of the user's own serves as well.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final

from nuatom.data import read_toml
from nuatom.data.folders import user_folder
from nuatom.errors import DataError, InputError
from nuatom.files import whole_file

__all__ = [
    "FOLDER_VARIABLE",
    "Release",
    "fetch",
    "read_release",
    "release",
    "release_folder",
    "release_in",
    "releases",
]

FOLDER_VARIABLE: Final = "NUATOM_RELEASES"
"""Environment variable that names another folder."""

_LARGEST_BYTES: Final = 200_000_000
_LONGEST_S: Final = 600.0
_SILENCE_S: Final = 20.0
_PIECE_BYTES: Final = 4096


@dataclass(frozen=True)
class Release:
    """A published set of files.

    Parameters
    ----------
    name, holds, source, licence : str
        What it is and where it comes from.
    url : str
        What a file's name is appended to; or ``doi:10.…/`` of an archive that pooch knows.
    sha256 : dict of str to list of str
        Accepted sums of each file, the one of the release itself first.
    """

    name: str
    holds: str
    source: str
    licence: str
    url: str
    sha256: dict[str, list[str]]


@cache
def releases() -> dict[str, Release]:
    """Every release by name."""
    return {name: Release(name=name, **fields) for name, fields in read_toml("releases.toml").items()}


def release(name: str) -> Release:
    """Return the release called ``name``.

    Raises
    ------
    InputError
        For an unknown name.
    """
    if name not in releases():
        raise InputError("release", name, ", ".join(releases()))
    return releases()[name]


def release_folder(name: str) -> Path:
    """Where a fetched release is kept, whether it has been fetched or not."""
    return user_folder(FOLDER_VARIABLE, "cache", "releases") / name


def fetch(wanted: Release, source: Path | None = None) -> Path:
    """Bring a release's files into the user's cache, from where it was published or a folder that holds them.

    A file that is there and intact is left alone; another is replaced at once, by a verified one.

    Parameters
    ----------
    wanted : Release
        What to fetch.
    source : Path, optional
        Folder to copy from, in the place of the network.

    Returns
    -------
    Path
        Folder that holds them.

    Raises
    ------
    DataError
        When a file cannot be had, or is not what was published.
    """
    folder = release_folder(wanted.name)
    for file in wanted.sha256:
        if _fault(wanted, folder, file) is None:
            continue
        if source is None:
            _download(wanted, folder, file)
        else:
            _copy(wanted, source, folder, file)
    return folder


def read_release(wanted: Release, folder: Path) -> dict[str, str]:
    """Text of every file of a release, each compared with its SHA-256 first.

    Raises
    ------
    DataError
        For a file that is missing or differs.
    """
    for file in wanted.sha256:
        fault = _fault(wanted, folder, file)
        if fault is not None:
            raise DataError(f"{fault}: nuatom data fetch {wanted.name}")
    return {file: (folder / file).read_text(encoding="utf-8") for file in wanted.sha256}


def release_in(folder: Path) -> Release | None:
    """The release whose files a folder holds, by their names; None when it holds no release."""
    present = {path.name for path in folder.iterdir()}
    return next((known for known in releases().values() if set(known.sha256) <= present), None)


def _fault(wanted: Release, folder: Path, file: str) -> str | None:
    """What is wrong with a file, None when nothing is."""
    try:
        content = (folder / file).read_bytes()
    except OSError:
        return f"{folder / file} is not there"
    found = hashlib.sha256(content).hexdigest()
    return (
        None
        if found in wanted.sha256[file]
        else f"{folder / file} is not what was published, SHA-256 {found}"
    )


class _TooLongError(OSError):
    """A download that is larger, or takes longer, than any release."""


@dataclass
class _Bounded:
    """A file to write a download into, up to a size and for a time."""

    stream: BinaryIO
    started: float
    written: int = 0

    def write(self, content: bytes) -> int:
        self.written += len(content)
        if self.written > _LARGEST_BYTES:
            raise _TooLongError(f"more than {_LARGEST_BYTES // 10**6} MB")
        if time.monotonic() - self.started > _LONGEST_S:
            raise _TooLongError(f"more than {_LONGEST_S:g} s")
        return self.stream.write(content)

    def flush(self) -> None:
        self.stream.flush()


def _bounded(address: str) -> Callable[[str, str, Any], None]:
    """Download as pooch does, within bounds of size and time; small pieces, so that slow ones are noticed."""
    import pooch

    kinds = {"timeout": _SILENCE_S, "chunk_size": _PIECE_BYTES}
    load = pooch.DOIDownloader(**kinds) if address.startswith("doi:") else pooch.HTTPDownloader(**kinds)

    def download(url: str, output: str, pooch_: Any) -> None:
        with Path(output).open("wb") as stream:
            load(url, _Bounded(stream, time.monotonic()), pooch_)

    return download


def _download(wanted: Release, folder: Path, file: str) -> None:
    import logging

    import pooch
    import requests

    pooch.get_logger().setLevel(logging.WARNING)
    address = wanted.url + file
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(folder / file) as temporary:
            # There it finds another file than what was published, and replaces it by what it has verified.
            digest = f"sha256:{wanted.sha256[file][0]}"
            pooch.retrieve(
                address, digest, fname=temporary.name, path=temporary.parent,
                downloader=_bounded(address),
            )  # fmt: skip
    except ValueError as error:
        raise DataError(f"{address} is not what was published: its SHA-256 differs") from error
    except (requests.RequestException, OSError) as error:
        reason = str(error) if isinstance(error, _TooLongError) else type(error).__name__
        accepted = f"nuatom data fetch {wanted.name} --from FOLDER takes a copy from elsewhere"
        raise DataError(f"{address} cannot be fetched ({reason}); {accepted}") from error


def _copy(wanted: Release, source: Path, folder: Path, file: str) -> None:
    fault = _fault(wanted, source, file)
    if fault is not None:
        raise DataError(fault)
    folder.mkdir(parents=True, exist_ok=True)
    with whole_file(folder / file) as temporary:
        shutil.copyfile(source / file, temporary)
