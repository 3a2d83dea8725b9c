"""A table build that is killed goes on where it stopped, and ends with the same bytes."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

NUATOM = [sys.executable, "-c", "from nuatom.cli import main; main()"]
SMALL = ["table", "build", "He", "--method", "dirac-slater", "--highest-transfer-kev", "0.3", "--jobs", "1"]
LARGER = ["table", "build", "Ne", "--method", "dirac-slater", "--highest-transfer-kev", "2", "--jobs", "2"]
PATIENCE = 60.0


def start(folder, arguments):
    environment = os.environ | {"NUATOM_TABLES": str(folder)}
    return subprocess.Popen(  # noqa: S603
        [*NUATOM, *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(process):
    _, err = process.communicate()
    assert (process.returncode, said(err)) == (0, [])


def said(err):
    """Lines of stderr, but for the one of a machine that compiles for the first time."""
    return [line for line in err.splitlines() if line and not line.startswith(b"nuatom: compiling")]


def group_is_alive(leader):
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True


def build_with_kills(folder, arguments, table, reference, kills, seed):
    """Kill each build at a random number of finished energies; count those that had made some."""
    rng = random.Random(seed)  # noqa: S311
    parts = folder / table.replace(".npz", ".parts")
    useful = 0
    for _ in range(kills):
        process = start(folder, arguments)
        before = len(list(parts.glob("*.npz"))) if parts.exists() else 0
        wanted, stop = before + rng.randint(0, 4), time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < stop:
            if parts.exists() and len(list(parts.glob("*.npz"))) >= wanted:
                break
            time.sleep(0.005)
        time.sleep(rng.uniform(0.0, 0.05))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        # A finished table is whole at every moment.
        if (folder / table).exists():
            assert (folder / table).read_bytes() == reference
        after = len(list(parts.glob("*.npz"))) if parts.exists() else 0
        useful += after > before
        while group_is_alive(process.pid) and time.monotonic() < stop:
            time.sleep(0.05)
        assert not group_is_alive(process.pid), "workers outlived the build"
    finish(start(folder, arguments))
    assert [path.name for path in folder.iterdir()] == [table]
    assert (folder / table).read_bytes() == reference
    return useful


def reference_of(folder, arguments, table):
    finish(start(folder, arguments))
    return (folder / table).read_bytes()


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="signals of POSIX")
@pytest.mark.parametrize(
    ("arguments", "table", "kills"),
    [
        (SMALL, "He-ipm.table.npz", 3),
        pytest.param(LARGER, "Ne-ipm.table.npz", 20, marks=pytest.mark.slow),
    ],
    ids=["3 kills", "20 kills"],
)
def test_killed_build_ends_with_the_same_bytes(tmp_path, arguments, table, kills):
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()
    reference = reference_of(tmp_path / "whole", arguments, table)
    useful = build_with_kills(tmp_path / "killed", arguments, table, reference, kills, seed=20240229)
    assert useful >= kills // 3


def finished(folder, table, count, process):
    """Wait until so many parts of a table are there."""
    parts, stop = folder / table.replace(".npz", ".parts"), time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < stop:
        if parts.exists() and len(list(parts.glob("*.npz"))) >= count:
            return
        time.sleep(0.005)
    raise AssertionError(process.communicate())


def workers_of(process):
    """Processes that another one started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, check=False)  # noqa: S603, S607
    return [int(number) for number in found.stdout.split()]


LONG = ["table", "build", "Ne", "--method", "dirac-slater", "--highest-transfer-kev", "5", "--jobs", "2"]


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="signals of POSIX")
def test_ctrl_c_is_one_word(tmp_path):
    process = start(tmp_path, LONG)
    finished(tmp_path, "Ne-ipm.table.npz", 1, process)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said(err)) == (130, [b"interrupted"])
    assert not group_is_alive(process.pid)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="signals of POSIX")
def test_a_killed_worker_is_one_line(tmp_path):
    process = start(tmp_path, LONG)
    finished(tmp_path, "Ne-ipm.table.npz", 1, process)
    os.kill(workers_of(process)[-1], signal.SIGKILL)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    (line,) = said(err)
    assert line.startswith(b"nuatom: a process of this build was ended")


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="locks of POSIX")
def test_a_second_build_of_a_table_is_refused_and_the_first_goes_on(tmp_path):
    first = start(tmp_path, SMALL)
    finished(tmp_path, "He-ipm.table.npz", 1, first)
    second = start(tmp_path, SMALL)
    _, err = second.communicate(timeout=PATIENCE)
    if second.returncode:
        assert second.returncode == 2
        (line,) = said(err)
        assert b"another process builds this table" in line
    finish(first)
    assert [path.name for path in tmp_path.iterdir()] == ["He-ipm.table.npz"]
