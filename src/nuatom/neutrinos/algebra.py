"""The algebra of couplings: what multiplies each kernel for a neutrino that arrives in a given state.

Every cross section on electrons is quadratic in the couplings. With g_V(Q) = v + a/(Q² − T²),

    dσ/dT = v² VV0 + 2va VV1 + a² VV2 + g_A² AA ± g_A (v VA0 + a VA1) + (μ/μ_B)² MM,

upper sign for neutrinos. With flavour structure v, a and g_A become matrices,

    V = diag(g_V) + (√2πα/3G_F) ⟨r²⟩,   A = −(2√2πα/G_F) q,   G = diag(g_A),

and, for a neutrino arriving with flavour amplitudes ψ, summed over the flavours that leave,

    v² → ψ†V†Vψ,   2va → 2 Re ψ†V†Aψ,   a² → ψ†A†Aψ,   g_A² → ψ†G†Gψ,
    g_A v → Re ψ†V†Gψ,   g_A a → Re ψ†A†Gψ,   (μ/μ_B)² → ψ†μ†μψ.

Only diagonal elements interfere with the weak interaction of a flavour state, as they must. An antineutrino
state is given by the amplitudes of the neutrino state it is the antiparticle of: its charges, radii and weak
vector coupling change sign together, so that only the sign of the vector-axial interference differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from nuatom.errors import InputError
from nuatom.neutrinos.electroweak import (
    vector_shift_from_charge_kev2,
    vector_shift_per_radius_cm2,
)
from nuatom.neutrinos.mixing import FLAVOURS
from nuatom.neutrinos.neutrino import Neutrino

__all__ = ["ELECTRON", "Algebra", "electron_coefficients", "flavour_state"]


class Coefficients(Protocol):
    """A function from a neutrino and arriving states (..., 3) to coefficients (..., kernels)."""

    def __call__(
        self, neutrino: Neutrino, states: NDArray[np.complex128], *, antineutrino: bool = False
    ) -> NDArray[np.float64]:
        """Coefficient of each kernel."""


@dataclass(frozen=True)
class Algebra:
    """How couplings make cross sections of the kernels of one kind of target.

    Parameters
    ----------
    names : tuple of str
        The kernels, in the order of every array that holds them; the magnetic one is last.
    coefficients : callable
        What multiplies each.
    """

    names: tuple[str, ...]
    coefficients: Coefficients


def flavour_state(flavour: str) -> tuple[NDArray[np.complex128], bool]:
    """Flavour amplitudes of ``"e"``, ``"mu"``, ``"tau"``, and whether ``"anti-…"`` was asked for.

    Examples
    --------
    >>> state, antineutrino = flavour_state("anti-mu")
    >>> state.real.tolist(), antineutrino
    ([0.0, 1.0, 0.0], True)
    """
    name = flavour.removeprefix("anti-")
    if name not in FLAVOURS:
        raise InputError("flavour", flavour, "e, mu, tau, anti-e, anti-mu or anti-tau")
    return np.eye(3, dtype=complex)[FLAVOURS.index(name)], flavour != name


def electron_coefficients(
    neutrino: Neutrino, states: NDArray[np.complex128], *, antineutrino: bool = False
) -> NDArray[np.float64]:
    """Coefficient of each kernel for neutrinos arriving in the given states.

    Parameters
    ----------
    neutrino : Neutrino
        Couplings and electromagnetic structure.
    states : complex array, shape (..., 3)
        Flavour amplitudes, normalised; a mass eigenstate j is the column j of the mixing matrix.
    antineutrino : bool
        Whether they are antineutrinos: the vector-axial interference changes sign.

    Returns
    -------
    ndarray, shape (..., 7)
        In the order of :data:`ELECTRON`'s names; a in keV², μ in μ_B.
    """
    flavoured = neutrino.in_basis("flavour")
    weak = np.diag(neutrino.electroweak.vector)
    axial = np.diag(neutrino.electroweak.axial)
    v = states @ (weak + vector_shift_per_radius_cm2() * flavoured.charge_radius_cm2).T
    a = states @ (vector_shift_from_charge_kev2() * flavoured.charge).T
    g = states @ axial.T
    m = states @ flavoured.magnetic_moment.T
    sign = -1.0 if antineutrino else 1.0

    def overlap(left: NDArray[np.complex128], right: NDArray[np.complex128]) -> NDArray[np.float64]:
        product: NDArray[np.float64] = np.sum(left.conj() * right, axis=-1).real
        return product

    return np.stack(
        [
            overlap(v, v),
            2.0 * overlap(v, a),
            overlap(a, a),
            overlap(g, g),
            sign * overlap(v, g),
            sign * overlap(a, g),
            overlap(m, m),
        ],
        axis=-1,
    )


ELECTRON: Final = Algebra(("VV0", "VV1", "VV2", "AA", "VA0", "VA1", "MM"), electron_coefficients)
"""The seven kernels of scattering on electrons."""
