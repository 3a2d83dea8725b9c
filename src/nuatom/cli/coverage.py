"""``nuatom coverage``: how often intervals hold the truth."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from nuatom.cli.common import (
    NUMBERS,
    electroweak_from,
    electroweak_options,
    json_option,
    model_option,
    print_json,
    theory_spread_option,
)
from nuatom.cli.datasets import bins_option, complete_experiments, complete_parameters, flux_option, load
from nuatom.cli.simulation import interval_option, simulated, simulation_options


@click.command("coverage")
@click.argument("experiments", shell_complete=complete_experiments)
@click.argument("parameter", shell_complete=complete_parameters)
@click.option("--at", type=NUMBERS, required=True, help="True values, as a list or start:stop:n.")
@interval_option
@click.option("--toys", type=click.IntRange(100), default=10_000, show_default=True, help="At each truth.")
@click.option(
    "--displaced",
    type=float,
    default=0.0,
    show_default=True,
    help="By how many standard deviations true nuisances are off their fit to the data.",
)
@model_option
@theory_spread_option
@click.option("--cl", type=float, default=0.90, show_default=True, help="Confidence level.")
@click.option("--sides", default="two-sided", show_default=True, help="two-sided or upper.")
@simulation_options
@bins_option
@flux_option
@electroweak_options
@json_option
def command(
    experiments: str,
    parameter: str,
    at: tuple[float, ...],
    interval: Any,
    toys: int,
    displaced: float,
    model: str | None,
    theory_spread: str | None,
    cl: float,
    sides: Any,
    precision: float,
    seed: int,
    jobs: int,
    directory: Path | None,
    bins: str | None,
    flux: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Simulate EXPERIMENTS at true values of a PARAMETER and count how often its interval holds them."""
    from nuatom.neutrinos import Neutrino

    chosen = load(experiments, bins, flux)
    analysis = chosen.analysis(model, Neutrino(electroweak=electroweak_from(options)), theory_spread)
    from nuatom.experiments.limits import covered

    with simulated(precision, seed, jobs, directory) as simulation:
        found = covered(
            analysis,
            parameter,
            at,
            cl,
            sides,
            interval,
            experiments=toys,
            displaced=displaced,
            simulation=simulation,
        )
    if as_json:
        rows = [asdict(entry) for entry in found]
        outputs = {key: [row[key] for row in rows] for key in rows[0]}
        inputs = {
            "experiment": experiments,
            "parameter": parameter,
            "interval": interval,
            "sides": sides,
            "cl": cl,
            "seed": seed,
            "displaced": displaced,
            "model": analysis.model,
            "theory_spread": theory_spread,
            "bins": bins,
            "flux": flux,
        }
        print_json("coverage", {**inputs, **options}, analysis.citations, outputs, analysis.tables)
        return
    click.echo(f"{analysis.origin['title']}; {analysis.model}; {interval}, {sides}, {100 * cl:g}% CL")
    for entry in found:
        failed = f", {entry.failed} fits failed" if entry.failed else ""
        click.echo(
            f"  {parameter} = {entry.at:.3g}: {100 * entry.coverage:.2f} ± {100 * entry.error:.2f}% "
            f"of {entry.experiments:,} experiments{failed}"
        )
