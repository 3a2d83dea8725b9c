"""``nuatom limit``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nuatom.cli.common import (
    electroweak_from,
    electroweak_options,
    goodness_text,
    json_option,
    model_option,
    plot_option,
    print_json,
    theory_spread_option,
)
from nuatom.cli.datasets import bins_option, flux_option, load


@click.command("limit")
@click.argument("experiments")
@click.argument("parameter")
@model_option
@theory_spread_option
@click.option("--cl", type=float, default=0.90, show_default=True, help="Confidence level.")
@click.option(
    "--sides",
    default="two-sided",
    show_default=True,
    help="Interval (two-sided) or upper limit (upper).",
)
@bins_option
@flux_option
@electroweak_options
@json_option
@plot_option
def command(
    experiments: str,
    parameter: str,
    model: str | None,
    theory_spread: str | None,
    cl: float,
    sides: Any,
    bins: str | None,
    flux: str | None,
    as_json: bool,
    plot: Path | None,
    **options: Any,
) -> None:
    """Fit one PARAMETER to EXPERIMENTS and print its confidence interval.

    PARAMETER is magnetic-moment, charge or charge-radius, for all flavours alike, or with an element of the
    flavour basis (charge:e, mu, tau, emu, etau, mutau) or of the mass basis (charge:11, 22, 33, 12, 13, 23);
    an off-diagonal element is set together with its partner. EXPERIMENTS is a name from `nuatom data list`,
    a TOML file of the same form, or a folder with a release of its data; or several with commas between,
    which are fitted together: nuisances of the same name are one.
    """
    from nuatom.neutrinos import Neutrino

    chosen = load(experiments, bins, flux)
    result = chosen.limit(
        parameter,
        cl=cl,
        model=model,
        sides=sides,
        neutrino=Neutrino(electroweak=electroweak_from(options)),
        theory_spread=theory_spread,
    )
    if plot:
        result.plot(plot)
    if as_json:
        inputs = {
            "experiment": experiments,
            "parameter": parameter,
            "model": result.model,
            "theory_spread": theory_spread,
            "cl": cl,
            "sides": sides,
            "bins": bins,
            "flux": flux,
        }
        print_json("limit", {**inputs, **options}, result.citations, result.to_dict(), result.tables)
        return
    interval, fit, unit = result.interval, result.goodness_of_fit, result.parameter.kind.unit
    name = result.parameter.name
    spread = "" if theory_spread is None else f" ± {theory_spread}"
    click.echo(f"{result.title}; {result.model}{spread}; {100 * cl:g}% CL, {sides}")
    for lower, upper in interval.segments:
        if lower is None and upper is None:
            click.echo(f"  {name}: no limit")
        elif lower is None:
            click.echo(f"  {name} < {upper:.3g} {unit}")
        elif upper is None:
            click.echo(f"  {name} > {lower:.3g} {unit}")
        else:
            click.echo(f"  {lower:.3g} < {name} < {upper:.3g} {unit}")
    click.echo(f"  best fit {interval.best_fit:.3g}; −2ΔlnL at zero {interval.two_delta_nll_at_zero:.2f}")
    click.echo(f"  goodness of fit: {goodness_text(fit)}")
    if result.shared:
        click.echo(f"  shared: {', '.join(result.shared)}")
    for published in chosen.published:
        if published.parameter == name and published.cl == cl and published.sides == sides:
            ends = [f"{end:.3g}" for end in (published.lower, published.upper) if end is not None]
            data = "" if published.data is None else f" from {published.data}"
            click.echo(f"  published: {' to '.join(ends)} {unit}{data} ({published.source})")
    if plot:
        click.echo(f"  figure: {plot}")
