"""The command line, run in the process of the tests."""

import io
import sys

import pytest

from nuatom.cli import main


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
