"""Files are whole or not there, and as public as any other."""

from __future__ import annotations

import hashlib
import os
import stat

import pytest

from nuatom.data import releases
from nuatom.data.releases import Release, fetch
from nuatom.files import whole_file


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
