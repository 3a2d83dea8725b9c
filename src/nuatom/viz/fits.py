"""What a fit says of its nuisances: pulls, impacts and correlations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nuatom.numerics.quadrature import FloatArray
from nuatom.viz.canvas import BLACK, BLUE, GREY, ORANGE, figure_of, shown_figure
from nuatom.viz.files import FilePath

__all__ = ["draw_fit"]


def draw_fit(
    path: FilePath | None,
    *,
    names: Sequence[str],
    pulls: FloatArray,
    errors: FloatArray,
    impacts: FloatArray | None,
    correlated: Sequence[str],
    correlation: FloatArray,
    title: str,
    impact_label: str = "",
) -> Any:
    """Draw pulls of nuisances with their errors, impacts on a parameter, and the matrix of correlations.

    Parameters
    ----------
    path : path_like, optional
        Where to write; without, a figure of pyplot's.
    names : sequence of str
        Nuisances that are constrained.
    pulls, errors : ndarray, shape (nuisances,)
        Fitted values and errors, in units of the constraint.
    impacts : ndarray, shape (nuisances, 2), optional
        What the parameter moves by with each, one error down and up.
    correlated : sequence of str
        Rows of the correlation.
    correlation : ndarray, shape (rows, rows)
        Of parameters and nuisances.
    title, impact_label : str
        Above the figure, and what is moved.
    """
    height = max(3.5, 0.28 * max(len(names), len(correlated)) + 1.8)
    columns = 3 if impacts is not None else 2
    size = (4.6 * columns, height)
    with shown_figure(size) if path is None else figure_of(path, size) as figure:
        panels = figure.subplots(1, columns)
        place = np.arange(len(names))
        first = panels[0]
        first.axvspan(-1.0, 1.0, color=GREY, alpha=0.2, lw=0)
        first.axvline(0.0, color=BLUE, lw=1.0)
        first.errorbar(pulls, place, xerr=errors, fmt="o", color=BLACK, ms=4, elinewidth=1.2)
        first.set_yticks(place, list(names))
        first.set_ylim(len(names) - 0.5, -0.5)
        first.set_xlabel("pull")
        if impacts is not None:
            second = panels[1]
            second.barh(place, impacts[:, 1], color=ORANGE, height=0.6, label="one error up")
            second.barh(place, impacts[:, 0], color=BLUE, height=0.6, label="one error down", alpha=0.8)
            second.axvline(0.0, color=BLACK, lw=0.8)
            second.set_yticks(place, [""] * len(names))
            second.set_ylim(len(names) - 0.5, -0.5)
            second.set_xlabel(impact_label)
            second.legend(fontsize=8)
        last = panels[-1]
        mesh = last.imshow(correlation, cmap="RdBu_r", vmin=-1.0, vmax=1.0)
        rows = np.arange(len(correlated))
        last.set_xticks(rows, list(correlated), rotation=90, fontsize=7)
        last.set_yticks(rows, list(correlated), fontsize=7)
        figure.colorbar(mesh, ax=last, label="correlation")
        figure.suptitle(title)
    return panels
