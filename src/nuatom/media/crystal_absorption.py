"""Absorption of crystals: measured optical constants, X-ray tables, and what sum rules say between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import HBAR_C_KEV_CM
from nuatom.errors import ConvergenceError
from nuatom.media.absorption import atomic_absorption
from nuatom.media.dielectric import Dielectric
from nuatom.numerics.kramers_kronig import kramers_kronig
from nuatom.numerics.quadrature import FloatArray

__all__ = ["OpticalConstants", "crystal_dielectric"]

OpticalConstants = tuple[FloatArray, FloatArray, FloatArray]
"""Energies in keV, n and k; empty where nothing is measured."""

_BRIDGE: Final = 100
_SLOPE_FROM: Final = 0.9
_INDEX_ITERATIONS: Final = 30
_INDEX_TOLERANCE: Final = 1e-6
_TRANSPARENT_KEV: Final = 1e-3


def crystal_dielectric(
    target: Target, number: float, plasma: float, measured: OpticalConstants, table: Mapping[str, Any]
) -> Dielectric:
    """Dielectric function of a crystal: ε₂ as measured, then a parabola in logarithms up to the X-ray table.

    The parabola goes on as the measurements end. Where no absorption is measured it begins at ``first_ev``,
    and keeps the f-sum and the refractive index below (``refractive_index``). X-ray tables give k, and n
    follows from all of the absorption: together they are repeated until n stays.

    Parameters
    ----------
    target : Target
        Formula unit.
    number, plasma : float
        Formula units in a volume, keV³, and plasma energy in keV.
    measured : OpticalConstants
    table : mapping
        The medium's file.

    Raises
    ------
    ConvergenceError
        When the index does not stay, or no parabola keeps the sum rules.
    """
    xray = 1e-3 * float(table["xray_ev"])
    parts = [(atomic_absorption(element), count) for element, count in target.constituents]
    above = np.unique(np.concatenate([part.energy_kev for part, _ in parts]))
    above = above[above >= xray]
    sigma = sum(
        (count * np.interp(above, part.energy_kev, part.sigma_cm2) for part, count in parts),
        np.zeros_like(above),
    )
    extinction = 0.5 * number * sigma / HBAR_C_KEV_CM**2 / above
    if "first_ev" in table:
        return _by_sum_rules(table, plasma, above, 2.0 * extinction)
    known, n, k = (row[measured[0] < above[0]] for row in measured)
    below = 2.0 * n * k
    bridge = np.geomspace(known[-1], above[0], _BRIDGE)[1:-1]
    share = np.log(bridge / known[-1]) / np.log(above[0] / known[-1])
    # A power of the energy that starts as the measurements end.
    last_points = known > _SLOPE_FROM * known[-1]
    slope = np.polyfit(np.log(known[last_points]), np.log(below[last_points]), 1)[0]
    slope *= np.log(above[0] / known[-1])
    energy = np.concatenate([known, bridge, above])
    index = np.ones_like(above)
    for _ in range(_INDEX_ITERATIONS):
        absorptive = 2.0 * index * extinction
        bend = np.log(absorptive[0] / below[-1]) - slope
        between = below[-1] * np.exp(share * (slope + bend * share))
        absorptive = np.concatenate([below, between, absorptive])
        real = 1.0 + kramers_kronig(energy, absorptive, above)
        last, index = index, np.sqrt(real + extinction**2)
        if np.max(np.abs(index - last)) < _INDEX_TOLERANCE:
            return Dielectric(plasma, energy, absorptive)
    raise ConvergenceError(f"index of refraction of {target.formula} from its absorption")


def _by_sum_rules(
    table: Mapping[str, Any], plasma: float, above: FloatArray, absorptive: FloatArray
) -> Dielectric:
    first, index = 1e-3 * float(table["first_ev"]), float(table["refractive_index"])
    bridge = np.geomspace(first, above[0], _BRIDGE)[:-1]
    share = np.log(bridge / first) / np.log(above[0] / first)

    def dielectric(start: float, bend: float) -> Dielectric:
        logarithm = (1.0 - share) * (start + bend * share) + share * np.log(absorptive[0])
        whole = np.concatenate([np.exp(logarithm), absorptive])
        return Dielectric(plasma, np.concatenate([bridge, above]), whole)

    def missing(parameters: FloatArray) -> list[float]:
        made = dielectric(*parameters)
        static = float(made.at(_TRANSPARENT_KEV).real)
        return [float(made.electrons(above[-1])) - 1.0, static / index**2 - 1.0]

    from scipy.optimize import root

    found = root(missing, [1.0, 3.0])
    if not found.success or np.max(np.abs(missing(found.x))) > _INDEX_TOLERANCE:
        raise ConvergenceError(f"absorption of {table['name']} that keeps the f-sum and the refractive index")
    return dielectric(*found.x)
