"""Where what viz draws is written: paths that are refused early."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Final

from nuatom.errors import InputError

__all__ = ["FIGURES", "PAGES", "FilePath", "check_path"]
FilePath = str | PathLike[str]

FIGURES: Final = (".pdf", ".png", ".svg")
PAGES: Final = (".html",)


def check_path(path: FilePath, argument: str = "plot", suffixes: tuple[str, ...] = FIGURES) -> Path:
    """Return the path of a file to be written.

    Parameters
    ----------
    path : path_like
        Where to write.
    argument : str
        How a message calls it.
    suffixes : tuple of str
        Accepted endings, in lower case.

    Raises
    ------
    InputError
        When its suffix is not among them, or its folder does not exist.
    """
    target = Path(path)
    if target.suffix.lower() not in suffixes:
        raise InputError(argument, str(path), f"a file that ends in {', '.join(suffixes)}")
    if not target.parent.is_dir():
        raise InputError(argument, str(path), "a file in a folder that exists")
    return target
