"""Laws of the couplings: the kernels recombine to KS16, every parameter counts, no basis is special."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nuatom.atoms import Target
from nuatom.constants import (
    CM2_PER_INVERSE_KEV2,
    ELECTRON_MASS_KEV,
    FERMI_PER_KEV2,
    FINE_STRUCTURE,
    HBAR_C_KEV_CM,
)
from nuatom.detectors import Detector, GaussianResolution
from nuatom.fluxes import flux
from nuatom.neutrinos import (
    Electroweak,
    Neutrino,
    couplings,
    flavour_state,
    nufit,
    parameter,
    solar_mass_state_probabilities,
)
from nuatom.neutrinos.electroweak import SM_CHARGE_RADIUS_CM2
from nuatom.neutrinos.parameters import KINDS
from nuatom.processes import ionization
from nuatom.processes.electron import ELECTRON, free_electron
from nuatom.processes.kinematics import maximum_recoil_kev
from nuatom.rates import fold

M = ELECTRON_MASS_KEV
FREE = ionization(Target("H"), "free")
FLAVOURS = ("e", "mu", "tau")
MAGNETIC = 6  # of VV0 VV1 VV2 AA VA0 VA1 MM

# Sums of a few products in double precision, relative to the sum of their absolute values.
ROUNDING = 1e-13


def multiples(step: float, largest: int) -> st.SearchStrategy[float]:
    """Numbers of either sign, or zero, none so small that its square underflows."""
    return st.integers(-largest, largest).map(lambda n: n * step)


couplings_of_order_one = multiples(1e-3, 2000)
energies = st.floats(math.log(5.0), math.log(5e4)).map(math.exp)
fractions = st.floats(1e-5, 1.0 - 1e-9)
moments = multiples(1e-13, 10_000)
charges = multiples(1e-15, 10_000)
radii = multiples(1e-34, 10_000)
seeds = st.integers(0, 2**32 - 1)
relaxed = settings(deadline=None, max_examples=100)


def limit(energy: float) -> float:
    return float(maximum_recoil_kev(np.array(energy)))


def weak_6(energy: float, recoil: float, g_v: float, g_a: float) -> tuple[float, float]:
    """KS16 (6), and the sum of the absolute values of its terms."""
    scale = FERMI_PER_KEV2**2 * M / (2.0 * math.pi) * CM2_PER_INVERSE_KEV2
    terms = [
        (g_v + g_a) ** 2,
        (g_v - g_a) ** 2 * (1.0 - recoil / energy) ** 2,
        g_a**2 * M * recoil / energy**2,
        -(g_v**2) * M * recoil / energy**2,
    ]
    return scale * sum(terms), scale * sum(map(abs, terms))


def shifted(g_v: float, charge: float, radius_cm2: float, recoil: float) -> float:
    """Vector coupling of the electron with charge and radius, at Q² − T² = 2 m_e T."""
    by_charge = -2.0 * math.sqrt(2.0) * math.pi * FINE_STRUCTURE * charge
    by_radius = math.sqrt(2.0) * math.pi * FINE_STRUCTURE * radius_cm2 / HBAR_C_KEV_CM**2 / 3.0
    return g_v + by_charge / (FERMI_PER_KEV2 * 2.0 * M * recoil) + by_radius / FERMI_PER_KEV2


def electroweak(vector: tuple[float, ...], axial: tuple[float, ...]) -> Electroweak:
    return replace(couplings("tree"), vector=vector, axial=axial)


def complex_matrix(random: np.random.Generator) -> np.ndarray:
    return random.normal(size=(3, 3)) + 1j * random.normal(size=(3, 3))


def hermitian(random: np.random.Generator) -> np.ndarray:
    matrix = complex_matrix(random)
    return 0.5 * (matrix + matrix.conj().T)


def states(random: np.random.Generator) -> np.ndarray:
    amplitudes = complex_matrix(random)
    return amplitudes / np.linalg.norm(amplitudes, axis=1, keepdims=True)


@relaxed
@given(energies, fractions, couplings_of_order_one, couplings_of_order_one, moments, st.booleans())
def test_kernels_recombine_to_ks16(energy, fraction, g_v, g_a, moment, anti):
    recoil = fraction * limit(energy)
    neutrino = Neutrino(magnetic_moment=moment, electroweak=electroweak((9.0, g_v, 9.0), (9.0, g_a, 9.0)))
    found = FREE.cross_section(neutrino, energy, recoil, "anti-mu" if anti else "mu")
    expected, scale = weak_6(energy, recoil, g_v, -g_a if anti else g_a)
    magnetic = math.pi * (FINE_STRUCTURE / M * moment) ** 2 * CM2_PER_INVERSE_KEV2
    assert_allclose(found.weak, expected, rtol=0.0, atol=ROUNDING * scale)
    assert_allclose(found.magnetic, magnetic * (1.0 / recoil - 1.0 / energy), rtol=10.0 * ROUNDING)
    assert_array_equal(found.charge, 0.0)


@relaxed
@given(energies, fractions, couplings_of_order_one, couplings_of_order_one, charges, radii, st.booleans())
def test_charge_and_radius_shift_the_vector_coupling(energy, fraction, g_v, g_a, charge, radius_cm2, anti):
    recoil = fraction * limit(energy)
    neutrino = Neutrino(
        charge=(0.0, 0.0, charge),
        charge_radius_cm2=(0.0, 0.0, radius_cm2),
        electroweak=electroweak((9.0, 9.0, g_v), (9.0, 9.0, g_a)),
    )
    found = FREE.cross_section(neutrino, energy, recoil, "anti-tau" if anti else "tau")
    effective = shifted(g_v, charge, radius_cm2, recoil)
    expected, _ = weak_6(energy, recoil, effective, -g_a if anti else g_a)
    # Charge, radius and weak coupling may cancel: rounding is that of the largest.
    largest = abs(g_v) + abs(effective - g_v) + abs(shifted(0.0, charge, 0.0, recoil))
    _, scale = weak_6(energy, recoil, largest, abs(g_a))
    assert_allclose(found.total, expected, rtol=0.0, atol=ROUNDING * scale)


@relaxed
@given(seeds)
def test_antineutrinos_are_neutrinos_with_the_opposite_axial_coupling(seed):
    random = np.random.default_rng(seed)
    arguments = {
        "magnetic_moment": 1e-11 * complex_matrix(random),
        "charge": 1e-13 * hermitian(random),
        "charge_radius_cm2": 1e-32 * hermitian(random),
    }
    vector, axial = tuple(random.normal(size=3)), tuple(random.normal(size=3))
    reversed_axial = tuple(-g for g in axial)
    arriving = states(random)
    assert_allclose(
        ELECTRON.coefficients(
            Neutrino(**arguments, electroweak=electroweak(vector, axial)), arriving, antineutrino=True
        ),
        ELECTRON.coefficients(
            Neutrino(**arguments, electroweak=electroweak(vector, reversed_axial)), arriving
        ),
        rtol=ROUNDING,
    )


@relaxed
@given(energies, st.floats(1e-5, 1.0), couplings_of_order_one, couplings_of_order_one, charges, radii)
def test_cross_sections_are_not_negative(energy, fraction, g_v, g_a, charge, radius_cm2):
    recoil = min(fraction * limit(energy), limit(energy))
    vv0, _, vv2, aa, _, _, mm = free_electron(np.array(energy), np.array(recoil))
    assert min(vv0, vv2, aa, mm) > 0.0
    neutrino = Neutrino(
        charge=charge, charge_radius_cm2=radius_cm2, electroweak=electroweak((g_v,) * 3, (g_a,) * 3)
    )
    for flavour in ("e", "anti-e"):
        found = FREE.cross_section(neutrino, energy, recoil, flavour)
        largest = abs(g_v) + abs(shifted(0.0, charge, radius_cm2, recoil))
        _, scale = weak_6(energy, recoil, largest, abs(g_a))
        assert found.weak + found.charge >= -ROUNDING * scale
        assert found.weak >= -ROUNDING * scale


@relaxed
@given(energies, fractions, st.floats(1e-14, 1e-9), st.floats(0.1, 10.0))
def test_magnetic_part_grows_as_the_square_of_the_moment(energy, fraction, moment, factor):
    recoil = fraction * limit(energy)
    once = FREE.cross_section(Neutrino(magnetic_moment=moment), energy, recoil)
    scaled = FREE.cross_section(Neutrino(magnetic_moment=factor * moment), energy, recoil)
    assert_allclose(scaled.magnetic, factor**2 * once.magnetic, rtol=ROUNDING)
    assert_array_equal(scaled.weak, once.weak)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_charge_part_falls_as_the_square_of_the_recoil_at_small_recoils(sign):
    recoil = np.geomspace(1e-7, 1e-3, 9)
    found = FREE.cross_section(Neutrino(charge=sign * 1e-11), 300.0, recoil)
    slope = np.diff(np.log(found.charge)) / np.diff(np.log(recoil))
    # Interference is smaller by 2 g_V 2m_eT/a, with g_V < 1; the rest by m_e T/E².
    interference = 2.0 * recoil[1:] / abs(shifted(0.0, 1e-11, 0.0, 1.0))
    assert np.all(np.abs(slope + 2.0) < interference + 2.0 * M * recoil[1:] / 300.0**2)
    assert found.charge[0] / found.weak[0] > 1e10


def test_a_positive_charge_and_a_positive_radius_have_opposite_signs_on_an_electron():
    weak = FREE.cross_section(Neutrino(), 300.0, 10.0).weak
    charged = FREE.cross_section(Neutrino(charge=1e-15), 300.0, 10.0)
    spread = FREE.cross_section(Neutrino(charge_radius_cm2=1e-33), 300.0, 10.0)
    assert charged.charge < 0.0 < spread.charge < weak


FLAVOUR_ELEMENTS = {
    "e": {"e"},
    "mu": {"mu"},
    "tau": {"tau"},
    "emu": {"e", "mu"},
    "etau": {"e", "tau"},
    "mutau": {"mu", "tau"},
}
MASS_ELEMENTS = ("11", "22", "33", "12", "13", "23")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("element", [None, *FLAVOUR_ELEMENTS, *MASS_ELEMENTS])
def test_every_parameter_changes_the_cross_section_of_just_the_flavours_it_concerns(kind, element):
    name = kind if element is None else f"{kind}:{element}"
    for standard in (Neutrino(), Neutrino(electroweak=couplings("radiative"))):
        changed = parameter(name).set(standard, KINDS[kind].scale)
        concerned = FLAVOUR_ELEMENTS.get(element, set(FLAVOURS))
        for flavour in FLAVOURS:
            before = FREE.cross_section(standard, 300.0, 2.0, flavour).total
            after = FREE.cross_section(changed, 300.0, 2.0, flavour).total
            if flavour in concerned:
                assert abs(after - before) > 1e-9 * before
            else:
                assert after == before


@pytest.mark.parametrize("index", range(3))
@pytest.mark.parametrize("name", ["vector", "axial"])
def test_every_weak_coupling_changes_its_own_flavour_only(index, name):
    tree = couplings("tree")
    values = list(getattr(tree, name))
    values[index] += 0.01
    changed = Neutrino(electroweak=replace(tree, **{name: tuple(values)}))
    for number, flavour in enumerate(FLAVOURS):
        before = FREE.cross_section(Neutrino(), 300.0, 50.0, flavour).weak
        after = FREE.cross_section(changed, 300.0, 50.0, flavour).weak
        assert (after != before) == (number == index)


@relaxed
@given(seeds, st.sampled_from(["dirac", "majorana"]))
def test_flavour_and_mass_basis_give_equal_cross_sections(seed, nature):
    random = np.random.default_rng(seed)
    mixing = replace(nufit(), delta_cp_deg=float(random.uniform(0.0, 360.0)))
    u = mixing.matrix
    moment, charge = complex_matrix(random), hermitian(random)
    if nature == "majorana":
        moment, charge = moment - moment.T, 1j * charge.imag
    radius = hermitian(random)
    common = {"nature": nature, "mixing": mixing}
    in_mass = Neutrino(1e-11 * moment, 1e-13 * charge, 1e-32 * radius, basis="mass", **common)
    # ν_α = Σ_i U_αi ν_i in a term ν̄ X ν; a Majorana moment stands between two fields ν, not ν̄ and ν.
    left = u.conj() if nature == "majorana" else u
    in_flavour = Neutrino(
        1e-11 * left @ moment @ u.conj().T,
        1e-13 * u @ charge @ u.conj().T,
        1e-32 * u @ radius @ u.conj().T,
        **common,
    )
    arriving = states(random)
    found = ELECTRON.coefficients(in_mass, arriving)
    scale = np.abs(found).max(axis=0)
    expected = ELECTRON.coefficients(in_flavour, arriving)
    assert np.all(np.abs(found - expected) <= 10.0 * ROUNDING * scale)
    for one, other in ((in_mass, in_flavour.in_basis("mass")), (in_flavour, in_mass.in_basis("flavour"))):
        assert one.basis == other.basis
        for kind in KINDS.values():
            value = getattr(one, kind.field)
            atol = 10.0 * ROUNDING * np.abs(value).max()
            assert_allclose(getattr(other, kind.field), value, rtol=0.0, atol=atol)


@relaxed
@given(seeds)
def test_effective_moment_of_a_mass_state_is_the_sum_over_its_transitions(seed):
    """μ²_eff of mass state j is Σ_k |μ_kj|² in the mass basis (Giunti & Studenikin 2015)."""
    random = np.random.default_rng(seed)
    moment = 1e-11 * complex_matrix(random)
    neutrino = Neutrino(moment, basis="mass")
    found = ELECTRON.coefficients(neutrino, neutrino.mixing.matrix.T)[:, -1]
    assert_allclose(found, np.sum(np.abs(moment) ** 2, axis=0), rtol=10.0 * ROUNDING)
    # ... and of a flavour ℓ, whose amplitudes on mass states are U*: Σ_k |Σ_j μ_kj U*_ℓj|².
    found = ELECTRON.coefficients(neutrino, np.eye(3, dtype=complex))[:, -1]
    expected = np.sum(np.abs(moment @ neutrino.mixing.matrix.conj().T) ** 2, axis=0)
    assert_allclose(found, expected, rtol=10.0 * ROUNDING)


@relaxed
@given(seeds)
def test_majorana_and_dirac_transition_moments_of_equal_size_cannot_be_told_apart(seed):
    random = np.random.default_rng(seed)
    matrix = 1e-11 * complex_matrix(random)
    antisymmetric = matrix - matrix.T
    arriving = states(random)
    pair = [
        ELECTRON.coefficients(Neutrino(antisymmetric, basis="mass", nature=nature), arriving)
        for nature in ("dirac", "majorana")
    ]
    assert_allclose(*pair, rtol=100.0 * ROUNDING)
    # For one element the sign of its partner does not matter either.
    for i, j in ((0, 1), (0, 2), (1, 2)):
        single = np.zeros((3, 3))
        single[i, j] = single[j, i] = 1e-11
        partner = np.triu(single) - np.tril(single)
        dirac = Neutrino(single, basis="mass")
        majorana = Neutrino(partner, basis="mass", nature="majorana")
        mass_states = dirac.mixing.matrix.T
        assert_allclose(
            ELECTRON.coefficients(dirac, mass_states)[:, -1],
            ELECTRON.coefficients(majorana, mass_states)[:, -1],
            rtol=10.0 * ROUNDING,
            atol=ROUNDING * 1e-22,
        )


def test_the_radius_given_is_the_total_one():
    radiative = couplings("radiative")
    by_default = Neutrino(electroweak=radiative)
    stated = Neutrino(charge_radius_cm2=SM_CHARGE_RADIUS_CM2, electroweak=radiative)
    doubled = Neutrino(
        charge_radius_cm2=tuple(2.0 * radius for radius in SM_CHARGE_RADIUS_CM2), electroweak=radiative
    )
    for flavour in FLAVOURS:
        found = [FREE.cross_section(n, 300.0, 10.0, flavour) for n in (by_default, stated, doubled)]
        assert found[0].total == found[1].total == found[2].weak
        assert found[0].charge == found[1].charge == 0.0 != found[2].charge


@pytest.fixture(scope="module")
def folded():
    xenon = Target("Xe")
    detector = Detector(1.0, (1.0, 3.0, 10.0, 30.0), resolution=GaussianResolution(0.31, 0.0037))
    return fold(ionization(xenon, "stepping"), flux("solar-gs98"), detector)


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_flavour_and_mass_basis_give_equal_solar_counts(folded, nature):
    random = np.random.default_rng(5)
    moment, charge = complex_matrix(random), hermitian(random)
    if nature == "majorana":
        moment, charge = moment - moment.T, 1j * charge.imag
    u = nufit().matrix
    left = u.conj() if nature == "majorana" else u
    in_mass = Neutrino(1e-11 * moment, 1e-13 * charge, 1e-32 * charge, basis="mass", nature=nature)
    in_flavour = Neutrino(
        1e-11 * left @ moment @ u.conj().T,
        1e-13 * u @ charge @ u.conj().T,
        1e-32 * u @ charge @ u.conj().T,
        nature=nature,
    )
    standard = folded.counts(Neutrino())
    found = folded.counts(in_mass)
    assert np.all(found[standard > 0.0] > 1.001 * standard[standard > 0.0])
    assert_allclose(found, folded.counts(in_flavour), rtol=10.0 * ROUNDING)


def test_solar_counts_see_each_mass_state_with_its_own_effective_moment(folded):
    """μ²_eff = Σ_j P_ej Σ_k |μ_kj|²: magnetic counts state by state, without the mixing matrix."""
    random = np.random.default_rng(11)
    moment = 1e-11 * complex_matrix(random)
    excess = folded.counts(Neutrino(moment, basis="mass")) - folded.counts(Neutrino())
    for part, found in zip(folded.components, excess, strict=True):
        production = part.component.production
        probability = solar_mass_state_probabilities(
            part.sample_energy_kev, production.electron_density, production.fraction, nufit()
        )
        effective = np.sum(np.abs(moment) ** 2, axis=0) @ probability
        expected = effective @ part.values[:, MAGNETIC]
        # A difference of two counts of the same size.
        assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.parametrize(
    "changes",
    [
        {"sin2_theta12": 0.29},
        {"sin2_theta13": 0.02},
        {"sin2_theta23": 0.55},
        {"delta_cp_deg": 90.0},
        {"delta_m2_21_ev2": 7e-5},
        {"delta_m2_31_ev2": -2.5e-3},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_every_mixing_parameter_changes_solar_counts(folded, changes):
    charge = (0.0, 1e-12, 0.0)
    before = folded.counts(Neutrino(charge=charge))
    after = folded.counts(Neutrino(charge=charge, mixing=replace(nufit(), **changes)))
    assert np.abs(after / before - 1.0).max() > 1e-6


def test_neutrinos_and_antineutrinos_differ_by_the_interference_only():
    state, anti = flavour_state("anti-tau")
    assert anti
    neutrino = Neutrino(charge=1e-13, magnetic_moment=1e-11)
    ratio = ELECTRON.coefficients(neutrino, state, antineutrino=True) / ELECTRON.coefficients(neutrino, state)
    assert_array_equal(ratio, [1.0, 1.0, 1.0, 1.0, -1.0, -1.0, 1.0])
