"""Photoabsorption: the transverse response on the photon line, Q = T."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.independent.response import response
from nuatom.atoms.responses import Responses
from nuatom.atoms.structure.orbital import GroundState
from nuatom.atoms.structure.thresholds import Thresholds
from nuatom.constants import CM2_PER_INVERSE_KEV2, FINE_STRUCTURE
from nuatom.numerics.guards import positive_row
from nuatom.numerics.quadrature import FloatArray

__all__ = ["photoabsorption_cm2", "tabulated_photoabsorption_cm2"]

_TRANSVERSE = COMPONENTS.index("vector_11")


def photoabsorption_cm2(
    state: GroundState,
    energy_kev: ArrayLike,
    *,
    accuracy: float = 0.01,
    subshells: Sequence[str] | None = None,
    thresholds: Thresholds = "calculated",
) -> FloatArray:
    """Photoelectric cross section of every subshell, all electric and magnetic multipoles.

    σ(T) = 4π²α R_11(T, Q = T)/T, equation (17) of "Theory of neutrino-impact atomic excitation and
    ionization due to neutrino magnetic moments", with R in its normalisation times Q².

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
