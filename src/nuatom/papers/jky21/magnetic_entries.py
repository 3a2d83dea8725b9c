"""Equations (17) to (24) of :cite:`JKY21`: spin sums, and the cross section of a moment."""

from __future__ import annotations

import math

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import ATOMIC_MASS_KEV, ELECTRON_MASS_KEV
from nuatom.numerics.quadrature import FloatArray
from nuatom.papers.entry import Entry, formula, number, statement
from nuatom.papers.jky21.amplitudes import (
    Momenta,
    contraction,
    dot,
    electron_tensor,
    magnetic_tensor,
    neutrino_tensor,
    six_gamma_trace,
    two_body,
)
from nuatom.papers.jky21.bounds import (
    LIMIT_PER_MEV3,
    MAGNETIC_PER_MEV3,
    moment_bound,
    vector_plus_minus_axial,
)
from nuatom.papers.jky21.kinematics_entries import ENERGY_KEV, RECOIL_KEV
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

__all__ = ["magnetic_entries"]

_M = ELECTRON_MASS_KEV
_AT = "E = 300 keV, T = 17 keV"


def magnetic_entries() -> tuple[Entry, ...]:
    """Entries of equations (17) to (24)."""
    at = two_body(ENERGY_KEV, RECOIL_KEV)
    return (*_weak_trace(at), *_magnetic_trace(at), *_magnetic_cross_section())


def _weak_trace(at: Momenta) -> tuple[Entry, ...]:
    plus, minus = vector_plus_minus_axial()
    vector, axial = 0.5 * (plus + minus), 0.5 * (plus - minus)
    p_out = at.electron_out
    # e_x = p cos θ_e of the electron along the beam.
    along = float(p_out[3])
    energies = (1.0 - RECOIL_KEV / ENERGY_KEV) + ((float(p_out[0]) - along) / _M) ** 2
    virtuality = -dot(at.transfer, at.transfer) / (2.0 * ENERGY_KEV**2)
    printed = (
        (vector**2 + axial**2) * energies
        + (vector**2 - axial**2) * virtuality  # the further m_e² has a dimension, and is left out
        - vector * axial * energies
    )
    exact = contraction(neutrino_tensor(at), electron_tensor(at, vector, axial))
    xenon = Target("Xe").mass_u * ATOMIC_MASS_KEV
    taken_up = float(np.linalg.norm(p_out[1:]))
    return (
        formula(
            "(17)", "trace over the atom, for 8 M_A²", 8.0 * xenon**2,
            4.0 * xenon * (math.hypot(xenon, taken_up) + xenon), "keV²",
        ),
        formula(
            "(17)", f"last line over 2⁸ G_F² M_A² m_e² E²/M_eff⁶, {_AT}", printed,
            exact / (64.0 * _M**2 * ENERGY_KEV**2), disagreement="erratum",
            note="The trace of the first line is (g_V+g_A)² k.p k'.p' + (g_V-g_A)² k.p' k'.p - (g_V²-g_A²) "
            "m² k.k' over (m_e E)². Printed are the signs of the last two terms wrong, a sum for a "
            "difference beside g_V g_A, k'.p/(m_e E) for k.p k'.p'/(m_e E)², and an m_e² too many.",
        ),
    )  # fmt: skip


def _magnetic_trace(at: Momenta) -> tuple[Entry, ...]:
    k, p, k_out, p_out, q = at.neutrino, at.electron, at.neutrino_out, at.electron_out, at.transfer
    e_out, q2 = float(k_out[0]), dot(q, q)
    exact = contraction(magnetic_tensor(at), electron_tensor(at)) / q2**2
    upper = _printed_tensor(at)
    metric = np.diag([1.0, -1.0, -1.0, -1.0])
    conserved = float(np.abs((metric @ q) @ upper).max() / np.abs(upper).max())
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
    last = 8.0 * ENERGY_KEV * e_out * angle - 8.0 * _M**2 / angle
    quarter = 0.25 * exact
    vectors = np.array(
        [[3.0, 1.0, 2.0, 0.5], [5.0, -2.0, 1.0, 3.0], [2.0, 0.3, -1.0, 1.0], [4.0, 1.0, 1.0, -2.0]]
    )
    true = math.pi**2 * -quarter
    printed = 0.5 * math.pi**2 * (ENERGY_KEV * e_out * angle - _M**2 / angle)
    trace_note = "With the 1/4 that (19) leaves out."
    return (
        statement(
            "(18)", f"sum over spins of |σ q|², sign of the second line, {_AT}", "+1/4 of the trace",
            -0.25, holds=False, disagreement="erratum",
            note="σ^{μν} q_μ = (i/2)[q̸, γ^ν], twice: i² = -1 is lost between the lines of (18), and "
            "with it the sign of every magnetic cross section up to (24).",
        ),
        formula(
            "third footnote", "trace of six gamma matrices, all components", _printed_six(vectors),
            six_gamma_trace(*vectors),
        ),
        formula(
            "(19)", f"right side on the electron's tensor, over q⁴, {_AT}",
            contraction(upper.astype(complex), electron_tensor(at)) / q2**2, exact, "keV²",
            disagreement="erratum",
            note="The right side is a quarter of the trace on the left.",
        ),
        statement(
            "(19)", "largest component of q_ν Q^{νx} over that of Q", "0: the current is conserved",
            conserved,
            holds=False, disagreement="erratum",
            note="The last term must be -4 q^x k_i^ν q.k_f; with + the tensor is neither symmetric nor "
            "conserved (its contraction does not notice).",
        ),
        formula("(20)", f"first line, {_AT}", first, quarter, "keV²", note=trace_note),
        formula("(20)", f"second line, {_AT}", second, quarter, "keV²", note=trace_note),
        formula(
            "(20)", f"third line, {_AT}", third, quarter, "keV²", disagreement="erratum",
            note="k_f.p_i and k_f.p_f have changed places: (2 m_e E)(2 m_e E') for (m_e E + m_e E')².",
        ),
        formula(
            "(20)", f"last, in energies and angle, {_AT}", last, quarter, "keV²", disagreement="erratum",
            note="From the third line 4 Q² - 64 m_e² E E'/Q² follow: 8 E E' (1 - cos) - 32 m_e²/(1 - cos); "
            "printed is 8 for 32. The first term cancels when the third line is put right.",
        ),
        formula(
            "(21)", f"|T|² over 8 M_A² (f α/(m_e M_eff³))², {_AT}", printed, true, "keV²",
            disagreement="erratum",
            note="The exact value, with both averages of (10), gives KS16 (8) when neutrinos have one "
            "helicity. It is -64 times what (21) leads with: the sign of (18), 4 for k/2 twice besides the "
            "average 1/4, 4 of (19), 4 of (20).",
        ),
    )  # fmt: skip


def _magnetic_cross_section() -> tuple[Entry, ...]:
    definitions = from_definitions()
    outgoing = (ENERGY_KEV - RECOIL_KEV) / _M
    small = 1e-4
    leaving = mean_power(1, pp_spectrum()) - RECOIL_KEV
    largest_cosine = 0.5 - math.sqrt(2.0 * _M * RECOIL_KEV) / leaving
    exact = 2.0 - 0.5 * small**2 - (_M / ENERGY_KEV) ** 2 * math.log(2.0 / small)
    recoil = np.linspace(2.5, 30.0, 1101)
    average = float(ThreeBody.recoil_factor(recoil).mean())
    inverse = 1e18 * PRINTED.magnetic_per_mev3 / (1e9 * magnetic_coefficient() * shell_sum(6) * _M**3)
    other = 1e18 * PRINTED.weak_per_mev3 / (1e9 * weak_coefficient() * shell_sum(6) * _M**3)
    return (
        formula(
            "(22)", "number in front per cos θ, over Z³ α³", 3.0 / (2.0**10 * math.pi**4),
            phase_space_coefficient(8.0 * math.pi**2),
            note="From (9), not from (11): see there.",
        ),
        formula(
            "(22)", f"E'²/m_e² in the second line, {_AT}", (1.0 - RECOIL_KEV / _M) ** 2, outgoing**2,
            disagreement="erratum",
            note="E' = E - δ_B - T, not m_e - δ_B - T: the first line has E' and the bracket E E'.",
        ),
        number(
            "(22)", "prefactor from its definition", "0.883e-5", definitions.magnetic_per_mev3, "MeV⁻³",
            disagreement="erratum",
            note="3 Z³ α⁵ m_e³/(2⁸ π²) with 1/M_eff⁶ of (44) for a_Z = a_B/Z and hydrogenic levels, times "
            "B of (42): 12% below the printed value, a difference that could not be traced; a_Z = 14.48 "
            "keV⁻¹ would make it 8e20 MeV⁻³.",
        ),
        formula(
            "(22), (28)", "1/M_eff⁶ that the prefactor takes", inverse, other, "MeV⁻⁶",
            disagreement="erratum",
            note="The two prefactors should have the same 1/M_eff⁶ B: that of (22) takes 1.5 MeV⁻⁶, near "
            "to what the definitions give (1.32), that of (28) 3.8e18 MeV⁻⁶.",
        ),
        formula(
            "(23)", "integral of (1-c) - m²/(E E (1-c)) to 1 - c = 1e-4, E = 300 keV",
            2.0 + 2.0 * (_M / ENERGY_KEV) ** 2 * math.log(1.0 / small), exact, disagreement="erratum",
            note="The logarithm has a minus in (22); the integral is 2 - δ²/2 - (m²/E E') ln(2/δ).",
        ),
        statement(
            "after (23)", "cos θ at its printed maximum 1/2 - √(2 m_e T)/⟨E'⟩, T = 17 keV", "θ_min is near 0",
            largest_cosine, holds=largest_cosine > 0.9, disagreement="erratum",
            note="1 - cos θ is then 1.03, ln(1/δ) nearly zero, and neither has to do with the 8.288 of (24).",
        ),
        number(
            "(24)", "2 m_e² ⟨E⁻²⟩ ⟨ln E/Q⟩, in size", "8.288", 2.0 - PRINTED.mean_mass_terms(),
            note="So ln(1/δ_inf) was replaced by ⟨ln E/Q⟩ of (2), Q the end point, and the mean of the "
            f"product by the product of the means; the mean of the product is {_mean_product():.1f}.",
        ),
        number(
            "(24)", "0.883e-5 times the mean recoil factor of (23), 2.5 to 30 keV", "1.071e-5",
            PRINTED.magnetic_per_mev3 * average, "MeV⁻³", disagreement="erratum",
            note="√(2T/m_e) (1-T/m_e)²/(1+T/m_e)^(5/2) is at most 0.286 at any recoil; no mean of it is "
            "1.213.",
        ),
        number("(24)", "cross section over f²", "-6.73e-5", MAGNETIC_PER_MEV3, "MeV⁻³"),
        statement(
            "(24)", "size of the cross section over f²", "negative", abs(MAGNETIC_PER_MEV3), holds=False,
            unit="MeV⁻³", disagreement="erratum",
            note="Negative, by the sign lost in (18) and the logarithm of (23). Soft photons do not cure "
            "it: on a free electron Q² = 2 m_e T is fixed, and in an atom the conservation of the current "
            "removes the divergence.",
        ),
        number(
            "Section III.2", "|f| from 5e-19 and (24)", "0.86e-7",
            moment_bound(LIMIT_PER_MEV3, MAGNETIC_PER_MEV3),
            "mu_B"
        ),
    )  # fmt: skip


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
