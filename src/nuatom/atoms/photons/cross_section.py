"""Photoabsorption: the response on the photon line, Q = T, of electrons that answer alone or together.

With responses in the normalisation of `nuatom.atoms.independent.response`,

    σ(T) = 4π²α R_11(T, Q = T)/T,

equation (17) of KS11 with its R times Q². That is the velocity form; where current is conserved, always with
correlation and only in a common local field without it, the length form 4π²α R_00(T, T)/T agrees. Independent
electrons answer in the velocity form, with all multipoles; those that answer together in the electric
dipole's length form: up to 0.68 keV in a basis of splines, in local fields at higher energies by Green's
functions (`nuatom.atoms.correlated.local_density_response`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.correlated.basis import BasisSize
from nuatom.atoms.correlated.interaction import (
    Interaction,
    correlated_mean_field,
    interaction_of,
    preferred_mean_field,
)
from nuatom.atoms.correlated.linear_response import (
    HIGHEST_CORRELATED,
    basis_for,
    energy_segments,
    linear_response,
)
from nuatom.atoms.correlated.local_density_response import local_density_response
from nuatom.atoms.correlated.operators import Parity
from nuatom.atoms.independent.response import response
from nuatom.atoms.responses import Responses
from nuatom.atoms.structure.ground_state import ground_state, mean_field
from nuatom.atoms.structure.orbital import GroundState
from nuatom.atoms.structure.thresholds import Thresholds, thresholds_kev
from nuatom.atoms.target import atomic_number
from nuatom.constants import BOHR_RADIUS_CM, CM2_PER_INVERSE_KEV2, FINE_STRUCTURE, HARTREE_KEV
from nuatom.errors import InputError
from nuatom.numerics.bounds import HIGHEST_TRANSFER_KEV, row_up_to
from nuatom.numerics.guards import positive_row
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Photoabsorption", "photoabsorption", "photoabsorption_cm2", "tabulated_photoabsorption_cm2"]

MEGABARN_PER_CM2: Final = 1e18

ELECTRIC: Final[tuple[Parity, ...]] = ("natural",)
"""Length and velocity are two forms of the electric multipoles; magnetic ones are α² smaller."""

_TRANSVERSE: Final = COMPONENTS.index("vector_11")


@dataclass(frozen=True, eq=False)
class Photoabsorption:
    """Photoabsorption cross sections.

    Attributes
    ----------
    energy_kev : ndarray, shape (E,)
    sigma_mb : ndarray, shape (E,)
        Megabarn per atom: the length form with correlation, independent electrons without it.
    length_mb, velocity_mb : ndarray, shape (E,)
        Both forms with correlation, above 0.68 keV the length form twice; of independent electrons, the
        velocity form twice.
    labels : tuple of str
        Subshells of independent electrons, innermost first.
    edges_kev : ndarray, shape (S,)
        Their thresholds.
    subshells_mb : ndarray, shape (S, E)
        Independent electrons, subshell by subshell.
    correlated : ndarray of bool, shape (E,)
        Where the response is that of all electrons together; elsewhere each answers alone.
    threshold_kev : float
        Lowest threshold of the electrons of ``sigma_mb``. Up to it nothing is absorbed but, with an energy
        average, what that spreads of discrete lines.
    join_step : float
        |correlated/independent − 1| at the highest correlated energy, when higher ones follow.
    half_width_kev : float
        Of the energy average.
    interaction : str
        ``rpa`` or ``tdlda`` with correlation, ``none`` without.
    mean_field : str
        That of the correlated electrons, or without correlation of all.
    independent_mean_field : str
        That of ``subshells_mb`` and ``edges_kev``, and of ``sigma_mb`` where it is not correlated.
    """

    energy_kev: FloatArray
    sigma_mb: FloatArray
    length_mb: FloatArray
    velocity_mb: FloatArray
    labels: tuple[str, ...]
    edges_kev: FloatArray
    subshells_mb: FloatArray
    correlated: np.ndarray
    threshold_kev: float
    join_step: float
    half_width_kev: float
    interaction: Interaction | Literal["none"]
    mean_field: str
    independent_mean_field: str

    @property
    def independent_mb(self) -> FloatArray:
        """Independent electrons, all subshells, shape (E,)."""
        total: FloatArray = self.subshells_mb.sum(axis=0)
        return total


def photoabsorption(
    atom: str | int | GroundState,
    energy_kev: ArrayLike,
    model: Literal["ipm", "rpa"] = "rpa",
    *,
    method: str | None = None,
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
        Photon energies > 0, up to `nuatom.numerics.bounds.HIGHEST_TRANSFER_KEV`.
    model : {"ipm", "rpa"}
        Independent electrons, or all together: at any energy in a local field and its own thresholds, up to
        0.68 keV otherwise, and beyond independent.
    method : str, optional
        Mean field of an atom that is no ground state: see
        `nuatom.atoms.structure.ground_state.ground_state`, and with correlation
        `nuatom.atoms.correlated.interaction.correlated_mean_field`. By default independent electrons are
        those of Dirac-Fock theory, and correlated ones those of the field whose cross sections are nearest
        to measurement: exact exchange for helium and argon, the local density with the right tail for
        krypton, the plain one for all others.
    half_width_kev : float
        Average over energy ± this, with the weight of `nuatom.numerics.spectral_average`, of the correlated
        response.
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
    energies = row_up_to("energy_kev", energy_kev, HIGHEST_TRANSFER_KEV, "keV")
    if model not in ("ipm", "rpa"):
        raise InputError("model", model, "ipm or rpa")
    if not (np.isfinite(half_width_kev) and half_width_kev >= 0.0):
        raise InputError("half_width_kev", half_width_kev, "a number >= 0")
    if model == "ipm" and half_width_kev != 0.0:
        raise InputError("half_width_kev", half_width_kev, "0 (the default), but with model rpa")
    state, alone = _states(atom, model, method)
    own = thresholds_kev(state, thresholds)
    edges = own if alone is state else thresholds_kev(alone, thresholds)
    subshells = MEGABARN_PER_CM2 * photoabsorption_cm2(alone, energies, thresholds=thresholds)
    forms = np.tile(subshells.sum(axis=0), (2, 1))
    together = np.zeros(energies.size, dtype=bool)
    step = 0.0
    if model == "rpa":
        transfers = energies / HARTREE_KEV
        local = interaction_of(state) == "tdlda" and thresholds == "calculated"
        low = transfers <= HIGHEST_CORRELATED
        together = low | local
        shifted = None if thresholds == "calculated" else own / HARTREE_KEV
        # Up to the first threshold there are only discrete lines, and without an average none is met.
        absorbs = together & ((energies > own.min()) | (half_width_kev > 0.0))
        last = int(np.argmax(np.where(together, energies, 0.0)))
        before = forms[0, last]
        forms[:, together] = 0.0
        for index in energy_segments(transfers, absorbs & low):
            forms[:, index] = _correlated(
                state, transfers[index], half_width_kev / HARTREE_KEV, shifted, size
            )
        for one in np.flatnonzero(absorbs & ~low):
            forms[:, one] = _by_green_functions(state, float(transfers[one]), half_width_kev / HARTREE_KEV)
        if together.any() and not together.all():
            step = float(abs(forms[0, last] / before - 1.0)) if before > 0.0 else 0.0
    return Photoabsorption(
        energy_kev=energies,
        sigma_mb=forms[0],
        length_mb=forms[0],
        velocity_mb=forms[1],
        labels=tuple(orbital.label for orbital in alone.orbitals),
        edges_kev=edges,
        subshells_mb=subshells,
        correlated=together,
        threshold_kev=float(own.min()),
        join_step=step,
        half_width_kev=float(half_width_kev),
        interaction=interaction_of(state) if model == "rpa" else "none",
        mean_field=state.method,
        independent_mean_field=alone.method,
    )


def photoabsorption_cm2(
    state: GroundState,
    energy_kev: ArrayLike,
    *,
    accuracy: float = 0.01,
    subshells: Sequence[str] | None = None,
    thresholds: Thresholds = "calculated",
) -> FloatArray:
    """Photoelectric cross section of every subshell of independent electrons, all multipoles.

    Parameters
    ----------
    state : GroundState
    energy_kev : array_like, shape (E,)
        Photon energies.
    accuracy : float
        Relative accuracy asked of the multipole sums.
    subshells : sequence of str, optional
        Labels of those wanted; all by default.
    thresholds : {"calculated", "measured"}
        Where each subshell opens, as for :func:`nuatom.atoms.independent.response.response`.

    Returns
    -------
    ndarray, shape (S, E)
        cm² per atom; zero where the photon does not exceed the edge.

    Raises
    ------
    InputError
        For energies that are not positive, or an unknown subshell.
    """
    energies = positive_row("energy_kev", energy_kev, "keV")
    columns = [
        response(state, [energy], [energy], accuracy=accuracy, subshells=subshells, thresholds=thresholds)
        for energy in energies
    ]
    transverse = np.stack([c.values_per_kev[:, _TRANSVERSE, 0, 0] for c in columns], axis=1)
    return _cross_section(transverse, energies)


def tabulated_photoabsorption_cm2(responses: Responses, energy_kev: ArrayLike) -> FloatArray:
    """Photoelectric cross section of an atom from its responses on the photon line; see above.

    Parameters
    ----------
    responses : Responses
    energy_kev : array_like, shape (E,)

    Returns
    -------
    ndarray, shape (E,)
        cm² per atom.

    Raises
    ------
    InputError
        For energies that are not positive, or beyond the responses.
    """
    energies = positive_row("energy_kev", energy_kev, "keV")
    on_photon_line = responses.on_momenta(energies, energies[:, None])
    return _cross_section(on_photon_line[_TRANSVERSE, :, 0], energies)


def _cross_section(transverse_per_kev: FloatArray, energies: FloatArray) -> FloatArray:
    cross_section: FloatArray = (
        4.0 * np.pi**2 * FINE_STRUCTURE * CM2_PER_INVERSE_KEV2 * transverse_per_kev / energies
    )
    return cross_section


def _states(atom: str | int | GroundState, model: str, method: str | None) -> tuple[GroundState, GroundState]:
    """Of electrons that answer together, and of those that answer alone."""
    if isinstance(atom, GroundState):
        if method is not None:
            raise InputError("method", method, "nothing beside a ground state, which has one")
        return atom, atom
    number = atomic_number(atom, "atom") if isinstance(atom, str) else atom
    if method is not None:
        wanted = mean_field(method) if model == "ipm" else correlated_mean_field(number, method)
        state = ground_state(number, wanted)
        return state, state
    alone = ground_state(number)
    nearest = preferred_mean_field(number)
    if model == "ipm" or nearest == alone.method:
        return alone, alone
    return ground_state(number, nearest), alone


def _correlated(
    state: GroundState, transfers: FloatArray, half_width: float, thresholds: FloatArray | None,
    size: BasisSize | None,
) -> FloatArray:  # fmt: skip
    """Length and velocity form in megabarn, shape (2, E), of transfers that share a basis."""
    c = state.speed_of_light
    answer = linear_response(
        state, transfers, transfers / c, (1,), interaction_of(state), half_width=half_width,
        thresholds=thresholds, basis=basis_for(state, float(transfers.max()), size), parities=ELECTRIC,
    )  # fmt: skip
    on_line = np.arange(transfers.size)
    strengths = answer.correlated[:, 0, on_line, on_line]
    forms: FloatArray = _scale(state, transfers) * strengths[[COMPONENTS.index("vector_00"), _TRANSVERSE]]
    return forms


def _by_green_functions(state: GroundState, transfer: float, half_width: float) -> float:
    """Length form in megabarn of one transfer."""
    answer = local_density_response(
        state, [transfer], [transfer / state.speed_of_light], (1,), half_width=half_width, accuracy=None
    )
    return float(_scale(state, transfer) * answer.correlated[0, 0, 0])


def _scale(state: GroundState, transfer: ArrayLike) -> FloatArray:
    """From S per hartree on the photon line to megabarn."""
    scale: FloatArray = 4.0 * np.pi**2 * state.speed_of_light / np.asarray(transfer, dtype=float)
    return scale * (MEGABARN_PER_CM2 * BOHR_RADIUS_CM**2)
