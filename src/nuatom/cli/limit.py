"""``nuatom limit``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from nuatom.cli.common import (
    better_lines,
    electroweak_from,
    electroweak_options,
    goodness_text,
    json_option,
    model_option,
    neutrino_mass_option,
    plot_option,
    print_json,
    theory_spread_option,
)
from nuatom.cli.datasets import (
    bins_option,
    complete_experiments,
    complete_parameters,
    flux_option,
    load,
    medium_option,
    seen_electrons,
)
from nuatom.cli.simulation import interval_option, simulated, simulation_options

if TYPE_CHECKING:
    from nuatom.experiments.results import Limit
    from nuatom.inference import Simulation

# Numbers that go through checks without being asked for: some seconds.
_MOST_WORK: Final = 20_000_000


@click.command("limit")
@click.argument("experiments", shell_complete=complete_experiments)
@click.argument("parameter", shell_complete=complete_parameters)
@model_option
@theory_spread_option
@click.option("--cl", type=float, default=0.90, show_default=True, help="Confidence level.")
@click.option(
    "--sides",
    default="two-sided",
    show_default=True,
    help="Interval (two-sided) or upper limit (upper).",
)
@interval_option
@click.option("--expected", is_flag=True, help="Add what experiments without a signal would give.")
@click.option(
    "--toys/--no-toys",
    default=True,
    help="Simulate experiments to check approximations, where that has not been done for what ships.",
)
@simulation_options
@bins_option
@flux_option
@medium_option
@neutrino_mass_option
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
    interval: Any,
    expected: bool,
    toys: bool,
    precision: float,
    seed: int,
    jobs: int,
    directory: Path | None,
    bins: str | None,
    flux: str | None,
    medium: str,
    neutrino_mass_ev: float | None,
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

    chosen = load(experiments, bins, flux, medium, neutrino_mass_ev)
    checks: list[str] = []
    with simulated(precision, seed, jobs, directory) as simulation:
        result = chosen.limit(
            parameter,
            cl=cl,
            model=model,
            sides=sides,
            neutrino=Neutrino(electroweak=electroweak_from(options)),
            theory_spread=theory_spread,
            interval=interval,
            expected=expected,
            simulation=simulation,
        )
        if toys and not as_json:
            checks = _checks(result, simulation)
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
            "interval": interval,
            "precision": precision,
            "seed": seed,
            "bins": bins,
            "flux": flux,
            "medium": medium,
            "neutrino_mass_ev": neutrino_mass_ev,
        }
        print_json("limit", {**inputs, **options}, result.citations, result.to_dict(), result.tables)
        return
    name, unit, found = result.parameter.name, result.parameter.kind.unit, result.interval
    spread = "" if theory_spread is None else f" ± {theory_spread}"
    made = sides if interval == "profile" else interval
    click.echo(f"{result.title}; {result.model}{spread}; {100 * cl:g}% CL, {made}")
    better = better_lines(model, seen_electrons(chosen))
    for line in (*better, *_interval_lines(result), *_expected_lines(result)):
        click.echo(f"  {line}")
    click.echo(f"  best fit {found.best_fit:.3g}; −2ΔlnL at zero {found.two_delta_nll_at_zero:.2f}")
    click.echo(f"  goodness of fit: {goodness_text(result.goodness_of_fit)}")
    for line in checks:
        click.echo(f"  {line}")
    if result.shared:
        click.echo(f"  shared: {', '.join(result.shared)}")
    for published in chosen.published:
        if published.parameter == name and published.cl == cl and published.sides == found.sides:
            ends = [f"{end:.3g}" for end in (published.lower, published.upper) if end is not None]
            data = "" if published.data is None else f" from {published.data}"
            click.echo(f"  published: {' to '.join(ends)} {unit}{data} ({published.source})")
    if plot:
        click.echo(f"  figure: {plot}")


def _interval_lines(result: Limit) -> list[str]:
    """Pieces of the interval, and how well their ends are known."""
    interval, unit = result.interval, result.parameter.kind.unit
    name = f"|{result.parameter.name}|" if result.of_size else result.parameter.name
    lines = []
    errors = interval.monte_carlo_error or ((None, None),) * len(interval.segments)
    for (lower, upper), known in zip(interval.segments, errors, strict=True):
        low, high = (
            "" if end is None else f"{end:.3g}" + ("" if error is None else f" (± {error:.1g})")
            for end, error in zip((lower, upper), known, strict=True)
        )
        if lower is None and upper is None:
            lines.append(f"{name}: no limit")
        elif lower is None:
            lines.append(f"{name} < {high} {unit}")
        elif upper is None:
            lines.append(f"{name} > {low} {unit}")
        else:
            lines.append(f"{low} < {name} < {high} {unit}")
    if interval.toys:
        failed = "no fit failed" if interval.failed_toys == 0 else f"{interval.failed_toys:,} fits failed"
        lines.append(f"from {interval.toys:,} simulated experiments, {failed}")
    return lines


def _expected_lines(result: Limit) -> list[str]:
    """What experiments without a signal would give."""
    if result.expected is None or result.significance is None:
        return []
    unit, lines = result.parameter.kind.unit, []
    for end, band in (("upper", result.expected.upper), ("lower", result.expected.lower)):
        if band is not None:
            (low, high), (lowest, highest) = band.one_sigma, band.two_sigma
            lines.append(
                f"expected {end} end: {band.median:.3g} (68%: {low:.3g} to {high:.3g}, 95%: {lowest:.3g} to "
                f"{highest:.3g}; Asimov {band.asimov:.3g}) {unit}"
            )
    lines.append(f"significance {result.significance.z:.2f}σ (p = {result.significance.p_value:.2g})")
    return lines


def _checks(result: Limit, simulation: Simulation) -> list[str]:
    """What simulated experiments say of approximations, where they matter.

    Of shipped experiments it is known; of others it is measured, unless that takes long.
    """
    lines: list[str] = []
    work = result.work_of_checks()
    if work > _MOST_WORK:
        click.echo("coverage is not measured, which would take a while: nuatom coverage does it", err=True)
        return lines
    if work and (result.interval.method == "profile" or result.few_counts):
        click.echo("simulating experiments to check approximations; --no-toys leaves it", err=True)
    off = [entry for entry in result.coverage_at_ends(simulation) if result.is_off(entry)]
    if off:
        said = ", ".join(f"{100 * entry.coverage:.0f}% at {entry.at:.3g}" for entry in off)
        lines.append(
            f"coverage of the constant threshold: {said}; --interval feldman-cousins has the right one"
        )
    if result.few_counts:
        p_value, _ = result.goodness_by_toys(simulation)
        lines.append(f"some bins expect fewer than 5: by simulated experiments p = {p_value:.2g}")
    return lines
