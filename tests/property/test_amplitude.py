import numpy as np
import pytest
from scipy.special import hankel1

from nuatom.atoms.continuum.amplitude import milne_amplitude, outer_turning_radius
from nuatom.atoms.units import wavenumber
from nuatom.errors import ConvergenceError


@pytest.mark.parametrize("kappa", [-1, 1, -2, 6])
def test_free_wave_is_the_modulus_of_the_hankel_function(kappa):
    # Without charge and slowly, y² = (πr/2)(J² + Y²) of order l + ½.
    l, c, energy, radius = (kappa if kappa > 0 else -kappa - 1), 1e8, 0.5, 20.0  # noqa: E741
    amplitude = milne_amplitude(radius, energy, kappa, 0.0, c)

    def exact(r):
        return np.sqrt(np.pi * r / 2) * np.abs(hankel1(l + 0.5, wavenumber(energy, c) * r))

    assert amplitude.value == pytest.approx(exact(radius), rel=1e-9, abs=0.0)
    slope = (exact(radius + 1e-3) - exact(radius - 1e-3)) / 2e-3
    assert amplitude.slope == pytest.approx(slope, rel=1e-5, abs=1e-10)


def test_too_close_to_the_turning_point_is_refused():
    turn = outer_turning_radius(0.5, -30, 1.0, 137.0)
    with pytest.raises(ConvergenceError):
        milne_amplitude(0.8 * turn, 0.5, -30, 1.0, 137.0)
