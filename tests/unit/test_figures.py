"""Figures from arrays: bands, logarithmic ordinates and rows of intervals are drawn and written."""

import numpy as np
import pytest

from nuatom.errors import InputError
from nuatom.viz import draw_intervals, draw_lines, draw_listing, draw_profile, draw_shares

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


def test_listings_take_open_ends_and_both_signs(tmp_path):
    positive = [("a", None, 2e-11, None, 1e-11, False), ("b", 1e-11, 3e-11, None, None, True)]
    signed = [("a", -2e-13, 4e-13, -3e-13, 3e-13, False), ("b", None, 2e-12, None, None, True)]
    for name, rows in (("positive.png", positive), ("signed.png", signed)):
        draw_listing(tmp_path / name, rows, label="x [e]", title="t")
        assert (tmp_path / name).stat().st_size > 3000
    with pytest.raises(InputError, match=r"x\.txt"):
        draw_listing(tmp_path / "x.txt", positive, label="x")


def test_shares_are_drawn_where_there_are_some(tmp_path):
    draw_shares(tmp_path / "s.png", ["a"], ["b", "c"], np.array([[0.7, np.nan]]), label="part")
    assert (tmp_path / "s.png").stat().st_size > 3000


def test_pieces_of_an_interval_and_bands():
    value = np.linspace(-2.0, 2.0, 50)
    axes = draw_profile(
        None,
        value=value,
        rise=value**2,
        best_fit=0.0,
        value_label="x",
        title="t",
        pieces=[(None, -1.0), (0.5, 1.0)],
        bands=[(0.7, (0.5, 1.2), (0.2, 1.8))],
        highest=3.0,
        note="90% CL, feldman-cousins",
    )
    labels = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert "90% CL, feldman-cousins: −1, 0.5, 1" in labels
    assert {"68% without signal", "95% without signal", "median without signal"} < set(labels)
    bars = [line.get_xdata().tolist() for line in axes.lines if line.get_linewidth() == 5.0]
    assert bars == [[-2.0, -1.0], [0.5, 1.0]]
    assert [patch.get_extents().width > 0.0 for patch in axes.patches] == [True, True]
    assert axes.get_ylim() == (0.0, 3.0)
