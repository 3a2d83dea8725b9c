"""Compton profiles of subshells against relativistic Hartree-Fock tables.

J(p) = 2π ∫_p^∞ p' n(p') dp' of xenon; F. Biggs, L. B. Mendelsohn & J. B. Mann, At. Data Nucl. Data
Tables 16 (1975) 201, Dirac-Hartree-Fock above Z = 36, distributed with xraylib.
"""

import numpy as np
import pytest
import xraylib
from scipy.integrate import cumulative_trapezoid

from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.structure.ground_state import ground_state

ORDER = ["1s1/2", "2s1/2", "2p1/2", "2p3/2", "3s1/2", "3p1/2", "3p3/2", "3d3/2", "3d5/2"]
ORDER += ["4s1/2", "4p1/2", "4p3/2", "4d3/2", "4d5/2"]
SHELLS = {name: number for number, name in enumerate(ORDER)} | {"5s1/2": 16, "5p1/2": 17}
TABULATED = np.array([0.01, 0.5, 1.0, 2.0])


@pytest.fixture(scope="module")
def xenon():
    return ground_state(54, "dirac-fock")


@pytest.mark.parametrize("label", SHELLS)
def test_profile_of_every_subshell(xenon, label):
    orbital = next(o for o in xenon.orbitals if o.label == label)
    momenta = BoundShell.of(xenon, orbital).momenta
    variable = np.log(momenta.momentum)
    outside = 2.0 * np.pi * (momenta.density * momenta.momentum**2)[::-1]
    profile = cumulative_trapezoid(outside, -variable[::-1], initial=0)[::-1]
    found = np.interp(np.log(TABULATED), variable, profile)
    number = SHELLS[label]
    tables = [xraylib.ComptonProfile_Partial(54, number, float(p)) for p in TABULATED]
    # Three digits are tabulated, and the tables' 1s differs from ours by the nucleus' size.
    np.testing.assert_allclose(found, tables, rtol=5e-3)
