"""Expected counts beside data: a panel for each channel and axis, with the pull of each bin below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

import numpy as np

from nuatom.numerics.quadrature import FloatArray
from nuatom.viz.canvas import BLACK, BLUE, GREY, ORANGE, figure_of, shown_figure
from nuatom.viz.files import FilePath

__all__ = ["Panel", "draw_spectra", "poisson_bars"]

_ONE_SIGMA: Final = 0.682689492137086
_COLUMNS: Final = 3
_UNEVEN: Final = 1e-6
# Axis -> what figures call it.
_LABELS: Final = {
    ("time", "µs"): "time after the trigger [µs]",
    ("time", "us"): "time after the trigger [µs]",
}


class _Axis(Protocol):
    @property
    def quantity(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def edges(self) -> tuple[float, ...]: ...


class Panel(Protocol):
    """What a panel shows: one channel along one axis."""

    @property
    def name(self) -> str:
        """Of the channel."""

    @property
    def axes(self) -> Sequence[_Axis]:
        """The axis."""

    @property
    def observed(self) -> FloatArray:
        """Counts."""

    @property
    def background(self) -> FloatArray:
        """Fitted."""

    @property
    def total_signal(self) -> FloatArray:
        """Fitted."""

    @property
    def theory_error(self) -> FloatArray:
        """Of the signal."""


def draw_spectra(
    path: FilePath | None,
    panels: Sequence[Panel],
    *,
    title: str,
    axes: Any = None,
    per_unit: bool | None = None,
) -> Any:
    """Draw counts with Poisson bars, background and signal, and the pull of each bin below.

    Bars are central 68% intervals of the Poisson mean (Garwood); pulls are the signed roots of each bin's
    likelihood-ratio χ².

    Parameters
    ----------
    path : path_like, optional
        Where to write; without, a figure of pyplot's.
    panels : sequence of Panel
        Channels and axes.
    title : str
        Above the first.
    axes : matplotlib axes, optional
        Where to draw the first panel instead, without pulls.
    per_unit : bool, optional
        Counts divided by the width of bins; by default where widths differ.

    Returns
    -------
    The axes of the counts.
    """
    if axes is not None:
        _draw_counts(axes, None, panels[0], per_unit)
        axes.set_title(title)
        return axes
    columns = min(len(panels), _COLUMNS)
    rows = -(-len(panels) // columns)
    size = (7.0 if columns == 1 else 5.5 * columns, 5.6 * rows)
    with shown_figure(size) if path is None else figure_of(path, size) as figure:
        ratios = (3.2, 1.0) * rows
        grid = figure.subplots(2 * rows, columns, height_ratios=ratios, squeeze=False)
        drawn = []
        for index in range(rows * columns):
            row, column = divmod(index, columns)
            main, lower = grid[2 * row, column], grid[2 * row + 1, column]
            if index >= len(panels):
                main.set_axis_off()
                lower.set_axis_off()
                continue
            _draw_counts(main, lower, panels[index], per_unit)
            drawn.append(main)
        names = {panel.name for panel in panels}
        drawn[0].set_title(title if len(names) == 1 else panels[0].name)
        if len(names) > 1:
            figure.suptitle(title)
            for main, panel in zip(drawn, panels, strict=True):
                main.set_title(panel.name)
    return drawn[0] if len(drawn) == 1 else drawn


def poisson_bars(observed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ends of the central 68% interval of a Poisson mean (Garwood) about each observed count."""
    from scipy.special import gammaincinv

    tail = 0.5 * (1.0 - _ONE_SIGMA)
    low = np.where(observed > 0, gammaincinv(np.maximum(observed, 1), tail), 0.0)
    return low, np.asarray(gammaincinv(observed + 1, 1.0 - tail))


def _draw_counts(main: Any, lower: Any, panel: Panel, per_unit: bool | None) -> None:
    """Counts in the upper panel, pulls in the lower one where there is one."""
    axis = panel.axes[0]
    edges = np.array(axis.edges)
    width = np.diff(edges)
    uneven = bool(np.ptp(width) > _UNEVEN * width.max())
    divided = uneven if per_unit is None else per_unit
    scale = width if divided else np.ones_like(width)
    observed, background, signal = panel.observed, panel.background, panel.total_signal
    expected = background + signal
    low, high = poisson_bars(np.maximum(observed, 0.0))
    middle = 0.5 * (edges[1:] + edges[:-1])
    main.stairs(background / scale, edges, color=GREY, fill=True, alpha=0.25)
    main.stairs(background / scale, edges, color=GREY, label="background, normalisation fitted")
    main.stairs(signal / scale, edges, color=ORANGE, label="neutrino signal")
    main.stairs(expected / scale, edges, color=BLUE, baseline=None, label="expected")
    error = panel.theory_error
    if np.any(error > 0.0):
        ends = ((signal + sign * error) / scale for sign in (-1.0, 1.0))
        low_end, high_end = (np.append(end, end[-1]) for end in ends)
        main.fill_between(
            edges, low_end, high_end, step="post", color=ORANGE, alpha=0.3, lw=0, label="theory ± 1 σ"
        )
    bars = (np.maximum(observed - low, 0.0) / scale, np.maximum(high - observed, 0.0) / scale)
    main.errorbar(
        middle, observed / scale, yerr=bars, fmt="o", ms=3.5, color=BLACK, elinewidth=1.0, label="data"
    )
    main.set_ylabel(f"events per {axis.unit or 'unit'}" if divided else "events per bin")
    top = 1.25 * max((high / scale).max(), (expected / scale).max())
    main.set_ylim(bottom=min(0.0, 1.1 * float((signal / scale).min())), top=top)
    main.set_xlim(edges[0], edges[-1])
    main.legend(ncols=2, loc="upper center", fontsize=9)
    label = _LABELS.get(
        (axis.quantity, axis.unit), f"{axis.quantity} [{axis.unit}]" if axis.unit else axis.quantity
    )
    if lower is None:
        main.set_xlabel(label)
        return
    _draw_pulls(lower, middle, _pull(observed, expected))
    lower.set_xlabel(label)
    lower.set_xlim(edges[0], edges[-1])
    main.tick_params(labelbottom=False)


def _pull(observed: FloatArray, expected: FloatArray) -> FloatArray:
    from scipy.special import xlogy

    safe = np.maximum(expected, np.finfo(float).tiny)
    deviance = 2.0 * (expected - observed + xlogy(observed, np.maximum(observed, 1) / safe))
    return np.asarray(np.sign(observed - expected) * np.sqrt(np.maximum(deviance, 0.0)))


def _draw_pulls(lower: Any, middle: FloatArray, pull: FloatArray) -> None:
    for level, alpha in ((2.0, 0.12), (1.0, 0.18)):
        lower.axhspan(-level, level, color=GREY, alpha=alpha, lw=0)
    lower.axhline(0.0, color=BLUE, lw=1.0)
    lower.plot(middle, pull, "o", ms=3.5, color=BLACK)
    reach = 1.15 * max(3.0, float(np.abs(pull).max()))
    lower.set_ylim(-reach, reach)
    lower.locator_params(axis="y", steps=[2, 4, 10], nbins=5)
    lower.set_ylabel("pull")
