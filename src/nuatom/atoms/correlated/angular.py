"""Particle-hole channels of a multipole, and the angular part of their interaction.

A field of multipole L lifts an electron of subshell a into waves κ' with l + l' + L even (natural
parity) or odd (unnatural). In states coupled to L, normalised to one, the amplitude of an operator is
its reduced element over √(2L + 1), and the Coulomb interaction of two channels (a → r), (b → s) is

    A = D R_L(ra, sb) − Σ_k a_k R_k(rs, ab),    D = ⟨r‖C_L‖a⟩⟨s‖C_L‖b⟩/(2L + 1),
    B = D R_L(ra, sb) − Σ_k b_k R_k(rb, sa),
    a_k = −(−1)^{j_b + j_s − 1 + k + L} ⟨r‖C_k‖s⟩⟨b‖C_k‖a⟩ {j_r j_a L; j_b j_s k},
    b_k = −(−1)^{k + L} ⟨r‖C_k‖b⟩⟨s‖C_k‖a⟩ {j_r j_a L; j_s j_b k},

R_k(ab, cd) = ∬ρ_ab(r) [min(r, r')^k/max(r, r')^{k+1}] ρ_cd(r') dr dr' (Johnson & Lin, Phys.
Rev. A 20 (1979) 964, section II, whose coupled equations these are). A couples excitations
among each other, B excitations with the de-excitations that ground-state correlation allows.
Channels of unnatural parity move no charge: D vanishes there, exchange does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from nuatom.atoms.correlated.operators import Parity
from nuatom.atoms.structure.configuration import orbital_momentum, twice_j
from nuatom.atoms.structure.coulomb import multipoles
from nuatom.numerics.recoupling import six_j, three_j

__all__ = ["Channel", "channels", "crossed_exchange", "exchange", "partner", "reduced_element", "strength"]


@dataclass(frozen=True)
class Channel:
    """Subshell ``hole`` (its index) of quantum number κ, and the wave κ' that its electron joins."""

    hole: int
    hole_kappa: int
    kappa: int


def channels(hole_kappas: list[int], order: int, parity: Parity = "natural") -> list[Channel]:
    """All channels of multipole ``order`` and a parity, subshell by subshell."""
    found = []
    for hole, kappa in enumerate(hole_kappas):
        j = twice_j(kappa)
        for twice in range(abs(j - 2 * order), j + 2 * order + 1, 2):
            half = (twice + 1) // 2
            both = (Channel(hole, kappa, -half), Channel(hole, kappa, half))
            found += [channel for channel in both if strength(channel, order, parity) != 0.0]
    return found


def partner(kappa: int, parity: Parity) -> int:
    """κ̃: κ of the spinor that C_L takes to the wave, the orbital's own or that of its small component."""
    return kappa if parity == "natural" else -kappa


def reduced_element(kappa: int, other: int, order: int) -> float:
    """⟨κ‖C_L‖κ'⟩ = (−1)^{j+½} √((2j+1)(2j'+1)) (j L j'; −½ 0 ½) (Johnson, equation 3.82)."""
    if (orbital_momentum(kappa) + orbital_momentum(other) + order) % 2:
        return 0.0
    j, k = twice_j(kappa), twice_j(other)
    return _sign((j + 1) // 2) * sqrt((j + 1) * (k + 1)) * three_j(j, 2 * order, k, -1, 0, 1)


def strength(channel: Channel, order: int, parity: Parity) -> float:
    """⟨r‖C_L‖ã⟩/√(2L + 1); D of two channels of natural parity is the product of theirs."""
    other = partner(channel.hole_kappa, parity)
    return reduced_element(channel.kappa, other, order) / sqrt(2 * order + 1)


def exchange(one: Channel, two: Channel, order: int) -> dict[int, float]:
    """The coefficients a_k that do not vanish."""
    r, a, s, b = one.kappa, one.hole_kappa, two.kappa, two.hole_kappa
    phase = _sign((twice_j(b) + twice_j(s)) // 2 - 1 + order)
    found = {}
    for k in multipoles(r, s):
        recoupling = six_j(twice_j(r), twice_j(a), 2 * order, twice_j(b), twice_j(s), 2 * k)
        value = recoupling * reduced_element(r, s, k) * reduced_element(b, a, k)
        if value != 0.0:
            found[k] = -phase * _sign(k) * value
    return found


def crossed_exchange(one: Channel, two: Channel, order: int) -> dict[int, float]:
    """The coefficients b_k that do not vanish."""
    r, a, s, b = one.kappa, one.hole_kappa, two.kappa, two.hole_kappa
    found = {}
    for k in multipoles(r, b):
        recoupling = six_j(twice_j(r), twice_j(a), 2 * order, twice_j(s), twice_j(b), 2 * k)
        value = recoupling * reduced_element(r, b, k) * reduced_element(s, a, k)
        if value != 0.0:
            found[k] = -_sign(order + k) * value
    return found


def _sign(exponent: int) -> int:
    return -1 if exponent % 2 else 1
