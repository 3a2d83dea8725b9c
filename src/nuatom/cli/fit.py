"""``nuatom fit``: best fit of parameters and nuisances."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nuatom.cli.common import (
    better_lines,
    electroweak_from,
    electroweak_options,
    goodness_text,
    json_option,
    model_option,
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
    seen_electrons,
)


@click.command("fit")
@click.argument("experiments", shell_complete=complete_experiments)
@click.argument("parameters", nargs=-1, shell_complete=complete_parameters)
@model_option
@theory_spread_option
@bins_option
@flux_option
@electroweak_options
@json_option
@plot_option
def command(
    experiments: str,
    parameters: tuple[str, ...],
    model: str | None,
    theory_spread: str | None,
    bins: str | None,
    flux: str | None,
    as_json: bool,
    plot: Path | None,
    **options: Any,
) -> None:
    """Fit PARAMETERS and all nuisances to EXPERIMENTS: pulls, errors, correlations and impacts."""
    from nuatom.neutrinos import Neutrino

    neutrino = Neutrino(electroweak=electroweak_from(options))
    data = load(experiments, bins, flux)
    result = data.fit(parameters, model, neutrino=neutrino, theory_spread=theory_spread)
    if plot:
        result.plot(plot)
    if as_json:
        inputs = {
            "experiment": experiments,
            "parameters": list(parameters),
            "model": result.model,
            "theory_spread": theory_spread,
            "bins": bins,
            "flux": flux,
            **options,
        }
        print_json("fit", inputs, result.citations, result.to_dict(), result.tables)
        return
    click.echo(f"{result.title}; {result.model}")
    for line in better_lines(model, seen_electrons(data)):
        click.echo(f"  {line}")
    for entry in result.parameters:
        error = "at its boundary" if entry.error is None else f"± {entry.error:.2g}"
        click.echo(f"  {entry.name}: {entry.best_fit:.3g} {error} {entry.unit}")
    width = max((len(entry.name) for entry in result.nuisances), default=0)
    for nuisance in result.nuisances:
        pull = "free" if nuisance.pull is None else f"pull {nuisance.pull:+.2f}"
        impact = (
            ""
            if nuisance.impact is None
            else f"  impact {nuisance.impact[0]:+.2g}, {nuisance.impact[1]:+.2g}"
        )
        line = f"  {nuisance.name:<{width}}  {nuisance.best_fit:8.4f} ± {nuisance.error:<8.2g}{pull}{impact}"
        click.echo(line.rstrip())
    click.echo(f"  goodness of fit: {goodness_text(result.goodness_of_fit)}")
    if plot:
        click.echo(f"  figure: {plot}")
