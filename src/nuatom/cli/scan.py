"""``nuatom scan``: likelihood curves and surfaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nuatom.cli.common import (
    NUMBERS,
    better_lines,
    electroweak_from,
    electroweak_options,
    json_option,
    model_option,
    neutrino_mass_option,
    plot_option,
    print_json,
    theory_spread_option,
)
from nuatom.cli.datasets import (
    bins_option,
    complete_experiments,
    complete_parameters,
    flux_option,
    load,
    medium_option,
    seen_electrons,
)


@click.command("scan")
@click.argument("experiments", shell_complete=complete_experiments)
@click.argument("parameters", nargs=-1, required=True, shell_complete=complete_parameters)
@click.option(
    "--values",
    type=NUMBERS,
    multiple=True,
    help="Values of each parameter in turn, as a list or start:stop:n; chosen from its interval by default.",
)
@click.option(
    "--points",
    type=click.IntRange(2),
    default=61,
    show_default=True,
    help="Points of each default axis.",
)
@model_option
@theory_spread_option
@bins_option
@flux_option
@medium_option
@neutrino_mass_option
@electroweak_options
@json_option
@plot_option
def command(
    experiments: str,
    parameters: tuple[str, ...],
    values: tuple[tuple[float, ...], ...],
    points: int,
    bins: str | None,
    flux: str | None,
    medium: str,
    neutrino_mass_ev: float | None,
    model: str | None,
    theory_spread: str | None,
    as_json: bool,
    plot: Path | None,
    **options: Any,
) -> None:
    """Compute −2 ln L of EXPERIMENTS on a grid of PARAMETERS, profiled over normalisations."""
    import numpy as np
    from rich.console import Console
    from rich.progress import Progress

    from nuatom.errors import InputError
    from nuatom.neutrinos import Neutrino

    if values and len(values) != len(parameters):
        raise InputError("--values", f"{len(values)} lists", f"one for each of {len(parameters)} parameters")
    if plot and len(parameters) > 2:
        raise InputError("plot", f"{len(parameters)} parameters", "a scan of one or two")
    chosen = load(experiments, bins, flux, medium, neutrino_mass_ev)
    neutrino = Neutrino(electroweak=electroweak_from(options))
    if values:
        axes = [np.array(axis) for axis in values]
    else:
        axes = list(chosen.axes(parameters, points, model, neutrino=neutrino, theory_spread=theory_spread))
    # On stderr, and only for a person to see: stdout is for results.
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("scanning", total=1.0)
        result = chosen.scan(
            parameters,
            axes,
            model,
            neutrino=neutrino,
            theory_spread=theory_spread,
            progress=lambda done: progress.update(task, completed=done),
        )
    if plot:
        result.plot(plot)
    if as_json:
        inputs = {
            "experiment": experiments,
            "bins": bins,
            "flux": flux,
            "medium": medium,
            "neutrino_mass_ev": neutrino_mass_ev,
            "parameters": list(parameters),
            "model": result.model,
            "theory_spread": theory_spread,
            **options,
        }
        print_json("scan", inputs, result.citations, result.to_dict(), result.tables)
        return
    click.echo(f"{result.title}; {result.model}; {result.surface.two_delta_nll.size} points")
    for line in better_lines(model, seen_electrons(chosen)):
        click.echo(f"  {line}")
    for parameter, best, axis in zip(result.parameters, result.surface.best_fit, axes, strict=True):
        click.echo(
            f"  {parameter.name}: best fit {best:.3g} {parameter.kind.unit}, "
            f"scanned from {axis[0]:.3g} to {axis[-1]:.3g}"
        )
    for name in result.at_edge:
        click.echo(f"  {name}: the best fit is at the end of what was scanned")
    if result.shared:
        click.echo(f"  shared: {', '.join(result.shared)}")
    if plot:
        click.echo(f"  figure: {plot}")
