import numpy as np
import pytest

from nuatom.atoms.structure.nucleus import common_mass_number, nuclear_potential, rms_radius
from nuatom.errors import InputError
from nuatom.numerics.radial_grid import log_linear_grid

FERMI_BOHR = 1e-13 / 5.29177210544e-9


@pytest.fixture(scope="module")
def grid():
    return log_linear_grid(1e-8, 1.0, 0.005, 1.0)


@pytest.fixture(scope="module")
def r(grid):
    return grid.r


@pytest.mark.parametrize("shape", ["uniform", "fermi"])
@pytest.mark.parametrize(("atomic_number", "mass_number"), [(8, 16), (54, 132), (92, 238)])
def test_charge_and_radius_by_poisson(grid, shape, atomic_number, mass_number):
    r, rms = grid.r, rms_radius(mass_number)
    potential = nuclear_potential(r, atomic_number, shape, rms)
    assert np.all(np.diff(potential) > 0.0)
    outside = r > 40 * FERMI_BOHR
    np.testing.assert_allclose(potential[outside], -atomic_number / r[outside], rtol=1e-14)
    # By parts, twice, from Poisson's equation: ∫ (V + Z/r) r² dr = Z ⟨r²⟩/6.
    excess = grid.integrate((potential + atomic_number / r) * r**2)
    # The kink of the uniform sphere's curvature, on a grid of half a percent.
    assert np.sqrt(6.0 * excess / atomic_number) == pytest.approx(rms, rel=1e-6, abs=0.0)


def test_point_nucleus_is_coulomb(r):
    np.testing.assert_allclose(nuclear_potential(r, 10.0, "point"), -10.0 / r, rtol=1e-15)


def test_radii():
    # Xenon-132: measured 4.787 fm (Angeli & Marinova 2013); the formula is good to 1 %.
    assert rms_radius(132) / FERMI_BOHR == pytest.approx(4.787, rel=0.01, abs=0.0)
    assert rms_radius(1) / FERMI_BOHR == pytest.approx(0.841, abs=1e-9)


def test_common_isotopes():
    expected = {1: 1, 2: 4, 18: 40, 32: 74, 54: 132, 92: 238}
    assert {z: common_mass_number(z) for z in expected} == expected
    assert common_mass_number(84) == 209


def test_a_nucleus_smaller_than_its_skin_is_a_sphere(r):
    alpha = rms_radius(4)
    np.testing.assert_array_equal(
        nuclear_potential(r, 2, "fermi", alpha), nuclear_potential(r, 2, "uniform", alpha)
    )


def test_bad_nuclei_are_refused(r):
    with pytest.raises(InputError, match="nucleus"):
        nuclear_potential(r, 1, "gauss", 1e-5)
    for rms in (None, 0.0, -1.0):
        with pytest.raises(InputError, match="rms"):
            nuclear_potential(r, 1, "uniform", rms)
    for mass_number in (5, 0, -3):
        with pytest.raises(InputError, match="mass_number"):
            rms_radius(mass_number)
