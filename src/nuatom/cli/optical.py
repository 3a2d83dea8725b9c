"""``nuatom optical``: the dielectric function of a medium."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from nuatom.cli.common import NUMBERS, json_option, plot_option, print_json

if TYPE_CHECKING:
    from nuatom.numerics.quadrature import FloatArray

_MOST_ROWS: Final = 60


@click.command("optical")
@click.argument("target")
@click.option("--phase", help="gas, liquid or crystal; by default the condensed one.")
@click.option(
    "--energy-kev",
    type=NUMBERS,
    default="0.001:30:400log",
    show_default=True,
    help="Photon energies: 0.001:30:400log.",
)
@json_option
@plot_option
def command(
    target: str, phase: str | None, energy_kev: tuple[float, ...], as_json: bool, plot: Path | None
) -> None:
    """Print a target's index of refraction, dielectric function, loss function and sum rules.

    TARGET is Si, Ge, Xe or Ar: what detectors are made of and filled with.
    """
    import numpy as np

    from nuatom.atoms import Target
    from nuatom.media import find_medium

    medium = find_medium(Target(target, phase))
    dielectric, energies = medium.dielectric, np.array(energy_kev)
    epsilon = dielectric.at(energies)
    index, loss = np.sqrt(epsilon), (-1.0 / epsilon).imag
    last = dielectric.energy_kev[-1]
    sums = {of: float(dielectric.electrons(last, of)) for of in ("absorption", "loss")}
    mean_ev = 1e3 * dielectric.mean_excitation_energy_kev()
    plasma_ev = 1e3 * dielectric.plasma_energy_kev
    if plot:
        from nuatom.viz import draw_curves

        draw_curves(
            plot,
            energies,
            {
                "ε₁": epsilon.real,
                "ε₂": epsilon.imag,
                "loss, Im(−1/ε)": loss,
                "|1 − ε|": np.abs(1.0 - epsilon),
            },
            x_label="photon energy [keV]",
            y_label="dielectric function",
            title=f"{medium.name}, {medium.density_g_cm3:g} g/cm³, plasma energy {plasma_ev:.2f} eV",
        )
    if as_json:
        print_json(
            "optical",
            {"target": target, "phase": medium.phase, "energy_kev": energies.tolist()},
            (*medium.citations, *medium.target.citations, "Schoonjans:2011"),
            {
                "medium": medium.name,
                "density_g_cm3": medium.density_g_cm3,
                "plasma_energy_ev": plasma_ev,
                "mean_excitation_energy_ev": mean_ev,
                "energy_ev": (1e3 * energies).tolist(),
                "n": index.real.tolist(),
                "k": index.imag.tolist(),
                "epsilon": {"real": epsilon.real.tolist(), "imaginary": epsilon.imag.tolist()},
                "loss": loss.tolist(),
                "f_sum": sums,
            },
        )
        return
    click.echo(f"{medium.name} ({medium.phase}), {medium.density_g_cm3:g} g/cm³")
    click.echo(
        f"  plasma energy of all electrons {plasma_ev:.2f} eV, mean excitation energy {mean_ev:.1f} eV"
    )
    click.echo(f"  f-sum rule: {sums['absorption']:.4f} by absorption, {sums['loss']:.4f} by loss, of 1")
    _print_rows(energies, (index.real, index.imag, epsilon.real, epsilon.imag, loss))
    if plot:
        click.echo(f"  figure: {plot}")


def _print_rows(energies_kev: FloatArray, columns: Sequence[FloatArray]) -> None:
    """All rows of a short table, and about twenty of a long one."""
    click.echo("      E [eV]          n          k         ε₁         ε₂   Im(−1/ε)")
    step = 1 if energies_kev.size <= _MOST_ROWS else energies_kev.size // 20
    for i in range(0, energies_kev.size, step):
        numbers = "".join(f"{column[i]:11.4g}" for column in columns)
        click.echo(f"  {1e3 * energies_kev[i]:10.5g}{numbers}")
