"""``nuatom photoabsorption``: the real-photon limit."""

from __future__ import annotations

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
    plot_option,
    print_json,
    thresholds_option,
)

if TYPE_CHECKING:
    from nuatom.atoms import Photoabsorption
    from nuatom.numerics.quadrature import FloatArray


@click.command("photoabsorption")
@click.argument("target")
@click.option("--energy-kev", type=NUMBERS, required=True, help="Photon energies: 0.1:30:50log.")
@electrons_option
@method_option("By default dirac-fock; of rpa, the nearest to measurement.")
@thresholds_option
@click.option("--half-width-kev", type=float, default=0.0, help="Energy average of rpa over resonances.")
@json_option
@plot_option
def command(
    target: str,
    energy_kev: tuple[float, ...],
    model: Any,
    method: str | None,
    thresholds: Any,
    half_width_kev: float,
    as_json: bool,
    plot: Path | None,
) -> None:
    """Compute the photoabsorption cross section of an element, in megabarn per atom.

    With correlation (rpa) subshells are those of independent electrons. Above 0.68 keV the total is so too
    with exact exchange (helium and argon) and with measured thresholds.
    Exact exchange needs closed shells.
    """
    import numpy as np

    from nuatom.atoms import atomic_number, gas_phase_mb, henke_mb, photoabsorption

    number = atomic_number(target)
    energies = np.array(energy_kev)
    result = photoabsorption(
        number,
        energies,
        model,
        method=method,
        half_width_kev=half_width_kev,
        thresholds=thresholds,
    )
    measured = {"Henke": henke_mb(number, energies), **gas_phase_mb(target, energies)}
    named = model_name(model, result.interaction, result.mean_field)
    if plot:
        from nuatom.atoms import kissel_mb

        _draw(plot, target, named, kissel_mb(number, energies), result, measured)
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
            ("KS11", "CODATA:2022", *INTERACTION_SOURCES.get((result.interaction, result.mean_field), ())),
            {
                "mean_field": result.mean_field,
                "interaction": result.interaction,
                "independent_mean_field": result.independent_mean_field,
                "energy_kev": energies.tolist(),
                "sigma_mb": result.sigma_mb.tolist(),
                "subshells": dict(zip(result.labels, result.subshells_mb.tolist(), strict=True)),
                "correlated": result.correlated.tolist(),
            },
        )
        return
    click.echo(f"{target}; {named}; megabarn per atom; other columns are measured")
    _print_rows(result, measured)
    if model == "rpa" and not result.correlated.all():
        highest = 1e3 * energies[result.correlated].max(initial=0.0)
        alone = result.independent_mean_field
        click.echo(f"  above {highest:.4g} eV: independent electrons in {alone}")
    if plot:
        click.echo(f"  figure: {plot}")


def _draw(
    plot: Path,
    target: str,
    named: str,
    calculated_mb: FloatArray,
    result: Photoabsorption,
    measured: dict[str, FloatArray],
) -> None:
    from nuatom.viz import draw_curves

    draw_curves(
        plot,
        result.energy_kev,
        {
            named: result.sigma_mb,
            **{f"measured ({name})": values for name, values in measured.items()},
            "calculated (Kissel, xraylib)": calculated_mb,
        },
        x_label="photon energy [keV]",
        y_label="photoabsorption [Mb per atom]",
        title=target,
        emphasised="measured (Henke)",
        beside=[f"measured ({name})" for name in measured if name != "Henke"],
    )


def _print_rows(result: Photoabsorption, measured: dict[str, FloatArray]) -> None:
    import numpy as np

    click.echo("      E [keV]     computed" + "".join(f"{name:>15}" for name in measured))
    for i, (energy, value) in enumerate(zip(result.energy_kev, result.sigma_mb, strict=True)):
        known = "".join(f"{v[i]:15.4e}" if np.isfinite(v[i]) else f"{'-':>15}" for v in measured.values())
        below = f"  below every threshold (the lowest is {result.threshold_kev:.4g} keV)"
        click.echo(f"  {energy:11.5g}{value:13.4e}{known}{'' if value > 0.0 else below}")
