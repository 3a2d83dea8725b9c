"""Three-body cross sections of :cite:`JKY21`, (11), (22), (23), (28) and (31), with two sets of constants.

ν + e + A → ν′ + e′ + A′, where the atom takes up momentum but no energy, and the amplitude carries the factor
1/M_eff³ of Appendix A. Binding energies are left out where the paper does, from (24) on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import ELECTRON_MASS_KEV, FERMI_PER_KEV2, FINE_STRUCTURE
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray
from nuatom.papers.jky21.conversion import CM2_PER_KEV_OF_MEV3
from nuatom.papers.jky21.orbits import (
    ATOMIC_NUMBER,
    bohr_radius_per_kev,
    hydrogenic_levels_kev,
    inverse_meff6_per_kev6,
    shell_sum,
)
from nuatom.papers.jky21.spectrum import ENDPOINT_KEV, mean, mean_power, pp_spectrum
from nuatom.processes import Kernels
from nuatom.processes.electron import ELECTRON

__all__ = [
    "AVERAGE_VIRTUALITY_KEV2",
    "LEAST_RECOIL_KEV",
    "PRINTED",
    "ThreeBody",
    "from_definitions",
    "magnetic_coefficient",
    "mean_logarithm",
    "phase_space_coefficient",
    "weak_coefficient",
]

AVERAGE_VIRTUALITY_KEV2: Final = 0.1e6
"""⟨Q²⟩ of Section IV, 0.1 MeV²."""

LEAST_RECOIL_KEV: Final = 2.5
"""The smallest T_e that the paper considers, and Q_min as Section II defines it."""

_PER_MEV3: Final = 1e9


def phase_space_coefficient(directions: float = (4.0 * math.pi) ** 2) -> float:
    r"""Number before Z³α³ m_e² p² dp E′dE′/((m_e + T) E M_A²) in (11), from (9) and the volume of shell 1.

    .. math::

        \frac{(2\pi)^{-5}}{2^6}\,\int d\Omega\,d\Omega'\,\frac{3}{4\pi},

    where δ³ has removed the atom's momentum and 1/V = 3 (Zα m_e)³/4π.

    Parameters
    ----------
    directions : float
        ∫dΩdΩ′ of neutrino and electron: 16π², or 8π² per cos θ of the neutrino, equation (22).
    """
    return directions * (2.0 * math.pi) ** -5 / 2.0**6 * 3.0 / (4.0 * math.pi)


def weak_coefficient() -> float:
    """3 Z³ α³ G_F² m_e⁴/(16π⁴) of equation (28), a pure number."""
    couplings = (ATOMIC_NUMBER * FINE_STRUCTURE) ** 3 * (FERMI_PER_KEV2 * ELECTRON_MASS_KEV**2) ** 2
    return 3.0 * couplings / (16.0 * math.pi**4)


def magnetic_coefficient() -> float:
    """3 Z³ α⁵/(2⁸π²) of the second line of equation (22), a pure number."""
    return 3.0 * ATOMIC_NUMBER**3 * FINE_STRUCTURE**5 / (2.0**8 * math.pi**2)


def mean_logarithm(reference_kev: float = ENDPOINT_KEV) -> float:
    """⟨ln E/E_0⟩ of equation (2)."""
    return mean(lambda energy_kev: np.log(energy_kev / reference_kev), pp_spectrum())


@dataclass(frozen=True)
class ThreeBody:
    """Constants of the model.

    Parameters
    ----------
    name : str
        How figures call it.
    magnetic_per_mev3 : float
        Prefactor of (22), (23).
    weak_per_mev3 : float
        Prefactor of (28), (31).
    weak_power : float
        Power of 1 + T/m_e under (28).
    root_per_sqrt_mev : float
        What multiplies √T in (28), √(2/m_e), and in (31).
    logarithm : float
        ln(1/δ_inf) of (23).
    """

    name: str
    magnetic_per_mev3: float
    weak_per_mev3: float
    weak_power: float
    root_per_sqrt_mev: float
    logarithm: float

    def magnetic(self, energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
        """dσ/dT of equation (23) for f = 1, in MeV⁻³ per atom; E′ = E in its last factor, as in (24)."""
        mass_terms = 2.0 + 2.0 * (ELECTRON_MASS_KEV / energy_kev) ** 2 * self.logarithm
        return self.magnetic_per_mev3 * self.recoil_factor(recoil_kev) * mass_terms

    def mean_mass_terms(self) -> float:
        """2 + 2 m_e² ⟨E⁻²⟩ ln(1/δ_inf), the bracket of equation (24)."""
        return 2.0 + 2.0 * ELECTRON_MASS_KEV**2 * mean_power(-2, pp_spectrum()) * self.logarithm

    @staticmethod
    def recoil_factor(recoil_kev: FloatArray) -> FloatArray:
        """√(2T/m_e) (1 − T/m_e)²/(1 + T/m_e)^{5/2} of equations (22) and (23)."""
        ratio = np.asarray(recoil_kev) / ELECTRON_MASS_KEV
        factor: FloatArray = np.sqrt(2.0 * ratio) * (1.0 - ratio) ** 2 / (1.0 + ratio) ** 2.5
        return factor

    def weak(self, energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
        """What multiplies [G_V + g_A]² and [G_V − g_A]² in (31), before the mean over E; MeV⁻³ per atom."""
        energies = energy_kev * np.maximum(energy_kev - recoil_kev, 0.0) / ELECTRON_MASS_KEV**2
        root = self.root_per_sqrt_mev * np.sqrt(1e-3 * recoil_kev)
        ratio: FloatArray = root / (1.0 + recoil_kev / ELECTRON_MASS_KEV) ** self.weak_power
        return self.weak_per_mev3 * energies * ratio

    def kernels(self, target: Target, *, weak: bool = True) -> Kernels:
        """The model in the form of all others, so that it is folded, drawn and fitted beside them.

        [G_V + g_A]² + [G_V − g_A]² = 2 (G_V² + g_A²) leaves no interference. A charge has the constant
        virtuality of Section IV. The magnetic kernel has the sign that makes its mean over the pp spectrum
        positive: the paper compares the modulus of (24) with data.

        Parameters
        ----------
        target : Target
            Xenon.
        weak : bool
            Whether there are kernels but the magnetic one. As printed the weak ones are so large that the
            magnetic part has no digits left in the sum.

        Raises
        ------
        InputError
            For another target than xenon, whose constants these are.
        """
        if target.formula != "Xe":
            raise InputError("target", target.formula, "Xe")
        sign = math.copysign(1.0, self.mean_mass_terms())

        def evaluate(energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
            energy, recoil = np.broadcast_arrays(energy_kev, recoil_kev)
            vector = (2.0 if weak else 0.0) * self.weak(energy, recoil)
            nothing = np.zeros_like(vector)
            magnetic = np.where(energy > recoil, sign * self.magnetic(energy, recoil), 0.0)
            per_virtuality = 1.0 / AVERAGE_VIRTUALITY_KEV2
            return CM2_PER_KEV_OF_MEV3 * np.stack(
                [
                    vector,
                    vector * per_virtuality,
                    vector * per_virtuality**2,
                    vector,
                    nothing,
                    nothing,
                    magnetic,
                ]
            )

        return Kernels(
            model=f"three-body, {self.name}",
            target=target,
            algebra=ELECTRON,
            evaluate=evaluate,
            thresholds_kev=(),
            minimum_energy_kev=lambda recoil_kev: np.asarray(recoil_kev, dtype=float),
            maximum_recoil_kev=lambda energy_kev: np.asarray(energy_kev, dtype=float),
            citations=("JKY21",),
        )


PRINTED: Final = ThreeBody(
    name="as printed",
    magnetic_per_mev3=0.883e-5,
    weak_per_mev3=6.33e-6,
    weak_power=4.0,
    root_per_sqrt_mev=2.768,
    logarithm=-0.528546,
)
"""The numbers of equations (22), (28), (31) and (2)."""


def from_definitions(levels_kev: FloatArray | None = None) -> ThreeBody:
    """Evaluate the same constants from what the paper says they are.

    a_Z = a_B/Z; k_n the hydrogenic levels unless given; 1/M_eff⁶ of (44) times B of (42); powers of
    1 + T/m_e from (28) and (44); Q_min the smallest recoil. The formulas stay the paper's.
    """
    levels = hydrogenic_levels_kev() if levels_kev is None else levels_kev
    scale = inverse_meff6_per_kev6(levels, bohr_radius_per_kev() / ATOMIC_NUMBER) * shell_sum(6)
    in_mev3 = _PER_MEV3 * scale * ELECTRON_MASS_KEV**3
    return ThreeBody(
        name="from definitions",
        magnetic_per_mev3=magnetic_coefficient() * in_mev3,
        weak_per_mev3=weak_coefficient() * in_mev3,
        weak_power=2.5,
        root_per_sqrt_mev=math.sqrt(2.0 / (1e-3 * ELECTRON_MASS_KEV)),
        logarithm=mean_logarithm(LEAST_RECOIL_KEV),
    )
