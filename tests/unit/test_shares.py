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


def test_a_background_that_is_flat_before_the_detector(tmp_path):
    """Inside the range it is the efficiency, summed by hand; its number is that of the declared bins."""
    file = tmp_path / "tank.toml"
    file.write_text(SEEN)
    whole = experiment(file)
    expected = np.array(whole.channel.samples[0].counts)
    assert_allclose(expected.sum(), 400.0, rtol=1e-12)
    # Far from the edges the smearing of what is linear changes nothing: ε at the middle of a bin.
    middle = np.arange(1.5, 20.0)
    assert_allclose(
        expected[9:16] / expected[12],
        np.interp(middle, [1, 6, 20], [0.1, 0.8, 0.9])[9:16] / np.interp(13.5, [1, 6, 20], [0.1, 0.8, 0.9]),
        rtol=1e-3,
    )
    assert expected[0] < 0.3 * expected[10]
    coarse = experiment(file, bins="3:19:4").channel.samples[0].counts
    assert_allclose(coarse, expected[2:18].reshape(4, 4).sum(axis=1), rtol=1e-4)
    file.write_text(SEEN.replace(", expected = 400", ""))
    with pytest.raises(InputError, match="either expected or rate_per_tonne_year"):
        experiment(file)


def test_the_least_file_of_the_documentation_is_one(tmp_path):
    from pathlib import Path

    page = (Path(__file__).resolve().parents[2] / "docs" / "your-experiment.md").read_text()
    (tmp_path / "tank.toml").write_text(page.partition("```toml\n")[2].partition("```")[0])
    (tmp_path / "counts.csv").write_text("low,counts\n" + "".join(f"{i},20\n" for i in range(1, 20)))
    (tmp_path / "efficiency.csv").write_text("energy,efficiency\n0.5,0\n2,0.8\n25,0.9\n")
    with pytest.warns(UserWarning, match="citations"):
        tank = experiment(tmp_path / "tank.toml")
    assert_allclose(sum(tank.channel.samples[0].counts), 412.0, rtol=1e-12)


SEEN = """
name = "tank"
target = "Xe"
flux = "solar-gs98"
source = "invented"
citations = ["LZ:2025"]
[[channels]]
exposure_tonne_year = 1.0
axes = [{ bins = "1:20:19" }]
data = { counts = [5, 8, 9, 12, 16, 20, 22, 21, 22, 23, 25, 21, 24, 26, 20, 23, 24, 27, 22] }
[[channels.samples]]
name = "background"
normalisation_uncertainty = 0.05
template = { kind = "seen", expected = 400 }
[channels.response]
kind = "smear"
resolution = { kind = "gaussian", stochastic = 0.3 }
efficiency = { kind = "table", energy_kev = [1, 6, 20], value = [0.1, 0.8, 0.9], below = 0.0, above = 0.9 }
"""
