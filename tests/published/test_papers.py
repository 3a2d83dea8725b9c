"""The source papers through their entries: what disagrees, and that nothing is left out."""

import re
from functools import cache

import numpy as np
import pytest
import sympy

from nuatom.atoms.independent.response import MOMENTUM_KEV, response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.papers import PAPERS, paper
from nuatom.papers.ks11.green_function import density_sum
from nuatom.papers.ks11.hydrogen import density_sum_at_threshold
from nuatom.papers.table import markdown_table, text_table

reproduced = cache(paper)

# Hydrogen's S at threshold, times T and over x = Q² in 1/bohr²: Bethe's closed form for k → 0.
BETHE = "128*(x + 1/3)*exp(-4/(x + 1))/(x + 1)**6"

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
    assert max(map(len, text.splitlines())) <= max(width, 103)
    table = text.split("\n\n")[1]
    assert table.count("reproduced") == whole.count("reproduced")
    lines = markdown_table(whole).splitlines()
    assert len(lines) == len(whole.entries) + 2
    assert {line.replace(r"\|", "").count("|") for line in lines} == {8}


def test_hydrogen_refutes_the_dispersion_relation_in_closed_form():
    """KS11 (13) at Q = 0 would have T∫S dQ²/Q² = 1; the integral, done by algebra, is 1 − (7/3)e⁻⁴."""
    x = sympy.symbols("x", positive=True)
    exact = sympy.integrate(sympy.sympify(BETHE, locals={"x": x}).subs(x, 4 / x - 1) * 4 / x**2, (x, 0, 4))
    assert sympy.simplify(exact - (1 - sympy.Rational(7, 3) * sympy.exp(-4))) == 0
    assert density_sum_at_threshold() == pytest.approx(float(exact), rel=1e-14, abs=0.0)


@pytest.mark.parametrize(("number", "symbol", "transfer"), [(2, "He", 2.0), (10, "Ne", 4.0)])
def test_free_electrons_are_counted_by_waves_as_by_tables(number, symbol, transfer):
    """KS11 (15) has Z² where atoms have Z: here from continuum waves, a grid of its own, and no table."""
    momentum = MOMENTUM_KEV * np.linspace(0.02, 3.0, 400) * np.sqrt(2.0 * transfer / 0.0272)
    found = response(ground_state(number), [transfer], momentum).component("vector_00")[0]
    counted = transfer * float(np.trapezoid(2.0 * found / momentum, momentum))
    assert counted == pytest.approx(number, rel=5e-3, abs=0.0)
    assert float(density_sum(symbol, np.array([transfer]))[0]) == pytest.approx(counted, rel=3e-3, abs=0.0)
