"""Ionization of real atoms: what must come out whatever the atom is, from the tables that ship."""

import numpy as np
import pytest

from nuatom import Neutrino, Target
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.photons.cross_section import tabulated_photoabsorption_cm2
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.tables.files import shipped_tables
from nuatom.atoms.tables.store import find_table
from nuatom.constants import (
    CM2_PER_INVERSE_KEV2,
    ELECTRON_MASS_KEV,
    FERMI_PER_KEV2,
    FINE_STRUCTURE,
)
from nuatom.errors import InputError
from nuatom.numerics.quadrature import panel_rule
from nuatom.processes import ionization
from nuatom.processes import momentum_integrals as module
from nuatom.processes.electron import free
from nuatom.processes.ionization import ipm, ipm_parts, subshell_kernels
from nuatom.processes.momentum_integrals import NAMES, momentum_integrals

_IPM = "-ipm.npz"
SYMBOLS = sorted(
    name.removeprefix("tables/").removesuffix(_IPM) for name in shipped_tables() if name.endswith(_IPM)
)
FREE_LIKE = [0, 1, 3, 5, 6]
"""VV0, VV1, AA, VA1 and MM: those that few momenta away from the ridge contribute to."""


FAST = [("He", 10.0), ("Ne", 50.0), ("Si", 50.0), ("Ar", 100.0), ("Ar", 299.0)]


@pytest.mark.parametrize(("symbol", "recoil_kev"), FAST)
@pytest.mark.parametrize("energy_kev", [861.0, 10_000.0])
def test_fast_electrons_are_free(symbol, recoil_kev, energy_kev):
    target = Target(symbol)
    energy, recoil = np.array(energy_kev), np.array(recoil_kev)
    ratio = ipm(target).evaluate(energy, recoil) / free(target).evaluate(energy, recoil)
    np.testing.assert_allclose(ratio[FREE_LIKE], 1.0, atol=0.01)
    for neutrino, part in ((Neutrino(), "weak"), (Neutrino(magnetic_moment=1e-11), "magnetic")):
        real, at_rest = (k(target).cross_section(neutrino, energy, recoil) for k in (ipm, free))
        assert getattr(real, part) / getattr(at_rest, part) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("symbol", ["Xe"])
def test_what_motion_in_the_atom_leaves_at_the_highest_transfers(symbol):
    """At E ≫ T electrons of momentum **p** see the flux γ(1 − v cos ϑ) squared: ⟨E(1 + v²/3)⟩/m, not 1.

    The mean is over the momenta of the ground state's orbitals, a route that no response goes.
    """
    target = Target(symbol)
    table = find_table(symbol, "ipm")
    state = ground_state(table.Z)
    mean = 0.0
    for orbital in state.orbitals:
        momenta = BoundShell.of(state, orbital).momenta
        beta_gamma = momenta.momentum / state.speed_of_light
        gamma = np.hypot(1.0, beta_gamma)
        flux = gamma * (1.0 + (beta_gamma / gamma) ** 2 / 3.0)
        weight = momenta.density * momenta.momentum**3
        mean += orbital.occupation * (flux @ weight) / weight.sum() / table.Z
    energy, recoil = np.array(5e4), np.array(299.0)
    ratio = ipm(target).evaluate(energy, recoil) / free(target).evaluate(energy, recoil)
    assert mean > 1.001
    np.testing.assert_allclose(ratio[[0, 3]], mean, atol=1.5e-3)
    # Charges and moments count electrons: their flux factor is a number of particles, once.
    np.testing.assert_allclose(ratio[[1, 6]], 1.0, atol=1.5e-3)


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_kernels_are_positive_up_to_the_table_s_end(symbol):
    target = Target(symbol)
    recoil = np.geomspace(0.03, 300.0, 40)
    # At least ten neutrino masses are left, which is where VV2 holds.
    energy = recoil[:, None] * (1.0 + np.geomspace(1e-3, 1e4, 25)) + 1e-3
    kernels = ipm(target).evaluate(energy, recoil[:, None])
    vv0, vv1, vv2, aa, _, _, mm = kernels
    assert np.all(np.isfinite(kernels))
    for kernel in (vv0, vv1, vv2, aa, mm):
        assert np.all(kernel > 0.0)
    # The square of v + a/(Q² − T²) cannot be negative for any v and a.
    assert np.all(vv1**2 <= vv0 * vv2 * (1.0 + 1e-3))


@pytest.mark.parametrize("flavour", ["e", "anti-e", "mu", "anti-mu"])
def test_weak_cross_section_is_positive_and_antineutrinos_differ_by_the_interference(flavour):
    recoil = np.geomspace(0.03, 50.0, 60)
    kernels = ionization(Target("Xe"), "ipm")
    weak = kernels.cross_section(Neutrino(), 300.0, recoil, flavour).weak
    opposite = flavour.removeprefix("anti-") if "anti" in flavour else f"anti-{flavour}"
    other = kernels.cross_section(Neutrino(), 300.0, recoil, opposite).weak
    assert np.all(weak > 0.0)
    axial = 0.5 if flavour[-1] == "e" else -0.5
    vector = Neutrino().electroweak.vector[["e", "mu", "tau"].index(flavour.removeprefix("anti-"))]
    sign = -1.0 if "anti" in flavour else 1.0
    interference = kernels.evaluate(np.array(300.0), recoil)[4]
    np.testing.assert_allclose(weak - other, 2.0 * sign * axial * vector * interference, rtol=1e-10)


def test_high_energies_reach_a_limit():
    recoil = np.array([0.1, 1.0, 10.0])
    low, high = (ipm(Target("Xe")).evaluate(np.array(e), recoil) for e in (2e4, 5e4))
    for k in (0, 1, 3, 6):
        np.testing.assert_allclose(high[k], low[k], rtol=0.02)
    # With P₀ ≫ Q the interference falls as 1/E.
    np.testing.assert_allclose(high[4] / low[4], 2e4 / 5e4, rtol=1e-3)


def test_kernels_vanish_at_the_least_energy_with_the_powers_of_phase_space():
    recoil = np.array(5.0)
    step = np.array([1e-3, 2e-3])
    kernels = ipm(Target("Ge")).evaluate(5.0 * (1.0 + step), recoil)
    assert np.all(ipm(Target("Ge")).evaluate(np.array([4.0, 5.0]), recoil) == 0.0)
    powers = np.log(kernels[:, 1] / kernels[:, 0]) / np.log(2.0)
    for k, expected in ((0, 2), (1, 1), (3, 2), (4, 2), (5, 1), (6, 2)):
        assert powers[k] == pytest.approx(expected, abs=0.02)


def test_nothing_opens_below_the_lowest_edge_and_beyond_the_table_it_raises():
    kernels = ipm(Target("He"))
    assert np.all(kernels.evaluate(np.array(300.0), np.array([0.01, 0.02])) == 0.0)
    with pytest.raises(ValueError, match="where the table of He ends"):
        kernels.evaluate(np.array(1000.0), np.array([1.0, 301.0]))


def test_transverse_part_near_threshold_is_photoabsorption():
    """KS11 (17): for E → T the moment's transverse cross section is σ_γ times known factors."""
    table = find_table("Ar", "ipm")
    recoil = np.array([0.3, 2.0, 8.0])
    excess = 1e-4
    parts = ipm_parts(Target("Ar"))(recoil * (1.0 + excess), recoil)
    p0 = recoil * (1.0 + 2.0 * excess)
    virtuality = p0**2 - recoil**2
    sigma_kev2 = tabulated_photoabsorption_cm2(table, recoil) / CM2_PER_INVERSE_KEV2
    response = sigma_kev2 * recoil / (4.0 * np.pi**2 * FINE_STRUCTURE)
    # ∫ dQ²/Q² (P₀² − Q²) R = V²/2T² · R to first order in V.
    expected = np.pi * (FINE_STRUCTURE / ELECTRON_MASS_KEV) ** 2 / (4.0 * recoil**2)
    expected = expected * virtuality**2 / (2.0 * recoil**2) * response * CM2_PER_INVERSE_KEV2
    np.testing.assert_allclose(parts[-1], expected, rtol=5e-3)


@pytest.mark.parametrize("symbol", ["He", "Ge", "Xe"])
def test_quadrature_is_good_to_a_thousandth_from_5_kev_to_50_mev(symbol, monkeypatch):
    """Twice the momenta: every kernel to 0.1%, the interference as a part of what it interferes with."""
    table = find_table(symbol, "ipm")
    # One eV above the lowest threshold to the table's end.
    recoil = np.geomspace(float(table.edges_kev.min()) + 1e-3, 299.9, 120)
    energy = np.array([5.0, 20.0, 100.0, 400.0, 3000.0, 50_000.0])[:, None]
    found = []
    for nodes in (161, 321):
        monkeypatch.setattr(module, "_NODES", nodes)
        found.append(ipm(Target(symbol)).evaluate(energy, recoil))
    coarse, fine = found
    is_open = energy > recoil
    difference = np.abs(coarse - fine)[:, is_open]
    vv0, vv1, _, aa = fine[:4, is_open]
    size = fine[:, is_open].copy()
    size[4], size[5] = np.sqrt(vv0 * aa), np.sqrt(vv1 * aa) * np.sqrt(vv1 / vv0)
    assert np.all(difference < 1e-3 * np.abs(size))


@pytest.mark.parametrize("symbol", ["Ge", "Xe"])
def test_kernels_are_smooth_in_the_neutrino_energy(symbol):
    """From 5 keV to 50 MeV the cubic through neighbours finds the one in between, in fourth order."""
    recoil = np.array([0.05, 0.5, 4.0])
    missed = []
    for count in (1281, 2561):
        energy = np.geomspace(5.0, 5e4, count)[:, None]
        kernels = np.log(ipm(Target(symbol)).evaluate(energy, recoil)[[0, 1, 2, 3, 6]])
        inner = 9.0 * (kernels[:, 2:-4:2] + kernels[:, 4:-2:2]) - kernels[:, :-6:2] - kernels[:, 6::2]
        # Kernels start as powers of E − T, which is no matter of smoothness.
        far = (energy[3:-3:2] > 2.0 * recoil) & np.ones_like(inner[0], bool)
        missed.append(np.abs(inner / 16.0 - kernels[:, 3:-3:2])[:, far].max())
    assert missed[0] < 1e-3
    assert missed[1] < missed[0] / 8.0


@pytest.mark.parametrize("symbol", ["Ne", "Ge"])
def test_subshells_add_up(symbol):
    recoil = np.array([0.01, 0.05, 1.2, 12.0, 200.0])
    table = find_table(symbol, "ipm")
    each = subshell_kernels(table, 400.0, recoil)
    whole = ipm(Target(symbol)).evaluate(np.array(400.0), recoil)
    closed = table.edges_kev[:, None] >= recoil
    assert np.any(closed)
    assert np.all(np.moveaxis(each, 1, 2)[closed] == 0.0)
    np.testing.assert_allclose(each.sum(axis=0), whole, rtol=2e-3, atol=0.0)
    with pytest.raises(InputError, match="recoil_kev"):
        subshell_kernels(table, 400.0, [301.0])


def test_compound_is_the_sum_of_its_atoms():
    energy, recoil = np.array([200.0, 500.0]), np.array([[1.0], [20.0]])
    together = ipm(Target("SiAr2")).evaluate(energy, recoil)
    apart = ipm(Target("Si")).evaluate(energy, recoil) + 2.0 * ipm(Target("Ar")).evaluate(energy, recoil)
    np.testing.assert_allclose(together, apart, rtol=1e-12)


def test_only_a_charge_feels_the_neutrino_mass():
    energy, recoil = np.array(300.0), np.array([0.5, 5.0])
    light, heavy = (ipm(Target("Ar"), neutrino_mass_kev=m).evaluate(energy, recoil) for m in (1e-4, 1e-3))
    np.testing.assert_array_equal(np.delete(light, 2, axis=0), np.delete(heavy, 2, axis=0))
    photon = find_table("Ar", "ipm")
    sigma = tabulated_photoabsorption_cm2(photon, recoil) / CM2_PER_INVERSE_KEV2
    pole = sigma / (4.0 * np.pi**2 * FINE_STRUCTURE * recoil)
    p0 = 2.0 * energy - recoil
    expected = FERMI_PER_KEV2**2 / (4.0 * np.pi * energy**2) * 0.5 * (p0**2 + recoil**2) * pole
    expected = expected * np.log(100.0) * CM2_PER_INVERSE_KEV2
    np.testing.assert_allclose((light - heavy)[2], expected, rtol=5e-3)


@pytest.mark.parametrize("symbol", ["He", "Xe"])
def test_momentum_integrals_equal_direct_quadrature(symbol):
    """Every kernel as the formula is written, by Gauss-Legendre in each subshell's own variable."""
    table = find_table(symbol, "ipm")
    rng = np.random.default_rng(7)
    least = 1e-12
    for _ in range(8):
        t = 10.0 ** rng.uniform(-1.3, 1.7)
        p = t * (1.0 + 10.0 ** rng.uniform(-1, 3))
        direct = sum(_direct(shell, t, p, least) for shell in table.subshells if t > shell.scale.edge_kev)
        found = momentum_integrals(table, np.array([t])).at(np.array([0]), np.array([p]), np.array([least]))
        np.testing.assert_allclose(found[:, 0], direct, rtol=1e-3, err_msg=f"T = {t}, P₀ = {p}, {NAMES}")


def _direct(shell, t, p, least):
    ejected = t - shell.scale.edge_kev
    high = min(p, float(shell.momentum_limits_kev(t)[1]))
    u, weight = panel_rule(np.linspace(0.0, float(shell.scale.variable(ejected, high)), 97), 4)
    q = shell.scale.momentum_kev(ejected, u)
    weight = weight / shell.scale.slope_per_kev(ejected, q)
    r00, _, _, r11, a00, a03, a33, a11, mixed = shell.at(t, q)
    v = (q - t) * (q + t)
    photon = shell.at(t, t)[3] / t**2
    pole = q / v * ((p * p + q * q) * r11 / q**2 - (p * p + t * t) * photon)
    long = p * p - q * q
    vector = [long * v ** (2 - n) / q**3 * r00 + (p * p + q * q) * v ** (1 - n) / q * r11 for n in (0, 1)]
    axial = long * q * (a00 - 2 * t / q * a03 + (t / q) ** 2 * a33) + (p * p + q * q) * v / q * a11
    integrands = [
        *vector, long / q**3 * r00 + pole, axial, p * v * mixed, p * mixed,
        2.0 * p * p * v / q**3 * r00, 2.0 * long / q * r11,
    ]  # fmt: skip
    values = np.array([np.sum(weight * f) for f in integrands])
    values[2] += 0.5 * (p * p + t * t) * photon * np.log((high**2 - t**2) / least)
    return values
