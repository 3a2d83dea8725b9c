"""Machine code is that of the text at hand, wherever it may be kept."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nuatom
from nuatom.numerics.compiled import compiled

ORBITAL = """
from nuatom.atoms.structure.ground_state import ground_state
print(repr(ground_state(1).orbitals[0].energy))
"""

FIRST = """
from nuatom.numerics.compiled import compiled
from second import FACTOR, inner

@compiled
def outer(x):
    return FACTOR * inner(x)

print(outer(1.0))
"""

SECOND = """
from nuatom.numerics.compiled import compiled

FACTOR = 2.0

@compiled
def inner(x):
    return x + 1.0
"""


def run(code, **environment):
    """stdout and stderr of a process that has only the modules and directories in ``environment``."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA", "XDG"))}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True,
        env=inherited | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
    )  # fmt: skip
    return done.stdout.strip(), done.stderr.strip()


@pytest.fixture
def package(tmp_path):
    """A copy of the package that has compiled nothing yet."""
    leave = shutil.ignore_patterns("__pycache__", "tables", "papers", "viz", "experiments")
    return Path(shutil.copytree(Path(nuatom.__file__).parent, tmp_path / "nuatom", ignore=leave))


def replace(path, old, new):
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_another_integrator_is_another_orbital(package):
    where = {"PYTHONPATH": str(package.parent)}
    energy, told = run(ORBITAL, **where)
    assert "once" in told
    assert run(ORBITAL, **where) == (energy, "")
    replace(package / "numerics" / "adams.py", "inverse = 1.0 / (1.0 - d * d - u * l)", "inverse = 0.9")
    changed, told = run(ORBITAL, **where)
    assert "once" in told
    assert changed != energy


def test_kernels_see_what_changes_in_another_file(tmp_path):
    (tmp_path / "first.py").write_text(FIRST)
    (tmp_path / "second.py").write_text(SECOND)
    kept = tmp_path / "kept" / "nuatom"
    where = {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]), "NUMBA_CACHE_DIR": str(kept.parent)}
    files = []
    for old, new, value in (("", "", 4.0), ("= 2.0", "= 3.0", 6.0), ("x + 1.0", "x + 4.0", 15.0)):
        if old:
            replace(tmp_path / "second.py", old, new)
        assert float(run("import first", **where)[0]) == value
        files.append(sorted(path.name for path in kept.iterdir()))
    # What is out of date is not left behind.
    assert len(files[0]) == len(files[1]) == len(files[2])
    assert files[0] != files[1] != files[2]


def test_where_nothing_can_be_written_every_process_compiles(package, tmp_path):
    (package / "__pycache__").write_text("not a directory")
    (tmp_path / "cache").write_text("not a directory")
    where = {"PYTHONPATH": str(package.parent), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    probe = "from nuatom.cli.doctor import kernels; probe = kernels(); print(probe['ok'], probe['found'])"
    found, told = run(ORBITAL + probe, **where)
    energy, found = found.splitlines()
    # Relativity binds hydrogen deeper by a quarter of α², 1.3e-5.
    np.testing.assert_allclose(float(energy), -0.5, rtol=2e-5)
    for text in (found, told):
        assert "in every process" in text
        assert str(tmp_path / "cache") in text
    assert found.startswith("True")


def test_kernels_name_only_what_can_be_compared():
    kernel = compiled(lambda: len(THINGS))
    with pytest.raises(TypeError, match="THINGS"):
        kernel()


THINGS = [1.0, 2.0]
