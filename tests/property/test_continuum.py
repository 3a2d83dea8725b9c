import dataclasses

import mpmath
import numpy as np
import pytest

from nuatom.atoms.continuum.field import continuum, continuum_field, continuum_grid
from nuatom.atoms.structure.configuration import ground_configuration
from nuatom.atoms.structure.coulomb import exchange_factor, multipole_potential, multipoles
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.units import SPEED_OF_LIGHT
from nuatom.errors import InputError
from nuatom.numerics.radial_grid import log_linear_grid


def coulomb_state(charge: int, speed_of_light: float = SPEED_OF_LIGHT):
    """A bare point nucleus, as a state whose local potential is exactly −Z/r."""
    state = ground_state(charge, "dirac-slater", "point", charge=charge - 1, speed_of_light=speed_of_light)
    return dataclasses.replace(state, potential=-charge / state.grid.r)


def dirac_coulomb(charge, energy, kappa, r, c):
    """Exact energy-normalised P and Q (Rose, Relativistic Electron Theory, section 36)."""
    with mpmath.workdps(60):
        total = 1 + mpmath.mpf(energy) / c**2
        k = mpmath.sqrt(total**2 - 1)
        eta = charge / mpmath.mpf(c) * total / k
        gamma = mpmath.sqrt(kappa**2 - (charge / mpmath.mpf(c)) ** 2)
        x = 2 * k * r * c
        phase = mpmath.sqrt(mpmath.mpc(-kappa, eta / total) / mpmath.mpc(gamma, eta))
        wave = (
            x**gamma
            * mpmath.exp(mpmath.pi * eta / 2 - 0.5j * x)
            * abs(mpmath.gamma(mpmath.mpc(gamma, eta)))
            / mpmath.gamma(2 * gamma + 1)
            * mpmath.mpc(gamma, eta)
            * phase
            * mpmath.hyp1f1(mpmath.mpc(gamma + 1, eta), 2 * gamma + 1, 1j * x)
        )
        scale = mpmath.sqrt(1 / (mpmath.pi * k * c))
        large = scale * mpmath.sqrt(total + 1) * wave.real
        small = -scale * mpmath.sqrt(total - 1) * wave.imag
        return float(large), float(small)


@pytest.mark.parametrize("charge", [1, 54])
@pytest.mark.parametrize("energy", [0.04, 1.0, 100.0, 11025.0])
def test_exact_coulomb_functions(charge, energy):
    # 0.04 hartree is 1 eV, 11025 are 300 keV.
    state, c = coulomb_state(charge), SPEED_OF_LIGHT
    kappas = [-1, 1, -2, 3, -8]
    grid = continuum_grid(state, energy, radius=3.0)
    waves = continuum(state, None, energy, kappas, grid)
    k = np.sqrt((energy / c) ** 2 + 2 * energy)
    amplitude = np.sqrt((energy / c**2 + 2) / (np.pi * k))
    index = np.linspace(grid.size // 3, grid.size - 1, 5).astype(int)
    for row, kappa in enumerate(kappas):
        exact = np.array([dirac_coulomb(charge, energy, kappa, grid.r[i], c) for i in index]).T
        exact *= np.sign(exact[0, 0] * waves.large[row, index[0]])
        np.testing.assert_allclose(waves.large[row, index], exact[0], atol=1e-6 * amplitude)
        np.testing.assert_allclose(waves.small[row, index], exact[1], atol=1e-6 * amplitude)


def test_nonrelativistic_limit_is_the_coulomb_function():
    state = coulomb_state(1, speed_of_light=1e7)
    grid = continuum_grid(state, 2.0, radius=10.0)
    wave = continuum(state, None, 2.0, [-3], grid).large[0]
    for i in range(400, grid.size, 200):
        exact = float(mpmath.coulombf(2, -0.5, 2.0 * grid.r[i])) * np.sqrt(2 / (np.pi * 2.0))
        assert wave[i] == pytest.approx(exact, abs=1e-8)


@pytest.fixture(scope="module")
def xenon():
    return ground_state(54)


@pytest.mark.parametrize("energy", [0.04, 3.0, 300.0])
@pytest.mark.parametrize("subshell", [(5, -2), (4, -3), (1, -1)])
def test_orthogonal_to_the_core(xenon, energy, subshell):
    grid = continuum_grid(xenon, energy)
    waves = continuum(xenon, xenon.orbital(*subshell), energy, [-1, 1, -2, 2, -3], grid)
    assert waves.residual < 1e-8
    for bound in xenon.on_grid(grid):
        row = waves.kappas.index(bound.kappa)
        overlap = grid.integrate(bound.large * waves.large[row] + bound.small * waves.small[row])
        assert abs(overlap) < 5e-8


def test_open_shell_core_is_orthogonal():
    state = ground_state(24)
    grid = continuum_grid(state, 1.0)
    waves = continuum(state, state.orbital(3, -3), 1.0, [-1, 1, -2], grid)
    for bound in state.on_grid(grid):
        if bound.kappa in waves.kappas:
            row = waves.kappas.index(bound.kappa)
            product = bound.large * waves.large[row] + bound.small * waves.small[row]
            assert abs(grid.integrate(product)) < 5e-8


@pytest.mark.parametrize(("atomic_number", "subshell"), [(1, (1, -1)), (32, (4, 1)), (6, (2, -2))])
def test_electron_of_an_open_shell_leaves_one_charge(atomic_number, subshell):
    state = ground_state(atomic_number)
    field = continuum_field(state, state.orbital(*subshell), continuum_grid(state, 1.0))
    assert field.charge == pytest.approx(1.0, abs=1e-12)
    assert (field.core.electrons >= 0.0).all()
    assert field.core.electrons.sum() == pytest.approx(atomic_number - 1.0, abs=0.0)


def test_local_potential_is_orthogonal_by_itself():
    state = ground_state(36, "dirac-slater")
    grid = continuum_grid(state, 2.0)
    waves = continuum(state, None, 2.0, [-1, 1, -2, 2, -3], grid)
    for bound in state.on_grid(grid):
        row = waves.kappas.index(bound.kappa)
        overlap = grid.integrate(bound.large * waves.large[row] + bound.small * waves.small[row])
        # The tail's kink is where neither grid has a point.
        assert abs(overlap) < 2e-6


@pytest.mark.parametrize("kappa", [-1, 1, -2, -3])
def test_exchange_equation_by_finite_differences(kappa):
    # Puts the orbital back into (F − ε)φ = Σ|b⟩λ_b, with derivatives that the solver never took.
    state = ground_state(10)
    hole, energy, c = state.orbital(2, 1), 1.3, state.speed_of_light
    grid = continuum_grid(state, energy)
    waves = continuum(state, hole, energy, [kappa], grid)
    p, q, r = waves.large[0], waves.small[0], grid.r
    bound = state.on_grid(grid)
    left = [o.occupation - ((o.n, o.kappa) == (hole.n, hole.kappa)) for o in bound]
    potential = -10.0 / r * np.ones_like(r)
    for o, electrons in zip(bound, left, strict=True):
        potential += electrons * multipole_potential(grid, o.large**2 + o.small**2)
    upper, lower = potential * p, potential * q
    for o, electrons in zip(bound, left, strict=True):
        pair = o.large * p + o.small * q
        for k in multipoles(kappa, o.kappa):
            exchange = electrons * exchange_factor(kappa, o.kappa, k)
            field = exchange * multipole_potential(grid, pair, k)
            upper -= field * o.large
            lower -= field * o.small
    upper += c * (kappa / r * q - derivative(q, grid)) - energy * p
    lower += c * (derivative(p, grid) + kappa / r * p) - (energy + 2 * c**2) * q
    for o in bound:
        if o.kappa == kappa:
            multiplier = grid.integrate(o.large * upper + o.small * lower)
            upper -= multiplier * o.large
            lower -= multiplier * o.small
    middle = (r > 0.02) & (r < 15.0)
    scale = np.abs(p).max()
    # Outside the nucleus; eighth-order differences of a wave with 40 points a period.
    assert np.abs(upper[middle]).max() < 1e-5 * scale
    assert np.abs(lower[middle]).max() < 1e-5 * scale * c


def derivative(values, grid):
    weights = np.array([1 / 280, -4 / 105, 1 / 5, -4 / 5, 0, 4 / 5, -1 / 5, 4 / 105, -1 / 280])
    slope = np.zeros_like(values)
    slope[4:-4] = np.convolve(values, weights[::-1], mode="valid")
    return slope / grid.step / grid.rate


@pytest.mark.parametrize("energy", [0.0367, 1.0, 11025.0])
def test_extremes_stay_finite(xenon, energy):
    grid = continuum_grid(xenon, energy, radius=20.0)
    waves = continuum(xenon, xenon.orbital(3, -1), energy, [-1, 40, -41, 150, -400], grid)
    assert np.isfinite(waves.large).all()
    assert np.isfinite(waves.small).all()
    # Near the origin the lowest wave is the largest: waves of high l stay outside.
    inner = grid.r < 0.01
    assert np.abs(waves.large[3:][:, inner]).max() < 1e-12 * np.abs(waves.large[0, inner]).max()


def test_waves_far_outside_the_box_are_normalised_too():
    # The turning point of l = 30 at 1 eV is at 106 bohr; the free wave is √(2/πk) k r j_l.
    state = coulomb_state(1, speed_of_light=1e7)
    grid = continuum_grid(state, 0.0367, radius=80.0)
    wave = continuum(state, None, 0.0367, [-31], grid).large[0]
    k = np.sqrt(2 * 0.0367)
    for i in (-1, -200, -400):
        exact = float(mpmath.coulombf(30, -1 / k, k * grid.r[i])) * np.sqrt(2 / (np.pi * k))
        assert wave[i] == pytest.approx(exact, rel=1e-6, abs=0.0)


def test_relaxed_ion(xenon):
    hole = ground_configuration(54).without(4, -3)
    ion = ground_state(54, charge=1, configuration=hole)
    grid = continuum_grid(xenon, 1.0)
    relaxed = continuum(ion, None, 1.0, [-4], grid)
    frozen = continuum(xenon, xenon.orbital(4, -3), 1.0, [-4], grid)
    change = np.abs(relaxed.large - frozen.large).max() / np.abs(frozen.large).max()
    assert 1e-3 < change < 1.0
    # Far away both see one positive charge.
    field = continuum_field(ion, None, grid)
    assert field.potential[-1] * field.extended.r[-1] == pytest.approx(-1.0, abs=1e-9)


def test_exchange_is_a_choice_for_low_waves_only(xenon):
    hole, grid = xenon.orbital(5, -2), continuum_grid(xenon, 5.0)
    kappas = [-1, -10]
    with_exchange = continuum(xenon, hole, 5.0, kappas, grid)
    without = continuum(xenon, hole, 5.0, kappas, grid, exchange=False)
    assert with_exchange.iterations[0] > 0
    assert with_exchange.iterations[1] == without.iterations[0] == 0
    assert np.abs(with_exchange.large[0] - without.large[0]).max() > 0.05
    np.testing.assert_array_equal(with_exchange.large[1], without.large[1])


def test_hole_matters_in_dirac_fock_only(xenon):
    slater = ground_state(54, "dirac-slater")
    for state, same in ((xenon, False), (slater, True)):
        grid = continuum_grid(state, 5.0)
        a, b = (continuum(state, state.orbital(*s), 5.0, [-1], grid) for s in ((1, -1), (5, -2)))
        assert np.array_equal(a.large, b.large) is same


def test_dirac_fock_atom_needs_a_hole(xenon):
    with pytest.raises(InputError, match="hole"):
        continuum(xenon, None, 1.0, [-1])


def test_bad_input_is_named(xenon):
    hole, grid = xenon.orbital(5, -2), continuum_grid(xenon, 1.0)
    for energy in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(InputError, match="energy"):
            continuum(xenon, hole, energy, [-1], grid)
    for kappas in ([], [0], [-1, 0]):
        with pytest.raises(InputError, match="kappas"):
            continuum(xenon, hole, 1.0, kappas, grid)
    with pytest.raises(InputError, match="hole"):
        continuum(xenon, dataclasses.replace(hole, n=7), 1.0, [-1], grid)
    with pytest.raises(InputError, match="points_per_wavelength"):
        continuum_grid(xenon, 1.0, points_per_wavelength=20.0)
    with pytest.raises(InputError, match="energy"):
        continuum_grid(xenon, 0.0)


def test_grids_that_cannot_carry_the_wave_are_refused(xenon):
    hole = xenon.orbital(5, -2)
    with pytest.raises(InputError, match="resolves"):
        continuum(xenon, hole, 1000.0, [-1], continuum_grid(xenon, 1.0))
    with pytest.raises(InputError, match="grid"):
        continuum(xenon, hole, 1.0, [-1], log_linear_grid(1e-2, 30.0, 0.03, 2.0))
