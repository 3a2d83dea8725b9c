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
from nuatom.papers.entry import Entry, formula, statement
from nuatom.papers.ks16.figures import GEMMA
from nuatom.processes import coherent
from nuatom.processes.form_factors import helm, rms_radius_fm
from nuatom.processes.kinematics import electron_crossover_kev, maximum_recoil_kev, nucleus_crossover_kev
from nuatom.processes.nucleus import interference_factor, natural_isotopes, nucleus_mass_kev

__all__ = ["nucleus_entries"]

_SIN2: Final = couplings().sin2_theta_w
# From far below the largest recoil to almost it.
_FRACTION: Final = np.array([1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999])


def nucleus_entries() -> list[Entry]:
    """Equations (12) to (16)."""
    return [*_nuclei(), *_nuclear_crossover()]


def _nuclei() -> list[Entry]:
    germanium = Target("Ge")
    isotopes = _isotopes(germanium)
    energy = np.array([[1e3], [REACTOR_KEV], [1e4]])
    limit = np.array([maximum_recoil_kev(energy, mass) for mass, _, _ in isotopes]).min(axis=0)
    recoil = limit * _FRACTION
    plain = coherent(germanium, "point")
    standard = sum(share * _weak_14(energy, recoil, mass, c_v) for mass, c_v, share in isotopes)
    mass, c_v, _ = isotopes[3]
    charge, radius = 1e-9, -4e-32
    # e_ν and e of the paper are both Gaussian: e_ν e = α q_ν.
    bracket = charge / (mass * recoil) - radius / CM2_PER_INVERSE_KEV2 / 3
    eta = 1 - math.sqrt(2) * math.pi * FINE_STRUCTURE * 32 / (FERMI_PER_KEV2 * c_v) * bracket
    magnetic = (
        4 * math.pi * FINE_STRUCTURE * GEMMA**2 * FINE_STRUCTURE / (4 * ELECTRON_MASS_KEV**2)
        * 32**2 / recoil * (1 - recoil / energy + recoil**2 / (4 * energy**2)) * CM2_PER_INVERSE_KEV2
    )  # fmt: skip
    weak = plain.cross_section(Neutrino(), energy, recoil)
    flipped = plain.cross_section(Neutrino(magnetic_moment=GEMMA), energy, recoil)
    weak_charges = [c for _, c, _ in isotopes]
    tree = couplings()
    ours = [32 * tree.proton[0] + (round(2 * -c + 32 * (1 - 4 * _SIN2)) * tree.neutron) for c in weak_charges]
    return [
        *_size(),
        formula("(12)", "C_V of the germanium isotopes", weak_charges, ours),
        formula("(13)", "η of germanium-74, e_ν = 1e-9 e, ⟨r²⟩ = −4e-32 cm²", eta,
                interference_factor(recoil, mass, 32, c_v, charge, radius, sign="ks16"),
                note="With the paper's sign, which is offered by name."),
        _sign_of_13(),
        formula("(14)", "weak dσ/dT, germanium", standard, weak.weak, "cm²/keV"),
        formula("after (14)", "largest recoil, germanium-74", 2 * energy**2 / (2 * energy + mass),
                maximum_recoil_kev(energy, mass), "keV"),
        formula("(15)", "magnetic dσ/dT, germanium, μ = 2.9e-11 μ_B", magnetic, flipped.magnetic, "cm²/keV"),
        *_interference(),
    ]  # fmt: skip


def _size() -> list[Entry]:
    radius = rms_radius_fm(74) * 1e-13 / HBAR_C_KEV_CM * 1e3
    energy = REACTOR_KEV
    mass = _isotopes(Target("Ge"))[3][0]
    largest = 2 * mass * float(maximum_recoil_kev(np.array(energy), mass))
    suppressed = float(helm(np.sqrt(np.array(largest)), rms_radius_fm(74))) ** 2
    reach = float(maximum_recoil_kev(np.array(8e3), mass))
    seen_ev = 1e3 * float(Lindhard.of(32, Target("Ge").mass_u)(np.array([reach]))[0])
    return [
        statement("section 1", "largest germanium recoil of an 8 MeV neutrino, as seen by ionization",
                  "several hundred eV", seen_ev, 100 < seen_ev < 1000, "eV",
                  note=f"{reach:.2f} keV of recoil, quenched after Lindhard."),
        statement("after (12)", "radius of germanium-74", "1e-2 – 1e-1", radius, 0.01 < radius < 0.1,
                  "1/MeV"),
        formula("after (12)", "largest |q²|, germanium-74, E = 3 MeV", 4 * energy**2, largest, "keV²",
                tolerance=1e-3, note="4E²/(1 + 2E/M): the paper's value leaves out 2E/M."),
        statement("after (12)", "F² there", "can be set equal to one", suppressed, suppressed > 0.98),
    ]  # fmt: skip


def _sign_of_13() -> Entry:
    radiative, shift = couplings("radiative"), vector_shift_per_radius_cm2()
    # g_V^p as published, Standard Model radii included, less the radius with either sign.
    total = [g - shift * r for g, r in zip(radiative.proton, SM_CHARGE_RADIUS_CM2, strict=True)]
    left = [
        [g + sign * shift * r for g, r in zip(total[:2], SM_CHARGE_RADIUS_CM2[:2], strict=True)]
        for sign in (1, -1)
    ]
    exchange, ks16 = (abs(e - mu) for e, mu in left)
    return statement(
        "(12), (13)", "g_V^p of ν_e less that of ν_μ without their radii, by the sign of (13)",
        "0: only the radii differ", ks16, False, disagreement="erratum",
        note="The photon between like charges repels, η = 1 + …: charge and radius have the opposite sign. "
        "Evidence: the Standard Model's radiative couplings, published as a whole, differ between ν_e and "
        f"ν_μ by their charge radii; taking these out with our sign leaves {exchange:.0e}, with that of (13) "
        f"{ks16:.0e}. (13) does follow from (12), where the relative sign of the first two terms is the "
        "cause. A negative e would turn the charge's term only, as the radius comes with e².",
    )  # fmt: skip


def _interference() -> list[Entry]:
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
        odd(Neutrino(magnetic_moment=GEMMA), Neutrino(magnetic_moment=-GEMMA)),
    )
    return [
        statement("after (15)", "odd part over weak dσ/dT, charge 1e-12 e, germanium, 0.1 keV", "interferes",
                  odds[0], odds[0] != 0.0),
        statement("after (15)", "the same, charge radius 1e-32 cm²", "interferes", odds[1], odds[1] != 0.0),
        statement("after (15)", "the same, moment 2.9e-11 μ_B", "contributes separately", odds[2],
                  odds[2] == 0.0),
        statement("after (15)", "power of T of the charge's own part, T → 0", "-2", powers[0],
                  abs(powers[0] + 2) < 1e-6),
        statement("after (15)", "power of T of the moment's part, T → 0", "-1", powers[1],
                  abs(powers[1] + 1) < 1e-6),
    ]  # fmt: skip


def _nuclear_crossover() -> list[Entry]:
    entries = []
    for symbol, name in (("Ge", "germanium-74"), ("Xe", "xenon-132")):
        target = Target(symbol)
        charge = target.constituents[0][0].atomic_number
        mass, c_v, _ = max(_isotopes(target), key=lambda isotope: isotope[2])
        for moment, whose in ((GEMMA, "2.9e-11"), (RED_GIANTS, "3e-12")):
            printed = (
                math.pi**2 * FINE_STRUCTURE**2 / (FERMI_PER_KEV2**2 * mass * ELECTRON_MASS_KEV**2)
                * (charge / c_v) ** 2 * moment**2
            )  # fmt: skip
            entries.append(
                formula("(16)", f"crossover on {name}, μ = {whose} μ_B", 1e3 * printed,
                        1e3 * nucleus_crossover_kev(moment, mass, charge, c_v), "eV")
            )  # fmt: skip
        ratio = nucleus_crossover_kev(GEMMA, mass, charge, c_v) / electron_crossover_kev(GEMMA)
        entries.append(
            statement("(16)", f"crossover on {name} over that on electrons, (9)",
                      "by orders of magnitude smaller", ratio, ratio < 0.01,
                      note="(m_e/M)(Z/C_V)², whatever the moment.")
        )  # fmt: skip
        crossover = nucleus_crossover_kev(GEMMA, mass, charge, c_v)
        equal = coherent(target, "point").cross_section(Neutrino(magnetic_moment=GEMMA), HIGH_KEV, crossover)
        share = float(equal.magnetic / equal.weak)
        entries.append(
            statement("(16)", f"magnetic over weak there, natural {target.formula}, high energy", "1 (≲)",
                      share, abs(share - 1) < 0.1, note="Other isotopes have fewer neutrons on average.")
        )  # fmt: skip
    return entries


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
