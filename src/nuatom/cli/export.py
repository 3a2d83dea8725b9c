"""``nuatom export``: likelihoods and spectra for other programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from nuatom.cli.common import model_option
from nuatom.cli.datasets import bins_option, complete_experiments, complete_parameters, flux_option, load
from nuatom.cli.export_atom import export_responses, is_element
from nuatom.errors import InputError

if TYPE_CHECKING:
    from nuatom.experiments import Spectrum


@click.command("export")
@click.argument("experiments", shell_complete=complete_experiments)
@click.argument("parameter", default="magnetic-moment", shell_complete=complete_parameters)
@click.option(
    "--format",
    "form",
    type=click.Choice(["pyhf", "json", "csv", "hdf5", "kion", "per-shell"]),
    required=True,
    help="Of experiments: a workspace of HistFactory; the likelihood's numbers (hdf5: with --out); the "
    "fitted spectrum. Of an element, its responses: hdf5, kion (K(E, q) in atomic units), per-shell (CSV).",
)
@click.option("--out", metavar="FILE", help="Where hdf5 is written.")
@model_option
@bins_option
@flux_option
def command(
    experiments: str,
    parameter: str,
    form: str,
    out: str | None,
    model: str | None,
    bins: str | None,
    flux: str | None,
) -> None:
    """Print the likelihood of one PARAMETER from EXPERIMENTS for another program, on stdout.

    In the place of EXPERIMENTS the symbol of an element, such as Ge: its tabulated responses.
    """
    if form in ("kion", "per-shell") or is_element(experiments):
        export_responses(experiments, model, form, out)
        return
    from nuatom.experiments.export import likelihood_numbers, pyhf_workspace, write_hdf5

    if (out is not None) != (form == "hdf5"):
        accepted = "a file, for --format hdf5" if out is None else "nothing: other formats go to stdout"
        raise InputError("--out", out, accepted)
    data = load(experiments, bins, flux)
    if out is not None:
        write_hdf5(data.analysis(model), parameter, out)
        return
    if form == "csv":
        _print_table(data.spectrum(model=model))
        return
    make = pyhf_workspace if form == "pyhf" else likelihood_numbers
    click.echo(json.dumps(make(data.analysis(model), parameter), allow_nan=False))


def _print_table(spectrum: Spectrum) -> None:
    """One line a bin of the first axis of each channel."""
    click.echo("channel,low,high,observed,background,signal,expected")
    for each in spectrum.channels:
        channel = each.along(0)
        edges = channel.axes[0].edges
        columns = (channel.observed, channel.background, channel.total_signal, channel.expected)
        for low, high, *values in zip(edges[:-1], edges[1:], *columns, strict=True):
            click.echo(",".join([channel.name, *(f"{value:.9g}" for value in (low, high, *values))]))
