"""Guards and conventions of the Neutrino, from both sides."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nuatom.errors import InputError
from nuatom.neutrinos import Neutrino, couplings, flavour_state, nufit
from nuatom.neutrinos.neutrino import standard_model_dirac_moment
from nuatom.processes.electron import ELECTRON

FIELDS = ["magnetic_moment", "charge", "charge_radius_cm2"]
HERMITIAN = ["charge", "charge_radius_cm2"]


@pytest.mark.parametrize("name", FIELDS)
def test_a_number_is_the_unit_matrix_and_three_numbers_are_a_diagonal(name):
    assert_array_equal(getattr(Neutrino(**{name: 2e-12}), name), 2e-12 * np.eye(3))
    assert_array_equal(getattr(Neutrino(**{name: (1.0, 2.0, 3.0)}), name), np.diag([1.0, 2.0, 3.0]))
    full = np.array([[1.0, 2j, 0.0], [-2j, 3.0, 4.0], [0.0, 4.0, 5.0]])
    assert_array_equal(getattr(Neutrino(**{name: full}), name), full)
    assert_array_equal(getattr(Neutrino(**{name: full.tolist()}), name), full)


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize(
    "value",
    [
        (1.0, 2.0),
        np.zeros((2, 2)),
        np.zeros((3, 1)),
        np.zeros((1, 3, 3)),
        [[1.0, 2.0, 3.0], [1.0]],
        "heavy",
        math.nan,
        (0.0, math.inf, 0.0),
        np.full((3, 3), np.nan),
        complex(0.0, math.nan),
        "1e-12",
        True,
        [True, 0.0, 0.0],
        np.ones(3, dtype=bool),
        ["1", "2", "3"],
        10**400,
        np.ma.masked_array([1.0, 2.0, 3.0], mask=[False, True, False]),
    ],
    ids=repr,
)
def test_a_matrix_of_another_shape_or_not_finite_is_refused(name, value):
    with pytest.raises(InputError, match=name) as refusal:
        Neutrino(**{name: value})
    assert refusal.value.argument == name


@pytest.mark.parametrize("name", HERMITIAN)
def test_charges_and_radii_are_hermitian(name):
    for element in (1.0, 1j, 1.0 - 2j):
        matrix = np.zeros((3, 3), dtype=complex)
        matrix[0, 2] = element
        with pytest.raises(InputError, match=f"(?s){name}.*Hermitian"):
            Neutrino(**{name: matrix})
        matrix[2, 0] = np.conj(element)
        assert_array_equal(getattr(Neutrino(**{name: matrix}), name), matrix)
    with pytest.raises(InputError, match="Hermitian"):
        Neutrino(**{name: 1e-12j})
    # Rounding passes, anything that could be meant does not.
    almost = np.array([[0.0, 1.0 + 1e-15, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    Neutrino(**{name: 1e-13 * almost})
    almost[0, 1] = 1.0 + 1e-9
    with pytest.raises(InputError, match="Hermitian"):
        Neutrino(**{name: 1e-13 * almost})


def test_dirac_moments_need_no_symmetry():
    matrix = np.arange(9.0).reshape(3, 3) + 1j
    assert_array_equal(Neutrino(matrix).magnetic_moment, matrix)


@pytest.mark.parametrize("basis", ["flavour", "mass"])
def test_majorana_moments_are_antisymmetric_in_any_basis(basis):
    antisymmetric = 1e-11 * np.array([[0.0, 1j, 2.0], [-1j, 0.0, 3.0], [-2.0, -3.0, 0.0]])
    Neutrino(antisymmetric, basis=basis, nature="majorana")
    for wrong in (1e-11, (0.0, 1e-11, 0.0), np.abs(antisymmetric), 1j * np.abs(antisymmetric)):
        with pytest.raises(InputError, match=r"magnetic_moment.*antisymmetric.*transition"):
            Neutrino(wrong, basis=basis, nature="majorana")
        Neutrino(wrong, basis=basis, nature="dirac")


def test_majorana_charges_are_antisymmetric_in_the_mass_basis():
    charge = 1e-13j * np.array([[0.0, 1.0, 2.0], [-1.0, 0.0, 3.0], [-2.0, -3.0, 0.0]])
    Neutrino(charge=charge, basis="mass", nature="majorana")
    u = nufit().matrix
    in_flavour = u @ charge @ u.conj().T
    Neutrino(charge=in_flavour, nature="majorana")
    assert np.abs(in_flavour + in_flavour.T).max() > 1e-14
    for basis in ("flavour", "mass"):
        with pytest.raises(InputError, match="no charge of its own"):
            Neutrino(charge=1e-13, basis=basis, nature="majorana")
    with pytest.raises(InputError, match="no charge of its own"):
        Neutrino(charge=charge, basis="flavour", nature="majorana")


def test_majorana_neutrinos_may_have_any_hermitian_radius():
    radius = 1e-32 * np.array([[1.0, 2j, 0.0], [-2j, 3.0, 4.0], [0.0, 4.0, 5.0]])
    assert_array_equal(Neutrino(charge_radius_cm2=radius, nature="majorana").charge_radius_cm2, radius)


def test_basis_and_nature_are_named():
    for arguments in ({"basis": "weak"}, {"nature": "pseudo-dirac"}):
        with pytest.raises(InputError, match=next(iter(arguments.values()))):
            Neutrino(**arguments)


def test_radius_is_that_of_the_couplings_unless_given():
    radiative = couplings("radiative")
    assert_array_equal(Neutrino().charge_radius_cm2, np.zeros((3, 3)))
    expected = np.diag(radiative.charge_radius_cm2)
    assert_array_equal(Neutrino(electroweak=radiative).charge_radius_cm2, expected)
    in_mass = Neutrino(electroweak=radiative, basis="mass")
    u = nufit().matrix
    assert_allclose(u @ in_mass.charge_radius_cm2 @ u.conj().T, expected, rtol=0.0, atol=1e-46)
    assert_array_equal(Neutrino(charge_radius_cm2=0.0, electroweak=radiative).charge_radius_cm2, 0.0)


def test_the_value_is_frozen():
    given = np.zeros((3, 3))
    neutrino = Neutrino(given)
    given[0, 0] = 1.0
    assert neutrino.magnetic_moment[0, 0] == 0.0
    for name in FIELDS:
        with pytest.raises(ValueError, match="read-only"):
            getattr(neutrino, name)[0, 0] = 1.0
    with pytest.raises(AttributeError):
        neutrino.basis = "mass"


def test_standard_model_keeps_couplings_and_mixing_only():
    radiative, mixing = couplings("radiative"), nufit()
    neutrino = Neutrino(1e-11, 1e-13, 1e-31, basis="mass", electroweak=radiative, mixing=mixing)
    standard = neutrino.standard_model()
    assert standard.electroweak is radiative
    assert standard.mixing is mixing
    assert_array_equal(standard.magnetic_moment, 0.0)
    assert_array_equal(standard.charge, 0.0)
    assert_array_equal(standard.charge_radius_cm2, np.diag(radiative.charge_radius_cm2))


@pytest.mark.parametrize("mass_ev", [-1e-3, math.nan, math.inf])
def test_neutrino_mass_is_not_negative(mass_ev):
    with pytest.raises(InputError, match="mass_ev"):
        standard_model_dirac_moment(mass_ev)


def test_schemes_and_mixing_angles():
    with pytest.raises(InputError, match="couplings"):
        couplings("two-loop")
    for scheme in ("tree", "radiative"):
        for sin2 in (0.0, 1.0, -0.2, math.nan):
            with pytest.raises(InputError, match="sin2w"):
                couplings(scheme, sin2)
        low, high = couplings(scheme, 0.23), couplings(scheme, 0.24)
        assert_allclose(np.subtract(high.vector, low.vector), 0.02, rtol=1e-12)
        assert high.axial == low.axial
        assert (low.sin2_theta_w, high.sin2_theta_w) == (0.23, 0.24)


def test_flavours_are_named():
    for index, name in enumerate(("e", "mu", "tau")):
        for prefix, anti in (("", False), ("anti-", True)):
            state, antineutrino = flavour_state(prefix + name)
            assert_array_equal(state, np.eye(3)[index])
            assert antineutrino is anti
    for wrong in ("", "muon", "anti", "anti-anti-e", "E"):
        with pytest.raises(InputError, match="flavour"):
            flavour_state(wrong)


def test_coefficients_keep_the_shape_of_the_states():
    neutrino = Neutrino(1e-11, 1e-13, 1e-32)
    every = ELECTRON.coefficients(neutrino, np.eye(3, dtype=complex))
    assert every.shape == (3, 7)
    for row, name in zip(every, ("e", "mu", "tau"), strict=True):
        assert_array_equal(row, ELECTRON.coefficients(neutrino, flavour_state(name)[0]))


@pytest.mark.parametrize("value", ["0.2", True, [0.2, 0.3], np.ma.masked])
def test_a_mixing_angle_is_a_number(value):
    with pytest.raises(InputError, match="sin2w"):
        couplings("tree", value)
