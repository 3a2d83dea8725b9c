"""Absorption of photons by one atom, from its first line to 300 keV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from nuatom.atoms import Element, gas_phase_mb, henke_factors, kissel_mb
from nuatom.constants import BOHR_RADIUS_CM, FINE_STRUCTURE, HBAR_C_KEV_CM
from nuatom.data import read_toml
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Absorption", "atomic_absorption"]

_CM2_PER_MB: Final = 1e-18
_FACTOR_TO_CM2_KEV: Final = 4.0 * np.pi * BOHR_RADIUS_CM * FINE_STRUCTURE**2 * HBAR_C_KEV_CM
"""σE of a scattering factor f₂: 4π r_e ħc."""
_LAST_KEV: Final = 299.0
_END_KEV: Final = 2e4
_BEYOND: Final = 50
_ABOVE_HENKE: Final = 200
_BESIDE_EDGE: Final = 1e-4
_REFINED: Final = 2


@dataclass(frozen=True, eq=False)
class Absorption:
    """Photoabsorption of one atom.

    Attributes
    ----------
    energy_kev : ndarray, shape (N,)
        Increasing; between these energies the cross section is a straight line.
    sigma_cm2 : ndarray, shape (N,)
    line_energy_kev, line_strength : ndarray, shape (L,)
        Discrete absorption below the first threshold, by its oscillator strengths.
    """

    energy_kev: FloatArray
    sigma_cm2: FloatArray
    line_energy_kev: FloatArray
    line_strength: FloatArray


def atomic_absorption(element: Element) -> Absorption:
    """Photoabsorption of one atom of an element, evaluated from measurements.

    Henke's f₂ from 10 eV to 30 keV :cite:`Henke:1993`, argon below its L edge after :cite:`Berkowitz:2002`;
    from there to 299 keV the calculation of Kissel that xraylib carries, and beyond a power of the energy; of
    xenon and argon the discrete lines below the first threshold as well :cite:`Magboltz`. Germanium's M shell
    is scaled to the f-sum rule.

    Parameters
    ----------
    element : Element
    """
    extra = read_toml("media/atoms.toml").get(element.symbol, {})
    henke, _, f2 = henke_factors(element.atomic_number)
    energy = _refined(henke)
    sigma = _FACTOR_TO_CM2_KEV / energy * np.interp(energy, henke, f2)
    if "continuum" in extra:
        other = _CM2_PER_MB * gas_phase_mb(element.symbol, energy)[extra["continuum"]]
        sigma = np.where(np.isfinite(other) & (1e3 * energy < extra["continuum_last_ev"]), other, sigma)
    if "scale" in extra:
        scaled = (1e3 * energy >= extra["scale_first_ev"]) & (1e3 * energy <= extra["scale_last_ev"])
        sigma = np.where(scaled, extra["scale"] * sigma, sigma)
    edges = np.array([shell.edge_kev for shell in element.subshells])
    beside = np.outer(edges[edges > energy[-1]], [1.0 - _BESIDE_EDGE, 1.0 + _BESIDE_EDGE]).ravel()
    above = np.sort(np.concatenate([np.geomspace(energy[-1], _LAST_KEV, _ABOVE_HENKE)[1:], beside]))
    calculated = _CM2_PER_MB * kissel_mb(element.atomic_number, above)
    beyond = np.geomspace(_LAST_KEV, _END_KEV, _BEYOND)[1:]
    power = np.log(calculated[-1] / calculated[-2]) / np.log(above[-1] / above[-2])
    energy = np.concatenate([energy, above, beyond])
    sigma = np.concatenate([sigma, calculated, calculated[-1] * (beyond / above[-1]) ** power])
    return Absorption(
        energy,
        sigma,
        1e-3 * np.array(extra.get("energy_ev", [])),
        np.array(extra.get("strength", [])),
    )


def _refined(energy: FloatArray) -> FloatArray:
    """More points between those of a table, whose logarithms a straight line in energy would bend."""
    steps = np.linspace(0.0, 1.0, _REFINED, endpoint=False)
    inner = energy[:-1, None] ** (1.0 - steps) * energy[1:, None] ** steps
    return np.append(inner.ravel(), energy[-1])
