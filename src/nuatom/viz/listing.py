"""All that is known of one quantity: intervals of many sources, one below the other; and who decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from nuatom.numerics.quadrature import FloatArray
from nuatom.viz.canvas import BLACK, BLUE, GREY, ORANGE, figure_of
from nuatom.viz.files import FilePath

__all__ = ["Row", "draw_listing", "draw_shares"]

Row = tuple[str, float | None, float | None, float | None, float | None, bool]
"""Label, lower and upper end, those expected without a signal, and whether it is others' number."""

_ARROW: Final = 0.7
_SHOWN, _DARK = 0.005, 0.6


def draw_listing(path: FilePath, rows: Sequence[Row], *, label: str, title: str = "") -> None:
    """Draw intervals of many sources, one below the other, on an axis that grows by factors of ten.

    An end that is open is at zero, or an arrow. Bars of others' numbers differ in colour; what is expected
    without a signal is a pair of ticks.

    Parameters
    ----------
    path : path_like
        Where to write.
    rows : sequence of Row
        From top to bottom.
    label, title : str
        Below the axis and above the figure.
    """
    ends = [end for row in rows for end in row[1:5] if end]
    signed = any(end < 0.0 for end in ends)
    smallest, largest = min(map(abs, ends)), max(map(abs, ends))
    with figure_of(path, (8.2, 0.9 + 0.27 * len(rows))) as figure:
        axes = figure.subplots()
        if signed:
            axes.set_xscale("symlog", linthresh=smallest, linscale=_ARROW)
            axes.axvline(0.0, color=GREY, lw=0.8)
            _few_powers(axes, smallest, largest)
        else:
            axes.set_xscale("log")
            axes.set_xlim(0.5 * smallest, 2.0 * largest)
        edge = axes.get_xlim()[0] if not signed else 0.0
        for place, (_, lower, upper, *usual, others) in enumerate(rows):
            colour = ORANGE if others else BLUE
            low, high = edge if lower is None else lower, edge if upper is None else upper
            axes.plot([low, high], [place, place], color=colour, lw=2.6, alpha=0.75, solid_capstyle="butt")
            for end, marker in ((lower, "|"), (upper, "|" if lower is not None else "<")):
                if end is not None:
                    axes.plot([end], [place], marker, color=colour, ms=7, mew=1.6)
            for end in usual:
                if end is not None:
                    axes.plot([end], [place + 0.38], marker=2, ls="none", color=BLACK, ms=6, mew=1.4)
        axes.set_yticks(range(len(rows)), [row[0] for row in rows], fontsize=8)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlabel(label)
        axes.grid(visible=True, axis="x", alpha=0.3)
        axes.set_title(title)


def _few_powers(axes: Any, smallest: float, largest: float) -> None:
    """Powers of ten on both sides of zero, not closer than their labels allow."""
    first, last = int(np.ceil(np.log10(smallest))) + 1, int(np.ceil(np.log10(largest)))
    powers = 10.0 ** np.arange(min(first, last), last + 1, max(1, (last - first) // 3))
    axes.set_xticks([*(-powers[::-1]), 0.0, *powers])
    axes.set_xlim(-2.0 * largest, 2.0 * largest)


def draw_shares(
    path: FilePath, rows: Sequence[str], columns: Sequence[str], values: FloatArray, *, label: str
) -> None:
    """Draw a table of numbers as shades, each with its number: zero is white, none is grey.

    Parameters
    ----------
    path : path_like
        Where to write.
    rows, columns : sequence of str
        What the numbers are of.
    values : ndarray, shape (rows, columns)
        Not negative; not a number where there is none.
    label : str
        What they are.
    """
    with figure_of(path, (2.6 + 0.72 * len(columns), 1.9 + 0.3 * len(rows))) as figure:
        axes = figure.subplots()
        shown = np.ma.masked_invalid(np.clip(values, 0.0, 1.0))
        axes.set_facecolor("#E8E8E8")
        mesh = axes.imshow(shown, cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
        for (row, column), value in np.ndenumerate(values):
            if np.isfinite(value) and value > _SHOWN:
                colour = "white" if value > _DARK else BLACK
                axes.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=7, color=colour)
        axes.set_xticks(range(len(columns)), columns, rotation=60, ha="right", fontsize=8)
        axes.set_yticks(range(len(rows)), rows, fontsize=8)
        figure.colorbar(mesh, ax=axes, label=label)
