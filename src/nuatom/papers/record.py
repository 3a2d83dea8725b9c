"""What stands beside each paper: its entries in the paper's order, with verdicts, quotations and reasons."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from nuatom.errors import InputError
from nuatom.papers.entry import Entry, Finding, Omission, Paper

__all__ = ["written_up"]


def written_up(
    name: str, findings: Mapping[str, Finding], figures: Mapping[str, Callable[[Path], None]]
) -> Paper:
    """Join a paper's findings with its record, ``entries.toml`` in the paper's folder.

    Every ``[[entry]]`` has an ``id``, the name of its finding, and the fields of :meth:`.Entry.of`; every
    ``[[omitted]]`` those of :class:`.Omission`. A note holds the facts of its finding as ``{fact:.3g}``.

    Parameters
    ----------
    name : str
        Of the paper.
    findings : mapping of str to Finding
        By the ids of the record, one each.
    figures : mapping of str to callable
        Those of the paper.

    Raises
    ------
    InputError
        When record and findings do not have the same ids, each once, or an entry is refused.
    """
    record = _record(name)
    ids = [entry["id"] for entry in record["entry"]]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise InputError("id", ", ".join(twice), f"one entry of {name} each")
    apart = sorted(set(findings) - set(ids)) or sorted(set(ids) - set(findings))
    if apart:
        raise InputError("id", apart, f"an entry and a finding of {name} for each")
    return Paper(
        name,
        record["citation"],
        tuple(
            Entry.of(findings[entry["id"]], **{key: entry[key] for key in entry if key != "id"})
            for entry in record["entry"]
        ),
        figures,
        tuple(record["sources"]),
        tuple(Omission(**one) for one in record["omitted"]),
    )


def _record(name: str) -> dict[str, Any]:
    return tomllib.loads(files("nuatom.papers").joinpath(name, "entries.toml").read_text("utf-8"))
