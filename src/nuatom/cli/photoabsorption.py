"""``nuatom photoabsorption``: the real-photon limit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nuatom.cli.common import (
    NUMBERS,
    electrons_option,
    json_option,
    plot_option,
    print_json,
    refuse_with_correlation,
    thresholds_option,
)


@click.command("photoabsorption")
@click.argument("target")
@click.option("--energy-kev", type=NUMBERS, required=True, help="Photon energies: 0.1:30:50log.")
@electrons_option
@click.option(
    "--method", default="dirac-fock", show_default=True, help="Field of ipm: dirac-fock, dirac-slater."
)
@thresholds_option
@click.option("--half-width-kev", type=float, default=0.0, help="Energy average of rpa over resonances.")
@json_option
@plot_option
def command(
    target: str,
    energy_kev: tuple[float, ...],
    model: str,
    method: Any,
    thresholds: Any,
    half_width_kev: float,
    as_json: bool,
    plot: Path | None,
) -> None:
    """Compute the photoabsorption cross section of an element, in megabarn per atom.

    With correlation (rpa) subshells are those of independent electrons, and above 0.68 keV so is the total.
    Closed shells are treated in Dirac-Fock theory with exchange, open ones in a local density functional.
    """
    import numpy as np

    from nuatom.atoms.correlated_photoabsorption import photoabsorption
    from nuatom.atoms.ground_state import ground_state
    from nuatom.atoms.measured import henke_mb, kissel_mb
    from nuatom.atoms.photoabsorption import photoabsorption_cm2
    from nuatom.atoms.target import atomic_number
    from nuatom.atoms.thresholds import thresholds_kev

    number = atomic_number(target)
    energies = np.array(energy_kev)
    if model == "ipm":
        state = ground_state(number, method)
        labels = [orbital.label for orbital in state.orbitals]
        lowest = float(thresholds_kev(state, thresholds).min())
        subshells = 1e18 * photoabsorption_cm2(state, energy_kev, thresholds=thresholds)
        total, correlated = subshells.sum(axis=0), np.zeros(energies.size, dtype=bool)
    else:
        refuse_with_correlation(("method", method, "dirac-fock"))
        result = photoabsorption(number, energies, half_width_kev=half_width_kev, thresholds=thresholds)
        labels, method = list(result.labels), result.method
        lowest = float(result.edges_kev.min())
        subshells, total, correlated = result.subshells_mb, result.sigma_mb, result.correlated
    named = method if method == model else f"{model}, {method}"
    if plot:
        from nuatom.viz import draw_curves

        draw_curves(
            plot,
            energies,
            {
                named: total,
                "measured (Henke)": henke_mb(number, energies),
                "calculated (Kissel, xraylib)": kissel_mb(number, energies),
            },
            x_label="photon energy [keV]",
            y_label="photoabsorption [Mb per atom]",
            title=target,
            emphasised="measured (Henke)",
        )
    if as_json:
        print_json(
            "photoabsorption",
            {
                "target": target,
                "model": model,
                "method": method,
                "thresholds": thresholds,
                "half_width_kev": half_width_kev,
            },
            ("KS11", "CODATA:2022", *(("Johnson:1979wq", "Zangwill:1980") if model == "rpa" else ())),
            {
                "energy_kev": energies.tolist(),
                "sigma_mb": total.tolist(),
                "subshells": dict(zip(labels, subshells.tolist(), strict=True)),
                "correlated": correlated.tolist(),
            },
        )
        return
    click.echo(f"{target}; {named}; megabarn per atom")
    click.echo("      E [keV]     computed     measured (Henke)")
    for energy, value, measured in zip(energies, total, henke_mb(number, energies), strict=True):
        known = f"{measured:.4e}" if np.isfinite(measured) else "-"
        note = "" if value > 0.0 else f"  below every threshold (the lowest is {lowest:.4g} keV)"
        click.echo(f"  {energy:11.5g}{value:13.4e}{known:>15}{note}")
    if plot:
        click.echo(f"  figure: {plot}")
