"""The figures of nuatom, each from plain labelled arrays, written atomically."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray
from nuatom.viz.canvas import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    axes_of,
    cycle,
    figure_of,
    logarithmic_abscissa,
    number,
    power_of_ten,
)
from nuatom.viz.files import FilePath

__all__ = [
    "draw_curves",
    "draw_lines",
    "draw_profile",
    "draw_response_map",
    "draw_surface",
]

# Median, central 68% and central 95%.
Band = tuple[float, tuple[float, float], tuple[float, float]]
# Fewer points than this are drawn as points.
_FEW: Final = 12


def draw_profile(
    path: FilePath | None,
    *,
    axes: Any = None,
    value: FloatArray,
    rise: FloatArray,
    best_fit: float,
    value_label: str,
    title: str,
    pieces: Sequence[tuple[float | None, float | None]] = (),
    bands: Sequence[Band] = (),
    threshold: float | None = None,
    highest: float | None = None,
    note: str = "",
) -> Any:
    """Draw a profile likelihood, its minimum, and the pieces of an interval; return the axes.

    With the threshold that cuts them out, where one does, and the bands of ends that are expected without a
    signal. In axes that were given, as another curve of a colour of its own, called as the title says.
    """
    if axes is not None:
        return _add_profile(axes, value, rise, best_fit, value_label, title, threshold, note)
    power, value_label = power_of_ten(value, value_label)
    with axes_of(path) as axes:
        axes.plot(value / power, rise, color=BLUE)
        axes.plot(
            [best_fit / power],
            [0.0],
            "o",
            color=BLACK,
            ms=5,
            zorder=5,
            label=f"best fit {number(best_fit / power)}",
            clip_on=False,
        )
        if threshold is not None:
            axes.axhline(threshold, color=GREY, ls="--", lw=1.0, label=note)
        _draw_bands(axes, bands, power)
        _draw_pieces(axes, pieces, (value[0], value[-1]), power, note if threshold is None else "")
        top = float(rise.max()) if highest is None else highest
        axes.set_ylim(0.0, max(top, 1e-3))
        axes.set_xlim(value[0] / power, value[-1] / power)
        axes.set_xlabel(value_label)
        axes.set_ylabel(r"$-2\,\Delta\ln L$")
        axes.set_title(title)
        axes.figure.legend(loc="outside lower center", ncols=3)
    return axes


def _draw_pieces(
    axes: Any,
    pieces: Sequence[tuple[float | None, float | None]],
    range_of_axis: tuple[float, float],
    power: float,
    note: str,
) -> None:
    """Pieces of an interval along the axis, and their ends."""
    ends = [end for piece in pieces for end in piece if end is not None]
    if not ends:
        return
    said = ", ".join(number(end / power) for end in ends)
    for i, (low, high) in enumerate(pieces):
        axes.plot(
            [
                (range_of_axis[0] if low is None else low) / power,
                (range_of_axis[1] if high is None else high) / power,
            ],
            [0.0, 0.0],
            color=ORANGE,
            lw=5.0,
            solid_capstyle="butt",
            clip_on=False,
            label=(f"{note}: {said}" if note else said) if i == 0 else None,
        )
    for end in ends:
        axes.axvline(end / power, color=ORANGE, lw=1.2, ls=":")


def _draw_bands(axes: Any, bands: Sequence[Band], power: float) -> None:
    """Median and central 68% and 95% of the upper end, and below it of the lower, without a signal."""
    for i, (median, one_sigma, two_sigma) in enumerate(bands):
        bottom, top = (0.0, 1.0) if len(bands) == 1 else ((0.5, 1.0) if i == 0 else (0.0, 0.5))
        first = i == 0
        for (low, high), alpha, share in ((two_sigma, 0.12, "95%"), (one_sigma, 0.22, "68%")):
            label = f"{share} without signal" if first else None
            axes.axvspan(
                low / power, high / power, bottom, top, color=GREEN, alpha=alpha, lw=0.0, label=label
            )
        label = "median without signal" if first else None
        axes.axvline(median / power, bottom, top, color=GREEN, lw=1.2, ls="--", label=label)
        if len(bands) > 1:
            said = "upper end" if first else "lower end"
            axes.text(0.99, top - 0.02, said, transform=axes.transAxes, ha="right", va="top", color=GREEN)


def _add_profile(
    axes: Any,
    value: FloatArray,
    rise: FloatArray,
    best_fit: float,
    value_label: str,
    title: str,
    threshold: float | None,
    note: str,
) -> Any:
    """One more profile in axes of the user's, in the parameter's own unit."""
    first = not axes.lines
    (line,) = axes.plot(value, rise, label=title)
    axes.plot([best_fit], [0.0], "o", color=line.get_color(), ms=5, clip_on=False)
    if first:
        if threshold is not None:
            axes.axhline(threshold, color=GREY, ls="--", lw=1.0, label=note)
            axes.set_ylim(0.0, 3.0 * threshold)
        axes.set_xlabel(value_label)
        axes.set_ylabel(r"$-2\,\Delta\ln L$")
    axes.legend()
    return axes


def draw_surface(
    path: FilePath | None,
    axes_values: tuple[FloatArray, FloatArray],
    rise: FloatArray,
    best_fit: FloatArray,
    labels: Sequence[str],
    title: str,
    axes: Any = None,
) -> Any:
    """Draw the 68, 90 and 95% contours of two parameters (Δ = 2.30, 4.61, 5.99) over the surface.

    Returns the axes, those given or new ones.
    """
    (first_power, first_label), (second_power, second_label) = (
        power_of_ten(axis, label) for axis, label in zip(axes_values, labels, strict=True)
    )
    first, second = axes_values[0] / first_power, axes_values[1] / second_power
    levels = {2.2957: "68%", 4.6052: "90%", 5.9915: "95%"}
    with axes_of(path, axes, (6.4, 5.0)) as axes:
        mesh = axes.pcolormesh(
            first,
            second,
            rise.T,
            shading="nearest",
            cmap="Blues",
            vmin=0.0,
            vmax=15.0,
            rasterized=True,
        )
        axes.figure.colorbar(mesh, ax=axes, label=r"$-2\,\Delta\ln L$", extend="max")
        lines = axes.contour(first, second, rise.T, levels=list(levels), colors=[BLACK, ORANGE, GREEN])
        axes.clabel(lines, fmt=levels)
        axes.plot(
            best_fit[0] / first_power,
            best_fit[1] / second_power,
            "+",
            color=ORANGE,
            ms=11,
            mew=2.0,
            clip_on=False,
            label="best fit; contours of two parameters",
        )
        axes.set_xlabel(first_label)
        axes.set_ylabel(second_label)
        axes.set_title(title)
        axes.figure.legend(loc="outside lower center")
    return axes


def draw_curves(
    path: FilePath,
    x: FloatArray,
    curves: Mapping[str, FloatArray],
    *,
    x_label: str,
    y_label: str,
    title: str,
    emphasised: str | None = None,
    beside: Sequence[str] = (),
    band: tuple[FloatArray, FloatArray] | None = None,
) -> None:
    """Draw curves on logarithmic axes; values that are not positive are left out of each curve.

    One is ``emphasised``, a broad grey line; others stand ``beside`` it, thin and grey. A ``band`` between
    two limits is what theory leaves open.
    """
    thin = zip(beside, ("--", ":", "-."), strict=False)
    grey: dict[str, dict[str, Any]] = {name: {"color": GREY, "ls": style} for name, style in thin}
    if emphasised is not None:
        grey[emphasised] = {"color": GREY, "lw": 4.0, "alpha": 0.5}
    with figure_of(path) as figure:
        axes = figure.subplots()
        if band is not None and np.any(band[1] > band[0]):
            label = "theory ± 1 σ"
            axes.fill_between(x, *band, where=band[0] > 0.0, color=ORANGE, alpha=0.35, lw=0, label=label)
        coloured = [name for name in curves if name not in grey]
        styles = grey | {name: {"color": c} for name, c in zip(coloured, cycle(len(coloured)), strict=True)}
        for name, values in curves.items():
            style: Any = {"lw": 1.4} | styles[name]
            if np.any(values > 0.0):
                axes.plot(
                    x, np.where(values > 0.0, values, np.nan), label=name,
                    marker="o" if x.size < _FEW else None, ms=4, **style,
                )  # fmt: skip
            if np.any(values < 0.0):
                negative = np.where(values < 0.0, -values, np.nan)
                axes.plot(x, negative, ls="--", color=style["color"], label=f"−({name})")
        axes.set_yscale("log")
        logarithmic_abscissa(axes, *x[[0, -1]])
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.set_title(title)
        if axes.get_legend_handles_labels()[0]:
            figure.legend(loc="outside right upper")
        else:
            axes.text(0.5, 0.5, "zero everywhere", transform=axes.transAxes, ha="center", color=GREY)


def draw_panels(
    path: FilePath,
    x: FloatArray,
    panels: Mapping[str, Mapping[str, FloatArray]],
    *,
    x_label: str,
    y_label: str,
    title: str,
) -> None:
    """Draw panels side by side on common logarithmic axes.

    Values that are not positive are left out. Panels with the same curves share a legend.
    """
    names = [list(curves) for curves in panels.values()]
    shared = all(those == names[0] for those in names)
    with figure_of(path, (10.0, 4.6)) as figure:
        row = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
        for axes, (what, curves) in zip(row, panels.items(), strict=True):
            for (name, values), colour in zip(curves.items(), cycle(len(curves)), strict=True):
                axes.plot(x, np.where(values > 0.0, values, np.nan), label=name, color=colour, lw=1.4)
            axes.set_yscale("log")
            logarithmic_abscissa(axes, *x[[0, -1]])
            axes.set_xlabel(x_label)
            axes.set_title(what)
            if not shared:
                axes.legend()
        row[0].set_ylabel(y_label)
        figure.suptitle(title)
        if shared:
            handles = row[0].get_legend_handles_labels()[0]
            figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))


def draw_lines(
    path: FilePath,
    x: FloatArray,
    curves: Mapping[str, FloatArray],
    *,
    x_label: str,
    y_label: str,
    title: str,
    x_range: tuple[float, float],
    y_range: tuple[float, float] | None = None,
    bands: Mapping[str, tuple[FloatArray, FloatArray]] | None = None,
    y_logarithmic: bool = False,
) -> None:
    """Draw curves over a logarithmic abscissa, with a band between two limits around those that have one.

    The ordinate is linear from zero, unless it is said to be otherwise.
    """
    with figure_of(path) as figure:
        axes = figure.subplots()
        for (name, values), colour in zip(curves.items(), cycle(len(curves)), strict=True):
            axes.plot(x, values, label=name, color=colour, lw=1.3)
            if bands is not None and name in bands:
                axes.fill_between(x, *bands[name], color=colour, alpha=0.22, lw=0)
        axes.set_yscale("log" if y_logarithmic else "linear")
        logarithmic_abscissa(axes, *x_range)
        axes.set_xlim(*x_range)
        if y_range is not None:
            axes.set_ylim(*y_range)
            if y_logarithmic and y_range[1] < 100.0 * y_range[0]:
                from matplotlib.ticker import LogLocator

                axes.yaxis.set_minor_locator(LogLocator(subs=(2.0, 3.0, 5.0)))
                axes.yaxis.set_major_formatter("{x:g}")
                axes.yaxis.set_minor_formatter("{x:g}")
        elif not y_logarithmic:
            axes.set_ylim(bottom=0.0)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.set_title(title)
        axes.legend(ncols=3, fontsize=8)


def draw_response_map(
    path: FilePath,
    transfer_kev: FloatArray,
    momentum_kev: FloatArray,
    density_per_kev: FloatArray,
    ridge_kev: FloatArray,
    title: str,
) -> None:
    """Draw S(T, Q) as a map, with the photon line Q = T and the ridge of free electrons.

    Raises
    ------
    InputError
        For fewer than two transfers or momenta.
    """
    from matplotlib.colors import LogNorm

    if density_per_kev.shape[0] < 2 or density_per_kev.shape[1] < 2:
        raise InputError("plot", density_per_kev.shape, "a map of two or more transfers and momenta")
    largest = float(density_per_kev.max()) or 1.0
    with figure_of(path, (6.8, 5.0)) as figure:
        axes = figure.subplots()
        mesh = axes.pcolormesh(
            momentum_kev,
            transfer_kev,
            np.where(density_per_kev > 0.0, density_per_kev, np.nan),
            shading="nearest",
            cmap="viridis",
            rasterized=True,
            norm=LogNorm(vmin=1e-8 * largest, vmax=largest),
        )
        figure.colorbar(mesh, label="S(T, Q) [1/keV per atom]", extend="min")
        axes.plot(ridge_kev, transfer_kev, color=ORANGE, lw=1.6, label="free electrons")
        axes.plot(transfer_kev, transfer_kev, color=ORANGE, lw=1.2, ls="--", label="Q = T")
        axes.set(xscale="log", yscale="log")
        axes.set_xlabel("momentum transferred Q [keV]")
        axes.set_ylabel("energy transferred T [keV]")
        axes.set_xlim(momentum_kev[0], momentum_kev[-1])
        axes.set_ylim(transfer_kev[0], transfer_kev[-1])
        axes.set_title(title)
        axes.legend(loc="lower right")
