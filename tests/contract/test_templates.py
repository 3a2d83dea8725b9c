"""Files to start from: each is printed whole, says that its numbers are invented, and runs as it is."""

import pytest
from click.testing import CliRunner

from nuatom.cli import cli
from nuatom.experiments import experiment

FITTED = {
    "reactor-germanium": "magnetic-moment",
    "xenon": "charge:e",
    "cevns": "charge-radius:mu",
    "skipper-ccd": "magnetic-moment:e",
}


def printed(name):
    result = CliRunner().invoke(cli, ["data", "template", name])
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("name", FITTED)
def test_a_template_runs_as_it_is(tmp_path, name):
    path = tmp_path / "mine.toml"
    path.write_text(printed(name), encoding="utf-8")
    assert "invented" in printed(name)
    # Nobody has published it, which is all that is asked for.
    with pytest.warns(UserWarning, match=r"mine\.toml: no source of citations"):
        mine = experiment(path)
    limit = mine.limit(FITTED[name])
    assert limit.upper > 0.0
    assert limit.goodness_of_fit.p_value > 0.01


def test_another_template_is_refused():
    result = CliRunner().invoke(cli, ["data", "template", "bubble-chamber"])
    assert result.exit_code != 0
    assert "reactor-germanium" in str(result.exception)


def test_parameters_have_units_and_meanings():
    found = CliRunner().invoke(cli, ["data", "parameters"]).stdout
    for word in ("magnetic-moment [mu_B]", "charge [e]", "charge-radius [cm2]", "e, mu, tau"):
        assert word in found
