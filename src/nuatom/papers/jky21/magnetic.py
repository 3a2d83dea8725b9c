"""Equations (17) to (24) of :cite:`JKY21`: spin sums, and the cross section of a moment."""

from __future__ import annotations

import math

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import ATOMIC_MASS_KEV, ELECTRON_MASS_KEV
from nuatom.numerics.quadrature import FloatArray, panel_rule
from nuatom.papers.dirac import (
    Momenta,
    dot,
    elements,
    lower,
    massive_spinors,
    massless_spinor,
    sigma_q,
    two_body,
)
from nuatom.papers.entry import Finding, claim, formula, value
from nuatom.papers.jky21.amplitudes import (
    contraction,
    electron_tensor,
    magnetic_tensor,
    neutrino_tensor,
    six_gamma_trace,
)
from nuatom.papers.jky21.bounds import (
    LIMIT_PER_MEV3,
    MAGNETIC_PER_MEV3,
    moment_bound,
    vector_plus_minus_axial,
)
from nuatom.papers.jky21.kinematics import ENERGY_KEV, RECOIL_KEV
from nuatom.papers.jky21.orbits import shell_sum
from nuatom.papers.jky21.spectrum import mean, mean_power, pp_spectrum
from nuatom.papers.jky21.three_body import (
    PRINTED,
    ThreeBody,
    from_definitions,
    magnetic_coefficient,
    phase_space_coefficient,
    weak_coefficient,
)

__all__ = ["magnetic_findings"]

_M = ELECTRON_MASS_KEV


def magnetic_findings() -> dict[str, Finding]:
    """Equations (17) to (24)."""
    at = two_body(ENERGY_KEV, RECOIL_KEV)
    return {
        **_weak_trace(at),
        **_magnetic_sum(at),
        **_contracted(at),
        **_prefactors(),
        **_integrated(),
        **_mean_cross_section(),
    }


def _weak_trace(at: Momenta) -> dict[str, Finding]:
    plus, minus = vector_plus_minus_axial()
    vector, axial = 0.5 * (plus + minus), 0.5 * (plus - minus)
    p_out = at.electron_out
    # e_x = p cos θ_e of the electron along the beam.
    along = float(p_out[3])
    energies = (1.0 - RECOIL_KEV / ENERGY_KEV) + ((float(p_out[0]) - along) / _M) ** 2
    virtuality = -dot(at.transfer, at.transfer) / (2.0 * ENERGY_KEV**2)

    def printed(mass_squared: float) -> float:
        return (
            (vector**2 + axial**2) * energies
            + (vector**2 - axial**2) * mass_squared * virtuality
            - vector * axial * energies
        )

    exact = contraction(neutrino_tensor(at), electron_tensor(at, vector, axial))
    xenon = Target("Xe").mass_u * ATOMIC_MASS_KEV
    taken_up = float(np.linalg.norm(p_out[1:]))
    return {
        "atom-trace": formula(8.0 * xenon**2, 4.0 * xenon * (math.hypot(xenon, taken_up) + xenon)),
        "weak-trace": formula(
            printed((1e-3 * _M) ** 2), exact / (64.0 * _M**2 * ENERGY_KEV**2), kev=printed(_M**2),
            without=printed(1.0),
        ),
    }  # fmt: skip


def _magnetic_sum(at: Momenta) -> dict[str, Finding]:
    q2 = dot(at.transfer, at.transfer)
    trace = contraction(magnetic_tensor(at), electron_tensor(at))
    upper = _printed_tensor(at)
    metric = np.diag([1.0, -1.0, -1.0, -1.0])
    conserved = float(np.abs((metric @ at.transfer) @ upper).max() / np.abs(upper).max())
    vectors = np.array(
        [[3.0, 1.0, 2.0, 0.5], [5.0, -2.0, 1.0, 3.0], [2.0, 0.3, -1.0, 1.0], [4.0, 1.0, 1.0, -2.0]]
    )
    return {
        "lost-sign": formula(0.25, _spin_sum(at) / trace),
        "six-gammas": formula(_printed_six(vectors), six_gamma_trace(*vectors)),
        "tensor-quarter": formula(
            contraction(upper.astype(complex), electron_tensor(at)) / q2**2, trace / q2**2
        ),
        "tensor-conserved": claim(conserved, conserved < 1e-12),
    }


def _spin_sum(at: Momenta) -> float:
    """Σ|ū′σ^{μν}q_ν u ē′γ_μ e|² over all spins, from spinors."""
    turned = sigma_q(at.transfer)
    currents = [
        elements(after, lower(), before)
        for after in massive_spinors(at.electron_out, _M)
        for before in massive_spinors(at.electron, _M)
    ]
    return sum(
        float(
            np.abs(elements(massless_spinor(at.neutrino_out, h), turned, massless_spinor(at.neutrino, k)) @ c)
            ** 2
        )
        for h in (-1, 1)
        for k in (-1, 1)
        for c in currents
    )


def _contracted(at: Momenta) -> dict[str, Finding]:
    k, p, k_out, p_out, q = at.neutrino, at.electron, at.neutrino_out, at.electron_out, at.transfer
    e_out, q2 = float(k_out[0]), dot(q, q)
    quarter = 0.25 * contraction(magnetic_tensor(at), electron_tensor(at)) / q2**2
    kk, pp = dot(k, k_out), dot(p, p_out)
    first = (
        32.0 * kk * dot(q, p) * dot(q, p_out)
        + 16.0 * q2 * (-kk * pp + 2.0 * dot(k, p) * dot(k_out, p_out) + 2.0 * dot(k, p_out) * dot(k_out, p))
        - 32.0 * dot(q, k) * (dot(q, p) * dot(k_out, p_out) + dot(q, p_out) * dot(k_out, p))
        - 32.0 * dot(q, k_out) * (dot(q, p) * dot(k, p_out) + dot(q, p_out) * dot(k, p))
        + 16.0 * _M**2 * (4.0 * dot(q, k) * dot(q, k_out) - q2 * kk)
    ) / q2**2
    second = -4.0 * q2 + 16.0 / q2 * (dot(k, p) + dot(k_out, p)) * (dot(k, p_out) + dot(k_out, p_out))
    third = -4.0 * q2 + 16.0 / q2 * (dot(k, p) + dot(k_out, p_out)) * (dot(k, p_out) + dot(k_out, p))
    angle = -q2 / (2.0 * ENERGY_KEV * e_out)
    bracket = ENERGY_KEV * e_out * angle - _M**2 / angle
    # Of (18) over 8 M_A² (f α/(m_e M_eff³))²: e⁴/(4 · 64 α²) = π²/16 times (20).
    from_20 = math.pi**2 / 16.0 * 8.0 * bracket
    return {
        "contracted-1": formula(first, quarter),
        "contracted-2": formula(second, quarter),
        "contracted-3": formula(third, quarter),
        "contracted-4": formula(8.0 * bracket, quarter),
        "squared-from-before": formula(0.5 * math.pi**2 * bracket, from_20),
        "squared": formula(0.5 * math.pi**2 * bracket, math.pi**2 * -quarter),
    }


def _prefactors() -> dict[str, Finding]:
    outgoing = (ENERGY_KEV - RECOIL_KEV) / _M
    inverse = 1e18 * PRINTED.magnetic_per_mev3 / (1e9 * magnetic_coefficient() * shell_sum(6) * _M**3)
    other = 1e18 * PRINTED.weak_per_mev3 / (1e9 * weak_coefficient() * shell_sum(6) * _M**3)
    return {
        "phase-space-cosine": formula(
            3.0 / (2.0**10 * math.pi**4), phase_space_coefficient(8.0 * math.pi**2)
        ),
        "outgoing-energy": formula((1.0 - RECOIL_KEV / _M) ** 2, outgoing**2),
        "magnetic-prefactor": value(from_definitions().magnetic_per_mev3),
        "two-scales": formula(inverse, other),
    }


def _integrated() -> dict[str, Finding]:
    small = 1e-4
    leaving = mean_power(1, pp_spectrum()) - RECOIL_KEV
    largest_cosine = 0.5 - math.sqrt(2.0 * _M * RECOIL_KEV) / leaving
    # Panels that halve towards the singular end.
    angle, weight = panel_rule(np.geomspace(small, 2.0, 40), 16)
    exact = float(np.sum(weight * (angle - (_M / ENERGY_KEV) ** 2 / angle)))
    return {
        "logarithm-sign": formula(2.0 + 2.0 * (_M / ENERGY_KEV) ** 2 * math.log(1.0 / small), exact),
        "largest-cosine": claim(largest_cosine, largest_cosine > 0.9),
    }


def _mean_cross_section() -> dict[str, Finding]:
    recoil = np.linspace(2.5, 30.0, 1101)
    average = float(ThreeBody.recoil_factor(recoil).mean())
    return {
        "logarithm": value(2.0 - PRINTED.mean_mass_terms(), product=_mean_product()),
        "recoil-mean": value(PRINTED.magnetic_per_mev3 * average),
        "mean-section": value(MAGNETIC_PER_MEV3),
        "negative": claim(MAGNETIC_PER_MEV3, MAGNETIC_PER_MEV3 > 0.0),
        "moment-bound": value(moment_bound(LIMIT_PER_MEV3, MAGNETIC_PER_MEV3)),
    }


def _mean_product() -> float:
    """2 m_e² |⟨E⁻² ln E/Q⟩|."""
    end = pp_spectrum().edges_kev[-1]
    return -2.0 * _M**2 * mean(lambda energy: energy**-2 * np.log(energy / end), pp_spectrum())


def _printed_tensor(at: Momenta) -> FloatArray:
    """Right side of equation (19)."""
    k, k_out, q = at.neutrino, at.neutrino_out, at.transfer
    metric = np.diag([1.0, -1.0, -1.0, -1.0])
    before, after = dot(q, k), dot(q, k_out)
    return 4.0 * (
        2.0 * metric * before * after
        + dot(k, k_out) * (np.outer(q, q) - dot(q, q) * metric)
        + dot(q, q) * (np.outer(k, k_out) + np.outer(k_out, k))
        - np.outer(q, k_out) * before
        - np.outer(q, k) * after
        - np.outer(k_out, q) * before
        + np.outer(k, q) * after
    )


def _printed_six(vectors: FloatArray) -> FloatArray:
    """Right side of the third footnote."""
    a, b, c, d = vectors
    metric = np.diag([1.0, -1.0, -1.0, -1.0])

    def both(x: FloatArray, y: FloatArray) -> FloatArray:
        return np.outer(x, y) + np.outer(y, x)

    return (
        metric * (dot(a, b) * dot(c, d) - dot(a, c) * dot(b, d) + dot(a, d) * dot(b, c))
        + dot(a, c) * both(b, d)
        + dot(b, d) * both(a, c)
        - dot(a, d) * both(b, c)
        - dot(b, c) * both(a, d)
        + dot(a, b) * (np.outer(d, c) - np.outer(c, d))
        + dot(c, d) * (np.outer(a, b) - np.outer(b, a))
    )
