"""``nuatom cross-section``: differential cross sections."""

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

_TEX = {
    "e": r"$\nu_e$",
    "mu": r"$\nu_\mu$",
    "tau": r"$\nu_\tau$",
    "anti-e": r"$\bar\nu_e$",
    "anti-mu": r"$\bar\nu_\mu$",
    "anti-tau": r"$\bar\nu_\tau$",
}


@click.command("cross-section")
@click.argument("target")
@process_option
@model_option
@phase_option
@neutrino_mass_option
@click.option("--flavour", default="e", show_default=True, help="e, mu, tau, anti-e, anti-mu or anti-tau.")
@click.option("--energy-kev", type=float, required=True, help="Neutrino energy.")
@click.option("--recoil-kev", type=NUMBERS, required=True, help="Recoils: 1,2,5 or 0.1:100:50log.")
@couplings_options
@json_option
@plot_option
def command(
    target: str,
    process: str,
    model: str | None,
    phase: str | None,
    neutrino_mass_ev: float | None,
    flavour: str,
    energy_kev: float,
    recoil_kev: tuple[float, ...],
    as_json: bool,
    plot: Path | None,
    **options: Any,
) -> None:
    """Print dσ/dT per formula unit of a TARGET (per atom of an element), in cm²/keV."""
    from nuatom.processes import interaction

    kernels = interaction(target_from(target, phase), process, model, **mass_from(neutrino_mass_ev))
    neutrino = neutrino_from(options)
    result = kernels.cross_section(neutrino, energy_kev, recoil_kev, flavour)
    parts = {name: getattr(result, name) for name in ("weak", "charge", "magnetic", "total")}
    if plot:
        from nuatom.viz import draw_curves

        draw_curves(
            plot,
            result.recoil_kev,
            parts,
            x_label="energy transferred T [keV]",
            y_label=r"$d\sigma/dT$ [cm$^2$/keV]",
            title=f"{_TEX[flavour]} on {target}, {energy_kev:g} keV, {process}, {kernels.model}",
            emphasised="total",
        )
    if as_json:
        inputs = {"target": target, "phase": phase, "process": process, "model": kernels.model}
        fields = {name: values.tolist() for name, values in parts.items()}
        print_json(
            "cross-section",
            {
                **inputs,
                "flavour": flavour,
                "energy_kev": energy_kev,
                "neutrino_mass_ev": neutrino_mass_ev,
                **options,
            },
            result.citations,
            {"recoil_kev": result.recoil_kev.tolist(), **fields, "unit": "cm2/keV"},
            dict(result.tables),
        )
        return
    click.echo(f"{target}; {process}, {kernels.model}; {flavour}, E = {energy_kev:g} keV; dσ/dT in cm²/keV")
    for line in better_lines(model, [kernels.target] if process == "electron" else []):
        click.echo(f"  {line}")
    click.echo("      T [keV]         weak       charge     magnetic        total")
    for row in zip(result.recoil_kev, *parts.values(), strict=True):
        click.echo(f"  {row[0]:11.5g}" + "".join(f"{value:13.4e}" for value in row[1:]))
    if plot:
        click.echo(f"  figure: {plot}")
