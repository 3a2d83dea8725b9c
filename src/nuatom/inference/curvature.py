"""Covariance of what is fitted, from the curvature of −2 ln λ at its minimum."""

from __future__ import annotations

import numpy as np

from nuatom.inference.expectation import Expectation
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.problem import Rows
from nuatom.numerics.quadrature import FloatArray

__all__ = ["covariance", "log_determinants"]


def covariance(
    likelihood: Likelihood,
    fixed: FloatArray,
    templates: FloatArray,
    nuisance: FloatArray,
    measured: FloatArray,
    parameters: FloatArray | None = None,
) -> FloatArray:
    """Covariance of nuisances, and of parameters behind them, by the curvature at a minimum (Hesse).

    Cells are profiled. Second derivatives of the expectations themselves are left out: at a good fit
    they are multiplied by differences of data and expectation. What is held has no covariance.

    Parameters
    ----------
    likelihood : Likelihood
        Channels, constraints and measured samples.
    fixed, templates : ndarray, shapes (bins,), (nuisances, bins)
        As of :meth:`Likelihood.profile`.
    nuisance, measured : ndarray, shapes (nuisances,), (cells,)
        The minimum.
    parameters : ndarray, shape (parameters, bins), optional
        Derivatives of the expectations with respect to parameters that are fitted too.

    Returns
    -------
    ndarray, shape (nuisances + parameters, nuisances + parameters)
    """
    information = _information(likelihood, fixed, templates, nuisance, measured, parameters)
    fitted = information.shape[0] - measured.size
    held = [k for k, constraint in enumerate(likelihood.constraints) if constraint.held]
    known = np.delete(np.arange(len(information)), held)
    known = known[np.diag(information)[known] > 0.0]
    unit = 1.0 / np.sqrt(np.diag(information)[known])
    scaled = information[np.ix_(known, known)] * unit[:, None] * unit
    found = np.zeros_like(information)
    found[np.ix_(known, known)] = np.linalg.pinv(scaled, hermitian=True) * unit[:, None] * unit
    inside: FloatArray = found[:fitted, :fitted]
    return inside


def log_determinants(
    likelihood: Likelihood,
    fixed: FloatArray,
    templates: FloatArray,
    nuisance: FloatArray,
    measured: FloatArray,
) -> FloatArray:
    """Logarithm of the determinant of the curvature of −ln λ in nuisances and cells that move, at points.

    What the data and its constraint say nothing of is left out. First axes of all arrays are points.
    """
    problem = likelihood.problem
    given = likelihood.whitened(fixed)[:, None], likelihood.whitened(templates)[:, None]
    data = likelihood.data
    known = (likelihood.whitened(data.counts)[None], data.centres[None], data.auxiliary[None])
    rows = Rows(*given, *known).unheld(problem)
    at = Expectation(problem.unheld, rows, nuisance[:, problem.moving], measured)
    with np.errstate(all="ignore"):
        found = at.derivatives(exact=False, afar=False)
    own = np.where(found.cell_hessian > 0.0, 0.5 * found.cell_hessian, 1.0)
    reduced = 0.5 * found.mixed / own[:, None]
    matrix = 0.5 * (found.hessian - reduced @ found.mixed.swapaxes(1, 2))
    diagonal = np.einsum("pkk->pk", matrix)
    diagonal[diagonal <= 0.0] = 1.0
    total: FloatArray = np.linalg.slogdet(matrix)[1] + np.log(own).sum(axis=1)
    return total


def _information(
    likelihood: Likelihood,
    fixed: FloatArray,
    templates: FloatArray,
    nuisance: FloatArray,
    measured: FloatArray,
    parameters: FloatArray | None,
) -> FloatArray:
    """Curvature of −ln λ in nuisances, parameters and cells."""
    problem = likelihood.problem
    tangent = np.concatenate(
        [templates, np.zeros((0, likelihood.bins)) if parameters is None else parameters]
    )
    cells = np.zeros((measured.size, likelihood.bins))
    for b in np.flatnonzero(problem.cell >= 0):
        scale = problem.scaled[b]
        cells[problem.cell[b], b] = problem.weight[b] * (nuisance[scale] if scale >= 0 else 1.0)
        if scale >= 0:
            tangent[scale, b] += problem.weight[b] * measured[problem.cell[b]]
    expected = likelihood.expected(fixed, templates, nuisance, measured)
    rows = likelihood.whitened(np.concatenate([tangent, cells]))
    counts = likelihood.data.counts
    weight = np.where(likelihood.gauss, 1.0, counts / np.where(expected > 0.0, expected, 1.0) ** 2)
    information = (rows * weight) @ rows.T
    fitted = tangent.shape[0]
    for k, constraint in enumerate(likelihood.constraints):
        size = 1.0 if constraint.kind == "gauss" else nuisance[k]
        if not constraint.held and constraint.kind != "free":
            information[k, k] += 1.0 / (constraint.sigma * size) ** 2
    for g in np.flatnonzero(problem.counted & (measured > 0.0)):
        information[fitted + g, fitted + g] += likelihood.data.auxiliary[g] / measured[g] ** 2
    return np.asarray(information, dtype=float)
