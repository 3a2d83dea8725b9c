"""Tables beside the page of what is known: a few cells computed again, and that they belong together."""

import csv
import math
import tomllib
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from nuatom.experiments import experiment, experiment_names
from nuatom.neutrinos import parameter

DOCS = Path(__file__).resolve().parents[2] / "docs"


def table(name):
    with (DOCS / name).open() as stream:
        return list(csv.DictReader(stream))


def ends(row):
    return [float(row[end]) if row[end] else None for end in ("lower", "upper")]


LIMITS = {(row["experiment"], row["model"], row["parameter"]): row for row in table("limits.csv")}


@pytest.mark.parametrize(
    ("name", "model", "of"),
    [
        ("lz-ws2022", "stepping", "magnetic-moment"),
        ("xenon1t-sr1", "stepping", "charge:e"),
        ("borexino-phase2", "free", "magnetic-moment:13"),
        ("coherent-lar-2020", "best", "charge-radius:mu"),
    ],
)
def test_limits_are_those_of_the_package(name, model, of):
    """Four digits are kept; the two ways to fit agree much better."""
    found = experiment(name).limit(of, model=None if model == "best" else model).interval
    for kept, end in zip(ends(LIMITS[name, model, of]), (found.lower, found.upper), strict=True):
        assert (kept is None) == (end is None)
        if kept is not None:
            assert_allclose(end, kept, rtol=1e-3)


def test_published_limits_have_sources_and_name_parameters():
    entries = tomllib.loads((DOCS / "published-limits.toml").read_text())["limit"]
    for entry in entries:
        assert entry["source"]
        assert parameter(entry["parameter"]).name == entry["parameter"]
        assert entry.get("lower", -math.inf) < entry["upper"]
        assert set(entry.get("ours", ())) <= set(experiment_names())


def test_together_is_what_solar_neutrinos_say_of_a_moment():
    """Others are a hundred times off: the joint limits agree to all digits that are kept."""
    joint, solar = (ends(LIMITS[name, "best", "magnetic-moment"])[1] for name in ("world", "solar-electrons"))
    assert_allclose(joint, solar, rtol=1e-3)


def test_leaving_one_out_belongs_together():
    """The sum of profiles is the joint fit but for the Sun's fluxes, which each has for itself; p is one."""
    rows = table("world.csv")
    for of in {row["parameter"] for row in rows}:
        every, *others = (row for row in rows if row["parameter"] == of)
        assert not every["without"]
        assert 0.0 <= float(every["p"]) <= 1.0
        assert float(every["experiments"]) == len(others)
        for row in (every, *others):
            assert float(row["lower"]) < float(row["upper"])
    moment = next(row for row in rows if row["parameter"] == "magnetic-moment" and not row["without"])
    assert_allclose(float(moment["upper"]), ends(LIMITS["world", "best", "magnetic-moment"])[1], rtol=0.05)


def test_moments_of_majorana_neutrinos_left_to_the_fit_are_limited_as_alone():
    """Each adds to the rate, and none is preferred: others at zero are the weakest case."""
    for row in table("majorana.csv"):
        assert_allclose(float(row["profiled"]), float(row["alone"]), rtol=0.01)
        if row["experiments"] == "borexino-phase2":
            kept = ends(LIMITS["borexino-phase2", "free", row["parameter"]])[1]
            assert_allclose(float(row["alone"]), kept, rtol=0.01)
