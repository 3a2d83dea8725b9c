"""The density's Green's function: resolvent against sums over states, and its limits."""

import numpy as np
import pytest

from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.density_green_function import density_green_function
from nuatom.atoms.independent.excitation import excitation_lines
from nuatom.atoms.independent.response import waves_of
from nuatom.atoms.independent.subshell import subshell_response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV
from nuatom.errors import InputError
from nuatom.numerics.quadrature import panel_rule
from nuatom.papers.ks11 import hydrogen

MOMENTUM = np.array([0.3, 1.0, 3.0])


@pytest.mark.parametrize("transfer", [-0.05, -0.5, -5.0])
def test_hydrogen_is_the_sum_over_its_states(transfer):
    """Levels and continuum in closed form; what is left is their tail between n = 400 and threshold."""
    state = ground_state(1, nucleus="point", speed_of_light=1e5)
    found = density_green_function(state, transfer * HARTREE_KEV, MOMENTUM * MOMENTUM_KEV)
    exact = [hydrogen.green_function(transfer, q) for q in MOMENTUM]
    np.testing.assert_allclose(HARTREE_KEV * found.total, exact, rtol=1e-6)
    np.testing.assert_allclose(
        HARTREE_KEV * found.together, (1 + MOMENTUM**2 / 4) ** -4 / transfer, rtol=1e-6
    )


@pytest.mark.parametrize("number", [2, 10])
def test_atoms_are_the_sum_over_their_excitations(number):
    """Lines of the field up to n = 8, and its continuum: the other route through KS11 (11) and (12)."""
    state = ground_state(number, "dirac-slater")
    transfer = -1.0
    lines = excitation_lines(state, MOMENTUM * MOMENTUM_KEV, 8, 5)
    summed = sum(line.strength[0] / (transfer - line.transfer_kev / HARTREE_KEV) for line in lines)
    for orbital in state.orbitals:
        shell = BoundShell.of(state, orbital)
        edges = np.concatenate([[1e-4], np.geomspace(0.03, 30.0 * (8.0 - orbital.energy), 8)])
        energies, weights = panel_rule(edges, 4)
        for index, (energy, weight) in enumerate(zip(energies, weights, strict=True)):
            waves = waves_of(state, orbital)
            part = subshell_response(shell, waves, energy, MOMENTUM, accuracy=1e-3).values[0]
            # Higher levels continue the continuum below threshold.
            below = 0.5 / 8**2 if index == 0 else 0.0
            summed = summed + part * (weight + below) * orbital.occupation / (
                transfer - energy + orbital.energy
            )
    found = density_green_function(state, transfer * HARTREE_KEV, MOMENTUM * MOMENTUM_KEV)
    excited = HARTREE_KEV * (found.alone - found.blocked)
    np.testing.assert_allclose(excited, summed, rtol=3e-3)


@pytest.mark.parametrize("number", [1, 2, 10])
@pytest.mark.parametrize("transfer_kev", [-0.003, -0.3])
def test_without_momentum_it_counts_pairs_of_electrons(number, transfer_kev):
    """KS11 (14): Z²/T; each electron alone Z/T, which is (16)."""
    state = ground_state(number) if number == 1 else ground_state(number, "dirac-lb94")
    found = density_green_function(state, transfer_kev, [1e-4 * MOMENTUM_KEV])
    assert found.total[0] * transfer_kev == pytest.approx(number**2, rel=1e-7, abs=0.0)
    assert found.alone[0] * transfer_kev == pytest.approx(number, rel=1e-7, abs=0.0)


def test_far_below_the_ground_state_it_counts_electrons():
    """TF → ⟨0|ρρ†|0⟩ + Q²/2T, the moments of the spectrum of which the f-sum is the second."""
    state = ground_state(1, nucleus="point", speed_of_light=1e5)
    transfer, momentum = -60.0, np.array([0.2, 0.4])
    found = density_green_function(state, transfer * HARTREE_KEV, momentum * MOMENTUM_KEV).total
    np.testing.assert_allclose(found * transfer * HARTREE_KEV, 1.0 + momentum**2 / 2 / transfer, rtol=2e-5)
    with pytest.raises(InputError, match="on this grid"):
        density_green_function(state, 2.0 * transfer * HARTREE_KEV, momentum)


@pytest.mark.parametrize(
    ("number", "method", "transfer", "momentum", "argument"),
    [
        (2, "dirac-fock", -1.0, [1.0], "state"),
        (6, "dirac-slater", -1.0, [1.0], "state"),
        (2, "dirac-slater", 1.0, [1.0], "transfer_kev"),
        (2, "dirac-slater", float("nan"), [1.0], "transfer_kev"),
        (2, "dirac-slater", -1.0, [2.0, 1.0], "momentum_kev"),
        (2, "dirac-slater", -1.0, [0.0], "momentum_kev"),
    ],
)
def test_what_it_does_not_cover_is_refused(number, method, transfer, momentum, argument):
    with pytest.raises(InputError, match=argument):
        density_green_function(ground_state(number, method), transfer, momentum)
