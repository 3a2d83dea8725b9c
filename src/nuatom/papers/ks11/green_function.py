"""Equations (11) to (16) of :cite:`KS11`: the Green's function of the density, and the sum rule for it."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.interpolate import CubicSpline

from nuatom.atoms import (
    COMPONENTS,
    MOMENTUM_KEV,
    DensityGreenFunction,
    density_green_function,
    find_table,
    ground_state,
)
from nuatom.constants import HARTREE_KEV
from nuatom.numerics.quadrature import FloatArray
from nuatom.papers.entry import Finding, claim, formula
from nuatom.papers.ks11 import hydrogen
from nuatom.papers.ks11.cross_section import hydrogen_response

__all__ = ["density_sum", "green_function_findings"]

_DENSITY: Final = COMPONENTS.index("vector_00")
_SMALL_MOMENTUM: Final = 1e-4
# Rounding, and corrections of order Q² at the small momentum.
_STATIC: Final = 1e-7
_CLOSED_FORM: Final = 1e-5
_TRANSFERS_KEV: Final = {"He": 10.0, "Ne": 20.0, "Ge": 40.0, "Xe": 55.0}
"""Transfers at which every subshell is open."""


def green_function_findings() -> dict[str, Finding]:
    """Equations (11) to (16)."""
    return {**_sum_over_states(), **_static_limit(), **_sum_rule()}


def density_sum(symbol: str, transfer_kev: FloatArray) -> FloatArray:
    """T ∫S(T, Q) dQ²/Q² of ionization from Q = T on, the left side of (15), from an atom's table."""
    total = np.zeros(transfer_kev.shape)
    for shell in find_table(symbol, "ipm").subshells:
        momentum, weight = shell.momentum_rule(transfer_kev)
        transfer = np.broadcast_to(transfer_kev[:, None], momentum.shape)
        values = shell.at(transfer, np.clip(momentum, transfer, None))[_DENSITY]
        total += transfer_kev * np.sum(weight * 2.0 / momentum * values, axis=-1)
    return total


def _sum_over_states() -> dict[str, Finding]:
    momentum = np.array([0.3, 1.0, 3.0])
    transfer = -0.5
    state = ground_state(1, nucleus="point", speed_of_light=1e5)
    found = HARTREE_KEV * density_green_function(state, transfer * HARTREE_KEV, momentum * MOMENTUM_KEV).total
    summed = [hydrogen.green_function(transfer, q) for q in momentum]
    at_threshold = _hydrogen_density_sum(0.5 + 1e-4)
    return {
        "green-function": formula(summed, found, tolerance=_CLOSED_FORM),
        "dispersion": formula(1.0, at_threshold, exact=hydrogen.density_sum_at_threshold()),
    }


def _hydrogen_density_sum(transfer: float) -> float:
    wave = np.sqrt(2.0 * transfer - 1.0)
    momentum = np.geomspace(1e-3, 12.0 + 6.0 * wave, 240)
    density = hydrogen_response(transfer, momentum, accuracy=1e-5)[_DENSITY]
    logarithm = np.log(momentum)
    return float(transfer * CubicSpline(logarithm, 2.0 * density).integrate(logarithm[0], logarithm[-1]))


def _static(number: int) -> DensityGreenFunction:
    state = ground_state(number, "dirac-lb94")
    return density_green_function(state, -HARTREE_KEV, [_SMALL_MOMENTUM * MOMENTUM_KEV])


def _static_limit() -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for number, name in ((2, "helium"), (10, "neon")):
        green = _static(number)
        whole = -HARTREE_KEV * float(green.total[0])
        each = -HARTREE_KEV * float(green.alone[0])
        found |= {
            f"static-{name}": formula(float(number**2), whole, tolerance=_STATIC),
            f"refuted-{name}": claim(whole / number, abs(whole / number - 1.0) > 0.5),
            f"alone-{name}": formula(float(number), each, tolerance=_STATIC),
        }
    return found


def _sum_rule() -> dict[str, Finding]:
    over_z, over_z2 = {}, {}
    for symbol, transfer in _TRANSFERS_KEV.items():
        charge = find_table(symbol, "ipm").Z
        found = float(density_sum(symbol, np.array([transfer]))[0])
        over_z[symbol], over_z2[symbol] = found / charge, found / charge**2
    return {
        "sum-rule": formula(np.ones(len(over_z2)), np.array([*over_z2.values()]), **over_z),
        **{f"incoherent-{symbol}": claim(ratio, abs(ratio - 1.0) < 0.01) for symbol, ratio in over_z.items()},
    }
