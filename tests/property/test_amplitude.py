import numpy as np
import pytest
from scipy.integrate import solve_ivp
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


@pytest.mark.parametrize("kappa", [-2, 1])
def test_amplitude_of_a_dirac_wave_is_the_same_at_every_radius(kappa):
    """Where the mass changes fast as well: uranium's bare nucleus, inside its K shell and far outside."""
    charge, energy, c = 92.0, 50.0, 137.035999

    def equation(r, wave):
        kinetic = (energy + charge / r) / c
        p, q = wave
        return [-kappa / r * p + (2.0 * c + kinetic) * q, kappa / r * q - kinetic * p]

    radii = np.array([0.12, 0.3, 2.0])
    waves = solve_ivp(equation, (0.12, 2.0), [1.0, 0.02], "DOP853", radii, rtol=1e-12, atol=1e-14).y.T
    found = []
    for r, (p, q) in zip(radii, waves, strict=True):
        mass = 2.0 * c + (energy + charge / r) / c
        u = p / np.sqrt(mass)
        slope = equation(r, (p, q))[0] / np.sqrt(mass) + 0.5 * charge / (c * r**2 * mass) * u
        y = milne_amplitude(r, energy, kappa, charge, c)
        found.append((u / y.value) ** 2 + (y.value * slope - y.slope * u) ** 2)
    np.testing.assert_allclose(found, found[-1], rtol=1e-8, atol=0.0)
