"""The bibliography: BibTeX entries by key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from nuatom.data import read_text
from nuatom.errors import InputError

__all__ = ["bibliography", "bibtex", "unique"]


@cache
def bibliography() -> dict[str, str]:
    """Every BibTeX entry by key."""
    entries = re.split(r"(?m)^(?=@)", read_text("references.bib"))
    found = {}
    for entry in entries:
        if match := re.match(r"@\w+\{([^,\s]+),", entry):
            lines = (line for line in entry.splitlines() if not line.startswith("%"))
            found[match[1]] = "\n".join(lines).strip()
    return found


def bibtex(keys: Iterable[str]) -> str:
    """BibTeX of the given keys, in their order.

    Raises
    ------
    InputError
        For a key that the bibliography does not have.
    """
    entries = bibliography()
    chosen = []
    for key in unique(keys):
        if key not in entries:
            raise InputError("citation", key, f"one of {', '.join(sorted(entries))}")
        chosen.append(entries[key])
    return "\n\n".join(chosen)


def unique(keys: Iterable[str]) -> tuple[str, ...]:
    """Keys without repetition, in order of first appearance."""
    return tuple(dict.fromkeys(keys))
