import pytest

from nuatom.atoms.structure.configuration import (
    ground_configuration,
    orbital_momentum,
    parse_configuration,
    subshell_label,
    twice_j,
)
from nuatom.atoms.structure.dirac_fock import companion_weights
from nuatom.errors import InputError


@pytest.mark.parametrize("atomic_number", range(1, 104))
def test_neutral_atoms_have_z_electrons(atomic_number):
    assert ground_configuration(atomic_number).electrons == atomic_number


@pytest.mark.parametrize("charge", range(54))
def test_ions_have_z_minus_charge_electrons(charge):
    assert ground_configuration(54, charge).electrons == 54 - charge


def test_ions_lose_their_outermost_electrons_first():
    # Fe²⁺ is [Ar] 3d⁶ (NIST ASD).
    assert ground_configuration(26, 2) == parse_configuration("[Ar] 3d6")


def test_xenon_has_seventeen_subshells_in_order():
    labels = [subshell_label(*subshell) for subshell, _ in ground_configuration(54).subshells]
    assert labels == [
        "1s1/2", "2s1/2", "2p1/2", "2p3/2", "3s1/2", "3p1/2", "3p3/2", "3d3/2", "3d5/2",
        "4s1/2", "4p1/2", "4p3/2", "4d3/2", "4d5/2", "5s1/2", "5p1/2", "5p3/2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kappa", "l", "j2"), [(-1, 0, 1), (1, 1, 1), (-2, 1, 3), (2, 2, 3), (-3, 2, 5), (3, 3, 5)]
)
def test_angular_quantum_numbers(kappa, l, j2):  # noqa: E741
    assert (orbital_momentum(kappa), twice_j(kappa)) == (l, j2)


def test_open_shell_averages_over_its_spinors():
    carbon = ground_configuration(6)
    occupation = {s: shell.occupation(s[1]) for s, shell in carbon.subshells}
    assert occupation == {
        (1, -1): 2.0, (2, -1): 2.0,
        (2, 1): pytest.approx(2 / 3, abs=0.0), (2, -2): pytest.approx(4 / 3, abs=0.0),
    }  # fmt: skip
    weights = companion_weights(carbon)
    # One other electron in the five other spinors; seen from outside, two in six.
    assert weights[2, 3] == weights[2, 2] == pytest.approx(1 / 5, abs=0.0)
    assert weights[0, 2] == pytest.approx(2 / 6, abs=0.0)
    assert weights[2, 0] == 1.0


def test_a_single_electron_does_not_see_itself():
    assert companion_weights(ground_configuration(1)).tolist() == [[0.0]]


def test_hole_resolves_its_shell():
    ion = ground_configuration(54).without(4, -3)
    occupation = {s: shell.occupation(s[1]) for s, shell in ion.subshells}
    assert ion.electrons == 53
    assert (occupation[4, -3], occupation[4, 2]) == (5.0, 4.0)


def test_hole_in_an_open_shell_leaves_it_averaged():
    ion = ground_configuration(32).without(4, 1)
    assert ion == ground_configuration(32, 1)
    assert ground_configuration(3).without(2, -1) == parse_configuration("1s2")


@pytest.mark.parametrize("subshell", [(4, 3), (1, 1), (9, -1)])
def test_hole_in_an_empty_subshell_is_refused(subshell):
    with pytest.raises(InputError, match="hole"):
        ground_configuration(54).without(*subshell)


@pytest.mark.parametrize(
    "text", ["", "[Xx] 1s1", "1s3", "1p1", "2s2 2s1", "1s", "2s2 [He]", "1s0", "[He] 1s2", "3j1"]
)
def test_impossible_configurations_are_refused(text):
    with pytest.raises(InputError, match="configuration"):
        parse_configuration(text)


@pytest.mark.parametrize("atomic_number", [0, -1, 104])
def test_unknown_elements_are_refused(atomic_number):
    with pytest.raises(InputError, match="Z"):
        ground_configuration(atomic_number)


@pytest.mark.parametrize("charge", [-1, 10, 11])
def test_impossible_charges_are_refused(charge):
    with pytest.raises(InputError, match="charge"):
        ground_configuration(10, charge)
