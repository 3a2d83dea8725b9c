"""Nine responses of electrons whose charge and spin answer differently, in few multipoles.

What correlation does depends on what is moved. Without relativity nine responses are made of two: that of
the charge, S, and that of the spin density, S_s, which independent electrons do not tell apart. With the
part that low multipoles leave to independent electrons both become

    S' = Σ_{L ≤ L'} S_L correlated + (S − Σ_{L ≤ L'} S_L) independent,

and then charge and longitudinal current follow S'; axial responses and interference are multiplied by
S_s'/S; and the transverse current has three parts: a magnetisation (Q/2c)² R₁₁ of the axial current that
follows the spin; at long waves the dipole, which charge conservation gives, R₁₁ = (T/Q)² S₁ (Siegert's
theorem); and a convection that moves no charge unless waves are long. Against all nine computed with the
same kernels (`nuatom.atoms.correlated.linear_response`) axial currents and interference agree to a per cent
where they matter, and R₁₁ of the vector current, small beside R₀₀, to some per cent; the axial charge,
smaller still, to ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.units import MOMENTUM_KEV, SPEED_OF_LIGHT
from nuatom.numerics.quadrature import FloatArray

__all__ = ["LowMultipoles", "conserved_current", "growth", "joined"]

CERTAIN: Final = (0.01, 0.04)
"""High multipoles of independent electrons are the difference of two interpolated numbers: below the first
part of the whole it is rounding and counts as nothing, above the second it counts fully."""

DIPOLE_POWER: Final = 2
"""Of the dipole's share of S', with which Siegert's theorem comes in."""

_ROW: Final = {name: row for row, name in enumerate(COMPONENTS)}


@dataclass(frozen=True, eq=False)
class LowMultipoles:
    """Sums over the lowest multipoles per keV, each of shape (T, Q).

    Attributes
    ----------
    charge, dipole, spin : ndarray
        S and its dipole part, and the spin's, of electrons that answer together.
    alone : ndarray
        S of independent electrons, in the field that the table has for them.
    """

    charge: FloatArray
    dipole: FloatArray
    spin: FloatArray
    alone: FloatArray


def growth(whole: FloatArray, low: LowMultipoles) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What correlation multiplies S and the spin's response with, and the dipole's share of the new S.

    ``whole`` is S of independent electrons with all multipoles, shape (T, Q); where it is zero nothing
    changes.
    """
    known = whole > 0.0
    rest = _certain(np.maximum(whole - low.alone, 0.0), whole)
    after = np.maximum(low.charge, 0.0) + rest
    charge, spin = (
        np.divide(new, whole, out=np.ones_like(whole), where=known)
        for new in (after, np.maximum(low.spin, 0.0) + rest)
    )
    share = np.divide(low.dipole, after, out=np.zeros_like(whole), where=known & (after > 0.0))
    return charge, spin, np.clip(share, 0.0, 1.0)


def joined(
    before: FloatArray, charge: FloatArray, spin: FloatArray, dipole_share: FloatArray,
    transfer_kev: FloatArray, momentum_kev: FloatArray,
) -> FloatArray:  # fmt: skip
    """Responses with correlation, shape (9, T, Q).

    Parameters
    ----------
    before : ndarray, shape (9, T, Q)
        Those of independent electrons, all multipoles, in the order of `COMPONENTS`.
    charge, spin, dipole_share : ndarray, shape (T, Q)
        As `growth` finds them.
    transfer_kev, momentum_kev : ndarray, shapes (T,) and (T, Q)
    """
    vector, axial = before[_ROW["vector_11"]], before[_ROW["axial_11"]]
    after = before * spin
    after[_ROW["vector_00"]] = charge * before[_ROW["vector_00"]]
    after = conserved_current(after, transfer_kev, momentum_kev)
    magnetisation = np.minimum((0.5 * momentum_kev / MOMENTUM_KEV / SPEED_OF_LIGHT) ** 2 * axial, vector)
    siegert = dipole_share * after[_ROW["vector_33"]]
    share = dipole_share**DIPOLE_POWER
    convection = charge**dipole_share * (vector - magnetisation)
    after[_ROW["vector_11"]] = share * siegert + (1.0 - share) * convection + spin * magnetisation
    allowed = 4.0 * np.sqrt(after[_ROW["vector_11"]] * after[_ROW["axial_11"]])
    after[_ROW["interference"]] = np.clip(after[_ROW["interference"]], -allowed, allowed)
    return after


def conserved_current(values: FloatArray, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
    """The same with longitudinal vector currents from the charge, J₃ = (T/Q) J₀."""
    result = values.copy()
    ratio = transfer_kev[:, None] / momentum_kev
    result[_ROW["vector_03"]] = ratio * values[_ROW["vector_00"]]
    result[_ROW["vector_33"]] = ratio**2 * values[_ROW["vector_00"]]
    return result


def _certain(rest: FloatArray, whole: FloatArray) -> FloatArray:
    low, high = CERTAIN
    part = np.divide(rest, whole, out=np.zeros_like(whole), where=whole > 0.0)
    step = np.clip((part - low) / (high - low), 0.0, 1.0)
    result: FloatArray = rest * step**2 * (3.0 - 2.0 * step)
    return result
