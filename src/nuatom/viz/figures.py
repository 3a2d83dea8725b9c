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
    "draw_spectrum",
    "draw_surface",
    "poisson_bars",
]

# Fewer points than this are drawn as points.
_FEW: Final = 12
_ONE_SIGMA: Final = 0.682689492137086


def draw_spectrum(
    path: FilePath,
    *,
    edges_kev: FloatArray,
    observed: FloatArray,
    background: FloatArray,
    signal: FloatArray,
    title: str,
    in_time: tuple[FloatArray, FloatArray, FloatArray, FloatArray] | None = None,
) -> None:
    """Draw counts with Poisson bars, background and signal, and the pull of each bin below.

    Bars are central 68% intervals of the Poisson mean (Garwood); pulls are the signed roots of each bin's
    likelihood-ratio χ². With ``in_time``, edges in µs, observed, background and signal, a second pair of
    panels shows the same counts in time.
    """
    columns = 1 if in_time is None else 2
    with figure_of(path, (7.0 if columns == 1 else 11.0, 5.6)) as figure:
        axes = figure.subplots(2, columns, sharex="col", height_ratios=(3.2, 1.0), squeeze=False)
        _draw_counts(axes[:, 0], edges_kev, observed, background, signal, "reconstructed energy [keV]")
        axes[0, 0].set_title(title)
        if in_time is not None:
            _draw_counts(axes[:, 1], *in_time, "time after the trigger [µs]")


def poisson_bars(observed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ends of the central 68% interval of a Poisson mean (Garwood) about each observed count."""
    from scipy.special import gammaincinv

    tail = 0.5 * (1.0 - _ONE_SIGMA)
    low = np.where(observed > 0, gammaincinv(np.maximum(observed, 1), tail), 0.0)
    return low, np.asarray(gammaincinv(observed + 1, 1.0 - tail))


def _draw_counts(
    panels: Any,
    edges: FloatArray,
    observed: FloatArray,
    background: FloatArray,
    signal: FloatArray,
    x_label: str,
) -> None:
    """Counts in the upper panel, pulls in the lower one."""
    from scipy.special import xlogy

    main, lower = panels
    low, high = poisson_bars(observed)
    expected = background + signal
    deviance = 2.0 * (expected - observed + xlogy(observed, np.maximum(observed, 1) / expected))
    pull = np.sign(observed - expected) * np.sqrt(np.maximum(deviance, 0.0))
    middle = 0.5 * (edges[1:] + edges[:-1])
    main.stairs(background, edges, color=GREY, fill=True, alpha=0.25)
    main.stairs(background, edges, color=GREY, label="background, normalisation fitted")
    main.stairs(signal, edges, color=ORANGE, label="neutrino signal")
    main.stairs(expected, edges, color=BLUE, baseline=None, label="expected")
    main.errorbar(
        middle, observed, yerr=(observed - low, high - observed), fmt="o", ms=3.5, color=BLACK,
        elinewidth=1.0, label="data",
    )  # fmt: skip
    main.set_ylabel("events per bin")
    main.set_ylim(bottom=min(0.0, 1.1 * signal.min()), top=1.25 * max(high.max(), expected.max()))
    main.legend(ncols=2, loc="upper center")
    for level, alpha in ((2.0, 0.12), (1.0, 0.18)):
        lower.axhspan(-level, level, color=GREY, alpha=alpha, lw=0)
    lower.axhline(0.0, color=BLUE, lw=1.0)
    lower.plot(middle, pull, "o", ms=3.5, color=BLACK)
    lower.set_ylim(-1.15 * max(3.0, np.abs(pull).max()), 1.15 * max(3.0, np.abs(pull).max()))
    lower.locator_params(axis="y", steps=[2, 4, 10], nbins=5)
    lower.set_ylabel("pull")
    lower.set_xlabel(x_label)
    lower.set_xlim(edges[0], edges[-1])


def draw_profile(
    path: FilePath,
    *,
    value: FloatArray,
    rise: FloatArray,
    best_fit: float,
    value_label: str,
    title: str,
    ends: Sequence[float] = (),
    threshold: float | None = None,
    note: str = "",
) -> None:
    """Draw a profile likelihood, its minimum, and the interval that a threshold cuts out."""
    power, value_label = power_of_ten(value, value_label)
    with figure_of(path) as figure:
        axes = figure.subplots()
        axes.plot(value / power, rise, color=BLUE)
        axes.plot(
            [best_fit / power],
            [0.0],
            "o",
            color=BLACK,
            ms=5,
            label=f"best fit {number(best_fit / power)}",
            clip_on=False,
        )
        if threshold is not None:
            axes.axhline(threshold, color=GREY, ls="--", lw=1.0, label=note)
        for end in ends:
            axes.axvline(end / power, color=ORANGE, lw=1.2, ls=":")
        if ends:
            axes.plot([], [], color=ORANGE, ls=":", label=", ".join(number(end / power) for end in ends))
        top = 3.0 * threshold if threshold is not None else float(rise.max())
        axes.set_ylim(0.0, max(top, 1e-3))
        axes.set_xlim(value[0] / power, value[-1] / power)
        axes.set_xlabel(value_label)
        axes.set_ylabel(r"$-2\,\Delta\ln L$")
        axes.set_title(title)
        figure.legend(loc="outside lower center", ncols=3)


def draw_surface(
    path: FilePath,
    axes_values: tuple[FloatArray, FloatArray],
    rise: FloatArray,
    best_fit: FloatArray,
    labels: Sequence[str],
    title: str,
) -> None:
    """Draw the 68, 90 and 95% contours of two parameters (Δ = 2.30, 4.61, 5.99) over the surface."""
    (first_power, first_label), (second_power, second_label) = (
        power_of_ten(axis, label) for axis, label in zip(axes_values, labels, strict=True)
    )
    first, second = axes_values[0] / first_power, axes_values[1] / second_power
    levels = {2.2957: "68%", 4.6052: "90%", 5.9915: "95%"}
    with figure_of(path, (6.4, 5.0)) as figure:
        axes = figure.subplots()
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
        figure.colorbar(mesh, label=r"$-2\,\Delta\ln L$", extend="max")
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
        figure.legend(loc="outside lower center")


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
) -> None:
    """Draw curves on logarithmic axes; values that are not positive are left out of each curve.

    One is ``emphasised``, a broad grey line; others stand ``beside`` it, thin and grey.
    """
    thin = zip(beside, ("--", ":", "-."), strict=False)
    grey: dict[str, dict[str, Any]] = {name: {"color": GREY, "ls": style} for name, style in thin}
    if emphasised is not None:
        grey[emphasised] = {"color": GREY, "lw": 4.0, "alpha": 0.5}
    with figure_of(path) as figure:
        axes = figure.subplots()
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
