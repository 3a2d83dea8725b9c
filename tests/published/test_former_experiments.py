"""The three experiments as they were first written: one background, one detector. Their limits stay."""

import tomllib
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from nuatom.experiments import experiment

HERE = Path(__file__).parent
LIMITS = tomllib.loads((HERE / "former" / "limits.toml").read_text("utf-8"))
CELLS = [
    (name, cell) for name in ("xenonnt-sr0", "xenon1t-sr1", "coherent-csi-2021") for cell in LIMITS[name]
]


def called(entry):
    return entry if isinstance(entry, str) else f"{entry['parameter']}-{entry['sides']}"


@pytest.mark.parametrize(("name", "cell"), CELLS, ids=called)
def test_the_former_limits(name, cell):
    """To 1e-6: the same likelihood, minimised by another program."""
    found = experiment(HERE / "former" / f"{name}.toml").limit(
        cell["parameter"], model=cell["model"], sides=cell["sides"], theory_spread=cell.get("theory_spread")
    )
    segments = [[end for end in segment if end is not None] for segment in found.interval.segments]
    assert [len(segment) for segment in segments] == [len(segment) for segment in cell["segments"]]
    for ends, expected in zip(segments, cell["segments"], strict=True):
        assert_allclose(ends, expected, rtol=1e-6)
    assert_allclose(found.interval.minimum, cell["minimum"], rtol=1e-6)
