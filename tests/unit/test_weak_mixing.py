"""A published background holds the Standard Model's neutrinos at the weak mixing angle of that model."""

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from nuatom import Neutrino, experiment
from nuatom.neutrinos.electroweak import couplings


def signal(sin2_theta_w):
    weak = couplings("tree", sin2_theta_w)
    return experiment("xenonnt-sr0").spectrum(Neutrino(electroweak=weak), "free").total_signal


def test_another_weak_mixing_angle_is_a_signal():
    standard = couplings("tree").sin2_theta_w
    assert_array_equal(signal(standard), 0.0)
    # Slow electrons: dσ ∝ (s + ½)² + s² for electron neutrinos, (s − ½)² + s² for others, 55% and 45% of
    # those of pp; far below the end point the two terms differ by a twentieth, and so may their sum.
    at = np.array([0.25, 0.28])
    others = [0.55 * ((s + 0.5) ** 2 + s**2) + 0.45 * ((s - 0.5) ** 2 + s**2) for s in (standard, *at)]
    more = np.array(others[1:]) / others[0] - 1.0
    neutrinos = experiment("xenonnt-sr0").spectrum(None, "free").standard_model.sum()
    found = np.array([signal(s).sum() for s in at.tolist()])
    assert_allclose(found / neutrinos, more, rtol=0.1)
