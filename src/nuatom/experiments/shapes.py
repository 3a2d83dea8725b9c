"""Shapes of backgrounds that have a name: what part of them falls in each bin."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from nuatom.errors import InputError
from nuatom.fluxes.beta import beta_shape
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray, panel_rule

__all__ = ["Move", "NamedShape", "beta_electrons", "exponential", "flat", "gaussian_line", "rebinned"]

_ORDER = 12
# Part of a nuisance's unit over which differences are taken.
_STEP: Final = 1e-4
# Part of a width, a decay constant or an end point that nuisances may take from it.
_LEAST: Final = 0.9


@dataclass(frozen=True)
class Move:
    """What a nuisance does to a number of a shape: ``by`` more when it is one more than its centre."""

    nuisance: str
    of: str
    by: float


@dataclass(frozen=True)
class NamedShape:
    """Counts of a shape with a name, whose numbers nuisances may move: not linearly.

    Parameters
    ----------
    kind : {"flat", "exponential", "line", "beta"}
        Which.
    numbers : tuple of (str, float)
        Its numbers.
    total : float
        Events within ``edges``.
    edges : tuple of float
        Bins in which it is known how many events there are.
    inside : (int, int)
        First and last edge of those of the data.
    moves : tuple of Move
        What nuisances do.
    """

    kind: str
    numbers: tuple[tuple[str, float], ...]
    total: float
    edges: tuple[float, ...]
    inside: tuple[int, int]
    moves: tuple[Move, ...] = ()

    @property
    def nuisances(self) -> tuple[str, ...]:
        """What moves it."""
        return tuple(dict.fromkeys(move.nuisance for move in self.moves))

    def reach(self, nuisance: str) -> tuple[float, float]:
        """How far a nuisance may go from its centre: no number that it moves comes below a tenth of itself.

        A line may go anywhere.
        """
        low, high = -math.inf, math.inf
        for move in self.moves:
            number = dict(self.numbers)[move.of]
            if move.nuisance == nuisance and move.of != "centre":
                end = -_LEAST * number / move.by
                low, high = (max(low, end), high) if end < 0.0 else (low, min(high, end))
        return low, high

    def counts(self, sizes: Mapping[str, float] | None = None) -> FloatArray:
        """Expected counts, for nuisances so far from their centres; not numbers where none can be."""
        numbers = dict(self.numbers)
        for move in self.moves:
            numbers[move.of] += move.by * (0.0 if sizes is None else sizes[move.nuisance])
        first, last = self.inside
        try:
            share = self._share(np.array(self.edges), numbers)
        except InputError:
            if sizes is None:
                raise
            return np.full(last - first, np.nan)
        whole = share.sum()
        if not whole > 0.0:
            return np.full(last - first, np.nan)
        counts: FloatArray = self.total * share[first:last] / whole
        return counts

    def slopes(self, sizes: Mapping[str, float]) -> dict[str, FloatArray]:
        """Derivative of the counts with respect to each nuisance."""
        found = {}
        for name in self.nuisances:
            up, down = ({**sizes, name: sizes[name] + step} for step in (_STEP, -_STEP))
            found[name] = (self.counts(up) - self.counts(down)) / (2.0 * _STEP)
        return found

    def _share(self, edges: FloatArray, numbers: Mapping[str, float]) -> FloatArray:
        if self.kind == "flat":
            return flat(edges)
        if self.kind == "exponential":
            return exponential(edges, numbers["decay"])
        if self.kind == "line":
            return gaussian_line(edges, numbers["centre"], numbers["sigma"])
        charge, mass_number = int(numbers["charge"]), int(numbers["mass_number"])
        return beta_electrons(edges, numbers["endpoint_kev"], charge, mass_number)


def flat(edges: FloatArray) -> FloatArray:
    """Share of each bin of what is the same everywhere."""
    width = np.diff(edges)
    return np.asarray(width / width.sum())


def exponential(edges: FloatArray, decay: float) -> FloatArray:
    """Share of each bin of e^{−x/d}.

    Parameters
    ----------
    edges : ndarray, shape (bins + 1,)
        Bins.
    decay : float
        d: in the unit of the axis; negative for a rise.

    Raises
    ------
    InputError
        For a d of zero.
    """
    if not math.isfinite(decay) or decay == 0.0:
        raise InputError("decay", decay, "a finite number that is not zero")
    # From the end where it is largest, so that nothing overflows.
    start = edges[0] if decay > 0.0 else edges[-1]
    below = -np.sign(decay) * np.exp(-(edges - start) / decay)
    share = np.diff(below)
    return np.asarray(share / share.sum())


def gaussian_line(edges: FloatArray, centre: float, sigma: float) -> FloatArray:
    """Part of a Gaussian line in each bin; what lies outside is lost.

    Parameters
    ----------
    edges : ndarray, shape (bins + 1,)
        Bins.
    centre, sigma : float
        Position and standard deviation, in the unit of the axis.
    """
    from scipy.special import ndtr

    positive("sigma", sigma)
    return np.asarray(np.diff(ndtr((edges - centre) / sigma)))


def beta_electrons(edges: FloatArray, endpoint_kev: float, charge: int, mass_number: int) -> FloatArray:
    """Share of each bin of the electrons of an allowed beta decay, among those that any bin holds.

    Parameters
    ----------
    edges : ndarray, shape (bins + 1,)
        Bins of kinetic energy, keV.
    endpoint_kev : float
        Largest kinetic energy.
    charge, mass_number : int
        Z and A of the daughter nucleus.

    Raises
    ------
    InputError
        When no bin lies below the end point.
    """
    positive("endpoint_kev", endpoint_kev, "keV")
    ends = np.clip(edges, 0.0, endpoint_kev)
    if ends[0] >= ends[-1]:
        raise InputError("endpoint_kev", endpoint_kev, f"more than the lowest edge of {edges[0]:g} keV")
    share = np.zeros(edges.size - 1)
    for index, (low, high) in enumerate(pairwise(ends)):
        if high > low:
            kinetic, weight = panel_rule(np.array([low, high]), _ORDER)
            # The neutrino takes what the electron leaves.
            shape = beta_shape(endpoint_kev - kinetic, endpoint_kev, charge, mass_number, lepton="electron")
            share[index] = float(np.sum(weight * shape))
    return np.asarray(share / share.sum())


def rebinned(fine: FloatArray, contents: FloatArray, edges: FloatArray) -> FloatArray:
    """Contents of bins from finer ones, each of which is even.

    Parameters
    ----------
    fine : ndarray, shape (n + 1,)
        Edges of the finer bins.
    contents : ndarray, shape (n,)
        What each holds.
    edges : ndarray, shape (bins + 1,)
        Edges within their range.

    Raises
    ------
    InputError
        For edges outside of it.
    """
    slack = 1e-9 * (fine[-1] - fine[0])
    for edge in (edges[0], edges[-1]):
        if not fine[0] - slack <= edge <= fine[-1] + slack:
            raise InputError(
                "bins", float(edge), f"within {fine[0]:g} to {fine[-1]:g}, where the template is"
            )
    cumulative = np.append(0.0, np.cumsum(contents))
    return np.asarray(np.diff(np.interp(edges, fine, cumulative)))
