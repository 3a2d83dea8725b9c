"""Responses for other programs, read back: against another code's files, and against the tables."""

import csv
import json
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose

import nuatom
from nuatom.atoms import COMPONENTS, find_responses, find_table
from nuatom.atoms.target import element
from nuatom.cli import cli

ATOMS = tomllib.loads((Path(__file__).parent / "ampsci_kion.toml").read_text())["atom"]


@pytest.mark.parametrize("atom", ATOMS, ids=lambda atom: str(atom["Z"]))
def test_kion_is_the_published_one_where_few_multipoles_are_enough(atom):
    """Six are at momenta well below the ridge; what is left is the field of the ion (test_ampsci_kion)."""
    energy = [point["transfer"] for point in atom["point"]]
    made = json.loads(
        json.dumps(nuatom.responses(element(atom["Z"]).symbol, "ipm").to_kion(energy, atom["momentum"]))
    )
    assert made["transfer_hartree"] == energy
    assert made["momentum_per_bohr"] == atom["momentum"]
    compared = 0
    for row, point in enumerate(atom["point"]):
        below = np.array(atom["momentum"]) < 0.4 * np.sqrt(2.0 * energy[row])
        for ours, theirs in (("v", "vector_00"), ("pv", "axial_00")):
            mine = np.array(made[ours][row], dtype=float)
            chosen = below & np.isfinite(mine)
            compared += int(chosen.sum())
            assert_allclose(mine[chosen], np.array(point[theirs])[chosen], rtol=0.05)
    assert compared >= 24


def test_numbers_are_those_of_the_tables():
    found = nuatom.responses("Ge")
    assert (found.model, found.symbol) == ("rpa", "Ge")
    transfer, momentum = np.array([0.1, 0.5, 20.0]), np.array([0.3, 30.0, 200.0])
    values = found.at(transfer, momentum)
    assert values.shape == (9, 3, 3)
    below = momentum < transfer[:, None]
    assert np.isnan(values[:, below]).all()
    direct = find_responses("Ge", "rpa").on_momenta(transfer, np.maximum(momentum, transfer[:, None]))
    np.testing.assert_array_equal(values[:, ~below], direct[:, ~below])
    np.testing.assert_array_equal(
        found.relative_error(transfer), find_responses("Ge", "rpa").relative_error(transfer)
    )
    alone = nuatom.responses("Ge", "ipm")
    parts = sum(alone.by_subshell(transfer, momentum).values())
    assert_allclose(parts, alone.at(transfer, momentum), rtol=1e-12)
    assert list(alone.subshells) == list(find_table("Ge").labels)
    assert set(found.tables) == {"Ge-ipm", "Ge-rpa"}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(("Ge", "free"), "model"), (("Gee",), "target"), (("CsI",), "target")],
)
def test_what_there_is_none_of_is_refused(arguments, named):
    with pytest.raises(nuatom.InputError, match=named):
        nuatom.responses(*arguments)
    with pytest.raises(nuatom.DataError, match="table build Te"):
        nuatom.responses("Te")
    with pytest.raises(nuatom.InputError, match="momentum_kev"):
        nuatom.responses("Ge").at([1.0], [-1.0])
    with pytest.raises(nuatom.InputError, match="transfer_kev"):
        nuatom.responses("Ge").at([1e4], [2e4])


def test_hdf5_is_read_back(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "ar.h5"
    done = CliRunner().invoke(cli, ["export", "Ar", "--format", "hdf5", "--out", str(path)])
    assert (done.exit_code, done.output) == (0, "")
    found = nuatom.responses("Ar")
    transfer, momentum = found.grid()
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["transfer_kev"][:], transfer)
        for name, values in zip(COMPONENTS, found.at(transfer, momentum), strict=True):
            np.testing.assert_array_equal(file[name][:], values)
        assert file.attrs["model"] == "rpa"
        assert file["subshells"]["1s1_2"].attrs["electrons"] == 2.0


def test_tables_of_each_subshell_are_read_back():
    done = CliRunner().invoke(cli, ["export", "He", "--format", "per-shell"])
    rows = list(csv.DictReader(done.output.splitlines()))
    assert {row["subshell"] for row in rows} == {"1s1/2"}
    row = rows[len(rows) // 3]
    transfer, momentum = float(row["transfer_kev"]), float(row["momentum_kev"])
    values = nuatom.responses("He", "ipm").at([transfer], [momentum])
    density, transverse = (values[COMPONENTS.index(name), 0, 0] for name in ("vector_00", "vector_11"))
    # Six digits of each of four numbers.
    assert_allclose([float(row["S_per_kev"]), float(row["R_per_kev"])], [density, transverse], rtol=1e-4)


@pytest.mark.parametrize(("package", "make"), [("h5py", "to_hdf5"), ("xarray", "to_xarray")])
def test_a_package_that_is_missing_is_named(monkeypatch, tmp_path, package, make):
    monkeypatch.setitem(sys.modules, package, None)
    arguments = [tmp_path / "x.h5"] if make == "to_hdf5" else []
    with pytest.raises(nuatom.InputError, match="pip install"):
        getattr(nuatom.responses("He"), make)(*arguments)


def test_xarray_has_the_same():
    pytest.importorskip("xarray")
    found = nuatom.responses("He")
    data = found.to_xarray([0.1, 1.0], [2.0, 5.0])
    np.testing.assert_array_equal(data["vector_00"].values, found.at([0.1, 1.0], [2.0, 5.0])[0])
    assert data.attrs["symbol"] == "He"


def test_formats_belong_to_what_is_exported():
    for arguments in (["Ge", "--format", "pyhf"], ["Ge", "--format", "hdf5"]):
        result = CliRunner().invoke(cli, ["export", *arguments])
        assert result.exit_code != 0
