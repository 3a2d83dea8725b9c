"""``nuatom response --phase``: responses of matter, as kernels are made of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nuatom.cli.common import print_json

if TYPE_CHECKING:
    from nuatom.atoms import Target

__all__ = ["refuse_in_matter", "show_matter"]


def refuse_in_matter(*options: tuple[str, Any, Any]) -> None:
    """Refuse options, each a name, value and default, that tables of atoms have settled already."""
    from nuatom.errors import InputError

    for name, value, default in options:
        if value != default:
            raise InputError(name, value, f"{default or 'none'} (the default), in a phase")


def show_matter(
    target: Target,
    model: str,
    transfer_kev: tuple[float, ...],
    momentum_kev: tuple[float, ...],
    as_json: bool,
    plot: Path | None,
) -> None:
    """Print S and R of a target in its phase, per keV and formula unit."""
    import numpy as np

    from nuatom.atoms import COMPONENTS
    from nuatom.media import find_medium
    from nuatom.processes.ionization import matter_of

    matter, medium = matter_of(target, model), find_medium(target)
    transfer = np.array(transfer_kev)
    momentum = np.broadcast_to(np.array(momentum_kev), (transfer.size, len(momentum_kev)))
    total = sum(
        (part.count * part.responses.on_momenta(transfer, momentum) for part in matter),
        np.zeros((len(COMPONENTS), *momentum.shape)),
    )
    density, transverse = (total[COMPONENTS.index(name)] for name in ("vector_00", "vector_11"))
    error = np.max([part.responses.relative_error(transfer) for part in matter], axis=0)
    edges = np.unique(np.concatenate([part.responses.edges_kev for part in matter]))
    if plot:
        from nuatom.atoms import ridge_kev
        from nuatom.viz import draw_response_map

        title = f"{target.formula}, {medium.phase}, {model}"
        draw_response_map(plot, transfer, np.array(momentum_kev), density, ridge_kev(transfer), title=title)
    if as_json:
        fields = {
            "transfer_kev": transfer.tolist(),
            "momentum_kev": list(momentum_kev),
            "S_per_kev": density.tolist(),
            "R_per_kev": transverse.tolist(),
            "edges_kev": edges.tolist(),
            "relative_error": error.tolist(),
        }
        inputs = {"target": target.formula, "model": model, "phase": medium.phase}
        tables = dict((*(named for part in matter for named in part.responses.identity), medium.identity))
        print_json("response", inputs, ("KS11", *medium.citations), fields, tables)
        return
    click.echo(f"{target.formula}, {medium.phase}; {model}; S and R per keV and formula unit")
    click.echo("      T [keV]      Q [keV]            S            R        error")
    for i, energy in enumerate(transfer):
        if not energy > edges[0]:
            click.echo(f"  {energy:11.5g}: below every threshold (the lowest is {edges[0]:.4g} keV), S = 0")
            continue
        for j, q in enumerate(momentum_kev):
            row = f"{density[i, j]:13.4e}{transverse[i, j]:13.4e}{error[i]:13.1e}"
            click.echo(f"  {energy:11.5g}{q:13.5g}{row}")
    if plot:
        click.echo(f"  figure: {plot}")
