"""The source papers through their entries: what disagrees, and that nothing is left out."""

import re
from functools import cache

import pytest

from nuatom.papers import PAPERS, paper
from nuatom.papers.table import markdown_table, text_table

reproduced = cache(paper)

# Every entry that is not reproduced, and why in short; its note says more.
DISAGREE = {
    "ks16": {
        # The same superscript on both sides.
        ("(10), (11)", "electrons Σ n_j that the equations count well above all edges"): "erratum",
        # The sign of a photon between like charges.
        ("(12), (13)", "g_V^p of ν_e less that of ν_μ without their radii, by the sign of (13)"): "erratum",
        # Stepping fails by tens of per cent between the M edges.
        ("after (11)", "the same, 0.1–1 keV, weak"): "corrected",
        ("after (11)", "the same, 0.1–1 keV, magnetic"): "corrected",
    },
    "ks11": {
        # Form factors are singular at negative Q².
        ("(13)", "T/π ∫Im F dQ²/Q² for T·F(E, 0), hydrogen at threshold"): "erratum",
        # What the paper itself calls wrong.
        ("(16)", "(E − E₀) F(E, 0), helium"): "erratum",
        ("(16)", "(E − E₀) F(E, 0), neon"): "erratum",
        # It rests on (13).
        ("(15)", "T ∫S dQ²/Q², helium, T = 10 keV"): "erratum",
        ("(15)", "T ∫S dQ²/Q², neon, T = 20 keV"): "erratum",
        ("(15)", "T ∫S dQ²/Q², germanium, T = 40 keV"): "erratum",
        ("(15)", "T ∫S dQ²/Q², xenon, T = 55 keV"): "erratum",
        # At 100 eV a neutrino meets the nucleus alone.
        ("section 3", "electrons of germanium that answer coherently at T = 100 eV"): "corrected",
    },
}
LAST_EQUATION = {"ks16": 16, "ks11": 17}
KNOWN = sorted(DISAGREE)


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_not_reproduced_is_known(name):
    found = {(e.equation, e.quantity): e.verdict for e in reproduced(name).entries if e.disagreement}
    assert found == DISAGREE[name]


@pytest.mark.parametrize("name", KNOWN)
def test_every_numbered_equation_has_an_entry(name):
    numbers = set()
    for entry in reproduced(name).entries:
        for first, last in re.findall(r"\((\d+)\)(?:–\((\d+)\))?", entry.equation):
            numbers.update(range(int(first), int(last or first) + 1))
    assert numbers == set(range(1, LAST_EQUATION[name] + 1))


@pytest.mark.parametrize("name", PAPERS)
def test_no_two_entries_say_the_same(name):
    entries = reproduced(name).entries
    keys = [(entry.equation, entry.quantity) for entry in entries]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", PAPERS)
def test_figures_are_drawn(name, tmp_path):
    for figure, draw in reproduced(name).figures.items():
        path = tmp_path / f"{figure}.png"
        draw(path)
        assert path.stat().st_size > 10_000


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("width", [60, 110, 200])
def test_tables_hold_every_entry(name, width):
    whole = reproduced(name)
    text = text_table(whole, width, verbose=True)
    assert max(map(len, text.splitlines())) <= max(width, 102)
    table = text.split("\n\n")[1]
    assert table.count("reproduced") == whole.count("reproduced")
    lines = markdown_table(whole).splitlines()
    assert len(lines) == len(whole.entries) + 2
    assert {line.replace(r"\|", "").count("|") for line in lines} == {8}
