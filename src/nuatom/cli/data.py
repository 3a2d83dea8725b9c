"""``nuatom data``: what the package ships."""

from __future__ import annotations

import click

from nuatom.cli.common import json_option, print_json


@click.group("data")
def command() -> None:
    """Experiments and data files that the package ships, each with its source."""


@command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List experiments, fluxes and data files."""
    from nuatom.data import manifest
    from nuatom.experiments import experiment, experiment_names
    from nuatom.fluxes import FLUXES

    experiments = [experiment(name) for name in experiment_names()]
    if as_json:
        print_json(
            "data-list",
            {},
            [key for chosen in experiments for key in chosen.citations],
            {
                "experiments": [
                    {
                        "name": chosen.name,
                        "title": chosen.title,
                        "target": chosen.target.formula,
                        "exposure_tonne_year": chosen.detector.exposure_tonne_year,
                        "events": sum(chosen.counts),
                        "citations": list(chosen.citations),
                    }
                    for chosen in experiments
                ],
                "fluxes": list(FLUXES),
                "files": [
                    {
                        "name": entry.name,
                        "holds": entry.holds,
                        "source": entry.source,
                        "licence": entry.licence,
                        "sha256": entry.sha256,
                    }
                    for entry in manifest().values()
                ],
            },
        )
        return
    click.echo("experiments")
    for chosen in experiments:
        click.echo(
            f"  {chosen.name:<14}{chosen.title}: {chosen.detector.exposure_tonne_year:g} t yr of "
            f"{chosen.target.formula}, {sum(chosen.counts):.0f} events"
        )
    click.echo("fluxes")
    click.echo("  " + ", ".join(FLUXES))
    click.echo("files")
    for entry in manifest().values():
        click.echo(f"  {entry.name}: {entry.holds}")


@command.command("show")
@click.argument("name")
def show_command(name: str) -> None:
    """Print a data file, or the file of an experiment: the one to start your own from."""
    from nuatom.data import read_text
    from nuatom.experiments import experiment_names

    click.echo(read_text(f"experiments/{name}.toml" if name in experiment_names() else name), nl=False)
