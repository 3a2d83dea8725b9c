"""Figures to :cite:`JKY21`: its Figures 1 and 4 as computed, and its model beside the package's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from nuatom.neutrinos import Neutrino, parameter
from nuatom.numerics.quadrature import FloatArray
from nuatom.papers.jky21.bounds import LIMIT_PER_MEV3, band_cm2, paper_bounds
from nuatom.papers.jky21.comparison import PARAMETERS, all_kernels, data, largest_allowed, limits, pp_only
from nuatom.papers.jky21.conversion import cross_section_per_mev3, measured_rate
from nuatom.rates import differential_rate

__all__ = ["FIGURES", "XENON_MOMENT", "magnetic_rates", "standard_rates"]

XENON_MOMENT: Final = 7e-11
"""Moment of the curve in XENON1T's Figure 1, in μ_B."""

_ENERGY_LABEL: Final = "energy transferred T [keV]"
_RATE_LABEL: Final = "events/(t yr keV)"
_ACCURACY: Final = 1e-3


def standard_rates(recoil_kev: FloatArray) -> Mapping[str, FloatArray]:
    """Rates of the Standard Model's pp neutrinos on xenon in every model, in events/(t yr keV)."""
    return _rates_of(recoil_kev, Neutrino(), weak=True)


def magnetic_rates(recoil_kev: FloatArray, magnetic_moment: float) -> Mapping[str, FloatArray]:
    """Rates that a magnetic moment adds, in events/(t yr keV)."""
    weak = _rates_of(recoil_kev, Neutrino(), weak=False)
    # Of a moment of one Bohr magneton, beside which the weak part is small in every model.
    both = _rates_of(recoil_kev, Neutrino(magnetic_moment=1.0), weak=False)
    return {name: magnetic_moment**2 * (both[name] - weak[name]) for name in both}


def _rates_of(recoil_kev: FloatArray, neutrino: Neutrino, *, weak: bool) -> Mapping[str, FloatArray]:
    return {
        name: differential_rate(kernels, pp_only(), neutrino, recoil_kev, _ACCURACY).total
        for name, kernels in all_kernels(data().target, weak=weak).items()
    }


def _rates(path: Path) -> None:
    from nuatom.viz import draw_measurement

    run = data()
    energy, rate, error, background = measured_rate(run)
    added = run.folded("free").counts(Neutrino(magnetic_moment=XENON_MOMENT)) - run.folded("free").counts(
        Neutrino()
    )
    seen = np.array(run.background) / background
    per_mev3 = cross_section_per_mev3(np.ones(1), run.target)[0]
    draw_measurement(
        path,
        energy,
        rate,
        error,
        {
            "background": (energy, background),
            r"$\mu_\nu = 7\cdot10^{-11}\,\mu_\mathrm{B}$, free electrons": (energy, added.sum(axis=0) / seen),
            r"$5\cdot10^{-22}$ MeV$^{-3}$ (printed: $5\cdot10^{-19}$)": (
                np.array([17.0, energy[-1]]),
                np.full(2, 1e-3 * LIMIT_PER_MEV3 / per_mev3),
            ),
        },
        x_label="reconstructed energy [keV]",
        y_label=f"{_RATE_LABEL}, corrected for efficiency",
        second_scale=1e22 * per_mev3,
        second_label=r"$d\sigma/dT$ per electron [$10^{-22}$ MeV$^{-3}$]",
        title="XENON1T as rate and as cross section of pp neutrinos (Fig. 1)",
    )


def _band(path: Path) -> None:
    from nuatom.viz import draw_band

    charge = np.linspace(-10e-12, 10e-12, 101)
    low, high = np.array([band_cm2(value) for value in charge]).T
    bound = paper_bounds()["charge-radius"]
    draw_band(
        path,
        1e12 * charge,
        (1e32 * low, 1e32 * high),
        (-1e32 * bound, 1e32 * bound),
        band_label="(31) within 2/76",
        bar_label=r"$|\tilde r| < 4.30\cdot10^{-17}$ cm",
        x_label=r"$\varepsilon/Q^2$ [$10^{-12}$ MeV$^{-2}$]",
        y_label=r"$\tilde r^2$ [$10^{-32}$ cm$^2$]",
        title="charge radius and millicharge by (31) and (33) (Fig. 4)",
    )


def _models(path: Path) -> None:
    from nuatom.viz import draw_panels

    recoil = np.geomspace(0.5, 50.0, 160)
    energy, _, _, background = measured_rate(data())
    inside = (recoil >= energy[0]) & (recoil <= energy[-1])
    seen = {"XENON1T": np.where(inside, np.interp(recoil, energy, background), np.nan)}
    draw_panels(
        path,
        recoil,
        {
            r"moment of $7\cdot10^{-11}\,\mu_\mathrm{B}$": dict(magnetic_rates(recoil, XENON_MOMENT)) | seen,
            "Standard Model": dict(standard_rates(recoil)) | seen,
        },
        x_label=_ENERGY_LABEL,
        y_label=_RATE_LABEL,
        title="solar pp neutrinos on xenon",
    )


def _limits(path: Path) -> None:
    from nuatom.viz import draw_limits

    panels = {}
    for name in PARAMETERS:
        kind = parameter(name).kind
        own = {} if name not in paper_bounds() else {"JKY21, its own bound": paper_bounds()[name]}
        fitted = {
            row: None if interval is None else largest_allowed(interval)
            for row, interval in limits(name).items()
        }
        panels[rf"$|{kind.symbol}|$ [{kind.tex_unit}]"] = {**own, **fitted}
    draw_limits(
        path, panels, none_label="no value is allowed",
        title="largest values that XENON1T allows, 90% CL",
    )  # fmt: skip


FIGURES: Final[Mapping[str, Callable[[Path], None]]] = {
    "rates": _rates,
    "band": _band,
    "models": _models,
    "limits": _limits,
}
"""Figures by name; the first is the main one."""
