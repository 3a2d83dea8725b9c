"""Figures from arrays: bands, logarithmic ordinates and rows of intervals are drawn and written."""

import numpy as np
import pytest

from nuatom.errors import InputError
from nuatom.viz import draw_intervals, draw_lines

X = np.geomspace(0.1, 10.0, 20)


def written(path):
    return path.stat().st_size


def test_a_band_is_something_to_see(tmp_path):
    y = 1.0 + 0.1 * np.sin(X)
    options = {"x_label": "x", "y_label": "y", "title": "t", "x_range": (0.1, 10.0)}
    plain, banded, logarithmic = (tmp_path / f"{name}.svg" for name in ("plain", "banded", "logarithmic"))
    draw_lines(plain, X, {"a": y, "b": 2.0 * y}, **options)
    draw_lines(banded, X, {"a": y, "b": 2.0 * y}, bands={"b": (1.8 * y, 2.2 * y)}, **options)
    draw_lines(logarithmic, X, {"a": y}, y_logarithmic=True, y_range=(0.5, 5.0), **options)
    assert written(banded) > written(plain)
    assert written(logarithmic) > 0


def test_intervals_with_open_ends(tmp_path):
    rows = {"one": (None, 0.0, 2e-12), "two": (-1e-12, 5e-13, 3e-12)}
    draw_intervals(tmp_path / "i.png", {"a [e]": rows, "b [e]": rows}, "t")
    assert written(tmp_path / "i.png") > 0
    with pytest.raises(InputError, match="plot"):
        draw_intervals(tmp_path / "i.txt", {"a": rows}, "t")
