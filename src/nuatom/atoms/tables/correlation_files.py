"""Tables of correlation on disk: archives as of `nuatom.atoms.tables.archive`, the same built and shipped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from nuatom.atoms.tables.archive import archive_content, content_hash, write_archive
from nuatom.atoms.tables.correlation import CorrelationTable
from nuatom.errors import DataError, InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["CORRELATION_FORMAT", "hashed_correlation", "load_correlation", "save_correlation"]

CORRELATION_FORMAT: Final = "nuatom.correlation-table/1"

_ARRAYS: Final = (
    "edges_kev", "transfer_kev", "momentum_kev", "changes", "half_width_kev", "join_step", "size",
)  # fmt: skip
_NUMBERS: Final = ("interpolation_error", "residual", "basis_error", "conservation_error")


def save_correlation(table: CorrelationTable, path: str | Path) -> str:
    """Write a table to one file, replaced if it exists; return the SHA-256 of the content."""
    arrays, text = _content(table)
    return write_archive(Path(path), arrays, text)


def load_correlation(content: bytes, name: str) -> CorrelationTable:
    """Read a table from a file's bytes and verify it; ``name`` is for messages.

    Raises
    ------
    DataError
        When it is cut short, altered, or of another format or version.
    """
    arrays, text, digest = archive_content(content, name)
    try:
        metadata = json.loads(text)
        found = metadata["format"]
        if found != CORRELATION_FORMAT:
            raise DataError(f"{name}: format {found!r}, this version reads {CORRELATION_FORMAT!r}")
        fields: dict[str, Any] = {
            **{key: arrays[key] for key in _ARRAYS},
            **{key: metadata[key] for key in _NUMBERS},
        }
        return CorrelationTable(
            symbol=metadata["symbol"],
            Z=metadata["Z"],
            multipoles=tuple(metadata["multipoles"]),
            recipe=metadata["recipe"],
            sha256=digest,
            kernel_error=arrays.get("kernel_error"),
            **fields,
        )
    except (KeyError, TypeError, ValueError, InputError) as error:
        raise DataError(f"{name}: metadata not as {CORRELATION_FORMAT} has it ({error})") from error


def hashed_correlation(table: CorrelationTable) -> CorrelationTable:
    """Give a table the hash that its file will have."""
    return replace(table, sha256=content_hash(*_content(table)))


def _content(table: CorrelationTable) -> tuple[dict[str, FloatArray], str]:
    metadata = {
        "format": CORRELATION_FORMAT,
        "symbol": table.symbol,
        "Z": table.Z,
        "multipoles": list(table.multipoles),
        "recipe": table.recipe,
        **{key: getattr(table, key) for key in _NUMBERS},
    }
    found = {key: getattr(table, key) for key in _ARRAYS}
    if table.kernel_error is not None:
        found["kernel_error"] = table.kernel_error
    return found, json.dumps(metadata, sort_keys=True)
