"""Calculated and measured thresholds: what they are, and that they only move T = ε + threshold."""

import json

import numpy as np
import pytest
import xraylib

from nuatom.atoms.independent.response import response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.structure.thresholds import thresholds_kev
from nuatom.atoms.tables.response_build import build_table
from nuatom.atoms.target import element
from nuatom.constants import HARTREE_KEV
from nuatom.errors import InputError

OPTIONS = {"highest_transfer_kev": 0.3, "first_ejected_kev": 1e-2, "momenta": 9, "accuracy": 0.2}


@pytest.fixture(scope="module")
def neon():
    return ground_state(10, "dirac-slater")


def test_calculated_thresholds_are_eigenvalues(neon):
    expected = [-HARTREE_KEV * orbital.energy for orbital in neon.orbitals]
    np.testing.assert_allclose(thresholds_kev(neon, "calculated"), expected, rtol=1e-15)


def test_measured_thresholds_are_edges(neon):
    shells = (xraylib.K_SHELL, xraylib.L1_SHELL, xraylib.L2_SHELL, xraylib.L3_SHELL)
    edges = [xraylib.EdgeEnergy(10, shell) for shell in shells]
    np.testing.assert_allclose(thresholds_kev(neon, "measured"), edges, rtol=1e-15)
    chosen = thresholds_kev(neon, "measured", neon.orbitals[2:3])
    np.testing.assert_array_equal(chosen, edges[2:3])


def test_relaxation_lowers_the_inner_edge_of_xenon():
    """Koopmans' 1s lies above the edge by the relaxation energy, less what QED and Breit take."""
    xenon = ground_state(54)
    calculated, measured = (thresholds_kev(xenon, t)[0] for t in ("calculated", "measured"))
    assert 0.1 < calculated - measured < 0.3


@pytest.mark.parametrize("label", ["1s1/2", "2p3/2"])
def test_measured_thresholds_shift_the_transfer_only(neon, label):
    momentum = np.geomspace(2.0, 30.0, 5)
    ejected = np.array([0.01, 0.3, 2.0])
    found = []
    for thresholds in ("calculated", "measured"):
        edge = dict(zip([o.label for o in neon.orbitals], thresholds_kev(neon, thresholds), strict=True))[
            label
        ]
        result = response(neon, edge + ejected, momentum, subshells=[label], thresholds=thresholds)
        np.testing.assert_array_equal(result.edges_kev, [edge])
        found.append(result.values_per_kev)
    np.testing.assert_allclose(found[1], found[0], rtol=1e-9, atol=1e-12 * found[0].max())


def test_between_the_two_thresholds_one_is_open_and_the_other_not(neon):
    calculated, measured = (thresholds_kev(neon, t)[0] for t in ("calculated", "measured"))
    assert calculated != measured
    middle = [0.5 * (calculated + measured)]
    values = {
        t: response(neon, middle, [5.0], subshells=["1s1/2"], thresholds=t).values_per_kev
        for t in ("calculated", "measured")
    }
    shut, is_open = ("calculated", "measured") if calculated > measured else ("measured", "calculated")
    assert np.all(values[shut] == 0.0)
    assert values[is_open][0, 0, 0, 0] > 0.0


def test_tables_open_at_their_thresholds_and_say_so(neon):
    tables = {
        t: build_table(10, method="dirac-slater", state=neon, thresholds=t, **OPTIONS)
        for t in ("calculated", "measured")
    }
    for thresholds, table in tables.items():
        assert json.loads(table.recipe)["thresholds"] == thresholds
        # The K shell of neon opens at 0.87 keV, above the tables' last transfer.
        np.testing.assert_array_equal(table.edges_kev, thresholds_kev(neon, thresholds)[1:])
    assert tables["calculated"].sha256 != tables["measured"].sha256
    shell = tables["measured"].subshell("2p3/2")
    edge = element(10).subshells[3].edge_kev
    assert np.all(shell.at(edge, 1.0) == 0.0)
    ejected, momentum = shell.ejected_kev[2], 5.0
    direct = response(neon, [edge + ejected], [momentum], thresholds="measured", accuracy=0.2)
    np.testing.assert_allclose(
        shell.at(edge + ejected, momentum)[0], direct.values_per_kev[3, 0, 0, 0], rtol=0.05
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: thresholds_kev(ground_state(10, "dirac-slater"), "guessed"),
        lambda: thresholds_kev(ground_state(11, "dirac-slater", charge=1), "measured"),
        lambda: thresholds_kev(ground_state(93, "dirac-slater"), "measured"),
        lambda: thresholds_kev(
            ground_state(10, "dirac-slater", configuration="[He] 2s2 2p5 3s1"), "measured"
        ),
    ],
    ids=["unknown", "ion", "beyond the tables", "no edge"],
)
def test_refuses_thresholds_that_are_not_known(make):
    with pytest.raises(InputError) as caught:
        make()
    assert caught.value.argument == "thresholds"
