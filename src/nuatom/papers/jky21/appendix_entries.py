"""Appendix A of :cite:`JKY21`, equations (34) to (45): what the amplitude of a bound electron is made of."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import ATOMIC_MASS_KEV, ELECTRON_MASS_KEV, FINE_STRUCTURE, HBAR_C_KEV_CM
from nuatom.papers.entry import Entry, formula, number, statement
from nuatom.papers.jky21.amplitudes import two_body, vector_contraction_at_rest
from nuatom.papers.jky21.kinematics_entries import ENERGY_KEV, RECOIL_KEV
from nuatom.papers.jky21.orbits import (
    ATOMIC_NUMBER,
    OCCUPATION,
    PRINCIPAL,
    RYDBERG_KEV,
    SHELL_FACTORS,
    bohr_radius_per_kev,
    dipole_rate_per_s,
    hydrogenic_levels_kev,
    inverse_meff4_per_kev4,
    lyman_alpha_rate_per_s,
    measured_levels_kev,
    norm_of_shell,
    radial_overlap,
    shell_sum,
)
from nuatom.papers.jky21.three_body import LEAST_RECOIL_KEV

__all__ = ["appendix_entries"]

_M: Final = ELECTRON_MASS_KEV
_THIRD: Final = FINE_STRUCTURE / 3.0


def appendix_entries() -> tuple[Entry, ...]:
    """Entries of Appendix A."""
    return (*_transition(), *_effective_interaction(), *_sums(), *_scale())


def _transition() -> tuple[Entry, ...]:
    overlaps = np.array([math.sqrt(math.pi) * radial_overlap(n) for n in PRINCIPAL])
    factors = np.array(SHELL_FACTORS)
    return (
        formula(
            "(34)", "rate of hydrogen's 2p → 1s", dipole_rate_per_s((2.0 * math.pi) ** 2 / 3.0),
            dipole_rate_per_s(4.0 / 3.0), "1/s", disagreement="erratum",
            note="π² too many: (35) has 4/3, which gives the measured lifetime of 1.596 ns, 6.27e8/s.",
        ),
        formula(
            "(35)", "rate of hydrogen's 2p → 1s, for (2/3)⁸ α⁵ m_e", dipole_rate_per_s(4.0 / 3.0),
            lyman_alpha_rate_per_s(), "1/s",
        ),
        number("Appendix A", "0.529e-8 cm", "268.1", 0.529e-8 / (1e-3 * HBAR_C_KEV_CM), "1/MeV"),
        number(
            "Appendix A", "a_Z = a_B/Z", "14.48", bohr_radius_per_kev() / ATOMIC_NUMBER, "1/keV",
            disagreement="erratum",
            note="14.48 keV⁻¹ is a_B Z; a_B/Z is 4.97e-3 keV⁻¹. It enters 1/M_eff⁶ at the power 15/2.",
        ),
        number(
            "before (36)", "norm of the wave function with C_n, n = 1", "1", norm_of_shell(1),
            disagreement="erratum",
            note="C_n is (2/n)^(2n+1)/√(4 π a³) for the root (2/n)^(n+1/2)/√((2n)! 4 π a³): norms of 16 to "
            f"{norm_of_shell(5):.0f}.",
        ),
        formula(
            "before (36)", "C_n times the integral of r^(n+1) exp(-r/na), n = 1 to 5", 0.5 * factors,
            overlaps,
            note="Without 4 π, without the dipole's further r, and in the limit of no momentum.",
        ),
        formula(
            "(36)", "square of that factor, n = 1 to 5", factors**2, overlaps**2, disagreement="erratum",
            note="2^(2n) has become 2^(2n+1) on the way from the matrix element to (36).",
        ),
    )  # fmt: skip


def _effective_interaction() -> tuple[Entry, ...]:
    xenon = Target("Xe").mass_u * ATOMIC_MASS_KEV
    low = two_body(ENERGY_KEV, LEAST_RECOIL_KEV)
    momentum = float(np.linalg.norm(two_body(ENERGY_KEV, RECOIL_KEV).electron_out[1:]))
    return (
        statement(
            "(37)", "mass dimension of two bilinears and 1/M_eff²", "4", 2.0 * 3.0 - 2.0,
            holds=2.0 * 3.0 - 2.0 == 4.0,
        ),
        formula(
            "(39)", "number in front of m_e p/(M_eff⁴ V)", 4.0 / math.pi,
            (2.0 * math.pi) ** -2 * 4.0 * math.pi * 2.0**6 / 2.0**4,
        ),
        formula(
            "(40)", "spin sum over 2⁶ m_e E_e' M_A², T = 2.5 keV", 1.0,
            vector_contraction_at_rest(low, xenon) / (2.0**6 * _M * (_M + LEAST_RECOIL_KEV) * xenon**2),
            tolerance=LEAST_RECOIL_KEV / _M,
            note="Approximate, as printed: T ≪ m_e. Exact is 32 M_A² m_e (E_e' + m_e); the line before has "
            "3 m_e² - m_e E_e' for m_e² + m_e E_e', and M_eff² for M_eff⁴.",
        ),
        formula(
            "(41)", "1/M_eff² from (36) and (39), over what (41) has, T = 17 keV", 1.0,
            math.sqrt((_M + RECOIL_KEV) / momentum), disagreement="erratum",
            note="(39) has m_e |p_e'|, (41) m_e (m_e + T) in its place.",
        ),
    )  # fmt: skip


def _sums() -> tuple[Entry, ...]:
    xenon = Target("Xe").mass_u * ATOMIC_MASS_KEV
    return (
        number("(42)", "electrons, Σ f(n)", "54", float(sum(OCCUPATION))),
        number("(42)", "A", "7.028e5", shell_sum(3)),
        number("(42)", "B", "1.144e4", shell_sum(6)),
        number(
            "(42)", "A with k_n³ of hydrogenic levels", "7.028e5", shell_sum(6), disagreement="erratum",
            note="|E_n| goes with 1/n², so that k_n³ brings 1/n⁶, not 1/n³.",
        ),
        number(
            "before (43)", "mass of xenon", "7.028e5", 1e-3 * xenon, "MeV", disagreement="erratum",
            note="The digits of A.",
        ),
    )  # fmt: skip


def _scale() -> tuple[Entry, ...]:
    mass = 1e-3 * _M
    root = math.sqrt(shell_sum(3)) / (ATOMIC_NUMBER**2.5 * mass**2)
    levels = hydrogenic_levels_kev()
    exact = 1e6 * math.sqrt(inverse_meff4_per_kev4(levels, bohr_radius_per_kev() / ATOMIC_NUMBER))
    factors = np.array(SHELL_FACTORS)
    constant, measured = (
        float(np.sum((each / RYDBERG_KEV) ** 4.5 * factors**3)) for each in (levels, measured_levels_kev())
    )
    return (
        number(
            "(43)", "1/M_eff² of the formula", "0.150", math.sqrt(_THIRD) * root, "MeV⁻²",
            disagreement="erratum",
            note="0.150 is the value without √(α/3) = 0.049.",
        ),
        number("(43)", "the same without √(α/3)", "0.150", root, "MeV⁻²"),
        formula(
            "(43)", "1/M_eff² from (41), a_Z = a_B/Z and hydrogenic levels", math.sqrt(_THIRD) * root, exact,
            "MeV⁻²",
            disagreement="erratum",
            note="a_Z^(5/2) k^(3/2) is (Z α/8)^(1/2)/m_e, not 1/(Z^(5/2) m_e), and A should be B; with "
            "|p_e'| in (41) it is larger again.",
        ),
        number(
            "(44)", "(α/3)^(3/2) (14.48 keV⁻¹)^(15/2)", "5.69e4", _THIRD**1.5 * 14.48**7.5, "keV^-15/2",
            disagreement="erratum", note="7% larger than printed; with a_Z = a_B/Z it is 6.3e-22.",
        ),
        number(
            "(44)", "5.69e4 keV^-15/2 (13.6 eV)^(9/2)", "2.27e5", 1e9 * 5.69e4 * RYDBERG_KEV**4.5, "MeV⁻³",
        ),
        number(
            "(45)", "C = sum of (k_n/13.6 eV)^(9/2) t_n³, k_n = Z² 13.6 eV/n²", "2.287e12", constant,
            disagreement="erratum",
            note="The unit follows from 2.27e5. 2.287e12 is neither this nor that for measured levels "
            f"({measured:.2g}) nor for Z = 1 ({constant / ATOMIC_NUMBER**9:.2g}).",
        ),
        statement(
            "fifth footnote", "C with levels of electrons that screen each other, over C",
            "5.136e12/2.287e12 = 2.2",
            measured / constant, holds=False, disagreement="erratum",
            note="Screening binds less, measured edges are below Z² 13.6 eV/n² in every shell: it lowers C.",
        ),
        number("fifth footnote", "2.27e5 times 5.136e12", "1.17e18", 2.27e5 * 5.136e12, "MeV⁻³"),
    )  # fmt: skip
