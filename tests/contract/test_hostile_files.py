"""Files that are meant to hurt: refused by one line, with their name, before they are read or unpacked."""

import io
import os
import struct
import sys
import time
import zipfile

import numpy as np
import pytest

from nuatom.archives import numbers_of
from nuatom.data import releases
from nuatom.errors import InputError
from nuatom.experiments import experiment
from nuatom.experiments.schema.base import Column, Files
from nuatom.files import ordinary_bytes, parse_toml
from nuatom.fluxes.table import read_flux

DEVICE = "/dev/zero"
needs_devices = pytest.mark.skipif(not os.path.exists(DEVICE), reason="no devices here")  # noqa: PTH110


def header(text):
    """Bytes of an array's file that says ``text`` and holds nothing."""
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode("latin-1")


def archive(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(f"{name}.npy", content)
    return stream.getvalue()


def saved(array):
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


ARCHIVES = {
    "header of 8 TB": archive(
        x=header("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}")
    ),
    "zip bomb": archive(x=b"\0" * (2**28 + 1)),
    "no array": archive(x=b"hello"),
    "structures": archive(x=saved(np.zeros(3, dtype=[("a", "<f8"), ("b", "<f8")]))),
    "objects": archive(x=saved(np.array([{}, None], dtype=object))),
    "deep header": archive(x=header("[" * 900 + "]" * 900)),
    "plain array": saved(np.ones(3)),
    "cut short": archive(x=saved(np.ones(300)))[:-40],
    "empty": b"",
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_are_refused_before_they_are_unpacked(name):
    files = Files("mine.toml", lambda _: ARCHIVES[name])
    began = time.monotonic()
    with pytest.raises(InputError, match=r"mine.toml: counts: data.npz"):
        files.numbers(Column(file="data.npz", column="x"), "counts")
    assert time.monotonic() - began < 5.0


@pytest.mark.parametrize(
    "array",
    [np.arange(6), np.asfortranarray(np.ones((2, 3))), np.arange(3, dtype=">f4"), np.array(["a", "b"])],
)
def test_plain_arrays_of_any_type_are_read_as_numpy_does(array):
    assert np.array_equal(numbers_of(archive(x=saved(array)))["x"], array)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = " + "[" * 5000 + "]" * 5000, "deep"),
        ("x = " + "{a=" * 5000 + "1" + "}" * 5000, "deep"),
        ("x = " + "9" * 100_000, "digits"),
        ("x = 1\nx = 2", "overwrite"),
    ],
)
def test_toml_that_hurts(tmp_path, text, said):
    with pytest.raises(ValueError, match=said):
        parse_toml(text)
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"mine\.toml") as refused:
        experiment(path)
    assert len(str(refused.value)) < 400


def test_long_keys_are_cut(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("k" * 100_000 + " = 1")
    with pytest.raises(InputError, match=r"mine\.toml") as refused:
        experiment(path)
    assert len(str(refused.value)) < 1000


@needs_devices
@pytest.mark.parametrize("read", [experiment, read_flux])
def test_devices_and_pipes_are_not_opened(tmp_path, read):
    device, pipe = tmp_path / "device.toml", tmp_path / "pipe.toml"
    device.symlink_to(DEVICE)
    os.mkfifo(pipe)
    for path in (device, pipe):
        with pytest.raises(InputError, match=rf"{path.name}.*device or pipe"):
            read(path)


def test_size_is_known_before_reading(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as stream:
        stream.truncate(2**40)
    with pytest.raises(OSError, match="1099511627776 bytes, more than 1000"):
        ordinary_bytes(path, 1000)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"citations": ' + "9" * 10_000 + "}", "x" * 10_000])
def test_cite_refuses_json_that_hurts(run, text):
    code, out, err = run("cite", "-", stdin=text)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert len(err) < 250


def test_cite_without_text_on_stdin(run, monkeypatch):
    import nuatom.cli.cite as module

    class Bytes:
        closed = False

        def read(self, _):
            return b"\xff\xfe".decode("utf-8")

    for stdin, said in ((None, "closed"), (Bytes(), "no text")):
        monkeypatch.setattr(module.sys, "stdin", stdin)
        with pytest.raises(InputError, match=said):
            module._stdin()


@pytest.mark.parametrize(
    ("limit", "value", "said"), [("_LARGEST_BYTES", 2, "MB"), ("_LONGEST_S", -1.0, "-1 s")]
)
def test_downloads_end(monkeypatch, limit, value, said):
    monkeypatch.setattr(releases, limit, value)
    with pytest.raises(OSError, match=said):
        releases._Bounded(io.BytesIO(), time.monotonic()).write(b"123")


if sys.platform == "win32":
    pytestmark = pytest.mark.skip(reason="no pipes in the file system")
