"""``nuatom data``: what the package ships, and releases that it fetches."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from nuatom.cli.common import Group, json_option, print_json

_MEANING: Final = {
    "magnetic-moment": "magnetic and electric dipoles together, in Bohr magnetons; only its square counts, "
    "but for interference of elements",
    "charge": "in units of the positron's; interferes with the weak amplitude, so that its sign counts",
    "charge-radius": "the total squared radius, the Standard Model's and the anapole included; interferes",
}
_ELEMENTS: Final = {
    "(none)": "the same for all flavours: the effective value that experiments quote",
    "e, mu, tau": "of one flavour",
    "emu, etau, mutau": "between two flavours, with its partner",
    "11, 22, 33": "of one mass state",
    "12, 13, 23": "between two mass states, with its partner",
}


@click.group("data", cls=Group)
def command() -> None:
    """Experiments and data files that the package ships, each with its source; releases to fetch."""


@command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List experiments, fluxes, data files and releases to fetch."""
    from nuatom.data import manifest
    from nuatom.data.releases import releases
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
                        "exposure_tonne_year": chosen.exposure_tonne_year,
                        "events": sum(sum(channel.counts) for channel in chosen.channels),
                        "citations": list(chosen.citations),
                    }
                    for chosen in experiments
                ],
                "fluxes": list(FLUXES),
                "releases": [
                    {"name": known.name, "holds": known.holds, "source": known.source, "url": known.url}
                    for known in releases().values()
                ],
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
    width = max(len(chosen.name) for chosen in experiments)
    click.echo("experiments")
    for chosen in experiments:
        click.echo(f"  {chosen.name:<{width}}  {chosen.title}: {chosen.summary}")
    click.echo("fluxes")
    click.echo("  " + ", ".join(FLUXES))
    click.echo("releases, for nuatom data fetch")
    for known in releases().values():
        click.echo(f"  {known.name}: {known.holds}")
    click.echo("files")
    for entry in manifest().values():
        click.echo(f"  {entry.name}: {entry.holds}")


@command.command("show")
@click.argument("name")
def show_command(name: str) -> None:
    """Print a data file, or the file of an experiment.

    That of an experiment is the one to start your own from.
    """
    from nuatom.data import read_text
    from nuatom.experiments import experiment_names

    click.echo(read_text(f"experiments/{name}.toml" if name in experiment_names() else name), nl=False)


@command.command("template")
@click.argument("name")
def template_command(name: str) -> None:
    """Print a commented file of an experiment to start from, which runs as it is."""
    from nuatom.data import manifest, read_text
    from nuatom.errors import InputError

    files = {
        each.removeprefix("templates/").removesuffix(".toml"): each
        for each in manifest()
        if each.startswith("templates/")
    }
    if name not in files:
        raise InputError("template", name, ", ".join(files))
    click.echo(read_text(files[name]), nl=False)


@command.command("parameters")
@json_option
def parameters_command(as_json: bool) -> None:
    """List what can be fitted, with units and meaning."""
    from nuatom.neutrinos.parameters import KINDS

    if as_json:
        kinds = [
            {"name": kind.name, "unit": kind.unit, "meaning": _MEANING[kind.name]} for kind in KINDS.values()
        ]
        print_json("data-parameters", {}, [], {"parameters": kinds, "elements": _ELEMENTS})
        return
    for kind in KINDS.values():
        click.echo(f"{kind.name} [{kind.unit}]: {_MEANING[kind.name]}")
    click.echo("elements, after a colon:")
    for element, meaning in _ELEMENTS.items():
        click.echo(f"  {element:18}{meaning}")


@command.command("fetch")
@click.argument("name")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Copy from a folder that holds the files, in the place of the network.",
)
@json_option
def fetch_command(name: str, source: Path | None, as_json: bool) -> None:
    """Fetch a data release into the user's cache.

    Every file is compared with its checksum. The cache is $NUATOM_RELEASES, or the platform's. The experiment
    can then be made from the release itself: nuatom limit "$(nuatom data path NAME)" PARAMETER.
    """
    from nuatom.data.releases import fetch, release

    wanted = release(name)
    _tell(name, fetch(wanted, source), {"from": source}, as_json)


@command.command("path")
@click.argument("name")
@json_option
def path_command(name: str, as_json: bool) -> None:
    """Print the folder of a fetched release.

    Every file is compared with its checksum first.
    """
    from nuatom.data.releases import read_release, release, release_folder

    folder = release_folder(name)
    read_release(release(name), folder)
    _tell(name, folder, {}, as_json)


def _tell(name: str, folder: Path, inputs: dict[str, object], as_json: bool) -> None:
    from nuatom.data.releases import release

    if as_json:
        found = {"path": str(folder), "files": sorted(release(name).sha256)}
        print_json("data-release", {"name": name, **inputs}, [], found)
    else:
        click.echo(folder)
