"""Data releases: fetched once, verified always, replaced at once, and honest about what is wrong.

The only server is one of this machine.
"""

import gc
import hashlib
import json
import threading
import warnings
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from nuatom import DataError, InputError, experiment
from nuatom.cli import cli, main
from nuatom.data import releases as module
from nuatom.data.releases import Release, fetch, read_release, release, release_folder, release_in, releases

CONTENT = {"events.txt": "1 2\n3 4\n", "shape.txt": "5 6\n"}


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def published(tmp_path):
    folder = tmp_path / "published"
    folder.mkdir()
    for name, text in CONTENT.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def example(published, tmp_path, monkeypatch):
    """A release on a server of this machine, the only one known, with a cache of its own."""
    monkeypatch.setenv(module.FOLDER_VARIABLE, str(tmp_path / "cache"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(published)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    known = Release(
        "example", "Two files.", "Here.", "None.", url, {n: [sha256(t)] for n, t in CONTENT.items()}
    )
    monkeypatch.setattr(module, "releases", lambda: {"example": known})
    yield known
    server.shutdown()
    server.server_close()
    # An answer that was refused leaves its connection to the garbage collector, which tells another test.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def run(*arguments):
    """Standard output and error, and the status, of the whole program."""
    return CliRunner().invoke(cli, arguments)


def test_fetched_from_a_server(example, capsys):
    folder = fetch(example)
    assert folder == release_folder("example")
    assert read_release(example, folder) == CONTENT
    assert release_in(folder) == example
    # Nothing but what was asked for, and not a word.
    assert {path.name for path in folder.iterdir()} == set(CONTENT)
    assert capsys.readouterr() == ("", "")


def test_what_is_there_is_left_alone_and_what_is_damaged_is_replaced(example, published):
    folder = fetch(example)
    before = (folder / "shape.txt").stat().st_mtime_ns
    (folder / "events.txt").write_text("damaged", encoding="utf-8")
    with pytest.raises(DataError, match=r"events\.txt is not what was published, SHA-256 [0-9a-f]{64}"):
        read_release(example, folder)
    (published / "shape.txt").unlink()
    assert read_release(example, fetch(example)) == CONTENT
    assert (folder / "shape.txt").stat().st_mtime_ns == before


def test_a_damaged_download_leaves_nothing(example, published):
    (published / "events.txt").write_text("not it", encoding="utf-8")
    with pytest.raises(DataError, match=r"events\.txt is not what was published"):
        fetch(example)
    assert list(release_folder("example").iterdir()) == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://127.0.0.1:{port}/nowhere/"])
def test_without_a_network_it_is_one_line(example, url):
    port = example.url.rstrip("/").rpartition(":")[2]
    with pytest.raises(
        DataError, match=r"cannot be fetched \(.*Error\); nuatom data fetch example --from"
    ) as told:
        fetch(replace(example, url=url.format(port=port)))
    assert "\n" not in str(told.value)


def test_from_a_folder(example, published):
    unreachable = replace(example, url="http://127.0.0.1:9/")
    assert read_release(unreachable, fetch(unreachable, published)) == CONTENT
    (release_folder("example") / "events.txt").unlink()
    (published / "events.txt").write_text("not it", encoding="utf-8")
    with pytest.raises(DataError, match="published"):
        fetch(unreachable, published)
    with pytest.raises(DataError, match="is not there"):
        fetch(unreachable, published / "nowhere")
    assert {path.name for path in release_folder("example").iterdir()} == {"shape.txt"}


def test_any_of_several_sums_is_accepted(example, published):
    other = sha256("another cut\n")
    both = replace(example, sha256={**example.sha256, "events.txt": [*example.sha256["events.txt"], other]})
    (published / "events.txt").write_text("another cut\n", encoding="utf-8")
    assert read_release(both, fetch(both, published))["events.txt"] == "another cut\n"


def test_verbs(example, published):
    missing = run("data", "path", "example")
    assert isinstance(missing.exception, DataError)
    fetched = run("data", "fetch", "example", "--from", str(published))
    assert fetched.stdout.strip() == str(release_folder("example"))
    found = json.loads(run("data", "path", "example", "--json").stdout)
    assert found["schema"] == "nuatom.data-release/1"
    assert found["path"] == str(release_folder("example"))
    assert found["files"] == sorted(CONTENT)


@pytest.mark.parametrize("verb", ["fetch", "path"])
def test_an_unknown_release_is_one_line(verb, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["data", verb, "nothing"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == "nuatom: release = 'nothing': expected coherent-csi-2021\n"


def test_every_release_has_addresses_and_sums():
    for known in releases().values():
        assert known.url.endswith("/")
        assert all(len(each) == 64 for sums in known.sha256.values() for each in sums)
        assert release(known.name) is known
        assert experiment(known.name).name == known.name


def test_a_folder_without_a_release_is_no_experiment(tmp_path):
    with pytest.raises(InputError, match="all files of coherent-csi-2021"):
        experiment(str(tmp_path))
    for name in release("coherent-csi-2021").sha256:
        (tmp_path / name).write_text("0 0\n", encoding="utf-8")
    with pytest.raises(DataError, match="not what was published"):
        experiment(str(tmp_path))
