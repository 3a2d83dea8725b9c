"""Where the neutrinos come from: one module a source, and their names."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from nuatom.errors import InputError
from nuatom.fluxes.components import Component, Continuum, Flux, Lines, Production
from nuatom.fluxes.solar import solar

__all__ = ["FLUXES", "Component", "Continuum", "Flux", "Lines", "Production", "flux"]

FLUXES: Final[MappingProxyType[str, Callable[[], Flux]]] = MappingProxyType(
    {
        "solar-gs98": lambda: solar("gs98"),
        "solar-agss09met": lambda: solar("agss09met"),
    }
)
"""Every flux by name; nothing is read before one is called."""


def flux(name: str) -> Flux:
    """Return the flux called `name`.

    Raises
    ------
    InputError
        For a name that is not in :data:`FLUXES`.

    Examples
    --------
    >>> flux("solar-gs98").component("pp").flux_per_cm2_s
    59800000000.0
    """
    if name not in FLUXES:
        raise InputError("flux", name, f"one of {', '.join(FLUXES)}")
    return FLUXES[name]()
