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
    FERMI_PER_KEV2,
    FINE_STRUCTURE,
    HBAR_C_KEV_CM,
)
from nuatom.neutrinos.electroweak import SIN2_THETA_W, vector_shift_from_charge_kev2
from nuatom.papers.dirac import dot, two_body
from nuatom.papers.entry import Finding, claim, formula, value
from nuatom.papers.jky21.amplitudes import (
    contraction,
    electron_tensor,
    left_handed_share,
    moment_of_field_strength,
    neutrino_tensor,
)
from nuatom.papers.jky21.bounds import MIXING, vector_plus_minus_axial
from nuatom.papers.jky21.comparison import MODELS, power_of_rate
from nuatom.papers.jky21.orbits import ATOMIC_NUMBER
from nuatom.papers.jky21.spectrum import ENDPOINT_KEV
from nuatom.papers.jky21.three_body import LEAST_RECOIL_KEV, phase_space_coefficient
from nuatom.processes.electron import free_electron
from nuatom.processes.kinematics import cos_recoil_angle

__all__ = ["ENERGY_KEV", "RECOIL_KEV", "kinematics_findings"]

ENERGY_KEV: Final = 300.0
"""Neutrino energy at which formulas are compared, in the middle of the pp spectrum."""

RECOIL_KEV: Final = 17.0
"""Recoil of equation (32)."""

_M: Final = ELECTRON_MASS_KEV


def kinematics_findings() -> dict[str, Finding]:
    """Equations (3) to (16)."""
    return {**_interactions(), **_lengths(), **_phase_space(), **_two_body(), **_inverse_rule()}


def _interactions() -> dict[str, Finding]:
    at = two_body(ENERGY_KEV, RECOIL_KEV)
    plus, minus = vector_plus_minus_axial()
    vector, axial = 0.5 * (plus + minus), 0.5 * (plus - minus)
    k, p, k_out, p_out = at.neutrino, at.electron, at.neutrino_out, at.electron_out
    left_handed = 64.0 * (
        plus**2 * dot(k, p) * dot(k_out, p_out)
        + minus**2 * dot(k, p_out) * dot(k_out, p)
        - (vector**2 - axial**2) * _M**2 * dot(k, k_out)
    )
    per_charge = vector_shift_from_charge_kev2() / (-1.0 / (math.sqrt(2.0) * FERMI_PER_KEV2))
    share = left_handed_share(at)
    return {
        "four-fermion": formula(
            left_handed, contraction(neutrino_tensor(at), electron_tensor(at, vector, axial))
        ),
        "six-fermion-dimension": claim(_dimension(3, 5), _dimension(3, 5) == 4.0),
        "mixing": value(SIN2_THETA_W),
        "coupling-sum": value(vector_plus_minus_axial(MIXING)[0]),
        "moment-field": formula(moment_of_field_strength(at), 1.0),
        "charge-in-vector": formula(1.0, per_charge),
        "majorana-spin-sum": formula(0.5, share),
    }


def _dimension(bilinears: int, masses: int) -> float:
    """Mass dimension of a product of bilinears of dimension 3, divided by masses."""
    return 3.0 * bilinears - masses


def _lengths() -> dict[str, Finding]:
    momentum = math.sqrt(2.0 * _M * LEAST_RECOIL_KEV)
    longest = HBAR_C_KEV_CM / ENDPOINT_KEV
    return {
        "electron-length": value(HBAR_C_KEV_CM / momentum),
        "neutrino-length": value(HBAR_C_KEV_CM / 450.0),
        "neutrino-length-bound": claim(longest, longest < 4.38e-11),
        "shell-radius": value(BOHR_RADIUS_CM / ATOMIC_NUMBER),
    }


def _phase_space() -> dict[str, Finding]:
    def dimension(particles_out: int, particles_in: int, volumes: int) -> float:
        """Mass dimension of phase space, energies, delta function, volume and |T|²."""
        amplitude = 4 - (particles_in + particles_out)
        return 3 * particles_out - particles_in - particles_out - 4 + 3 * volumes + 2 * amplitude

    at = two_body(ENERGY_KEV, RECOIL_KEV)
    return {
        "rate-3-dimension": claim(dimension(3, 3, 2), dimension(3, 3, 2) == 1),
        "section-3-dimension": claim(dimension(3, 3, 1), dimension(3, 3, 1) == -2),
        "rate-2-dimension": claim(dimension(2, 2, 1), dimension(2, 2, 1) == 1),
        # Of two helicities of the neutrino those that arrive, times the electron's two spins.
        "spin-average": formula(0.25, 0.5 * left_handed_share(at)),
        "phase-space": formula(3.0 / (2.0**12 * math.pi**4), phase_space_coefficient()),
    }


def _two_body() -> dict[str, Finding]:
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
    printed = [
        *[-0.5 * q2] * 3, _M**2 - 0.5 * q2, _M * e_out,
        ENERGY_KEV * (_M + RECOIL_KEV - length * recoil_cosine),
    ]  # fmt: skip
    exact = [dot(k, k_out), -dot(k, q), dot(k_out, q), dot(p, p_out), dot(k_out, p), dot(k, p_out)]
    return {
        "scalar-products": formula(printed, exact),
        "energy-out": formula(math.sqrt((_M + RECOIL_KEV) ** 2 + ENERGY_KEV**2 - _M**2), float(k_out[0])),
        "angle-out": formula(recoil_cosine, cosine),
        "energy-out-angle": formula(root, ENERGY_KEV - low, tolerance=(low / ENERGY_KEV) ** 2),
    }


def _inverse_rule() -> dict[str, Finding]:
    at = two_body(ENERGY_KEV, RECOIL_KEV)
    coupling = (4.0 * math.pi * FINE_STRUCTURE) ** 2
    far = free_electron(np.array(1e9 * RECOIL_KEV), np.array(RECOIL_KEV))[-1] / CM2_PER_INVERSE_KEV2
    powers = {model: power_of_rate(model) for model in MODELS}
    recoil_of_atom = 2.0 * ENDPOINT_KEV**2 / (Target("Xe").mass_u * ATOMIC_MASS_KEV)
    # E − E′ − Δ − p_e′²/2m_e with Δ = T + δ_B, on a free electron, where it must vanish.
    kinetic = dot(np.array([0.0, *at.electron_out[1:]]), at.electron_out) / (-2.0 * _M)
    left_over = float(at.neutrino[0] - at.neutrino_out[0]) - RECOIL_KEV - kinetic
    return {
        "inverse-rule-number": formula(1.0 / (2.0**5 * math.pi * _M**2 * RECOIL_KEV), float(far) / coupling),
        "inverse-rule-bound": claim(powers["ipm"], abs(powers["ipm"] - powers["free"]) > 0.1, **powers),
        "counted-twice": claim(left_over, abs(left_over) < 0.1 * RECOIL_KEV),
        "recoil-of-atom": claim(recoil_of_atom, recoil_of_atom < 0.01 * LEAST_RECOIL_KEV),
    }
