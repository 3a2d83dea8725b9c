"""One channel of counts with templates of uncertain size, in the few words that tests of minima need."""

from dataclasses import dataclass

import numpy as np

from nuatom.inference import Channel, Constraint, Likelihood


@dataclass(frozen=True)
class Fitted:
    """−2 ln λ, and sizes by what they are of."""

    chi2: np.ndarray
    background_scale: np.ndarray
    other_scale: np.ndarray
    flux_scale: np.ndarray
    pull: np.ndarray


@dataclass(frozen=True)
class OneChannel:
    """Counts, a background and others, and components of a signal, each with a relative uncertainty."""

    counts: np.ndarray
    background: np.ndarray
    background_uncertainty: float
    signal_uncertainty: np.ndarray
    other: np.ndarray | None = None
    other_uncertainty: np.ndarray | None = None

    def likelihood(self, variations: int = 0, bounds: np.ndarray | None = None) -> Likelihood:
        other = [] if self.other_uncertainty is None else self.other_uncertainty
        sizes = [self.background_uncertainty, *other, *self.signal_uncertainty]
        known = [
            Constraint(f"size {k}", "free" if np.isinf(sigma) else "gauss", 1.0, sigma, 0.0)
            for k, sigma in enumerate(sizes)
        ]
        ends = [(-np.inf, np.inf)] * variations if bounds is None else bounds
        known += [Constraint(f"variation {v}", "gauss", 0.0, 1.0, *ends[v]) for v in range(variations)]
        return Likelihood((Channel("run", self.counts),), tuple(known))

    def profile(self, signal, counts=None, variations=None, variation_bounds=None) -> Fitted:
        """Fit to signals of shape (..., components, bins) and variations (..., variations, bins)."""
        leading, bins = signal.shape[:-2], signal.shape[-1]
        others = np.empty((0, bins)) if self.other is None else self.other
        shifts = np.empty((*leading, 0, bins)) if variations is None else variations
        fixed_rows = [np.broadcast_to(row, (*leading, *row.shape)) for row in (self.background[None], others)]
        templates = np.concatenate([*fixed_rows, signal, shifts], axis=-2)
        model = self.likelihood(shifts.shape[-2], variation_bounds)
        scan = counts is None or np.ndim(counts) == 1
        found = model.profile(np.zeros(bins), templates, counts, scan=scan)
        first, last = 1 + len(others), 1 + len(others) + signal.shape[-2]
        size = found.nuisance
        return Fitted(found.chi2, size[..., 0], size[..., 1:first], size[..., first:last], size[..., last:])

    def goodness_of_fit(self, chi2: float, fitted: int):
        """Of the likelihood without variations."""
        return self.likelihood().goodness_of_fit(chi2, fitted)
