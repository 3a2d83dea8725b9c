r"""Amplitudes: what leaves when a neutrino in given flavour states meets an electron, a nucleon or a photon.

Each is a function of a neutrino, its matrices in the flavour basis, and of states, (..., 3); it returns what
leaves, (..., 3), Aψ. With the weak couplings :math:`g`, the charge q and the radius ⟨r²⟩, the photon that a
neutrino exchanges with an electron shifts

.. math:: g_V \to g_V + \frac{\sqrt2\pi\alpha}{3G_F}\langle r^2\rangle
          - \frac{2\sqrt2\pi\alpha}{G_F}\frac{q}{Q^2 - T^2},

and with a proton by as much with the opposite sign. The charge's part has a propagator that the kernels
hold; what is here multiplies 1/(Q² − T²), in keV².
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nuatom.neutrinos.electroweak import (
    vector_shift_from_charge_kev2,
    vector_shift_per_radius_cm2,
)
from nuatom.neutrinos.neutrino import Neutrino

__all__ = [
    "electron_axial",
    "electron_charge",
    "electron_vector",
    "electron_weak",
    "moment",
    "neutron_weak",
    "proton_vector",
    "proton_weak",
    "unit_charge",
    "unit_radius",
]

States = NDArray[np.complex128]


def electron_weak(neutrino: Neutrino, states: States) -> States:
    """Weak vector coupling to an electron, g_V."""
    left: States = states * np.array(neutrino.electroweak.vector)
    return left


def electron_vector(neutrino: Neutrino, states: States) -> States:
    """Vector coupling to an electron at large virtuality: g_V, shifted by the charge radius."""
    weak = np.diag(neutrino.electroweak.vector)
    return states @ (weak + vector_shift_per_radius_cm2() * neutrino.charge_radius_cm2).T


def electron_axial(neutrino: Neutrino, states: States) -> States:
    """Axial coupling to an electron, g_A."""
    return states @ np.diag(neutrino.electroweak.axial).T


def electron_charge(neutrino: Neutrino, states: States) -> States:
    """What a charge gives to an electron, times Q² − T²."""
    return states @ (vector_shift_from_charge_kev2() * neutrino.charge).T


def proton_weak(neutrino: Neutrino, states: States) -> States:
    """Weak vector coupling to a proton."""
    left: States = states * np.array(neutrino.electroweak.proton)
    return left


def proton_vector(neutrino: Neutrino, states: States) -> States:
    """Vector coupling to a proton at large virtuality: g_V^p, shifted by the charge radius."""
    return proton_weak(neutrino, states) + unit_radius(neutrino, states)


def neutron_weak(neutrino: Neutrino, states: States) -> States:
    """Weak vector coupling to a neutron."""
    return states * neutrino.electroweak.neutron


def unit_radius(neutrino: Neutrino, states: States) -> States:
    """What a charge radius gives to a target of charge +1."""
    return states @ (-vector_shift_per_radius_cm2() * neutrino.charge_radius_cm2).T


def unit_charge(neutrino: Neutrino, states: States) -> States:
    """What a charge gives to a target of charge +1, times Q² − T²."""
    return states @ (-vector_shift_from_charge_kev2() * neutrino.charge).T


def moment(neutrino: Neutrino, states: States) -> States:
    """What a magnetic or electric dipole moment flips, in Bohr magnetons."""
    return states @ neutrino.magnetic_moment.T
