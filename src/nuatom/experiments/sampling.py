"""Posterior of several parameters, drawn by an ensemble of walkers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from nuatom.errors import ConvergenceError, InputError
from nuatom.experiments.results import Result
from nuatom.inference import log_determinants
from nuatom.neutrinos import Parameter, parameter
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from nuatom.experiments.analysis import Analysis

__all__ = ["Posterior", "draw_posterior"]

# Draws are thinned and counted by their autocorrelation time, which is known where there are so many of it.
_TIMES: Final = 50.0
_WARM_UP: Final = 0.25


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Posterior(Result):
    """Draws of parameters from their posterior density, flat in each parameter, nuisances integrated out.

    Of its origin see :class:`~nuatom.experiments.results.Result`.

    Parameters
    ----------
    parameters : tuple of Parameter
        What was fitted; of those whose square alone counts, zero or more.
    draws : ndarray, shape (draws, parameters)
        Values, after the walkers have warmed up.
    independent : float
        How many independent ones these are worth, by the longest autocorrelation time.
    acceptance : float
        Fraction of steps taken.
    """

    parameters: tuple[Parameter, ...]
    draws: FloatArray
    independent: float
    acceptance: float

    def interval(self, name: str, cl: float = 0.90) -> tuple[float, float]:
        """Central interval of one parameter, whatever the others are; from zero where the square counts."""
        values = self.draws[:, [chosen.name for chosen in self.parameters].index(parameter(name).name)]
        if np.all(values >= 0.0):
            return 0.0, float(np.quantile(values, cl))
        low, high = np.quantile(values, [0.5 - 0.5 * cl, 0.5 + 0.5 * cl]).tolist()
        return low, high


def draw_posterior(
    analysis: Analysis, names: Sequence[str], *, walkers: int = 32, steps: int = 2000, seed: int = 0
) -> Posterior:
    """Posterior of parameters, flat in each, by emcee :cite:`emcee`, an optional dependency.

    Nuisances are integrated out by Laplace's method, as in :func:`nuatom.inference.posterior`.

    Parameters
    ----------
    analysis : Analysis
        Data, model and everything that is not fitted.
    names : sequence of str
        One or more parameters that the data limit.
    walkers, steps : int
        Size of the ensemble, and how far it goes; a quarter is for warming up.
    seed : int
        Seed of everything random.

    Raises
    ------
    InputError
        Without emcee, for repeated parameters, fewer walkers than twice the parameters.
    ConvergenceError
        Where the steps are too few for what they are correlated over.
    """
    try:
        import emcee
    except ImportError as error:
        raise InputError("emcee", "not installed", "pip install nuatom[bayesian]") from error
    from nuatom.experiments.limits import axes

    chosen = tuple(parameter(name) for name in names)
    if walkers < 2 * len(chosen):
        raise InputError("walkers", walkers, f"at least {2 * len(chosen)}")
    grids = axes(analysis, names, 3)
    low, high = (np.array([grid[i] for grid in grids]) for i in (0, -1))
    templates = analysis.templates(chosen)
    even = np.array([templates.even(index) for index in range(len(chosen))])
    scale = np.maximum(np.abs(low), np.abs(high))

    def density(units: FloatArray) -> FloatArray:
        values = np.where(even, np.abs(units), units) * scale
        fixed, rows = templates(values)
        found = analysis.likelihood.profile(fixed, rows, strict=False)
        volume = log_determinants(analysis.likelihood, fixed, rows, found.nuisance, found.measured)
        total: FloatArray = -0.5 * (found.chi2 + volume)
        return np.where(np.isfinite(total), total, -np.inf)

    rng = np.random.default_rng(seed)
    start = rng.uniform(0.25 * low / scale, 0.25 * high / scale, (walkers, len(chosen)))
    sampler = emcee.EnsembleSampler(walkers, len(chosen), density, vectorize=True)
    # emcee draws from the state that it is given, which is not that of the process.
    state = emcee.State(start, random_state=np.random.RandomState(seed).get_state())
    sampler.run_mcmc(state, steps)
    time = float(np.max(sampler.get_autocorr_time(tol=0)))
    kept = steps - int(_WARM_UP * steps)
    if not kept > _TIMES * time:
        raise ConvergenceError(
            f"{steps} steps are too few for a correlation over {time:.0f} of them; take {int(70.0 * time)}"
        )
    drawn = sampler.get_chain(discard=steps - kept, flat=True)
    values = np.where(even, np.abs(drawn), drawn) * scale
    return Posterior(
        **analysis.origin,
        parameters=chosen,
        draws=values,
        independent=walkers * kept / time,
        acceptance=float(np.mean(sampler.acceptance_fraction)),
    )
