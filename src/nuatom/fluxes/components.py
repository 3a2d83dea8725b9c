"""The parts of a flux: lines, continua, where they are made, and their normalisation."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.errors import InputError
from nuatom.fluxes.densities import Scaled
from nuatom.fluxes.timing import BinnedPulse, GaussianPulse, Timing
from nuatom.neutrinos import flavour_state
from nuatom.numerics.guards import positive_row
from nuatom.numerics.quadrature import FloatArray, panel_rule

__all__ = ["Component", "Continuum", "Flux", "FluxVariation", "Lines", "Production"]


_NORMALISATION_TOLERANCE: Final = 1e-9
_NORMALISATION_ORDER: Final = 48

# What is integrated varies on the scale of the threshold itself: panels double away from it.
_DOUBLINGS: Final = 2.0 ** np.arange(1, 6)


@dataclass(frozen=True)
class Lines:
    """Monochromatic neutrinos.

    Parameters
    ----------
    energies_kev : tuple of float
        Line energies, positive.
    branchings : tuple of float
        Share of each line; they sum to 1.

    Raises
    ------
    InputError
        When the two differ in length, or hold values that no line can have.
    """

    energies_kev: tuple[float, ...]
    branchings: tuple[float, ...]

    def __post_init__(self) -> None:
        positive_row("energies_kev", self.energies_kev, "keV")
        _require_shares("branchings", self.branchings, len(self.energies_kev))


@dataclass(frozen=True)
class Continuum:
    """A continuous spectrum: a probability density in energy, smooth between panel edges.

    Parameters
    ----------
    edges_kev : tuple of float
        Ends of the spectrum, and between them every energy where the density is not smooth.
    density : callable
        Array of energies in keV to probability density in keV⁻¹; its integral between the first
        and last edge is 1. It may approach the upper end like a power of √(end − E).

    Raises
    ------
    InputError
        When the edges do not increase from zero or above, or the density is not normalised.
    """

    edges_kev: tuple[float, ...]
    density: Callable[[FloatArray], FloatArray]

    def __post_init__(self) -> None:
        edges = np.asarray(self.edges_kev)
        ordered = edges.size > 1 and edges[0] >= 0.0 and bool(np.all(np.diff(edges) > 0.0))
        if not ordered or not np.isfinite(edges[-1]):
            raise InputError("edges_kev", self.edges_kev, "two or more increasing energies ≥ 0")
        _, weights = self.quadrature(edges[0], _NORMALISATION_ORDER)
        if not abs(weights.sum() - 1.0) < _NORMALISATION_TOLERANCE:
            raise InputError(
                "density", float(weights.sum()), "a density whose integral is 1; see `normalised`"
            )

    @classmethod
    def normalised(cls, edges_kev: tuple[float, ...], shape: Callable[[FloatArray], FloatArray]) -> Continuum:
        """Continuum with the density `shape` divided by its integral between the edges.

        Parameters
        ----------
        edges_kev : tuple of float
            As for the class.
        shape : callable
            Density in any unit.

        Raises
        ------
        InputError
            When the integral is not a positive number.
        """
        nodes, weights = _rule(edges_kev, edges_kev[0], _NORMALISATION_ORDER)
        norm = float(np.sum(weights * shape(nodes)))
        if not 0.0 < norm < math.inf:
            raise InputError("shape", norm, "a density with a positive integral")
        return cls(edges_kev, Scaled(shape, norm))

    def quadrature(
        self, lower_kev: ArrayLike, order: int, stops_kev: ArrayLike = ()
    ) -> tuple[FloatArray, FloatArray]:
        """Energies and weights that integrate a function over the spectrum above a threshold.

        ``sum(weight * f(energy))`` over the last axis is ∫ f(E) density(E) dE from `lower_kev`
        to the end of the spectrum, by `order` Gauss-Legendre nodes in each panel; panels that
        start at the threshold also end where it doubles, for up to five times. In the last
        panel E = end − (end − left)(1 − u)², which turns a power of √(end − E) into a power
        of 1 − u; the error falls exponentially with `order` for a smooth f.

        Parameters
        ----------
        lower_kev : array_like, shape (...)
            Threshold. Below the spectrum it is the whole spectrum; above, every weight is zero.
        order : int
            Nodes per panel.
        stops_kev : array_like, shape (..., stops)
            Where panels end besides, for each threshold.

        Returns
        -------
        energy_kev, weight : ndarray, shape (..., nodes)
            Weights include the density: those of the whole spectrum sum to 1.
        """
        energy, weight = _rule(self.edges_kev, lower_kev, order, stops_kev)
        return energy, weight * self.density(energy)


def _rule(
    edges_kev: tuple[float, ...], lower_kev: ArrayLike, order: int, stops_kev: ArrayLike = ()
) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights above a threshold, before the density is multiplied in."""
    lower = np.asarray(lower_kev, dtype=float)
    if np.any(np.isnan(lower)):
        raise InputError("lower_kev", lower_kev, "numbers")
    if order < 1:
        raise InputError("order", order, "a positive number of nodes")
    edges = np.asarray(edges_kev, dtype=float)
    end = edges[-1]
    lower = np.clip(lower, edges[0], end)[..., None]
    doubled = lower * _DOUBLINGS
    stops = np.asarray(stops_kev, dtype=float)
    stops = np.broadcast_to(stops, (*lower.shape[:-1], stops.shape[-1]))
    inner = np.concatenate(
        [
            np.maximum(edges[:-1], lower),
            np.where(doubled < 0.5 * end, doubled, lower),
            np.where((stops > lower) & (stops < 0.5 * (edges[-2] + end)), stops, lower),
        ],
        axis=-1,
    )
    inner.sort(axis=-1)
    energy, weight = panel_rule(inner, order)
    distance, distance_weight = panel_rule(
        np.stack([np.zeros(inner.shape[:-1]), np.sqrt(end - inner[..., -1])], axis=-1), order
    )
    return (
        np.concatenate([energy, end - distance**2], axis=-1),
        np.concatenate([weight, 2.0 * distance * distance_weight], axis=-1),
    )


@dataclass(frozen=True)
class Production:
    """Where in its source a component is made: the distribution of the electron density there.

    Parameters
    ----------
    electron_density : tuple of float
        Electron densities, N_A/cm³.
    fraction : tuple of float
        Fraction of the component made at each; they sum to 1.

    Raises
    ------
    InputError
        For a negative density, or fractions that are not shares of 1.
    """

    electron_density: tuple[float, ...]
    fraction: tuple[float, ...]

    def __post_init__(self) -> None:
        if not all(0.0 <= density < math.inf for density in self.electron_density):
            raise InputError("electron_density", self.electron_density, "densities ≥ 0")
        _require_shares("fraction", self.fraction, len(self.electron_density))


@dataclass(frozen=True)
class Component:
    """One component of a flux.

    Parameters
    ----------
    name : str
    flux_per_cm2_s : float
        Total flux at the detector, all flavours, cm⁻² s⁻¹.
    relative_uncertainty : float
        One standard deviation of the flux over the flux.
    flavour : str
        Flavour at production: ``"e"``, ``"mu"``, ``"tau"``, ``"anti-e"``, …
    spectrum : Lines or Continuum
    production : Production or None
        Where it is made, when matter there changes the flavour; None for a source in vacuum.
    timing : Timing or None
        When it arrives, for a pulsed source; None for a steady one.

    Raises
    ------
    InputError
        For a negative flux or uncertainty, or an unknown flavour.
    """

    name: str
    flux_per_cm2_s: float
    relative_uncertainty: float
    flavour: str
    spectrum: Lines | Continuum
    production: Production | None = None
    timing: Timing | None = None

    def __post_init__(self) -> None:
        for argument in ("flux_per_cm2_s", "relative_uncertainty"):
            value = getattr(self, argument)
            if not 0.0 <= value < math.inf:
                raise InputError(argument, value, "a finite number, not negative")
        flavour_state(self.flavour)


@dataclass(frozen=True, repr=False)
class Flux:
    """Neutrinos at a detector: named components, and the publications they rest on.

    Parameters
    ----------
    name : str
    components : tuple of Component
        Their names differ.
    citations : tuple of str
        Keys of the bibliography.

    Raises
    ------
    InputError
        When two components share a name, or there is none.
    """

    name: str
    components: tuple[Component, ...]
    citations: tuple[str, ...]

    def __post_init__(self) -> None:
        names = [component.name for component in self.components]
        if not names or len(set(names)) != len(names):
            raise InputError("components", names, "one or more components with different names")

    def __repr__(self) -> str:
        names = ", ".join(part.name for part in self.components)
        return f"<Flux {self.name}: {names}>"

    def component(self, name: str) -> Component:
        """Return the component called `name`.

        Raises
        ------
        InputError
            When there is no such component.
        """
        for component in self.components:
            if component.name == name:
                return component
        raise InputError("component", name, f"one of {', '.join(c.name for c in self.components)}")

    @property
    def variations(self) -> tuple[FluxVariation, ...]:
        """What it would be one standard deviation up and down, for each uncertainty that is no normalisation.

        Of a pulsed source: where its pulse lies.
        """
        timed = next((part.timing for part in self.components if part.timing is not None), None)
        if timed is None:
            return ()
        return tuple(
            FluxVariation(name, self._pulsed(plus), self._pulsed(minus))
            for name, plus, minus in timed.pulse.uncertainties
        )

    def _pulsed(self, pulse: GaussianPulse | BinnedPulse) -> Flux:
        parts = (
            part if part.timing is None else replace(part, timing=replace(part.timing, pulse=pulse))
            for part in self.components
        )
        return replace(self, components=tuple(parts))

    def times(self, factor: float) -> Flux:
        """The same flux, ``factor`` times as large.

        Raises
        ------
        InputError
            For a factor that is negative or not finite.
        """
        if not 0.0 <= factor < math.inf:
            raise InputError("factor", factor, "a finite number, not negative")
        parts = (replace(part, flux_per_cm2_s=factor * part.flux_per_cm2_s) for part in self.components)
        return replace(self, components=tuple(parts))


@dataclass(frozen=True)
class FluxVariation:
    """One independent uncertainty of a flux: what it would be one standard deviation up and down."""

    name: str
    plus: Flux
    minus: Flux


def _require_shares(argument: str, shares: tuple[float, ...], number: int) -> None:
    if len(shares) != number or not all(share >= 0.0 for share in shares):
        raise InputError(argument, shares, f"{number} numbers, not negative")
    if not abs(math.fsum(shares) - 1.0) < _NORMALISATION_TOLERANCE:
        raise InputError(argument, shares, "numbers that sum to 1")
