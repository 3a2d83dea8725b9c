"""Published responses of another code, cut at the same multipole, and what makes the difference."""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.continuum.exchange_reach import exchange_reach
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.response import IonWaves
from nuatom.atoms.independent.subshell import subshell_response
from nuatom.atoms.structure.ground_state import ground_state

ATOMS = tomllib.loads((Path(__file__).parent / "ampsci_kion.toml").read_text())["atom"]
POINTS = [
    pytest.param(atom, point, id=f"{atom['Z']}-{point['transfer']}")
    for atom in ATOMS
    for point in atom["point"]
]
PART = 0.01
"""Of its largest value, above which a response is compared."""


@cache
def state(number):
    return ground_state(number)


def ratio(atom, point, component, hole_in_exchange):
    """Ours over theirs where theirs is not small."""
    momentum, theirs = np.array(atom["momentum"]), np.array(point[component])
    chosen = theirs > PART * theirs.max()
    total = np.zeros(int(chosen.sum()))
    for orbital in state(atom["Z"]).orbitals:
        ejected = point["transfer"] + orbital.energy
        if ejected > 0.0:
            shell = BoundShell.of(state(atom["Z"]), orbital)
            waves = IonWaves(state(atom["Z"]), orbital, exchange_reach(3e-3), hole_in_exchange)
            part = subshell_response(shell, waves, ejected, momentum[chosen], accuracy=3e-3, last_order=6)
            total += orbital.occupation * part.values[COMPONENTS.index(component)]
    return total / theirs[chosen]


@pytest.mark.parametrize(("atom", "point"), POINTS)
def test_published_responses_cut_at_the_same_multipole(atom, point):
    """Vector within 3%; the axial charge, a few parts in 1e5 of it, within 7%."""
    assert np.abs(ratio(atom, point, "vector_00", True) - 1.0).max() < 0.03
    assert np.abs(ratio(atom, point, "axial_00", True) - 1.0).max() < 0.07


@pytest.mark.parametrize("number", [18, 36])
def test_the_hole_in_exchange_is_what_the_vector_response_differs_by(number):
    """At 1 keV, in the field with the whole atom's exchange, it agrees to half a per cent."""
    (atom,) = (a for a in ATOMS if a["Z"] == number)
    (point,) = (p for p in atom["point"] if 35.0 < p["transfer"] < 40.0)
    ours, same = (np.abs(ratio(atom, point, "vector_00", hole) - 1.0).max() for hole in (True, False))
    assert same < 0.006
    assert ours > 1.5 * same
