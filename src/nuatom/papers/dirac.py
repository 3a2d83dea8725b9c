"""Dirac matrices, spinors and the kinematics of two bodies, for spin sums and helicity amplitudes.

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
    "ComplexArray",
    "Momenta",
    "dot",
    "elements",
    "gamma5",
    "lower",
    "massive_spinors",
    "massless_spinor",
    "sigma_q",
    "slash",
    "two_body",
    "upper",
]

ComplexArray = NDArray[np.complex128]

_METRIC = np.array([1.0, -1.0, -1.0, -1.0])


@dataclass(frozen=True)
class Momenta:
    """Four-momenta before and after, ν(k) + e(p) → ν(k′) + e(p′), in keV; the target may be a nucleus."""

    neutrino: FloatArray
    electron: FloatArray
    neutrino_out: FloatArray
    electron_out: FloatArray

    @property
    def transfer(self) -> FloatArray:
        """Q = k − k′."""
        return self.neutrino - self.neutrino_out


def two_body(energy_kev: float, recoil_kev: float, mass_kev: float = ELECTRON_MASS_KEV) -> Momenta:
    """Momenta of scattering on a free target at rest, for a neutrino energy and a recoil.

    Raises
    ------
    InputError
        For a recoil above the kinematic limit.
    """
    length = math.sqrt(recoil_kev * (recoil_kev + 2.0 * mass_kev))
    cosine = cos_recoil_angle(energy_kev, recoil_kev, mass_kev)
    momentum = length * np.array([math.sqrt(1.0 - cosine**2), 0.0, cosine])
    before = energy_kev * np.array([1.0, 0.0, 0.0, 1.0])
    transfer = np.array([recoil_kev, *momentum])
    rest = np.array([mass_kev, 0.0, 0.0, 0.0])
    return Momenta(before, rest, before - transfer, rest + transfer)


def dot(a: FloatArray, b: FloatArray) -> float:
    """Scalar product of four-vectors."""
    return float(a[0] * b[0] - a[1:] @ b[1:])


@cache
def _pauli() -> ComplexArray:
    return np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


@cache
def _gamma() -> ComplexArray:
    """γ⁰…γ³ and γ₅."""
    zero, one = np.zeros((2, 2)), np.eye(2)
    matrices = np.array(
        [
            np.block([[one, zero], [zero, -one]]),
            *(np.block([[zero, sigma], [-sigma, zero]]) for sigma in _pauli()),
            np.block([[zero, one], [one, zero]]),
        ]
    )
    matrices.setflags(write=False)
    return matrices


def upper() -> ComplexArray:
    """γ^μ."""
    return _gamma()[:4]


def lower() -> ComplexArray:
    """γ_μ."""
    lowered: ComplexArray = _gamma()[:4] * _METRIC[:, None, None]
    return lowered


def gamma5() -> ComplexArray:
    """γ₅."""
    fifth: ComplexArray = _gamma()[4]
    return fifth


def slash(momentum: FloatArray) -> ComplexArray:
    """p̸ = p^μ γ_μ."""
    slashed: ComplexArray = np.tensordot(momentum, lower(), axes=1)
    return slashed


def sigma_q(transfer: FloatArray) -> ComplexArray:
    """σ^{μν} q_ν for every μ, with σ^{μν} = (i/2)[γ^μ, γ^ν]."""
    q = slash(transfer)
    return np.array([0.5j * (matrix @ q - q @ matrix) for matrix in upper()])


def massless_spinor(momentum: FloatArray, helicity: int) -> ComplexArray:
    """Spinor of a massless fermion of helicity ±1, u†u = 2E; γ₅u = ±u."""
    direction = momentum[1:] / momentum[0]
    values, vectors = np.linalg.eigh(np.einsum("i,iab->ab", direction, _pauli()))
    two = vectors[:, int(np.argmax(helicity * values))]
    return np.asarray(math.sqrt(float(momentum[0])) * np.concatenate((two, helicity * two)))


def massive_spinors(momentum: FloatArray, mass_kev: float) -> tuple[ComplexArray, ComplexArray]:
    """Spinors of both spins along the third axis, u†u = 2E."""
    root = math.sqrt(float(momentum[0]) + mass_kev)
    turned = np.einsum("i,iab->ab", momentum[1:], _pauli()) / root
    first, second = (np.concatenate((root * two, turned @ two)) for two in np.eye(2, dtype=complex))
    return first, second


def elements(after: ComplexArray, vertex: ComplexArray, before: ComplexArray) -> ComplexArray:
    """ū′ Γ^μ u of every matrix of a vertex."""
    element: ComplexArray = np.einsum("i,mij,j->m", after.conj() @ upper()[0], vertex, before)
    return element
