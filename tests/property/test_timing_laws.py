"""Laws of arrival times: moments of a chain of decays, and convolutions done another way."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from nuatom.fluxes import BinnedPulse, GaussianPulse, Timing
from nuatom.numerics.quadrature import panel_rule

GAUSS = GaussianPulse(160.0, centre_ns=300.0)
TRACE = BinnedPulse((0.0, 100.0, 250.0, 700.0), (0.2, 0.5, 0.3))
CHAINS = [(), (26.033,), (2196.9811,), (26.033, 2196.9811), (400.0, 30.0, 1500.0)]


def pulse_density(pulse, time):
    if isinstance(pulse, GaussianPulse):
        z = (time - pulse.centre_ns) / pulse.sigma_ns
        return np.exp(-0.5 * z**2) / (np.sqrt(2.0 * np.pi) * pulse.sigma_ns)
    # Quadrature may ask at the last edge itself, where no bin begins.
    bin_ = min(int(np.searchsorted(pulse.edges_ns, time, side="right")), len(pulse.shares)) - 1
    return pulse.shares[bin_] / (pulse.edges_ns[bin_ + 1] - pulse.edges_ns[bin_])


@pytest.mark.parametrize("lifetime", [26.033, 2196.9811])
@pytest.mark.parametrize("time", [-200.0, 80.0, 300.0, 900.0, 8000.0])
@pytest.mark.parametrize("pulse", [GAUSS, TRACE], ids=["gaussian", "binned"])
def test_one_decay_agrees_with_a_numerical_convolution(pulse, time, lifetime):
    def made_and_decayed(start):
        return pulse_density(pulse, start) * -np.expm1(-(time - start) / lifetime)

    if isinstance(pulse, GaussianPulse):
        edges = list(pulse.centre_ns + pulse.sigma_ns * np.linspace(-9.0, 9.0, 19))
    else:
        edges = list(pulse.edges_ns)
    stops = [edge for edge in edges if edge < time]
    stops.append(min(time, edges[-1]))
    expected = sum(quad(made_and_decayed, a, b, epsabs=1e-14, epsrel=1e-12)[0] for a, b in pairwise(stops))
    assert Timing(pulse, (lifetime,)).cumulative(time) == pytest.approx(expected, rel=1e-10, abs=1e-13)


@pytest.mark.parametrize("pulse", [GAUSS, TRACE], ids=["gaussian", "binned"])
def test_two_decays_are_one_decay_after_another(pulse):
    """F₂(t) = ∫ ds e^{−s/τ₂}/τ₂ F₁(t − s): the second decay by quadrature."""
    first, second = 26.033, 2196.9811
    once = Timing(pulse, (first,))
    for time in (200.0, 500.0, 3000.0):
        kinks = [time - edge for edge in getattr(pulse, "edges_ns", ()) if edge < time]
        delay, weight = panel_rule(np.unique([*np.linspace(0.0, 40.0 * second, 20001), *kinks]), 3)
        expected = np.sum(weight * np.exp(-delay / second) / second * once.cumulative(time - delay))
        found = Timing(pulse, (first, second)).cumulative(time)
        assert found == pytest.approx(expected, rel=1e-8, abs=0.0)


@pytest.mark.parametrize("lifetimes", CHAINS)
@pytest.mark.parametrize(("pulse", "mean", "variance"), [(GAUSS, 300.0, 25600.0), (TRACE, None, None)])
def test_means_and_variances_add(pulse, mean, variance, lifetimes):
    if mean is None:
        left, right = np.array(pulse.edges_ns[:-1]), np.array(pulse.edges_ns[1:])
        mean = np.sum(np.array(pulse.shares) * (left + right) / 2)
        variance = np.sum(np.array(pulse.shares) * (left**2 + left * right + right**2) / 3) - mean**2
    timing = Timing(pulse, lifetimes)
    longest = max((100.0, *lifetimes))
    start, stop = -2000.0, 2000.0 + 45.0 * longest
    edges = np.unique([*np.linspace(start, stop, 4001), *getattr(pulse, "edges_ns", ())])
    time, weight = panel_rule(edges, 4)
    # ∫(1 − F) dt from where nothing has arrived, and its first moment.
    left_over = weight * (1.0 - timing.cumulative(time))
    first = start + left_over.sum()
    second = start**2 + 2.0 * np.sum(left_over * time)
    assert first == pytest.approx(mean + sum(lifetimes), rel=1e-9, abs=1e-6)
    spread = variance + sum(lifetime**2 for lifetime in lifetimes)
    assert second - first**2 == pytest.approx(spread, rel=1e-7, abs=0.0)


@given(
    st.floats(1.0, 1000.0),
    st.floats(1e-3, 1e5),
    st.lists(st.floats(-1e4, 1e5), min_size=2, max_size=8, unique=True),
)
def test_probabilities_are_probabilities(width, lifetime, times):
    edges = np.array([-np.inf, *sorted(times), np.inf])
    for pulse in (GaussianPulse(width), BinnedPulse((0.0, width))):
        timing = Timing(pulse, (lifetime, 30.0 * lifetime))
        shares = timing.probability(edges)
        assert np.all(shares >= 0.0)
        assert shares.sum() == pytest.approx(1.0, abs=1e-12)
        merged = timing.probability(edges[[0, -2, -1]])
        assert merged[0] == pytest.approx(shares[:-1].sum(), abs=1e-12)


def test_lifetimes_commute_and_each_matters():
    edges = np.linspace(0.0, 6000.0, 13)
    there = Timing(GAUSS, (26.033, 2196.9811)).probability(edges)
    np.testing.assert_allclose(Timing(GAUSS, (2196.9811, 26.033)).probability(edges), there, rtol=1e-13)
    for other in (
        Timing(GAUSS, (2196.9811,)),
        Timing(GAUSS, (36.0, 2196.9811)),
        Timing(GaussianPulse(150.0, 300.0), (26.033, 2196.9811)),
        Timing(GaussianPulse(160.0, 310.0), (26.033, 2196.9811)),
    ):
        assert np.abs(other.probability(edges) / there - 1.0).max() > 1e-3


def test_long_after_the_pulse_the_decay_is_exponential():
    for pulse in (GAUSS, TRACE):
        shares = Timing(pulse, (26.033, 2196.9811)).probability([4000.0, 5000.0, 6000.0])
        assert shares[1] / shares[0] == pytest.approx(np.exp(-1000.0 / 2196.9811), rel=1e-12, abs=0.0)
