"""Spin sums of :cite:`JKY21`, equations (12) and (17) to (20), as traces of explicit Dirac matrices.

Metric (+,−,−,−), Dirac representation; momenta are arrays (E, p) in keV.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from nuatom.constants import ELECTRON_MASS_KEV
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes.kinematics import cos_recoil_angle

__all__ = [
    "Momenta",
    "contraction",
    "dot",
    "electron_tensor",
    "form_factor_divergence",
    "magnetic_tensor",
    "neutrino_tensor",
    "six_gamma_trace",
    "two_body",
    "vector_contraction_at_rest",
]

ComplexArray = NDArray[np.complex128]


@dataclass(frozen=True)
class Momenta:
    """Four-momenta before and after, ν(k) + e(p) → ν(k′) + e(p′), in keV."""

    neutrino: FloatArray
    electron: FloatArray
    neutrino_out: FloatArray
    electron_out: FloatArray

    @property
    def transfer(self) -> FloatArray:
        """Q = k − k′."""
        return self.neutrino - self.neutrino_out


def two_body(energy_kev: float, recoil_kev: float) -> Momenta:
    """Momenta of scattering on a free electron at rest, for a neutrino energy and a recoil.

    Raises
    ------
    InputError
        For a recoil above the kinematic limit.
    """
    length = math.sqrt(recoil_kev * (recoil_kev + 2.0 * ELECTRON_MASS_KEV))
    cosine = cos_recoil_angle(energy_kev, recoil_kev)
    momentum = length * np.array([math.sqrt(1.0 - cosine**2), 0.0, cosine])
    before = energy_kev * np.array([1.0, 0.0, 0.0, 1.0])
    transfer = np.array([recoil_kev, *momentum])
    rest = np.array([ELECTRON_MASS_KEV, 0.0, 0.0, 0.0])
    return Momenta(before, rest, before - transfer, rest + transfer)


def dot(a: FloatArray, b: FloatArray) -> float:
    """Scalar product of four-vectors."""
    return float(a[0] * b[0] - a[1:] @ b[1:])


@cache
def _gamma() -> ComplexArray:
    """γ⁰…γ³ and γ₅."""
    pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    zero, one = np.zeros((2, 2)), np.eye(2)
    matrices = np.array(
        [
            np.block([[one, zero], [zero, -one]]),
            *(np.block([[zero, sigma], [-sigma, zero]]) for sigma in pauli),
            np.block([[zero, one], [one, zero]]),
        ]
    )
    matrices.setflags(write=False)
    return matrices


def _upper() -> ComplexArray:
    return _gamma()[:4]


def _lower() -> ComplexArray:
    lowered: ComplexArray = _gamma()[:4] * np.array([1.0, -1.0, -1.0, -1.0])[:, None, None]
    return lowered


def _slash(momentum: FloatArray) -> ComplexArray:
    slashed: ComplexArray = np.tensordot(momentum, _lower(), axes=1)
    return slashed


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
    q = _slash(momenta.transfer)
    vertex = np.array([q @ matrix - matrix @ q for matrix in _upper()])
    return _tensor(vertex, _slash(momenta.neutrino), vertex, _slash(momenta.neutrino_out))


def electron_tensor(momenta: Momenta, vector: float = 1.0, axial: float = 0.0) -> ComplexArray:
    """Tr (p̸′ + m) γ_ν (g_V + g_A γ5) (p̸ + m) γ_x (g_V + g_A γ5), indices below."""
    mass = ELECTRON_MASS_KEV * np.eye(4)
    vertex = np.array([matrix @ (vector * np.eye(4) + axial * _gamma()[4]) for matrix in _lower()])
    return _tensor(vertex, _slash(momenta.electron) + mass, vertex, _slash(momenta.electron_out) + mass)


def neutrino_tensor(momenta: Momenta) -> ComplexArray:
    """Tr k̸′ γ^ν (1 + γ5) k̸ γ^x (1 + γ5), indices above."""
    vertex = np.array([matrix @ (np.eye(4) + _gamma()[4]) for matrix in _upper()])
    return _tensor(vertex, _slash(momenta.neutrino), vertex, _slash(momenta.neutrino_out))


def contraction(upper: ComplexArray, lower: ComplexArray) -> float:
    """Sum over both indices of a tensor above and a tensor below."""
    return float(np.sum(upper * lower).real)


def six_gamma_trace(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> FloatArray:
    """(1/4) Tr γ^ρ a̸ b̸ γ^σ c̸ d̸: the left side of the third footnote."""
    middle, last = _slash(a) @ _slash(b), _slash(c) @ _slash(d)
    trace: FloatArray = 0.25 * _tensor(_upper(), middle, _upper(), last).real
    return trace


def form_factor_divergence(momenta: Momenta) -> float:
    """Largest element of q^μ times σ_μν q^ν, σ_μν q^ν γ5 and q²γ_μ − q_μ q̸ of equation (25), over |q|³."""
    q, lower = momenta.transfer, _lower()
    sigma = 0.5j * (np.einsum("mij,njk->mnik", lower, lower) - np.einsum("nij,mjk->mnik", lower, lower))
    magnetic = np.einsum("m,n,mnij->ij", q, q, sigma)
    covariant = q * np.array([1.0, -1.0, -1.0, -1.0])
    anapole = np.einsum("m,mij->ij", q, dot(q, q) * lower - covariant[:, None, None] * _slash(q))
    parts = (magnetic, magnetic @ _gamma()[4], anapole)
    return float(max(np.abs(part).max() for part in parts) / np.linalg.norm(q) ** 3)


def vector_contraction_at_rest(momenta: Momenta, mass_kev: float) -> float:
    """Spin sum of ē γ^μ e Ā γ_μ A, equation (40), on an atom at rest that takes up what momentum is left."""
    rest = np.array([mass_kev, 0.0, 0.0, 0.0])
    momentum = momenta.electron[1:] - momenta.electron_out[1:]
    after = np.array([math.hypot(mass_kev, float(np.linalg.norm(momentum))), *momentum])
    light, heavy = ELECTRON_MASS_KEV * np.eye(4), mass_kev * np.eye(4)
    electron = _tensor(
        _upper(), _slash(momenta.electron) + light, _upper(), _slash(momenta.electron_out) + light
    )
    atom = _tensor(_lower(), _slash(rest) + heavy, _lower(), _slash(after) + heavy)
    return contraction(electron, atom)
