"""Folded kernels that are found instead of computed: in the package, or in the user's folder.

Each set has a key, the hash of everything that made it (:mod:`nuatom.rates.ingredients`): target, flux,
response, process, model, the files of the tables and of the medium behind the model, and the code. What was
made of anything else has another key and is not found; what is damaged is not used. So there is nothing to
keep in order by hand, and no way to get numbers of something else.

They are kept before arrival times are shared out, in single precision of each kernel's largest bin, which
is far below what the quadrature is worth; kernels that are computed are rounded alike, so that where they
came from changes no number.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from nuatom.archives import hashed_bytes, member_of, members_of, read_archive, verified
from nuatom.atoms import Target, table_versions
from nuatom.data import manifest, read_bytes
from nuatom.data.folders import find_user_folder
from nuatom.detectors import Response
from nuatom.errors import DataError
from nuatom.files import whole_file
from nuatom.fluxes import Flux
from nuatom.media import medium_version, phases
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes import Kernels, Process
from nuatom.rates.folded import FoldedEnergies
from nuatom.rates.ingredients import digest, source_digest, source_meaning
from nuatom.rates.variations import FoldedEach, energies_of, split_energies

__all__ = [
    "FOLDER_VARIABLE",
    "SHIPPED",
    "find_folded",
    "folding_key",
    "kept_bytes",
    "kept_folder",
    "unpacked",
]

FOLDER_VARIABLE: Final = "NUATOM_KERNELS"
"""Environment variable that names another folder."""

SHIPPED: Final = "kernels.npz"
"""Archive in the package's data: one member a key, and which code they are of."""

CODE: Final = "code"
"""Member of the shipped archive: hash of the files of the physics, and of what they say."""

_FORMAT: Final = "nuatom.folded-kernels/1"
# Arrival times and couplings are no part of the integrals; a density's norm follows from its shape.
_LEFT_OUT: Final = frozenset({"timing", "time", "norm", "algebra", "title"})
# Steps of a reactor's spectrum are smeared by nothing: digits beyond these cost most of the time.
_ACCURACY: Final = 1e-5
_WORTH_S: Final = 0.2
_MOST_FILES: Final = 500
_BYTES: Final = 4
_KEPT: Final = 32


def find_folded(
    target: Target, flux: Flux, responses: Sequence[Response], process: Process, model: str
) -> FoldedEach:
    """Kernels of a process, folded with a flux and several responses; found where they are kept, or made.

    Parameters
    ----------
    target : Target
        Of the detector.
    flux : Flux
        At the detector.
    responses : sequence of Response
        Of the same exposure and as many bins.
    process : Process
        What neutrinos do.
    model : str
        One of its models.

    Returns
    -------
    FoldedEach
        As of :func:`~nuatom.rates.variations.fold_each`.
    """
    key = folding_key(target, flux, responses, process, model)
    found = None if key is None else _found(key, process)
    if found is None:
        found, seconds = _made(target, flux, responses, process, model)
        if key is not None and seconds > _WORTH_S:
            _keep(key, found)
    return split_energies(found, flux, responses)


def folding_key(
    target: Target,
    flux: Flux,
    responses: Sequence[Response],
    process: Process,
    model: str,
    code: str | None = None,
) -> str | None:
    """Hash of everything that folded kernels depend on; arguments as of `find_folded`.

    Parameters
    ----------
    code : str, optional
        What other code of the physics says (:func:`~nuatom.rates.ingredients.source_meaning`).

    Returns
    -------
    str or None
        None where code of a user's is part of it.
    """
    code = _code() if code is None else code
    # The medium and the tables of atoms are felt by models that say so.
    feels = model in process.models and process.takes("medium", model)
    atoms = replace(target, phase=None)
    matter = _matter(target, model) if feels else ()
    parts = (process.name, process.models.get(model), process.algebra.names, model)
    everything = (code, parts, atoms, matter, flux, tuple(responses), _ACCURACY, _FORMAT)
    return None if code is None else digest(everything, _LEFT_OUT)


def _matter(target: Target, model: str) -> tuple[object, ...]:
    """Files behind a target's responses."""
    tables = []
    for element, _ in target.constituents:
        versions = table_versions(element.symbol)
        used = versions if model != "ipm" else {"ipm": versions.get("ipm")}
        tables.append((element.symbol, sorted(used.items())))
    medium = None if target.phase is None else phases(target.formula).get(target.phase)
    return target.phase, None if medium is None else (medium, medium_version(medium)), tuple(tables)


@cache
def _code() -> str | None:
    """Hash of what the code of the physics says, found by that of its files where that is known."""
    files = source_digest()
    if files is None:
        return None
    shipped = _shipped(CODE)
    if shipped is not None:
        known = json.loads(shipped.tobytes())
        if known["files"] == files:
            return str(known["meaning"])
    folder = kept_folder()
    path = None if folder is None else folder / f"code-{files}.json"
    if path is not None:
        with contextlib.suppress(OSError, ValueError, TypeError):
            return str(json.loads(path.read_bytes())["meaning"])
    meaning = source_meaning()
    if path is not None:
        _write(path, json.dumps({"meaning": meaning}).encode())
    return meaning


def kept_folder() -> Path | None:
    """Folder of the user's kernels: $NUATOM_KERNELS, or the platform's cache; None without a home."""
    return find_user_folder(FOLDER_VARIABLE, "cache", "kernels-folded")


def _shipped(member: str) -> np.ndarray | None:
    if SHIPPED not in manifest():
        return None
    try:
        return member_of(_archive(), member, SHIPPED)
    except DataError:
        return None


@cache
def _archive() -> bytes:
    return read_bytes(SHIPPED)


def _found(key: str, process: Process) -> FoldedEnergies | None:
    """What is kept under a key, in the package or by the user; None where there is none, or it is damaged."""
    shipped = _shipped(key)
    try:
        if shipped is not None:
            return _energies(*verified(members_of(shipped.tobytes(), key), key)[:2], key, process)
    except DataError:
        pass
    folder = kept_folder()
    if folder is None:
        return None
    try:
        return _energies(*read_archive(folder / f"{key}.npz")[:2], key, process)
    except DataError:
        return None


def _made(
    target: Target, flux: Flux, responses: Sequence[Response], process: Process, model: str
) -> tuple[FoldedEnergies, float]:
    """Folded and rounded, and the seconds that it took."""
    start = time.perf_counter()
    kernels = _kernels(target, process, model)
    energies = energies_of(kernels, flux, responses, max(kernels.accuracy, _ACCURACY))
    rounded = replace(energies, values=tuple(unpacked(*_packed(each)) for each in energies.values))
    return rounded, time.perf_counter() - start


def kept_bytes(
    key: str, target: Target, flux: Flux, responses: Sequence[Response], process: Process, model: str
) -> bytes:
    """Fold, whatever is kept, and return what is to be kept; arguments as of `find_folded`."""
    return _bytes(key, _made(target, flux, responses, process, model)[0])


def _keep(key: str, energies: FoldedEnergies) -> None:
    folder = kept_folder()
    if folder is None or not _write(folder / f"{key}.npz", _bytes(key, energies)):
        return
    with contextlib.suppress(OSError):
        kept = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-_MOST_FILES]:
            path.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> bool:
    """Write a file of the user's, whole; False where that is not possible: everything works without."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as temporary:
            temporary.write_bytes(content)
    except OSError:
        return False
    return True


def _bytes(key: str, energies: FoldedEnergies) -> bytes:
    arrays = {}
    for index, each in enumerate(energies.values):
        arrays[f"largest_{index}"], arrays[f"planes_{index}"] = _packed(each)
    about = {
        "format": _FORMAT,
        "key": key,
        "shapes": [each.shape for each in energies.values],
        "error": energies.relative_error,
        "citations": energies.citations,
        "tables": energies.tables,
        "errors": energies.errors,
    }
    return hashed_bytes(arrays, json.dumps(about))[1]


def _energies(arrays: dict[str, np.ndarray], text: str, key: str, process: Process) -> FoldedEnergies:
    """Folded kernels of an archive's content.

    Raises
    ------
    DataError
        When it is the content of another key, or not of this version.
    """
    try:
        about = json.loads(text)
        if (about["format"], about["key"]) != (_FORMAT, key):
            raise DataError(f"{key}: kernels of {about['key']}")
        values = tuple(
            unpacked(arrays[f"largest_{index}"], arrays[f"planes_{index}"]).reshape(shape)
            for index, shape in enumerate(about["shapes"])
        )
        tables = tuple((name, version) for name, version in about["tables"])
        return FoldedEnergies(
            values,
            about["error"],
            process.algebra,
            tuple(about["citations"]),
            tables,
            tuple(about["errors"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{key}: not folded kernels ({error})") from error


def _packed(values: FloatArray) -> tuple[FloatArray, np.ndarray]:
    """Largest of each kernel, and what all are of it in single precision, byte by byte, which compresses.

    Of values of shape (samples, kernels, bins).
    """
    largest = np.abs(values).max(axis=(0, 2), keepdims=True, initial=0.0)
    parts = np.divide(values, largest, out=np.zeros_like(values), where=largest > 0.0).astype("<f4")
    planes = parts.reshape(-1).view(np.uint8).reshape(-1, _BYTES).T
    return largest, np.ascontiguousarray(planes).reshape(_BYTES, *values.shape)


def unpacked(largest: FloatArray, planes: np.ndarray) -> FloatArray:
    """Values of what `_packed` makes of them."""
    parts = np.ascontiguousarray(planes.reshape(_BYTES, -1).T).view("<f4").reshape(planes.shape[1:])
    values: FloatArray = largest * parts.astype(float)
    return values


# Kept, because they keep what they have integrated, which variations of the detector ask for again.
@lru_cache(maxsize=_KEPT)
def _kernels(target: Target, process: Process, model: str) -> Kernels:
    return process.kernels(target, model)
