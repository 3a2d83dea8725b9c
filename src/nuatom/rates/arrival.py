"""In which states the neutrinos of a flux component arrive, and how probably."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nuatom.fluxes import Component
from nuatom.neutrinos import Mixing, flavour_state, solar_mass_state_probabilities

__all__ = ["arrival"]


def arrival(
    component: Component, energy_kev: NDArray[np.float64], mixing: Mixing
) -> tuple[NDArray[np.complex128], NDArray[np.float64], bool]:
    """States in which a component's neutrinos arrive.

    Neutrinos made in the Sun arrive as an incoherent sum of the three mass states, with the probabilities of
    adiabatic conversion (:func:`~nuatom.neutrinos.oscillation.solar_mass_state_probabilities`); all others
    arrive in the flavour they were made in.

    Parameters
    ----------
    component : Component
        A flux component.
    energy_kev : ndarray, shape (energies,)
        Neutrino energies.
    mixing : Mixing
        Mixing angles and mass splittings.

    Returns
    -------
    states : complex ndarray, shape (states, 3)
        Flavour amplitudes.
    probability : ndarray, shape (states, energies)
        Sums to one over the states.
    antineutrino : bool
        Whether they are antineutrinos.
    """
    state, antineutrino = flavour_state(component.flavour)
    if component.production is None:
        return state[None, :], np.ones((1, energy_kev.size)), antineutrino
    probability = solar_mass_state_probabilities(
        energy_kev,
        np.array(component.production.electron_density),
        np.array(component.production.fraction),
        mixing,
    )
    return mixing.matrix.T, probability, antineutrino
