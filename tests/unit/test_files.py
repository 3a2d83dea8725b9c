"""Files are whole or not there, and as public as any other."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import subprocess
import sys

import pytest

from nuatom.data import releases
from nuatom.data.releases import Release, fetch
from nuatom.errors import InputError
from nuatom.files import sole_writer, whole_file
from nuatom.viz import check_path


@pytest.fixture(params=[(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)], ids=str)
def mode(request):
    """Permissions of a new file, under an umask that is put back afterwards."""
    umask, wanted = request.param
    before = os.umask(umask)
    yield wanted
    os.umask(before)


def test_a_file_appears_when_it_is_whole(tmp_path, mode):
    target = tmp_path / "x.txt"
    with whole_file(target) as temporary:
        temporary.write_text("one")
        assert not target.exists()
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".txt"
    assert target.read_text() == "one"
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert [path.name for path in tmp_path.iterdir()] == ["x.txt"]


def test_a_failure_leaves_what_was_there(tmp_path):
    target = tmp_path / "x.txt"
    target.write_text("old")

    def half() -> None:
        with whole_file(target) as temporary:
            temporary.write_text("ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.txt"]


def test_a_copied_release_is_as_public_as_any_file(tmp_path, monkeypatch, mode):
    monkeypatch.setenv(releases.FOLDER_VARIABLE, str(tmp_path / "cache"))
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.txt").write_text("numbers")
    digest = hashlib.sha256(b"numbers").hexdigest()
    wanted = Release("mine", "numbers", "me", "none", "https://nowhere.invalid/", {"a.txt": [digest]})
    folder = fetch(wanted, tmp_path / "source")
    assert (folder / "a.txt").read_text() == "numbers"
    assert stat.S_IMODE((folder / "a.txt").stat().st_mode) == mode
    assert [path.name for path in folder.iterdir()] == ["a.txt"]


def test_a_full_disk_names_the_file(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"No space left on device: '.*x\.txt'"), whole_file(tmp_path / "x.txt"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named_by_the_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no/x\.txt'"), whole_file(tmp_path / "no" / "x.txt"):
        pass


def test_a_folder_has_one_writer_at_a_time(tmp_path):
    code = (
        "from nuatom.files import sole_writer; from pathlib import Path\n"
        f"with sole_writer(Path({str(tmp_path)!r})): pass"
    )
    with sole_writer(tmp_path):
        beside = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)  # noqa: S603
    after = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)  # noqa: S603
    assert (beside.returncode, after.returncode) == (1, 0)
    assert b"BlockingIOError" in beside.stderr


def test_a_figure_that_cannot_be_written_is_refused_first(tmp_path, monkeypatch):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(InputError, match="a file that can be written"):
        check_path(tmp_path / "folder.png")
    assert check_path(tmp_path / "x.png") == tmp_path / "x.png"
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="a file that can be written"):
        check_path(tmp_path / "x.png")
