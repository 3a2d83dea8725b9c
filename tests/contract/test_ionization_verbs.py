"""Every verb takes ``--model ipm``, and says what to do where there is no table."""

import json

import pytest
from click.testing import CliRunner

from nuatom import Target
from nuatom.atoms.tables import files as table_files
from nuatom.atoms.tables import store as table_store
from nuatom.cli import cli
from nuatom.media import find_medium


@pytest.fixture(autouse=True)
def no_user_tables(tmp_path, monkeypatch):
    monkeypatch.setenv(table_files.FOLDER_VARIABLE, str(tmp_path))


def answer(*arguments):
    result = CliRunner().invoke(cli, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("process", "keys"),
    [
        (("cross-section", "NaI", "--energy-kev", "300", "--recoil-kev", "1,10"), ("weak", "magnetic")),
        (("rate", "Ge", "--flux", "solar-gs98", "--recoil-kev", "1,10"), ("total",)),
    ],
)
def test_cross_sections_and_rates(process, keys):
    real, step = (
        answer(*process, "--model", model, "--magnetic-moment", "1e-11") for model in ("ipm", "stepping")
    )
    assert real["inputs"]["model"] == "ipm"
    for key in keys:
        for mine, theirs in zip(real[key], step[key], strict=True):
            assert 0.9 < mine / theirs < 1.1
            assert mine != theirs


@pytest.mark.parametrize("model", ["ipm", "rpa"])
def test_nothing_happens_below_the_lowest_edge(model):
    """5p of xenon, 11.97 eV; warnings are errors here."""
    found = answer(
        "rate", "Xe", "--flux", "solar-gs98", "--recoil-kev", "0.001,0.0119,0.0121", "--model", model
    )
    below, above = found["total"][:2], found["total"][2]
    assert below == [0.0, 0.0]
    assert above > 0.0


def test_limit():
    real = answer("limit", "xenonnt-sr0", "magnetic-moment", "--model", "ipm")
    step = answer("limit", "xenonnt-sr0", "magnetic-moment", "--model", "stepping")
    assert real["inputs"]["model"] == "ipm"
    assert 0.98 < real["upper"] / step["upper"] < 1.02


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("cross-section", "U", "--energy-kev", "300", "--recoil-kev", "1"), "nuatom table build U"),
        (("cross-section", "Xe", "--energy-kev", "900", "--recoil-kev", "320"), "where the table of Xe ends"),
    ],
)
def test_what_no_table_covers_is_refused(arguments, names):
    result = CliRunner().invoke(cli, [*arguments, "--model", "ipm"])
    assert result.exit_code != 0
    assert names in str(result.exception)


def test_shipped_tables_are_listed_and_shown():
    assert "tables/Xe-ipm.npz" in answer("table", "list")["shipped"]
    assert answer("table", "show", "He")["path"] == "nuatom:tables/He-ipm.npz"


@pytest.mark.parametrize(
    "arguments",
    [
        ("cross-section", "NaI", "--energy-kev", "300", "--recoil-kev", "1"),
        ("rate", "Ge", "--flux", "solar-gs98", "--recoil-kev", "1"),
        ("limit", "xenonnt-sr0", "magnetic-moment"),
        ("spectrum", "xenonnt-sr0"),
        ("scan", "xenonnt-sr0", "magnetic-moment", "--points", "3"),
    ],
)
def test_results_name_their_tables_with_hashes(arguments):
    target = {"cross-section": ("Na", "I"), "rate": ("Ge",)}.get(arguments[0], ("Xe",))
    expected = {
        f"{symbol}-ipm": f"sha256:{table_store.find_table(symbol, 'ipm').sha256}" for symbol in target
    }
    if arguments[1] == "xenonnt-sr0":
        name, digest = find_medium(Target("Xe", "liquid")).identity
        expected[name] = digest
    assert answer(*arguments, "--model", "ipm")["tables"] == expected
    assert "tables" not in answer(*arguments, "--model", "stepping")


def test_theory_spread_is_an_input_and_brings_its_tables():
    verb = ("limit", "xenonnt-sr0", "magnetic-moment", "--model", "stepping")
    found, plain = answer(*verb, "--theory-spread", "ipm"), answer(*verb)
    assert (found["inputs"]["model"], found["inputs"]["theory_spread"]) == ("stepping", "ipm")
    assert "theory_spread" not in plain["inputs"]
    assert list(found["tables"]) == ["Xe-ipm", "liquid-xenon"]
    assert plain["upper"] < found["upper"] < 1.02 * plain["upper"]
    spectrum = answer("spectrum", "xenonnt-sr0", "--theory-spread", "free", "--magnetic-moment", "1e-11")
    assert -1.0 <= spectrum["theory_pull"] <= 1.0
    text = CliRunner().invoke(cli, ["spectrum", "xenonnt-sr0", "--theory-spread", "free"])
    assert "of the way from stepping to free" in text.output


@pytest.mark.parametrize("verb", [("limit", "magnetic-moment"), ("scan", "charge"), ("spectrum",)])
def test_a_spread_to_no_other_model_is_refused(verb):
    result = CliRunner().invoke(cli, [verb[0], "xenonnt-sr0", *verb[1:], "--theory-spread", "stepping"])
    assert result.exit_code != 0
    assert "another model" in str(result.exception)
