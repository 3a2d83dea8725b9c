"""``nuatom optical``: keys, columns, figure and refusals."""

import json

import numpy as np
import pytest

import nuatom
from nuatom.data.bibliography import bibliography


@pytest.fixture
def run_json(run):
    def call(*arguments):
        code, out, err = run(*arguments, "--json")
        assert (code, err, out.count("\n")) == (0, "", 1)
        found = json.loads(out)
        assert (found["schema"], found["version"]) == ("nuatom.optical/1", nuatom.__version__)
        assert set(found["citations"]) <= set(bibliography())
        return found

    return call


def test_optical(run_json, tmp_path):
    figure = tmp_path / "si.png"
    found = run_json("optical", "Si", "--energy-kev", "0.001,0.0166,1", "--plot", str(figure))
    assert {"energy_ev", "n", "k", "epsilon", "loss", "f_sum", "plasma_energy_ev"} <= set(found)
    assert found["energy_ev"] == [1.0, 16.6, 1000.0]
    index = np.array(found["n"]) + 1j * np.array(found["k"])
    epsilon = np.array(found["epsilon"]["real"]) + 1j * np.array(found["epsilon"]["imaginary"])
    np.testing.assert_allclose(index**2, epsilon, rtol=1e-12)
    np.testing.assert_allclose((-1.0 / epsilon).imag, found["loss"], rtol=1e-12)
    assert found["inputs"]["phase"] == "crystal"
    assert "Franta:2017" in found["citations"]
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_phase_changes_the_answer(run_json):
    arguments = ["optical", "Xe", "--energy-kev", "0.1"]
    gas, liquid = run_json(*arguments, "--phase", "gas"), run_json(*arguments)
    assert (gas["medium"], liquid["medium"]) == ("xenon", "liquid-xenon")
    assert liquid["loss"][0] > 100.0 * gas["loss"][0]


def test_optical_as_text(run):
    code, out, _ = run("optical", "Ge")
    assert code == 0
    assert "44.13 eV" in out
    assert len(out.splitlines()) < 40


def test_refused(run):
    for arguments, words in (
        (["Xe", "--phase", "crystal"], ("phase", "'crystal'", "gas or liquid")),
        (["Ca"], ("target", "'Ca'", "silicon")),
        (["Si", "--energy-kev", "0"], ("energy_kev", "0.0", "positive")),
        (["Si", "--energy-kev", "1e5"], ("energy_kev", "100000", "20000")),
    ):
        code, out, error = run("optical", *arguments)
        assert (code, out, error.count("\n")) == (2, "", 1)
        assert all(word in error for word in words)
