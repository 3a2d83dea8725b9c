"""Section III.1 of :cite:`JKY21`, equations (3) to (16): interactions, phase space and kinematics."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import (
    ATOMIC_MASS_KEV,
    BOHR_RADIUS_CM,
    CM2_PER_INVERSE_KEV2,
    ELECTRON_MASS_KEV,
    FINE_STRUCTURE,
    HBAR_C_KEV_CM,
)
from nuatom.neutrinos.electroweak import SIN2_THETA_W
from nuatom.papers.entry import Entry, formula, number, statement
from nuatom.papers.jky21.amplitudes import contraction, dot, electron_tensor, neutrino_tensor, two_body
from nuatom.papers.jky21.bounds import MIXING, vector_plus_minus_axial
from nuatom.papers.jky21.comparison import MODELS, power_of_rate
from nuatom.papers.jky21.orbits import ATOMIC_NUMBER
from nuatom.papers.jky21.spectrum import ENDPOINT_KEV
from nuatom.papers.jky21.three_body import LEAST_RECOIL_KEV, phase_space_coefficient
from nuatom.processes.electron import free_electron
from nuatom.processes.kinematics import cos_recoil_angle

__all__ = ["ENERGY_KEV", "RECOIL_KEV", "kinematics_entries"]

ENERGY_KEV: Final = 300.0
"""Neutrino energy at which formulas are compared, in the middle of the pp spectrum."""

RECOIL_KEV: Final = 17.0
"""Recoil of equation (32)."""

_M: Final = ELECTRON_MASS_KEV
_AT: Final = "E = 300 keV, T = 17 keV"


def kinematics_entries() -> tuple[Entry, ...]:
    """Entries of equations (3) to (16)."""
    return (*_interactions(), *_lengths(), *_phase_space(), *_two_body())


def _interactions() -> tuple[Entry, ...]:
    at = two_body(ENERGY_KEV, RECOIL_KEV)
    plus, minus = vector_plus_minus_axial()
    vector, axial = 0.5 * (plus + minus), 0.5 * (plus - minus)
    k, p, k_out, p_out = at.neutrino, at.electron, at.neutrino_out, at.electron_out
    left_handed = 64.0 * (
        plus**2 * dot(k, p) * dot(k_out, p_out)
        + minus**2 * dot(k, p_out) * dot(k_out, p)
        - (vector**2 - axial**2) * _M**2 * dot(k, k_out)
    )
    return (
        formula(
            "(3)", f"spin sum of the four-fermion interaction, {_AT}", left_handed,
            contraction(neutrino_tensor(at), electron_tensor(at, vector, axial)), "keV⁴",
            note="1 + γ5 with g_V + g_A γ5 is the mirror image of 1 - γ5 with g_V - g_A γ5; the printed "
            "value is 't Hooft's for the latter.",
        ),
        statement(
            "(4)", "mass dimension of three bilinears, G_F and 1/M_eff³", "4", _lagrangian_dimension(3, 5),
            holds=_lagrangian_dimension(3, 5) == 4.0,
        ),
        number(
            "(5)", "sin²θ_W", "0.231", SIN2_THETA_W, disagreement="corrected",
            note="0.231 is the value at the Z pole; at zero momentum transfer it runs to 0.2386.",
        ),
        number("(5)", "g_V + g_A at sin²θ_W = 0.231", "1.462", vector_plus_minus_axial(MIXING)[0]),
        formula(
            "(6)", "magnetic moment over f μ_B", 2.0, 1.0, disagreement="erratum",
            note="σ^{μν} (q_μ A_ν - q_ν A_μ) = 2 σ^{μν} q_μ A_ν: a factor 1/2 is missing, which (18) has "
            "again.",
        ),
        formula(
            "(7)", "form factor in G_V, over F_1/(√2 G_F q²)", 1.0, 4.0 * math.pi * FINE_STRUCTURE,
            disagreement="erratum", note="e² = 4 π α is missing; (27) and (33) have it.",
        ),
    )  # fmt: skip


def _lagrangian_dimension(bilinears: int, masses: int) -> float:
    """Mass dimension of a product of bilinears of dimension 3, divided by masses."""
    return 3.0 * bilinears - masses


def _lengths() -> tuple[Entry, ...]:
    momentum = math.sqrt(2.0 * _M * LEAST_RECOIL_KEV)
    return (
        number(
            "Section III.1", "1/√(2 m_e T) at T = 2.5 keV", "3.9e-9", HBAR_C_KEV_CM / momentum, "cm",
            disagreement="erratum",
            note="A factor of ten: 1.973e-8 keV cm/50.5 keV = 3.9e-10 cm, the radius of the fourth shell.",
        ),
        number(
            "Section III.1", "1/(0.45 MeV)", "4.38e-11", HBAR_C_KEV_CM / 450.0, "cm",
            disagreement="corrected",
            note="Rounds to 4.39; with ħc = 1.97e-11 MeV cm, as in (33), to 4.38.",
        ),
        statement(
            "Section III.1", "1/E for energies below 0.45 MeV", "less than 4.38e-11 cm",
            HBAR_C_KEV_CM / ENDPOINT_KEV, holds=False, unit="cm", disagreement="erratum",
            note="Smaller energies have longer wavelengths: 4.38e-11 cm is the least value; at the mean "
            "energy of pp neutrinos it is 7.4e-11 cm, of the size of the inner shells.",
        ),
        number(
            "Section III.1", "radius of xenon's shell n, over n", "1e-10", BOHR_RADIUS_CM / ATOMIC_NUMBER,
            "cm",
        ),
    )  # fmt: skip


def _phase_space() -> tuple[Entry, ...]:
    def dimension(particles_out: int, particles_in: int, volumes: int) -> float:
        """Mass dimension of phase space, energies, delta function, volume and |T|²."""
        amplitude = 4 - (particles_in + particles_out)
        return 3 * particles_out - particles_in - particles_out - 4 + 3 * volumes + 2 * amplitude

    return (
        *(
            statement(
                equation, f"mass dimension of the {what}", str(claim), found, holds=found == claim,
            )
            for equation, what, claim, found in (
                ("(8), (46)", "rate 3 → 3", 1, dimension(3, 3, 2)),
                ("(9), (47)", "cross section 3 → 3", -2, dimension(3, 3, 1)),
                ("(38)", "rate 2 → 2", 1, dimension(2, 2, 1)),
            )
        ),
        formula(
            "(10), (48)", "average over the incoming spins", 0.25, 0.5, disagreement="corrected",
            note="Right for a neutrino that scatters in both helicities; the Sun's have one, so that only "
            "the electron's spin is averaged.",
        ),
        formula(
            "(11)", "number in front, over Z³ α³", 3.0 / (2.0**12 * math.pi**4),
            phase_space_coefficient(), disagreement="erratum",
            note="2¹² for 2⁹: (9) with (2 π)^-5/2⁶, (4 π)² for two directions and 1/V = 3/(4 π n³ a_Z³) "
            "gives 3/(2⁹ π⁴); (22), per cos θ, has the right 2¹⁰.",
        ),
    )  # fmt: skip


def _two_body() -> tuple[Entry, ...]:
    at = two_body(ENERGY_KEV, RECOIL_KEV)
    k, p, k_out, p_out, q = at.neutrino, at.electron, at.neutrino_out, at.electron_out, at.transfer
    q2, e_out = dot(q, q), ENERGY_KEV - RECOIL_KEV
    cosine = 1.0 + q2 / (2.0 * ENERGY_KEV * e_out)
    length = float(np.linalg.norm(p_out[1:]))
    recoil_cosine = cos_recoil_angle(ENERGY_KEV, RECOIL_KEV)
    low = LEAST_RECOIL_KEV
    root = math.sqrt(
        ENERGY_KEV**2 + 2.0 * _M * low
        - 2.0 * math.sqrt(2.0 * _M * low) * (ENERGY_KEV + _M) * math.sqrt(low / (low + 2.0 * _M))
    )  # fmt: skip
    coupling = (4.0 * math.pi * FINE_STRUCTURE) ** 2
    far = free_electron(np.array(1e9 * RECOIL_KEV), np.array(RECOIL_KEV))[-1] / CM2_PER_INVERSE_KEV2
    powers = {model: power_of_rate(model) for model in MODELS}
    listed = ", ".join(f"{name} {power:.2f}" for name, power in powers.items())
    xenon = Target("Xe").mass_u * ATOMIC_MASS_KEV
    return (
        formula(
            "(12)", f"scalar products, {_AT}",
            [
                *[-0.5 * q2] * 3, _M**2 - 0.5 * q2, _M * e_out,
                ENERGY_KEV * (_M + RECOIL_KEV - length * recoil_cosine),
            ],
            [dot(k, k_out), -dot(k, q), dot(k_out, q), dot(p, p_out), dot(k_out, p), dot(k, p_out)], "keV²",
            note="Of two-body scattering: with an atom that takes up momentum, p_e.p_e' and k.p_e' are "
            "free.",
        ),
        formula(
            "(13)", f"energy of the neutrino afterwards, {_AT}",
            math.sqrt((_M + RECOIL_KEV) ** 2 + ENERGY_KEV**2 - _M**2), float(k_out[0]), "keV",
            disagreement="erratum",
            note="More energy than before: |k - p_e| for a right angle between them; it is E - T.",
        ),
        formula(
            "after (13)", f"cos θ of the outgoing neutrino, {_AT}", recoil_cosine, cosine,
            disagreement="erratum",
            note="The formula of Vogel and Engel is for the angle of the electron, equation (3) of KS16.",
        ),
        formula(
            "(14)", "energy of the neutrino afterwards, T = 2.5 keV", root, ENERGY_KEV - low, "keV",
            tolerance=(low / ENERGY_KEV) ** 2,
            note="Approximate, as printed: |p_e| = √(2 m_e T); exact, it is E - T. The angle is the "
            "electron's.",
        ),
        formula(
            "(15)", "dσ/dT of a moment, over (e² f)², T = 17 keV, large E",
            1.0 / (2.0**5 * math.pi * _M**2 * RECOIL_KEV), float(far) / coupling, "keV⁻³",
            disagreement="corrected",
            note="The factor (e² f)² is left out, and one helicity in the sum with two in the average "
            "halves it: π α² f²/(m_e² T) is (e² f)²/(2⁴ π m_e² T).",
        ),
        statement(
            "after (15)", "power of T in the magnetic rate of bound electrons, 5.5 to 30 keV",
            "1/T does not hold for bound electrons", powers["ipm"],
            holds=abs(powers["ipm"] - powers["free"]) > 0.1, disagreement="erratum",
            note=f"Solar pp neutrinos on xenon: {listed}. The momentum that the nucleus takes is that of the "
            "bound orbitals; it does not change the power.",
        ),
        statement(
            "(16)", "largest recoil energy of the atom, 2 E²/M_A at the end point",
            "small beside 2.5 keV", 2.0 * ENDPOINT_KEV**2 / xenon, unit="keV",
            holds=2.0 * ENDPOINT_KEV**2 / xenon < 0.01 * LEAST_RECOIL_KEV,
        ),
    )  # fmt: skip
