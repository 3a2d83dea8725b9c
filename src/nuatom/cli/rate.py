"""``nuatom rate``: differential rates before the detector."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nuatom.cli.common import (
    NUMBERS,
    better_lines,
    couplings_options,
    json_option,
    mass_from,
    model_option,
    neutrino_from,
    neutrino_mass_option,
    phase_option,
    plot_option,
    print_json,
    process_option,
    target_from,
)


@click.command("rate")
@click.argument("target")
@click.option(
    "flux_name",
    "--flux",
    metavar="NAME",
    required=True,
    help="A flux that `nuatom data list` names, such as solar-gs98, or a table, FILE.csv.",
)
@process_option
@model_option
@phase_option
@neutrino_mass_option
@click.option("--recoil-kev", type=NUMBERS, required=True, help="Recoils: 1,2,5 or 0.1:100:50log.")
@couplings_options
@json_option
@plot_option
def command(
    target: str,
    flux_name: str,
    process: str,
    model: str | None,
    phase: str | None,
    neutrino_mass_ev: float | None,
    recoil_kev: tuple[float, ...],
    as_json: bool,
    plot: Path | None,
    **options: Any,
) -> None:
    """Print dR/dT of a flux in a TARGET, in events/(t yr keV), before any detector."""
    from nuatom.fluxes import flux
    from nuatom.processes import interaction
    from nuatom.rates import differential_rate

    neutrino = neutrino_from(options)
    kernels = interaction(target_from(target, phase), process, model, **mass_from(neutrino_mass_ev))
    result = differential_rate(kernels, flux(flux_name), neutrino, recoil_kev)
    if plot:
        from nuatom.viz import draw_curves

        draw_curves(
            plot,
            result.recoil_kev,
            {**result.components, "total": result.total},
            x_label="energy transferred T [keV]",
            y_label=r"$dR/dT$ [events/(t yr keV)]",
            title=f"{flux_name} on {target}, {process}, {kernels.model}",
            emphasised="total",
            band=(result.total - result.theory_error, result.total + result.theory_error),
        )
    if as_json:
        fields = {
            "recoil_kev": result.recoil_kev.tolist(),
            "components": {name: values.tolist() for name, values in result.components.items()},
            "total": result.total.tolist(),
            "theory_error": result.theory_error.tolist(),
            "unit": "events/(t yr keV)",
        }
        inputs = {
            "target": target,
            "phase": phase,
            "neutrino_mass_ev": neutrino_mass_ev,
            "flux": flux_name,
            "process": process,
            "model": kernels.model,
            **options,
        }
        print_json("rate", inputs, result.citations, fields, dict(result.tables))
        return
    click.echo(f"{flux_name} on {target}; {process}, {kernels.model}; dR/dT in events/(t yr keV)")
    for line in better_lines(model, [kernels.target] if process == "electron" else []):
        click.echo(f"  {line}")
    widths = [max(12, len(name) + 2) for name in result.components]
    heads = zip(result.components, widths, strict=True)
    click.echo("      T [keV]        total" + "".join(f"{name:>{width}}" for name, width in heads))
    for recoil, total, *rates in zip(
        result.recoil_kev, result.total, *result.components.values(), strict=True
    ):
        cells = zip(rates, widths, strict=True)
        click.echo(f"  {recoil:11.5g}{total:13.4e}" + "".join(f"{rate:{width}.3e}" for rate, width in cells))
    if plot:
        click.echo(f"  figure: {plot}")
