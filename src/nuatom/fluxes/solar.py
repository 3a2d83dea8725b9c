"""Neutrinos from the Sun: pp chain and CNO cycle of two standard solar models.

The two B16 models differ in their heavy elements: GS98 (high metallicity) and AGSS09met (low).
Both carry the production profiles of B16-GS98; those of the other model would move a survival
probability by at most 0.0022. Fluxes are those at 1 au, averaged over the year.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np

from nuatom.data import read_toml
from nuatom.errors import InputError
from nuatom.fluxes.beta import beta_spectrum
from nuatom.fluxes.components import Component, Continuum, Flux, Lines, Production
from nuatom.fluxes.densities import SquaredTable

__all__ = ["COMPONENTS", "MODELS", "solar"]

MODELS: Final = ("gs98", "agss09met")

COMPONENTS: Final = ("pp", "pep", "hep", "be7", "b8", "n13", "o15", "f17")

_CITATIONS: Final = ("Vinyoles:2016djt", "Bahcall:1997eg", "Winter:2004kf")

_KEV_PER_MEV: Final = 1000.0


@cache
def solar(model: str = "gs98") -> Flux:
    """Solar neutrino flux of a B16 standard solar model.

    Normalisations and uncertainties: N. Vinyoles et al., Astrophys. J. 835 (2017) 202. Shapes:
    the allowed positron spectrum with its Coulomb factor for pp, hep, 13N, 15O and 17F
    (:func:`nuatom.fluxes.beta.beta_spectrum`); lines for pep and 7Be; for 8B the spectrum of
    W. T. Winter et al., Phys. Rev. C 73 (2006) 025503, which is no allowed shape, for the final
    state is broad. Line energies and the pp and hep end points: J. N. Bahcall,
    Phys. Rev. C 56 (1997) 3391. The thermal width of the lines (about 1 keV) and of the pp
    end point is left out.

    Parameters
    ----------
    model : str
        ``"gs98"`` or ``"agss09met"``.

    Returns
    -------
    Flux
        Named ``solar-gs98`` or ``solar-agss09met``; electron neutrinos at production.

    Raises
    ------
    InputError
        For another model.
    """
    if model not in MODELS:
        raise InputError("model", model, f"one of {', '.join(MODELS)}")
    data = read_toml("solar.toml")
    components = tuple(
        Component(
            name=name,
            flux_per_cm2_s=data["flux"][model][name][0],
            relative_uncertainty=data["flux"][model][name][1],
            flavour="e",
            spectrum=_spectrum(name, data),
            production=_production(data["production"][name]),
        )
        for name in COMPONENTS
    )
    return Flux(name=f"solar-{model}", components=components, citations=_CITATIONS)


def _spectrum(name: str, data: dict[str, Any]) -> Lines | Continuum:
    if name in data["lines"]:
        energies, branchings = zip(*data["lines"][name], strict=True)
        return Lines(energies, branchings)
    if name in data["beta"]:
        return beta_spectrum(**data["beta"][name])
    return _boron_spectrum(data["b8"])


def _boron_spectrum(table: dict[str, Any]) -> Continuum:
    """8B spectrum through the published points, with panels at the points.

    The square root of the density is interpolated: it starts linear, as E² does, and its square
    cannot be negative. Points beyond the first zero of the table carry nothing.
    """
    end = table["spectrum_per_mev"].index(0, 1) + 1
    energies_kev = _KEV_PER_MEV * np.array(table["energy_mev"][:end])
    root = np.sqrt(np.array(table["spectrum_per_mev"][:end]))
    edges = tuple(energies_kev.tolist())
    return Continuum.normalised(edges, SquaredTable(edges, tuple(root.tolist())))


def _production(table: dict[str, Any]) -> Production:
    fraction = np.array(table["fraction"])
    return Production(
        electron_density=tuple(table["mean_density"]),
        fraction=tuple((fraction / fraction.sum()).tolist()),
    )
