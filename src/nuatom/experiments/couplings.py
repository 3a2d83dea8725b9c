"""Nuisances of neutrinos themselves: couplings and mixing that are measured elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from nuatom.neutrinos import Neutrino, couplings

__all__ = ["NEUTRINO_NUISANCES", "neutrino_with"]

_MIXING: Final = ("sin2_theta12", "sin2_theta13", "sin2_theta23", "delta_m2_21_ev2")
NEUTRINO_NUISANCES: Final = ("sin2_theta_w", *(f"mixing.{name}" for name in _MIXING))
"""The weak mixing angle, and what mixes flavours."""


def neutrino_with(neutrino: Neutrino, name: str, value: float) -> Neutrino:
    """The neutrino with another weak mixing angle, or another parameter of its mixing.

    Parameters
    ----------
    neutrino : Neutrino
        Everything else.
    name : str
        One of :data:`NEUTRINO_NUISANCES`.
    value : float
        Its value.
    """
    electroweak, mixing = neutrino.electroweak, neutrino.mixing
    if name == "sin2_theta_w":
        electroweak = couplings(electroweak.scheme, value)
    else:
        changed: dict[str, Any] = {name.partition(".")[2]: value}
        mixing = replace(mixing, **changed)
    return Neutrino(
        neutrino.magnetic_moment,
        neutrino.charge,
        neutrino.charge_radius_cm2,
        basis=neutrino.basis,
        nature=neutrino.nature,
        electroweak=electroweak,
        mixing=mixing,
    )
