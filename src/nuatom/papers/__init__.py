"""The source papers, equation by equation: what they print beside what the package computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from nuatom.errors import InputError
from nuatom.papers.entry import KINDS, VERDICTS, Entry, Paper

__all__ = ["KINDS", "PAPERS", "VERDICTS", "Entry", "Paper", "figures", "paper"]

PAPERS: Final = ("ks16", "ks11", "jky21")
"""Names that :func:`paper` knows."""


def paper(name: str) -> Paper:
    """Reproduce a paper; everything is computed when this is called.

    Raises
    ------
    InputError
        For an unknown name.
    """
    from threadpoolctl import threadpool_limits

    reproduce = _module(name).reproduce
    # The matrices of correlated electrons are small: threads would wait for one another.
    with threadpool_limits(1):
        reproduced: Paper = reproduce()
    return reproduced


def figures(name: str) -> Mapping[str, Callable[[Path], None]]:
    """Names of a paper's figures and the functions that draw them into a file; nothing else is computed.

    Raises
    ------
    InputError
        For an unknown name.
    """
    drawn: Mapping[str, Callable[[Path], None]] = _module(name).FIGURES
    return drawn


def _module(name: str) -> ModuleType:
    if name not in PAPERS:
        raise InputError("paper", name, ", ".join(PAPERS))
    return import_module(f"nuatom.papers.{name}")
