"""Equations (1) and (2) of :cite:`JKY21`: solar pp neutrinos and the means over their spectrum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from nuatom.fluxes import Component, Continuum, flux
from nuatom.fluxes.beta import beta_spectrum
from nuatom.numerics.quadrature import FloatArray

__all__ = ["ENDPOINT_KEV", "coulomb_spectrum", "mean", "mean_power", "pp_component", "pp_spectrum"]

ENDPOINT_KEV: Final = 423.41
"""End point Q of equation (1)."""

# E² ln E bends at zero: its mean is right to 1e-10 with so many nodes.
_ORDER: Final = 64
# At zero itself the empty panels of the rule have nodes, where 1/E² is not a number.
_LEAST_KEV: Final = 1e-9


def pp_spectrum() -> Continuum:
    """Equation (1), F = P₀ E² (Q + m_e − E) √((Q + m_e − E)² − m_e²), without a Coulomb factor."""
    return beta_spectrum(ENDPOINT_KEV)


def pp_component() -> Component:
    """Solar pp neutrinos as the package has them: their flux, and the spectrum with the Coulomb factor."""
    return flux("solar-gs98").component("pp")


def coulomb_spectrum() -> Continuum:
    """Spectrum of :func:`pp_component`, with the positron's Coulomb factor as in :cite:`Bahcall:1997eg`."""
    spectrum = pp_component().spectrum
    if not isinstance(spectrum, Continuum):
        raise TypeError("pp neutrinos have a continuous spectrum")
    return spectrum


def mean(of: Callable[[FloatArray], FloatArray], spectrum: Continuum, above_kev: float = 0.0) -> float:
    """∫ of(E) F(E) dE of a normalised spectrum, above an energy: the means of equation (2).

    Examples
    --------
    >>> round(mean(lambda energy_kev: energy_kev, pp_spectrum()), 3)
    267.945
    """
    energy, weight = spectrum.quadrature(max(above_kev, _LEAST_KEV), _ORDER)
    return float(np.sum(weight * of(energy)))


def mean_power(power: int, spectrum: Continuum) -> float:
    """⟨E^power⟩ in keV^power."""
    return mean(lambda energy_kev: energy_kev ** float(power), spectrum)
