"""A second quantity beside energy: counts are shared out among its bins, or refused."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nuatom.detectors import Axis, Detector, EnergyShares, TimeWindow
from nuatom.errors import InputError
from nuatom.experiments import experiment

F90 = Axis("F90", "", (0.5, 0.7, 0.9))


def test_shares_are_of_each_bin_of_energy():
    plain = Detector(1.0, (1.0, 2.0, 4.0))
    shares = EnergyShares(
        F90, ((0.25, 0.75), (1.0, 0.0)), (("F90", ((0.5, 0.5), (1.0, 0.0)), ((0.0, 1.0), (1.0, 0.0))),)
    )
    both = replace(plain, beside=shares, time=TimeWindow((0.0, 1.0)))
    recoil = np.array([1.5, 3.0])
    assert [axis.quantity for axis in both.axes] == ["reconstructed energy", "F90", "time"]
    assert_allclose(both.response(recoil), [[0.25, 0.75, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]])
    (varied,) = both.variations
    assert varied.name == "F90"
    assert_allclose(varied.plus.response(recoil)[0], [0.5, 0.5, 0.0, 0.0])
    assert_allclose(varied.minus.response(recoil)[0], [0.0, 1.0, 0.0, 0.0])
    assert varied.plus.variations == ()


@pytest.mark.parametrize(
    "rows", [((0.5, 0.5), (0.5,)), ((0.5, -0.1), (0.5, 0.5)), ((0.5, float("nan")), (0.5, 0.5))]
)
def test_shares_that_do_not_fit_are_refused(rows):
    with pytest.raises(InputError, match="shares rows"):
        EnergyShares(F90, rows)
    with pytest.raises(InputError, match="shares F90"):
        EnergyShares(F90, ((0.5, 0.5), (0.5, 0.5)), (("F90", rows, rows),))


def test_shares_of_other_bins_of_energy_are_refused():
    with pytest.raises(InputError, match="beside"):
        Detector(1.0, (1.0, 2.0, 4.0), beside=EnergyShares(F90, ((0.5, 0.5),)))
    with pytest.raises(InputError, match="coherent-lar-2020: "):
        experiment("coherent-lar-2020", bins="0:120:6")


def test_where_an_efficiency_of_the_true_energy_ends():
    """A table that begins with zero and has zero below it: no recoil below its first value is counted."""
    from nuatom.detectors import Efficiency

    table = Efficiency((1.0, 2.0, 3.0, 4.0), (0.0, 0.0, 0.5, 0.0), 0.0, 0.0)
    assert table.support_kev == (2.0, 4.0)
    assert replace(table, below=0.1, above=0.2).support_kev == (0.0, float("inf"))
    detector = Detector(1.0, (0.0, 10.0), table, efficiency_of="true")
    assert detector.recoil_range_kev == (2.0, 4.0)
    assert replace(detector, efficiency_of="reconstructed").recoil_range_kev == (0.0, 10.0)


def test_a_file_without_the_axis_is_refused(tmp_path):
    from nuatom.data import read_bytes

    text = read_bytes("experiments/coherent-lar-2020.toml").decode()
    assert tomllib.loads(text)["channels"][0]["response"]["shares"]
    for name in ("", "-f90", "-efficiency"):
        file = f"coherent-lar-2020{name}.csv"
        (tmp_path / file).write_bytes(read_bytes(f"experiments/{file}"))
    wrong = tmp_path / r"wrong\.toml"
    wrong.write_text(text.replace('{ quantity = "F90", unit = "", bins = "0.5:0.9:8" },', ""))
    with pytest.raises(InputError, match="one for each of 120 bins"):
        experiment(wrong)
