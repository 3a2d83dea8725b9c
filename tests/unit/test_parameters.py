"""What it means to set a parameter."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nuatom.errors import InputError
from nuatom.neutrinos import Neutrino, couplings, nufit, parameter
from nuatom.neutrinos.parameters import KINDS

FLAVOUR = {"e": (0, 0), "mu": (1, 1), "tau": (2, 2), "emu": (0, 1), "etau": (0, 2), "mutau": (1, 2)}
MASS = {f"{i + 1}{j + 1}": (i, j) for i in range(3) for j in range(i, 3)}

START = np.array([[1.0, 2.0 - 3j, 4j], [2.0 + 3j, 5.0, 6.0], [-4j, 6.0, 7.0]])


def start(basis: str) -> Neutrino:
    return Neutrino(
        1e-11 * START, 1e-13 * START, 1e-32 * START, basis=basis, electroweak=couplings("radiative")
    )


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize(
    ("basis", "element", "place"),
    [("flavour", *item) for item in FLAVOUR.items()] + [("mass", *item) for item in MASS.items()],
    ids=str,
)
def test_one_element_and_its_partner_are_set_and_nothing_else(kind, basis, element, place):
    before = start(basis)
    after = parameter(f"{kind.name}:{element}").set(before, 3.0 * kind.scale)
    assert (after.basis, after.nature) == (basis, "dirac")
    assert after.electroweak is before.electroweak
    assert after.mixing is before.mixing
    for other in KINDS.values():
        expected = getattr(before, other.field).copy()
        if other is kind:
            expected[place] = expected[place[::-1]] = 3.0 * kind.scale
        assert_array_equal(getattr(after, other.field), expected)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_without_an_element_it_is_the_value_of_every_flavour(kind):
    after = parameter(kind.name).set(start("flavour"), 3.0 * kind.scale)
    assert_array_equal(getattr(after, kind.field), 3.0 * kind.scale * np.eye(3))
    for other in KINDS.values():
        if other is not kind:
            assert_array_equal(getattr(after, other.field), getattr(start("flavour"), other.field))


def test_an_element_of_the_other_basis_is_set_there():
    before = start("flavour")
    after = parameter("charge:12").set(before, 2e-13)
    assert after.basis == "mass"
    u = nufit().matrix
    expected = u.conj().T @ before.charge @ u
    expected[0, 1] = expected[1, 0] = 2e-13
    assert_allclose(after.charge, expected, rtol=0.0, atol=1e-26)
    assert_allclose(after.in_basis("flavour").magnetic_moment, before.magnetic_moment, rtol=0.0, atol=1e-24)


def test_the_neutrino_given_stays_as_it_was():
    before = start("flavour")
    parameter("charge:e").set(before, 1.0)
    assert_array_equal(before.charge, 1e-13 * START)


def test_setting_twice_keeps_the_last_value():
    charge = parameter("charge:mu")
    once = charge.set(Neutrino(), 3e-13)
    assert_array_equal(charge.set(charge.set(Neutrino(), 1.0), 3e-13).charge, once.charge)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("element", [None, *FLAVOUR, *MASS])
def test_names_are_read_and_written(kind, element):
    name = kind if element is None else f"{kind}:{element}"
    assert parameter(name).name == name
    assert parameter(name.replace("-", "_")) == parameter(name)
    assert parameter(name).label.startswith(KINDS[kind].symbol)


@pytest.mark.parametrize(
    "name", ["", "mass", "charge:", "charge:muon", "charge:21", "charge:mue", "charge:44", "Charge", ":e"]
)
def test_unknown_names_are_refused(name):
    with pytest.raises(InputError, match="parameter"):
        parameter(name)


@pytest.mark.parametrize("name", ["magnetic-moment:12", "magnetic-moment:emu", "charge:13"])
def test_a_majorana_neutrino_stays_one_when_an_off_diagonal_element_is_set(name):
    chosen = parameter(name)
    changed = chosen.set(Neutrino(nature="majorana"), 2e-12)
    basis = "flavour" if "emu" in name else "mass"
    matrix = getattr(changed.in_basis(basis), chosen.kind.field)
    assert changed.nature == "majorana"
    assert_allclose(matrix, -matrix.T, rtol=0, atol=1e-25)
    assert_allclose(np.abs(matrix).max(), 2e-12, rtol=1e-12)
