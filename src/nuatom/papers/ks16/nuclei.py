"""Section 3 of :cite:`KS16`: coherent scattering on nuclei."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import (
    CM2_PER_INVERSE_KEV2,
    ELECTRON_MASS_KEV,
    FERMI_PER_KEV2,
    FINE_STRUCTURE,
    HBAR_C_KEV_CM,
)
from nuatom.detectors import Lindhard
from nuatom.neutrinos import Neutrino, couplings
from nuatom.neutrinos.electroweak import SM_CHARGE_RADIUS_CM2, vector_shift_per_radius_cm2
from nuatom.numerics.quadrature import FloatArray
from nuatom.papers.common import HIGH_KEV, REACTOR_KEV, RED_GIANTS, power_of_recoil
from nuatom.papers.entry import Finding, claim, formula
from nuatom.papers.helicity import on_nucleus
from nuatom.papers.ks16.figures import GEMMA
from nuatom.processes import coherent
from nuatom.processes.form_factors import helm, rms_radius_fm
from nuatom.processes.kinematics import electron_crossover_kev, maximum_recoil_kev, nucleus_crossover_kev
from nuatom.processes.nucleus import interference_factor, natural_isotopes, nucleus_mass_kev

__all__ = ["nucleus_findings"]

_SIN2: Final = couplings().sin2_theta_w
# From far below the largest recoil to almost it.
_FRACTION: Final = np.array([1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999])
# Of the paper's e_ν and ⟨r²⟩ where (13) is evaluated.
_CHARGE: Final = 1e-9
_RADIUS_CM2: Final = -4e-32


def nucleus_findings() -> dict[str, Finding]:
    """Equations (12) to (16)."""
    return {**_size(), **_weak_charge(), **_sign(), **_cross_sections(), **_interference(), **_crossover()}


def _size() -> dict[str, Finding]:
    radius = rms_radius_fm(74) * 1e-13 / HBAR_C_KEV_CM * 1e3
    energy = REACTOR_KEV
    mass = _isotopes(Target("Ge"))[3][0]
    largest = 2 * mass * float(maximum_recoil_kev(np.array(energy), mass))
    suppressed = float(helm(np.sqrt(np.array(largest)), rms_radius_fm(74))) ** 2
    reach = float(maximum_recoil_kev(np.array(8e3), mass))
    seen_ev = 1e3 * float(Lindhard.of(32, Target("Ge").mass_u)(np.array([reach]))[0])
    return {
        "threshold": claim(seen_ev, 100 < seen_ev < 1000, recoil=reach),
        "radius": claim(radius, 0.01 < radius < 0.1),
        "largest-q2": formula(4 * energy**2, largest, tolerance=1e-3),
        "point-like": claim(suppressed, suppressed > 0.98),
    }


def _weak_charge() -> dict[str, Finding]:
    """C_V from how a small charge interferes with it: the odd part is Σ share M C_V 2a Z/(2MT)."""
    germanium, recoil = Target("Ge"), 0.1
    plain = coherent(germanium, "point")
    up, down = (plain.cross_section(Neutrino(charge=q), HIGH_KEV, recoil).total for q in (1e-13, -1e-13))
    # δg_V of a proton is −a/(2MT) for a of the electron; Σ share C_V follows from the difference.
    shift = 2.0 * math.sqrt(2.0) * math.pi * FINE_STRUCTURE / FERMI_PER_KEV2 * 1e-13
    isotopes = _isotopes(germanium)
    scale = FERMI_PER_KEV2**2 / math.pi * CM2_PER_INVERSE_KEV2 * 32 * shift / (2.0 * recoil)
    found = float(up - down) / (4.0 * scale)
    printed = sum(share * c_v for _, c_v, share in isotopes)
    return {"weak-charge": formula(printed, found, tolerance=1e-6)}


def _sign() -> dict[str, Finding]:
    recoil = np.array([0.01, 0.05, 0.2])
    mass, c_v, _ = _isotopes(Target("Ge"))[3]
    printed = _eta_13(recoil, mass, c_v)
    amplitudes = [
        on_nucleus(REACTOR_KEV, float(t), mass, 32, c_v, charge=_CHARGE, charge_radius_cm2=_RADIUS_CM2)
        for t in recoil
    ]
    by_photon = np.array([1.0 + float((a.photon[0] / a.weak[0]).real) for a in amplitudes])
    radiative, shift = couplings("radiative"), vector_shift_per_radius_cm2()
    total = [g - shift * r for g, r in zip(radiative.proton, SM_CHARGE_RADIUS_CM2, strict=True)]
    return {
        "eta": formula(
            printed, interference_factor(recoil, mass, 32, c_v, _CHARGE, _RADIUS_CM2, sign="ks16")
        ),
        "eta-sign": formula(
            printed - 1.0, by_photon - 1.0, published=total[0] - total[1],
            by_13=shift * (SM_CHARGE_RADIUS_CM2[0] - SM_CHARGE_RADIUS_CM2[1]),
        ),
    }  # fmt: skip


def _eta_13(recoil: FloatArray, mass: float, c_v: float) -> FloatArray:
    # e_ν and e of the paper are both Gaussian: e_ν e = α q_ν.
    bracket = _CHARGE / (mass * recoil) - _RADIUS_CM2 / CM2_PER_INVERSE_KEV2 / 3
    eta: FloatArray = 1 - math.sqrt(2) * math.pi * FINE_STRUCTURE * 32 / (FERMI_PER_KEV2 * c_v) * bracket
    return eta


def _cross_sections() -> dict[str, Finding]:
    germanium = Target("Ge")
    isotopes = _isotopes(germanium)
    energy = np.array([[1e3], [REACTOR_KEV], [1e4]])
    limit = np.array([maximum_recoil_kev(energy, mass) for mass, _, _ in isotopes]).min(axis=0)
    recoil = limit * _FRACTION
    plain = coherent(germanium, "point")
    standard = sum(share * _weak_14(energy, recoil, mass, c_v) for mass, c_v, share in isotopes)
    mass, c_v, _ = isotopes[3]
    magnetic = (
        4 * math.pi * FINE_STRUCTURE * GEMMA**2 * FINE_STRUCTURE / (4 * ELECTRON_MASS_KEV**2)
        * 32**2 / recoil * (1 - recoil / energy + recoil**2 / (4 * energy**2)) * CM2_PER_INVERSE_KEV2
    )  # fmt: skip
    found = plain.cross_section(Neutrino(magnetic_moment=GEMMA), energy, recoil)
    flipped = on_nucleus(REACTOR_KEV, 0.1, mass, 32, c_v, magnetic_moment=GEMMA)
    return {
        "weak": formula(standard, plain.cross_section(Neutrino(), energy, recoil).weak),
        "largest-recoil-nucleus": formula(
            2 * energy**2 / (2 * energy + mass), maximum_recoil_kev(energy, mass)
        ),
        "magnetic-nucleus": formula(magnetic, found.magnetic),
        "moment-separate": claim(flipped.common, flipped.common < 1e-12),
    }


def _interference() -> dict[str, Finding]:
    plain = coherent(Target("Ge"), "point")

    def odd(plus: Neutrino, minus: Neutrino) -> float:
        up, down = (plain.cross_section(neutrino, REACTOR_KEV, [0.1]) for neutrino in (plus, minus))
        return float((up.total - down.total)[0] / (up.weak + down.weak)[0])

    def charge_squared(recoil: FloatArray) -> FloatArray:
        pair = [plain.cross_section(Neutrino(charge=q), HIGH_KEV, recoil).charge for q in (1e-6, -1e-6)]
        return np.asarray(pair[0] + pair[1])

    def magnetic(recoil: FloatArray) -> FloatArray:
        return plain.cross_section(Neutrino(magnetic_moment=GEMMA), HIGH_KEV, recoil).magnetic

    powers = power_of_recoil(charge_squared), power_of_recoil(magnetic)
    odds = (
        odd(Neutrino(charge=1e-12), Neutrino(charge=-1e-12)),
        odd(Neutrino(charge_radius_cm2=1e-32), Neutrino(charge_radius_cm2=-1e-32)),
    )
    return {
        "charge-interferes": claim(odds[0], odds[0] != 0.0),
        "radius-interferes": claim(odds[1], odds[1] != 0.0),
        "power-charge": claim(powers[0], abs(powers[0] + 2) < 1e-6),
        "power-moment": claim(powers[1], abs(powers[1] + 1) < 1e-6),
    }


def _crossover() -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for symbol in ("Ge", "Xe"):
        target = Target(symbol)
        charge = target.constituents[0][0].atomic_number
        mass, c_v, _ = max(_isotopes(target), key=lambda isotope: isotope[2])
        for name, moment in (("laboratory", GEMMA), ("stars", RED_GIANTS)):
            printed = (
                math.pi**2 * FINE_STRUCTURE**2 / (FERMI_PER_KEV2**2 * mass * ELECTRON_MASS_KEV**2)
                * (charge / c_v) ** 2 * moment**2
            )  # fmt: skip
            found[f"crossover-{symbol}-{name}"] = formula(
                1e3 * printed, 1e3 * nucleus_crossover_kev(moment, mass, charge, c_v)
            )
        crossover = nucleus_crossover_kev(GEMMA, mass, charge, c_v)
        ratio = crossover / electron_crossover_kev(GEMMA)
        equal = coherent(target, "point").cross_section(Neutrino(magnetic_moment=GEMMA), HIGH_KEV, crossover)
        share = float(equal.magnetic / equal.weak)
        found[f"crossover-{symbol}-smaller"] = claim(ratio, ratio < 0.01)
        found[f"crossover-{symbol}-equal"] = claim(share, abs(share - 1) < 0.1)
    return found


def _weak_14(energy: FloatArray, recoil: FloatArray, mass: float, c_v: float) -> FloatArray:
    largest = 2 * energy**2 / (2 * energy + mass)
    result: FloatArray = (
        FERMI_PER_KEV2**2 / math.pi * mass * c_v**2 * (1 - recoil / largest) * CM2_PER_INVERSE_KEV2
    )
    return result


def _isotopes(target: Target) -> list[tuple[float, float, float]]:
    """Nuclear mass, C_V = [Z(1 − 4 sin²θ_W) − N]/2 and abundance of an element's isotopes."""
    part = target.constituents[0][0]
    z = part.atomic_number
    return [
        (
            nucleus_mass_kev(part, isotope),
            (z * (1 - 4 * _SIN2) - (isotope.mass_number - z)) / 2,
            isotope.abundance,
        )
        for isotope in natural_isotopes(part)
    ]
