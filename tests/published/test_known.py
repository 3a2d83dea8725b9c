"""Tables beside the page of what is known: a few cells computed again, and that they belong together."""

import csv
import math
import tomllib
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from nuatom.experiments import combine, experiment, experiment_names, groups
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


def test_limits_of_every_experiment_and_group_are_there():
    for name in (*experiment_names(), *groups()):
        for kind in ("magnetic-moment", "charge", "charge-radius"):
            assert (name, "best", kind) in LIMITS
    for name, members in groups().items():
        for of in ("magnetic-moment", "magnetic-moment:e"):
            joint = ends(LIMITS[name, "best", of])[1]
            alone = [ends(LIMITS[each, "best", of])[1] for each in members]
            # Together they limit better than the worst; not always than the best, where one fluctuates.
            assert joint <= max(alone)


def test_published_limits_have_sources_and_name_parameters():
    entries = tomllib.loads((DOCS / "published-limits.toml").read_text())["limit"]
    for entry in entries:
        assert entry["source"]
        assert parameter(entry["parameter"]).name == entry["parameter"]
        assert entry.get("lower", -math.inf) < entry["upper"]
        assert set(entry.get("ours", ())) <= set(experiment_names())


def test_sums_of_profiles_are_the_joint_fit():
    """Each experiment profiles the Sun's fluxes by itself in the sum; in the joint fit they are one."""
    rows = {row["parameter"]: row for row in table("world.csv") if not row["without"]}
    for of in ("magnetic-moment", "magnetic-moment:e", "charge-radius:mu"):
        upper = float(LIMITS["world", "best", of]["upper"])
        assert_allclose(float(rows[of]["upper"]), upper, rtol=0.05)
    assert all(0.0 <= float(row["p"]) <= 1.0 for row in rows.values())


def test_moments_of_majorana_neutrinos_left_to_the_fit_are_limited_as_alone():
    """Only their squares count, each with a sign of its own: others at zero are the weakest case."""
    for row in table("majorana.csv"):
        assert_allclose(float(row["profiled"]), float(row["alone"]), rtol=0.02)


@pytest.mark.slow
def test_the_joint_limit_of_liquid_argon_and_caesium_iodide():
    found = combine("stopped-pions").limit("charge-radius:mu").interval
    assert_allclose(found.upper, ends(LIMITS["stopped-pions", "best", "charge-radius:mu"])[1], rtol=1e-3)
