"""Response of a detector with quenching, gamma resolution and time bins, against direct integration."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import gamma

from nuatom import InputError, Neutrino, Target, flux
from nuatom.detectors import (
    Detector,
    Efficiency,
    GammaResolution,
    PolynomialQuenching,
    TimeWindow,
)
from nuatom.fluxes import GaussianPulse, pion_decay_at_rest
from nuatom.processes import coherent
from nuatom.rates import fold
from nuatom.rates.time_shares import time_shares

QUENCHING = PolynomialQuenching((0.0554628, 4.30681, -111.707, 840.384), 60.0)
EFFICIENCY = Efficiency.logistic(1.32, 3.8, 0.81, -0.333, (0.6, 4.5))
DETECTOR = Detector(
    exposure_tonne_year=0.0146,
    bin_edges_kev=(0.6, 0.9, 1.5, 4.5),
    efficiency=EFFICIENCY,
    resolution=GammaResolution(9.56),
    quenching=QUENCHING,
    time=TimeWindow((0.0, 0.5, 1.0, 6.0), flat_until_us=0.52, loss_per_us=0.0494),
)
FLUX = pion_decay_at_rest(0.0848, 3.198e23 / 3.15576e7, 19.3, GaussianPulse(140.0, 470.0))


@pytest.mark.parametrize("recoil", [4.0, 10.0, 25.0, 45.0])
def test_response_is_the_integral_of_efficiency_times_resolution(recoil):
    energy = float(QUENCHING(np.array(recoil)))
    shape = 1.0 + 9.56 * energy
    found = DETECTOR.response(np.array([recoil]))[0]
    for low, high, value in zip(DETECTOR.bin_edges_kev, DETECTOR.bin_edges_kev[1:], found, strict=False):
        # Gauss-Legendre between the knots of the efficiency's table, where everything is smooth.
        knots = np.array(EFFICIENCY.energy_kev)
        stops = np.unique([low, *knots[(knots > low) & (knots < high)], high])
        nodes, weights = np.polynomial.legendre.leggauss(12)
        half, middle = 0.5 * np.diff(stops)[:, None], 0.5 * (stops[1:] + stops[:-1])[:, None]
        e = middle + half * nodes
        expected = np.sum(half * weights * EFFICIENCY(e) * gamma.pdf(e, shape, scale=energy / shape))
        assert_allclose(value, expected, rtol=1e-11)


def test_mean_and_width_of_the_gamma_resolution():
    resolution = GammaResolution(9.56)
    energy = np.array([[0.7], [2.0]])
    edges = np.linspace(0.0, 30.0, 3001)
    probability, first = resolution.moments(edges, energy)
    assert_allclose(probability.sum(axis=1), 1.0, rtol=1e-12)
    assert_allclose(first.sum(axis=1), energy[:, 0], rtol=1e-12)
    middle = 0.5 * (edges[1:] + edges[:-1])
    spread = np.sqrt((probability * (middle - energy) ** 2).sum(axis=1))
    assert_allclose(spread, resolution.sigma_kev(energy)[:, 0], rtol=1e-4)  # bins of 0.01 keV


def test_reach_leaves_out_nothing():
    resolution = GammaResolution(9.56)
    low, high = resolution.reach(0.6, 4.5)
    for energy in (low, high):
        seen, _ = resolution.moments(np.array([0.6, 4.5]), np.array([[energy]]))
        assert float(seen[0, 0]) < 1e-14
    assert DETECTOR.recoil_range_kev[0] < 2.0
    assert DETECTOR.recoil_range_kev[1] == math.inf


def test_a_sharp_detector_counts_by_electron_equivalent_energy():
    sharp = Detector(1.0, (1.0, 2.0), quenching=QUENCHING)
    low, high = sharp.recoil_range_kev
    assert_allclose(QUENCHING(np.array([low, high])), [1.0, 2.0], rtol=1e-12)
    seen = sharp.response(np.array([0.99 * low, 1.01 * low, 0.99 * high, 1.01 * high]))
    assert seen[:, 0].tolist() == [0.0, 1.0, 1.0, 0.0]
    assert_allclose(sharp.breakpoints_kev[-2:], [low, high], rtol=1e-12)


def test_efficiency_of_the_true_recoil_is_not_quenched():
    recoil = np.array([5.0, 15.0])
    table = Efficiency((0.0, 20.0), (0.0, 1.0), 0.0, 1.0)
    true = replace(DETECTOR, efficiency=table, efficiency_of="true").response(recoil)
    flat = replace(DETECTOR, efficiency=Efficiency((0.0, 1.0), (1.0, 1.0), 1.0, 1.0)).response(recoil)
    assert_allclose(true, flat * (recoil / 20.0)[:, None], rtol=1e-12)


@pytest.mark.parametrize("component", FLUX.components, ids=lambda part: part.name)
def test_time_shares_are_integrals(component):
    found = time_shares(component, DETECTOR.time)
    edges = DETECTOR.time.edges_us
    for low, high, value in zip(edges, edges[1:], found, strict=False):
        fine = np.linspace(low, high, 1 + 50 * round(1000 * (high - low)))
        arriving = component.timing.probability(1e3 * fine)
        middle = 0.5 * (fine[1:] + fine[:-1])
        seen = np.exp(-0.0494 * np.maximum(middle - 0.52, 0.0))
        # Midpoints of 0.02 ns, and differences of a distribution function known to 1e-15.
        assert_allclose(value, np.sum(arriving * seen), rtol=1e-7, atol=1e-13)


def test_folding_in_time_shares_out_the_energy_bins():
    target = Target("CsI")
    kernels = coherent(target)
    both = fold(kernels, FLUX, DETECTOR).counts(Neutrino())
    energy = fold(kernels, FLUX, replace(DETECTOR, time=None)).counts(Neutrino())
    shares = np.array([time_shares(part, DETECTOR.time) for part in FLUX.components])
    assert_allclose(both.reshape(3, 3, 3), energy[:, :, None] * shares[:, None, :], rtol=1e-12)
    assert fold(kernels, FLUX, DETECTOR).axes[1].edges == DETECTOR.time.edges_us


def test_folding_against_plain_sums():
    """A second route: Riemann sums over energy and recoil of the printed formula."""
    target = Target("Cs")
    found = fold(coherent(target), FLUX, replace(DETECTOR, time=None)).counts(Neutrino())
    per_kev = np.linspace(0.5, 47.5, 2351)[:-1] + 0.01
    response = DETECTOR.response(per_kev) * 0.02
    atoms = 14.6 / target.mass_kg
    for index, part in enumerate(FLUX.components):
        if part.name == "prompt-mu":
            energies, weights = np.array(part.spectrum.energies_kev), np.ones(1)
        else:
            energies = (
                np.linspace(0.0, part.spectrum.edges_kev[-1], 1001)[:-1] + part.spectrum.edges_kev[-1] / 2000
            )
            weights = part.spectrum.density(energies) * part.spectrum.edges_kev[-1] / 1000
        rate = np.zeros(per_kev.size)
        for energy, weight in zip(energies, weights, strict=True):
            xs = coherent(target).cross_section(Neutrino(), energy, per_kev, "mu")
            rate += weight * xs.weak
        expected = atoms * part.flux_per_cm2_s * 3.15576e7 * rate @ response
        # Midpoint sums with 20 eV and 53 keV steps.
        assert_allclose(found[index], expected, rtol=2e-4)


def test_what_cannot_be_folded_is_refused():
    target = Target("CsI")
    with pytest.raises(InputError, match="pulsed"):
        fold(coherent(target), flux("solar-gs98"), DETECTOR)
    short = replace(DETECTOR, quenching=PolynomialQuenching((0.0554628, 4.30681, -111.707, 840.384), 40.0))
    with pytest.raises(InputError, match="recoil_kev"):
        fold(coherent(target), FLUX, short)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: GammaResolution(0.0), "shape_per_kev"),
        (lambda: TimeWindow((0.0,)), "edges_us"),
        (lambda: TimeWindow((0.0, 0.0)), "edges_us"),
        (lambda: TimeWindow((0.0, 1.0), 0.5, -1.0), "loss_per_us"),
        (lambda: Efficiency.logistic(2.0, 1.0, 1.0, 0.0, (0.0, 10.0)), "efficiency"),
    ],
)
def test_bad_input_is_refused(make, name):
    with pytest.raises(InputError, match=name):
        make()
