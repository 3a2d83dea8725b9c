"""What verbs with data share: experiments by name, several of them, other bins, another flux."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from nuatom.atoms import Target
    from nuatom.experiments import Combination, Experiment

__all__ = [
    "bins_option",
    "complete_experiments",
    "complete_parameters",
    "flux_option",
    "load",
    "medium_option",
    "seen_electrons",
]

F = TypeVar("F", bound=Callable[..., Any])


def complete_experiments(
    ctx: click.Context,  # noqa: ARG001
    param: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[CompletionItem]:
    """What a shell offers for experiments, the last of a list with commas; files where no name fits."""
    from nuatom.experiments import experiment_names, groups

    before, comma, last = incomplete.rpartition(",")
    fitting = [name for name in (*experiment_names(), *groups()) if name.startswith(last)]
    if not fitting:
        return [CompletionItem(incomplete, type="file")]
    return [CompletionItem(f"{before}{comma}{name}") for name in fitting]


def complete_parameters(
    ctx: click.Context,  # noqa: ARG001
    param: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[CompletionItem]:
    """What a shell offers for parameters: their kinds."""
    from nuatom.neutrinos.parameters import KINDS

    return [CompletionItem(name) for name in KINDS if name.startswith(incomplete)]


def bins_option(function: F) -> F:
    """``--bins``: other bins of the first axis."""
    return click.option(
        "--bins",
        metavar="START:STOP:N",
        help="So many equal bins of the first axis, in the place of the experiment's own.",
    )(function)


def flux_option(function: F) -> F:
    """``--flux``: another flux, by name or in a file."""
    return click.option(
        "--flux",
        metavar="NAME or FILE",
        help="Another flux: a name from `nuatom data list`, or a CSV of keV and 1/(cm² s keV); "
        "a line `# flavour: anti-e` says which neutrinos.",
    )(function)


def medium_option(function: F) -> F:
    """``--medium`` or ``--phase``: what the atoms are in."""
    return click.option(
        "--medium",
        "--phase",
        "medium",
        default="detector",
        show_default=True,
        help="What the atoms are in: as in the detector, a vacuum, or gas, liquid or crystal.",
    )(function)


def seen_electrons(chosen: Experiment | Combination) -> list[Target]:
    """Targets of those experiments that see electrons."""
    from nuatom.processes import process_named

    return [
        experiment.target
        for experiment in chosen.experiments
        if any(process_named(process).name == "electron" for process in experiment.processes)
    ]


def load(
    text: str,
    bins: str | None = None,
    flux: str | None = None,
    medium: str = "detector",
    neutrino_mass_ev: float | None = None,
) -> Experiment | Combination:
    """Experiments as a verb's argument names them: one, or several with commas between.

    Parameters
    ----------
    text : str
        Names of experiments or groups, paths of TOML files or folders of releases.
    bins : str, optional
        Bins of the first axis.
    flux : str, optional
        Flux in the place of the experiments' own.
    medium : str
        ``"detector"`` or ``"vacuum"``.
    neutrino_mass_ev : float, optional
        As of :meth:`~nuatom.experiments.experiment.Experiment.in_medium`.
    """
    from nuatom.errors import InputError
    from nuatom.experiments import combine, experiment, members
    from nuatom.fluxes import flux as flux_named

    other = None if flux is None else flux_named(flux)
    found = []
    given = [name.strip() for name in text.split(",")]
    if "" in given:
        raise InputError("experiment", text, "names or files, with commas between")
    for name in (part for entry in given for part in members(entry)):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", UserWarning)
            one = experiment(name, bins)
        for warning in caught:
            # For a person, beside the result.
            click.echo(f"nuatom: {warning.message}", err=True)
        if medium != "detector" or neutrino_mass_ev is not None:
            one = one.in_medium(medium, neutrino_mass_ev)
        found.append(one if other is None else replace(one, flux=other))
    return found[0] if len(found) == 1 else combine(*found)
