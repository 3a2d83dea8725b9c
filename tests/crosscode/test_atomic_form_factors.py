"""Our form factors against the table for photon scattering that xraylib carries.

Up to sin(θ/2)/λ = 5 per ångström that table (J. H. Hubbell et al., J. Phys. Chem. Ref. Data 4 (1975) 471) is
of nonrelativistic Hartree-Fock atoms, and of a correlated wave function for helium. Our orbitals in the limit
of a large speed of light reproduce it; with the speed of light itself they hold more electrons at high
momenta. Some of its intervals (around 3 and 8 per ångström) are badly interpolated and are not compared, nor
is what was joined to it further out.
"""

import numpy as np
import pytest
import xraylib
from numpy.testing import assert_allclose

from nuatom.atoms.independent.form_factor import atomic_form_factor
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.constants import BOHR_RADIUS_CM

PER_ANGSTROM = np.array([0.05, 0.1, 0.3, 0.5, 1.0, 2.0, 5.0])
MOMENTUM = 4.0 * np.pi * PER_ANGSTROM * BOHR_RADIUS_CM * 1e8


def table(charge):
    return np.array([xraylib.FF_Rayl(charge, float(x)) for x in PER_ANGSTROM])


@pytest.mark.parametrize("charge", [10, 18, 32, 36, 54, 55, 82, 92])
def test_nonrelativistic_orbitals(charge):
    found = atomic_form_factor(ground_state(charge, speed_of_light=1e5, nucleus="point"))
    assert_allclose(found(MOMENTUM), table(charge), rtol=1e-3)


def test_helium_without_correlation():
    assert_allclose(atomic_form_factor(ground_state(2))(MOMENTUM), table(2), rtol=0.02)


@pytest.mark.parametrize(("charge", "low", "high"), [(18, 0.012, 0.017), (32, 0.02, 0.03), (54, 0.08, 0.09)])
def test_relativity_draws_electrons_in(charge, low, high):
    ratio = atomic_form_factor(ground_state(charge))(MOMENTUM) / table(charge)
    # Of the order of (Zα)² where the inner shells are what is left, and nothing where all electrons count.
    assert low < ratio[-1] - 1.0 < high
    assert abs(ratio[0] - 1.0) < 1e-3
