"""Simulated experiments: data and auxiliary measurements, with and without fluctuations."""

from __future__ import annotations

import numpy as np

from nuatom.inference.likelihood import Data, Likelihood
from nuatom.numerics.quadrature import FloatArray

__all__ = ["asimov", "simulate"]


def simulate(
    likelihood: Likelihood,
    expected: FloatArray,
    nuisance: FloatArray,
    measured: FloatArray,
    rng: np.random.Generator,
    size: int,
) -> Data:
    """Simulated experiments, with auxiliary measurements that fluctuate as the data do.

    Parameters
    ----------
    likelihood : Likelihood
        Channels, constraints and measured samples.
    expected : ndarray, shape (bins,)
        Expectations, as :meth:`Likelihood.expected` gives them.
    nuisance : ndarray, shape (nuisances,)
        True nuisances: centres of their constraints fluctuate about them.
    measured : ndarray, shape (cells,)
        True sizes of the cells.
    rng : numpy.random.Generator
        Source of random numbers.
    size : int
        Number of experiments.
    """
    counts = np.empty((size, likelihood.bins))
    for channel, bins in zip(likelihood.channels, likelihood.slices, strict=True):
        if channel.kind == "poisson":
            counts[:, bins] = rng.poisson(expected[bins], (size, channel.observed.size))
        else:
            root = np.linalg.inv(channel.whitening)
            counts[:, bins] = expected[bins] + rng.standard_normal((size, root.shape[0])) @ root.T
    centres = np.tile(likelihood.data.centres, (size, 1))
    for k, constraint in enumerate(likelihood.constraints):
        if constraint.held or constraint.kind == "free":
            continue
        shift = constraint.sigma * rng.standard_normal(size)
        lognormal = constraint.kind == "lognormal"
        centres[:, k] = nuisance[k] * np.exp(shift) if lognormal else nuisance[k] + shift
    problem = likelihood.problem
    auxiliary = rng.poisson(problem.ratio * measured, (size, measured.size)).astype(float)
    return Data(counts, centres, auxiliary)


def asimov(likelihood: Likelihood, expected: FloatArray, nuisance: FloatArray, measured: FloatArray) -> Data:
    """The data set without fluctuations, :cite:`Cowan:2010js`: every datum is its expectation."""
    moving = np.array([not c.held and c.kind != "free" for c in likelihood.constraints], dtype=bool)
    centres = np.where(moving, nuisance, likelihood.data.centres)
    return Data(np.asarray(expected), centres, likelihood.problem.ratio * measured)
