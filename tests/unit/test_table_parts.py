"""Parts of a table: the same from here, from an executor and from the disk, where each is computed once."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nuatom.atoms.tables.parts import Work, finished_parts
from nuatom.errors import DataError

WORK = {f"part-{n}": (float(n), 3) for n in range(4)}


def powers(base, count):
    return {"powers": base ** np.arange(count)}


def never(*_):
    raise AssertionError("computed again")


def arrays(*arguments, **options):
    return {name: found["powers"].tolist() for name, found in finished_parts(*arguments, Work(**options))}


def test_here_there_and_from_disk_they_are_the_same(tmp_path):
    here = arrays(powers, WORK, "recipe")
    assert here == {name: [1.0, base, base**2] for name, (base, _) in WORK.items()}
    with ThreadPoolExecutor(2) as executor:
        assert arrays(powers, WORK, "recipe", parts=tmp_path / "there", executor=executor) == here
    assert arrays(powers, WORK, "recipe", parts=tmp_path / "here") == here
    for folder in (tmp_path / "there", tmp_path / "here"):
        assert sorted(path.name for path in folder.iterdir()) == [f"{name}.npz" for name in WORK]
        assert arrays(never, WORK, "recipe", parts=str(folder)) == here


def test_an_interrupted_build_keeps_what_it_has(tmp_path):
    parts = finished_parts(powers, WORK, "recipe", Work(parts=tmp_path))
    assert [next(parts)[0], next(parts)[0]] == ["part-0", "part-1"]
    parts.close()
    seen = []

    def counted(base, count):
        seen.append(base)
        return powers(base, count)

    arrays(counted, WORK, "recipe", parts=tmp_path)
    assert seen == [2.0, 3.0]


def test_parts_of_another_recipe_and_damaged_ones_are_refused(tmp_path):
    arrays(powers, WORK, "recipe", parts=tmp_path)
    with pytest.raises(DataError, match=r"finished parts of another recipe \(recipe\)"):
        arrays(powers, WORK, "another", parts=tmp_path)
    part = tmp_path / "part-2.npz"
    part.write_bytes(part.read_bytes()[:-40])
    with pytest.raises(DataError, match="damaged"):
        arrays(powers, WORK, "recipe", parts=tmp_path)
