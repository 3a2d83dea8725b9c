"""Detectors that count electron-hole pairs: probabilities, moments, bins, refusals."""

import numpy as np
import pytest

from nuatom import InputError
from nuatom.detectors import Lindhard, PairCounting, PairStatistics
from nuatom.media import medium_named

GERMANIUM = PairStatistics(0.67e-3, 2.96e-3, 0.083)


def silicon():
    pairs = medium_named("silicon").pairs
    return PairStatistics(
        pairs.gap_kev, pairs.mean_energy_kev, pairs.fano_factor, pairs.energy_kev, pairs.probability
    )


def test_probabilities_add_up_and_none_is_below_the_gap():
    energy = np.array([0.5, 1.0, 1.2, 2.5, 7.7, 33.3, 49.9, 50.1, 400.0, 2000.0]) * 1e-3
    total = silicon().probabilities(energy, 700).sum(axis=1)
    np.testing.assert_array_equal(total[:2], 0.0)
    # The table of silicon has five digits.
    np.testing.assert_allclose(total[2:], 1.0, rtol=2e-3)


@pytest.mark.parametrize("statistics", [GERMANIUM, silicon()], ids=["germanium", "silicon"])
def test_moments_far_above_the_gap(statistics):
    energy = np.array([0.2, 1.0, 2.0])
    count = np.arange(1, 901)
    probability = statistics.probabilities(energy, 900)
    mean = probability @ count
    variance = probability @ count**2 - mean**2
    np.testing.assert_allclose(mean, energy / statistics.mean_energy_kev, rtol=1e-6)
    # Whole numbers add a twelfth.
    np.testing.assert_allclose(variance - 1.0 / 12.0, statistics.fano_factor * mean, rtol=1e-3)


def test_table_of_silicon_becomes_the_gaussian():
    """At 50 eV: 13.47 pairs of the table, 13.34 of 3.749 eV each."""
    count = np.arange(1, 41)
    below, above = silicon().probabilities(np.array([0.04999, 0.05001]), 40) @ count
    np.testing.assert_allclose(below, above, rtol=0.015)


def test_one_pair_costs_at_least_the_gap():
    probability = GERMANIUM.probabilities(np.array([0.0013, 0.0014]), 3)
    np.testing.assert_allclose(probability[0], [1.0, 0.0, 0.0])
    assert probability[1, 1] > 0.0


def test_bins_noise_and_efficiency():
    energy = np.array([0.0062])
    sharp = PairCounting(1e-3, (0.5, 1.5, 2.5, 10.5), silicon())
    exact = silicon().probabilities(energy, 10)[0]
    np.testing.assert_allclose(sharp.response(energy)[0], [exact[0], exact[1], exact[2:].sum()])
    noisy = PairCounting(1e-3, sharp.edges, silicon(), noise_pairs=0.3, efficiency=0.5)
    seen = noisy.response(energy)[0]
    assert 0.0 < seen[0] < exact[0]
    np.testing.assert_allclose(seen.sum(), 0.5, rtol=0.03)


def test_nuclear_recoils_are_quenched():
    quenched = PairCounting(1e-3, (0.5, 1000.5), silicon(), quenching=Lindhard(14, 0.146))
    assert quenched.response(np.array([0.002]))[0, 0] == 0.0
    assert quenched.of_electrons().response(np.array([0.002]))[0, 0] > 0.9
    low, high = quenched.recoil_range_kev
    assert low > silicon().gap_kev
    assert high > 1000 * 3.749e-3


def test_counts_beyond_the_range_are_none():
    counting = PairCounting(1e-3, (0.5, 100.5), GERMANIUM)
    _, high = counting.recoil_range_kev
    assert counting.response(np.array([high]))[0, 0] < 1e-10


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: PairStatistics(2e-3, 1e-3, 0.1), "mean_energy_kev"),
        (lambda: PairStatistics(1e-3, 3e-3, -0.1), "fano_factor"),
        (lambda: PairStatistics(1e-3, 3e-3, 0.1, np.ones(2), np.ones((3, 2))), "probability"),
        (lambda: PairCounting(1e-3, (0.5, 1.5), GERMANIUM, efficiency=1.5), "efficiency"),
        (lambda: PairCounting(1e-3, (0.5, 1.5), GERMANIUM, noise_pairs=-1.0), "noise_pairs"),
        (lambda: PairCounting(1e-3, (-0.5, 1.5), GERMANIUM), "edges"),
        (lambda: PairCounting(0.0, (0.5, 1.5), GERMANIUM), "exposure_tonne_year"),
    ],
)
def test_refused(call, argument):
    with pytest.raises(InputError) as refused:
        call()
    assert refused.value.argument == argument
