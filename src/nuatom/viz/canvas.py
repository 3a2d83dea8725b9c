"""What the figures share: style, colours, axes, and a file that is written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np

from nuatom.files import whole_file
from nuatom.numerics.quadrature import FloatArray
from nuatom.viz.files import FilePath, check_path

__all__ = [
    "BLACK",
    "BLUE",
    "GREEN",
    "GREY",
    "ORANGE",
    "axes_of",
    "cycle",
    "figure_of",
    "logarithmic_abscissa",
    "number",
    "power_of_ten",
    "shown_figure",
]

_STYLE: Final[Any] = {
    "font.size": 11.0,
    "axes.titlesize": 11.0,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "savefig.dpi": 160,
    # Whatever a user's matplotlibrc says: labels are written for matplotlib's own mathematics, and there may
    # be no TeX here.
    "text.usetex": False,
    "axes.unicode_minus": True,
    "svg.hashsalt": "nuatom",
}
# Okabe & Ito's palette: told apart by colour-blind readers and in grey.
BLUE, ORANGE, GREEN, GREY, BLACK = "#0072B2", "#D55E00", "#009E73", "#8A8A8A", "#1A1A1A"
PALETTE: Final = (BLUE, ORANGE, GREEN, "#CC79A7", "#E69F00", "#56B4E9", GREY, BLACK)


@contextmanager
def figure_of(path: FilePath, size: tuple[float, float] = (7.0, 4.5)) -> Iterator[Any]:
    """A figure that is written whole when the block ends well, and not at all when it does not."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    target = check_path(path)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, layout="constrained")
        yield figure
        _draw_as_written(figure)
        with whole_file(target) as temporary:
            figure.savefig(temporary)


@contextmanager
def axes_of(path: FilePath | None, axes: Any = None, size: tuple[float, float] = (7.0, 4.5)) -> Iterator[Any]:
    """Axes to draw in: those given; of a file that is written; or, without a path, of a notebook's figure."""
    if axes is not None:
        yield axes
    elif path is not None:
        with figure_of(path, size) as figure:
            yield figure.subplots()
    else:
        with shown_figure(size) as figure:
            yield figure.subplots()


@contextmanager
def shown_figure(size: tuple[float, float] = (7.0, 4.5)) -> Iterator[Any]:
    """A figure of pyplot, which notebooks show by themselves and scripts with ``plt.show()``."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    with mpl.rc_context(_STYLE):
        figure = plt.figure(figsize=size, layout="constrained")
        yield figure
        _draw_as_written(figure)


def _draw_as_written(figure: Any) -> None:
    """Take dollar signs literally where what stands between them is no mathematics: titles are a user's."""
    from matplotlib.mathtext import MathTextParser
    from matplotlib.text import Text

    parser = MathTextParser("path")
    for text in figure.findobj(Text):
        if "$" not in text.get_text():
            continue
        try:
            parser.parse(text.get_text())
        except ValueError:
            text.set_parse_math(False)


def logarithmic_abscissa(axes: Any, first: float, last: float) -> None:
    """Plain numbers at 1, 2, 5 where the axis spans so little that powers of ten would stand alone."""
    axes.set_xscale("log")
    if first > 0.0 and last < 300.0 * first and first > 1e-4 and last < 1e5:
        from matplotlib.ticker import LogLocator, NullFormatter

        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter(NullFormatter())


def cycle(count: int) -> list[str]:
    """Colours of so many curves."""
    return [PALETTE[i % len(PALETTE)] for i in range(count)]


def number(value: float) -> str:
    """Three digits, with a proper minus sign."""
    return f"{value:.3g}".replace("-", "−")


def power_of_ten(values: FloatArray, label: str) -> tuple[float, str]:
    """Power of ten to divide an axis by, and the axis label that says so before its unit."""
    exponent = int(np.floor(np.log10(np.abs(values).max())))
    if -2 <= exponent <= 3:
        return 1.0, label
    return 10.0**exponent, label.replace("[", rf"[$10^{{{exponent}}}$ ", 1)
