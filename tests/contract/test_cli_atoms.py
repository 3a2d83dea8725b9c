"""The verbs about atoms: what they print, draw and refuse."""

import json

import numpy as np
import pytest

import nuatom
from nuatom.archives import read_archive, write_archive
from nuatom.atoms.independent.response import response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.tables.archive import load_table
from nuatom.atoms.tables.parts import Work
from nuatom.atoms.tables.response_build import build_table
from nuatom.constants import CM2_PER_INVERSE_KEV2, FINE_STRUCTURE
from nuatom.data.bibliography import bibliography

SLATER = ["--method", "dirac-slater"]
ATOM = ["atom", "He"]
RESPONSE = ["response", "He", *SLATER, "--transfer-kev", "0.01,0.1,0.3", "--momentum-kev", "0.5:20:4log"]
PHOTO = ["photoabsorption", "He", *SLATER, "--energy-kev", "0.01,0.1,0.5"]
BUILD = [*SLATER, "--highest-transfer-kev", "0.05", "--accuracy", "0.3", "--jobs", "1"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Tables of one module, so that helium's is built once."""
    return tmp_path_factory.mktemp("tables")


@pytest.fixture
def run(run, monkeypatch, folder):
    """Run the command line on the tables of this module."""
    monkeypatch.setenv("NUATOM_TABLES", str(folder))
    return run


@pytest.fixture
def run_json(run):
    def call(*arguments):
        code, out, err = run(*arguments, "--json")
        assert (code, err) == (0, "")
        assert out.count("\n") == 1, "one object, on one line"
        found = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
        assert found["schema"] == f"nuatom.{'-'.join(arguments[: 1 + (arguments[0] == 'table')])}/1"
        assert found["version"] == nuatom.__version__
        assert found["citations"][0] == "nuatom"
        assert set(found["citations"]) <= set(bibliography())
        return found

    return call


@pytest.fixture
def table(run, folder):
    path = folder / "He-ipm.table.npz"
    if not path.exists():
        assert run("table", "build", "He", *BUILD)[0] == 0
    return path


@pytest.fixture
def damaged(table):
    """A function that changes the table, which is put back afterwards."""
    content = table.read_bytes()
    yield lambda change: change(table)
    table.write_bytes(content)


# --- JSON


def test_atom(run_json):
    found = run_json(*ATOM)
    assert {"orbitals", "total_energy_hartree", "iterations", "residual"} <= set(found)
    (orbital,) = found["orbitals"]
    assert set(orbital) == {"label", "n", "kappa", "occupation", "energy_ev", "edge_ev"}
    assert (orbital["label"], orbital["n"], orbital["kappa"], orbital["occupation"]) == ("1s1/2", 1, -1, 2.0)
    state = ground_state(2)
    assert found["total_energy_hartree"] == state.total_energy
    # Hartree-Fock: ε = −0.917956 hartree; the measured ionization energy is 24.587 eV.
    assert orbital["energy_ev"] == pytest.approx(-0.917956 * 27.211386, rel=1e-4, abs=0.0)
    assert orbital["edge_ev"] == pytest.approx(24.6, rel=2e-3, abs=0.0)
    assert found["residual"] <= 1e-10


def test_no_option_of_atom_is_ignored(run_json):
    plain = run_json("atom", "Ne")["total_energy_hartree"]
    for option in (SLATER, ["--nucleus", "point"], ["--charge", "1"]):
        assert run_json("atom", "Ne", *option)["total_energy_hartree"] != plain, option


def test_elements_beyond_uranium_have_no_edges(run_json):
    found = run_json("atom", "Pu", *SLATER)
    assert [orbital["edge_ev"] for orbital in found["orbitals"]] == [None] * len(found["orbitals"])


def test_response(run_json):
    found = run_json(*RESPONSE)
    assert found["transfer_kev"] == [0.01, 0.1, 0.3]
    shape = (3, 4)
    for key in ("S_per_kev", "R_per_kev", "truncation_error"):
        assert np.shape(found[key]) == shape, key
    assert {label: np.shape(values) for label, values in found["subshells"].items()} == {"1s1/2": shape}
    direct = response(ground_state(2, "dirac-slater"), found["transfer_kev"], found["momentum_kev"])
    np.testing.assert_array_equal(found["S_per_kev"], direct.component("vector_00"))
    np.testing.assert_array_equal(found["R_per_kev"], direct.component("vector_11"))
    assert np.all(np.array(found["S_per_kev"])[1:] > 0.0)


def test_below_every_threshold_nothing_answers_and_the_text_says_so(run, run_json):
    assert run_json(*RESPONSE)["S_per_kev"][0] == [0.0] * 4
    code, out, _ = run(*RESPONSE)
    assert code == 0
    assert out.count("below every threshold") == 1
    assert run_json(*PHOTO)["sigma_mb"][0] == 0.0
    assert "below every threshold" in run(*PHOTO)[1]


def test_response_of_an_ion(run_json):
    # An electron alone sees twice hydrogen's charge: S(T, Q) = S_H(T/4, Q/2)/4, but for relativity, (2α)².
    ion = ["response", "He", "--charge", "1", "--transfer-kev", "0.08,0.4", "--momentum-kev", "2,4,8"]
    hydrogen = ["response", "H", "--transfer-kev", "0.02,0.1", "--momentum-kev", "1,2,4"]
    found, scaled = run_json(*ion), run_json(*hydrogen)
    assert found["inputs"]["charge"] == 1
    assert found["edges_kev"]["1s1/2"] == pytest.approx(4 * scaled["edges_kev"]["1s1/2"], rel=5e-4, abs=0.0)
    for row, other in zip(found["S_per_kev"], scaled["S_per_kev"], strict=True):
        assert row == pytest.approx([value / 4 for value in other], rel=3e-3, abs=0.0)


def test_thresholds_of_a_response(run_json):
    calculated, measured = (run_json(*RESPONSE, "--thresholds", t) for t in ("calculated", "measured"))
    assert measured["inputs"]["thresholds"] == "measured"
    assert measured["edges_kev"]["1s1/2"] == pytest.approx(0.0246, rel=2e-3, abs=0.0)
    assert measured["edges_kev"] != calculated["edges_kev"]
    assert measured["S_per_kev"][1] != calculated["S_per_kev"][1]
    assert "Schoonjans:2011" in measured["citations"]


def test_photoabsorption(run_json):
    found = run_json(*PHOTO)
    assert found["energy_kev"] == [0.01, 0.1, 0.5]
    np.testing.assert_array_equal(found["subshells"]["1s1/2"], found["sigma_mb"])
    # Samson and Stolte, J. Electron Spectrosc. 123 (2002) 265: 0.40 Mb at 100 eV; an independent
    # particle in a Slater potential has no better than a fifth.
    assert found["sigma_mb"][1] == pytest.approx(0.40, rel=0.2, abs=0.0)


def test_table_build_list_verify_show(run_json, run, table):
    summary = {"path", "sha256", "subshells", "edges_kev", "error", "recipe"}
    shown, verified = run_json("table", "show", "He"), run_json("table", "verify", "He")
    for found in (shown, verified):
        assert summary <= set(found)
        assert found["sha256"] == load_table(table).sha256
        assert found["subshells"] == ["1s1/2"]
    assert json.loads(shown["recipe"])["thresholds"] == "calculated"
    listed = run_json("table", "list")
    assert (listed["folder"], listed["tables"]) == (str(table.parent), [table.name])
    again = run_json("table", "build", "He", *BUILD)
    assert summary <= set(again)
    assert again["sha256"] == shown["sha256"]
    assert [path.name for path in table.parent.iterdir()] == [table.name], "parts are gone"
    for verb in (["list"], ["verify", "He"], ["show", "He"]):
        code, out, err = run("table", *verb)
        assert (code, err) == (0, "")
        assert out.strip()


def test_table_with_measured_thresholds(run_json, monkeypatch, tmp_path):
    monkeypatch.setenv("NUATOM_TABLES", str(tmp_path))
    found = run_json("table", "build", "He", *BUILD, "--thresholds", "measured")
    assert json.loads(found["recipe"])["thresholds"] == "measured"
    assert found["edges_kev"] == pytest.approx([0.0246], rel=2e-3, abs=0.0)


# --- Text and figures


@pytest.mark.parametrize("arguments", [ATOM, RESPONSE, PHOTO], ids=lambda a: a[0])
def test_text_is_for_people(run, arguments):
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    assert out.count("\n") > 1
    assert "nan" not in out.lower().split()


@pytest.mark.parametrize(
    "arguments", [ATOM, RESPONSE, PHOTO, ["table", "show", "He"]], ids=lambda a: "-".join(a[:2])
)
def test_figures(run, table, tmp_path, arguments):
    path = tmp_path / "figure.png"
    code, out, _ = run(*arguments, "--plot", str(path))
    assert code == 0
    assert str(path) in out
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


# --- Bad input

MOMENTA = ["--momentum-kev", "5,10"]
REFUSED = {
    "unknown element": (["atom", "Zz"], "target", "'Zz'", "chemical symbol"),
    "compound": (["atom", "CsI"], "target", "'CsI'", "chemical symbol"),
    "unknown element of a response": (
        ["response", "Q", "--transfer-kev", "1", *MOMENTA], "target", "'Q'", "chemical symbol"
    ),
    "unknown element of photoabsorption": (
        ["photoabsorption", "Zz", "--energy-kev", "1"], "target", "'Zz'", "chemical symbol"
    ),
    "unknown element of a table": (["table", "build", "Zz"], "target", "'Zz'", "chemical symbol"),
    "bare nucleus": (["atom", "Ne", "--charge", "10"], "charge", "10", ""),
    "negative ion": (["atom", "Ne", "--charge", "-1"], "charge", "-1", ""),
    "charge that is no whole number": (["atom", "Ne", "--charge", "1.5"], "--charge", "'1.5'", "integer"),
    "unknown nucleus": (["atom", "Ne", "--nucleus", "cube"], "nucleus", "'cube'", "fermi"),
    "unknown method": (["atom", "Ne", "--method", "dft"], "method", "'dft'", "dirac-fock"),
    "unknown method of a response": ([*RESPONSE, "--method", "dft"], "method", "'dft'", "dirac-fock"),
    "unknown method of photoabsorption": ([*PHOTO, "--method", "dft"], "method", "'dft'", "dirac-fock"),
    "unknown method of a table": (
        ["table", "build", "Ne", "--method", "dft"], "method", "'dft'", "dirac-fock"
    ),
    "exchange of open shells": (
        ["response", "Ge", "--transfer-kev", "0.05", *MOMENTA, "--model", "rpa", "--method", "dirac-fock"],
        "method", "'dirac-fock'", "where shells are open",
    ),
    "unknown model": ([*RESPONSE, "--model", "magic"], "model", "'magic'", "ipm"),
    "method beside correlation": ([*PHOTO, "--model", "rpa"], "method", "dirac-slater", "with correlation"),
    "method of a response beside correlation": (
        [*RESPONSE, "--model", "rpa"], "method", "dirac-slater", "with correlation"
    ),
    "average of independent electrons": (
        [*PHOTO, "--half-width-kev", "0.01"], "half_width_kev", "0.01", "model rpa"
    ),
    "negative average of photoabsorption": (
        ["photoabsorption", "He", "--model", "rpa", "--energy-kev", "0.1", "--half-width-kev", "-1"],
        "half_width_kev", "-1", ">= 0",
    ),
    "unknown model of photoabsorption": ([*PHOTO, "--model", "magic"], "model", "'magic'", "ipm"),
    "unknown model of a table": (["table", "build", "Ne", "--model", "magic"], "model", "'magic'", "ipm"),
    "unknown thresholds": (
        [*RESPONSE, "--thresholds", "guessed"], "thresholds", "'guessed'", "calculated or measured"
    ),
    "unknown thresholds of a table": (
        ["table", "build", "He", *BUILD, "--thresholds", "guessed"], "thresholds", "'guessed'", "measured"
    ),
    "less momentum than energy": (
        ["response", "He", "--transfer-kev", "1,10", *MOMENTA], "momentum_kev", "5", "at least the transfer"
    ),
    "momenta that fall": (
        ["response", "He", "--transfer-kev", "1", "--momentum-kev", "9,7"], "momentum_kev", "9", "increasing"
    ),
    "transfer of 0": (["response", "He", "--transfer-kev", "0", *MOMENTA], "transfer_kev", "0", "positive"),
    "momentum beyond all grids": (
        [*RESPONSE[:-1], "1e6"], "momentum_kev", "1000000", "at most 5000 keV"
    ),
    "momentum beyond all memory": ([*RESPONSE[:-1], "1e12"], "momentum_kev", "1000000", "at most 5000 keV"),
    "transfer beyond all grids": (
        ["response", "He", "--transfer-kev", "1e5", "--momentum-kev", "1e6"], "transfer_kev", "100000",
        "at most 1000 keV"
    ),
    "photon beyond all grids": ([*PHOTO[:-1], "1e12"], "energy_kev", "1000000", "at most 1000 keV"),
    "accuracy next to zero": ([*RESPONSE, "--accuracy", "1e-320"], "accuracy", "1e-320", "1e-08 or more"),
    "ion with correlation": (
        [*RESPONSE[:2], *RESPONSE[4:], "--model", "rpa", "--charge", "1"], "charge", "1", "correlation"
    ),
    "ion without electrons": ([*RESPONSE, "--charge", "2"], "charge", "2", "0 to"),
    "accuracy of zero": ([*RESPONSE, "--accuracy", "0"], "accuracy", "0", "between 0 and 1"),
    "accuracy of a table": (
        ["table", "build", "He", *BUILD[:-4], "--accuracy", "2", "--jobs", "1"], "accuracy", "2", "0 and 1"
    ),
    "correlation at high transfers": (
        ["table", "build", "Ge", "--model", "rpa", "--highest-transfer-kev", "500", "--jobs", "1"],
        "highest_transfer_kev", "500", "up to 300 keV"
    ),
    "negative photon energy": (
        ["photoabsorption", "He", *SLATER, "--energy-kev", "-1"], "energy_kev", "-1", "positive"
    ),
    "map of one transfer": (
        ["response", "He", *SLATER, "--transfer-kev", "0.1", *MOMENTA, "--plot", "x.png"], "plot", "", "two"
    ),
    "no processes": (["table", "build", "He", "--jobs", "0"], "--jobs", "0", "x>=1"),
    "table that was not built": (["table", "show", "Fe"], "Fe", "", "nuatom table build Fe"),
    "verifying a table that was not built": (["table", "verify", "Fe"], "Fe", "", "nuatom table build Fe"),
}  # fmt: skip


def refused(run, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("nuatom: ")
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize("name", REFUSED)
def test_refused(run, name):
    arguments, *parts = REFUSED[name]
    line = refused(run, arguments)
    for part in parts:
        assert part in line, line
    assert refused(run, [*arguments, "--json"]) == line


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def alter(path):
    with np.load(path) as archive:
        members = {name: archive[name] for name in archive.files}
    members["values_per_kev_0"][0, 0, 0] *= 1.0 + 1e-12
    np.savez_compressed(path, **members)


def other_version(path):
    arrays, text, _ = read_archive(path)
    content = json.loads(text)
    content["format"] = "nuatom.response-table/0"
    write_archive(path, arrays, json.dumps(content))


@pytest.mark.parametrize(
    ("change", "reason"),
    [(cut, "damaged"), (alter, "SHA-256"), (other_version, "nuatom.response-table/0")],
    ids=["truncated", "altered", "another version"],
)
@pytest.mark.parametrize("verb", ["show", "verify"])
def test_damaged_tables_are_refused(run, damaged, table, change, reason, verb):
    damaged(change)
    line = refused(run, ["table", verb, "He"])
    assert reason in line
    assert str(table) in line


def test_parts_of_another_recipe_are_refused(run, monkeypatch, tmp_path):
    monkeypatch.setenv("NUATOM_TABLES", str(tmp_path))
    parts = tmp_path / "He-ipm.table.parts"
    options = {"highest_transfer_kev": 0.05, "accuracy": 0.3}
    build_table(2, method="dirac-slater", momenta=9, work=Work(parts=parts), **options)
    line = refused(run, ["table", "build", "He", *BUILD])
    assert f"{parts}: finished parts of another recipe" in line
    assert "remove it" in line


def test_correlated_photoabsorption_of_helium(run_json):
    """Measured (Henke): 7.40 Mb at 25.5 eV and 1.445 Mb at 60 eV."""
    found = run_json("photoabsorption", "He", "--model", "rpa", "--energy-kev", "0.0255,0.06")
    assert found["correlated"] == [True, True]
    np.testing.assert_allclose(found["sigma_mb"], [7.40, 1.445], rtol=0.05)


def test_correlated_response_meets_the_photon_line(run_json):
    """KS11 (17): 4π²α R(T, Q = T)/T is the photoabsorption cross section, 1.445 Mb measured at 60 eV."""
    arguments = ["response", "He", "--transfer-kev", "0.06", "--momentum-kev", "0.06,2"]
    together = run_json(*arguments, "--model", "rpa")
    scale = 4.0 * np.pi**2 * FINE_STRUCTURE * CM2_PER_INVERSE_KEV2 * 1e18 / 0.06
    np.testing.assert_allclose(scale * together["R_per_kev"][0][0], 1.445, rtol=0.05)
    assert together["S_per_kev"] != run_json(*arguments)["S_per_kev"]


def test_photoabsorption_opens_at_the_measured_edge(run_json):
    """Neon's K edge is measured at 870 eV, and calculated at 893."""
    arguments = ["photoabsorption", "Ne", *SLATER, "--energy-kev", "0.88"]
    measured = run_json(*arguments, "--thresholds", "measured")["subshells"]["1s1/2"]
    assert measured[0] > 0.0
    calculated = run_json("photoabsorption", "Ne", "--energy-kev", "0.88")["subshells"]["1s1/2"]
    assert calculated[0] == 0.0


@pytest.mark.parametrize("typed", ["lb94", "dirac-lb94"])
def test_inputs_hold_what_was_typed_and_results_what_was_done(run_json, typed):
    atom = run_json("atom", "He", "--method", typed)
    assert (atom["inputs"]["method"], atom["mean_field"]) == (typed, "dirac-lb94")
    assert atom["total_energy_hartree"] == ground_state(2, "dirac-lb94").total_energy
    response = ["response", "He", "--transfer-kev", "0.06", "--momentum-kev", "0.5"]
    for verb in (["photoabsorption", "He", "--energy-kev", "0.06"], response):
        found = run_json(*verb, "--model", "rpa", "--method", typed)
        assert (found["inputs"]["method"], found["inputs"]["model"]) == (typed, "rpa")
        assert (found["mean_field"], found["interaction"]) == ("dirac-lb94", "tdlda")
        usual = run_json(*verb)
        assert "method" not in usual["inputs"]
        assert (usual["mean_field"], usual["interaction"]) == ("dirac-fock", "none")


@pytest.mark.parametrize("method", ["dirac-fock", "lda", "lb94"])
def test_nothing_is_absorbed_below_every_threshold(run, run_json, method):
    """Discrete lines lie there; between them the solution of the equations is rounding of either sign."""
    verb = ["photoabsorption", "He", "--model", "rpa", "--method", method, "--energy-kev", "0.005,0.01,0.05"]
    sigma = run_json(*verb)["sigma_mb"]
    assert sigma[:2] == [0.0, 0.0]
    assert sigma[2] > 0.0
    assert run(*verb)[1].count("below every threshold") == 2
    verb = ["response", "He", "--model", "rpa", "--method", method, "--transfer-kev", "0.01,0.05"]
    found = run_json(*verb, "--momentum-kev", "1,2")
    for name in ("S_per_kev", "R_per_kev"):
        assert found[name][0] == [0.0, 0.0]
        assert min(found[name][1]) > 0.0
