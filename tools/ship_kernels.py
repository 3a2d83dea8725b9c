"""Fold the kernels of the experiments that ship, and list them in the data manifest.

    python tools/ship_kernels.py [--same-numbers] && python tools/update_manifest.py

Sets that are there and still current are kept: only what a change has touched is folded, and what nothing
asks for any more is left out. Any change of the code of the physics touches all of them (three minutes of
CPU time); with --same-numbers, of a change that moves no number, they are kept when one set of each model is
found to be what the code makes.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nuatom import experiment
from nuatom.archives import archive_bytes, hashed_bytes, members_of, verified
from nuatom.atoms import table_versions
from nuatom.data import manifest
from nuatom.experiments import experiment_names
from nuatom.experiments.experiment import Experiment
from nuatom.experiments.folding import Fold, folds_of
from nuatom.files import whole_file
from nuatom.processes import best_model, models_of
from nuatom.rates.ingredients import source_digest, source_meaning
from nuatom.rates.kept import CODE, SHIPPED, folding_key, kept_bytes, unpacked

PATH = Path(__file__).parents[1] / "src" / "nuatom" / "data" / SHIPPED
MANIFEST = PATH.with_name("manifest.toml")
ENTRY = """
["kernels.npz"]
holds = "Folded kernels of shipped experiments, of each model, in a vacuum and in matter."
source = "Calculated by nuatom."
licence = "MIT, as nuatom."
units = "Counts per unit coefficient; a member for each hash of what a set was made of."
recipe = "python tools/ship_kernels.py && python tools/update_manifest.py"
sha256 = ""
"""
SAME = 3e-7
"""Sums in another order, of single precision."""


def models(chosen: Experiment) -> Iterator[str]:
    """Models that the tables of the package allow, of an experiment that sees electrons."""
    yield from ("free", "stepping")
    tables = [table_versions(element.symbol) for element, _ in chosen.target.constituents]
    named = [model for model in ("ipm", "rpa") if all(model in versions for versions in tables)]
    chosen_by_default = best_model(chosen.target)
    yield from dict.fromkeys(model for model in (*named, chosen_by_default) if model != "stepping")


def wanted() -> Iterator[tuple[str, Fold]]:
    """Every set that ships, with a name for people."""
    for name in experiment_names():
        chosen = experiment(name)
        if "electron" not in chosen.processes:
            yield from (
                (name, fold) for fold in folds_of(chosen, models_of(chosen.processes, None, chosen.target))
            )
            continue
        for model in models(chosen):
            media = ("detector", "vacuum") if chosen.target.phase is not None else ("vacuum",)
            for medium in media:
                placed = chosen.in_medium(medium)
                for fold in folds_of(placed, models_of(placed.processes, model, placed.target)):
                    yield f"{name}, {fold[-1]}, {medium}", fold


def main() -> None:
    """Fold what is missing."""
    # Before folding: what is edited meanwhile is not what made them.
    meaning = source_meaning()
    code = json.dumps({"files": source_digest(), "meaning": meaning})
    there = members_of(PATH.read_bytes(), SHIPPED) if PATH.exists() else {}
    before = json.loads(there[CODE].tobytes())["meaning"] if CODE in there else meaning
    members: dict[str, np.ndarray] = {}
    checked: set[str] = set()
    for name, fold in wanted():
        key = key_of(name, fold, meaning)
        old = key_of(name, fold, before)
        if key in members:
            continue
        if key in there:
            members[key] = there[key]
        elif "--same-numbers" in sys.argv and old in there:
            members[key] = np.frombuffer(rekeyed(there[old], key), dtype=np.uint8)
            if fold[-1] not in checked:
                compare(name, kept_bytes(key, *fold), members[key].tobytes())
                checked.add(fold[-1])
        else:
            start = time.perf_counter()
            members[key] = np.frombuffer(kept_bytes(key, *fold), dtype=np.uint8)
            print(f"{name}: {members[key].size:,} bytes, {time.perf_counter() - start:.1f} s", flush=True)
    with whole_file(PATH) as temporary:
        temporary.write_bytes(archive_bytes(members, {CODE: code}))
    if SHIPPED not in manifest():
        with MANIFEST.open("a", encoding="utf-8") as stream:
            stream.write(ENTRY)
    print(f"{len(members)} sets, {PATH.stat().st_size:,} bytes; now python tools/update_manifest.py")


def key_of(name: str, fold: Fold, meaning: str) -> str:
    """Key of a set, of code with a meaning."""
    key = folding_key(*fold, code=meaning)
    if key is None:
        raise SystemExit(f"{name}: has parts whose code is not the package's")
    return key


def rekeyed(content: np.ndarray, key: str) -> bytes:
    """The same set under another key."""
    arrays, text, _ = verified(members_of(content.tobytes(), key), key)
    return hashed_bytes(arrays, json.dumps({**json.loads(text), "key": key}))[1]


def compare(name: str, made: bytes, kept: bytes) -> None:
    """Refuse to keep numbers that are not those of the code."""
    new, old = (verified(members_of(content, name), name)[0] for content in (made, kept))
    worst = 0.0
    for index in range(len(new) // 2):
        ours, theirs = (unpacked(each[f"largest_{index}"], each[f"planes_{index}"]) for each in (new, old))
        scale = np.abs(theirs).max(axis=(0, 2), keepdims=True)
        apart = np.divide(np.abs(ours - theirs), scale, out=np.zeros_like(ours), where=scale > 0.0)
        worst = max(worst, float(apart.max()))
    print(f"{name}: {worst:.1e} of the largest bin apart", flush=True)
    if worst > SAME:
        raise SystemExit("the numbers are others: run without --same-numbers")


if __name__ == "__main__":
    main()
