"""Plant known faults in a copy of the package, one at a time, and see that tests notice.

``python tools/mutants.py [part of a name ...]``: the faults of tests/mutants.toml, each with the tests that
must fail, which run alone and stop at the first failure. Nothing here is written to the work tree. Exit
status 1 if a fault survives, or its text is not found exactly once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
COPIED: Final = ("src", "tests", "docs", "pyproject.toml", "README.md", "CITATION.cff")
LONGEST_S: Final = 300.0


@dataclass(frozen=True)
class Fault:
    """A text of one file, what is put in its place, and the tests that must notice."""

    name: str
    file: str
    text: str
    fault: str
    tests: tuple[str, ...]

    def planted(self, source: str) -> str:
        """Return a file's text with the fault, refusing one in which its place is not found exactly once."""
        if source.count(self.text) != 1:
            raise LookupError(f"{self.name}: its text stands {source.count(self.text)} times in {self.file}")
        return source.replace(self.text, self.fault)


def faults() -> list[Fault]:
    """Faults of tests/mutants.toml."""
    entries = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text())["fault"]
    return [Fault(**{**entry, "tests": tuple(entry["tests"])}) for entry in entries]


def verdict(fault: Fault, copy: Path) -> tuple[str, float]:
    """``killed``, ``SURVIVED``, or what went wrong, and seconds."""
    path = copy / fault.file
    original = path.read_text()
    begun = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *fault.tests]
    paths = os.pathsep.join([str(copy / "src"), os.environ.get("PYTHONPATH", "")])
    try:
        path.write_text(fault.planted(original))
        done = subprocess.run(  # noqa: S603
            command, cwd=copy, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True,
            timeout=LONGEST_S, check=False,
        )  # fmt: skip
        found = {0: "SURVIVED", 1: "killed"}.get(done.returncode, f"NOT RUN\n{done.stdout}{done.stderr}")
    except LookupError as error:
        found = f"STALE: {error}"
    except subprocess.TimeoutExpired:
        found = "killed by time"
    finally:
        path.write_text(original)
    return found, time.perf_counter() - begun


def main(parts: list[str]) -> int:
    """Run the faults whose name has one of ``parts`` in it, or all; two on two cores."""
    chosen = [fault for fault in faults() if not parts or any(part in fault.name for part in parts)]
    begun, workers = time.perf_counter(), len(os.sched_getaffinity(0))
    bad = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        copies: SimpleQueue[Path] = SimpleQueue()
        for worker in range(workers):
            copy = Path(folder) / str(worker)
            for name in COPIED:
                source, leave = ROOT / name, shutil.ignore_patterns("__pycache__", "_build", "generated")
                if source.is_dir():
                    shutil.copytree(source, copy / name, ignore=leave)
                else:
                    shutil.copy(source, copy / name)
            copies.put(copy)

        def run(fault: Fault) -> tuple[str, float]:
            copy = copies.get()
            try:
                return verdict(fault, copy)
            finally:
                copies.put(copy)

        for fault, (found, seconds) in zip(chosen, pool.map(run, chosen), strict=True):
            bad += not found.startswith("killed")
            print(f"{seconds:6.1f} s  {found}: {fault.name}", flush=True)
    total = time.perf_counter() - begun
    print(f"{len(chosen) - bad} of {len(chosen)} faults killed in {total:.0f} s")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
