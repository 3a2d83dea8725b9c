"""``nuatom paper``: what a source paper prints beside what is computed for it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nuatom.cli.common import json_option, plot_option, print_json

if TYPE_CHECKING:
    from nuatom.papers import Entry


@click.command("paper")
@click.argument("name")
@click.option("--figure", help="Which figure --plot draws; the paper's main one by default.")
@click.option("--verbose", "-v", is_flag=True, help="Print the notes of what agrees, too.")
@json_option
@plot_option
def command(name: str, figure: str | None, verbose: bool, as_json: bool, plot: Path | None) -> None:
    """Reproduce the paper NAME (ks16, ks11, jky21), equation by equation.

    Every line sets what the paper prints beside what is computed, and says reproduced; rounding, where only
    the last digit differs; corrected, where another stated assumption or constant replaces the value; or
    erratum, where the value does not follow from the paper itself. Arithmetic on printed numbers is counted
    apart from what is computed.
    """
    from nuatom.errors import InputError
    from nuatom.papers import VERDICTS, figures, paper
    from nuatom.papers.table import text_table

    drawings = figures(name)
    if figure is not None and figure not in drawings:
        raise InputError("figure", figure, ", ".join(drawings))
    if figure is not None and plot is None:
        raise InputError("figure", figure, "a figure to be written with --plot FILE")
    found = paper(name)
    if plot:
        drawings[figure or next(iter(drawings))](plot)
    if as_json:
        print_json(
            "paper",
            {"paper": name, "figure": figure},
            found.citations,
            {
                "counts": {verdict: found.count(verdict, "computed") for verdict in VERDICTS},
                "arithmetic": {verdict: found.count(verdict, "arithmetic") for verdict in VERDICTS},
                "entries": [_fields(entry) for entry in found.entries],
                "figures": list(drawings),
            },
        )
        return
    width = max(80, shutil.get_terminal_size((110, 24)).columns)
    click.echo(text_table(found, width, verbose=verbose))
    if plot:
        click.echo(f"  figure: {plot}")


def _fields(entry: Entry) -> dict[str, str | float | None]:
    return {
        "equation": entry.equation,
        "quantity": entry.quantity,
        "unit": entry.unit,
        "printed": entry.printed,
        "computed": entry.computed,
        "relative_difference": entry.relative_difference,
        "verdict": entry.verdict,
        "kind": entry.kind,
        "quote": entry.quote,
        "note": entry.note,
    }
