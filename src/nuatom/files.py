"""Files that are whole or not there, and files of others that are read without trust."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["ordinary_bytes", "ordinary_text", "parse_toml", "sole_writer", "whole_file"]


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A path to write to, which becomes ``target`` when the block ends well and vanishes when it does not.

    What was written is on the disk before it takes the name, with the permissions that any file of the user's
    has. The folder has to exist.

    Parameters
    ----------
    target : Path
        Replaced if it exists.
    """
    with _naming(target):
        handle, name = tempfile.mkstemp(prefix=target.name, suffix=f".tmp{target.suffix}", dir=target.parent)
        os.close(handle)
    temporary = Path(name)
    try:
        with _naming(target):
            yield from _filled(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _filled(temporary: Path, target: Path) -> Iterator[Path]:
    yield temporary
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())
    # mkstemp makes private files.
    umask = os.umask(0)
    os.umask(umask)
    temporary.chmod(0o666 & ~umask)
    temporary.replace(target)


@contextmanager
def _naming(target: Path) -> Iterator[None]:
    """Name the file that is being written in what the system says: a full disk says no name at all."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:
            error.filename, error.filename2 = str(target), None
        raise


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold a folder, made where it is not there, against other processes that ask for it in the same way.

    The hold ends with the process, however that ends. Where the system has no locks there is none.

    Raises
    ------
    BlockingIOError
        When another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (folder / "lock").open("w") as stream:
        fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def ordinary_bytes(path: Path, largest: int) -> bytes:
    """Content of a file, once it is known to be one, and of what size.

    Devices and pipes, which may never end, are not opened.

    Raises
    ------
    OSError
        When it is missing, not readable, no file, or larger than ``largest`` bytes.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "not a file, but a folder, device or pipe", str(path))
    if found.st_size > largest:
        raise OSError(errno.EFBIG, f"{found.st_size} bytes, more than {largest}", str(path))
    with path.open("rb") as stream:
        # Memory is taken for what is asked: the size that was found, and one byte by which it has grown.
        content = stream.read(found.st_size + 1)
    if len(content) > found.st_size:
        raise OSError(errno.EFBIG, "grows while it is read", str(path))
    return content


def ordinary_text(path: Path, largest: int) -> str:
    """Content of a text file in UTF-8, with or without a mark of it; errors as of `ordinary_bytes`.

    Raises
    ------
    UnicodeDecodeError
        For bytes that are no text.
    """
    return ordinary_bytes(path, largest).decode("utf-8-sig")


def parse_toml(text: str) -> dict[str, Any]:
    """Tables of a TOML text.

    Raises
    ------
    ValueError
        For any other text: also one nested too deeply, or with a number of thousands of digits.
    """
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise ValueError("nested too deeply") from None
