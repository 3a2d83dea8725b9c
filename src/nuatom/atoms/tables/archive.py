"""Tables on disk: arrays, and their metadata as JSON, in one NumPy archive with the hash of both.

Three formats: responses as they were computed, responses packed for shipping, and what correlation changes.
Whatever is read is compared with its hash, and with its schema and the physics
(`nuatom.atoms.tables.validation`).

Packed, logarithms of the positive responses and Schwarz fractions of the signed ones
(`nuatom.atoms.components.encode`) are rounded to 65536 levels between the least and the largest of each
component of each subshell, and stored as differences along the momenta, which compress. Half a step is at
most a few 1e-4 of a response; it is added to the interpolation error that the table states. The manifest has
the hash.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from nuatom.archives import (
    archive_bytes,
    content_hash,
    file_content,
    members_of,
    text_of,
    verified,
    write_archive,
)
from nuatom.atoms.components import decode, encode
from nuatom.atoms.tables.correlation import CorrelationTable
from nuatom.atoms.tables.momentum_scale import MomentumScale
from nuatom.atoms.tables.responses import ResponseTable, SubshellTable
from nuatom.atoms.tables.validation import check_correlation, check_responses, typed
from nuatom.errors import DataError, InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = [
    "CORRELATION",
    "PACKED",
    "RESPONSES",
    "Table",
    "hashed",
    "load_table",
    "pack",
    "save_table",
    "table_in",
]

Table = ResponseTable | CorrelationTable

RESPONSES: Final = "nuatom.response-table/1"
PACKED: Final = "nuatom.packed-response-table/1"
CORRELATION: Final = "nuatom.correlation-table/1"

_LEVELS: Final = 65535

_TABLE: Final[dict[str, Any]] = {"format": str, "symbol": str, "Z": int, "recipe": str}
_SUBSHELL: Final[dict[str, Any]] = {
    "label": str, "n": int, "kappa": int, "occupation": float, "interpolation_error": float, "scale": dict,
}  # fmt: skip
_SCALE: Final[dict[str, Any]] = {"edge_kev": float, "width_kev": float, "reach_kev": float}

_ARRAYS: Final = (
    "edges_kev", "transfer_kev", "momentum_kev", "changes", "half_width_kev", "join_step", "size",
)  # fmt: skip
_OPTIONAL: Final = ("kernel_error", "node_error")
_NUMBERS: Final = ("interpolation_error", "residual", "basis_error", "conservation_error")
_CORRELATION: Final[dict[str, Any]] = {**_TABLE, "multipoles": list, **dict.fromkeys(_NUMBERS, float)}


def save_table(table: Table, path: str | Path) -> str:
    """Write a table to one file, replaced if it exists; return the SHA-256 of the content."""
    return write_archive(Path(path), *_content(table))


def load_table(path: str | Path) -> Table:
    """Read a table and verify it.

    Raises
    ------
    DataError
        When the file is missing, cut short, altered, of another format or version, or against the physics.
    """
    path = Path(path)
    members = members_of(file_content(path), str(path))
    # A packed table has no hash of its own, but in the package's manifest.
    return _table(*verified(members, str(path)), str(path))


def table_in(content: bytes, name: str) -> Table:
    """Table in the bytes of a shipped file, packed or not; ``name`` and errors as of `load_table`."""
    members = members_of(content, name)
    if "sha256" in members:
        return _table(*verified(members, name), name)
    return _unpacked(members, name)


def hashed(table: Table) -> Any:
    """Give a table the hash that its file will have."""
    return replace(table, sha256=content_hash(*_content(table)))


def _content(table: Table) -> tuple[dict[str, FloatArray], str]:
    about = {"symbol": table.symbol, "Z": table.Z, "recipe": table.recipe}
    if isinstance(table, CorrelationTable):
        numbers = {key: getattr(table, key) for key in _NUMBERS}
        metadata = {**about, "format": CORRELATION, "multipoles": list(table.multipoles), **numbers}
        arrays = {key: getattr(table, key) for key in _ARRAYS}
        arrays |= {key: getattr(table, key) for key in _OPTIONAL if getattr(table, key) is not None}
        return arrays, json.dumps(metadata, sort_keys=True)
    arrays = {}
    for index, subshell in enumerate(table.subshells):
        for name in ("ejected_kev", "values_per_kev", "truncation_error"):
            arrays[f"{name}_{index}"] = getattr(subshell, name)
    metadata = {**about, "format": RESPONSES, "subshells": [_entry(subshell) for subshell in table.subshells]}
    return arrays, json.dumps(metadata, sort_keys=True)


def _entry(subshell: SubshellTable, added_error: float = 0.0) -> dict[str, Any]:
    fields = {key: getattr(subshell, key) for key in _SUBSHELL if key != "scale"}
    fields["interpolation_error"] += added_error
    return {**fields, "scale": asdict(subshell.scale)}


def _metadata(text: str, name: str) -> dict[str, Any]:
    try:
        metadata = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name}: metadata are no JSON ({error})") from error
    if not isinstance(metadata, dict):
        raise DataError(f"{name}: metadata are no JSON object")
    return metadata


def _table(arrays: dict[str, FloatArray], text: str, digest: str, name: str) -> Table:
    metadata = _metadata(text, name)
    found = metadata.get("format")
    try:
        if found == CORRELATION:
            return _correlation(arrays, typed(metadata, _CORRELATION, name), digest, name)
        if found == RESPONSES:
            subshells = tuple(
                _subshell(entry, [arrays.pop(f"{part}_{index}") for part in _PARTS], name)
                for index, entry in enumerate(_subshell_entries(metadata, name))
            )
            return _responses(arrays, metadata, subshells, digest, name)
    except KeyError as error:
        raise DataError(f"{name}: no array {error}") from error
    except InputError as error:
        raise DataError(f"{name}: {error}") from error
    raise DataError(f"{name}: format {found!r}, this version reads {RESPONSES!r} and {CORRELATION!r}")


_PARTS: Final = ("ejected_kev", "values_per_kev", "truncation_error")


def _subshell_entries(metadata: dict[str, Any], name: str) -> list[dict[str, Any]]:
    typed(metadata, {**_TABLE, "subshells": list}, name)
    for entry in metadata["subshells"]:
        typed(typed(entry, _SUBSHELL, name)["scale"], _SCALE, name)
    found: list[dict[str, Any]] = metadata["subshells"]
    return found


def _subshell(entry: dict[str, Any], arrays: list[FloatArray], name: str) -> SubshellTable:
    if any(not np.all(np.isfinite(array)) for array in arrays):
        raise DataError(f"{name}: {entry['label']} has numbers that are not finite")
    ejected, values, truncation = arrays
    rest = {key: value for key, value in entry.items() if key != "scale"}
    return SubshellTable(
        scale=MomentumScale(**entry["scale"]), ejected_kev=ejected, values_per_kev=values,
        truncation_error=truncation, **rest,
    )  # fmt: skip


def _responses(
    left: dict[str, Any],
    metadata: dict[str, Any],
    subshells: tuple[SubshellTable, ...],
    digest: str,
    name: str,
) -> ResponseTable:
    if left:
        raise DataError(f"{name}: arrays that no subshell has: {', '.join(sorted(left))}")
    table = ResponseTable(metadata["symbol"], metadata["Z"], subshells, metadata["recipe"], digest)
    check_responses(table, name)
    return table


def _correlation(
    arrays: dict[str, FloatArray], metadata: dict[str, Any], digest: str, name: str
) -> CorrelationTable:
    if set(arrays) - set(_OPTIONAL) != set(_ARRAYS):
        raise DataError(f"{name}: arrays {', '.join(sorted(arrays))}, not {', '.join(sorted(_ARRAYS))}")
    fields: dict[str, Any] = {k: v for k, v in metadata.items() if k not in ("format", "multipoles")}
    multipoles = tuple(metadata["multipoles"])
    # Before a table is made of them, which compares shapes.
    check_correlation(arrays, multipoles, fields, name)
    fields |= arrays
    return CorrelationTable(**fields, multipoles=multipoles, sha256=digest)


def pack(table: ResponseTable) -> bytes:
    """Return the content of a shipped file."""
    members: dict[str, Any] = {}
    entries = []
    for index, shell in enumerate(table.subshells):
        encoded = encode(shell.values_per_kev)
        low, high = encoded.min(axis=(1, 2)), encoded.max(axis=(1, 2))
        # A component that is the same everywhere needs a step too.
        step = np.maximum(high - low, 1e-12) / _LEVELS
        levels = np.rint((encoded - low[:, None, None]) / step[:, None, None]).astype(np.uint16)
        # Differences modulo 2¹⁶: small ones stay small, and nothing is lost.
        members[f"levels_{index}"] = np.diff(levels, axis=2, prepend=np.uint16(0)).view(np.uint8)
        members[f"range_{index}"] = np.stack([low, step])
        members[f"ejected_kev_{index}"] = shell.ejected_kev
        members[f"truncation_{index}"] = shell.truncation_by_energy().astype("<f4")
        entries.append(_entry(shell, 0.5 * float(step.max())))
    metadata = {"format": PACKED, "symbol": table.symbol, "Z": table.Z, "recipe": table.recipe}
    return archive_bytes(
        members, {"metadata": json.dumps({**metadata, "subshells": entries}, sort_keys=True)}
    )


def _unpacked(members: dict[str, np.ndarray], name: str) -> ResponseTable:
    """Responses of a packed table; their truncation error is the average at each energy."""
    left = dict(members)
    metadata = _metadata(text_of(left, "metadata", name), name)
    if metadata.get("format") != PACKED:
        raise DataError(f"{name}: format {metadata.get('format')!r}, this version reads {PACKED!r}")
    subshells = []
    try:
        for index, entry in enumerate(_subshell_entries(metadata, name)):
            low, step = left.pop(f"range_{index}")
            differences = left.pop(f"levels_{index}").view(np.uint16)
            levels = np.cumsum(differences, axis=2, dtype=np.uint16)
            values = decode(low[:, None, None] + step[:, None, None] * levels)
            truncation = np.repeat(
                left.pop(f"truncation_{index}").astype(float)[:, None], levels.shape[2], axis=1
            )
            ejected = left.pop(f"ejected_kev_{index}")
            subshells.append(_subshell(entry, [ejected, values, truncation], name))
        table: ResponseTable = hashed(_responses(left, metadata, tuple(subshells), "", name))
    except (KeyError, IndexError, ValueError) as error:
        raise DataError(f"{name}: not a packed response table ({error})") from error
    return table
