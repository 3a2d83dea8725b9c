"""Figures to :cite:`KS11`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from nuatom.atoms import Target, find_table, henke_mb
from nuatom.neutrinos import Neutrino
from nuatom.papers.common import REACTOR_KEV
from nuatom.papers.ks11.cross_section import MOMENT
from nuatom.papers.ks11.enhancement import photoabsorption_mb, response_over_square
from nuatom.papers.ks11.green_function import density_sum
from nuatom.processes import ionization
from nuatom.processes.equivalent_photon import refuted_moment_by_equivalent_photons_cm2_per_kev
from nuatom.processes.ionization import ipm_parts

__all__ = ["FIGURES"]

_ATOMS: Final = {"Ge": "germanium", "Xe": "xenon"}
_CROSS_SECTION: Final = r"$d\sigma/dT$ [cm$^2$/keV per atom]"
_TRANSFER: Final = "energy transferred T [keV]"
_TITLE: Final = r"electron antineutrinos of 3 MeV, $\mu_\nu = 3.2\cdot10^{-11}\,\mu_\mathrm{B}$"


def _parts(path: Path) -> None:
    from nuatom.viz import draw_panels

    recoil = np.geomspace(0.02, 50.0, 500)
    panels = {}
    for symbol, name in _ATOMS.items():
        longitudinal, transverse = MOMENT**2 * ipm_parts(Target(symbol))(np.array(REACTOR_KEV), recoil)[-2:]
        panels[name] = {
            "longitudinal, (7)": longitudinal,
            "transverse, (8)": transverse,
            "free electrons": _magnetic(symbol, "free", recoil),
        }
    draw_panels(path, recoil, panels, x_label=_TRANSFER, y_label=_CROSS_SECTION, title=_TITLE)


def _enhancement(path: Path) -> None:
    from nuatom.viz import draw_panels

    recoil = np.geomspace(0.1, 50.0, 500)
    panels = {}
    for symbol, name in _ATOMS.items():
        panels[name] = {
            "(17) at all Q: refuted": refuted_moment_by_equivalent_photons_cm2_per_kev(
                REACTOR_KEV, recoil, 1e-18 * photoabsorption_mb(symbol, recoil), magnetic_moment=MOMENT
            ),
            "ab initio": _magnetic(symbol, "ipm", recoil),
            "stepping": _magnetic(symbol, "stepping", recoil),
            "free electrons": _magnetic(symbol, "free", recoil),
        }
    draw_panels(path, recoil, panels, x_label=_TRANSFER, y_label=_CROSS_SECTION, title=_TITLE)


def _magnetic(symbol: str, model: str, recoil: np.ndarray) -> np.ndarray:
    kernels = ionization(Target(symbol), model)
    return kernels.cross_section(Neutrino(magnetic_moment=MOMENT), REACTOR_KEV, recoil, "anti-e").magnetic


def _sum_rule(path: Path) -> None:
    from nuatom.viz import draw_panels

    recoil = np.geomspace(0.05, 50.0, 300)
    panels = {}
    for symbol, name in _ATOMS.items():
        charge = find_table(symbol, "ipm").Z
        edges = np.array([shell.edge_kev for _, shell, _ in Target(symbol).subshells])
        counts = np.array([count for _, _, count in Target(symbol).subshells])
        panels[name] = {
            "ab initio": density_sum(symbol, recoil),
            r"$Z^2$, (15)": np.full(recoil.size, float(charge**2)),
            r"$Z$": np.full(recoil.size, float(charge)),
            "electrons with edges below T": (counts * (edges < recoil[:, None])).sum(axis=1),
        }
    draw_panels(
        path,
        recoil,
        panels,
        x_label=_TRANSFER,
        y_label=r"$T\int S(T,Q)\,dQ^2/Q^2$",
        title="the sum over momenta of the structure factor",
    )


def _response(path: Path) -> None:
    from nuatom.viz import draw_panels

    momentum = np.geomspace(1.0, 150.0, 400)
    panels = {}
    for symbol, name in _ATOMS.items():
        values = response_over_square(symbol, 1.0, momentum)
        panels[name] = {"R(T, Q)/Q²": values, "its value at Q = T, (17)": np.full(momentum.size, values[0])}
    draw_panels(
        path,
        momentum,
        panels,
        x_label="momentum transferred Q [keV]",
        y_label=r"$R(T,Q)/Q^2$ [keV$^{-3}$]",
        title="transverse response at T = 1 keV",
    )


def _photoabsorption(path: Path) -> None:
    from nuatom.viz import draw_panels

    energy = np.geomspace(0.1, 29.0, 500)
    panels = {
        name: {
            r"(17): $4\pi^2\alpha R/T$ at Q = T": photoabsorption_mb(symbol, energy),
            "measured (Henke)": henke_mb(find_table(symbol, "ipm").Z, energy),
        }
        for symbol, name in _ATOMS.items()
    }
    draw_panels(
        path,
        energy,
        panels,
        x_label="photon energy [keV]",
        y_label=r"$\sigma_\gamma$ [Mb per atom]",
        title="photoabsorption, the limit of the transverse response",
    )


FIGURES: Final[Mapping[str, Callable[[Path], None]]] = {
    "parts": _parts,
    "enhancement": _enhancement,
    "response": _response,
    "photoabsorption": _photoabsorption,
    "sum-rule": _sum_rule,
}
"""Figures by name."""
