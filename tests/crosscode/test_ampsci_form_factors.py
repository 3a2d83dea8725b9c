"""All nine responses against another code, in the same field and cut at the same multipole."""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.continuum.exchange_reach import EXCHANGE_REACHES
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.response import IonWaves
from nuatom.atoms.independent.subshell import subshell_response
from nuatom.atoms.structure.dirac import bound_orbital
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV

ATOMS = tomllib.loads((Path(__file__).parent / "ampsci_form_factors.toml").read_text())["atom"]
ORDER = 6


@cache
def local_state(number, h, d):
    """Every orbital solved in the given potential."""
    start = ground_state(number, "dirac-slater", tolerance=1e-4)
    r = start.grid.r
    screened = (1.0 + (number - 1.0) / (h * np.expm1(r / d) + 1.0)) / r
    potential = start.nuclear_potential + number / r - screened
    orbitals = []
    for o in start.orbitals:
        found = bound_orbital(start.grid, potential, o.n, o.kappa, start.speed_of_light, o.energy)
        orbitals.append(replace(o, energy=found.energy, large=found.large, small=found.small))
    return replace(start, orbitals=tuple(orbitals), potential=potential)


@cache
def fock_state(number):
    return ground_state(number)


def responses(state, point, accuracy, hole_in_exchange=True):
    """Nine responses times a hartree, all subshells together."""
    low, high = point["momentum_kev"]
    momentum = np.geomspace(low, high, 10) / MOMENTUM_KEV
    total = np.zeros((len(COMPONENTS), 10))
    for orbital in state.orbitals:
        ejected = point["transfer_kev"] / HARTREE_KEV + orbital.energy
        if ejected > 0.0:
            waves = IonWaves(state, orbital, EXCHANGE_REACHES[-1], hole_in_exchange)
            shell = BoundShell.of(state, orbital)
            part = subshell_response(shell, waves, ejected, momentum, accuracy=accuracy, last_order=ORDER)
            total += orbital.occupation * part.values
    return total


def difference(found, expected):
    """Relative where a response is positive; of a signed one, relative to its largest value."""
    scale = np.abs(expected)
    for row, name in enumerate(COMPONENTS):
        if name in ("vector_03", "axial_03", "interference"):
            scale[row] = np.maximum(scale[row], 0.1 * scale[row].max())
    return np.abs(found - expected) / scale


POINTS = [
    pytest.param(atom, point, id=f"{atom['Z']}-{point['transfer_kev']}-{atom['field']}")
    for atom in ATOMS
    for point in atom["point"]
]


@pytest.mark.parametrize(("atom", "point"), [p for p in POINTS if p.values[0]["field"] == "local"])
def test_responses_of_a_local_potential_agree(atom, point):
    """To 4e-6, the same in every component: the wave's normalisation; at 10 keV to 1e-5."""
    state = local_state(atom["Z"], atom["H"], atom["d"])
    energies = [orbital.energy for orbital in state.orbitals]
    np.testing.assert_allclose(energies, atom["energies_hartree"], rtol=1e-8, atol=0.0)
    assert np.all(difference(responses(state, point, 1e-6), np.array(point["values"])) < 1.5e-5)


@pytest.mark.parametrize(("atom", "point"), [p for p in POINTS if p.values[0]["field"] == "hartree-fock"])
def test_responses_with_exchange_agree(atom, point):
    """Closed shells to 1e-5; germanium's open one is averaged differently, which its 4p feels most."""
    state = fock_state(atom["Z"])
    closed = atom["Z"] != 32
    for orbital, energy in zip(state.orbitals, atom["energies_hartree"], strict=True):
        tolerance = 2e-7 if closed else 2e-3 if orbital.n < 4 else 0.04
        assert orbital.energy == pytest.approx(energy, rel=tolerance, abs=0.0)
    found = responses(state, point, 1e-4, hole_in_exchange=False)
    wrong = difference(found, np.array(point["values"]))
    assert np.all(wrong < (2e-5 if closed else 5e-5 if point["transfer_kev"] >= 1.0 else 5e-3))


@pytest.mark.parametrize(("transfer_kev", "low", "high"), [(0.1, 0.05, 0.2), (3.0, 0.01, 0.03)])
def test_the_hole_in_exchange_is_what_makes_two_codes_differ(transfer_kev, low, high):
    """Other codes keep it out of the exchange term: off the ridge that is worth 10% at 0.1 keV, 2% at 3."""
    (param,) = (p for p in POINTS if p.id == f"36-{transfer_kev}-hartree-fock")
    atom, point = param.values
    found = responses(fock_state(atom["Z"]), point, 3e-3)
    assert low < difference(found, np.array(point["values"])).max() < high
