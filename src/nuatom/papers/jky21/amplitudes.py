"""Spin sums of :cite:`JKY21`, equations (12) and (17) to (25), as traces of explicit Dirac matrices."""

from __future__ import annotations

import math

import numpy as np

from nuatom.constants import ELECTRON_MASS_KEV
from nuatom.numerics.quadrature import FloatArray
from nuatom.papers.dirac import (
    ComplexArray,
    Momenta,
    dot,
    elements,
    gamma5,
    lower,
    massive_spinors,
    massless_spinor,
    slash,
    upper,
)

__all__ = [
    "anapole_ratio",
    "contraction",
    "electron_tensor",
    "form_factor_divergence",
    "left_handed_share",
    "magnetic_tensor",
    "moment_of_field_strength",
    "neutrino_tensor",
    "six_gamma_trace",
    "vector_contraction_at_rest",
]


def _trace(*factors: ComplexArray) -> complex:
    product = np.eye(4, dtype=complex)
    for factor in factors:
        product = product @ factor
    return complex(np.trace(product))


def _tensor(left: ComplexArray, first: ComplexArray, right: ComplexArray, last: ComplexArray) -> ComplexArray:
    """Tr[left^a first right^b last] for every a and b."""
    return np.array([[_trace(a, first, b, last) for b in right] for a in left])


def magnetic_tensor(momenta: Momenta) -> ComplexArray:
    """Tr (q̸γ^ν − γ^νq̸) k̸ (q̸γ^x − γ^xq̸) k̸′: the left side of equation (19)."""
    q = slash(momenta.transfer)
    vertex = np.array([q @ matrix - matrix @ q for matrix in upper()])
    return _tensor(vertex, slash(momenta.neutrino), vertex, slash(momenta.neutrino_out))


def electron_tensor(momenta: Momenta, vector: float = 1.0, axial: float = 0.0) -> ComplexArray:
    """Tr (p̸′ + m) γ_ν (g_V + g_A γ5) (p̸ + m) γ_x (g_V + g_A γ5), indices below."""
    mass = ELECTRON_MASS_KEV * np.eye(4)
    vertex = np.array([matrix @ (vector * np.eye(4) + axial * gamma5()) for matrix in lower()])
    return _tensor(vertex, slash(momenta.electron) + mass, vertex, slash(momenta.electron_out) + mass)


def neutrino_tensor(momenta: Momenta) -> ComplexArray:
    """Tr k̸′ γ^ν (1 + γ5) k̸ γ^x (1 + γ5), indices above."""
    vertex = np.array([matrix @ (np.eye(4) + gamma5()) for matrix in upper()])
    return _tensor(vertex, slash(momenta.neutrino), vertex, slash(momenta.neutrino_out))


def contraction(upper: ComplexArray, lower: ComplexArray) -> float:
    """Sum over both indices of a tensor above and a tensor below."""
    return float(np.sum(upper * lower).real)


def six_gamma_trace(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> FloatArray:
    """(1/4) Tr γ^ρ a̸ b̸ γ^σ c̸ d̸: the left side of the third footnote."""
    middle, last = slash(a) @ slash(b), slash(c) @ slash(d)
    trace: FloatArray = 0.25 * _tensor(upper(), middle, upper(), last).real
    return trace


def form_factor_divergence(momenta: Momenta) -> float:
    """Largest element of q^μ times σ_μν q^ν, σ_μν q^ν γ5 and (q²γ_μ − q_μ q̸)γ5, (25), over |q|³."""
    q, below = momenta.transfer, lower()
    sigma = 0.5j * (np.einsum("mij,njk->mnik", below, below) - np.einsum("nij,mjk->mnik", below, below))
    magnetic = np.einsum("m,n,mnij->ij", q, q, sigma)
    covariant = q * np.array([1.0, -1.0, -1.0, -1.0])
    anapole = np.einsum("m,mij->ij", q, dot(q, q) * below - covariant[:, None, None] * slash(q)) @ gamma5()
    parts = (magnetic, magnetic @ gamma5(), anapole)
    return float(max(np.abs(part).max() for part in parts) / np.linalg.norm(q) ** 3)


def vector_contraction_at_rest(momenta: Momenta, mass_kev: float) -> float:
    """Spin sum of ē γ^μ e Ā γ_μ A, equation (40), on an atom at rest that takes up what momentum is left."""
    rest = np.array([mass_kev, 0.0, 0.0, 0.0])
    momentum = momenta.electron[1:] - momenta.electron_out[1:]
    after = np.array([math.hypot(mass_kev, float(np.linalg.norm(momentum))), *momentum])
    light, heavy = ELECTRON_MASS_KEV * np.eye(4), mass_kev * np.eye(4)
    electron = _tensor(upper(), slash(momenta.electron) + light, upper(), slash(momenta.electron_out) + light)
    atom = _tensor(lower(), slash(rest) + heavy, lower(), slash(after) + heavy)
    return contraction(electron, atom)


def anapole_ratio(momenta: Momenta, *, chiral: bool) -> float:
    """Time component of f_A's term of equation (25), of left-handed neutrinos over that of right-handed ones.

    Each over the element of γ_0, which the charge form factor has. Without γ5, as printed, f_A is a second
    charge radius, and the ratio 1; the anapole, with γ5 (``chiral=True``), tells left from right: −1.
    """
    q = momenta.transfer
    below, covariant = lower(), q * np.array([1.0, -1.0, -1.0, -1.0])
    vertex = dot(q, q) * below - covariant[:, None, None] * slash(q)
    if chiral:
        vertex = vertex @ gamma5()
    left, right = (
        (elements(after, vertex, before) / elements(after, below, before))[0]
        for after, before in (
            (massless_spinor(momenta.neutrino_out, h), massless_spinor(momenta.neutrino, h)) for h in (-1, 1)
        )
    )
    return float((left / right).real)


def left_handed_share(momenta: Momenta) -> float:
    """Spin sum of ν̄γ^μ(1−γ5)ν over left-handed neutrinos alone, over that of both helicities."""
    vertex = upper() @ (np.eye(4) - gamma5())
    sums = []
    for helicities in ((-1,), (-1, 1)):
        pairs = [(before, after) for before in helicities for after in helicities]
        sums.append(
            sum(
                float(np.sum(np.abs(elements(
                    massless_spinor(momenta.neutrino_out, after), vertex,
                    massless_spinor(momenta.neutrino, before))) ** 2))
                for before, after in pairs
            )
        )  # fmt: skip
    return sums[0] / sums[1]


def moment_of_field_strength(momenta: Momenta) -> float:
    """Element of σ^{μν} (q_μ A_ν − q_ν A_μ), equation (6), over that of σ^{μν} q_μ A_ν, a moment's own.

    A_ν is that of the electron's charge, ē′γ_νe/q².
    """
    q = momenta.transfer * np.array([1.0, -1.0, -1.0, -1.0])
    low, high = momenta.electron, momenta.electron_out
    field = elements(
        massive_spinors(high, ELECTRON_MASS_KEV)[0], lower(), massive_spinors(low, ELECTRON_MASS_KEV)[0]
    )
    sigma = 0.5j * (
        np.einsum("mij,njk->mnik", upper(), upper()) - np.einsum("nij,mjk->mnik", upper(), upper())
    )
    after, before = massless_spinor(momenta.neutrino_out, 1), massless_spinor(momenta.neutrino, -1)
    both, one = (
        elements(after, np.einsum("mnij,mn->ij", sigma, tensor)[None], before)[0]
        for tensor in (np.outer(q, field) - np.outer(field, q), np.outer(q, field))
    )
    return float((both / one).real)
