"""What a notebook shows of a value: one short line, and the same as HTML."""

import pytest

import nuatom

DATA = nuatom.experiment("xenonnt-sr0", bins="1:30:10")
VALUES = {
    "experiment": lambda: DATA,
    "channel": lambda: DATA.channel,
    "flux": lambda: DATA.flux,
    "analysis": lambda: DATA.analysis("free"),
    "kernels": lambda: nuatom.ionization(nuatom.Target("Xe"), model="free"),
    "folded": lambda: DATA.folded("free"),
    "limit": lambda: DATA.limit("magnetic-moment", model="free"),
    "spectrum": lambda: DATA.spectrum(model="free"),
    "scan": lambda: DATA.scan(["magnetic-moment"], [[0.0, 1e-11, 2e-11]], model="free"),
    "fit": lambda: DATA.fit(["magnetic-moment"], model="free"),
    "combination": lambda: nuatom.combine(DATA, "xenon1t-sr1"),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_line_is_short(name):
    line = repr(VALUES[name]())
    assert line.startswith("<")
    assert len(line) < 160
    assert "\n" not in line


@pytest.mark.parametrize("name", ["experiment", "limit", "spectrum", "scan", "fit", "combination"])
def test_html_holds_the_line_or_a_table(name):
    shown = VALUES[name]()._repr_html_()
    assert shown.startswith(("<code>", "<table>"))
    assert "xenonnt-sr0" in shown
