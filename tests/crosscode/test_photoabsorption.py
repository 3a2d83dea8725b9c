"""Real-photon limit against Kissel's photoelectric cross sections, subshell by subshell.

σ = 4π²α R_11(T, Q=T)/T. Kissel's (L. Kissel, Radiat. Phys. Chem. 59 (2000) 185; distributed with
xraylib) come from the same physics, Dirac-Slater orbitals with Latter's tail, and another code.
"""

import numpy as np
import pytest
import xraylib

from nuatom.atoms.photons.cross_section import photoabsorption_cm2
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.constants import AVOGADRO_PER_MOL

ORDER = ["1s1/2", "2s1/2", "2p1/2", "2p3/2", "3s1/2", "3p1/2", "3p3/2", "3d3/2", "3d5/2"]
ORDER += ["4s1/2", "4p1/2", "4p3/2", "4d3/2", "4d5/2"]
SHELLS = {name: number for number, name in enumerate(ORDER)} | {
    "5s1/2": 16,
    "5p1/2": 17,
    "5p3/2": 18,
}

FARTHEST = 400.0
"""Above some 500 edges the splines of the tables leave their data: they then fall below ours by
orders of magnitude, while ratios of neighbouring subshells (4p to 3p) of ours stay constant."""


@pytest.mark.parametrize("number", [32, 54])
@pytest.mark.parametrize("photon_kev", [1.0, 2.0, 5.0, 20.0, 50.0])
def test_photoabsorption_of_every_subshell(number, photon_kev):
    state = ground_state(number, "dirac-slater")
    open_shells = []
    for orbital in state.orbitals:
        edge = xraylib.EdgeEnergy(number, SHELLS[orbital.label]) if orbital.label in SHELLS else 0
        near_edge = photon_kev < 1.1 * max(edge, -0.0272114 * orbital.energy)
        if edge > 0.0 and not near_edge and photon_kev < FARTHEST * edge:
            open_shells.append(orbital.label)
    sigma = photoabsorption_cm2(state, [photon_kev], subshells=open_shells)[:, 0]
    tabulated = np.array(
        [xraylib.CS_Photo_Partial(number, SHELLS[label], photon_kev) for label in open_shells]
    )
    tabulated *= xraylib.AtomicWeight(number) / AVOGADRO_PER_MOL
    assert len(open_shells) > 2
    # The same model in two codes: 0.2% is found; the tables are splines of a coarse grid.
    np.testing.assert_allclose(sigma, tabulated, rtol=5e-3)
