"""Limits beside published ones, a plain calculation, and those of yesterday."""

import tomllib
from functools import cache
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from nuatom.experiments import experiment

TABLE = tomllib.loads(Path(__file__).with_name("limits.toml").read_text("utf-8"))
ENDS = ("lower", "upper")


def name_of(cell):
    return f"{cell['experiment']}-{cell['parameter']}-{cell.get('sides', 'two-sided')}-{cell.get('bins', '')}"


@cache
def interval(name, parameter, sides="two-sided", bins=None):
    return experiment(name, bins).limit(parameter, model="stepping", sides=sides).interval


def interval_of(cell):
    return interval(cell["experiment"], cell["parameter"], cell.get("sides", "two-sided"), cell.get("bins"))


def half_a_digit(printed):
    mantissa, _, exponent = printed.partition("e")
    return 0.5 * 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


@pytest.mark.parametrize("cell", TABLE["plain"]["cells"], ids=name_of)
def test_limit_of_a_plain_calculation(cell):
    found = interval_of(cell)
    assert found.lower is None
    assert found.upper == pytest.approx(float(cell["upper"]), abs=half_a_digit(cell["upper"]))


@pytest.mark.parametrize("cell", TABLE["published"]["cells"], ids=name_of)
def test_published_limit(cell):
    found = interval_of(cell)
    for end in ENDS:
        if end in cell:
            assert_allclose(getattr(found, end), cell[end], rtol=cell["within"])
        else:
            assert getattr(found, end) is None


@pytest.mark.parametrize("cell", TABLE["published"]["cells"], ids=name_of)
def test_experiment_quotes_the_same_publication(cell):
    quoted = [
        (limit.lower, limit.upper, limit.cl)
        for limit in experiment(cell["experiment"]).published
        if limit.parameter == cell["parameter"]
    ]
    assert (cell.get("lower"), cell["upper"], 0.90) in quoted


@pytest.mark.parametrize("cell", TABLE["own"]["cells"], ids=name_of)
def test_no_change_to_three_digits(cell):
    found = interval_of(cell)
    for field in ("best_fit", *ENDS):
        if field in cell:
            printed = cell[field]
            allowed = 0.0 if printed == "0" else half_a_digit(printed)
            assert getattr(found, field) == pytest.approx(float(printed), abs=allowed), field
        else:
            assert getattr(found, field) is None, field
    assert experiment(cell["experiment"]).limit(cell["parameter"]).parameter.kind.unit == cell["unit"]


@pytest.mark.parametrize("kind", ["magnetic-moment", "charge", "charge-radius"])
def test_most_solar_neutrinos_arrive_as_electron_neutrinos(kind):
    """About 55% do, and two others share the rest: ν_e is limited best, and all three together better."""

    def width(parameter):
        found = interval("xenonnt-sr0", parameter)
        return found.upper - (found.lower or 0.0)

    assert width(kind) < width(f"{kind}:e") < min(width(f"{kind}:mu"), width(f"{kind}:tau"))


def test_moments_of_the_flavours_add_up():
    """Rates go as Σ P_α μ_α², so Σ 1/μ_α² of the limits is 1/μ² of the common one: ΣP = 1.

    P_α changes over the pp spectrum by less than 2%, and each limit knows its own: good to 1%.
    """
    single = sum(
        interval("xenonnt-sr0", f"magnetic-moment:{flavour}").upper ** -2 for flavour in ("e", "mu", "tau")
    )
    assert_allclose(single, interval("xenonnt-sr0", "magnetic-moment").upper ** -2, rtol=0.01)


def test_the_standard_model_is_as_likely_for_every_parameter():
    """At zero all fits are the same model: χ² of the best fit plus the rise to zero."""
    at_zero = [
        found.minimum + found.two_delta_nll_at_zero
        for found in (
            interval("xenonnt-sr0", kind) for kind in ("magnetic-moment", "charge", "charge-radius")
        )
    ]
    assert_allclose(at_zero, experiment("xenonnt-sr0").spectrum().goodness_of_fit.chi2, rtol=1e-9)
