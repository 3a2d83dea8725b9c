"""``nuatom optical``: the dielectric function of a medium."""

from __future__ import annotations

from pathlib import Path

import click

from nuatom.cli.common import NUMBERS, json_option, plot_option, print_json


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
    index = np.sqrt(epsilon)
    loss = (-1.0 / epsilon).imag
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
    click.echo("      E [eV]          n          k         ε₁         ε₂   Im(−1/ε)")
    shown = (
        range(energies.size) if energies.size <= _MOST_ROWS else range(0, energies.size, energies.size // 20)
    )
    for i in shown:
        numbers = (index[i].real, index[i].imag, epsilon[i].real, epsilon[i].imag, loss[i])
        click.echo(f"  {1e3 * energies[i]:10.5g}" + "".join(f"{value:11.4g}" for value in numbers))
    if plot:
        click.echo(f"  figure: {plot}")


_MOST_ROWS = 60
