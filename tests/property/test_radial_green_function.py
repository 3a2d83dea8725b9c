"""Green's functions of panels: against the grid's below threshold, continuum orbitals above."""

import numpy as np
import pytest

from nuatom.atoms.continuum.field import continuum
from nuatom.atoms.correlated.radial_green_function import RadialField, green_factors
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.structure.inhomogeneous import bound_response
from nuatom.errors import ConvergenceError
from nuatom.numerics.radial_grid import interpolator
from nuatom.numerics.radial_panels import radial_panels


@pytest.fixture(scope="module")
def neon():
    return ground_state(10, "dirac-lb94")


@pytest.fixture(scope="module")
def field(neon):
    edges = np.concatenate([np.geomspace(1e-4, 0.2, 12), np.arange(0.4, 10.1, 0.2)])
    panels = radial_panels(edges, 10)
    pull = neon.grid.r * neon.potential
    potential = interpolator(neon.grid, panels.r)(pull) / panels.r
    charge = -float(interpolator(neon.grid, edges[-1:])(pull)[0])
    return RadialField(panels, potential, charge, neon.speed_of_light)


def bound(neon, field):
    at = interpolator(neon.grid, field.panels.r)
    orbital = neon.orbital(2, -2)
    return at(orbital.large), at(orbital.small)


@pytest.mark.parametrize("kappa", [-1, 1, 2, -5])
@pytest.mark.parametrize("energy", [-0.2, -3.0, -40.0])
def test_below_threshold_it_is_the_response_of_the_grid(neon, field, kappa, energy):
    """The source is e^−r F, which has died out before the panels end.

    Far out the other route replaces the answer by that to the local source, good to 1e-5 there.
    """
    p, q = bound(neon, field)
    inner, outer = green_factors(field, kappa, energy, p, q)
    found = field.panels.product_kernel(inner[None], outer[None]) @ np.exp(-field.panels.r)
    orbital, grid = neon.orbital(2, -2), neon.grid
    answer = bound_response(
        grid, neon.potential, kappa, energy, neon.speed_of_light,
        np.exp(-grid.r) * orbital.large, np.exp(-grid.r) * orbital.small,
    )  # fmt: skip
    at = interpolator(grid, field.panels.r)
    expected = p * at(answer[0]) + q * at(answer[1])
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("kappa", [-1, 1, -3, 6])
@pytest.mark.parametrize("energy", [0.05, 3.0, 60.0])
def test_above_threshold_its_imaginary_part_is_the_continuum_orbital(neon, field, kappa, energy):
    """−Im F G F/π = (F·φ)(r) (F·φ)(r'), φ normalised per hartree by its amplitude at infinity."""
    p, q = bound(neon, field)
    inner, outer = green_factors(field, kappa, energy, p, q)
    found = -(inner * outer).imag / np.pi
    orbital = neon.orbital(2, -2)
    wave = continuum(neon, orbital, energy, [kappa])
    at = interpolator(wave.grid, np.minimum(field.panels.r, wave.grid.r[-1]))
    expected = (p * at(wave.large[0]) + q * at(wave.small[0])) ** 2
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=2e-5 * expected.max())


def test_a_solution_that_overflows_is_refused(neon):
    panels = radial_panels(np.arange(0.1, 30.0, 0.2), 10)
    field = RadialField(panels, -1.0 / panels.r, 1.0, neon.speed_of_light)
    everywhere = np.ones(panels.size)
    assert np.all(np.isfinite(green_factors(field, -1, -500.0, everywhere, everywhere)))
    with pytest.raises(ConvergenceError, match="grows by"):
        green_factors(field, -1, -1500.0, everywhere, everywhere)
