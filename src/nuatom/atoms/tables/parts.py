"""Parts of a table, computed one by one and kept on disk: an interrupted build goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nuatom.archives import read_archive, write_archive
from nuatom.errors import DataError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["HERE", "Arrays", "Work", "finished_parts"]

Arrays = dict[str, FloatArray]


@dataclass(frozen=True, kw_only=True)
class Work:
    """Where a table is computed, and what is kept on the way; its numbers do not depend on it.

    Attributes
    ----------
    parts : path-like, optional
        Directory that keeps finished parts; those that it holds already are used.
    executor : concurrent.futures.Executor, optional
        Where to compute; in this process by default.
    progress : callable, optional
        Called with the numbers of finished and of known parts.
    """

    parts: str | Path | None = None
    executor: Executor | None = None
    progress: Callable[[int, int], None] | None = None

    def report(self, finished: int, known: int) -> None:
        """Tell how far the work is."""
        if self.progress is not None:
            self.progress(finished, known)


HERE: Final = Work()
"""In this process, keeping nothing."""


def finished_parts(
    compute: Callable[..., Arrays],
    arguments: Mapping[str, tuple[Any, ...]],
    recipe: str,
    work: Work,
) -> Iterator[tuple[str, Arrays]]:
    """Parts as they become known: from the folder, from here, or from the executor.

    Parameters
    ----------
    compute : callable
        From a part's arguments to its arrays: the unit of work that executors get.
    arguments : mapping
        Of each part by its name, which is that of its file.
    recipe : str
        What the arrays depend on besides; written into each file.
    work : Work

    Yields
    ------
    str, dict of ndarray
        Name of a part, and its arrays.

    Raises
    ------
    DataError
        When the folder holds parts of another recipe, or a damaged file.
    """
    waiting = {}
    folder, executor = work.parts, work.executor
    for name, given in arguments.items():
        path = _path(folder, name)
        if path is not None and path.exists():
            arrays, text, _ = read_archive(path)
            if text != recipe:
                reason = f"finished parts of another recipe ({text}): remove it, or choose another folder"
                raise DataError(f"{folder}: {reason}")
            yield name, arrays
        elif executor is not None:
            waiting[executor.submit(compute, *given)] = name
        else:
            yield name, _kept(compute(*given), _path(folder, name), recipe)
    for future in as_completed(waiting):
        name = waiting[future]
        yield name, _kept(future.result(), _path(folder, name), recipe)


def _path(folder: str | Path | None, name: str) -> Path | None:
    return None if folder is None else Path(folder) / f"{name}.npz"


def _kept(arrays: Arrays, path: Path | None, recipe: str) -> Arrays:
    if path is not None:
        write_archive(path, arrays, recipe)
    return arrays
