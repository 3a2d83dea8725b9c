"""What the responses to spin must obey when electrons answer together."""

import numpy as np
import pytest

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.correlated.basis import BasisSize, orbital_basis
from nuatom.atoms.correlated.ion_field import IonChannels
from nuatom.atoms.correlated.linear_response import linear_response
from nuatom.atoms.correlated.local_density_response import local_density_response
from nuatom.atoms.correlated.operators import PARITIES
from nuatom.atoms.correlated.random_phase import excitation_space, interaction, response_matrices
from nuatom.atoms.correlated.susceptibility import IndependentResponse, MultipoleResponse
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.tables.charge_spin import LowMultipoles, growth, joined
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV

VECTOR_00, VECTOR_03, VECTOR_33, VECTOR_11, AXIAL_00, AXIAL_03, AXIAL_33, AXIAL_11, INTERFERENCE = range(9)
SLOW_LIGHT = 3000.0
TRANSFER = np.array([1.5])
MOMENTUM = np.array([0.05, 0.1])
ORDERS = range(4)


@pytest.fixture(scope="module")
def helium():
    """Helium almost without relativity."""
    state = ground_state(2, speed_of_light=SLOW_LIGHT)
    return orbital_basis(state, BasisSize(spacing=0.6, largest_energy=40.0))


def responses(basis, direct, orders=ORDERS, parities=PARITIES):
    """Σ_L of the nine responses of helium at one energy, with or without the direct interaction."""
    total = np.zeros((9, MOMENTUM.size))
    for order in orders:
        for parity in parities:
            space = excitation_space(basis, order, parity=parity)
            a_matrix, b_matrix = interaction(space)
            if not direct and parity == "natural":
                weight = basis.contour.weight[: basis.contour.real_points]
                charge = space.strengths()[:, None] * space.densities()
                ring = (charge * weight) @ basis.kernel(order) @ charge.T
                a_matrix, b_matrix = a_matrix - ring, b_matrix - ring
            a_matrix = a_matrix + np.diag(space.energies)
            solver = MultipoleResponse(space, MOMENTUM, a_matrix + b_matrix, a_matrix - b_matrix)
            chi = solver(TRANSFER + 0j)[0]
            total -= (2 * order + 1) ** 2 / np.pi * chi.imag
    return total


@pytest.fixture(scope="module")
def together(helium):
    return responses(helium, direct=True)


@pytest.fixture(scope="module")
def exchange_only(helium):
    return responses(helium, direct=False)


def test_spin_answers_as_density_does_without_the_direct_interaction(together, exchange_only):
    # A spin field acts on both spins oppositely: induced densities cancel, exchange does not ask.
    # Multipoles beyond the third leave (Qr)⁶.
    density = exchange_only[VECTOR_00]
    assert np.allclose(together[AXIAL_33], density, rtol=1e-5, atol=0.0)
    assert np.allclose(together[AXIAL_11], density, rtol=1e-5, atol=0.0)
    assert np.all(np.abs(together[VECTOR_00] / density - 1.0) > 0.05)


def test_axial_charge_answers_as_the_orbital_current_does_without_it(together, exchange_only):
    # γ5 is σ·p/c: the three currents of an electron without spin; α has them and, across, σ × Q/2c.
    magnetisation = (MOMENTUM / (2.0 * SLOW_LIGHT)) ** 2 * exchange_only[VECTOR_00]
    along, across = exchange_only[VECTOR_33], exchange_only[VECTOR_11] - magnetisation
    assert np.allclose(together[AXIAL_00], along + 2.0 * across, rtol=2e-5, atol=0.0)
    assert np.allclose(together[AXIAL_03], exchange_only[VECTOR_03], rtol=2e-5, atol=0.0)


def test_interference_is_that_of_spin_with_its_own_magnetisation(together):
    expected = 2.0 * MOMENTUM / SLOW_LIGHT * together[AXIAL_33]
    # Spin-orbit coupling, Z⁴/c², brings in a singlet whose current is 2T/Q² times that magnetisation.
    mixture = 2.0 * TRANSFER / MOMENTUM**2 * 2**4 / SLOW_LIGHT**2
    assert np.all(np.abs(together[INTERFERENCE] / expected - 1.0) < 1.5 * mixture)


def test_spin_oscillator_strengths_sum_to_the_number_of_electrons():
    # The Coulomb interaction commutes with spin fields: their double commutator is the kinetic one.
    state = ground_state(10, speed_of_light=1e4)
    basis = orbital_basis(state, BasisSize(largest_energy=1e7))
    momentum = 1e-3
    total = 0.0
    for order in (0, 2):
        space = excitation_space(basis, order, parity="unnatural")
        _, minus = response_matrices(space)
        spin = space.amplitudes(np.array([momentum]))[1][:, 0]
        total += 2.0 * ((2 * order + 1) / momentum) ** 2 * (spin @ minus @ spin).real
    assert total == pytest.approx(10.0, rel=5e-6, abs=0.0)


@pytest.mark.parametrize("parity", PARITIES)
def test_without_interaction_electrons_answer_alone(parity):
    basis = orbital_basis(ground_state(10, "dirac-lb94"), BasisSize(spacing=0.9, largest_energy=40.0))
    space = excitation_space(basis, 1, parity=parity)
    alone = IndependentResponse(space, MOMENTUM, IonChannels(exchange=False))
    bare = np.diag(space.energies)
    together = MultipoleResponse(space, MOMENTUM, bare, bare.copy())
    energies = np.array([0.7, 3.0, 3.0 + 0.2j])
    expected = alone(energies)
    largest = np.abs(expected).max(axis=2, keepdims=True)
    assert np.all(np.abs(together(energies) - expected) <= 1e-9 * largest)


@pytest.fixture(scope="module")
def neon():
    state = ground_state(10)
    basis = orbital_basis(state, BasisSize(spacing=0.6, largest_energy=60.0))
    return linear_response(state, [1.0, 2.5], [0.3, 1.0, 3.0], (0, 1), basis=basis)


@pytest.mark.parametrize("name", ["correlated", "independent"])
def test_responses_are_those_of_amplitudes(neon, name):
    """Schwarz's inequality, and diagonal responses that are not negative, in every multipole."""
    values = getattr(neon, name)
    assert np.all(values[[VECTOR_00, VECTOR_33, VECTOR_11, AXIAL_00, AXIAL_33, AXIAL_11]] >= 0.0)
    rounding = 1.0 + 1e-6
    assert np.all(values[AXIAL_03] ** 2 <= rounding * values[AXIAL_00] * values[AXIAL_33])
    both = 16.0 * values[VECTOR_11] * values[AXIAL_11]
    assert np.all(values[INTERFERENCE] ** 2 <= rounding * both)
    # A conserved current makes an equality of the vector's, but for what the basis leaves out.
    least = 1e-3 if name == "correlated" else 1e-6
    assert np.all(values[VECTOR_03] ** 2 <= (1.0 + least) * values[VECTOR_00] * values[VECTOR_33])


def test_exchange_draws_spin_out_of_the_atom_more_easily_than_charge(neon):
    """The direct term repels what exchange binds: a triplet lies below its singlet."""
    spin, charge = neon.correction("axial_33"), neon.correction("vector_00")
    assert np.all(spin[:, -1] > 0.0)
    assert np.all(charge[:, -1] < 0.0)


def test_correlation_of_spin_fades_with_energy():
    state = ground_state(2)
    momentum = np.array([1.0, 2.0, 3.0, 4.0])
    response = linear_response(state, [2.0, 8.0], momentum, (0, 1, 2))
    for name, row in (("axial_33", AXIAL_33), ("axial_11", AXIAL_11), ("interference", INTERFERENCE)):
        whole = response.independent[row].sum(axis=0) @ momentum
        change = np.abs(response.correction(name) @ momentum / whole)
        assert change[0] > 0.02
        assert change[1] < 0.01


def test_a_spin_in_a_local_field_answers_by_its_stiffness():
    """Axial responses and interference change as one spin density does; by another route, without splines.

    Operators of J hold spins with orbital l = J − 1, J, J + 1, so the sums end differently: ratios agree.
    """
    state, transfer = ground_state(10, "dirac-lb94"), [60.0 / 27.211386]
    momentum, half_width = np.array([0.3, 1.0, 3.0]), 0.5 / 27.211386
    both = linear_response(state, transfer, momentum, range(5), "tdlda", half_width=half_width)
    spin = local_density_response(state, transfer, momentum, range(6), half_width=half_width)
    expected = (spin.spin.sum(axis=0) / spin.independent.sum(axis=0))[0]
    charge = (spin.correlated[:5].sum(axis=0) / spin.independent[:5].sum(axis=0))[0]
    assert both.independent_channels == "none"
    found = (both.correlated.sum(axis=1) / both.independent.sum(axis=1))[:, 0]
    for row in (AXIAL_33, AXIAL_11, INTERFERENCE):
        # Where waves are long spin-orbit coupling in 2p shows in the interference.
        np.testing.assert_allclose(
            found[row], expected, rtol=0.015 if row == INTERFERENCE else 3e-3, atol=0.0
        )
    np.testing.assert_allclose(found[VECTOR_00], charge, rtol=3e-3, atol=0.0)
    assert np.all(np.abs(expected / charge - 1.0) > 0.02)


def test_nine_responses_are_made_of_charge_and_spin():
    """Against all nine computed: to a per cent where they matter, the vector's small R₁₁ to ten."""
    state, transfer = ground_state(10, "dirac-lb94"), np.array([60.0, 120.0]) / 27.211386
    momentum, half_width = np.array([0.03, 0.3, 1.0, 3.0]), 0.5 / 27.211386
    both = linear_response(state, transfer, momentum, range(5), "tdlda", half_width=half_width)
    two = local_density_response(state, transfer, momentum, range(5), half_width=half_width, accuracy=0.01)
    before, after = both.independent.sum(axis=1), both.correlated.sum(axis=1)
    low = LowMultipoles(
        two.correlated.sum(axis=0), two.correlated[1], two.spin.sum(axis=0), two.independent.sum(axis=0)
    )
    kev = np.broadcast_to(momentum * MOMENTUM_KEV, before[0].shape)
    found = joined(before, *growth(before[0], low), transfer * HARTREE_KEV, kev)
    error = np.abs(found / after - 1.0)
    for row in (VECTOR_00, AXIAL_03, AXIAL_33, AXIAL_11):
        assert error[row].max() < 0.01
    assert error[COMPONENTS.index("vector_11")].max() < 0.1
    assert error[AXIAL_00].max() < 0.1
    assert error[INTERFERENCE, :, 1:].max() < 0.02
    # Long waves: the transverse current of a dipole is that of charge conservation.
    assert error[COMPONENTS.index("vector_11"), :, 0].max() < 2e-3


def test_an_unstable_ground_state_is_named_and_left_alone():
    state = ground_state(4)
    basis = orbital_basis(state, BasisSize(spacing=0.9, largest_energy=40.0))
    response = linear_response(state, [1.0], [0.3], (0, 1), basis=basis)
    assert (
        "axial_33 of unnatural parity, L = 0: the ground state is unstable" in response.independent_channels
    )
    assert response.correlated[AXIAL_33, 0] == response.independent[AXIAL_33, 0]
    assert response.correlated[VECTOR_00, 1] != response.independent[VECTOR_00, 1]
