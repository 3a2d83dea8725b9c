"""Response tables small enough to be shipped: what is interpolated, in sixteen bits.

Logarithms of the positive responses and Schwarz fractions of the signed ones
(`nuatom.atoms.tables.responses.encode`) are rounded to 65536 levels between the least and the largest of each
component of each subshell, and stored as differences along the momenta, which compress. Half a step is at
most a few 1e-4 of a response; it is added to the interpolation error that the table states.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from nuatom.atoms.components import decode, encode
from nuatom.atoms.tables.archive import hashed
from nuatom.atoms.tables.momentum_scale import MomentumScale
from nuatom.atoms.tables.responses import ResponseTable, SubshellTable
from nuatom.errors import DataError

__all__ = ["PACKED_FORMAT", "pack", "unpack"]

PACKED_FORMAT: Final = "nuatom.packed-response-table/1"

_LEVELS: Final = 65535


def pack(table: ResponseTable) -> bytes:
    """Return the content of a shipped file.

    Parameters
    ----------
    table : ResponseTable
    """
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
        entries.append(
            {
                "label": shell.label,
                "n": shell.n,
                "kappa": shell.kappa,
                "occupation": shell.occupation,
                "interpolation_error": shell.interpolation_error + 0.5 * float(step.max()),
                "scale": asdict(shell.scale),
            }
        )
    metadata = {"format": PACKED_FORMAT, "symbol": table.symbol, "Z": table.Z, "recipe": table.recipe}
    text = json.dumps({**metadata, "subshells": entries}, sort_keys=True)
    members["metadata"] = np.frombuffer(text.encode(), dtype=np.uint8)
    stream = io.BytesIO()
    np.savez_compressed(stream, **members)
    return stream.getvalue()


def unpack(content: bytes) -> ResponseTable:
    """Return the table that a shipped file holds; its truncation error is the average at each energy.

    Raises
    ------
    DataError
        For content of another format.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            metadata = json.loads(archive["metadata"].tobytes().decode())
            if metadata["format"] != PACKED_FORMAT:
                raise DataError(f"format {metadata['format']!r}, this version reads {PACKED_FORMAT!r}")
            subshells = tuple(
                _subshell(archive, index, entry) for index, entry in enumerate(metadata["subshells"])
            )
        return hashed(metadata["symbol"], metadata["Z"], subshells, metadata["recipe"])
    except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"not a packed response table ({error})") from error


def _subshell(archive: Any, index: int, entry: dict[str, Any]) -> SubshellTable:
    levels = np.cumsum(archive[f"levels_{index}"].view(np.uint16), axis=2, dtype=np.uint16)
    low, step = archive[f"range_{index}"]
    values = decode(low[:, None, None] + step[:, None, None] * levels)
    truncation = archive[f"truncation_{index}"].astype(float)
    return SubshellTable(
        scale=MomentumScale(**entry.pop("scale")),
        ejected_kev=archive[f"ejected_kev_{index}"],
        values_per_kev=values,
        truncation_error=np.repeat(truncation[:, None], levels.shape[2], axis=1),
        **entry,
    )
