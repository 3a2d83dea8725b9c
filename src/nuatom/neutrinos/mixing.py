"""Three-neutrino mixing: the PMNS matrix and its measured parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nuatom.data import read_toml
from nuatom.errors import InputError
from nuatom.numerics.guards import positive

__all__ = ["FLAVOURS", "Mixing", "nufit"]

FLAVOURS: Final = ("e", "mu", "tau")
"""Rows of the mixing matrix, in order."""


@dataclass(frozen=True)
class Mixing:
    """Mixing angles, CP phase and mass-squared differences of three neutrinos.

    Parameters
    ----------
    sin2_theta12, sin2_theta13, sin2_theta23 : float
        Squared sines of the mixing angles, in [0, 1].
    delta_cp_deg : float
        Dirac phase, degrees.
    delta_m2_21_ev2 : float
        m₂² − m₁², eV², positive: the order that defines states 1 and 2.
    delta_m2_31_ev2 : float
        m₃² − m₁², eV²: above `delta_m2_21_ev2` (normal ordering), or negative (inverted).
    citations : tuple of str
        Keys of the sources.

    Raises
    ------
    InputError
        When a parameter is not finite or outside its range.
    """

    sin2_theta12: float
    sin2_theta13: float
    sin2_theta23: float
    delta_cp_deg: float
    delta_m2_21_ev2: float
    delta_m2_31_ev2: float
    citations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("sin2_theta12", "sin2_theta13", "sin2_theta23"):
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise InputError(name, value, "a number from 0 to 1")
        if not math.isfinite(self.delta_cp_deg):
            raise InputError("delta_cp_deg", self.delta_cp_deg, "a finite angle in degrees")
        positive("delta_m2_21_ev2", self.delta_m2_21_ev2, "eV²")
        if not math.isfinite(self.delta_m2_31_ev2) or (0.0 <= self.delta_m2_31_ev2 <= self.delta_m2_21_ev2):
            raise InputError(
                "delta_m2_31_ev2",
                self.delta_m2_31_ev2,
                f"more than delta_m2_21_ev2 = {self.delta_m2_21_ev2} (normal ordering), "
                "or negative (inverted)",
            )

    @cached_property
    def matrix(self) -> NDArray[np.complex128]:
        """PMNS matrix U_αj, rows e, mu, tau and columns 1, 2, 3, in the PDG convention.

        U = R₂₃ · diag phase R₁₃(δ) · R₁₂, with U_e3 = s₁₃ e^{−iδ} (PDG review "Neutrino masses,
        mixing, and oscillations", Eq. 14.33); Majorana phases are left out. A flavour state is
        |ν_α⟩ = Σ_j U*_αj |ν_j⟩.

        Returns
        -------
        ndarray, shape (3, 3), complex, read-only
        """
        s12, s13, s23 = (math.sqrt(s2) for s2 in (self.sin2_theta12, self.sin2_theta13, self.sin2_theta23))
        c12, c13, c23 = (
            math.sqrt(1.0 - s2) for s2 in (self.sin2_theta12, self.sin2_theta13, self.sin2_theta23)
        )
        phase = np.exp(1j * math.radians(self.delta_cp_deg))
        rotation_23 = np.array([[1, 0, 0], [0, c23, s23], [0, -s23, c23]])
        rotation_13 = np.array([[c13, 0, s13 / phase], [0, 1, 0], [-s13 * phase, 0, c13]])
        rotation_12 = np.array([[c12, s12, 0], [-s12, c12, 0], [0, 0, 1]])
        matrix: NDArray[np.complex128] = rotation_23 @ rotation_13 @ rotation_12
        matrix.setflags(write=False)
        return matrix


@cache
def nufit() -> Mixing:
    """Best fit of NuFIT 6.0, normal ordering, with Super-Kamiokande atmospheric data.

    Source: I. Esteban et al., JHEP 12 (2024) 216, arXiv:2410.05380.
    """
    parameters = dict(read_toml("mixing.toml")["nufit"])
    del parameters["source"]
    return Mixing(**parameters, citations=("Esteban:2024eli",))
