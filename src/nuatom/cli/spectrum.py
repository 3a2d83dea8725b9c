"""``nuatom spectrum``: expected counts beside data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nuatom.cli.common import (
    couplings_options,
    goodness_text,
    json_option,
    model_option,
    neutrino_from,
    plot_option,
    print_json,
    theory_spread_option,
)


@click.command("spectrum")
@click.argument("experiment")
@model_option
@theory_spread_option
@couplings_options
@json_option
@plot_option
def command(
    experiment: str,
    model: str | None,
    theory_spread: str | None,
    as_json: bool,
    plot: Path | None,
    **options: Any,
) -> None:
    """Print the counts that an EXPERIMENT would expect for given couplings, and its data."""
    from nuatom.experiments import experiment as load

    chosen = load(experiment)
    result = chosen.spectrum(neutrino_from(options), model, theory_spread=theory_spread)
    if plot:
        result.plot(plot)
    if as_json:
        inputs = {
            "experiment": experiment,
            "model": result.model,
            "theory_spread": theory_spread,
            **options,
        }
        print_json("spectrum", inputs, result.citations, result.to_dict(), result.tables)
        return
    click.echo(f"{result.title}; {result.model}; background × {result.background_scale:.3f}")
    click.echo("   energy [keV]  observed  background    signal  expected")
    rows = zip(
        result.bin_edges_kev[:-1],
        result.bin_edges_kev[1:],
        result.observed,
        result.background,
        result.total_signal,
        result.expected,
        strict=True,
    )
    for low, high, observed, background, signal, expected in rows:
        click.echo(
            f"  {low:5.4g} – {high:<5.4g}{observed:9.0f}  {background:10.2f}{signal:10.3f}{expected:10.2f}"
        )
    fit = result.goodness_of_fit
    click.echo(f"  {goodness_text(fit)}")
    if theory_spread is not None:
        click.echo(f"  {result.theory_pull:+.2f} of the way from {result.model} to {theory_spread}")
    click.echo(
        f"  signal: the change from the Standard Model's neutrinos, {result.standard_model.sum():.1f} events"
        if chosen.holds_standard_neutrinos
        else "  signal: all neutrinos"
    )
    if plot:
        click.echo(f"  figure: {plot}")
