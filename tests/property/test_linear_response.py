"""What linear response must obey: conserved current, sum rules, two routes to the same number."""

import numpy as np
import pytest

from nuatom.atoms.correlated.basis import BasisSize, orbital_basis
from nuatom.atoms.correlated.by_multipole import independent_strengths
from nuatom.atoms.correlated.linear_response import basis_for, kernel_of, linear_response
from nuatom.atoms.correlated.random_phase import excitation_space, response_matrices
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.constants import HARTREE_KEV
from nuatom.errors import InputError

TRANSFER = np.array([30.0, 60.0, 120.0]) / (1e3 * HARTREE_KEV)
MOMENTUM = np.array([0.3, 1.0, 3.0])
VECTOR_00, VECTOR_03, VECTOR_33, VECTOR_11, AXIAL_00, AXIAL_03, AXIAL_33, AXIAL_11, INTERFERENCE = range(9)


@pytest.fixture(scope="module")
def neon():
    return ground_state(10)


@pytest.fixture(scope="module")
def local_argon():
    return ground_state(18, "dirac-lb94")


@pytest.fixture(scope="module")
def neon_response(neon):
    return linear_response(neon, TRANSFER, MOMENTUM, (0, 1, 2, 3), "rpa", parities=("natural",))


@pytest.fixture(scope="module")
def argon_response(local_argon):
    return linear_response(local_argon, TRANSFER, MOMENTUM, (0, 1, 2, 3), "tdlda")


def violation(strengths, response, speed_of_light):
    """R_33 (Q/T)²/R_00 − 1, per multipole."""
    charge, longitudinal = strengths[VECTOR_00], strengths[VECTOR_33]
    ratio = speed_of_light * response.momentum / response.transfer[:, None]
    return longitudinal * ratio**2 / charge - 1.0


@pytest.mark.parametrize("name", ["neon_response", "argon_response"])
def test_correlated_current_is_conserved_in_every_multipole(name, request):
    response = request.getfixturevalue(name)
    error = violation(response.correlated, response, 137.036)
    # The basis leaves out virtual orbitals above 100 hartree and the negative continuum.
    assert np.abs(error[1:]).max() < 3e-3
    total = violation(response.correlated.sum(axis=1, keepdims=True), response, 137.036)
    assert np.abs(total).max() < 3e-3
    assert response.residual < 1e-9
    assert response.basis_error < 1e-5


def test_independent_current_is_conserved_in_a_local_field_only(neon_response, argon_response):
    local = violation(argon_response.independent, argon_response, 137.036)
    assert np.abs(local[1:]).max() < 3e-3
    exchange = violation(neon_response.independent, neon_response, 137.036)
    assert np.abs(exchange[1:]).max() > 0.05


@pytest.mark.parametrize("name", ["neon", pytest.param("local_argon", marks=pytest.mark.slow)])
def test_basis_and_continuum_orbitals_give_the_same_independent_response(name, request):
    state = request.getfixturevalue(name)
    orders = (0, 1)
    method = "rpa" if name == "neon" else "tdlda"
    # Small momenta weigh the orbitals' tails with r^L.
    basis = orbital_basis(state, BasisSize(spacing=0.3, tail=1e-7))
    response = linear_response(state, TRANSFER, MOMENTUM, orders, method, basis=basis)
    for t, transfer in enumerate(TRANSFER):
        waves = sum(
            independent_strengths(state, orbital, float(transfer), MOMENTUM, orders)
            for orbital in state.orbitals
        )
        largest = np.abs(waves).max(axis=2, keepdims=True)
        assert np.all(np.abs(response.independent[:, :, t] - waves) <= 2e-5 * largest)


@pytest.mark.parametrize("speed_of_light", [137.035999, 1e4])
def test_oscillator_strengths_sum_to_the_number_of_electrons(speed_of_light):
    state = ground_state(10, speed_of_light=speed_of_light)
    basis = orbital_basis(state, BasisSize(largest_energy=1e7))
    space = excitation_space(basis, 1)
    _, minus = response_matrices(space)
    charge = space.amplitudes(np.array([1e-3]))[0][:, 0]
    strength = 2.0 * (3e3) ** 2 * (charge @ minus @ charge).real
    # Excitations of positive energy alone have f = Z − (5/3)⟨T⟩/c² to first order (Levinger, Rustgi
    # & Okamoto, Phys. Rev. 106 (1957) 1191), with ⟨T⟩ = −E by the virial theorem.
    expected = 10.0 - 5.0 / 3.0 * 128.547 / speed_of_light**2
    assert strength == pytest.approx(expected, rel=5e-5, abs=0.0)


def test_local_kernel_conserves_the_sum_rule_too(local_argon):
    basis = orbital_basis(local_argon, BasisSize(largest_energy=1e7))
    space = excitation_space(basis, 1)
    _, minus = response_matrices(space, kernel_of(basis, "tdlda"))
    charge = space.amplitudes(np.array([1e-3]))[0][:, 0]
    strength = 2.0 * 3e3**2 * (charge @ minus @ charge).real
    assert strength == pytest.approx(18.0 - 5.0 / 3.0 * 526.8 / 137.036**2, rel=3e-4, abs=0.0)


def test_average_is_the_integral_over_resonances_and_conserves_current(neon):
    # Between the 2p and 2s thresholds of Dirac-Fock (23 and 53 eV) lie the 2s → np resonances.
    centre, width = 48.0 / (1e3 * HARTREE_KEV), 1.0 / (1e3 * HARTREE_KEV)
    basis = basis_for(neon, 2.0)
    only = {"parities": ("natural",), "basis": basis}
    smooth = linear_response(neon, [centre], [0.5], (1,), half_width=width, **only)
    assert np.abs(violation(smooth.correlated, smooth, neon.speed_of_light)).max() < 1e-3
    x = np.linspace(-8.0, 8.0, 801)
    sharp = linear_response(neon, centre + width * x, [0.5], (1,), **only)
    strength = sharp.correlated[0, 0, :, 0]
    assert strength.max() > 1.2 * strength.min()
    kernel = 4.0 / np.pi * np.sin(np.pi / 8.0) / (1.0 + x**8)
    average = np.trapezoid(kernel * (1.0 + width * x / centre) * strength, x)
    # The weight beyond eight widths is 10⁻⁷; the grid of the integral leaves more.
    assert smooth.correlated[0, 0, 0, 0] == pytest.approx(average, rel=2e-3, abs=0.0)


def test_correction_and_step_are_differences(neon_response):
    difference = (neon_response.correlated - neon_response.independent)[0]
    assert np.array_equal(neon_response.correction(), difference.sum(axis=0))
    assert np.array_equal(neon_response.join_step(), np.abs(difference[-1]))
    with pytest.raises(InputError, match="vector_00, vector_03"):
        neon_response.correction("charge")


def test_momenta_share_one_factorisation(neon):
    basis = basis_for(neon, float(TRANSFER.max()))
    only = {"parities": ("natural",), "basis": basis}
    many = linear_response(neon, TRANSFER[:1], np.geomspace(0.05, 5.0, 25), (1,), **only)
    one = linear_response(neon, TRANSFER[:1], many.momentum[[3]], (1,), **only)
    assert np.allclose(many.correlated[..., [3]], one.correlated, rtol=1e-6, atol=0.0)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"transfer": [0.0]}, "transfer"),
        ({"momentum": [-1.0]}, "momentum"),
        ({"multipoles": ()}, "multipoles"),
        ({"multipoles": (1, 1)}, "multipoles"),
        ({"multipoles": (-1,)}, "multipoles"),
        ({"interaction": "hartree"}, "interaction"),
        ({"interaction": "tdlda"}, "state"),
        ({"half_width": -0.1}, "half_width"),
        ({"parities": ()}, "parities"),
        ({"parities": ("natural", "even")}, "parities"),
        ({"thresholds": np.ones(2)}, "thresholds"),
    ],
)
def test_bad_arguments_are_named(neon, changes, name):
    arguments = {"transfer": [1.0], "momentum": [1.0], "multipoles": (1,), "interaction": "rpa"}
    with pytest.raises(InputError) as error:
        linear_response(neon, **(arguments | changes))
    assert error.value.argument == name


def test_open_shells_are_refused_by_rpa():
    carbon = ground_state(6)
    with pytest.raises(InputError, match="closed shells"):
        linear_response(carbon, [1.0], [1.0], (1,), "rpa")
