"""Kept coverage is used for the limit that it was measured for, and for no other."""

from dataclasses import replace

import pytest

import nuatom
from nuatom.experiments import measured
from nuatom.experiments.measured import MeasuredEnd, measured_ends


@pytest.fixture(scope="module")
def limit():
    return nuatom.experiment("xenonnt-sr0").limit("magnetic-moment", model="free")


@pytest.fixture
def kept(monkeypatch, limit):
    found = limit.interval
    end = MeasuredEnd(found.upper, 0.926, 0.004, 4000, found.minimum, 0.46)
    monkeypatch.setattr(measured, "_table", lambda: {("xenonnt-sr0", "magnetic-moment", "free"): (end,)})
    return end


def test_kept_coverage_is_used_and_nothing_is_simulated(kept, limit, monkeypatch):
    monkeypatch.setattr(type(limit.fitted), "simulate", None)
    assert limit.measured == (kept,)
    (entry,) = limit.coverage_at_ends()
    assert (entry.coverage, entry.error, entry.experiments) == (0.926, 0.004, 4000)
    assert limit.is_off(entry)
    assert limit.goodness_by_toys()[0] == 0.46
    assert limit.work_of_checks() == 0


def test_what_has_changed_is_not_believed(kept, limit):
    where, interval = ("xenonnt-sr0", "magnetic-moment", "free"), limit.interval
    assert measured_ends(*where, interval) == (kept,)
    nearly, other = interval.upper * 1.0005, interval.upper * 1.002
    assert measured_ends(*where, replace(interval, segments=((None, nearly),))) == (kept,)
    for changed in (
        {"segments": ((None, other),)},
        {"segments": ((1e-13, interval.upper),)},
        {"minimum": interval.minimum * 1.01},
        {"cl": 0.95},
        {"sides": "upper"},
        {"method": "feldman-cousins"},
    ):
        assert measured_ends(*where, replace(interval, **changed)) is None
    assert measured_ends("xenonnt-sr0", "magnetic-moment", "stepping", interval) is None


def test_the_shipped_table_has_what_it_says():
    for (_, _, model), ends in measured._table().items():
        assert model
        for end in ends:
            assert 0.5 < end.coverage <= 1.0
            assert end.experiments >= 500
