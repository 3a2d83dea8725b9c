"""Credible intervals of one parameter, marginalised over the nuisances."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from nuatom.errors import ConvergenceError
from nuatom.inference.curvature import log_determinants
from nuatom.inference.interval import Interval, confidence_interval
from nuatom.inference.parameter import OneParameter
from nuatom.numerics.quadrature import FloatArray

__all__ = ["credible_interval", "posterior"]

_POINTS: Final = 801
# The posterior is followed until −2 ln of it has risen so far.
_FAR: Final = 40.0


def posterior(model: OneParameter, values: FloatArray) -> FloatArray:
    r"""−2 ln of the posterior density with a prior that is flat in θ, marginalised, up to a constant.

    Nuisances are integrated out by Laplace's method,

    .. math:: -2\ln p(\theta) = -2\ln\lambda_\mathrm{profile}(\theta) + \ln\det I(\theta),

    with the curvature I of −ln λ in nuisances and cells at their minimum: exact where −2 ln λ is quadratic.

    Parameters
    ----------
    model : OneParameter
        Likelihood and parameter.
    values : ndarray, shape (points,)
        Values that follow each other.
    """
    profile = model.profile(values, scan=True)
    fixed, templates = model.expectations(values)
    return profile.chi2 + log_determinants(
        model.likelihood, fixed, templates, profile.nuisance, profile.measured
    )


def credible_interval(model: OneParameter, cl: float = 0.90) -> Interval:
    """Region of highest posterior density, with a prior that is flat in θ (θ ≥ 0 where its square counts).

    Parameters
    ----------
    model : OneParameter
        Likelihood and parameter.
    cl : float
        Probability that the region holds.

    Raises
    ------
    ConvergenceError
        Where the data set no limit.
    """
    profile = confidence_interval(model.statistic, model.scale, even=model.even, cl=cl)
    if profile.upper is None or (profile.lower is None and not model.even):
        raise ConvergenceError("the data set no limit: −2 ln λ does not rise enough")
    low, high = 0.0 if model.even else profile.lower or 0.0, profile.upper
    for _ in range(20):
        values = np.linspace(low, high, _POINTS)
        density = posterior(model, values)
        near = values[density < density.min() + _FAR]
        enough = density[-1] > density.min() + _FAR and (model.even or density[0] > density.min() + _FAR)
        if enough:
            low, high = (0.0 if model.even else float(near[0])), float(near[-1])
            break
        width = high - low
        low, high = (0.0 if model.even else low - 0.5 * width), high + 0.5 * width
    else:
        raise ConvergenceError("the posterior does not fall off: the data set no limit")
    values = np.linspace(low, high, _POINTS)
    risen = posterior(model, values)
    risen -= risen.min()
    segments = _highest(values, risen, cl)
    return replace(
        profile,
        lower=segments[0][0],
        upper=segments[-1][1],
        segments=segments,
        threshold=float("nan"),
        method="bayesian",
    )


def _highest(
    values: FloatArray, risen: FloatArray, cl: float
) -> tuple[tuple[float | None, float | None], ...]:
    """Pieces of the region of highest density that holds a probability."""
    from scipy.integrate import cumulative_simpson

    total = float(cumulative_simpson(np.exp(-0.5 * risen), x=values)[-1])
    low, high = 0.0, float(risen.max())
    for _ in range(60):
        level = 0.5 * (low + high)
        pieces = _pieces(values, risen, level)
        held = sum(_probability(values, risen, *piece) for piece in pieces) / total
        low, high = (level, high) if held < cl else (low, level)
    return tuple((None if first == 0.0 == values[0] else first, last) for first, last in pieces)


def _pieces(values: FloatArray, risen: FloatArray, level: float) -> list[tuple[float, float]]:
    """Where a curve is below a level, linearly between points."""
    below = risen < level
    edges = np.flatnonzero(below[1:] != below[:-1])
    roots = [
        float(values[i] + (level - risen[i]) / (risen[i + 1] - risen[i]) * (values[i + 1] - values[i]))
        for i in edges
    ]
    if below[0]:
        roots.insert(0, float(values[0]))
    if below[-1]:
        roots.append(float(values[-1]))
    return list(zip(roots[::2], roots[1::2], strict=True))


def _probability(values: FloatArray, risen: FloatArray, first: float, last: float) -> float:
    """Of a piece, by Gauss-Legendre quadrature of the interpolated exponent."""
    node, weight = np.polynomial.legendre.leggauss(64)
    at = 0.5 * (last - first) * (node + 1.0) + first
    return float(0.5 * (last - first) * weight @ np.exp(-0.5 * np.interp(at, values, risen)))
