"""Tables that are intact and wrong: of another atom, impossible, or made to hurt whoever reads them."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import zipfile

import numpy as np
import pytest

from nuatom.archives import LARGEST_BYTES, write_archive
from nuatom.atoms.tables.archive import load_table, save_table
from nuatom.atoms.tables.files import FOLDER_VARIABLE, table_path
from nuatom.atoms.tables.store import find_correlation, find_responses, find_table
from nuatom.cli import main
from nuatom.data import read_bytes
from nuatom.errors import DataError

SUBSHELLS = ("ejected_kev", "values_per_kev", "truncation_error")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path_factory, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path_factory.mktemp("tables")))


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Files of helium's tables, as a user would have built them."""
    folder = tmp_path_factory.mktemp("good")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(folder / "empty"))
        save_table(find_table("He"), folder / "ipm.npz")
        save_table(find_correlation("He"), folder / "rpa.npz")
    return {"ipm": folder / "ipm.npz", "rpa": folder / "rpa.npz"}


def rewritten(source, target, change):
    """The file with other content, and the hash of that content."""
    with np.load(source) as archive:
        arrays = {name: archive[name].copy() for name in archive.files}
    metadata = json.loads(arrays.pop("metadata").tobytes())
    arrays.pop("sha256")
    metadata["recipe"] = json.loads(metadata["recipe"])
    change(arrays, metadata)
    if isinstance(metadata.get("recipe"), dict):
        metadata["recipe"] = json.dumps(metadata["recipe"])
    write_archive(target, arrays, json.dumps(metadata))
    return target


def element(name, index, value):
    def change(arrays, metadata):
        arrays[name][index] = value

    return change


def key(*path, value):
    def change(arrays, metadata):
        for step in path[:-1]:
            metadata = metadata[step]
        metadata[path[-1]] = value

    return change


def removed(*path):
    def change(arrays, metadata):
        for step in path[:-1]:
            metadata = metadata[step]
        del metadata[path[-1]]

    return change


def array(name, make):
    def change(arrays, metadata):
        arrays[name] = make(arrays.get(name))

    return change


def without(name):
    def change(arrays, metadata):
        del arrays[name]

    return change


def multipoles(order):
    def change(arrays, metadata):
        metadata["multipoles"] = [order] * len(metadata["multipoles"])

    return change


def nothing(arrays, metadata):
    pass


FIRST = (0, 0, 0)
IMPOSSIBLE = {
    "NaN": element("values_per_kev_0", FIRST, np.nan),
    "infinite": element("values_per_kev_0", FIRST, np.inf),
    "negative": element("values_per_kev_0", FIRST, -1.0),
    "zero": element("values_per_kev_0", FIRST, 0.0),
    "1e308": element("values_per_kev_0", FIRST, 1e308),
    "Schwarz": element("values_per_kev_0", (1, 3, 3), 1e3),
    "energies that fall": array("ejected_kev_0", lambda a: a[::-1]),
    "NaN energy": element("ejected_kev_0", 3, np.nan),
    "energies beyond the recipe": element("ejected_kev_0", -1, 301.0),
    "fewer energies": array("ejected_kev_0", lambda a: a[:-1]),
    "another shape": array("values_per_kev_0", lambda a: a[:, :, :-1]),
    "flat": array("values_per_kev_0", np.ravel),
    "negative error": element("truncation_error_0", (0, 0), -1.0),
    "NaN error": element("truncation_error_0", (0, 0), np.nan),
    "errors of another shape": array("truncation_error_0", lambda a: a[:1]),
    "an array too many": array("more", lambda _: np.zeros(3)),
    "an array too few": without("ejected_kev_0"),
    "occupation -5": key("subshells", 0, "occupation", value=-5.0),
    "occupation 1": key("subshells", 0, "occupation", value=1.0),
    "occupation true": key("subshells", 0, "occupation", value=True),
    "kappa 0": key("subshells", 0, "kappa", value=0),
    "kappa 1": key("subshells", 0, "kappa", value=1),
    "n 2": key("subshells", 0, "n", value=2),
    "n a half": key("subshells", 0, "n", value=0.5),
    "label": key("subshells", 0, "label", value="2s1/2"),
    "edge": key("subshells", 0, "scale", "edge_kev", value=0.03),
    "NaN edge": key("subshells", 0, "scale", "edge_kev", value=float("nan")),
    "width": key("subshells", 0, "scale", "width_kev", value=0.0),
    "reach": key("subshells", 0, "scale", "reach_kev", value=-1.0),
    "huge reach": key("subshells", 0, "scale", "reach_kev", value=10**400),
    "no scale": removed("subshells", 0, "scale"),
    "scale is a list": key("subshells", 0, "scale", value=[1.0, 2.0, 3.0]),
    "interpolation error": key("subshells", 0, "interpolation_error", value=-0.1),
    "no subshell": key("subshells", value=[]),
    "subshells of text": key("subshells", value=["1s1/2"]),
    "Z two": key("Z", value="two"),
    "Z 3": key("Z", value=3),
    "Z 200": key("Z", value=200),
    "Z true": key("Z", value=True),
    "symbol": key("symbol", value="Ge"),
    "symbol 2": key("symbol", value=2),
    "one key more": key("comment", value="mine"),
    "format": key("format", value="nuatom.response-table/2"),
    "format 1": key("format", value=1),
    "no format": removed("format"),
    "no recipe": removed("recipe"),
    "recipe is none": key("recipe", value="none"),
    "recipe of the first kind": removed("recipe", "recipe"),
    "recipe of the next kind": key("recipe", "recipe", value=3),
    "recipe of correlation": key("recipe", "model", value="rpa"),
    "recipe with less": removed("recipe", "accuracy"),
    "recipe of Z = 3": key("recipe", "state", "Z", value=3),
    "recipe of an ion": key("recipe", "state", "charge", value=1),
    "recipe without a state": key("recipe", "state", value=None),
    "recipe of other electrons": key("recipe", "state", "orbitals", value={"1s1/2": [1.0, -0.917991]}),
    "recipe with a subshell more": key(
        "recipe", "state", "orbitals", value={"1s1/2": [1.0, -0.917991], "2s1/2": [1.0, -0.1]}
    ),
}

IMPOSSIBLE_CORRELATION = {
    "NaN": element("changes", FIRST, np.nan),
    "e^1e308": element("changes", FIRST, 1e308),
    "e^50": element("changes", FIRST, 50.0),
    "Schwarz": element("changes", (1, 0, 0), 1.1),
    "transfers that fall": array("transfer_kev", lambda a: a[::-1]),
    "transfers below every threshold": element("transfer_kev", 0, 0.01),
    "transfers beyond the recipe": element("transfer_kev", -1, 0.31),
    "momenta from zero": element("momentum_kev", 0, 0.0),
    "other thresholds": element("edges_kev", 0, 0.03),
    "a threshold more": array("edges_kev", lambda a: np.append(a, 1.0)),
    "another shape": array("changes", lambda a: a[:-1]),
    "no width": element("half_width_kev", 0, 0.0),
    "negative step": element("join_step", (0, 0), -0.1),
    "negative strength": element("size", (0, 0), -1.5),
    "an array too many": array("more", lambda _: np.zeros(3)),
    "an array too few": without("size"),
    "negative error": key("residual", value=-1.0),
    "NaN error": key("basis_error", value=float("nan")),
    "multipoles": key("multipoles", value=[4]),
    "multipoles of text": multipoles("4"),
    "multipoles beyond": multipoles(9),
    "Z": key("Z", value=10),
    "recipe of the first kind": removed("recipe", "recipe"),
    "recipe of independent electrons": key("recipe", "model", value="ipm"),
    "recipe of Z = 3": key("recipe", "independent_state", "Z", value=3),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_impossible_responses_are_refused(tables, tmp_path, name):
    path = rewritten(tables["ipm"], tmp_path / "x.npz", IMPOSSIBLE[name])
    with pytest.raises(DataError, match=str(path)):
        load_table(path)


@pytest.mark.parametrize("name", IMPOSSIBLE_CORRELATION)
def test_impossible_correlation_is_refused(tables, tmp_path, name):
    path = rewritten(tables["rpa"], tmp_path / "x.npz", IMPOSSIBLE_CORRELATION[name])
    with pytest.raises(DataError, match=str(path)):
        load_table(path)


@pytest.mark.parametrize("model", ["ipm", "rpa"])
def test_what_is_not_changed_is_accepted(tables, tmp_path, model):
    before = load_table(tables[model])
    after = load_table(rewritten(tables[model], tmp_path / "x.npz", nothing))
    assert json.loads(after.recipe) == json.loads(before.recipe)


def test_every_electron_is_in_a_table(tmp_path):
    """Germanium without its 2s: the number of its electrons is not that of its subshells."""
    save_table(find_table("Ge"), tmp_path / "Ge.npz")

    def without_2s(arrays, metadata):
        last = len(metadata["subshells"]) - 1
        del metadata["subshells"][1]
        for part in SUBSHELLS:
            for index in range(1, last):
                arrays[f"{part}_{index}"] = arrays[f"{part}_{index + 1}"]
            del arrays[f"{part}_{last}"]

    with pytest.raises(DataError, match=r"2s1/2, which opens below 300 keV, is missing"):
        load_table(rewritten(tmp_path / "Ge.npz", tmp_path / "x.npz", without_2s))


# --- Identity


def test_a_table_answers_for_its_atom(tables):
    table_path("Ge", "ipm").write_bytes(tables["ipm"].read_bytes())
    with pytest.raises(DataError, match="a table of He, not of Ge"):
        find_table("Ge")
    with pytest.raises(DataError, match="a table of He, not of Ge"):
        find_responses("Ge", "ipm")


def test_a_table_answers_for_its_model(tables):
    table_path("He", "ipm").write_bytes(tables["rpa"].read_bytes())
    table_path("He", "rpa").write_bytes(tables["ipm"].read_bytes())
    with pytest.raises(DataError, match="a table of correlation, not of ipm"):
        find_table("He")
    with pytest.raises(DataError, match="a table of independent electrons, not of rpa"):
        find_correlation("He")


@pytest.mark.parametrize(
    "verb", [["table", "verify", "Ge"], ["table", "show", "Ge"],
             ["cross-section", "Ge", "--energy-kev", "300", "--recoil-kev", "1", "--model", "ipm"]]
)  # fmt: skip
def test_no_verb_takes_another_atom_for_the_one_asked_for(tables, capsys, verb):
    table_path("Ge", "ipm").write_bytes(tables["ipm"].read_bytes())
    with pytest.raises(SystemExit) as end:
        main(verb)
    assert end.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "a table of He, not of Ge" in err
    assert err.count("\n") == 1


def test_tables_of_different_thresholds_are_refused_together(tables, tmp_path):
    """Helium at its measured edge, 24.6 eV instead of 25.0, beside correlation at the calculated one."""

    def measured(arrays, metadata):
        metadata["recipe"]["thresholds"] = "measured"
        metadata["subshells"][0]["scale"]["edge_kev"] = 0.0246

    rewritten(tables["ipm"], table_path("He", "ipm"), measured)
    assert find_table("He").edges_kev == pytest.approx([0.0246], rel=1e-15, abs=0.0)
    with pytest.raises(DataError, match="different thresholds"):
        find_responses("He", "rpa")


# --- Files that hurt


def npy(shape, descr="<f8", data=b""):
    """An array whose header says what it likes."""
    header = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (63 - (len(header) + 10) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return stream.getvalue()


def metadata(text):
    return npy((len(text),), "|u1", text)


def bomb(declared):
    """Eight megabytes of zeros in ten kilobytes, by whose directory they are of another size."""
    content = bytearray(zipped(x=npy((2**20,), data=bytes(2**23))))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", declared)
    return bytes(content)


HOSTILE = {
    "empty": b"",
    "text": b"no table at all",
    "plain npy": npy((3,), data=bytes(24)),
    "bomb": bomb(2**31),
    "bomb that lies": bomb(100),
    "8 TB header": zipped(metadata=metadata(b"{}"), x=npy((10**12,))),
    "negative shape": zipped(x=npy((-1,))),
    "objects": zipped(x=npy((1,), "|O", b"\x80\x04K\x01.")),
    "struct": zipped(x=npy((1,), [("a", "<f8")], bytes(8))),
    "strings": zipped(x=npy((1,), "<U8", bytes(32))),
    "dates": zipped(x=npy((1,), "<M8[s]", bytes(8))),
    "complex": zipped(x=npy((1,), "<c16", bytes(16))),
    "long header": zipped(x=npy((1,) * 3000)),
    "code in a header": zipped(x=npy("__import__('os')")),
    "folder": zipped(**{"../../x": npy((1,), data=bytes(8))}),
    "deep metadata": zipped(metadata=metadata(b"[" * 100_000), sha256=metadata(b"0" * 64)),
    "metadata that are no text": zipped(metadata=metadata(b"\xff\xfe"), sha256=metadata(b"0" * 64)),
    "long integer": zipped(metadata=metadata(b'{"Z": ' + b"9" * 10_000 + b"}")),
    "list": zipped(metadata=metadata(b"[1, 2]")),
    "packed": lambda: read_bytes("tables/He-ipm.npz"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_at_once(tmp_path, name):
    import tracemalloc

    content = HOSTILE[name]
    path = tmp_path / "x.npz"
    path.write_bytes(content() if callable(content) else content)
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=str(path)):
            load_table(path)
        assert tracemalloc.get_traced_memory()[1] < 2e7
    finally:
        tracemalloc.stop()


def test_deep_metadata_with_a_good_hash_are_refused(tmp_path):
    path = tmp_path / "x.npz"
    for text in ("[" * 100_000, '{"a":' * 100_000, "null", '"text"', '{"format": "nuatom.response-table/1"}'):
        write_archive(path, {}, text)
        with pytest.raises(DataError, match=str(path)):
            load_table(path)


def test_encrypted_members_are_refused(tables, tmp_path):
    content = bytearray(tables["ipm"].read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    (tmp_path / "x.npz").write_bytes(bytes(content))
    with pytest.raises(DataError, match="encrypted"):
        load_table(tmp_path / "x.npz")


def test_what_is_no_file_or_too_large_is_not_read(tmp_path):
    with pytest.raises(DataError, match="not a file"):
        load_table(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/dev/zero"):
        with pytest.raises(DataError, match="not a file"):
            load_table(path)
    with (tmp_path / "sparse.npz").open("wb") as stream:
        stream.truncate(LARGEST_BYTES + 1)
    with pytest.raises(DataError, match=f"more than {LARGEST_BYTES}"):
        load_table(tmp_path / "sparse.npz")


def test_random_damage_is_refused_or_harmless(tables, tmp_path):
    """Bytes changed within members, with checksums put right: what an attacker would do."""
    random = np.random.default_rng(1)
    good = load_table(tables["ipm"])
    with np.load(tables["ipm"]) as archive:
        members = {name: archive[name] for name in archive.files}
    path = tmp_path / "x.npz"
    for _ in range(25):
        changed = {name: array.copy() for name, array in members.items()}
        victim = changed[str(random.choice([*members]))].view(np.uint8).ravel()
        victim[random.integers(victim.size)] ^= np.uint8(1 << random.integers(8))
        stream = io.BytesIO()
        np.savez_compressed(stream, **changed)
        path.write_bytes(stream.getvalue())
        with pytest.raises(DataError):
            load_table(path)
    assert load_table(tables["ipm"]).sha256 == good.sha256


# --- Files that we write


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_tables_are_as_public_as_any_file(tables, tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        save_table(load_table(tables["ipm"]), tmp_path / "x.npz")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x.npz").stat().st_mode) == mode
    assert [path.name for path in tmp_path.iterdir()] == ["x.npz"]
