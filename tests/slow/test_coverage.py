"""How often the 90% intervals of XENONnT's magnetic moment hold the truth, in simulated experiments.

Counts are Poisson about the background, at the scale that fits the data, plus the change that the moment
makes, with each flux drawn from its Gaussian. `pytest -m slow -s` prints the coverage.
"""

import math

import numpy as np
import pytest

from nuatom.experiments import experiment
from nuatom.inference import confidence_interval
from nuatom.inference.interval import threshold
from nuatom.neutrinos import Neutrino, parameter

pytestmark = pytest.mark.slow

SEED, TOYS = 20220722, 2000
LARGEST = 3.2e-11  # μ_B, beyond what any simulated experiment prefers


class Simulation:
    """Simulated experiments with a true moment, and the statistic of each as a function of its own moment."""

    def __init__(self, truth, toys=TOYS, seed=SEED):
        chosen = experiment("xenonnt-sr0")
        self.likelihood = chosen.analysis().likelihood
        self.background = chosen.background
        folded, base = chosen.folded(), Neutrino()
        moment = parameter("magnetic-moment")
        self.change = folded.counts(moment.set(base, 1e-11)) - folded.counts(base)
        rng = np.random.default_rng([seed, round(truth * 1e15)])
        flux = rng.normal(1.0, folded.relative_uncertainty, (toys, len(folded.names)))
        background = chosen.spectrum().background
        mean = background + (truth / 1e-11) ** 2 * flux @ self.change
        self.counts = rng.poisson(np.maximum(mean, 0.0)).astype(float)

    def statistic(self, moments, counts):
        """−2 ln λ at moments of shape (toys, points), for counts of shape (toys, bins)."""
        signal = (moments / 1e-11)[..., None, None] ** 2 * self.change
        held = np.broadcast_to(self.background, (*signal.shape[:-2], 1, self.background.size))
        templates = np.concatenate([held, signal], axis=-2)
        return self.likelihood.profile(np.zeros(held.shape[-1]), templates, counts=counts[:, None, :]).chi2

    def best(self):
        """Best fit in μ² ≥ 0 and its −2 ln λ: a grid that closes in fivefold on the lowest point."""
        low, high = np.zeros(len(self.counts)), np.full(len(self.counts), LARGEST**2)
        for _ in range(7):
            squares = np.linspace(low, high, 11, axis=1)
            values = np.concatenate(
                [
                    self.statistic(np.sqrt(squares[k : k + 250]), self.counts[k : k + 250])
                    for k in range(0, len(squares), 250)
                ]
            )
            lowest = np.argmin(values, axis=1)[:, None]
            low = np.take_along_axis(squares, np.maximum(lowest - 1, 0), axis=1)[:, 0]
            high = np.take_along_axis(squares, np.minimum(lowest + 1, 10), axis=1)[:, 0]
        return np.sqrt(np.take_along_axis(squares, lowest, axis=1)[:, 0]), values.min(axis=1)

    def covered(self, truth):
        """Whether each two-sided interval, and each upper limit, holds the truth."""
        best, minimum = self.best()
        assert best.max() < 0.9 * LARGEST
        rise = self.statistic(np.full((len(self.counts), 1), truth), self.counts)[:, 0] - minimum
        two_sided = rise <= threshold(0.90, "two-sided")
        return two_sided, (truth <= best) | (rise <= threshold(0.90, "upper"))


# Measured with this seed. Without a signal half of the fits stop at the boundary μ = 0, where nothing can
# fluctuate beyond: the two-sided interval then holds the truth as often as a one-sided one of 95%, and an
# upper limit always does.
@pytest.mark.parametrize(("truth", "expected"), [(0.0, (0.95, 1.0)), (1e-11, (0.90, 0.90))])
def test_coverage_of_90_per_cent_intervals(truth, expected):
    for sides, covered, coverage in zip(
        ("two-sided", "upper"), Simulation(truth).covered(truth), expected, strict=True
    ):
        found = covered.mean()
        error = math.sqrt(coverage * (1.0 - coverage) / TOYS)
        print(f"μ = {truth:g} μ_B, {sides}: {found:.4f} ± {math.sqrt(found * (1.0 - found) / TOYS):.4f}")
        assert found == pytest.approx(coverage, abs=3.0 * error), sides


@pytest.mark.parametrize("truth", [0.0, 1e-11])
@pytest.mark.parametrize("sides", ["two-sided", "upper"])
def test_the_intervals_themselves_cover_as_counted(truth, sides):
    """Coverage is counted from the rise at the truth; the intervals of the first toys say the same."""
    simulation = Simulation(truth, toys=40)
    counted = simulation.covered(truth)[("two-sided", "upper").index(sides)]
    for counts, covered in zip(simulation.counts, counted, strict=True):
        interval = confidence_interval(
            lambda values, counts=counts: simulation.statistic(values[None], counts[None])[0],
            1e-11,
            even=True,
            sides=sides,
        )
        assert covered == ((interval.lower or 0.0) <= truth <= interval.upper)
