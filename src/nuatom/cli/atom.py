"""``nuatom atom``: ground states."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nuatom.cli.common import json_option, method_option, plot_option, print_json


@click.command("atom")
@click.argument("target")
@method_option("dirac-fock by default.")
@click.option("--nucleus", default="fermi", show_default=True, help="Nucleus: fermi, uniform or point.")
@click.option("--charge", type=int, default=0, show_default=True, help="Net charge of the ion.")
@json_option
@plot_option
def command(target: str, method: Any, nucleus: Any, charge: int, as_json: bool, plot: Path | None) -> None:
    """Compute the ground state of an element, TARGET, by its symbol."""
    from nuatom.atoms import MAX_ATOMIC_NUMBER, atomic_number, element, ground_state
    from nuatom.constants import HARTREE_KEV

    number = atomic_number(target)
    state = ground_state(number, "dirac-fock" if method is None else method, nucleus, charge)
    measured = {
        (shell.n, shell.kappa): 1e3 * shell.edge_kev
        for shell in (element(number).subshells if number <= MAX_ATOMIC_NUMBER else ())
    }
    orbitals = [
        {
            "label": orbital.label,
            "n": orbital.n,
            "kappa": orbital.kappa,
            "occupation": orbital.occupation,
            "energy_ev": 1e3 * HARTREE_KEV * orbital.energy,
            "edge_ev": measured.get((orbital.n, orbital.kappa)),
        }
        for orbital in state.orbitals
    ]
    if plot:
        from nuatom.viz import draw_lines

        densities = {orbital.label: orbital.large**2 + orbital.small**2 for orbital in state.orbitals}
        draw_lines(
            plot,
            state.grid.r,
            densities,
            x_label="r [bohr]",
            y_label=r"radial density $P^2+Q^2$ [1/bohr]",
            title=f"{target}, {state.method}",
            x_range=(1e-2 / number, 20.0),
        )
    if as_json:
        print_json(
            "atom",
            {"target": target, "method": method, "nucleus": nucleus, "charge": charge},
            ("CODATA:2022", "Schoonjans:2011", "NIST:ASD"),
            {
                "mean_field": state.method,
                "orbitals": orbitals,
                "total_energy_hartree": state.total_energy,
                "iterations": state.iterations,
                "residual": state.residual,
            },
        )
        return
    click.echo(f"{target}; {state.method}, {nucleus} nucleus; total energy {state.total_energy:.6f} hartree")
    click.echo("  orbital  electrons   energy [eV]   measured edge [eV]")
    for entry in orbitals:
        edge = "" if entry["edge_ev"] is None else f"{entry['edge_ev']:.1f}"
        click.echo(f"  {entry['label']:<8}{entry['occupation']:10.3g}{entry['energy_ev']:14.3f}{edge:>17}")
    click.echo(f"  {state.iterations} iterations, residual {state.residual:.1e}")
    if plot:
        click.echo(f"  figure: {plot}")
