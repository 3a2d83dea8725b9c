"""Photoabsorption with correlation: the response of all electrons at Q = T/c.

With the responses per hartree of `nuatom.atoms.correlated.linear_response`, in atomic units,

    σ_velocity = 4π²αc²/T · R_11(T, T/c),    σ_length = 4π²α T · R_00(T, T/c)/Q²,

summed over electric multipoles (KS11, equation 17: R(T, Q)/Q² = σ/(4π²αT) at Q = T). They agree where
current is conserved: always with correlation, only in a common local field without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.correlated.basis import BasisSize, OrbitalBasis
from nuatom.atoms.correlated.by_multipole import independent_strengths
from nuatom.atoms.correlated.linear_response import (
    HIGHEST_CORRELATED,
    basis_for,
    energy_segments,
    linear_response,
)
from nuatom.atoms.correlated.operators import Parity
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.structure.local_field import Field, correlated_state
from nuatom.atoms.structure.orbital import GroundState
from nuatom.atoms.structure.thresholds import Thresholds, thresholds_kev
from nuatom.atoms.target import atomic_number
from nuatom.constants import BOHR_RADIUS_CM, HARTREE_KEV
from nuatom.errors import InputError
from nuatom.numerics.guards import positive_row
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Photoabsorption", "photoabsorption"]

NEAREST: Final[dict[int, Field]] = {2: "dirac-fock", 18: "dirac-fock", 36: "lb94"}
"""By atomic number, the field in which photoabsorption is nearest to measurement; for other elements, neon,
sodium, germanium and xenon among them, it is the plain local density (docs/correlation.md)."""

MEGABARN_PER_BOHR2: Final = 1e18 * BOHR_RADIUS_CM**2

MULTIPOLES: Final = (1, 2)

ELECTRIC: Final[tuple[Parity, ...]] = ("natural",)
"""Length and velocity are two forms of the electric multipoles; magnetic ones are α² smaller."""


@dataclass(frozen=True, eq=False)
class Photoabsorption:
    """Photoabsorption cross sections.

    Attributes
    ----------
    energy_kev : ndarray, shape (E,)
    sigma_mb : ndarray, shape (E,)
        Megabarn per atom: the length form with correlation, the velocity form without it.
    length_mb, velocity_mb : ndarray, shape (E,)
    independent_mb : ndarray, shape (E,)
        Independent electrons, the same form as ``sigma_mb``.
    labels : tuple of str
        Subshells of independent electrons, innermost first.
    edges_kev : ndarray, shape (S,)
        Their thresholds.
    subshells_mb : ndarray, shape (S, E)
        Independent electrons, subshell by subshell.
    correlated : ndarray of bool, shape (E,)
        Where the response is that of all electrons together; elsewhere each answers alone.
    join_step : float
        |correlated/independent − 1| at the highest correlated energy, when higher ones follow.
    half_width_kev : float
        Of the energy average.
    model, method, field : str
        Method: ``rpa``, ``tdlda`` or independent particles; field: that of the correlated electrons.
    independent_field : str
        That of ``independent_mb``, ``subshells_mb`` and ``edges_kev``, and of ``sigma_mb`` where it is not
        correlated.
    """

    energy_kev: FloatArray
    sigma_mb: FloatArray
    length_mb: FloatArray
    velocity_mb: FloatArray
    independent_mb: FloatArray
    labels: tuple[str, ...]
    edges_kev: FloatArray
    subshells_mb: FloatArray
    correlated: np.ndarray
    join_step: float
    half_width_kev: float
    model: str
    method: str
    field: str
    independent_field: str


def photoabsorption(
    atom: str | int | GroundState,
    energy_kev: ArrayLike,
    model: Literal["ipm", "rpa"] = "rpa",
    *,
    field: Field | None = None,
    half_width_kev: float = 0.0,
    thresholds: Thresholds = "calculated",
    size: BasisSize | None = None,
) -> Photoabsorption:
    """Photoabsorption cross section with or without correlation.

    Parameters
    ----------
    atom : str, int or GroundState
        Symbol, atomic number, or a ground state.
    energy_kev : array_like, shape (E,)
        Photon energies > 0.
    model : {"ipm", "rpa"}
        Independent electrons, or all together (up to 0.68 keV; beyond, independent).
    field : {"dirac-fock", "lda", "lb94"}, optional
        Of an atom that is no ground state: see `correlated_state`. By default independent electrons are those
        of Dirac-Fock theory, and correlated ones those of the field whose cross sections are nearest to
        measurement: exact exchange for helium and argon, the local density with the right tail for
        krypton, the plain one for all others.
    half_width_kev : float
        Average over energy ± this, with the weight of `nuatom.numerics.spectral_average`;
        applies to the correlated response.
    thresholds : {"calculated", "measured"}
        Energies of the field, or X-ray edges.
    size : BasisSize, optional
        Of the correlated response.

    Raises
    ------
    InputError
        If an argument is not as above.
    ConvergenceError
        If the ground state, a wave, or the response is not found.
    """
    energies = positive_row("energy_kev", energy_kev, "keV")
    if model not in ("ipm", "rpa"):
        raise InputError("model", model, "ipm or rpa")
    if not (np.isfinite(half_width_kev) and half_width_kev >= 0.0):
        raise InputError("half_width_kev", half_width_kev, "a number >= 0")
    state, alone = _states(atom, model, field)
    edges = thresholds_kev(alone, thresholds) / HARTREE_KEV
    transfers = energies / HARTREE_KEV
    partial = _independent(alone, transfers, edges)
    independent = partial.sum(axis=1)
    forms = independent.copy()
    together = np.zeros(energies.size, dtype=bool)
    method: Literal["rpa", "tdlda"] = "rpa" if state.method == "dirac-fock" else "tdlda"
    step = 0.0
    if model == "rpa":
        together = transfers <= HIGHEST_CORRELATED
        half_width = half_width_kev / HARTREE_KEV
        shifted = None if thresholds == "calculated" else thresholds_kev(state, thresholds) / HARTREE_KEV
        for index in energy_segments(transfers, together):
            basis = _basis(state, transfers[index], size)
            forms[:, index] = _correlated(state, transfers[index], method, half_width, shifted, basis)
        if together.any() and not together.all():
            last = int(np.flatnonzero(together)[np.argmax(transfers[together])])
            step = float(abs(forms[0, last] / independent[0, last] - 1.0))
    length, velocity = forms
    return Photoabsorption(
        energy_kev=energies,
        sigma_mb=np.where(together, length, velocity),
        length_mb=length,
        velocity_mb=velocity,
        independent_mb=np.where(together, independent[0], independent[1]),
        labels=tuple(orbital.label for orbital in alone.orbitals),
        edges_kev=HARTREE_KEV * edges,
        subshells_mb=partial[1],
        correlated=together,
        join_step=step,
        half_width_kev=float(half_width_kev) if model == "rpa" else 0.0,
        model=model,
        method=method if model == "rpa" else "independent particles",
        field=state.method,
        independent_field=alone.method,
    )


def _states(
    atom: str | int | GroundState, model: str, field: Field | None
) -> tuple[GroundState, GroundState]:
    """Of electrons that answer together, and of those that answer alone."""
    if isinstance(atom, GroundState):
        if field is not None:
            raise InputError("field", field, "nothing beside a ground state, which has one")
        return atom, atom
    number = atomic_number(atom, "atom") if isinstance(atom, str) else atom
    if field is not None:
        state = correlated_state(number, field)
        return state, state
    alone = ground_state(number)
    nearest = NEAREST.get(number, "lda")
    if model == "ipm" or nearest == "dirac-fock":
        return alone, alone
    return correlated_state(number, nearest), alone


def _forms(strengths: FloatArray, transfer: float, c: float) -> FloatArray:
    """Length and velocity form in megabarn, from strengths summed over multipoles at Q = T/c."""
    scale = 4.0 * np.pi**2 / c * MEGABARN_PER_BOHR2
    momentum = transfer / c
    length = scale * transfer * strengths[COMPONENTS.index("vector_00")] / momentum**2
    velocity = scale * c**2 / transfer * strengths[COMPONENTS.index("vector_11")]
    return np.array([length, velocity])


def _independent(state: GroundState, transfers: FloatArray, edges: FloatArray) -> FloatArray:
    """Length and velocity form of every subshell, shape (2, S, E)."""
    c = state.speed_of_light
    result = np.zeros((2, len(state.orbitals), transfers.size))
    for s, (orbital, edge) in enumerate(zip(state.orbitals, edges, strict=True)):
        for t, transfer in enumerate(transfers):
            strengths = independent_strengths(
                state, orbital, float(transfer), np.array([transfer / c]), MULTIPOLES, float(edge),
                ELECTRIC,
            )  # fmt: skip
            result[:, s, t] = _forms(strengths.sum(axis=1)[:, 0], float(transfer), c)
    return result


def _correlated(
    state: GroundState, transfers: FloatArray, method: Literal["rpa", "tdlda"], half_width: float,
    thresholds: FloatArray | None, basis: OrbitalBasis,
) -> FloatArray:  # fmt: skip
    c = state.speed_of_light
    response = linear_response(
        state, transfers, transfers / c, (1,), method,
        half_width=half_width, thresholds=thresholds, basis=basis, parities=ELECTRIC,
    )  # fmt: skip
    forms = [
        _forms(response.correlated[:, :, t, t].sum(axis=1), float(transfer), c)
        for t, transfer in enumerate(transfers)
    ]
    return np.array(forms).T


def _basis(state: GroundState, transfers: FloatArray, size: BasisSize | None) -> OrbitalBasis:
    return basis_for(state, float(transfers.max()), size)
