"""What a shell is offered while a command is typed."""

import pytest
from click.shell_completion import BashComplete

from nuatom.cli import cli


@pytest.mark.parametrize(
    ("typed", "incomplete", "offered"),
    [
        ([], "li", ["limit"]),
        (["limit"], "xenonnt-s", ["xenonnt-sr0"]),
        (["limit"], "lz-ws2022,xenonnt-s", ["lz-ws2022,xenonnt-sr0"]),
        (["limit", "xenonnt-sr0"], "charge", ["charge", "charge-radius"]),
        (["scan", "xenonnt-sr0", "charge"], "mag", ["magnetic-moment"]),
        (["limit"], "--bi", ["--bins"]),
        (["response", "He"], "--charg", ["--charge"]),
        (["table"], "b", ["build"]),
    ],
)
def test_completed(typed, incomplete, offered):
    found = BashComplete(cli, {}, "nuatom", "_NUATOM_COMPLETE").get_completions(typed, incomplete)
    assert [item.value for item in found] == offered


def test_files_where_no_name_fits():
    (item,) = BashComplete(cli, {}, "nuatom", "_NUATOM_COMPLETE").get_completions(["limit"], "./mine")
    assert item.type == "file"
