"""``nuatom explore``: a page with sliders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nuatom.cli.common import electroweak_from, electroweak_options, json_option, print_json
from nuatom.cli.datasets import bins_option, complete_experiments, flux_option, load, medium_option


class _Page(click.ParamType[Path]):
    """Path of a page, refused before any work when it could not be written."""

    name = "PAGE.html"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ARG002
        from nuatom.viz import PAGES, check_path

        return check_path(value, "out", PAGES)


@click.command("explore")
@click.argument("experiments", shell_complete=complete_experiments)
@click.option("--out", type=_Page(), required=True, help="The page to write.")
@click.option(
    "--model",
    metavar="LIST",
    help="Models that the page offers, comma-separated, such as helm+ipm,free; by default all "
    "of each process that can be computed, beside the default of the others.",
)
@bins_option
@flux_option
@medium_option
@electroweak_options
@json_option
def command(
    experiments: str,
    out: Path,
    model: str | None,
    bins: str | None,
    flux: str | None,
    medium: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Write one page that holds EXPERIMENTS: sliders for couplings, spectrum beside data, likelihood.

    The page carries every number it needs and opens in any browser, without a network.
    """
    result = load(experiments, bins, flux, medium).explore(
        None if model is None else model.split(","), electroweak=electroweak_from(options)
    )
    result.write(out, typed=experiments)
    size = out.stat().st_size
    if as_json:
        inputs = {
            "experiment": experiments,
            "bins": bins,
            "flux": flux,
            "medium": medium,
            "model": model,
            "out": str(out),
            **options,
        }
        print_json("explore", inputs, result.citations, {"page": str(out), "bytes": size, **result.to_dict()})
        return
    click.echo(f"{result.title}: {out}, {size / 1e3:.0f} kB")
    click.echo(f"  models: {', '.join(result.models)}")
    for name, reason in result.left_out.items():
        click.echo(f"  without {name}: {reason}")
    click.echo(f"  sliders: {', '.join(result.parameters)}")
