"""The command line, run in the process of the tests."""

import io
import sys

import pytest
from reproduced import reproduced

import nuatom.papers
from nuatom.cli import main


@pytest.fixture(autouse=True, scope="session")
def _papers_are_reproduced_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nuatom.papers, "paper", reproduced)
        yield


@pytest.fixture
def run(capsys, monkeypatch):
    """Run the command line here: exit status, stdout and stderr."""

    def call(*arguments, stdin=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        out, err = capsys.readouterr()
        return end.value.code, out, err

    return call
