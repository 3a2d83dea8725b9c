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
from nuatom.papers.entry import Entry, formula, statement
from nuatom.papers.ks11 import hydrogen
from nuatom.papers.ks11.cross_section import hydrogen_response

__all__ = ["density_sum", "green_function_entries"]

_DENSITY: Final = COMPONENTS.index("vector_00")
_SMALL_MOMENTUM: Final = 1e-4
# Rounding, and corrections of order Q² at the small momentum.
_STATIC: Final = 1e-7
_CLOSED_FORM: Final = 1e-5
_TRANSFERS_KEV: Final = {"He": 10.0, "Ne": 20.0, "Ge": 40.0, "Xe": 55.0}
"""Transfers at which every subshell is open."""

_RULE_NOTE: Final = (
    "(15) is (14) put into (13). The atom gives the number of electrons instead, once all are free: Z² "
    "comes from "
    "the ground state's own term |⟨0|ρ|0⟩|²/(E − E₀), which has no imaginary part at T > 0, and whose "
    "singularities lie at negative Q², where (13) does not look. No coherent factor Z² follows, as the "
    "paper says."
)


def green_function_entries() -> list[Entry]:
    """Equations (11) to (16)."""
    return [*_sum_over_states(), *_static_limit(), *_sum_rule()]


def density_sum(symbol: str, transfer_kev: FloatArray) -> FloatArray:
    """T ∫S(T, Q) dQ²/Q² of ionization from Q = T on, the left side of (15), from an atom's table."""
    total = np.zeros(transfer_kev.shape)
    for shell in find_table(symbol, "ipm").subshells:
        momentum, weight = shell.momentum_rule(transfer_kev)
        transfer = np.broadcast_to(transfer_kev[:, None], momentum.shape)
        values = shell.at(transfer, np.clip(momentum, transfer, None))[_DENSITY]
        total += transfer_kev * np.sum(weight * 2.0 / momentum * values, axis=-1)
    return total


def _sum_over_states() -> list[Entry]:
    momentum = np.array([0.3, 1.0, 3.0])
    transfer = -0.5
    state = ground_state(1, nucleus="point", speed_of_light=1e5)
    found = HARTREE_KEV * density_green_function(state, transfer * HARTREE_KEV, momentum * MOMENTUM_KEV).total
    summed = [hydrogen.green_function(transfer, q) for q in momentum]
    at_threshold = _hydrogen_density_sum(0.5 + 1e-4)
    exact = hydrogen.density_sum_at_threshold()
    return [
        formula("(11), (12)", "F of hydrogen at E − E₀ = −½ hartree", summed, found, "1/hartree",
                tolerance=_CLOSED_FORM,
                note="As the sum over all states of closed form, the continuum through S = Im F/π; "
                     "computed with "
                "the resolvent, without summing states. Q = 0.3 to 3/bohr."),
        formula("(13)", "T/π ∫Im F dQ²/Q² for T·F(E, 0), hydrogen at threshold", 1.0, at_threshold,
                disagreement="erratum",
                note=f"The dispersion relation of Ref. [11], in Q² at fixed energy, takes F to be "
                     "singular at "
                f"positive Q² only. Form factors are singular at negative Q² (hydrogen's at −4/bohr²), "
                "so that it "
                f"holds for free electrons and fails for bound ones: here by 4%; exactly 1 − (7/3)e⁻⁴ = "
                f"{exact:.5f}."),
    ]  # fmt: skip


def _hydrogen_density_sum(transfer: float) -> float:
    wave = np.sqrt(2.0 * transfer - 1.0)
    momentum = np.geomspace(1e-3, 12.0 + 6.0 * wave, 240)
    density = hydrogen_response(transfer, momentum, accuracy=1e-5)[_DENSITY]
    logarithm = np.log(momentum)
    return float(transfer * CubicSpline(logarithm, 2.0 * density).integrate(logarithm[0], logarithm[-1]))


def _static(number: int) -> DensityGreenFunction:
    state = ground_state(number, "dirac-lb94")
    return density_green_function(state, -HARTREE_KEV, [_SMALL_MOMENTUM * MOMENTUM_KEV])


def _static_limit() -> list[Entry]:
    entries = []
    for number, name in ((2, "helium"), (10, "neon")):
        found = _static(number)
        whole = -HARTREE_KEV * float(found.total[0])
        each = -HARTREE_KEV * float(found.alone[0])
        entries += [
            formula("(14)", f"(E − E₀) F(E, 0), {name}", float(number**2), whole, tolerance=_STATIC,
                    note="At Q = 1e-4/bohr; the atom's own electrons in one local potential."),
            formula("(16)", f"(E − E₀) F(E, 0), {name}", float(number), whole, disagreement="erratum",
                    note="As the paper says, (16) is wrong. Z/(E − E₀) is what electrons that know "
                         "nothing of "
                    "each other give, the next line: density acts on one electron and must return to it."),
            formula("(16)", f"the same, each electron alone, {name}", float(number), each, tolerance=_STATIC),
        ]  # fmt: skip
    return entries


def _sum_rule() -> list[Entry]:
    entries = []
    names = {"He": "helium", "Ne": "neon", "Ge": "germanium", "Xe": "xenon"}
    for symbol, transfer in _TRANSFERS_KEV.items():
        charge = find_table(symbol, "ipm").Z
        found = float(density_sum(symbol, np.array([transfer]))[0])
        what = f"T ∫S dQ²/Q², {names[symbol]}, T = {transfer:g} keV"
        entries += [
            formula("(15)", what, float(charge**2), found, disagreement="erratum", note=_RULE_NOTE),
            statement("after (16)", f"{what}, over Z", "a factor of Z, not Z²", found / charge,
                      abs(found / charge - 1.0) < 0.01, note="What (16) put into (13) would give."),
        ]  # fmt: skip
    return entries
