"""Differential rates before the detector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.constants import KG_PER_TONNE, SECONDS_PER_YEAR
from nuatom.errors import InputError
from nuatom.fluxes import Component, Flux
from nuatom.neutrinos import Neutrino
from nuatom.numerics.blocks import in_blocks
from nuatom.numerics.convergence import refine
from nuatom.numerics.guards import positive_row
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes import Kernels
from nuatom.rates.arrival import arrival
from nuatom.rates.folding import flux_average, sample_energies_kev

__all__ = ["Rate", "differential_rate"]

_ERROR_ACCURACY: Final = 1e-3


@dataclass(frozen=True)
class Rate:
    """Differential rate per component of the flux, in events/(t yr keV).

    Parameters
    ----------
    recoil_kev : ndarray
        Energy transferred.
    components : dict of ndarray
        Rate of each flux component.
    citations : tuple of str
        Sources of kernels, couplings and flux.
    tables : tuple of (str, str)
        Response tables and their hashes, as of the kernels.
    errors : dict of ndarray
        One standard deviation of the total by each error of the kernels, ``"theory.Xe"``.
    """

    recoil_kev: FloatArray
    components: dict[str, FloatArray]
    citations: tuple[str, ...]
    tables: tuple[tuple[str, str], ...] = ()
    errors: Mapping[str, FloatArray] = field(default_factory=dict)

    @property
    def total(self) -> FloatArray:
        """Sum over the components."""
        total: FloatArray = np.sum(list(self.components.values()), axis=0)
        return total

    @property
    def theory_error(self) -> FloatArray:
        """One standard deviation of the total by all errors of the kernels, which are independent."""
        parts = [np.zeros(self.recoil_kev.size), *self.errors.values()]
        error: FloatArray = np.sqrt(np.sum(np.square(parts), axis=0))
        return error


def differential_rate(
    kernels: Kernels,
    flux: Flux,
    neutrino: Neutrino,
    recoil_kev: ArrayLike,
    accuracy: float = 1e-6,
) -> Rate:
    """Rate of recoils in a target, dR/dT = (1/m) Σ_c ∫dE Φ_c(E) Σ_states P(E) dσ/dT.

    Parameters
    ----------
    kernels : Kernels
        Of the target.
    flux : Flux
        Components at the detector.
    neutrino : Neutrino
        Couplings, electromagnetic structure and mixing.
    recoil_kev : array_like
        Recoils, positive.
    accuracy : float
        Quadrature error to reach in every component at every recoil, relative to its rate there (within
        1e-9 of the largest rate, next to the end point, to that).

    Raises
    ------
    InputError
        For recoils that are not positive and finite.
    ConvergenceError
        When the accuracy is not reached.
    """
    recoil = positive_row("recoil_kev", recoil_kev, "keV")
    per_tonne_year = KG_PER_TONNE / kernels.target.mass_kg * SECONDS_PER_YEAR
    components = {}
    for component in flux.components:
        states, probability, antineutrino = arrival(
            component, sample_energies_kev(component), neutrino.mixing
        )
        coefficients = kernels.algebra.coefficients(neutrino, states, antineutrino=antineutrino)
        weights = per_tonne_year * probability.T @ coefficients

        def at_level(
            level: int, component: Component = component, weights: FloatArray = weights
        ) -> FloatArray:
            parts = [
                np.einsum("sk,tsk->t", weights, flux_average(kernels, component, some, level))
                for some in in_blocks(recoil)
            ]
            return np.concatenate(parts)

        components[component.name], _ = refine(at_level, _scale, accuracy, f"the rate of {component.name}")
    if not all(np.all(np.isfinite(rate)) for rate in components.values()):
        raise InputError("couplings", "too large", "couplings and recoils that give finite rates")
    total: FloatArray = np.sum(list(components.values()), axis=0)
    errors = {}
    for error in kernels.errors:
        part = total
        if error.of is not None:
            part = differential_rate(error.of, flux, neutrino, recoil, max(accuracy, _ERROR_ACCURACY)).total
        errors[error.name] = error.relative(recoil) * np.abs(part)
    return Rate(
        recoil_kev=recoil,
        components=components,
        citations=(*kernels.citations, *neutrino.citations, *neutrino.mixing.citations, *flux.citations),
        tables=kernels.tables,
        errors=errors,
    )


def _scale(rate: FloatArray) -> FloatArray:
    """Each recoil's own rate, but for those next to the end point, where it vanishes."""
    size = np.abs(rate)
    scale: FloatArray = np.maximum(size, 1e-9 * size.max(initial=0.0))
    return scale
