"""Where what viz draws is written: paths that are refused early."""

from __future__ import annotations

import os
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
        When its suffix is not among them, its folder does not exist, or it cannot be written there.
    """
    target = Path(path)
    if target.suffix.lower() not in suffixes:
        raise InputError(argument, str(path), f"a file that ends in {', '.join(suffixes)}")
    if not target.parent.is_dir():
        raise InputError(argument, str(path), "a file in a folder that exists")
    if target.is_dir() or not os.access(target if target.exists() else target.parent, os.W_OK):
        raise InputError(argument, str(path), "a file that can be written")
    return target
