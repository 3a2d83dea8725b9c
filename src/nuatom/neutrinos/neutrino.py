"""The :class:`Neutrino`: charges, charge radii and magnetic moments of three flavours, as a frozen value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nuatom.constants import ELECTRON_MASS_KEV, FERMI_PER_KEV2
from nuatom.errors import InputError
from nuatom.neutrinos.electroweak import Electroweak, couplings
from nuatom.neutrinos.mixing import Mixing, nufit
from nuatom.numerics.guards import numbers

__all__ = ["Basis", "MatrixLike", "Nature", "Neutrino", "standard_model_dirac_moment"]

ComplexMatrix = NDArray[np.complex128]
MatrixLike = complex | Sequence[complex] | Sequence[Sequence[complex]] | NDArray[np.generic]
Basis = Literal["flavour", "mass"]
Nature = Literal["dirac", "majorana"]

# Relative to the largest element: what rounding leaves of a matrix that was built to be Hermitian.
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Neutrino:
    """Electromagnetic structure of three neutrinos, with the couplings and the mixing they live in.

    A number is shorthand for that number times the unit matrix (the same for every flavour, the *effective*
    value that experiments quote); three numbers are a diagonal.

    Parameters
    ----------
    magnetic_moment : number, 3 numbers or (3, 3) array, default 0
        Moment matrix in Bohr magnetons, magnetic and electric dipoles together, μ_kj = μ(ν_j → ν_k). Any
        matrix for Dirac neutrinos; antisymmetric for Majorana neutrinos, which have transition moments only.
    charge : number, 3 numbers or (3, 3) array, default 0
        Hermitian charge matrix in units of the positron's charge. For Majorana neutrinos antisymmetric in
        the mass basis: they have no charge of their own.
    charge_radius_cm2 : number, 3 numbers or (3, 3) array, optional
        Hermitian matrix of the *total* ⟨r²⟩ in cm², anapole included, Standard Model part included. By
        default the Standard Model's at the order of the couplings: zero at tree level, and
        :cite:`Cadeddu:2018dux` with radiative corrections (:mod:`.electroweak` has sign and convention).
    basis : {"flavour", "mass"}
        Basis of the three matrices.
    nature : {"dirac", "majorana"}
        Which symmetry the matrices must have.
    electroweak : Electroweak, optional
        Couplings to the electron; tree level by default.
    mixing : Mixing, optional
        Mixing matrix; NuFIT by default.

    Raises
    ------
    InputError
        For a wrong shape, a number that is not finite, or a matrix without the symmetry of its nature.

    Notes
    -----
    Form factors are those of :cite:`Giunti:2014ixa`, F_1 = q_ν + q²⟨r²⟩/6. In the other basis, charges and
    radii are U†XU, Dirac moments too, Majorana moments UᵀμU, with ν_α = Σ_i U_αi ν_i. An antineutrino has
    the transposed matrices of charge and radius, with the opposite sign, and the complex conjugate moments.

    Examples
    --------
    >>> float(Neutrino(magnetic_moment=6e-12).magnetic_moment[0, 0].real)
    6e-12
    """

    magnetic_moment: ComplexMatrix = field(init=False)
    charge: ComplexMatrix = field(init=False)
    charge_radius_cm2: ComplexMatrix = field(init=False)
    basis: Basis = "flavour"
    nature: Nature = "dirac"
    electroweak: Electroweak = field(default_factory=couplings)
    mixing: Mixing = field(default_factory=nufit)

    def __init__(
        self,
        magnetic_moment: MatrixLike = 0.0,
        charge: MatrixLike = 0.0,
        charge_radius_cm2: MatrixLike | None = None,
        *,
        basis: Basis = "flavour",
        nature: Nature = "dirac",
        electroweak: Electroweak | None = None,
        mixing: Mixing | None = None,
    ) -> None:
        if basis not in ("flavour", "mass"):
            raise InputError("basis", basis, "flavour or mass")
        if nature not in ("dirac", "majorana"):
            raise InputError("nature", nature, "dirac or majorana")
        electroweak = couplings() if electroweak is None else electroweak
        mixing = nufit() if mixing is None else mixing
        unitary = mixing.matrix
        moments = _matrix("magnetic_moment", magnetic_moment)
        charges = _hermitian("charge", charge)
        if charge_radius_cm2 is None:
            radii = np.diag(electroweak.charge_radius_cm2).astype(complex)
            radii = radii if basis == "flavour" else unitary.conj().T @ radii @ unitary
        else:
            radii = _hermitian("charge_radius_cm2", charge_radius_cm2)
        if nature == "majorana":
            _require_antisymmetric(
                "magnetic_moment", moments, "a Majorana neutrino has transition moments only"
            )
            in_mass_basis = charges if basis == "mass" else unitary.conj().T @ charges @ unitary
            _require_antisymmetric("charge", in_mass_basis, "a Majorana neutrino has no charge of its own")
        values = {
            "magnetic_moment": moments,
            "charge": charges,
            "charge_radius_cm2": radii,
            "basis": basis,
            "nature": nature,
            "electroweak": electroweak,
            "mixing": mixing,
        }
        for matrix in (moments, charges, radii):
            matrix.setflags(write=False)
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def in_basis(self, basis: Basis) -> Neutrino:
        """Return the same neutrino, with its matrices in another basis."""
        if basis == self.basis:
            return self
        unitary = self.mixing.matrix
        right = unitary if basis == "mass" else unitary.conj().T
        final = right.T if self.nature == "majorana" else right.conj().T
        return Neutrino(
            magnetic_moment=final @ self.magnetic_moment @ right,
            charge=_hermitise(right.conj().T @ self.charge @ right),
            charge_radius_cm2=_hermitise(right.conj().T @ self.charge_radius_cm2 @ right),
            basis=basis,
            nature=self.nature,
            electroweak=self.electroweak,
            mixing=self.mixing,
        )

    @property
    def citations(self) -> tuple[str, ...]:
        """Sources of conventions and couplings; those of the mixing are its own."""
        return ("CODATA:2022", "Giunti:2014ixa", *self.electroweak.citations)

    def standard_model(self) -> Neutrino:
        """Return the neutrino with the same couplings and mixing, and nothing beyond the Standard Model."""
        return Neutrino(electroweak=self.electroweak, mixing=self.mixing)


def standard_model_dirac_moment(mass_ev: float) -> float:
    """Magnetic moment of a massive Dirac neutrino in the minimally extended Standard Model, in μ_B.

    μ_ii = 3 e G_F m_i / (8√2 π²) = 3 G_F m_e m_i / (4√2 π²) μ_B ≈ 3.2·10⁻¹⁹ μ_B (m_i / eV),
    :cite:`KS16`, equation (1); first derived in :cite:`Fujikawa:1980yx`.

    Parameters
    ----------
    mass_ev : float
        Neutrino mass in eV, not negative.
    """
    accepted = "a finite mass, zero or positive"
    mass_ev = float(numbers("mass_ev", mass_ev, accepted))
    if not (math.isfinite(mass_ev) and mass_ev >= 0.0):
        raise InputError("mass_ev", mass_ev, accepted)
    return 3.0 * FERMI_PER_KEV2 * ELECTRON_MASS_KEV * 1e-3 * mass_ev / (4.0 * math.sqrt(2.0) * math.pi**2)


def _matrix(name: str, value: MatrixLike) -> ComplexMatrix:
    array: ComplexMatrix = numbers(name, value, "a number, three numbers, or a 3×3 matrix", complex)
    if not np.all(np.isfinite(array)):
        raise InputError(name, array.tolist(), "finite numbers")
    if array.shape == ():
        return complex(array) * np.eye(3, dtype=complex)
    if array.shape == (3,):
        return np.diag(array)
    if array.shape == (3, 3):
        return array
    raise InputError(name, f"array of shape {array.shape}", "a number, three numbers, or a 3×3 matrix")


def _hermitian(name: str, value: MatrixLike) -> ComplexMatrix:
    matrix = _matrix(name, value)
    if np.abs(matrix - matrix.conj().T).max() > _ROUNDING * np.abs(matrix).max():
        raise InputError(name, matrix.tolist(), "a Hermitian matrix (real where diagonal)")
    return matrix


def _hermitise(matrix: ComplexMatrix) -> ComplexMatrix:
    return 0.5 * (matrix + matrix.conj().T)


def _require_antisymmetric(name: str, matrix: ComplexMatrix, reason: str) -> None:
    if np.abs(matrix + matrix.T).max() > _ROUNDING * np.abs(matrix).max():
        raise InputError(name, matrix.tolist(), f"an antisymmetric matrix: {reason}")
