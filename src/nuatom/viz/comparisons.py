"""Figures that set measurements, bands and limits side by side; as :mod:`nuatom.viz.figures`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from nuatom.numerics.quadrature import FloatArray
from nuatom.viz.canvas import BLACK, BLUE, GREY, ORANGE, cycle, figure_of, power_of_ten
from nuatom.viz.files import FilePath

__all__ = ["draw_band", "draw_intervals", "draw_limits", "draw_measurement"]

_LIMITS_SIZE: Final = (9.5, 3.4)


def draw_measurement(
    path: FilePath,
    x: FloatArray,
    value: FloatArray,
    error: FloatArray,
    curves: Mapping[str, tuple[FloatArray, FloatArray]],
    *,
    x_label: str,
    y_label: str,
    second_scale: float,
    second_label: str,
    title: str,
) -> None:
    """Draw points with errors and curves (x, y), with a second ordinate that is the first times a factor."""
    with figure_of(path, (7.6, 4.8)) as figure:
        axes = figure.subplots()
        axes.errorbar(x, value, yerr=error, fmt="o", ms=3.5, color=BLACK, elinewidth=1.0, label="data")
        for (name, (at, values)), colour in zip(curves.items(), cycle(len(curves)), strict=True):
            axes.plot(at, values, label=name, color=colour)
        axes.set_ylim(bottom=0.0)
        axes.set_xlim(left=0.0)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        second = axes.secondary_yaxis(
            "right", functions=(lambda y: y * second_scale, lambda y: y / second_scale)
        )
        second.set_ylabel(second_label)
        axes.set_title(title)
        axes.legend()


def draw_band(
    path: FilePath,
    x: FloatArray,
    ends: tuple[FloatArray, FloatArray],
    bar: tuple[float, float],
    *,
    band_label: str,
    bar_label: str,
    x_label: str,
    y_label: str,
    title: str,
) -> None:
    """Draw a band between two curves, and a bar from one ordinate to another at x = 0."""
    with figure_of(path) as figure:
        axes = figure.subplots()
        axes.fill_between(x, *ends, color="#E8C400", alpha=0.55, lw=0, label=band_label)
        axes.plot([0.0, 0.0], bar, color=ORANGE, lw=4.0, solid_capstyle="butt", label=bar_label)
        axes.axhline(0.0, color=GREY, lw=0.6)
        axes.axvline(0.0, color=GREY, lw=0.6)
        axes.set_xlim(x[0], x[-1])
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.set_title(title)
        axes.legend(loc="upper left")


def draw_intervals(
    path: FilePath,
    panels: Mapping[str, Mapping[str, tuple[float | None, float, float | None]]],
    title: str,
) -> None:
    """Draw intervals side by side: a panel a quantity, a row a model; each lower end, best fit, upper end.

    An end that is open is drawn at zero.
    """
    with figure_of(path, (3.4 * len(panels) + 1.0, 0.8 + 0.38 * max(map(len, panels.values())))) as figure:
        columns = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, (label, rows) in zip(columns, panels.items(), strict=True):
            ends = np.array([[low or 0.0, best, high or 0.0] for low, best, high in rows.values()])
            power, label_text = power_of_ten(ends, label)
            places = -np.arange(len(rows))
            axes.hlines(places, ends[:, 0] / power, ends[:, 2] / power, color=BLUE, lw=3.0, alpha=0.6)
            axes.plot(ends[:, 1] / power, places, "o", color=BLACK, ms=4)
            axes.axvline(0.0, color=GREY, lw=0.8)
            axes.set_yticks(places, list(rows))
            axes.set_ylim(-len(rows) + 0.4, 0.6)
            axes.set_xlabel(label_text)
        columns[0].set_title(title)


def draw_limits(
    path: FilePath, panels: Mapping[str, Mapping[str, float | None]], *, none_label: str, title: str
) -> None:
    """Draw one positive number per row on a logarithmic axis, panels side by side with the same rows.

    Rows are those of the first panel; where a panel has None for a row, or no such row, it says so.
    """
    rows = list(next(iter(panels.values())))
    with figure_of(path, _LIMITS_SIZE) as figure:
        frames = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, (label, values) in zip(frames, panels.items(), strict=True):
            known = [value for value in values.values() if value is not None]
            axes.set_xscale("log")
            axes.set_xlim(
                10.0 ** np.floor(np.log10(min(known)) - 0.7), 10.0 ** np.ceil(np.log10(max(known)) + 0.7)
            )
            for place, (row, colour) in enumerate(zip(rows, cycle(len(rows)), strict=True)):
                value = values.get(row)
                if value is None:
                    axes.text(
                        0.03, place, none_label if row in values else "–",
                        color=GREY, va="center", fontsize=9, transform=axes.get_yaxis_transform(),
                    )  # fmt: skip
                else:
                    axes.plot([value], [place], "<", ms=8, color=colour)
                    axes.plot([axes.get_xlim()[0], value], [place, place], color=colour, lw=1.4, alpha=0.5)
            axes.set_xlabel(label)
            axes.grid(visible=True, axis="x", alpha=0.3)
            axes.margins(y=0.15)
        frames[0].set_yticks(range(len(rows)), rows)
        frames[0].invert_yaxis()
        figure.suptitle(title)
