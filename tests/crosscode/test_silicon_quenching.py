"""A yield with a cut-off by binding, which Lindhard's formula leaves out, as a table of a few points."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nuatom.detectors import Lindhard, TabulatedQuenching
from nuatom.detectors.quenching import recoil_for

TABLE = tomllib.loads(Path(__file__).with_name("silicon_quenching.toml").read_text("utf-8"))
RECOIL, YIELD = np.array(TABLE["knots"]).T
SILICON = TabulatedQuenching(tuple(RECOIL.tolist()), tuple((RECOIL * YIELD).tolist()))


@pytest.mark.parametrize(("recoil", "expected"), TABLE["between"])
def test_sixteen_points_stand_for_eight_thousand(recoil, expected):
    """To 1%: the points are a factor of two or three apart, and more than the yield is hardly known to."""
    assert_allclose(SILICON(np.array(recoil)) / recoil, expected, rtol=0.01)


def test_below_the_cut_off_next_to_nothing_is_left():
    cut_off = TABLE["cut_off_kev"]
    assert SILICON(np.array(cut_off)) < 1e-4 * cut_off
    assert recoil_for(SILICON, 0.001) > cut_off


def test_binding_takes_from_lindhards_yield_the_more_the_lower_the_recoil():
    ratio = YIELD / (Lindhard.of(14, 28.085)(RECOIL) / RECOIL)
    assert np.all(np.diff(ratio) > 0.0)
    assert ratio[0] < 1e-3
    assert 0.9 < ratio[-1] < 1.0
