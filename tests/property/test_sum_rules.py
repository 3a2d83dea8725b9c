"""Completeness: the f-sum and the incoherent scattering function of closed-shell atoms."""

import numpy as np
import pytest
import xraylib

from nuatom.atoms.excitation import bound_strength, excitation_lines
from nuatom.atoms.ground_state import ground_state
from nuatom.atoms.response import MOMENTUM_KEV, waves_of
from nuatom.atoms.subshell import BoundShell, subshell_response
from nuatom.constants import HARTREE_KEV
from nuatom.errors import InputError
from nuatom.numerics.quadrature import panel_rule

MOMENTUM = np.array([0.5, 1.0, 2.0, 4.0])
HIGHEST_N = 8


def incoherent(state, momentum):
    """⟨ρρ†⟩ − |F|² of a determinant: Z − Σ_ij |⟨i|e^{iQr}|j⟩|² over occupied orbitals."""
    shells = [BoundShell.of(state, orbital) for orbital in state.orbitals]
    kept = sum(
        shell.orbital.occupation * bound_strength(shell, state.grid, final, momentum)[0]
        for shell in shells
        for final in state.orbitals
    )
    return state.Z - kept


@pytest.mark.parametrize("number", [10, 18])
def test_bound_and_continuum_strengths_exhaust_the_sum_rules(number):
    """∫S dT is the incoherent scattering function, ∫T S dT = ZQ²/2, without relativity."""
    state = ground_state(number, "dirac-slater", speed_of_light=1e4)
    lines = excitation_lines(state, MOMENTUM * MOMENTUM_KEV, HIGHEST_N, 5)
    count = sum(line.strength[0] for line in lines)
    energy_sum = sum(line.strength[0] * line.transfer_kev / HARTREE_KEV for line in lines)
    edges = np.concatenate([[1e-4], np.geomspace(0.03, 1000.0 * np.sqrt(number), 12)])
    energies, weights = panel_rule(edges, 5)
    for orbital in state.orbitals:
        shell = BoundShell.of(state, orbital)
        for index, (energy, weight) in enumerate(zip(energies, weights, strict=True)):
            waves = waves_of(state, orbital)
            part = subshell_response(shell, waves, energy, MOMENTUM, accuracy=1e-3).values[0]
            # Levels above n = 8 continue the continuum below threshold.
            below = 0.5 / HIGHEST_N**2 if index == 0 else 0.0
            part *= (weight + below) * orbital.occupation
            count = count + part
            energy_sum += part * (energy - orbital.energy)
    np.testing.assert_allclose(energy_sum, number * MOMENTUM**2 / 2.0, rtol=1e-3)
    np.testing.assert_allclose(count, incoherent(state, MOMENTUM), rtol=1e-3)


@pytest.mark.parametrize(("number", "tolerance"), [(10, 1e-3), (18, 2e-3)])
def test_incoherent_function_agrees_with_the_tables(number, tolerance):
    """Hartree-Fock values of Hubbell et al., J. Phys. Chem. Ref. Data 4 (1975) 471, in xraylib."""
    momentum = np.array([0.5, 1.0, 2.0, 4.0, 8.0])
    state = ground_state(number, "dirac-fock")
    per_angstrom = momentum / 0.529177 / (4.0 * np.pi)
    tabulated = [xraylib.SF_Compt(number, float(q)) for q in per_angstrom]
    np.testing.assert_allclose(incoherent(state, momentum), tabulated, rtol=tolerance)


def test_lines_need_one_local_potential_and_closed_shells():
    with pytest.raises(InputError):
        excitation_lines(ground_state(2, "dirac-fock"), [1.0], 3, 2)
    with pytest.raises(InputError):
        excitation_lines(ground_state(6, "dirac-slater"), [1.0], 3, 2)
