"""Antineutrinos from a nuclear reactor: fission fragments, and neutron capture on 238U."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from nuatom.constants import ELECTRON_VOLT_J
from nuatom.data import read_toml
from nuatom.errors import InputError
from nuatom.fluxes.beta import beta_spectrum
from nuatom.fluxes.components import Component, Continuum, Flux
from nuatom.fluxes.densities import Mixture, Scaled
from nuatom.fluxes.geometry import flux_at
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray, panel_rule

__all__ = ["ISOTOPES", "reactor"]

ISOTOPES: Final = ("u235", "u238", "pu239", "pu241")

_KEV_PER_MEV: Final = 1000.0

_J_PER_GJ: Final = 1e9

_J_PER_MEV: Final = 1e6 * ELECTRON_VOLT_J

_CONVERSION_PANEL_MEV: Final = 0.5

_NORMALISATION_ORDER: Final = 16


def reactor(
    thermal_power_gw: float,
    distance_m: float,
    fission_fractions: Mapping[str, float] | None = None,
    captures_per_fission: float | None = None,
    name: str = "reactor",
) -> Flux:
    """Flux of a reactor core: Σ_i f_i S_i(E) W / (4πL² Σ_i f_i e_i), and the captures' share.

    Antineutrinos per fission S_i are, between 2 and 8 MeV, the exponential polynomials converted from
    measured beta spectra of 235U, 239Pu and 241Pu (:cite:`Huber:2011wv`, Table III) and computed for 238U
    (:cite:`Mueller:2011nm`, Table VI); below and above they are the summation spectra of
    :cite:`Perisse:2023efm` in bins of 0.1 MeV up to 10 MeV. Neither is rescaled to meet the other: at
    2 MeV the spectrum steps up by 2% (239Pu) or 5% (235U), and down by 2% (241Pu) or 7% (238U).
    Energies per fission e_i are those of :cite:`Ma:2012bm`. Every neutron captured on 238U gives two more
    antineutrinos, of 239U and 239Np, below 1.26 MeV: allowed shapes of the branches above 1%
    (:cite:`ENSDF`).

    Parameters
    ----------
    thermal_power_gw : float
        W: thermal power averaged over the time of the exposure.
    distance_m : float
        L: from the core, a point, to the detector.
    fission_fractions : mapping of str to float, optional
        f_i: share of each isotope of :data:`ISOTOPES` in the fissions; they sum to 1, and isotopes left out
        have none. By default those of a pressurised-water reactor (:cite:`DayaBay:2021dqj`).
    captures_per_fission : float, optional
        Neutrons captured on 238U per fission; 0.6 by default, as in a pressurised-water reactor
        (:cite:`TEXONO:2006xds`). Zero for highly enriched fuel.
    name : str
        Name of the flux.

    Returns
    -------
    Flux
        A component for each isotope that fissions, and ``capture``. Uncertainties of the isotopes are those
        of their inverse-beta-decay yields (:cite:`Mention:2011rk`), as if independent and the same below
        2 MeV, where the summation claims a few per cent. What the arguments are uncertain by belongs to the
        experiment, and the measured deficit of about 5% against this prediction is not applied.

    Raises
    ------
    InputError
        For a power or a distance that is not positive and finite, an unknown isotope, fractions that are not
        shares of 1, or a negative number of captures.

    Notes
    -----
    Equilibrium is assumed. The core is a point and the flavour stays ν̄_e: both hold for
    distances from a few core sizes up to about 100 m.

    Examples
    --------
    >>> core = reactor(thermal_power_gw=3.0, distance_m=20.0)
    >>> f"{sum(part.flux_per_cm2_s for part in core.components):.2e}"
    '1.31e+13'
    """
    positive("thermal_power_gw", thermal_power_gw, "GW")
    data = read_toml("reactor.toml")
    fractions = _fractions(fission_fractions, data)
    captures = data["capture"]["per_fission"] if captures_per_fission is None else captures_per_fission
    if not 0.0 <= captures < math.inf:
        raise InputError("captures_per_fission", captures, "a finite number, not negative")
    energy_mev = sum(share * data["energy_per_fission_mev"][key] for key, share in fractions.items())
    fissions_per_s = _J_PER_GJ * thermal_power_gw / (_J_PER_MEV * energy_mev)
    fissions_per_cm2_s = flux_at(distance_m, fissions_per_s)
    components = []
    for isotope, share in fractions.items():
        number, spectrum = _fission_spectrum(isotope)
        uncertainty = data["relative_uncertainty"][isotope]
        flux = fissions_per_cm2_s * share * number
        components.append(Component(isotope, flux, uncertainty, "anti-e", spectrum))
    if captures > 0.0:
        flux = fissions_per_cm2_s * captures * 2.0
        components.append(Component("capture", flux, 0.0, "anti-e", _capture_spectrum()))
    return Flux(name, tuple(components), tuple(data["citations"]))


def _fractions(given: Mapping[str, float] | None, data: dict[str, Any]) -> dict[str, float]:
    """Fission fractions that are not zero, in the order of :data:`ISOTOPES`."""
    fractions = data["fission_fractions"] if given is None else given
    if given is not None and (
        not set(given) <= set(ISOTOPES)
        or not all(share >= 0.0 for share in given.values())
        or not abs(math.fsum(given.values()) - 1.0) < 1e-9
    ):
        raise InputError("fission_fractions", dict(given), f"shares of 1 of {', '.join(ISOTOPES)}")
    return {key: fractions[key] for key in ISOTOPES if fractions.get(key, 0.0) > 0.0}


@cache
def _fission_spectrum(isotope: str) -> tuple[float, Continuum]:
    """Antineutrinos per fission, and their spectrum."""
    data = read_toml("reactor.toml")
    low, high = data["conversion"]["range_mev"]
    width = data["summation"]["width_mev"]
    below = np.array(data["summation"]["below"][isotope])
    above = np.array(data["summation"]["above"][isotope])
    bins_below = np.linspace(0.0, low, below.size + 1)
    bins_above = np.linspace(high, high + width * above.size, above.size + 1)
    panels = np.arange(low, high + 0.5 * _CONVERSION_PANEL_MEV, _CONVERSION_PANEL_MEV)
    edges = np.concatenate([bins_below, panels[1:-1], bins_above])

    table = _FissionTable(
        below=tuple(data["summation"]["below"][isotope]),
        above=tuple(data["summation"]["above"][isotope]),
        coefficients=tuple(data["conversion"][isotope]),
        range_mev=(low, high),
        width_mev=width,
    )
    nodes, weights = panel_rule(panels, _NORMALISATION_ORDER)
    number = width * (below.sum() + above.sum()) + float(np.sum(weights * table.converted(nodes)))
    return number, Continuum(tuple((_KEV_PER_MEV * edges).tolist()), Scaled(table, number * _KEV_PER_MEV))


@dataclass(frozen=True)
class _FissionTable:
    """Antineutrinos per fission and MeV: bins of a summation around an exponential polynomial."""

    below: tuple[float, ...]
    above: tuple[float, ...]
    coefficients: tuple[float, ...]
    range_mev: tuple[float, float]
    width_mev: float

    def converted(self, energy_mev: FloatArray) -> FloatArray:
        exponent = np.polynomial.polynomial.polyval(
            np.clip(energy_mev, *self.range_mev), np.array(self.coefficients)
        )
        return np.asarray(np.exp(exponent))

    def __call__(self, energy_kev: FloatArray) -> FloatArray:
        energy, (low, high) = np.asarray(energy_kev) / _KEV_PER_MEV, self.range_mev
        below, above = np.array(self.below), np.array(self.above)
        bins_below = np.linspace(0.0, low, below.size + 1)
        bins_above = np.linspace(high, high + self.width_mev * above.size, above.size + 1)
        # A node on the last edge belongs to the last bin.
        first = np.clip(np.searchsorted(bins_below, energy, side="right") - 1, 0, below.size - 1)
        last = np.clip(np.searchsorted(bins_above, energy, side="right") - 1, 0, above.size - 1)
        spectrum = np.select(
            [energy < 0.0, energy < low, energy <= high, energy <= bins_above[-1]],
            [np.zeros_like(energy), below[first], self.converted(energy), above[last]],
            default=0.0,
        )
        return np.asarray(spectrum)


@cache
def _capture_spectrum() -> Continuum:
    """Mean spectrum of the two antineutrinos that follow a capture."""
    data = read_toml("reactor.toml")["capture"]
    parts: list[tuple[float, Continuum]] = []
    for nuclide in ("u239", "np239"):
        entry = data[nuclide]
        total = math.fsum(intensity for _, intensity in entry["branches"])
        for endpoint_kev, intensity in entry["branches"]:
            spectrum = beta_spectrum(endpoint_kev, entry["charge"], entry["mass_number"], lepton="electron")
            parts.append((0.5 * intensity / total, spectrum))

    density = Mixture(tuple(share for share, _ in parts), tuple(part.density for _, part in parts))
    # Each branch ends in a step; between the ends all are smooth.
    edges = {0.0, *(part.edges_kev[-1] for _, part in parts)}
    return Continuum(tuple(sorted(edges)), density)
