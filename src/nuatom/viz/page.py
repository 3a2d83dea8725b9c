"""One page that holds its numbers and the program that draws them: it opens without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

import numpy as np

from nuatom.files import whole_file
from nuatom.viz.files import PAGES, FilePath, check_path
from nuatom.viz.spectra import poisson_bars

__all__ = ["write_page"]

_FOLDER: Final = "explorer"
_PARTS: Final = {
    "/* style */": "style.css",
    "/* likelihood */": "likelihood.js",
    "/* plot */": "plot.js",
    "/* view */": "view.js",
}


def write_page(path: FilePath, numbers: Mapping[str, Any]) -> None:
    """Write a page with sliders: spectrum beside data, pulls, and the rise of −2 ln λ.

    The parts of the page lie beside this module: a frame, a style, the arithmetic (which draws nothing), the
    drawing of panels, and the view (which computes nothing). Numbers go in as JSON.

    Parameters
    ----------
    path : path_like
        A file that ends in .html.
    numbers : mapping
        Of strings, numbers, lists and mappings, as :class:`nuatom.experiments.Exploration` prepares them. To
        each of its ``projections``, with a ``label``, ``edges`` and ``observed`` counts, bars are added here.

    Raises
    ------
    InputError
        When the path cannot be written to.
    """
    target = check_path(path, "out", PAGES)
    projections = []
    for shown in numbers["projections"]:
        low, high = poisson_bars(np.array(shown["observed"], dtype=float))
        projections.append({**shown, "low": low.tolist(), "high": high.tolist()})
    text = json.dumps({**numbers, "projections": projections}, ensure_ascii=False, allow_nan=False)
    page = _part("page.html")
    for mark, name in _PARTS.items():
        page = page.replace(mark, _part(name))
    # A "<" inside the numbers could otherwise end their script; the numbers go in last, so that no mark in
    # them is replaced.
    page = page.replace("/* numbers */", text.replace("<", "\\u003c"))
    with whole_file(target) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")


def _part(name: str) -> str:
    return resources.files(__package__).joinpath(_FOLDER, name).read_text(encoding="utf-8")
