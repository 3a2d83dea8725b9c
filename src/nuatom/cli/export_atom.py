"""``nuatom export`` of an element: its responses, for other programs."""

from __future__ import annotations

import json

import click

from nuatom.errors import InputError

__all__ = ["FORMS", "export_responses", "is_element"]

FORMS = ("hdf5", "kion", "per-shell")
"""Formats of responses."""


def is_element(text: str) -> bool:
    """Whether a text is the symbol of an element."""
    from nuatom.atoms import atomic_number

    try:
        atomic_number(text)
    except InputError:
        return False
    return True


def export_responses(symbol: str, model: str | None, form: str, out: str | None) -> None:
    """Write or print the responses of an element."""
    import nuatom
    from nuatom.atoms import COMPONENTS, MOMENTUM_KEV
    from nuatom.constants import HARTREE_KEV

    if form not in FORMS:
        raise InputError("--format", form, f"{', '.join(FORMS)}, of an element")
    found = nuatom.responses(symbol, model)
    if form == "hdf5":
        if out is None:
            raise InputError("--out", out, "a file, for --format hdf5")
        found.to_hdf5(out)
        return
    transfer, momentum = found.grid()
    if form == "kion":
        numbers = found.to_kion(transfer / HARTREE_KEV, momentum / MOMENTUM_KEV)
        click.echo(json.dumps(numbers, allow_nan=False))
        return
    density, transverse = (COMPONENTS.index(name) for name in ("vector_00", "vector_11"))
    click.echo("subshell,edge_kev,transfer_kev,momentum_kev,S_per_kev,R_per_kev")
    for label, values in found.by_subshell(transfer, momentum).items():
        edge = found.subshells[label].scale.edge_kev
        for row, energy in enumerate(transfer):
            for column, q in enumerate(momentum):
                if q >= energy > edge:
                    pair = (values[part, row, column] for part in (density, transverse))
                    numbers_of_row = ",".join(f"{value:.6g}" for value in (edge, energy, q, *pair))
                    click.echo(f"{label},{numbers_of_row}")
