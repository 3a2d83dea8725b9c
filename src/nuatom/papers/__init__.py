"""The source papers, equation by equation: what they print beside what the package computes."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from nuatom.errors import InputError
from nuatom.papers.entry import VERDICTS, Entry, Paper

__all__ = ["PAPERS", "VERDICTS", "Entry", "Paper", "paper"]

PAPERS: Final = ("ks16", "ks11", "jky21")
"""Names that :func:`paper` knows."""


def paper(name: str) -> Paper:
    """Reproduce a paper; everything is computed when this is called.

    Raises
    ------
    InputError
        For an unknown name.
    """
    if name not in PAPERS:
        raise InputError("paper", name, ", ".join(PAPERS))
    reproduced: Paper = import_module(f"nuatom.papers.{name}").reproduce()
    return reproduced
