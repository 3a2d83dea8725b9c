"""The detector's response against numerical integration, and its guards from both sides."""

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.integrate import quad

from nuatom.detectors import Detector, Efficiency, GaussianResolution
from nuatom.errors import InputError

BINS = (1.0, 2.0, 2.5, 6.0, 10.0)
# Knots inside bins, on an edge of a bin, and beyond the bins; steps at both ends of the table.
EFFICIENCY = Efficiency((1.3, 2.2, 2.5, 4.0, 9.0), (0.1, 0.7, 0.5, 0.9, 0.8), below=0.0, above=0.3)
RESOLUTION = GaussianResolution(0.31, 0.0037)
RECOILS = np.array([0.2, 0.9, 1.3, 2.0, 2.6, 5.0, 9.5, 12.0])


def piecewise_linear(energy: float) -> float:
    table = list(zip(EFFICIENCY.energy_kev, EFFICIENCY.value, strict=True))
    if energy < table[0][0]:
        return EFFICIENCY.below
    for (left, low), (right, high) in pairwise(table):
        if energy <= right:
            return low + (high - low) * (energy - left) / (right - left)
    return EFFICIENCY.above


def integrated(recoil: float, low: float, high: float, efficiency_of: str) -> float:
    """∫ ε N(E'; T, σ) dE' over a bin, ε of the reconstructed or the true energy."""
    sigma = 0.31 * math.sqrt(recoil) + 0.0037 * recoil

    def density(energy: float) -> float:
        gauss = math.exp(-0.5 * ((energy - recoil) / sigma) ** 2) / (math.sqrt(2.0 * math.pi) * sigma)
        return gauss * piecewise_linear(energy if efficiency_of == "reconstructed" else recoil)

    cuts = {low, high, *EFFICIENCY.energy_kev, *(recoil + n * sigma for n in range(-9, 10, 2))}
    pieces = pairwise(sorted(cut for cut in cuts if low <= cut <= high))
    return sum(quad(density, a, b, epsabs=0.0, epsrel=1e-12)[0] for a, b in pieces)


@pytest.mark.parametrize("efficiency_of", ["reconstructed", "true"])
def test_response_is_the_integral_over_the_bin(efficiency_of):
    detector = Detector(1.0, BINS, EFFICIENCY, RESOLUTION, efficiency_of)
    found = detector.response(RECOILS)
    expected = [[integrated(t, a, b, efficiency_of) for a, b in pairwise(BINS)] for t in RECOILS]
    assert found.shape == (RECOILS.size, len(BINS) - 1)
    # Far out in a tail the difference of two distribution functions keeps only absolute accuracy.
    assert_allclose(found, expected, rtol=1e-10, atol=1e-15)


def test_the_two_efficiencies_differ():
    pair = [
        Detector(1.0, BINS, EFFICIENCY, RESOLUTION, of).response(RECOILS) for of in ("true", "reconstructed")
    ]
    assert np.abs(pair[0] - pair[1]).max() > 0.05


def test_without_resolution_a_recoil_is_in_its_bin_with_its_efficiency():
    detector = Detector(1.0, BINS, EFFICIENCY)
    recoil = np.array([0.5, 1.0, np.nextafter(2.0, 0.0), 2.0, 7.0, np.nextafter(10.0, 0.0), 10.0, 11.0])
    expected = np.zeros((recoil.size, 4))
    for row, (energy, place) in enumerate(zip(recoil, [None, 0, 0, 1, 3, 3, None, None], strict=True)):
        if place is not None:
            expected[row, place] = piecewise_linear(energy)
    assert_allclose(detector.response(recoil), expected, rtol=1e-14)


def test_a_sharp_resolution_is_no_resolution():
    sharp = Detector(1.0, BINS, EFFICIENCY, GaussianResolution(1e-6, 0.0))
    inside = np.array([1.5, 2.1, 3.0, 9.5])
    assert_allclose(sharp.response(inside), Detector(1.0, BINS, EFFICIENCY).response(inside), rtol=1e-5)


def test_perfect_efficiency_is_one_everywhere():
    wide = Detector(1.0, (1e-3, 1.0, 100.0), resolution=GaussianResolution(0.0, 0.05))
    assert_allclose(wide.response(np.array([0.5, 1.0, 5.0])).sum(axis=1), 1.0, rtol=1e-14)


def test_efficiency_between_and_beyond_its_table():
    energies = np.array([0.1, 1.3, 1.75, 2.5, 3.25, 9.0, 9.1, 1e3])
    expected = [piecewise_linear(energy) for energy in energies]
    assert_allclose(EFFICIENCY(energies), expected, rtol=1e-14)
    assert EFFICIENCY(np.array([np.nextafter(1.3, 0.0)]))[0] == 0.0
    assert EFFICIENCY(np.array([np.nextafter(9.0, 10.0)]))[0] == 0.3


@pytest.mark.parametrize(
    "resolution",
    [RESOLUTION, GaussianResolution(0.31, 0.0), GaussianResolution(0.0, 0.05), GaussianResolution(3.0, 0.1)],
)
@pytest.mark.parametrize("bins", [(1.0, 30.0), (0.0, 5.0), (100.0, 140.0)])
def test_recoil_range_holds_all_but_1e_15_and_no_more_than_it_must(resolution, bins):
    low, high = Detector(1.0, bins, resolution=resolution).recoil_range_kev
    assert 0.0 <= low <= bins[0] < bins[1] < high

    def beyond(recoil: float, edge: float) -> float:
        sigma = resolution.stochastic * math.sqrt(recoil) + resolution.constant * recoil
        return 0.5 * math.erfc(abs(edge - recoil) / sigma / math.sqrt(2.0))

    # Smaller tails would mean integrating where nothing is.
    assert 1e-16 < beyond(high, bins[1]) < 1e-15
    if bins[0] > 0.0:
        assert 1e-16 < beyond(low, bins[0]) < 1e-15
    else:
        assert low == 0.0


def test_recoil_range_without_resolution_is_that_of_the_bins():
    assert Detector(1.0, BINS).recoil_range_kev == (1.0, 10.0)


def test_kinks_are_where_the_response_is_not_smooth():
    assert Detector(1.0, BINS, EFFICIENCY).breakpoints_kev == tuple(sorted({*BINS, *EFFICIENCY.energy_kev}))
    assert Detector(1.0, BINS, EFFICIENCY, RESOLUTION, "true").breakpoints_kev == EFFICIENCY.energy_kev
    assert Detector(1.0, BINS, EFFICIENCY, RESOLUTION).breakpoints_kev == ()


def test_resolution_is_the_sum_of_its_terms():
    energies = np.array([1.0, 4.0, 100.0])
    assert_allclose(RESOLUTION.sigma_kev(energies), 0.31 * np.sqrt(energies) + 0.0037 * energies, rtol=1e-15)
    assert_array_equal(GaussianResolution(0.0, 0.05).sigma_kev(energies), 0.05 * energies)


@pytest.mark.parametrize(
    ("energies", "values", "below", "above"),
    [
        ((1.0,), (0.5,), 0.0, 1.0),
        ((1.0, 2.0), (0.5, 0.6, 0.7), 0.0, 1.0),
        ((2.0, 1.0), (0.5, 0.6), 0.0, 1.0),
        ((1.0, 1.0), (0.5, 0.6), 0.0, 1.0),
        ((1.0, math.inf), (0.5, 0.6), 0.0, 1.0),
        ((1.0, math.nan), (0.5, 0.6), 0.0, 1.0),
        ((1.0, 2.0), (0.5, 1.1), 0.0, 1.0),
        ((1.0, 2.0), (-0.1, 0.6), 0.0, 1.0),
        ((1.0, 2.0), (math.nan, 0.6), 0.0, 1.0),
        ((1.0, 2.0), (0.5, 0.6), -0.1, 1.0),
        ((1.0, 2.0), (0.5, 0.6), 0.0, 1.5),
    ],
)
def test_efficiencies_are_tables_of_probabilities(energies, values, below, above):
    with pytest.raises(InputError, match="efficiency"):
        Efficiency(energies, values, below, above)
    Efficiency((1.0, 2.0), (0.0, 1.0), 1.0, 0.0)


@pytest.mark.parametrize(
    ("stochastic", "constant"),
    [(0.0, 0.0), (-0.1, 0.1), (0.1, -0.1), (math.nan, 0.1), (0.1, math.inf), (0.1, 0.125)],
)
def test_resolutions_are_positive_and_narrower_than_the_energy(stochastic, constant):
    with pytest.raises(InputError, match="resolution"):
        GaussianResolution(stochastic, constant)
    GaussianResolution(0.0, 0.124)
    GaussianResolution(5.0, 0.0)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("exposure_tonne_year", 0.0),
        ("exposure_tonne_year", -1.0),
        ("exposure_tonne_year", math.inf),
        ("exposure_tonne_year", math.nan),
        ("bin_edges_kev", (1.0,)),
        ("bin_edges_kev", ()),
        ("bin_edges_kev", (-1.0, 2.0)),
        ("bin_edges_kev", (2.0, 1.0)),
        ("bin_edges_kev", (1.0, 1.0)),
        ("bin_edges_kev", (1.0, math.nan)),
        ("bin_edges_kev", (1.0, math.inf)),
        ("efficiency_of", "measured"),
    ],
)
def test_detectors_have_exposure_and_increasing_bins(argument, value):
    accepted = {"exposure_tonne_year": 0.65, "bin_edges_kev": (0.0, 1.0, 3.0), "efficiency_of": "true"}
    Detector(**accepted)
    with pytest.raises(InputError, match=argument):
        Detector(**{**accepted, argument: value})
