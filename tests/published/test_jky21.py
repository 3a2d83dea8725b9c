"""Jeong, Kim & Youn (JKY21): its verdicts, and what they rest on derived again by other means.

Constants and formulas are written out here; only what is under test comes from the package.
"""

import math
import re
import tomllib
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from reproduced import reproduced
from scipy.integrate import quad
from scipy.optimize import brentq

from nuatom.atoms import Target
from nuatom.errors import InputError
from nuatom.neutrinos import Neutrino, couplings
from nuatom.papers import dirac
from nuatom.papers.jky21 import amplitudes, bounds, comparison, conversion, orbits, spectrum, three_body

ENTRIES = tomllib.loads(Path(__file__).with_name("jky21.toml").read_text("utf-8"))["entry"]

M = 510.99895069  # electron, keV
ALPHA = 7.2973525643e-3
G_F = 1.1663787e-17  # keV⁻²
HBAR_C = 1.973269804e-8  # keV cm
A_B = 5.29177210544e-9  # cm
# Sums of some hundred products in double precision.
ROUNDING = 1e-11

METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
ZERO, ONE = np.zeros((2, 2)), np.eye(2)
GAMMA = np.array([np.block([[ONE, ZERO], [ZERO, -ONE]]), *(np.block([[ZERO, s], [-s, ZERO]]) for s in PAULI)])
GAMMA5 = np.block([[ZERO, ONE], [ONE, ZERO]])
LOWER = np.einsum("ab,bij->aij", METRIC, GAMMA)

KINEMATICS = [(300.0, 17.0), (300.0, 100.0), (2000.0, 900.0)]


def spinors(momentum, mass):
    root = math.sqrt(momentum[0] + mass)
    turned = np.einsum("i,iab->ab", momentum[1:], PAULI) / root
    return [np.concatenate((root * chi, turned @ chi)) for chi in ONE]


def bar(spinor):
    return spinor.conj() @ GAMMA[0]


# --- Verdicts


def test_entries_are_those_that_are_known():
    found = [(e.equation, e.quantity, e.verdict, e.kind) for e in reproduced("jky21").entries]
    assert found == [(e["equation"], e["quantity"], e["verdict"], e["kind"]) for e in ENTRIES]


def test_computed_values_are_those_that_are_known():
    """To a per mille; limits move a little with the tables and the fluxes."""
    for entry, known in zip(reproduced("jky21").entries, ENTRIES, strict=True):
        tolerance = 0.02 if "XENON1T" in entry.quantity or "power of T" in entry.quantity else 1e-3
        if abs(known["computed"]) < 1e-15 and entry.unit == "":
            assert abs(entry.computed) < 1e-12
        else:
            assert_allclose(entry.computed, known["computed"], rtol=tolerance, err_msg=entry.quantity)


def test_every_numbered_equation_has_an_entry():
    numbers = {int(n) for e in reproduced("jky21").entries for n in re.findall(r"\((\d+)\)", e.equation)}
    assert numbers == set(range(1, 49))


# --- Sun and rates


def pp(energy):
    lepton = 423.41 + M - energy
    return energy**2 * lepton * math.sqrt(max(lepton**2 - M**2, 0.0))


def integral(of):
    # E = Q(1 − u²) takes the root at the end point away.
    value, _ = quad(lambda u: of(423.41 * (1 - u * u)) * 2 * 423.41 * u, 0, 1, epsabs=0, epsrel=1e-12)
    return value


PRINTED_MEANS = {
    -2: "30.0256", -1: "4.46821", 1: "0.267946", 2: "0.0794926", 3: "0.0251769", "ln": "-0.528546",
}  # fmt: skip


@pytest.mark.parametrize("power", PRINTED_MEANS)
def test_means_of_the_spectrum(power):
    norm = integral(pp)
    if power == "ln":
        exact = integral(lambda e: pp(e) * math.log(e / 423.41)) / norm
        found = three_body.mean_logarithm()
    else:
        exact = integral(lambda e: pp(e) * (1e-3 * e) ** power) / norm
        found = 1e-3**power * spectrum.mean_power(power, spectrum.pp_spectrum())
    assert_allclose(found, exact, rtol=1e-9)
    # The common excess that the note speaks of rounds every one to what is printed.
    printed = Decimal(PRINTED_MEANS[power])
    assert round(Decimal(1.0000019 * exact), -printed.as_tuple().exponent) == printed


def test_the_rounding_of_the_end_point_makes_the_normalisation():
    def normalisation(endpoint):
        def shape(u):
            energy = endpoint * (1 - u * u)
            lepton = endpoint + 0.51099895 - energy
            return energy**2 * lepton * math.sqrt(lepton**2 - 0.51099895**2) * 2 * endpoint * u

        return 1.0 / quad(shape, 0, 1, epsabs=0, epsrel=1e-12)[0]

    assert round(normalisation(0.42341), 3) == 188.142
    assert round(normalisation(0.423409), 3) == 188.143


def test_rates_are_cross_sections_times_electrons_and_neutrinos():
    """76 events/(t yr keV) by hand: 4.2e-22 MeV⁻³ per electron, a thousandth of what the paper takes."""
    atoms = 1e6 / 131.293 * 6.02214076e23
    flux = spectrum.pp_component().flux_per_cm2_s
    assert_allclose(flux, 5.98e10, rtol=1e-12)
    cm2_per_kev = 76.0 / (54 * atoms * flux * 365.25 * 86400)
    per_mev3 = cm2_per_kev / ((1e-3 * HBAR_C) ** 2 * 1e-3)
    found = conversion.cross_section_per_mev3(np.array([76.0]), Target("Xe"))[0]
    assert_allclose(found, per_mev3, rtol=1e-6)
    assert_allclose(found, 4.2e-22, rtol=0.01)
    assert_allclose(conversion.rate_per_tonne_year_kev(np.array([found]), Target("Xe")), 76.0, rtol=1e-12)


def test_the_inverse_rule_overstates_the_cross_section_by_what_is_above_threshold():
    def kept(energy):
        return pp_coulomb(energy) * (1.0 - 17.0 / energy)

    pp_coulomb = spectrum.coulomb_spectrum().density
    least = 0.5 * (17.0 + math.sqrt(17.0 * (17.0 + 2 * M)))
    exact, _ = quad(lambda e: float(kept(np.array([e]))[0]), least, 423.41, epsrel=1e-8)
    assert_allclose(conversion.inverse_rule_over_mean(17.0), 1.0 / exact, rtol=1e-6)


# --- Amplitudes


@pytest.mark.parametrize(("energy", "recoil"), KINEMATICS)
def test_two_body_momenta_are_conserved_and_on_shell(energy, recoil):
    at = dirac.two_body(energy, recoil)
    assert_allclose(at.neutrino + at.electron, at.neutrino_out + at.electron_out, atol=1e-9 * energy)
    for momentum, mass in ((at.neutrino_out, 0.0), (at.electron_out, M)):
        assert abs(momentum @ METRIC @ momentum - mass**2) < 1e-9 * energy**2


@pytest.mark.parametrize(("energy", "recoil"), KINEMATICS)
def test_magnetic_trace_is_minus_four_times_the_sum_over_spins(energy, recoil):
    """Amplitudes with explicit spinors: the sign that equation (18) loses, and KS16 (8) from |T|²."""
    at = dirac.two_body(energy, recoil)
    q = at.transfer
    sigma_q = np.array(
        [0.5j * sum((h @ g - g @ h) * c for h, c in zip(GAMMA, METRIC @ q, strict=True)) for g in GAMMA]
    )
    total = 0.0
    for before in spinors(at.neutrino, 0.0):
        for after in spinors(at.neutrino_out, 0.0):
            turned = np.array([bar(after) @ s @ before for s in sigma_q])
            for low in spinors(at.electron, M):
                for high in spinors(at.electron_out, M):
                    total += abs(turned @ np.array([bar(high) @ g @ low for g in LOWER])) ** 2
    trace = amplitudes.contraction(amplitudes.magnetic_tensor(at), amplitudes.electron_tensor(at))
    assert_allclose(-0.25 * trace, total, rtol=ROUNDING)
    # Averaged over both spins, (e² f/2m)²/q⁴: the cross section πα²/m² (1/T − 1/E) f².
    q2 = q @ METRIC @ q
    amplitude = (4 * math.pi * ALPHA / (2 * M)) ** 2 * 0.25 * total / q2**2
    cross_section = amplitude / (32 * math.pi * M * energy**2)
    assert_allclose(cross_section, math.pi * ALPHA**2 / M**2 * (1 / recoil - 1 / energy), rtol=1e-8)


@pytest.mark.parametrize(("energy", "recoil"), KINEMATICS)
def test_weak_traces_are_sums_over_spins(energy, recoil):
    at = dirac.two_body(energy, recoil)
    vector, axial = 0.962, 0.5
    total = 0.0
    for before in spinors(at.neutrino, 0.0):
        for after in spinors(at.neutrino_out, 0.0):
            current = np.array([bar(after) @ g @ (np.eye(4) + GAMMA5) @ before for g in GAMMA])
            for low in spinors(at.electron, M):
                for high in spinors(at.electron_out, M):
                    other = [bar(high) @ g @ (vector * np.eye(4) + axial * GAMMA5) @ low for g in LOWER]
                    total += abs(current @ np.array(other)) ** 2
    trace = amplitudes.contraction(
        amplitudes.neutrino_tensor(at), amplitudes.electron_tensor(at, vector, axial)
    )
    assert_allclose(trace, total, rtol=ROUNDING)
    out = energy - recoil
    bracket = 1.462**2 * energy**2 + 0.462**2 * out**2 + M * recoil * (axial**2 - vector**2)
    assert_allclose(trace, 64 * M**2 * bracket, rtol=1e-8)


def test_vector_trace_on_an_atom_at_rest():
    """Equation (40) for T ≪ m_e, and its exact value 32 M² m_e (E_e′ + m_e) for a heavy atom."""
    mass = 1.2e8
    at = dirac.two_body(300.0, 2.5)
    found = amplitudes.vector_contraction_at_rest(at, mass)
    assert_allclose(found, 32 * mass**2 * M * (2 * M + 2.5), rtol=1e-5)
    assert_allclose(found, 2**6 * M * (M + 2.5) * mass**2, rtol=2.5 / M)


def test_form_factors_other_than_the_charge_are_conserved():
    at = dirac.two_body(300.0, 17.0)
    assert amplitudes.form_factor_divergence(at) < 1e-12
    six = amplitudes.six_gamma_trace(*np.eye(4))
    assert_allclose(six[0, 2], six[2, 0], atol=1e-12)


def test_phase_space_by_monte_carlo():
    """(2π)⁻⁵ ∫ d³p d³k′ δ(E − E′ − p²/2m)/2⁶ over random momenta: 2⁹ in equation (11), 2¹⁰ per cos θ."""
    rng = np.random.default_rng(7)
    number, box, width = 400_000, 1.0, 0.02
    momenta, neutrinos = rng.uniform(-box, box, (2, number, 3))
    p, k = np.linalg.norm(momenta, axis=1), np.linalg.norm(neutrinos, axis=1)
    inside = (p < box) & (k < box)
    # Unit energies: E = 1.2, m = 1, so that E′ + p²/2 = 1.2.
    near = np.abs(k + 0.5 * p**2 - 1.2) < 0.5 * width
    forward = neutrinos[:, 2] > 0.8 * k
    volume = (2 * box) ** 6 / number / width

    def direct(chosen):
        return volume * chosen.sum(), volume * math.sqrt(chosen.sum())

    radial, _ = quad(
        lambda x: x**2 * max(1.2 - 0.5 * x**2, 0.0) ** 2 * (1.2 - 0.5 * x**2 < 1),
        0,
        1,
        points=[math.sqrt(0.4)],
    )
    factor = 2**6 * (2 * math.pi) ** 5 * 4 * math.pi / 3
    whole = factor * three_body.phase_space_coefficient() * radial
    found, error = direct(inside & near)
    assert abs(found - whole) < 4 * error
    per_cosine = factor * three_body.phase_space_coefficient(8 * math.pi**2) * radial
    found, error = direct(inside & near & forward)
    assert abs(found - 0.2 * per_cosine) < 4 * error
    assert_allclose(three_body.phase_space_coefficient(), 3 / (2**9 * math.pi**4), rtol=1e-12)


# --- The model


def test_equation_31_is_the_mean_of_the_kernels():
    """Folded with the spectrum that has ⟨E⟩ = 0.2668 MeV: 1.341e-6 MeV⁻³ at 17 keV, equation (32)."""
    kernels = three_body.PRINTED.kernels(Target("Xe"))
    neutrino = Neutrino(electroweak=couplings("tree", 0.231))
    mean = spectrum.mean(
        lambda energy: kernels.cross_section(neutrino, energy, 17.0).weak,
        spectrum.coulomb_spectrum(),
        above_kev=17.0,
    )
    assert_allclose(mean / conversion.CM2_PER_KEV_OF_MEV3, 1.341e-6, rtol=1e-3)


def test_constants_from_their_definitions():
    a_z = A_B / HBAR_C / 54
    levels = [54**2 * ALPHA**2 * M / (2 * n**2) for n in range(1, 6)]
    factors = [2 ** (2 * n + 1) * math.factorial(n + 1) / n ** (n - 1) for n in range(1, 6)]
    total = sum(k**4.5 * t**3 for k, t in zip(levels, factors, strict=True))
    meff6 = (ALPHA / 3) ** 1.5 * a_z**7.5 * total / M**3
    assert_allclose(1e18 * meff6, 1.3218, rtol=1e-4)  # MeV⁻⁶
    b = 11440.686
    front = 3 * 54**3 * ALPHA**5 / (2**8 * math.pi**2) * b
    found = three_body.from_definitions()
    assert_allclose(found.magnetic_per_mev3, 1e9 * front * meff6 * M**3, rtol=1e-6)
    front = 3 * 54**3 * ALPHA**3 * (G_F * M**2) ** 2 / (16 * math.pi**4) * b
    assert_allclose(found.weak_per_mev3, 1e9 * front * meff6 * M**3, rtol=1e-6)


def test_other_targets_are_refused():
    with pytest.raises(InputError, match="Xe"):
        three_body.PRINTED.kernels(Target("Ar"))


def test_a_limit_goes_with_the_root_of_the_cross_section():
    model = three_body.PRINTED
    stronger = replace(model, magnetic_per_mev3=4 * model.magnetic_per_mev3)
    weaker, stronger = (comparison.limit(m, "magnetic-moment").upper for m in (model, stronger))
    assert_allclose(weaker / stronger, 2.0, rtol=1e-3)


def test_the_printed_constants_leave_no_charge_radius():
    assert comparison.limit(three_body.PRINTED, "charge-radius") is None
    assert comparison.standard_counts(three_body.PRINTED).sum() > 1e15
    assert comparison.limit(comparison.three_body()[1], "charge-radius").upper > 1e-30


def test_every_model_is_fitted_and_drawn():
    names = list(comparison.limits("magnetic-moment"))
    assert names == list(comparison.all_kernels(Target("Xe")))
    assert set(comparison.MODELS) < set(names)


# --- Bounds


def test_bounds_follow_from_printed_numbers():
    assert_allclose(math.sqrt(5e-19 / 6.73e-5), 0.86e-7, rtol=5e-3)
    assert_allclose(math.sqrt(6 * 5e-19 / 6.33e-6 / 0.1) * 1e-3 * HBAR_C, 4.30e-17, rtol=2e-3)
    own = bounds.paper_bounds()
    assert_allclose(own["magnetic-moment"], 0.86e-7, rtol=5e-3)
    assert_allclose(own["charge-radius"], 4.30e-17**2, rtol=3e-3)


@pytest.mark.parametrize("charge", [-1e-11, 0.0, 4e-12])
def test_the_band_by_solving_for_its_ends(charge):
    def excess(radius2, sign):
        shift = bounds.gamma(radius2, charge, 1.0)
        return bounds.couplings_squared(shift) / bounds.couplings_squared() - (1 + sign * 2 / 76)

    slope = 6 * (1e-3 * HBAR_C) ** 2 * charge
    ends = [brentq(excess, slope - 3e-32, slope + 3e-32, args=(sign,), xtol=1e-40) for sign in (-1, 1)]
    assert_allclose(bounds.band_cm2(charge), ends, rtol=1e-6)


# --- Appendix


def test_sums_over_shells_are_rational():
    factors = [Fraction(2 ** (2 * n + 1) * math.factorial(n + 1), n ** (n - 1)) for n in range(1, 6)]
    for power, printed in ((3, 7.028e5), (6, 1.144e4)):
        exact = sum(
            f * t**2 / n**power for n, f, t in zip(range(1, 6), (2, 8, 18, 18, 8), factors, strict=True)
        )
        assert_allclose(orbits.shell_sum(power), float(exact), rtol=1e-13)
        assert_allclose(float(exact), printed, rtol=1e-4)


def test_norms_and_overlaps_in_closed_form():
    for n, factor in zip(orbits.PRINCIPAL, orbits.SHELL_FACTORS, strict=True):
        assert_allclose(orbits.norm_of_shell(n), (2 / n) ** (2 * n + 1) * math.factorial(2 * n), rtol=1e-12)
        assert_allclose(orbits.radial_overlap(n) * math.sqrt(math.pi), 0.5 * factor, rtol=1e-12)


def test_lyman_alpha_has_the_measured_rate():
    """A = 6.2649e8/s (NIST); 4/3 of equation (35) gives it, (2π)²/3 of (34) is π² too large."""
    assert_allclose(orbits.dipole_rate_per_s(4 / 3), 6.2649e8, rtol=1e-3)
    assert_allclose(orbits.lyman_alpha_rate_per_s(), orbits.dipole_rate_per_s(4 / 3), rtol=1e-9)


def test_where_the_printed_constants_come_from():
    """Arithmetic of a minute for what the notes say of equations (24), (28), (31), (32), (43) and (44)."""
    a = 702842.0637
    assert_allclose(math.sqrt(a) / 54**2.5 / 0.511**2, 0.150, rtol=2e-3)
    assert_allclose(math.sqrt(ALPHA / 3 * a) / 54**2.5 / 0.511**2, 0.0074, rtol=2e-3)
    assert_allclose(268.1e-3 * 54, 14.48, rtol=1e-3)
    assert_allclose(math.sqrt(2) / 0.511, 2.768, rtol=5e-4)
    assert_allclose(2 * 0.511**2 * 30.0256 * 0.528546, 8.288, rtol=1e-4)
    assert_allclose(5e-19 / 6.33e-6, 0.790e-13, rtol=1e-3)
    assert_allclose(1.22e-23 * 2.27e5 * 2.287e12, 6.33e-6, rtol=1e-3)
    assert_allclose(0.9265e9 / 1.97e-11**2, 2.387e30, rtol=5e-4)
    assert_allclose(6 * 1.97e-11**2, 2.329e-21, rtol=5e-4)
    assert_allclose((54.0**2) ** 7.5, 1e26, rtol=0.05)
    recoil = np.linspace(0.1, 510.0, 20001)
    assert three_body.ThreeBody.recoil_factor(recoil).max() < 0.2863
