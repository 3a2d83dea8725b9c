"""Shapes of backgrounds that have a name: what part of them falls in each bin."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from nuatom.errors import InputError
from nuatom.fluxes.beta import beta_shape
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray, panel_rule

__all__ = ["beta_electrons", "exponential", "flat", "gaussian_line", "rebinned"]

_ORDER = 12


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
