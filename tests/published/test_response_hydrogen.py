"""The dynamic structure factor of hydrogen against its closed form.

S = 256 Z⁶ K² (K² + (Z²+k²)/3) exp(−(2Z/k) arctan2(2Zk, K²−k²+Z²)) /
    {[(K+k)²+Z²]³ [(K−k)²+Z²]³ (1−e^{−2πZ/k})},  k² = 2T − Z²
(H. Bethe, Ann. Phys. 397 (1930) 325; M. Inokuti, Rev. Mod. Phys. 43 (1971) 297, section 3).
"""

import numpy as np
import pytest

from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.response import waves_of
from nuatom.atoms.independent.subshell import subshell_response
from nuatom.atoms.structure.ground_state import ground_state

MOMENTUM = np.geomspace(0.05, 20.0, 40)


def exact(momentum, transfer):
    k = np.sqrt(2.0 * transfer - 1.0)
    numerator = 256.0 * momentum**2 * (momentum**2 + (1.0 + k**2) / 3.0)
    phase = np.arctan2(2.0 * k, momentum**2 - k**2 + 1.0)
    poles = ((momentum + k) ** 2 + 1.0) ** 3 * ((momentum - k) ** 2 + 1.0) ** 3
    return numerator * np.exp(-2.0 / k * phase) / poles / (1.0 - np.exp(-2.0 * np.pi / k))


@pytest.fixture(scope="module")
def hydrogen():
    return ground_state(1, nucleus="point", speed_of_light=1e5)


def computed(state, transfer, accuracy):
    orbital = state.orbitals[0]
    energy = transfer + orbital.energy
    shell = BoundShell.of(state, orbital)
    return subshell_response(shell, waves_of(state, orbital), energy, MOMENTUM, accuracy=accuracy)


@pytest.mark.parametrize("transfer", [0.55, 1.0, 3.0, 10.0, 30.0, 100.0])
def test_structure_factor_to_the_last_digits(hydrogen, transfer):
    """Seven decades in Q and T; what is left is v²/c² of an electron of 100 hartree, 2e-8, and the
    cancellation where S is 1e-9 of its ridge."""
    values = computed(hydrogen, transfer, 1e-6).values[0]
    np.testing.assert_allclose(values, exact(MOMENTUM, transfer), rtol=2e-6)


@pytest.mark.parametrize("transfer", [0.55, 3.0, 100.0])
def test_default_accuracy_keeps_its_promise(hydrogen, transfer):
    values = computed(hydrogen, transfer, 0.01).values[0]
    np.testing.assert_allclose(values, exact(MOMENTUM, transfer), rtol=0.01)


def test_photoelectric_limit(hydrogen):
    """Transverse response at Q = T/c: Stobbe's cross section, here through ∇ in length form.

    R_11 = T² S/(c² Q²) as Q → 0, the equality of velocity and length forms.
    """
    transfer = 3.0
    orbital = hydrogen.orbitals[0]
    energy = transfer + orbital.energy
    c = hydrogen.speed_of_light
    momentum = np.array([transfer / c])
    shell = BoundShell.of(hydrogen, orbital)
    waves = waves_of(hydrogen, orbital)
    values = subshell_response(shell, waves, energy, momentum, accuracy=1e-6).values[:, 0]
    length = exact(1e-3, transfer) * 1e6 * transfer**2 / c**2
    assert values[3] == pytest.approx(length, rel=1e-5, abs=0.0)
