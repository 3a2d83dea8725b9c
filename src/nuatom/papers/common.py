"""What the reproductions share: quoted values, a reactor's energy, and powers of the recoil."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from nuatom.numerics.quadrature import FloatArray

__all__ = ["HIGH_KEV", "REACTOR_KEV", "RED_GIANTS", "power_of_recoil"]

RED_GIANTS: Final = 3e-12
"""Astrophysical limit on a moment that KS11 and KS16 quote, in μ_B."""

REACTOR_KEV: Final = 3e3
"""Neutrino energy of "a few MeV"."""

HIGH_KEV: Final = 1e9
"""A neutrino energy far above every recoil."""


def power_of_recoil(of: Callable[[FloatArray], FloatArray], recoil_kev: float = 1e-3) -> float:
    """Power of the recoil with which a function goes: d ln f/d ln T."""
    recoil = recoil_kev * np.array([1.0 - 1e-3, 1.0 + 1e-3])
    values, logarithms = np.log(of(recoil)), np.log(recoil)
    return float((values[1] - values[0]) / (logarithms[1] - logarithms[0]))
