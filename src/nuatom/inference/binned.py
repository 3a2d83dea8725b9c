"""Extended Poisson likelihood of binned counts, profiled over normalisations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from nuatom.errors import InputError
from nuatom.inference.channels import Channel, Constraint
from nuatom.inference.likelihood import GoodnessOfFit, Likelihood
from nuatom.numerics.quadrature import FloatArray

__all__ = ["BinnedLikelihood"]


@dataclass(frozen=True)
class BinnedProfile:
    """−2 ln λ minimised over the normalisations, at points of the parameter space.

    Parameters
    ----------
    chi2 : ndarray, shape (...)
        −2 ln of the likelihood ratio to the saturated model, penalties included.
    background_scale : ndarray, shape (...)
        Fitted background normalisation, zero or more, 1 being the template's own.
    flux_scale : ndarray, shape (..., components)
        Fitted normalisation of each signal component.
    other_scale : ndarray, shape (..., others)
        Fitted normalisation of each further background.
    pull : ndarray, shape (..., variations)
        Fitted size of each systematic variation, in standard deviations.
    """

    chi2: FloatArray
    background_scale: FloatArray
    flux_scale: FloatArray
    other_scale: FloatArray
    pull: FloatArray


@dataclass(frozen=True, eq=False)
class BinnedLikelihood:
    r"""Poisson counts in bins, with a background template and signal components of uncertain size.

    .. math::

        -2\ln\lambda = 2\sum_b\Big[\lambda_b - n_b + n_b\ln\frac{n_b}{\lambda_b}\Big]
            + \Big(\frac{\beta-1}{\sigma_B}\Big)^2 + \sum_c\Big(\frac{f_c-1}{\sigma_c}\Big)^2
            + \sum_v x_v^2,
        \qquad \lambda_b = \beta B_b + \sum_c f_c S_{cb} + \sum_v x_v V_{vb},

    :cite:`Baker:1983tu` for the Poisson terms. Further backgrounds stand beside B with normalisations and
    uncertainties of their own; V_v is what one standard deviation of a systematic uncertainty adds to the
    signal. It is convex in β, f and x, so that Newton's method finds the one minimum, for any number of
    signals at once.

    Parameters
    ----------
    counts : ndarray, shape (bins,)
        Observed counts n.
    background : ndarray, shape (bins,)
        Background template B, positive.
    background_uncertainty : float
        σ_B, relative; infinite for a free normalisation.
    signal_uncertainty : ndarray, shape (components,)
        σ_c, relative, of each signal component; zero for an exact one.
    other : ndarray, shape (others, bins), optional
        Further background templates.
    other_uncertainty : ndarray, shape (others,), optional
        Their relative uncertainties.

    Raises
    ------
    InputError
        For negative or fractional counts, a background that is not positive, or a negative uncertainty.
    """

    counts: FloatArray
    background: FloatArray
    background_uncertainty: float
    signal_uncertainty: FloatArray
    other: FloatArray | None = None
    other_uncertainty: FloatArray | None = None

    def __post_init__(self) -> None:
        if np.any(self.counts < 0) or np.any(self.counts % 1 != 0):
            raise InputError("counts", self.counts.tolist(), "whole numbers, zero or more")
        if self.background.shape != self.counts.shape or not np.all(self.background > 0.0):
            raise InputError("background", self.background.tolist(), "a positive number for each bin")
        if not (self.background_uncertainty >= 0.0 and np.all(self.signal_uncertainty >= 0.0)):
            raise InputError(
                "uncertainty", self.background_uncertainty, "relative uncertainties, not negative"
            )
        others = self._others()
        if others.ndim != 2 or others.shape[1] != self.counts.size or np.any(others < 0.0):
            raise InputError("other", others.tolist(), "a number, not negative, for each background and bin")
        sigma = self._other_sigma()
        if sigma.shape != others.shape[:1] or not np.all(sigma >= 0.0):
            raise InputError("other_uncertainty", sigma.tolist(), "one not negative for each background")

    def _others(self) -> FloatArray:
        return np.empty((0, self.counts.size)) if self.other is None else self.other

    def _other_sigma(self) -> FloatArray:
        return np.empty(0) if self.other_uncertainty is None else self.other_uncertainty

    def profile(
        self,
        signal: FloatArray,
        counts: FloatArray | None = None,
        variations: FloatArray | None = None,
        variation_bounds: FloatArray | None = None,
    ) -> BinnedProfile:
        """Minimise over background and flux normalisations.

        Parameters
        ----------
        signal : ndarray, shape (..., components, bins)
            Expected counts of each component at its nominal normalisation; may be negative where it is a
            change with respect to what the background already holds.
        counts : ndarray, shape (..., bins), optional
            Counts to use in the place of the observed ones: simulated experiments. Broadcasts with
            ``signal``.
        variations : ndarray, shape (..., variations, bins), optional
            What one standard deviation of each systematic uncertainty adds to the expectation.
        variation_bounds : ndarray, shape (variations, 2), optional
            Least and largest size of each, in standard deviations; unbounded by default.

        Raises
        ------
        InputError
            For bounds that do not hold zero.
        ConvergenceError
            When an expectation is negative whatever the background, or Newton's method does not converge.
        """
        others, bins = self._others(), signal.shape[-1]
        shifts = np.empty((*signal.shape[:-2], 0, bins)) if variations is None else variations
        first, last = 1 + len(others), 1 + len(others) + signal.shape[-2]
        templates = np.empty((*signal.shape[:-2], last + shifts.shape[-2], bins))
        templates[..., 0, :] = self.background
        templates[..., 1:first, :] = others
        templates[..., first:last, :] = signal
        templates[..., last:, :] = shifts
        bounds = np.full((templates.shape[-2], 2), (-np.inf, np.inf))
        bounds[:last, 0] = 0.0
        if variation_bounds is not None:
            if not np.all((variation_bounds[:, 0] <= 0.0) & (variation_bounds[:, 1] >= 0.0)):
                raise InputError("variation_bounds", variation_bounds.tolist(), "bounds around zero")
            bounds[last:] = variation_bounds
        sigma = np.concatenate(
            [
                [self.background_uncertainty],
                self._other_sigma(),
                self.signal_uncertainty,
                np.ones(shifts.shape[-2]),
            ]
        )
        constraints = tuple(
            Constraint(
                str(k),
                "free" if np.isinf(sigma[k]) else "gauss",
                1.0 if k < last else 0.0,
                sigma[k],
                *bounds[k],
            )
            for k in range(sigma.size)
        )
        whole = Likelihood((Channel("counts", self.counts),), constraints)
        found = whole.profile(np.zeros(bins), templates, counts, scan=counts is None or np.ndim(counts) == 1)
        size = found.nuisance
        return BinnedProfile(
            chi2=found.chi2,
            background_scale=size[..., 0],
            other_scale=size[..., 1:first],
            flux_scale=size[..., first:last],
            pull=size[..., last:],
        )

    def goodness_of_fit(self, statistic: float, fitted: int) -> GoodnessOfFit:
        """Goodness of a fit with ``fitted`` free parameters, by the χ² that −2 ln λ tends to.

        Only approximate where bins hold few counts. A free background normalisation counts as fitted;
        constrained ones do not, since their penalties are measurements.
        """
        free = fitted + (1 if np.isinf(self.background_uncertainty) else 0)
        degrees = self.counts.size - free
        p_value = float(chdtrc(degrees, statistic)) if degrees > 0 else None
        return GoodnessOfFit(statistic, degrees, p_value)
