"""Folded kernels that are kept: found for what they were made of and nothing else, and never needed."""

import ast
import importlib.util
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import nuatom
from nuatom.archives import members_of
from nuatom.data import manifest, read_bytes
from nuatom.experiments.folding import folds_of
from nuatom.fluxes import Component, Flux, Lines
from nuatom.processes import PROCESSES, ionization, process_named
from nuatom.rates import fold_each, ingredients, kept
from nuatom.rates.ingredients import digest

ROOT = Path(__file__).parents[2]
XENON = nuatom.experiment("xenonnt-sr0")
FLUX = Flux("a line", (Component("line", 1e10, 0.1, "e", Lines((300.0,), (1.0,))),), ())
DETECTOR = nuatom.Detector(1.0, (1.0, 2.0, 5.0), resolution=nuatom.GaussianResolution(0.3, 0.0))
SHIPPED = pytest.mark.skipif(kept.SHIPPED not in manifest(), reason="tools/ship_kernels.py was not run")
HELIUM = (nuatom.Target("He"), FLUX, (DETECTOR,), PROCESSES["electron"], "stepping")


def key_of(**changes):
    names = ("target", "flux", "responses", "process", "model")
    ((target, flux, responses, process, model),) = folds_of(XENON, ["rpa"])
    asked = dict(zip(names, (target, flux, responses, process, model), strict=True))
    return kept.folding_key(**{**asked, **changes})


def without_memory(patch, folder=None):
    """As in a new process, with another folder of the user's, and no code that is known."""
    kept._code.cache_clear()
    if folder is not None:
        patch.setenv(kept.FOLDER_VARIABLE, str(folder))


@pytest.fixture
def alone(monkeypatch, tmp_path):
    without_memory(monkeypatch, tmp_path / "kernels")
    monkeypatch.setattr(kept, "_WORTH_S", 0.0)
    yield tmp_path / "kernels"
    without_memory(monkeypatch)


CHANGES = {
    "target": lambda: {"target": nuatom.Target("Kr", "liquid")},
    "isotope": lambda: {"target": nuatom.Target("Xe-131", "liquid")},
    "phase": lambda: {"target": nuatom.Target("Xe")},
    "flux": lambda: {"flux": XENON.flux.times(1.1)},
    "spectrum": lambda: {
        "flux": replace(
            XENON.flux,
            components=tuple(
                replace(part, spectrum=Lines((861.0,), (1.0,))) if part.name == "pep" else part
                for part in XENON.flux.components
            ),
        )
    },
    "exposure": lambda: {"responses": (replace(XENON.detector, exposure_tonne_year=2.0),)},
    "bins": lambda: {"responses": (replace(XENON.detector, bin_edges_kev=(1.0, 2.0, 30.0)),)},
    "resolution": lambda: {"responses": (replace(XENON.detector, resolution=None),)},
    "efficiency": lambda: {"responses": (replace(XENON.detector, efficiency=nuatom.Efficiency.perfect()),)},
    "more responses": lambda: {"responses": (XENON.detector, XENON.detector)},
    "model": lambda: {"model": "ipm"},
    "process": lambda: {"process": PROCESSES["nucleus"], "model": "helm"},
    "mass of the neutrino": lambda: {"process": PROCESSES["electron"].with_options(neutrino_mass_kev=1e-3)},
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_ingredient_changes_the_key(change):
    assert key_of() == key_of()
    assert key_of(**CHANGES[change]()) not in (None, key_of())


def test_tables_of_the_users_change_the_key(monkeypatch, tmp_path):
    monkeypatch.setenv("NUATOM_TABLES", str(tmp_path))
    before = {model: key_of(model=model) for model in ("stepping", "ipm", "rpa")}
    assert before["rpa"] == key_of()
    (tmp_path / "Xe-rpa.table.npz").write_bytes(b"another")
    after = {model: key_of(model=model) for model in before}
    assert {model for model in before if before[model] != after[model]} == {"rpa"}
    (tmp_path / "Xe-ipm.table.npz").write_bytes(b"another")
    later = {model: key_of(model=model) for model in before}
    assert {model for model in before if after[model] != later[model]} == {"ipm", "rpa"}


def test_files_of_the_medium_change_the_key(monkeypatch):
    before = key_of(), key_of(model="stepping")
    monkeypatch.setattr(kept, "medium_version", lambda name: f"another {name}")
    after = key_of(), key_of(model="stepping")
    assert after[0] != before[0]
    assert after[1] == before[1]


def test_code_changes_the_key(alone, monkeypatch):
    before = key_of()
    monkeypatch.setattr(kept, "source_digest", lambda: "files that nobody knows")
    without_memory(monkeypatch, alone)
    # What they say is what it was.
    assert key_of() == before
    monkeypatch.setattr(kept, "source_meaning", lambda: "something else")
    without_memory(monkeypatch, alone)
    assert key_of() == before, "the meaning of these files is kept"
    monkeypatch.setattr(kept, "source_digest", lambda: "other files")
    without_memory(monkeypatch, alone)
    assert key_of() != before
    monkeypatch.setattr(kept, "source_digest", lambda: None)
    without_memory(monkeypatch, alone)
    assert key_of() is None


def test_meaning_is_of_what_code_does():
    def meaning(text):
        return list(ingredients._meaning(ast.parse(text)))

    plain = meaning("def f(x):\n    return 2.0 * x\n")
    documented = '"""A module."""\ndef f(x: float) -> float:\n    """2."""\n    # 2\n    return (2.0\n * x)'
    assert meaning(documented) == plain
    assert meaning("def f(x):\n    return 2.5 * x\n") != plain
    assert meaning("def f(x):\n    return x * 2.0\n") != plain


def test_all_code_behind_kernels_counts():
    """Whatever is loaded for folding is either hashed, or has no part in the numbers."""
    code = (
        "import sys, json, nuatom, nuatom.rates.kept as kept\n"
        "from nuatom.processes import PROCESSES\n"
        "from nuatom.fluxes import Component, Flux, Lines\n"
        "flux = Flux('a line', (Component('line', 1e10, 0.1, 'e', Lines((300.0,), (1.0,))),), ())\n"
        "made = nuatom.Detector(1.0, (1.0, 2.0, 5.0))\n"
        "for name, model in (('electron', 'rpa'), ('electron', 'stepping'), ('nucleus', 'helm')):\n"
        "    kept._made(nuatom.Target('Ar', 'liquid'), flux, (made,), PROCESSES[name], model)\n"
        "print(json.dumps([m.__file__ for n, m in sys.modules.items() if n.startswith('nuatom')]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    package = Path(nuatom.__file__).parent
    hashed = set(ingredients.source_files())
    rest = {Path(name).relative_to(package) for name in json.loads(done.stdout) if Path(name) not in hashed}
    # Couplings and mixing multiply folded kernels; files of data are hashed; these rooms make tables.
    rooms = ("structure", "continuum", "independent", "correlated")
    idle = ("neutrinos", "data", *(f"atoms/{room}" for room in rooms))
    left = {path.as_posix() for path in rest if not path.as_posix().startswith(idle)}
    base = {"__init__.py", "archives.py", "errors.py", "files.py", "handing_out.py", "processes/atom.py"}
    packages = {"atoms/__init__.py", "atoms/photons/__init__.py", "atoms/tables/__init__.py"}
    assert left - base - packages <= {
        "atoms/tables/recipe.py",
        "atoms/tables/parts.py",
        "atoms/tables/grid.py",
    }


def test_whole_atoms_are_not_kept():
    """Their form factors are of code that is not hashed."""
    assert kept.folding_key(*HELIUM[:3], PROCESSES["atom"], "helm") is None
    assert kept.folding_key(*HELIUM[:3], PROCESSES["nucleus"], "helm") is not None


def test_what_a_user_writes_is_not_kept(alone):
    mine = replace(PROCESSES["electron"].with_model("mine", lambda target: ionization(target, "free")))
    assert kept.folding_key(*HELIUM[:3], mine, "mine") is None
    found = kept.find_folded(*HELIUM[:3], mine, "mine")
    same = kept.find_folded(*HELIUM[:4], "free")
    assert np.array_equal(found.responses[0].components[0].values, same.responses[0].components[0].values)
    assert len(list(alone.glob("*.npz"))) == 1


def test_digest_knows_values_from_each_other():
    values = [
        1, 1.0, "1", True, None, (1.0,), (1.0, 2.0), (1, 2), ((1, 2),), (1.0,) * 9, (1.0,) * 10,
        {"a": 1}, {"b": 1}, np.array([1.0]), np.array([[1.0]]), np.array([1]), Lines((1.0,), (1.0,)),
        process_named, DETECTOR,
    ]  # fmt: skip
    found = [digest(value) for value in values]
    assert None not in found
    assert len(set(found)) == len(values)
    assert digest(DETECTOR) == digest(replace(DETECTOR))
    assert digest(1.0 + 1e-15) == digest(1.0) == digest(float(np.float64(1.0))) != digest(1.0 + 1e-11)
    assert digest((1.0,) * 9 + (1.0 + 1e-15,)) == digest((1.0,) * 10)
    assert len({digest(value) for value in (np.inf, -np.inf, np.nan, 0.0, 1.0, -1.0, 1e-300, 2e-300)}) == 8
    assert digest(lambda: 1) is digest(object()) is digest((1, print)) is None


def test_kept_kernels_are_those_that_are_made(alone):
    plain = fold_each(ionization(HELIUM[0], "stepping"), FLUX, (DETECTOR, DETECTOR), 1e-5)
    for _ in range(2):
        found = kept.find_folded(HELIUM[0], FLUX, (DETECTOR, DETECTOR), *HELIUM[3:])
        for mine, theirs in zip(found.responses, plain.responses, strict=True):
            # Single precision.
            for one, other in zip(mine.components, theirs.components, strict=True):
                assert one.values == pytest.approx(other.values, rel=1e-7, abs=0.0)
            assert (mine.citations, mine.tables) == (theirs.citations, theirs.tables)
            assert mine.relative_error == theirs.relative_error
    (path,) = alone.glob("*.npz")
    first = path.read_bytes()
    again = kept.find_folded(HELIUM[0], FLUX, (DETECTOR, DETECTOR), *HELIUM[3:])
    assert np.array_equal(found.responses[0].components[0].values, again.responses[0].components[0].values)
    assert path.read_bytes() == first


@pytest.mark.parametrize("damage", [b"", b"no archive", None, "another"])
def test_damaged_files_are_made_anew(alone, damage):
    right = kept.find_folded(*HELIUM).responses[0].components[0].values
    (path,) = alone.glob("*.npz")
    content = path.read_bytes()
    if damage == "another":
        kept.find_folded(*HELIUM[:4], "free")
        (other,) = set(alone.glob("*.npz")) - {path}
        path.write_bytes(other.read_bytes())
    else:
        flipped = bytearray(content)
        flipped[len(content) // 2] ^= 0xFF
        path.write_bytes(bytes(flipped) if damage is None else damage)
    assert np.array_equal(kept.find_folded(*HELIUM).responses[0].components[0].values, right)
    assert path.read_bytes() == content


@SHIPPED
def test_shipped_kernels_may_be_damaged(alone, monkeypatch):
    right = XENON.analysis(model="free").channels[0].kernels.components[0].values
    monkeypatch.setattr(kept, "_archive", lambda: read_bytes(kept.SHIPPED)[:-5000])
    ((target, flux, responses, process, model),) = folds_of(XENON, ["free"])
    found = kept.find_folded(target, flux, responses, process, model).responses[0].components[0].values
    # Made here: another machine's last digit, in single precision.
    assert found == pytest.approx(right, rel=3e-7, abs=1e-12 * np.abs(right).max())
    assert len(list(alone.glob("*.npz"))) == 1


def test_works_where_nothing_can_be_written(alone, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    without_memory(monkeypatch, tmp_path / "file" / "kernels")
    assert kept.find_folded(*HELIUM).responses[0].components[0].values.any()
    monkeypatch.setattr(kept, "find_user_folder", lambda *_: None)
    kept._code.cache_clear()
    assert kept.find_folded(*HELIUM).responses[0].components[0].values.any()
    assert not alone.exists()


def test_many_at_once_share_a_folder(alone):
    right = kept.find_folded(*HELIUM).responses[0].components[0].values
    (path,) = alone.glob("*.npz")
    path.unlink()
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda _: kept.find_folded(*HELIUM).responses[0].components[0].values, range(16))
        )
    assert all(np.array_equal(values, right) for values in found)
    assert [each.name for each in alone.glob("*.npz")] == [path.name]


def test_the_oldest_go(alone, monkeypatch):
    monkeypatch.setattr(kept, "_MOST_FILES", 2)
    for factor in (1.0, 2.0, 3.0):
        kept.find_folded(HELIUM[0], FLUX.times(factor), *HELIUM[2:])
    assert len(list(alone.glob("*.npz"))) == 2


@SHIPPED
def test_shipped_kernels_are_current():
    """When this fails: python tools/ship_kernels.py && python tools/update_manifest.py."""
    spec = importlib.util.spec_from_file_location("ship_kernels", ROOT / "tools" / "ship_kernels.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    there = set(members_of(read_bytes(kept.SHIPPED), kept.SHIPPED)) - {kept.CODE}
    wanted = {kept.folding_key(*fold): name for name, fold in tool.wanted()}
    assert [name for key, name in wanted.items() if key not in there] == []
    assert there == set(wanted)


@SHIPPED
@pytest.mark.parametrize(
    ("name", "models"), [("lz-ws2022", ["stepping"]), ("coherent-csi-2021", ["helm", "free"])]
)
def test_shipped_kernels_are_what_the_code_makes(name, models):
    for fold in folds_of(nuatom.experiment(name), models):
        shipped = kept._found(kept.folding_key(*fold), fold[3])
        made, _ = kept._made(*fold)
        for mine, theirs in zip(made.values, shipped.values, strict=True):
            scale = np.maximum(np.abs(theirs).max(axis=(0, 2), keepdims=True), np.finfo(float).tiny)
            # Sums in another order, of single precision.
            np.testing.assert_allclose(mine / scale, theirs / scale, rtol=0.0, atol=3e-7)
