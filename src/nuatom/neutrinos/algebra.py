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

Coherent scattering on nuclei and atoms has a vector current only, and cannot tell neutrinos from
antineutrinos. Its amplitude is a sum over what the target is made of. On a nucleus, p = P + A_p/(Q² − T²)
multiplies the protons and N the neutrons, with P = diag(g_V^p) − (√2πα/3G_F) ⟨r²⟩, A_p = −A and N = g_V^n:

    dσ/dT = P² pp0 + 2PA_p pp1 + A_p² pp2 + 2PN pn0 + 2A_pN pn1 + N² nn0 + (μ/μ_B)² MM,

products of matrices read as above. On a whole atom the weak interaction adds the electrons, and the photon
sees their charge too: kernels are products of protons (p), neutrons (n), electrons (e) and net charge (c),
the last with the coupling −(√2πα/3G_F) ⟨r²⟩ + A_p/(Q² − T²).
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

__all__ = [
    "ATOM",
    "ELECTRON",
    "NUCLEUS",
    "Algebra",
    "atom_coefficients",
    "electron_coefficients",
    "flavour_state",
    "nucleus_coefficients",
]


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
    return np.stack(
        [
            _overlap(v, v),
            2.0 * _overlap(v, a),
            _overlap(a, a),
            _overlap(g, g),
            sign * _overlap(v, g),
            sign * _overlap(a, g),
            _overlap(m, m),
        ],
        axis=-1,
    )


ELECTRON: Final = Algebra(("VV0", "VV1", "VV2", "AA", "VA0", "VA1", "MM"), electron_coefficients)
"""The seven kernels of scattering on electrons."""


def nucleus_coefficients(
    neutrino: Neutrino,
    states: NDArray[np.complex128],
    *,
    antineutrino: bool = False,  # noqa: ARG001  a vector current cannot tell
) -> NDArray[np.float64]:
    """Coefficient of each nuclear kernel for neutrinos arriving in the given states.

    Parameters
    ----------
    neutrino, states, antineutrino
        As for :func:`electron_coefficients`; antineutrinos have the same coefficients as neutrinos.

    Returns
    -------
    ndarray, shape (..., 7)
        In the order of :data:`NUCLEUS`'s names; A_p in keV², μ in μ_B.
    """
    protons, neutrons, _, radius, charge, moment = _amplitudes(neutrino, states)
    p, a = protons + radius, charge
    return np.stack(
        [
            _overlap(p, p),
            2.0 * _overlap(p, a),
            _overlap(a, a),
            2.0 * _overlap(p, neutrons),
            2.0 * _overlap(a, neutrons),
            _overlap(neutrons, neutrons),
            _overlap(moment, moment),
        ],
        axis=-1,
    )


def atom_coefficients(
    neutrino: Neutrino,
    states: NDArray[np.complex128],
    *,
    antineutrino: bool = False,  # noqa: ARG001  a vector current cannot tell
) -> NDArray[np.float64]:
    """Coefficient of each kernel of a whole atom for neutrinos arriving in the given states.

    Parameters
    ----------
    neutrino, states, antineutrino
        As for :func:`electron_coefficients`; antineutrinos have the same coefficients as neutrinos.

    Returns
    -------
    ndarray, shape (..., 16)
        In the order of :data:`ATOM`'s names; A_p in keV², μ in μ_B.
    """
    p, n, e, r, a, moment = _amplitudes(neutrino, states)
    return np.stack(
        [
            _overlap(p, p),
            2.0 * _overlap(p, n),
            _overlap(n, n),
            2.0 * _overlap(p, e),
            2.0 * _overlap(n, e),
            _overlap(e, e),
            2.0 * _overlap(p, r),
            2.0 * _overlap(n, r),
            2.0 * _overlap(e, r),
            _overlap(r, r),
            2.0 * _overlap(p, a),
            2.0 * _overlap(n, a),
            2.0 * _overlap(e, a),
            2.0 * _overlap(r, a),
            _overlap(a, a),
            _overlap(moment, moment),
        ],
        axis=-1,
    )


def _amplitudes(neutrino: Neutrino, states: NDArray[np.complex128]) -> tuple[NDArray[np.complex128], ...]:
    """What leaves a proton, a neutron and an electron; the photon's part on a unit charge; the moment's."""
    flavoured = neutrino.in_basis("flavour")
    weak = neutrino.electroweak
    return (
        states * np.array(weak.proton),
        states * weak.neutron,
        states * np.array(weak.vector),
        states @ (-vector_shift_per_radius_cm2() * flavoured.charge_radius_cm2).T,
        states @ (-vector_shift_from_charge_kev2() * flavoured.charge).T,
        states @ flavoured.magnetic_moment.T,
    )


def _overlap(left: NDArray[np.complex128], right: NDArray[np.complex128]) -> NDArray[np.float64]:
    with np.errstate(over="ignore", invalid="ignore"):
        product: NDArray[np.float64] = np.sum(left.conj() * right, axis=-1).real
    if not np.all(np.isfinite(product)):
        largest = float(max(np.abs(left).max(), np.abs(right).max()))
        raise InputError("couplings", f"{largest:.3g} in natural units", "couplings of finite squares")
    return product


NUCLEUS: Final = Algebra(("pp0", "pp1", "pp2", "pn0", "pn1", "nn0", "MM"), nucleus_coefficients)
"""The kernels of coherent scattering on nuclei."""

ATOM: Final = Algebra(
    (
        *("pp0", "pn0", "nn0", "pe0", "ne0", "ee0", "pc0", "nc0", "ec0", "cc0"),
        *("pc1", "nc1", "ec1", "cc1", "cc2", "MM"),
    ),
    atom_coefficients,
)
"""The kernels of coherent scattering on whole atoms."""
