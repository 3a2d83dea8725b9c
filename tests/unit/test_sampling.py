"""Draws from a posterior against the same density on a grid."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nuatom
from nuatom.errors import ConvergenceError, InputError
from nuatom.experiments.limits import one_parameter
from nuatom.inference import posterior


@pytest.fixture(scope="module")
def experiment():
    pytest.importorskip("emcee")
    return nuatom.experiment("xenonnt-sr0", bins="1:30:29")


@pytest.mark.slow
def test_draws_have_the_quantiles_of_the_density_on_a_grid(experiment):
    drawn = experiment.posterior(["charge:e"], "free", seed=2, walkers=12, steps=1600)
    model = one_parameter(experiment.analysis("free"), nuatom.parameter("charge:e"))
    values = np.linspace(-8e-13, 1.2e-12, 801)
    risen = posterior(model, values)
    density = np.exp(-0.5 * (risen - risen.min()))
    share = np.cumsum(density) / density.sum()
    exact = [np.interp(level, share, values) for level in (0.05, 0.95)]
    # Of so many independent draws the 5% quantile is known to √(0.05 × 0.95/n)/f, f its density: 0.1 widths.
    error = 4.0 * np.sqrt(0.05 * 0.95 / drawn.independent) * (exact[1] - exact[0]) / 0.35
    assert_allclose(drawn.interval("charge:e"), exact, atol=error)
    assert drawn.independent > 300
    assert 0.2 < drawn.acceptance < 0.95


def test_guards(experiment):
    with pytest.raises(ConvergenceError, match="too few"):
        experiment.posterior(["magnetic-moment"], "free", walkers=4, steps=20)
    with pytest.raises(InputError, match="walkers"):
        experiment.posterior(["magnetic-moment", "charge:e"], "free", walkers=3)
    with pytest.raises(InputError, match="different"):
        experiment.posterior(["charge:e", "charge:e"], "free")
