"""Limits of whole likelihoods against programs that know nothing of ours: SciPy's minimisers, and pyhf."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq, minimize

import nuatom
from nuatom.experiments.limits import one_parameter
from nuatom.inference import (
    Channel,
    Constraint,
    Likelihood,
    MeasuredSample,
    OneParameter,
    confidence_interval,
)

RISE = 2.705543454095404  # χ² with one degree of freedom, 90%


def plain(model):
    """−2 ln λ of parameter and nuisances together, every term written out, and where to start."""
    likelihood, known = model.likelihood, model.likelihood.constraints
    counts = likelihood.data.counts
    centre = np.array([c.centre for c in known])
    moving = np.array([c.sigma > 0.0 for c in known])
    precision = np.array([c.sigma**-2 if 0.0 < c.sigma < np.inf else 0.0 for c in known])

    # In units of what each is known to, which a general minimiser needs.
    unit = np.array([c.sigma if c.sigma < np.inf else 0.1 for c in known])[moving]

    def statistic(x, theta):
        eta = centre.copy()
        eta[moving] += unit * x
        u = theta / model.scale
        fixed = model.fixed[0] + u * (model.fixed[1] + u * model.fixed[2])
        templates = model.templates[0] + u * (model.templates[1] + u * model.templates[2])
        mean = np.maximum(fixed + eta @ templates, 1e-12)
        logarithm = np.where(counts > 0.0, counts * np.log(np.maximum(counts, 1.0) / mean), 0.0)
        value = 2.0 * np.sum(mean - counts + logarithm) + np.sum((eta - centre) ** 2 * precision)
        slope = templates @ (2.0 * (1.0 - counts / mean)) + 2.0 * (eta - centre) * precision
        return value, unit * slope[moving]

    least = np.array([(c.lower, c.upper) for c in known])[moving]
    bounds = (least - centre[moving][:, None]) / unit[:, None]
    return statistic, np.zeros(unit.size), bounds


def profiled(model):
    """−2 ln λ at a value of the parameter by L-BFGS-B, from where it ended before."""
    statistic, start, bounds = plain(model)
    last = [start]

    def at(theta):
        for _ in range(3):
            found = minimize(
                statistic,
                last[0],
                (theta,),
                jac=True,
                method="L-BFGS-B",
                bounds=bounds,
                options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 5000, "maxcor": 30},
            )
            last[0] = found.x
        return found.fun

    return at


@pytest.mark.parametrize(
    ("experiment", "parameter"),
    [
        ("xenonnt-sr0", "magnetic-moment"),
        ("xenonnt-sr0", "charge:e"),
        ("coherent-csi-2021", "charge-radius:mu"),
    ],
)
def test_upper_end_by_a_general_minimiser(experiment, parameter):
    """The upper end of the interval, from −2 ln λ of SciPy above its minimum over all parameters."""
    analysis = nuatom.experiment(experiment).analysis()
    if analysis.likelihood.measured:
        pytest.skip("written for samples without statistics of their own")
    model = one_parameter(analysis, nuatom.parameter(parameter))
    found = confidence_interval(model.statistic, model.scale, even=model.even)
    at = profiled(model)
    minimum = min(at(found.best_fit * factor) for factor in (0.99, 1.0, 1.01))
    low = (found.best_fit + 0.3 * (found.upper - found.best_fit)) / found.upper
    # In units of the end: roots are sought to an absolute accuracy too.
    end = brentq(lambda part: at(part * found.upper) - minimum - RISE, low, 2.0, rtol=1e-7)
    assert_allclose(end, 1.0, rtol=1e-4)


ON, OFF, RATIO = np.array([34.0, 21.0, 15.0, 9.0]), np.array([80.0, 61.0, 49.0, 33.0]), 4.0
SIGNAL, FLUX = np.array([9.0, 4.0, 1.5, 0.5]), 0.05


def germanium(*, channels):
    """A reactor on and off: the off run as a channel, or as the counts of the background in the on run."""
    bins = 8 if channels else 4
    fixed, templates = np.zeros((3, bins)), np.zeros((3, 1, bins))
    templates[1, 0, :4] = SIGNAL
    known = (Constraint("flux", "gauss", 1.0, FLUX, 0.0),)
    if channels:
        runs = (Channel("on", ON), Channel("off", OFF))
        background = MeasuredSample("background", np.tile(np.arange(4), 2), np.repeat([1.0, RATIO], 4))
    else:
        runs = (Channel("on", ON),)
        background = MeasuredSample.per_bin("background", range(4), 4, OFF, RATIO)
    return OneParameter(Likelihood(runs, known, (background,)), fixed, templates, 1.0, False)


def by_pyhf():
    """The same model in HistFactory's words: a shape factor that channels share, luminosity as the flux."""
    pyhf = pytest.importorskip("pyhf")
    background = [{"name": "background", "type": "shapefactor", "data": None}]
    signal = [
        {"name": "strength", "type": "normfactor", "data": None},
        {"name": "lumi", "type": "lumi", "data": None},
    ]
    specification = {
        "channels": [
            {
                "name": "on",
                "samples": [
                    {"name": "signal", "data": SIGNAL.tolist(), "modifiers": signal},
                    {"name": "background", "data": [15.0] * 4, "modifiers": background},
                ],
            },
            {
                "name": "off",
                "samples": [{"name": "background", "data": [15.0 * RATIO] * 4, "modifiers": background}],
            },
        ],
        "parameters": [
            {
                "name": "lumi",
                "auxdata": [1.0],
                "sigmas": [FLUX],
                "bounds": [[0.5, 1.5]],
                "inits": [1.0],
            },
            {"name": "strength", "bounds": [[-3.0, 9.0]], "inits": [1.0]},
        ],
    }
    model = pyhf.Model(specification, poi_name="strength")
    order = {"on": ON, "off": OFF}
    data = [*np.concatenate([order[name] for name in model.config.channels]), *model.config.auxdata]
    pyhf.set_backend("numpy", pyhf.optimize.minuit_optimizer(tolerance=1e-6))
    best, lowest = pyhf.infer.mle.fit(data, model, return_fitted_val=True)

    def rise(strength):
        _, value = pyhf.infer.mle.fixed_poi_fit(strength, data, model, return_fitted_val=True)
        return float(value - lowest) - RISE

    return brentq(rise, float(best[model.config.poi_index]), 6.0, rtol=1e-7)


def by_scipy():
    """Every bin's background a parameter of its own."""
    counts, precision = np.concatenate([ON, OFF]), FLUX**-2

    def statistic(x, strength):
        background, flux = x[:4], x[4]
        mean = np.concatenate([strength * flux * SIGNAL + background, RATIO * background])
        value = 2.0 * np.sum(mean - counts + counts * np.log(counts / mean)) + (flux - 1.0) ** 2 * precision
        slope = 2.0 * (1.0 - counts / mean)
        toward_flux = strength * SIGNAL @ slope[:4] + 2.0 * (flux - 1.0) * precision
        return value, np.append(slope[:4] + RATIO * slope[4:], toward_flux)

    def at(strength):
        found = minimize(
            statistic,
            [*(OFF / RATIO), 1.0],
            (strength,),
            jac=True,
            method="L-BFGS-B",
            bounds=[(1e-6, None)] * 5,
            options={"ftol": 1e-15, "gtol": 1e-9},
        )
        return found.fun

    values = np.linspace(0.0, 4.0, 401)
    best = values[np.argmin([at(value) for value in values])]
    fine = np.linspace(best - 0.02, best + 0.02, 81)
    lowest = min(at(value) for value in fine)
    return brentq(lambda strength: at(strength) - lowest - RISE, best, 6.0, rtol=1e-9)


# What pyhf uses of jsonschema is deprecated there.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_on_and_off_runs_of_germanium():
    """Limit of a signal on a background that is free in every bin, by four programs."""
    found = [
        confidence_interval(model.statistic, 1.0, even=False).upper
        for model in (germanium(channels=True), germanium(channels=False))
    ]
    assert_allclose(found[0], found[1], rtol=1e-8)
    assert_allclose(found[0], by_scipy(), rtol=1e-5)
    assert_allclose(found[0], by_pyhf(), rtol=1e-4)
