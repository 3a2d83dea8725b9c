"""Entries as tables: for terminals, and for the documentation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from textwrap import fill, wrap

from nuatom.papers.entry import KINDS, VERDICTS, Entry, Omission, Paper

__all__ = ["heading", "markdown_omissions", "markdown_table", "text_table"]

_HEADINGS = ("equation", "quantity", "printed", "computed", "difference", "verdict")
# Least widths of all columns but the quantity's, which has the rest of the line.
_WIDTHS = (13, 0, 20, 11, 10, 15)


def text_table(paper: Paper, width: int = 110, *, verbose: bool = False) -> str:
    """Table for a terminal of some width, with numbered notes below it.

    Notes are those of entries that are not reproduced, each after what the paper prints there, or with
    ``verbose`` all.
    """
    rest = max(24, width - sum(_WIDTHS) - 2 * (len(_WIDTHS) - 1))
    widths = [size or rest for size in _WIDTHS]
    notes: list[str] = []
    lines = [heading(paper), "", _row(_HEADINGS, widths)]
    for entry in paper.entries:
        verdict: str = entry.verdict
        explained = _explained(entry)
        if explained and (verbose or entry.verdict != "reproduced"):
            if explained not in notes:
                notes.append(explained)
            verdict += f" [{notes.index(explained) + 1}]"
        lines.append(_row((*_cells(entry), verdict), widths))
    for number, note in enumerate(notes, start=1):
        label = f"[{number}] "
        lines.append(fill(note, width, initial_indent=label, subsequent_indent=" " * len(label)))
    return "\n".join(lines)


def markdown_table(
    paper: Paper, wanted: Callable[[Entry], bool] = lambda _: True, *, notes: bool = True
) -> str:
    """Table in Markdown of the wanted entries, with their notes in a last column, each once."""
    names = (*_HEADINGS, "note") if notes else _HEADINGS
    written: set[str] = set()
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    for entry in filter(wanted, paper.entries):
        verdict = entry.verdict if entry.verdict == "reproduced" else f"**{entry.verdict}**"
        cells = [*_cells(entry), verdict]
        if notes:
            explained = _explained(entry)
            cells.append("as above" if explained and explained in written else explained)
            written.add(explained)
        lines.append(_markdown_row(cells))
    return "\n".join(lines)


def markdown_omissions(paper: Paper, wanted: Callable[[Omission], bool] = lambda _: True) -> str:
    """Table in Markdown of what a paper says and no entry compares, with the reasons."""
    lines = ["| where | what stands there | why it has no entry |", "|---|---|---|"]
    return "\n".join(
        lines + [_markdown_row((o.where, o.what, o.why)) for o in filter(wanted, paper.omissions)]
    )


def heading(paper: Paper) -> str:
    """How many entries a paper has, and how they fare, in lines: what is computed, and arithmetic apart."""
    counts = [
        f"{kind}: " + ", ".join(f"{paper.count(verdict, kind)} {verdict}" for verdict in VERDICTS)
        for kind in KINDS
    ]
    return "\n  ".join((f"{paper.name}: {len(paper.entries)} entries", *counts))


def _explained(entry: Entry) -> str:
    return " ".join(filter(None, (f"Printed: {entry.quote}." if entry.quote else "", entry.note)))


def _cells(entry: Entry) -> tuple[str, str, str, str, str]:
    quantity = f"{entry.quantity} [{entry.unit}]" if entry.unit else entry.quantity
    apart = "" if entry.relative_difference is None else f"{entry.relative_difference:+.1e}"
    return entry.equation, quantity, entry.printed, f"{entry.computed:.6g}", apart


def _markdown_row(cells: Sequence[str]) -> str:
    # A bar ends a cell, a dollar sign would begin a formula.
    escaped = (cell.replace("|", "\\|").replace("$", "\\$") for cell in cells)
    return "| " + " | ".join(escaped) + " |"


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    columns = [wrap(cell, size) or [""] for cell, size in zip(cells, widths, strict=True)]
    return "\n".join(
        "  ".join(part.ljust(size) for part, size in zip(parts, widths, strict=True)).rstrip()
        for parts in zip_longest(*columns, fillvalue="")
    )
