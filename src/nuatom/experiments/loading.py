"""Experiments by name, from a file, or from the folder of a data release."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Final

from nuatom.data import manifest, read_bytes, read_text, read_toml
from nuatom.errors import InputError
from nuatom.experiments.experiment import Experiment
from nuatom.experiments.release import from_release
from nuatom.experiments.schema import Files, bins_from, parse, warn_without_source
from nuatom.files import ordinary_bytes, ordinary_text

__all__ = ["experiment", "experiment_names", "groups", "members"]

_FOLDER: Final = "experiments/"
_SUFFIX: Final = ".toml"
_LARGEST_BYTES: Final = 50_000_000


def experiment_names() -> tuple[str, ...]:
    """Names of the experiments that the package ships."""
    files = (name for name in manifest() if name.startswith(_FOLDER) and name.endswith(_SUFFIX))
    return tuple(name.removeprefix(_FOLDER).removesuffix(_SUFFIX) for name in files)


def groups() -> dict[str, tuple[str, ...]]:
    """Names that stand for several experiments fitted together, and these.

    Examples
    --------
    >>> groups()["reactor"]
    ('dresden2',)
    """
    return {name: tuple(table["experiments"]) for name, table in read_toml("groups.toml").items()}


def members(name: str | PathLike[str]) -> tuple[str | PathLike[str], ...]:
    """Experiments that a name stands for: those of a group, or itself."""
    return groups().get(str(name), (name,))


def experiment(name: str | PathLike[str], bins: str | None = None) -> Experiment:
    """Load an experiment by name, from a TOML file of the same form, or from a folder with its data release.

    Parameters
    ----------
    name : str or path
        One of :func:`experiment_names`, the path of a file that ends in ``.toml``, or that of a folder that
        holds a release of `nuatom data list`.
    bins : str, optional
        Other bins of the first axis, ``"1:30:29"`` for 29 equal ones: any where the experiment's events are
        known, and unions of its own where only counts are.

    Raises
    ------
    InputError
        For an unknown name, a file that cannot be read or does not describe an experiment, or bins that the
        data do not allow.
    DataError
        For a release with a file that is missing or damaged.

    Examples
    --------
    >>> experiment("xenonnt-sr0", bins="1:30:29").channel.bins
    29
    """
    edges = None if bins is None else bins_from(bins)
    place = Path(name)
    text = str(name)
    if text in experiment_names():
        return _shipped(text, edges)
    if place.is_dir():
        file, files = from_release(place)
        return file.build(files, edges)
    if text in groups():
        accepted = f"an experiment; {text} is a group of them: nuatom.combine({text!r})"
        raise InputError("experiment", text, accepted)
    if place.suffix.lower() != _SUFFIX:
        known = ", ".join((*experiment_names(), *groups()))
        accepted = f"{known}, or the path of a .toml file or of a release's folder"
        raise InputError("experiment", text, accepted)
    try:
        content = ordinary_text(place, _LARGEST_BYTES)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError("experiment", text, f"a readable file ({reason})") from error
    file = parse(content, text)
    built = file.build(
        Files(text, lambda beside: ordinary_bytes(place.parent / beside, _LARGEST_BYTES)), edges
    )
    warn_without_source(file, text)
    return built


def _shipped(name: str, edges: tuple[float, ...] | None) -> Experiment:
    files = Files(name, lambda beside: read_bytes(f"{_FOLDER}{beside}"))
    return parse(read_text(f"{_FOLDER}{name}{_SUFFIX}"), name).build(files, edges)
