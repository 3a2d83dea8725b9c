"""Completeness: the f-sum, the incoherent scattering function, and the Bethe ridge."""

from functools import cache

import numpy as np
import pytest
import xraylib
from scipy.interpolate import CubicSpline

from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.excitation import excitation_lines, excited_orbitals, incoherent_scattering
from nuatom.atoms.independent.response import response, waves_of
from nuatom.atoms.independent.subshell import subshell_response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.tables.momentum_scale import MomentumScale
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import ELECTRON_MASS_KEV, HARTREE_KEV
from nuatom.errors import InputError
from nuatom.numerics.quadrature import panel_rule

MOMENTUM = np.array([0.5, 1.0, 2.0, 4.0])


@cache
def sums(number, method, highest_n):
    """∫S dT and ∫T S dT at `MOMENTUM`, discrete and continuous, without relativity."""
    local = ground_state(number, "dirac-slater", speed_of_light=1e4)
    state = local if method == "dirac-slater" else ground_state(number, method, speed_of_light=1e4)
    lines = excitation_lines(local, MOMENTUM * MOMENTUM_KEV, highest_n, 5)
    count = sum(line.strength[0] for line in lines)
    energy_sum = sum(line.strength[0] * line.transfer_kev / HARTREE_KEV for line in lines)
    for orbital in state.orbitals:
        shell = BoundShell.of(state, orbital)
        edges = np.concatenate([[1e-4], np.geomspace(0.03, 100.0 * (8.0 - orbital.energy), 12)])
        energies, weights = panel_rule(edges, 5)
        for index, (energy, weight) in enumerate(zip(energies, weights, strict=True)):
            waves = waves_of(state, orbital)
            part = subshell_response(shell, waves, energy, MOMENTUM, accuracy=1e-3).values[0]
            # Higher levels continue the continuum below threshold.
            below = 0.5 / highest_n**2 if index == 0 else 0.0
            part *= (weight + below) * orbital.occupation
            count = count + part
            energy_sum += part * (energy - orbital.energy)
    return state, count, energy_sum


@pytest.mark.parametrize(
    ("number", "highest_n", "tolerance"),
    # Levels end at n = 8, 12 or 16: the outer electrons of heavy atoms have quantum defects up to 4.
    [
        (10, 8, 1e-3),
        pytest.param(18, 8, 1e-3, marks=pytest.mark.slow),
        pytest.param(32, 12, 5e-3, marks=pytest.mark.slow),
        pytest.param(54, 16, 5e-3, marks=pytest.mark.slow),
    ],
)
def test_bound_and_continuum_strengths_exhaust_the_sum_rules(number, highest_n, tolerance):
    """∫S dT is the incoherent scattering function, ∫T S dT = ZQ²/2, without relativity."""
    state, count, energy_sum = sums(number, "dirac-slater", highest_n)
    np.testing.assert_allclose(energy_sum, number * MOMENTUM**2 / 2.0, rtol=tolerance)
    incoherent = incoherent_scattering(state, MOMENTUM * MOMENTUM_KEV)
    np.testing.assert_allclose(count, incoherent, rtol=tolerance)


@pytest.mark.slow
def test_exchange_of_the_frozen_ion_breaks_the_sum_rules_by_a_percent():
    """Each hole has its own non-local field: neither rule holds, and the local potential's does.

    Levels are those of the local potential, which hold a few percent of the strength.
    """
    state, count, energy_sum = sums(10, "dirac-fock", 8)
    excess = energy_sum / (5.0 * MOMENTUM**2) - 1.0
    assert np.all((excess > 3e-3) & (excess < 2e-2)), excess
    missing = 1.0 - count / incoherent_scattering(state, MOMENTUM * MOMENTUM_KEV)
    assert np.all((missing > 2e-3) & (missing < 2e-2)), missing


@pytest.mark.parametrize(("number", "tolerance"), [(10, 1.5e-3), (18, 2e-3), (32, 5e-3), (54, 1e-2)], ids=str)
def test_incoherent_function_agrees_with_the_tables(number, tolerance):
    """Hartree-Fock values of Hubbell et al., J. Phys. Chem. Ref. Data 4 (1975) 471, in xraylib.

    Those are not relativistic: xenon's electrons are 1% more tightly bound.
    """
    momentum = np.array([0.3, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0])
    state = ground_state(number, "dirac-fock")
    per_angstrom = momentum / 0.529177 / (4.0 * np.pi)
    tabulated = [xraylib.SF_Compt(number, float(q)) for q in per_angstrom]
    found = incoherent_scattering(state, momentum * MOMENTUM_KEV)
    np.testing.assert_allclose(found, tabulated, rtol=tolerance)


def test_electrons_of_an_open_shell_find_part_of_it_empty():
    """Carbon: the two 2p electrons see one other of the five remaining spinors, w = 1/5."""
    state = ground_state(6, "dirac-slater")
    levels = {(orbital.n, orbital.kappa) for _, orbital in excited_orbitals(state, 3, 2)}
    assert {(2, 1), (2, -2), (3, -1)} <= levels
    assert not {(1, -1), (2, -1)} & levels
    lines = {(line.initial, line.final): line for line in excitation_lines(state, [1.0, 5.0], 3, 2)}
    assert ("2p1/2", "2p1/2") not in lines
    up, down = lines["2p1/2", "2p3/2"], lines["2p3/2", "2p1/2"]
    assert up.transfer_kev == pytest.approx(-down.transfer_kev, rel=1e-6, abs=0.0)
    np.testing.assert_allclose(up.strength[0], down.strength[0], rtol=1e-6)
    assert up.transfer_kev > 0.0


@pytest.mark.slow
@pytest.mark.parametrize(("number", "energy_kev"), [(14, 50.0), (18, 100.0)])
def test_every_electron_is_free_far_above_its_binding(number, energy_kev):
    """∫Q dQ S = Z(m_e + T/2), the free relativistic electrons'; Z m_e where T ≪ m_e."""
    state = ground_state(number)
    total = 0.0
    for orbital in state.orbitals:
        shell = BoundShell.of(state, orbital)
        scale = MomentumScale(
            edge_kev=-HARTREE_KEV * orbital.energy,
            width_kev=MOMENTUM_KEV / shell.mean_radius,
            reach_kev=MOMENTUM_KEV * shell.momenta.reach(1e-4),
        )
        momentum = scale.momenta_kev(energy_kev - scale.edge_kev, 129)
        found = response(state, [energy_kev], momentum, subshells=[orbital.label])
        curve = CubicSpline(momentum, momentum * found.component("vector_00")[0])
        total += float(curve.integrate(momentum[0], momentum[-1]))
    free = number * (ELECTRON_MASS_KEV + 0.5 * energy_kev)
    assert total == pytest.approx(free, rel=1e-3, abs=0.0)


def test_lines_need_one_local_potential():
    with pytest.raises(InputError):
        excitation_lines(ground_state(2, "dirac-fock"), [1.0], 3, 2)
