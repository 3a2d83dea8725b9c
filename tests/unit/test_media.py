"""Media by name, target and phase; refusals."""

import numpy as np
import pytest

from nuatom import InputError, Target
from nuatom.media import Dielectric, find_medium, medium_named, phases
from nuatom.media.charged_particles import collisions_cm2_per_kev, density_effect


def test_medium_of_a_target():
    assert find_medium(Target("LXe")).name == "liquid-xenon"
    assert find_medium(Target("Xe")).phase == "liquid"
    assert find_medium(Target("Xe", "gas")).name == "xenon"
    assert phases("Si") == {"crystal": "silicon"}


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: find_medium(Target("Xe", "crystal")), "phase"),
        (lambda: find_medium(Target("Ca")), "target"),
        (lambda: Target("Xe", phase="ether"), "phase"),
        (lambda: medium_named("ether"), "medium"),
        (lambda: medium_named("silicon").dielectric.at(-1.0), "energy_kev"),
        (lambda: medium_named("silicon").dielectric.at(1e5), "energy_kev"),
        (lambda: Dielectric(0.01, np.array([2.0, 1.0]), np.zeros(2)), "energy_kev"),
        (lambda: Dielectric(0.01, np.array([1.0, 2.0]), np.array([0.0, -1.0])), "absorptive"),
        (lambda: collisions_cm2_per_kev(medium_named("silicon"), 1.0, 0.5), "gamma"),
        (lambda: density_effect(medium_named("silicon").dielectric, -1.0), "beta_gamma"),
    ],
)
def test_refused(call, argument):
    with pytest.raises(InputError) as refused:
        call()
    assert refused.value.argument == argument


def test_number_density():
    # 4.996e22 atoms of silicon in a cubic centimetre (CODATA's lattice: 8/(5.43102e-8 cm)³ = 4.9940e22).
    per_cm3 = medium_named("silicon").number_density_kev3 / 1.973269804e-8**3
    np.testing.assert_allclose(per_cm3, 4.994e22, rtol=1e-3)
