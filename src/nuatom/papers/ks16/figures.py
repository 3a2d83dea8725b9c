"""Figures to :cite:`KS16`: cross sections on germanium's electrons and on its nucleus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from nuatom.atoms import Target
from nuatom.neutrinos import Neutrino
from nuatom.papers.common import REACTOR_KEV, RED_GIANTS
from nuatom.processes import coherent, ionization

__all__ = ["FIGURES", "GEMMA", "MODELS"]

GEMMA: Final = 2.9e-11
"""Laboratory limit on a moment that the paper quotes, in μ_B."""

MODELS: Final = {
    "free": "free electrons",
    "stepping": "stepping",
    "ipm": "ab initio, independent electrons",
    "rpa": "ab initio, correlated electrons",
}
"""Models of germanium's electrons that are compared, and their names in figures."""


def _electrons(path: Path) -> None:
    from nuatom.viz import draw_panels

    recoil = np.geomspace(0.02, 50.0, 600)
    neutrino = Neutrino(magnetic_moment=GEMMA)
    found = {
        name: ionization(Target("Ge"), model).cross_section(neutrino, REACTOR_KEV, recoil, "anti-e")
        for model, name in MODELS.items()
    }
    draw_panels(
        path,
        recoil,
        {
            "weak": {name: xs.weak for name, xs in found.items()},
            r"magnetic, $\mu_\nu = 2.9\cdot10^{-11}\,\mu_\mathrm{B}$": {
                name: xs.magnetic for name, xs in found.items()
            },
        },
        x_label="energy transferred T [keV]",
        y_label=r"$d\sigma/dT$ [cm$^2$/keV per atom]",
        title=r"germanium, electron antineutrinos of 3 MeV",
    )


def _nucleus(path: Path) -> None:
    from nuatom.viz import draw_panels

    recoil = np.geomspace(1e-4, 0.25, 400)
    structures = {
        "charge": {
            r"$+10^{-11}\,e$": Neutrino(charge=1e-11),
            r"$-10^{-11}\,e$": Neutrino(charge=-1e-11),
        },
        "charge radius": {
            r"$+5\cdot10^{-32}$ cm$^2$": Neutrino(charge_radius_cm2=5e-32),
            r"$-5\cdot10^{-32}$ cm$^2$": Neutrino(charge_radius_cm2=-5e-32),
        },
        "magnetic moment": {
            r"$2.9\cdot10^{-11}\,\mu_\mathrm{B}$": Neutrino(magnetic_moment=GEMMA),
            r"$3\cdot10^{-12}\,\mu_\mathrm{B}$": Neutrino(magnetic_moment=RED_GIANTS),
        },
    }
    kernels = coherent(Target("Ge"))
    weak = kernels.cross_section(Neutrino(), REACTOR_KEV, recoil).weak
    panels = {}
    for what, neutrinos in structures.items():
        totals = {
            name: kernels.cross_section(nu, REACTOR_KEV, recoil).total for name, nu in neutrinos.items()
        }
        panels[what] = {"weak alone": weak, **totals}
    draw_panels(
        path,
        recoil,
        panels,
        x_label="energy of the recoil T [keV]",
        y_label=r"$d\sigma/dT$ [cm$^2$/keV per atom]",
        title="germanium's nucleus, electron neutrinos of 3 MeV",
    )


FIGURES: Final[Mapping[str, Callable[[Path], None]]] = {"electrons": _electrons, "nucleus": _nucleus}
"""Figures by name."""
