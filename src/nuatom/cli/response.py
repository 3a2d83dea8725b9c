"""``nuatom response``: response functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nuatom.cli.common import (
    INTERACTION_SOURCES,
    NUMBERS,
    electrons_option,
    json_option,
    method_option,
    model_name,
    plot_option,
    print_json,
    refuse_with_correlation,
    thresholds_option,
)


@click.command("response")
@click.argument("target")
@click.option("--transfer-kev", type=NUMBERS, required=True, help="Energies transferred: 0.1:10:20log.")
@click.option("--momentum-kev", type=NUMBERS, required=True, help="Momenta transferred, increasing.")
@electrons_option
@method_option("By default dirac-fock; of rpa, dirac-lb94 where shells are open.")
@thresholds_option
@click.option("--accuracy", type=float, default=0.01, show_default=True, help="Of the multipole sums.")
@json_option
@plot_option
def command(
    target: str,
    transfer_kev: tuple[float, ...],
    momentum_kev: tuple[float, ...],
    model: str,
    method: Any,
    thresholds: Any,
    accuracy: float,
    as_json: bool,
    plot: Path | None,
) -> None:
    """Compute the density response S(T, Q) and the transverse response R(T, Q) of an element, per atom.

    S is zero where T is below every threshold. Momenta are at least T: a neutrino cannot give less. With
    correlation (rpa, up to 0.68 keV, multipoles 0 to 3) subshells are those of independent electrons, and
    the error includes the step of the last correlated multipole. What stays independent is named.
    """
    import numpy as np

    from nuatom.atoms import (
        COMPONENTS,
        atomic_number,
        correlated_mean_field,
        correlated_response,
        ground_state,
        response,
        ridge_kev,
    )
    from nuatom.errors import InputError

    if model == "rpa":
        refuse_with_correlation(("thresholds", thresholds, "calculated"))
    if min(momentum_kev) < max(transfer_kev):
        raise InputError(
            "momentum_kev", min(momentum_kev), f"at least the transfer, {max(transfer_kev):g} keV"
        )
    number = atomic_number(target)
    rows = [COMPONENTS.index(name) for name in ("vector_00", "vector_11")]
    left_out = "all"
    if model == "ipm":
        state = ground_state(number, "dirac-fock" if method is None else method)
        interaction = "none"
        result = response(state, transfer_kev, momentum_kev, accuracy=accuracy, thresholds=thresholds)
        total, join_error = result.total_per_kev, np.zeros(1)
    else:
        state = ground_state(number, correlated_mean_field(number, method))
        together = correlated_response(state, transfer_kev, momentum_kev, accuracy=accuracy)
        result, interaction = together.independent, together.interaction
        total, join_error = together.values_per_kev, together.join_error
        left_out = together.independent_channels
    density, transverse = total[rows]
    open_shells = result.component("vector_00") > 0.0
    error = np.where(open_shells, result.truncation_error.max(axis=0), 0.0) + join_error
    named = model_name(model, interaction, state.method)
    if plot:
        from nuatom.viz import draw_response_map

        draw_response_map(
            plot,
            result.transfer_kev,
            result.momentum_kev,
            density,
            ridge_kev(result.transfer_kev),
            title=f"{target}, {named}",
        )
    if as_json:
        measured = ("Schoonjans:2011",) if thresholds == "measured" else ()
        labels = zip(result.labels, result.values_per_kev[:, 0], strict=True)
        print_json(
            "response",
            {
                "target": target,
                "model": model,
                "method": method,
                "thresholds": thresholds,
                "accuracy": accuracy,
            },
            ("KS11", "CODATA:2022", *INTERACTION_SOURCES.get((interaction, state.method), ()), *measured),
            {
                "mean_field": state.method,
                "interaction": interaction,
                "transfer_kev": result.transfer_kev.tolist(),
                "momentum_kev": result.momentum_kev.tolist(),
                "S_per_kev": density.tolist(),
                "R_per_kev": transverse.tolist(),
                "subshells": {label: values.tolist() for label, values in labels},
                "edges_kev": dict(zip(result.labels, result.edges_kev.tolist(), strict=True)),
                "truncation_error": error.tolist(),
                "independent_channels": left_out,
            },
        )
        return
    click.echo(f"{target}; {named}, {thresholds} thresholds; S and R per keV and atom")
    if model == "rpa":
        click.echo(f"  independent electrons in: {left_out}")
    click.echo("      T [keV]      Q [keV]            S            R   truncation")
    for i, transfer in enumerate(result.transfer_kev):
        if not np.any(density[i]):
            lowest = result.edges_kev.min()
            click.echo(f"  {transfer:11.5g}: below every threshold (the lowest is {lowest:.4g} keV), S = 0")
            continue
        for j, momentum in enumerate(result.momentum_kev):
            row = f"{density[i, j]:13.4e}{transverse[i, j]:13.4e}{error[i, j]:13.1e}"
            click.echo(f"  {transfer:11.5g}{momentum:13.5g}{row}")
    if plot:
        click.echo(f"  figure: {plot}")
