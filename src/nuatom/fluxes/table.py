"""Fluxes that a user brings: a table of energies and fluxes, or a file of one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import numpy as np

from nuatom.errors import InputError
from nuatom.files import ordinary_text
from nuatom.fluxes.components import Component, Continuum, Flux
from nuatom.fluxes.densities import LinearTable
from nuatom.numerics.quadrature import panel_rule

__all__ = ["read_flux", "tabulated"]

_LARGEST_BYTES: Final = 50_000_000
_SETTING: Final = re.compile(r"^#\s*(flavour|uncertainty|name)\s*[:=]\s*(\S+)\s*$", re.IGNORECASE)


def tabulated(
    name: str,
    energy_kev: tuple[float, ...],
    flux_per_cm2_s_kev: tuple[float, ...],
    flavour: str = "e",
    relative_uncertainty: float = 0.0,
    citations: tuple[str, ...] = (),
) -> Flux:
    """Flux of one component, linear between the points of a table and zero outside.

    Parameters
    ----------
    name : str
        Of the flux and of its component.
    energy_kev, flux_per_cm2_s_kev : tuple of float
        Increasing neutrino energies, and the flux at each, in cm⁻² s⁻¹ keV⁻¹.
    flavour : str
        ``"e"``, ``"mu"``, ``"tau"``, ``"anti-e"``, …: in which they arrive.
    relative_uncertainty : float
        One standard deviation of the normalisation.
    citations : tuple of str
        Keys of the bibliography.

    Raises
    ------
    InputError
        For energies that do not increase, negative numbers, or another flavour.

    Examples
    --------
    >>> source = tabulated("flat", (100.0, 200.0), (1e6, 1e6), flavour="anti-e")
    >>> round(source.component("flat").flux_per_cm2_s / 1e8, 6)
    1.0
    """
    table = LinearTable(energy_kev, flux_per_cm2_s_kev)
    _, weight = panel_rule(np.array(energy_kev), 2)
    nodes, _ = panel_rule(np.array(energy_kev), 2)
    total = float(np.sum(weight * table(nodes)))
    spectrum = Continuum.normalised(energy_kev, table)
    return Flux(name, (Component(name, total, relative_uncertainty, flavour, spectrum),), citations)


def read_flux(path: str | Path) -> Flux:
    """Flux of a file with two columns: energy in keV, flux in cm⁻² s⁻¹ keV⁻¹.

    Columns are separated by commas or blanks; a line of names may stand above them. Lines that begin with
    ``#`` are comments, and set what a table cannot say: ``# flavour: anti-e``, ``# uncertainty: 0.05``
    (relative), ``# name: my-reactor``. Electron neutrinos without uncertainty otherwise.

    Raises
    ------
    InputError
        For a file that cannot be read or holds anything else.
    """
    place = Path(path)
    try:
        text = ordinary_text(place, _LARGEST_BYTES)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError("flux", str(path), f"a readable file ({reason})") from error
    return parse_flux(text, str(path), place.stem)


def parse_flux(text: str, origin: str, name: str) -> Flux:
    """Flux of a text as :func:`read_flux` takes it; ``origin`` is for messages."""
    settings = {"flavour": "e", "uncertainty": "0", "name": name}
    rows: list[tuple[float, float]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if found := _SETTING.match(stripped):
            settings[found[1].lower()] = found[2]
        if not stripped or stripped.startswith("#"):
            continue
        cells = stripped.replace(",", " ").replace(";", " ").split()
        try:
            energy, flux = (float(cell) for cell in cells)
        except ValueError as error:
            if not rows and not any(_is_number(cell) for cell in cells):
                continue  # names of the columns
            accepted = "two numbers: energy in keV, flux in 1/(cm² s keV)"
            raise InputError(f"{origin}: line {number}", stripped[:60], accepted) from error
        rows.append((energy, flux))
    try:
        sigma = float(settings["uncertainty"])
    except ValueError as error:
        raise InputError(f"{origin}: uncertainty", settings["uncertainty"], "a number") from error
    try:
        energies, fluxes = (tuple(column) for column in zip(*rows, strict=True)) if rows else ((), ())
        return tabulated(settings["name"], energies, fluxes, settings["flavour"], sigma)
    except InputError as error:
        raise InputError(f"{origin}: {error.argument}", error.value, error.accepted) from error


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
