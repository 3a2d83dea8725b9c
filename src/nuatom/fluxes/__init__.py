"""Where the neutrinos come from: one module a source, and the names of those that need no arguments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Final

from nuatom.errors import InputError
from nuatom.fluxes.components import Component, Continuum, Flux, FluxVariation, Lines, Production
from nuatom.fluxes.pion_decay import pion_decay_at_rest
from nuatom.fluxes.radioactive_source import radioactive_source
from nuatom.fluxes.reactor import reactor
from nuatom.fluxes.solar import solar
from nuatom.fluxes.table import read_flux, tabulated
from nuatom.fluxes.timing import BinnedPulse, GaussianPulse, Timing

__all__ = [
    "FLUXES",
    "BinnedPulse",
    "Component",
    "Continuum",
    "Flux",
    "FluxVariation",
    "GaussianPulse",
    "Lines",
    "Production",
    "Timing",
    "flux",
    "pion_decay_at_rest",
    "radioactive_source",
    "reactor",
    "read_flux",
    "solar",
    "tabulated",
]

FLUXES: Final[MappingProxyType[str, Callable[[], Flux]]] = MappingProxyType(
    {
        "solar-gs98": lambda: solar("gs98"),
        "solar-agss09met": lambda: solar("agss09met"),
        "reactor-pwr": lambda: reactor(thermal_power_gw=3.0, distance_m=20.0, name="reactor-pwr"),
        "pion-decay-at-rest": lambda: pion_decay_at_rest(
            neutrinos_per_proton=0.085, protons_per_s=8.7e15, distance_m=20.0
        ),
    }
)
"""Every flux by name; nothing is read before one is called. The last two stand for no one place: 3 GW thermal
with mean fuel, and 1.4 MW of 1 GeV protons, both at 20 m."""

_TABLES: Final = frozenset({".csv", ".txt", ".dat"})


def flux(name: str) -> Flux:
    """Return the flux called `name`, or that of a file (:func:`~nuatom.fluxes.table.read_flux`).

    Parameters
    ----------
    name : str
        A key of :data:`FLUXES`, or the path of a file that ends in ``.csv``, ``.txt`` or ``.dat``.

    Raises
    ------
    InputError
        For a name that is not in :data:`FLUXES`, or a file that cannot be read.

    Examples
    --------
    >>> flux("solar-gs98").component("pp").flux_per_cm2_s
    59800000000.0
    """
    if name in FLUXES:
        return FLUXES[name]()
    if Path(name).suffix.lower() in _TABLES:
        return read_flux(name)
    raise InputError("flux", name, f"one of {', '.join(FLUXES)}, or a file in .csv, .txt or .dat")
