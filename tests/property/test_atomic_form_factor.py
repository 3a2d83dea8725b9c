"""The atomic form factor of our own orbitals: exact limits, exact hydrogen, and two ways to sum it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nuatom import InputError
from nuatom.atoms.independent.form_factor import atomic_form_factor
from nuatom.atoms.structure.ground_state import atomic_grid, ground_state

# A point charge without relativity: |ψ|² = exp(−2r)/π.
HYDROGEN = ground_state(1, nucleus="point", speed_of_light=1e6)


def test_hydrogen():
    found = atomic_form_factor(HYDROGEN)
    momentum = np.geomspace(1e-5, 40.0, 3000)
    exact = (1.0 + 0.25 * momentum**2) ** -2
    assert_allclose(found(momentum), exact, rtol=1e-7)
    inside = (found.momentum, found.missing)
    assert_allclose(inside[1], -np.expm1(-2.0 * np.log1p(0.25 * inside[0] ** 2)), rtol=1e-9)


def test_beyond_the_table_the_density_has_a_cusp():
    momentum = np.geomspace(40.0, 4000.0, 50)
    exact = (1.0 + 0.25 * momentum**2) ** -2
    assert_allclose(atomic_form_factor(HYDROGEN)(momentum), exact, rtol=6e-3)


@pytest.mark.parametrize("charge", [2, 18, 32, 54, 92])
def test_limits(charge):
    state = ground_state(charge)
    found = atomic_form_factor(state)
    assert found(0.0) == charge
    assert_allclose(found.missing + found.present, charge, rtol=1e-13)
    momentum = np.geomspace(1e-6, 1e5, 4000)
    values = found(momentum)
    # Falling, to the digits that counts near Z have.
    assert np.all(np.diff(values) <= 1e-13 * charge)
    assert np.all(np.diff(values[values < 0.5 * charge]) < 0.0)
    assert 0.0 < values[-1] < 1e-10 * charge
    # Where it is quadratic it measures the mean square of the radius.
    density = sum(o.occupation * (o.large**2 + o.small**2) for o in state.orbitals)
    square = state.grid.integrate(state.grid.r**2 * density)
    assert_allclose(6.0 * found.missing[0] / found.momentum[0] ** 2, square, rtol=1e-5)


@pytest.mark.parametrize("charge", [2, 54])
def test_the_ground_states_own_grid_gives_the_same(charge):
    """Gregory's rule on the grid of the orbitals, which resolves j0(Qr) for momenta of a few inverse bohr."""
    state = ground_state(charge)
    density = sum(o.occupation * (o.large**2 + o.small**2) for o in state.orbitals)
    for momentum in (0.01, 0.3, 1.7, 4.0):
        direct = state.grid.integrate(density * np.sinc(momentum * state.grid.r / np.pi))
        assert_allclose(atomic_form_factor(state)(momentum), direct, rtol=2e-7)


def test_it_does_not_depend_on_the_grid():
    usual = atomic_form_factor(ground_state(54))
    finer = atomic_form_factor(ground_state(54, grid=atomic_grid(54, step=0.02, bend=1.0)))
    assert_allclose(usual.present, finer.present, rtol=1e-9)
    assert_allclose(usual.missing, finer.missing, rtol=1e-9)


def test_an_ion_counts_its_own_electrons():
    assert atomic_form_factor(ground_state(18, charge=1))(0.0) == 17.0


@pytest.mark.parametrize("momentum", [-1.0, np.inf, np.nan])
def test_bad_momenta_are_refused(momentum):
    with pytest.raises(InputError, match="momentum"):
        atomic_form_factor(HYDROGEN)([1.0, momentum])
