"""Where the program runs: streams without the letters of physics, users without a home, a matplotlibrc."""

import io
import os
import pwd
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest

from nuatom import __version__
from nuatom.cli.streams import spell_out_what_cannot_be_written
from nuatom.viz import draw_lines


@pytest.fixture
def homeless(monkeypatch):
    """A process whose user has neither $HOME nor an entry among the accounts, as in many containers."""

    def unknown(uid):
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "NUATOM_TABLES", "NUATOM_RELEASES"):
        monkeypatch.delenv(name, raising=False)


def test_python_dash_m():
    found = subprocess.run(
        [sys.executable, "-m", "nuatom", "--version"], capture_output=True, text=True, check=True
    )
    assert found.stdout.split()[-1] == __version__


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp437", "ascii"])
def test_letters_that_an_encoding_lacks_are_spelled_out(encoding):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    spell_out_what_cannot_be_written(stream)
    stream.write("−2ΔlnL ≤ ⟨r²⟩ χ σ_γ \N{SNOWMAN}")
    stream.flush()
    plain = raw.getvalue().decode(encoding)
    assert plain.startswith("-2")
    assert plain.endswith("?")
    assert {"cp1252": "²", "latin-1": "²", "cp437": "²", "ascii": "2"}[encoding] + ">" in plain


def test_a_redirect_in_another_encoding_holds_the_result():
    surroundings = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "nuatom", "limit", "xenonnt-sr0", "magnetic-moment"]
    found = subprocess.run(command, capture_output=True, check=True, env=surroundings)  # noqa: S603
    assert "magnetic-moment < " in found.stdout.decode("cp1252")
    assert found.stderr == b""


def test_shipped_tables_need_no_home(homeless, run):
    status, out, _ = run(
        "rate", "Xe", "--flux", "solar-gs98", "--recoil-kev", "1", "--model", "ipm", "--json"
    )
    assert status == 0
    assert '"total"' in out
    status, out, _ = run("table", "list")
    assert status == 0
    assert "no home directory" in out


def test_what_needs_a_home_says_which_variable_stands_in(homeless, run):
    for arguments, variable in (
        (["rate", "Pb", "--flux", "solar-gs98", "--recoil-kev", "1", "--model", "ipm"], "NUATOM_TABLES"),
        (["data", "path", "coherent-csi-2021"], "NUATOM_RELEASES"),
    ):
        status, _, err = run(*arguments)
        assert status == 2
        assert err.count("\n") == 1
        assert variable in err


def test_titles_that_are_no_mathematics_are_drawn_as_written(tmp_path):
    x = np.linspace(1.0, 2.0, 5)
    options = {
        "x_label": "$T$ [keV]",
        "y_label": "y",
        "title": r"$\frac{1}$ b, $5 and $6",
        "x_range": (1.0, 2.0),
    }
    with mpl.rc_context({"text.usetex": True}):
        draw_lines(tmp_path / "t.svg", x, {"a": x}, **options)
    assert (tmp_path / "t.svg").stat().st_size > 0
