"""Sections IV and V of :cite:`JKY21`, equations (31) to (33): the bounds on radius, charge and moment."""

from __future__ import annotations

import math

import numpy as np

from nuatom.constants import ELECTRON_MASS_KEV, HBAR_C_KEV_CM
from nuatom.papers.entry import Finding, claim, value
from nuatom.papers.helicity import on_electron
from nuatom.papers.jky21.bounds import (
    LIMIT_PER_MEV3,
    couplings_squared,
    gamma,
    radius_bound_per_mev,
    smallest_couplings_squared,
    vector_plus_minus_axial,
)
from nuatom.papers.jky21.comparison import data, largest_allowed, standard_counts
from nuatom.papers.jky21.kinematics import ENERGY_KEV, RECOIL_KEV
from nuatom.papers.jky21.spectrum import coulomb_spectrum, mean, mean_power, pp_spectrum
from nuatom.papers.jky21.three_body import PRINTED

__all__ = ["fit_findings"]

_M = ELECTRON_MASS_KEV
_M_MEV = 1e-3 * ELECTRON_MASS_KEV


def fit_findings() -> dict[str, Finding]:
    """Equations (31) to (33) and the conclusion."""
    return {**_incoherent(), **_radius(), **_bounds(), **_gamma(), **_conclusion()}


def _incoherent() -> dict[str, Finding]:
    plus, minus = vector_plus_minus_axial()
    found = on_electron(
        ENERGY_KEV,
        RECOIL_KEV,
        0.5 * (plus + minus),
        0.5 * (plus - minus),
        charge=1e-12,
        magnetic_moment=7e-11,
    )
    product = np.abs((found.weak + found.photon) * found.magnetic).max()
    common = float(product / (np.abs(found.weak + found.photon).max() * np.abs(found.magnetic).max()))
    return {"incoherent": claim(common, common < 1e-12)}


def _radius() -> dict[str, Finding]:
    energy = [mean_power(power, coulomb_spectrum()) for power in (1, 2)]
    squared, linear = energy[1] / _M**2, 1e3 * energy[0] / _M**2
    t = 1e-3 * RECOIL_KEV
    front = PRINTED.weak_per_mev3 * (squared - linear * t) * PRINTED.root_per_sqrt_mev * math.sqrt(t)
    front /= (1.0 + t / _M_MEV) ** PRINTED.weak_power
    return {
        "mean-energy": value(1e-3 * energy[0]),
        "mean-energy-squared": value(1e-6 * energy[1]),
        "squared-over-mass": value(0.0788 / _M_MEV**2),
        "linear-over-mass": value(linear),
        "second-bracket": value(2.0 * linear),
        "coupling-difference": value(vector_plus_minus_axial()[1]),
        "root-of-mass": value(math.sqrt(2.0 / _M_MEV)),
        "inverse-mass": value(1.0 / _M_MEV),
        "front": value(front),
        "front-squared": value(0.5703e-6 * couplings_squared()),
    }


def _bounds() -> dict[str, Finding]:
    isotropic = mean(lambda e: 2.0 * e * (e - RECOIL_KEV), pp_spectrum())
    virtuality = 1e-3 * math.sqrt(isotropic)
    least = 0.5703e-6 * smallest_couplings_squared() / LIMIT_PER_MEV3
    return {
        "no-bound": claim(least, least < 1.0, events=standard_counts(PRINTED).sum()),
        "ratio": value(LIMIT_PER_MEV3 / 1.341e-6),
        "virtuality": claim(virtuality, 0.3 < virtuality < 0.4),
        "radius-bound": value(radius_bound_per_mev(0.790e-13, 0.1)),
        "radius-bound-cm": value(1e-3 * HBAR_C_KEV_CM * radius_bound_per_mev(LIMIT_PER_MEV3 / 6.33e-6, 0.1)),
    }


def _gamma() -> dict[str, Finding]:
    square = (1e-3 * HBAR_C_KEV_CM) ** 2
    return {
        "gamma-mev": value(square * gamma(1.0, 0.0, 1.0)),
        "gamma-cm": value(gamma(1.0, 0.0, 1.0)),
        "gamma-charge": value(-gamma(0.0, 1.0, 1.0) / gamma(1.0, 0.0, 1.0)),
    }


def _conclusion() -> dict[str, Finding]:
    own = {
        name: data().limit(name, model="stepping").interval for name in ("magnetic-moment", "charge-radius")
    }
    moment, radius = (largest_allowed(interval) for interval in own.values())
    length = math.sqrt(radius)
    return {
        "moment-limit": claim(moment, holds=abs(moment / 0.86e-7 - 1.0) < 0.1),
        "radius-limit": claim(length, holds=abs(length / 4.30e-17 - 1.0) < 0.1, square=radius),
    }
