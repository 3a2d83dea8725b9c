"""How the response converges with each part of the basis."""

import numpy as np
import pytest

from nuatom.atoms.correlated.basis import BasisSize, orbital_basis
from nuatom.atoms.correlated.linear_response import linear_response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.constants import HARTREE_KEV
from nuatom.errors import ConvergenceError

TRANSFER = np.array([0.035, 0.12]) / HARTREE_KEV


@pytest.fixture(scope="module")
def neon():
    return ground_state(10)


def strength(state, **changes):
    basis = orbital_basis(state, BasisSize(**changes))
    return linear_response(state, TRANSFER, [0.7], (1,), basis=basis, parities=("natural",)).correlated[
        0, 0, :, 0
    ]


def test_order_in_the_panel_width(neon):
    # A 120 eV photon ejects waves of k = 2.7: the error falls faster than the fifth power.
    fine = strength(neon, spacing=0.3)
    coarse, middle = (np.abs(strength(neon, spacing=h) / fine - 1.0)[1] for h in (0.9, 0.6))
    assert np.log(coarse / middle) / np.log(1.5) > 5.0
    assert middle < 2e-2


def test_occupied_energies_converge_with_the_inner_panels(neon):
    errors = []
    for growth in (2.6, 1.9, 1.4):
        basis = orbital_basis(neon, BasisSize(growth=growth))
        for kappa in (-1, 1, -2):
            basis.virtual(kappa, 0)
        errors.append(basis.energy_error)
    assert errors[0] > 10.0 * errors[1] > 100.0 * errors[2]
    assert errors[2] < 1e-6


@pytest.mark.parametrize(
    ("changes", "accuracy"),
    [({"angle": 0.4}, 2e-4), ({"tail": 1e-7}, 2e-4), ({"reach": 90.0}, 2e-5),
     ({"degree": 9, "spacing": 0.35}, 2e-4), ({"largest_energy": 400.0}, 2e-4)],
)  # fmt: skip
def test_nothing_else_matters(neon, changes, accuracy):
    reference = strength(neon)
    assert np.abs(strength(neon, **changes) / reference - 1.0).max() < accuracy


def test_a_basis_too_coarse_for_the_atom_is_refused(neon):
    with pytest.raises(ConvergenceError):
        strength(neon, growth=6.0)
