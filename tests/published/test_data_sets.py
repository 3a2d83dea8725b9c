"""Data sets as released: totals, the Standard Model in them, and their likelihoods by another minimiser."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize

from nuatom.errors import InputError
from nuatom.experiments import combine, experiment, experiment_names, groups
from nuatom.experiments.analysis import Analysis
from nuatom.neutrinos import parameter


def analysis_of(name, model="free"):
    return Analysis.of((experiment(name),), model=model)


@pytest.mark.parametrize(
    ("name", "events"), [("lz-ws2022", 393), ("lz-ws2024", 1486), ("borexino-phase2", 183479)]
)
def test_events(name, events):
    """Sums of the released tables: of LZ in 1 to 17 keV, of Borexino in all bins."""
    assert sum(experiment(name).channels[0].counts) == events


def test_borexino_is_described_by_the_fit_of_the_collaboration():
    """Its deviance against its own fit is 317.3 for 320 bins; our Standard Model adds nothing to it."""
    counts = np.array(experiment("borexino-phase2").channels[0].counts)
    fit = np.array(experiment("borexino-phase2").channels[0].samples[0].counts)
    deviance = 2.0 * np.sum(fit - counts + counts * np.log(counts / fit))
    assert_allclose(deviance, 317.3, atol=0.05)
    assert_allclose(fit.sum(), 183335.0, atol=0.1)


def test_borexino_sees_the_solar_neutrinos_that_its_fit_sees():
    """Where ⁷Be dominates, 300 to 600 keV, our rate of free electrons follows the curve of the fit.

    The curve is drawn for 47.9 counts a day and 100 t; the standard solar model used here has 2 to 6% more.
    """
    from nuatom.data import read_bytes
    from nuatom.experiments.schema import Files

    files = Files("test", lambda name: read_bytes(f"experiments/{name}"))
    curve = np.array(files.array("borexino-phase2.csv", "solar", "solar"))
    energy = np.array(files.array("borexino-phase2.csv", "energy_kev", "energy"))
    ours = experiment("borexino-phase2").spectrum(model="free").standard_model
    plateau = (energy > 320.0) & (energy < 640.0)
    assert np.all(np.abs(ours[plateau] / curve[plateau] - 1.04) < 0.04)


def test_published_limit_of_borexino_within_a_tenth():
    """2.8e-11 with systematic uncertainties that are not modelled here: ours is stronger by 10%."""
    found = experiment("borexino-phase2").limit("magnetic-moment", model="free").interval
    assert_allclose(found.upper, 2.8e-11, rtol=0.11)


def refitted(analysis, name, value):
    """−2 ln λ at a value, minimised by SciPy over the nuisances in the plainest form."""
    fixed, templates = analysis.templates((parameter(name),))(np.array([value]))
    constraints = list(analysis.constraints.values())
    counts = np.concatenate([channel.observed for channel in analysis.likelihood.channels])
    sigma = np.array([c.sigma for c in constraints])
    centre = np.array([c.centre for c in constraints])
    moving = sigma > 0.0
    penalty = np.where(np.isfinite(sigma) & moving, 1.0 / np.where(moving, sigma, 1.0) ** 2, 0.0)

    def objective(x):
        eta = centre.copy()
        eta[moving] = x
        expected = fixed + eta @ templates
        pull = penalty * (eta - centre)
        if np.any(expected <= 0.0):
            return 1e12, np.zeros(x.size)
        logs = np.where(counts > 0.0, counts * np.log(np.where(counts > 0.0, counts, 1.0) / expected), 0.0)
        value = 2.0 * np.sum(expected - counts + logs) + np.sum(pull * (eta - centre))
        slope = 2.0 * templates @ (1.0 - counts / expected) + 2.0 * pull
        return value, slope[moving]

    bounds = [
        (max(c.lower, -50.0), min(c.upper, 50.0)) for c, m in zip(constraints, moving, strict=True) if m
    ]
    options = {"ftol": 1e-14, "gtol": 1e-9, "maxiter": 5000, "maxfun": 50000}
    return minimize(
        objective, centre[moving], jac=True, method="L-BFGS-B", bounds=bounds, options=options
    ).fun


@pytest.mark.parametrize(
    ("name", "named", "value"),
    [
        ("lz-ws2022", "magnetic-moment", 2e-11),
        ("lz-ws2024", "charge", 6e-13),
        ("borexino-phase2", "magnetic-moment", 3e-11),
    ],
)
def test_likelihoods_by_another_minimiser(name, named, value):
    analysis = analysis_of(name)
    ours = float(analysis.statistic((parameter(named),))(np.array([[value]]))[0])
    assert_allclose(ours, refitted(analysis, named, value), rtol=1e-4)


def test_the_ionization_signal_alone_finds_nothing():
    """Its background is a lower bound, so that no signal is ever preferred: zero lies at the minimum."""
    found = experiment("xenon1t-s2only").limit("magnetic-moment", model="free").interval
    assert found.lower is None
    assert found.best_fit == 0.0
    assert found.two_delta_nll_at_zero == 0.0


def test_events_of_the_coherent_search():
    """62 events in three runs, and backgrounds as the release's example has them: rates times exposures."""
    channels = experiment("xenonnt-cevns").channels
    assert [sum(channel.counts) for channel in channels] == [9, 28, 25]
    accidental = [sum(channel.samples[0].counts) for channel in channels]
    assert_allclose(accidental, [6.3706 * 1.174398, 7.5844 * 2.342593, 4.5742 * 3.249665], rtol=1e-4)


def test_groups_hold_independent_experiments():
    assert set(groups()) == {"world", "solar-electrons", "reactor", "stopped-pions"}
    for names in groups().values():
        assert set(names) <= set(experiment_names())
        assert not {"xenon1t-s2only", "xenon1t-sr1"} <= set(names)
        assert not {"dresden2", "dresden2-ybe"} <= set(names)
    assert combine("solar-electrons").name == ",".join(groups()["solar-electrons"])
    with pytest.raises(InputError, match="combine"):
        experiment("world")


def test_a_joint_limit_is_better_than_each():
    joint = combine("lz-ws2022", "lz-ws2024").limit("magnetic-moment", model="free").interval.upper
    alone = [
        experiment(name).limit("magnetic-moment", model="free").interval.upper
        for name in ("lz-ws2022", "lz-ws2024")
    ]
    assert joint < min(alone)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "chi2"), [("dresden2", 103.9), ("dresden2-ybe", 106.0)])
def test_dresden_at_the_standard_model(name, chi2):
    """χ² of an independent fit of background and Standard Model to 130 bins, with 5% on flux and response."""
    fit = experiment(name).spectrum(model="helm+stepping").goodness_of_fit
    assert_allclose(fit.chi2, chi2, atol=1.0)
