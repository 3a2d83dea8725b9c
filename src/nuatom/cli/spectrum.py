"""``nuatom spectrum``: expected counts beside data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nuatom.cli.common import (
    better_lines,
    couplings_options,
    goodness_text,
    json_option,
    model_option,
    neutrino_from,
    neutrino_mass_option,
    plot_option,
    print_json,
    theory_spread_option,
)
from nuatom.cli.datasets import (
    bins_option,
    complete_experiments,
    flux_option,
    load,
    medium_option,
    seen_electrons,
)

if TYPE_CHECKING:
    from nuatom.experiments.spectrum import ChannelSpectrum


@click.command("spectrum")
@click.argument("experiments", shell_complete=complete_experiments)
@model_option
@theory_spread_option
@bins_option
@flux_option
@medium_option
@neutrino_mass_option
@couplings_options
@json_option
@plot_option
def command(
    experiments: str,
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
    """Print the counts that EXPERIMENTS would expect for given couplings, and its data."""
    chosen = load(experiments, bins, flux, medium, neutrino_mass_ev)
    result = chosen.spectrum(neutrino_from(options), model, theory_spread=theory_spread)
    if plot:
        result.plot(plot)
    if as_json:
        inputs = {
            "experiment": experiments,
            "bins": bins,
            "flux": flux,
            "medium": medium,
            "neutrino_mass_ev": neutrino_mass_ev,
            "model": result.model,
            "theory_spread": theory_spread,
            **options,
        }
        print_json("spectrum", inputs, result.citations, result.to_dict(), result.tables)
        return
    click.echo(f"{result.title}; {result.model}; background × {result.background_scale:.3f}")
    for line in better_lines(model, seen_electrons(chosen)):
        click.echo(f"  {line}")
    for channel in result.channels:
        _show(channel.along(0), alone=len(result.channels) == 1)
    fit = result.goodness_of_fit
    click.echo(f"  {goodness_text(fit)}")
    if theory_spread is not None:
        click.echo(f"  {result.theory_pull:+.2f} of the way from {result.model} to {theory_spread}")
    if result.channels[0].holds_standard_neutrinos:
        total = sum(channel.standard_model.sum() for channel in result.channels)
        click.echo(f"  signal: the change from the Standard Model's neutrinos, {total:.1f} events")
    else:
        click.echo("  signal: all neutrinos")
    if plot:
        click.echo(f"  figure: {plot}")


def _show(channel: ChannelSpectrum, *, alone: bool) -> None:
    """One channel along its first axis, as a table."""
    axis = channel.axes[0]
    if not alone:
        click.echo(f" {channel.name}")
    unit = axis.unit or axis.quantity
    click.echo(f"{f'{axis.quantity.split()[-1]} [{unit}]':>15}  observed  background    signal  expected")
    rows = zip(
        axis.edges[:-1],
        axis.edges[1:],
        channel.observed,
        channel.background,
        channel.total_signal,
        channel.expected,
        strict=True,
    )
    for low, high, observed, background, signal, expected in rows:
        click.echo(
            f"  {low:5.4g} – {high:<5.4g}{observed:9.0f}  {background:10.2f}{signal:10.3f}{expected:10.2f}"
        )
