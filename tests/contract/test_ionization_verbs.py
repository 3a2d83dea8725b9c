"""Every verb takes ``--model ipm``, and says what to do where there is no table."""

import json

import pytest
from click.testing import CliRunner

from nuatom.atoms import table_store
from nuatom.cli import cli


@pytest.fixture(autouse=True)
def no_user_tables(tmp_path, monkeypatch):
    monkeypatch.setenv(table_store.FOLDER_VARIABLE, str(tmp_path))


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


def test_limit():
    real = answer("limit", "xenonnt-sr0", "magnetic-moment", "--model", "ipm")
    step = answer("limit", "xenonnt-sr0", "magnetic-moment", "--model", "stepping")
    assert real["inputs"]["model"] == "ipm"
    assert 0.98 < real["upper"] / step["upper"] < 1.02


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("cross-section", "U", "--energy-kev", "300", "--recoil-kev", "1"), "nuatom table build U"),
        (("cross-section", "Xe", "--energy-kev", "300", "--recoil-kev", "80"), "where the table of Xe ends"),
    ],
)
def test_what_no_table_covers_is_refused(arguments, names):
    result = CliRunner().invoke(cli, [*arguments, "--model", "ipm"])
    assert result.exit_code != 0
    assert names in str(result.exception)


def test_shipped_tables_are_listed_and_shown():
    assert "tables/Xe-ipm.npz" in answer("table", "list")["shipped"]
    assert answer("table", "show", "He")["path"] == "nuatom:tables/He-ipm.npz"
