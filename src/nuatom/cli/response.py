"""``nuatom response``: response functions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nuatom.cli.common import (
    INTERACTION_SOURCES,
    NUMBERS,
    electrons_option,
    json_option,
    method_option,
    model_name,
    phase_option,
    plot_option,
    print_json,
    refuse_with_correlation,
    target_from,
    thresholds_option,
)
from nuatom.cli.response_in_matter import refuse_in_matter, show_matter

if TYPE_CHECKING:
    from nuatom.atoms import GroundState, ResponseFunctions
    from nuatom.numerics.quadrature import FloatArray


@click.command("response")
@click.argument("target")
@click.option("--transfer-kev", type=NUMBERS, required=True, help="Energies transferred: 0.1:10:20log.")
@click.option("--momentum-kev", type=NUMBERS, required=True, help="Momenta transferred, increasing.")
@electrons_option
@method_option("By default dirac-fock; of rpa, dirac-lb94 where shells are open.")
@thresholds_option
@phase_option
@click.option("--charge", type=int, default=0, show_default=True, help="Net charge of the ion, of ipm.")
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
    phase: str | None,
    charge: int,
    accuracy: float,
    as_json: bool,
    plot: Path | None,
) -> None:
    """Compute the density response S(T, Q) and the transverse response R(T, Q) of an element, per atom.

    S is zero where T is below every threshold. Momenta are at least T: a neutrino cannot give less. With
    correlation (rpa, up to 0.68 keV, multipoles 0 to 3) subshells are those of independent electrons, and
    the error includes the step of the last correlated multipole. What stays independent is named. In a phase
    they are those that kernels are made of: tables of its atoms in matter, or of a crystal as a whole, per
    formula unit.
    """
    from nuatom.atoms import atomic_number, ground_state, ridge_kev
    from nuatom.errors import InputError

    if phase is not None:
        refuse_in_matter(
            ("method", method, None), ("thresholds", thresholds, "calculated"), ("charge", charge, 0)
        )
        show_matter(target_from(target, phase), model, transfer_kev, momentum_kev, as_json, plot)
        return
    if model == "rpa":
        refuse_with_correlation(("thresholds", thresholds, "calculated"), ("charge", charge, 0))
    if min(momentum_kev) < max(transfer_kev):
        raise InputError(
            "momentum_kev", min(momentum_kev), f"at least the transfer, {max(transfer_kev):g} keV"
        )
    number = atomic_number(target)
    if model == "ipm":
        state = ground_state(number, "dirac-fock" if method is None else method, charge=charge)
        found = _independent(state, transfer_kev, momentum_kev, accuracy, thresholds)
    else:
        found = _correlated(number, method, transfer_kev, momentum_kev, accuracy)
    ion = target if not charge else f"{target}{charge}+"
    named, alone = model_name(model, found.interaction, found.mean_field), found.independent
    if plot:
        from nuatom.viz import draw_response_map

        ridge = ridge_kev(alone.transfer_kev)
        title = f"{ion}, {named}"
        draw_response_map(plot, alone.transfer_kev, alone.momentum_kev, found.density, ridge, title=title)
    if as_json:
        inputs = {
            "target": target,
            "model": model,
            "method": method,
            "thresholds": thresholds,
            "charge": charge,
            "accuracy": accuracy,
        }
        measured = ("Schoonjans:2011",) if thresholds == "measured" else ()
        sources = INTERACTION_SOURCES.get((found.interaction, found.mean_field), ())
        print_json("response", inputs, ("KS11", "CODATA:2022", *sources, *measured), found.fields())
        return
    click.echo(f"{ion}; {named}, {thresholds} thresholds; S and R per keV and atom")
    if model == "rpa":
        click.echo(f"  independent electrons in: {found.independent_channels}")
    found.print_rows()
    if plot:
        click.echo(f"  figure: {plot}")


@dataclass(frozen=True, eq=False)
class _Found:
    """Responses with or without correlation, and what the verb says of them."""

    mean_field: str
    interaction: str
    independent: ResponseFunctions
    total_per_kev: FloatArray
    join_error: FloatArray
    independent_channels: str

    @property
    def density(self) -> FloatArray:
        return self._component("vector_00")

    @property
    def transverse(self) -> FloatArray:
        return self._component("vector_11")

    @property
    def error(self) -> FloatArray:
        import numpy as np

        alone = self.independent
        open_shells = alone.component("vector_00") > 0.0
        error: FloatArray = np.where(open_shells, alone.truncation_error.max(axis=0), 0.0) + self.join_error
        return error

    def fields(self) -> dict[str, Any]:
        alone = self.independent
        labels = zip(alone.labels, alone.values_per_kev[:, 0], strict=True)
        return {
            "mean_field": self.mean_field,
            "interaction": self.interaction,
            "transfer_kev": alone.transfer_kev.tolist(),
            "momentum_kev": alone.momentum_kev.tolist(),
            "S_per_kev": self.density.tolist(),
            "R_per_kev": self.transverse.tolist(),
            "subshells": {label: values.tolist() for label, values in labels},
            "edges_kev": dict(zip(alone.labels, alone.edges_kev.tolist(), strict=True)),
            "truncation_error": self.error.tolist(),
            "independent_channels": self.independent_channels,
        }

    def print_rows(self) -> None:
        alone, density, transverse, error = self.independent, self.density, self.transverse, self.error
        click.echo("      T [keV]      Q [keV]            S            R   truncation")
        for i, transfer in enumerate(alone.transfer_kev):
            if not density[i].any():
                below = f"below every threshold (the lowest is {alone.edges_kev.min():.4g} keV), S = 0"
                click.echo(f"  {transfer:11.5g}: {below}")
                continue
            for j, momentum in enumerate(alone.momentum_kev):
                row = f"{density[i, j]:13.4e}{transverse[i, j]:13.4e}{error[i, j]:13.1e}"
                click.echo(f"  {transfer:11.5g}{momentum:13.5g}{row}")

    def _component(self, name: str) -> FloatArray:
        from nuatom.atoms import COMPONENTS

        component: FloatArray = self.total_per_kev[COMPONENTS.index(name)]
        return component


def _independent(
    state: GroundState, transfer_kev: Any, momentum_kev: Any, accuracy: float, thresholds: Any
) -> _Found:
    import numpy as np

    from nuatom.atoms import response

    alone = response(state, transfer_kev, momentum_kev, accuracy=accuracy, thresholds=thresholds)
    return _Found(state.method, "none", alone, alone.total_per_kev, np.zeros(1), "all")


def _correlated(number: int, method: Any, transfer_kev: Any, momentum_kev: Any, accuracy: float) -> _Found:
    from nuatom.atoms import correlated_mean_field, correlated_response, ground_state

    state = ground_state(number, correlated_mean_field(number, method))
    found = correlated_response(state, transfer_kev, momentum_kev, accuracy=accuracy)
    return _Found(
        state.method,
        found.interaction,
        found.independent,
        found.values_per_kev,
        found.join_error,
        found.independent_channels,
    )
