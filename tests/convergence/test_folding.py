"""Folding: exact where it can be, converging as promised elsewhere, losing no counts."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.integrate import quad

from nuatom.atoms import Target
from nuatom.constants import (
    CM2_PER_INVERSE_KEV2,
    ELECTRON_MASS_KEV,
    FERMI_PER_KEV2,
    FINE_STRUCTURE,
    KG_PER_TONNE,
    SECONDS_PER_YEAR,
)
from nuatom.detectors import Detector, Efficiency, GaussianResolution
from nuatom.errors import ConvergenceError, InputError
from nuatom.fluxes import Component, Continuum, Flux, Lines, flux
from nuatom.neutrinos import Neutrino, couplings, nufit, parameter
from nuatom.numerics.interpolation import lagrange_basis
from nuatom.numerics.quadrature import panel_rule
from nuatom.processes import ionization
from nuatom.processes.kinematics import maximum_recoil_kev
from nuatom.rates import differential_rate, fold, folding
from nuatom.rates.arrival import arrival
from nuatom.rates.folding import _recoil_rule, flux_average, sample_energies_kev

M = ELECTRON_MASS_KEV
XENON = Target("Xe")
SOLAR = flux("solar-gs98")
CONTINUA = [c.name for c in SOLAR.components if isinstance(c.spectrum, Continuum)]
RESOLUTION = GaussianResolution(0.31, 0.0037)
NEUTRINO = Neutrino(
    magnetic_moment=2e-11, charge=3e-13, charge_radius_cm2=4e-32, electroweak=couplings("radiative")
)
BE7_KEV = 862.27


def one(name: str) -> Flux:
    return Flux(name, (SOLAR.component(name),), SOLAR.citations)


def line(flavour: str = "e") -> Flux:
    return Flux("line", (Component("be7", 4.93e9, 0.06, flavour, Lines((BE7_KEV,), (1.0,))),), ())


def atoms_seconds(target: Target, exposure: float) -> float:
    return exposure * KG_PER_TONNE / target.mass_kg * SECONDS_PER_YEAR


def antiderivatives(energy: float, recoil: float) -> np.ndarray:
    """∫ dT of the seven kernels of a free electron, up to a constant."""
    weak = FERMI_PER_KEV2**2 * M / (2.0 * math.pi) * CM2_PER_INVERSE_KEV2
    magnetic = math.pi * (FINE_STRUCTURE / M) ** 2 * CM2_PER_INVERSE_KEV2
    e, t, log = energy, recoil, math.log(recoil)
    even = 2.0 * t - t**2 / e + t**3 / (3.0 * e**2)
    mass = M * t**2 / (2.0 * e**2)
    return np.array(
        [
            weak * (even - mass),
            weak / (2.0 * M) * (2.0 * log - 2.0 * t / e + t**2 / (2.0 * e**2) - M * t / e**2),
            weak / (2.0 * M) ** 2 * (-2.0 / t - 2.0 * log / e + t / e**2 - M * log / e**2),
            weak * (even + mass),
            weak * 2.0 * (t**2 / e - t**3 / (3.0 * e**2)),
            weak / M * (2.0 * t / e - t**2 / (2.0 * e**2)),
            magnetic * (log - t / e),
        ]
    )


def test_antiderivatives_are_those_of_the_kernels():
    recoil, step = 50.0, 1e-3
    found = ionization(Target("H"), "free").evaluate(np.array(BE7_KEV), np.array(recoil))
    difference = antiderivatives(BE7_KEV, recoil + step) - antiderivatives(BE7_KEV, recoil - step)
    assert_allclose(difference / (2.0 * step), found, rtol=1e-6)


@pytest.mark.parametrize("accuracy", [1e-6, 1e-12])
def test_a_line_on_free_electrons_is_the_closed_form(accuracy):
    limit = float(maximum_recoil_kev(np.array(BE7_KEV)))
    bins = (0.01, 0.3, 5.0, 60.0, 300.0, 1000.0)
    assert bins[-2] < limit < bins[-1]
    folded = fold(ionization(XENON, "free"), line(), Detector(0.7, bins), accuracy=accuracy)
    values = [antiderivatives(BE7_KEV, min(edge, limit)) for edge in bins]
    expected = np.diff(values, axis=0).T * 54.0 * 4.93e9 * atoms_seconds(XENON, 0.7)
    (part,) = folded.components
    assert_array_equal(part.sample_energy_kev, [BE7_KEV])
    assert part.values.shape == (1, 7, len(bins) - 1)
    largest = expected.max(axis=1, keepdims=True)
    assert np.all(np.abs(part.values[0] - expected) <= (folded.relative_error + 1e-13) * largest)
    assert folded.relative_error <= accuracy
    # Not only the largest bin: every one.
    assert_allclose(part.values[0], expected, rtol=max(accuracy, 1e-11))


@pytest.mark.parametrize("anti", [False, True])
def test_counts_of_a_line_are_its_closed_form(anti):
    """All the way to counts, with couplings written out: KS16 (6) and (8)."""
    flavour = "anti-mu" if anti else "mu"
    bins = (1.0, 10.0, 200.0)
    folded = fold(ionization(XENON, "free"), line(flavour), Detector(1.0, bins), accuracy=1e-10)
    g_v, g_a, moment = 2.0 * 0.23857 - 0.5, (0.5 if anti else -0.5), 5e-11
    coefficients = np.array([g_v**2, 0.0, 0.0, g_a**2, g_v * g_a, 0.0, moment**2])
    integrals = np.diff([coefficients @ antiderivatives(BE7_KEV, edge) for edge in bins])
    expected = integrals * 54.0 * 4.93e9 * atoms_seconds(XENON, 1.0)
    assert_allclose(folded.counts(Neutrino(magnetic_moment=moment)), [expected], rtol=1e-9)


@pytest.mark.parametrize("resolution", [None, GaussianResolution(0.0, 0.02)], ids=["sharp", "smeared"])
@pytest.mark.parametrize("name", ["pp", "be7", "b8"])
def test_bins_that_cover_everything_lose_no_counts(name, resolution):
    """Exposure times ∫ dR/dT dT, by an adaptive integrator between the edges."""
    spectrum = SOLAR.component(name).spectrum
    ends = spectrum.energies_kev if isinstance(spectrum, Lines) else spectrum.edges_kev[-1:]
    limits = maximum_recoil_kev(np.array(ends))
    kernels = ionization(XENON, "stepping")
    bins = (5e-3, 0.5, 20.0, 2.0 * max(limits))
    folded = fold(kernels, one(name), Detector(0.5, bins, resolution=resolution), accuracy=2e-7)

    def rate(log_recoil: float) -> float:
        recoil = math.exp(log_recoil)
        return recoil * float(differential_rate(kernels, one(name), NEUTRINO, recoil).total[0])

    stops = sorted({*kernels.thresholds_kev, *limits})
    pieces = pairwise(math.log(stop) for stop in stops if stop <= max(limits))
    total = sum(quad(rate, a, b, epsabs=0.0, epsrel=1e-7)[0] for a, b in pieces)
    assert_allclose(folded.counts(NEUTRINO).sum(), 0.5 * total, rtol=1e-6)


@pytest.mark.parametrize(("name", "recoil"), [("pp", 2.0), ("pp", 200.0), ("b8", 2.0), ("b8", 8000.0)])
def test_differential_rate_is_the_integral_over_the_spectrum(name, recoil):
    """∫ dE Φ(E) Σ_j P_j(E) dσ_j/dT, by an adaptive integrator, arrival states one by one."""
    component, kernels = SOLAR.component(name), ionization(XENON, "stepping")
    found = differential_rate(kernels, one(name), NEUTRINO, recoil)
    # Mass state j is of flavour α with |U_αj|²: this neutrino has no off-diagonal elements.
    shares = np.abs(NEUTRINO.mixing.matrix.T) ** 2

    def integrand(energy: float) -> float:
        _, probability, _ = arrival(component, np.array([energy]), NEUTRINO.mixing)
        sigma = [
            float(kernels.cross_section(NEUTRINO, energy, recoil, flavour).total)
            for flavour in ("e", "mu", "tau")
        ]
        density = float(component.spectrum.density(np.array(energy)))
        return density * float(probability[:, 0] @ shares @ sigma)

    least = float(kernels.minimum_energy_kev(np.array(recoil)))
    edges = component.spectrum.edges_kev
    stops = [least, *(edge for edge in edges if edge > least)]
    total = sum(quad(integrand, a, b, epsabs=0.0, epsrel=1e-9)[0] for a, b in pairwise(stops))
    expected = total * component.flux_per_cm2_s * atoms_seconds(XENON, 1.0)
    assert_allclose(found.components[name], [expected], rtol=2e-7)
    assert_array_equal(found.total, found.components[name])


@pytest.mark.parametrize("order", [1, 2, 3])
def test_panel_rule_has_twice_its_number_of_nodes_as_order(order):
    def error(panels: int) -> float:
        nodes, weights = panel_rule(np.linspace(0.0, 2.0, panels + 1), order)
        return abs(float(np.sum(weights * np.exp(-nodes))) - (1.0 - math.exp(-2.0)))

    panels = np.array([2, 4, 8, 16])
    slope = np.diff(np.log([error(n) for n in panels])) / np.diff(np.log(panels))
    assert_allclose(slope[-1], -2.0 * order, rtol=0.02)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_levels_of_refinement_converge_with_the_order_of_the_rule(order, monkeypatch):
    """Each level halves the panels in T: the error falls by 2^(2·order)."""
    component, kernels = line().components[0], ionization(XENON, "free")
    detector = Detector(1.0, (1.0, 2.0, 5.0), resolution=RESOLUTION)

    def at_level(level: int) -> np.ndarray:
        recoil, weight = _recoil_rule(kernels, component, detector, level)
        averaged = flux_average(kernels, component, recoil, level)[:, 0]
        return np.einsum("tk,tb,t->kb", averaged, detector.response(recoil), weight)

    exact = at_level(2)
    assert_allclose(at_level(0), exact, rtol=1e-9)
    monkeypatch.setattr(folding, "_RECOIL_ORDER", order)
    errors = [np.abs(at_level(level) / exact - 1.0).max() for level in (1, 2, 3)]
    assert_allclose(np.diff(np.log2(errors)), -2.0 * order, rtol=0.1)


@pytest.mark.parametrize("name", CONTINUA)
def test_levels_of_refinement_converge_in_the_energy(name):
    component, kernels = SOLAR.component(name), ionization(XENON, "free")
    recoil = np.array([1.0, 50.0, 200.0])
    exact = flux_average(kernels, component, recoil, 5).sum(axis=1)
    errors = [
        np.abs(flux_average(kernels, component, recoil, level).sum(axis=1) / exact - 1.0).max()
        for level in (0, 1)
    ]
    assert errors[0] < 1e-6
    assert errors[1] < min(1e-8, 0.05 * errors[0])


@pytest.mark.parametrize("efficiency_of", ["reconstructed", "true"])
def test_the_error_quoted_is_a_bound(efficiency_of):
    efficiency = Efficiency((0.8, 1.5, 4.0, 20.0), (0.0, 0.6, 0.9, 0.8), below=0.0, above=0.8)
    detector = Detector(1.0, (1.0, 1.7, 3.0, 12.0, 30.0), efficiency, RESOLUTION, efficiency_of)
    kernels = ionization(XENON, "stepping")
    exact = fold(kernels, SOLAR, detector, accuracy=1e-10)
    assert exact.relative_error <= 1e-10
    for accuracy in (1e-2, 1e-3, 1e-6):
        rough = fold(kernels, SOLAR, detector, accuracy=accuracy)
        assert 0.0 < rough.relative_error <= accuracy
        for part, reference in zip(rough.components, exact.components, strict=True):
            largest = np.abs(reference.values).max(axis=(0, 2), keepdims=True)
            error = np.abs(part.values - reference.values) / largest
            assert error.max() <= rough.relative_error + exact.relative_error


def test_accuracy_is_refused_or_reached():
    detector = Detector(1.0, (1.0, 30.0), resolution=RESOLUTION)
    kernels = ionization(XENON, "stepping")
    for accuracy in (0.0, 1e-14, 1.0, math.nan):
        with pytest.raises(InputError, match="accuracy"):
            fold(kernels, line(), detector, accuracy=accuracy)
    # Ripples that six levels of refinement do not resolve.
    jagged = replace(kernels, evaluate=lambda e, t: kernels.evaluate(e, t) * (1.0 + np.sin(1e3 * t) ** 2))
    with pytest.raises(ConvergenceError, match="be7"):
        fold(jagged, line(), detector, accuracy=1e-9)


def test_what_cannot_recoil_into_the_bins_gives_exactly_nothing():
    beyond = Detector(1.0, (1000.0, 2000.0))
    folded = fold(ionization(XENON, "stepping"), line(), beyond)
    assert_array_equal(folded.counts(NEUTRINO), [[0.0]])
    with pytest.raises(InputError, match="lowest recoil"):
        fold(ionization(XENON, "free"), line(), Detector(1.0, (0.0, 1.0)))
    fold(ionization(XENON, "stepping"), line(), Detector(1.0, (0.0, 1.0)))


@pytest.mark.parametrize("component", SOLAR.components, ids=lambda component: component.name)
def test_arrival_probabilities_interpolate_to_1e_8(component):
    samples = sample_energies_kev(component)
    _, at_samples, _ = arrival(component, samples, nufit())
    assert_allclose(at_samples.sum(axis=0), 1.0, rtol=1e-13)
    if isinstance(component.spectrum, Lines):
        assert_array_equal(samples, component.spectrum.energies_kev)
        return
    low, high = component.spectrum.edges_kev[0], component.spectrum.edges_kev[-1]
    energies = np.linspace(low, high, 401)
    _, exact, _ = arrival(component, energies, nufit())
    interpolated = at_samples @ lagrange_basis(low, high, samples.size, energies).T
    assert_allclose(interpolated, exact, rtol=0.0, atol=1e-8)


@pytest.fixture(scope="module")
def folded():
    detector = Detector(0.65, (1.0, 3.0, 10.0, 30.0), resolution=RESOLUTION)
    return fold(ionization(XENON, "stepping"), SOLAR, detector)


@pytest.mark.parametrize(
    "names",
    [
        ("magnetic-moment",),
        ("charge:e",),
        ("charge-radius:mutau",),
        ("charge:12", "charge-radius:12"),
        ("magnetic-moment:13", "charge"),
        ("charge:e", "charge:mu", "charge-radius:e"),
        ("magnetic-moment:12", "charge-radius:emu", "charge:tau"),
    ],
    ids="+".join,
)
def test_quadratic_counts_are_the_counts(folded, names):
    parameters = tuple(parameter(name) for name in names)
    start = Neutrino(
        magnetic_moment=1e-11 * np.arange(9.0).reshape(3, 3),
        charge=1e-13 * np.array([[1.0, 2j, 0.0], [-2j, 3.0, 1.0], [0.0, 1.0, -1.0]]),
        electroweak=couplings("radiative"),
    )
    polynomial = folded.quadratic(start, parameters)
    random = np.random.default_rng(7)
    points = random.normal(scale=3.0, size=(5, len(names))) * [p.kind.scale for p in parameters]
    expected = []
    for point in points:
        neutrino = start
        for one_parameter, value in zip(parameters, point, strict=True):
            neutrino = one_parameter.set(neutrino, value)
        expected.append(folded.counts(neutrino))
    assert_allclose(polynomial(points), expected, rtol=1e-10)
    assert_allclose(polynomial(points[0]), expected[0], rtol=1e-10)
    # The polynomial is not a constant, nor are its mixed terms left out.
    assert np.all(np.ptp(expected, axis=0).max(axis=1) > 0.0)


def test_parameters_that_interfere_have_mixed_terms(folded):
    mixed = folded.quadratic(Neutrino(), (parameter("charge:e"), parameter("charge-radius:e"))).square
    assert np.all(np.abs(mixed[0, 1]) > 1e-6 * np.abs(mixed[0, 0]))
    assert_array_equal(mixed[0, 1], mixed[1, 0])


def test_counts_are_proportional_to_exposure_and_flux(folded):
    detector = Detector(1.3, (1.0, 3.0, 10.0, 30.0), resolution=RESOLUTION)
    brighter = replace(
        SOLAR,
        components=tuple(replace(c, flux_per_cm2_s=3.0 * c.flux_per_cm2_s) for c in SOLAR.components),
    )
    found = fold(ionization(XENON, "stepping"), brighter, detector).counts(NEUTRINO)
    assert_allclose(found, 6.0 * folded.counts(NEUTRINO), rtol=1e-12)
    assert folded.names == tuple(c.name for c in SOLAR.components)
    assert_array_equal(folded.relative_uncertainty, [c.relative_uncertainty for c in SOLAR.components])
