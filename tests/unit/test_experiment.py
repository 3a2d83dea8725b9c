"""Experiments: expected counts as polynomials of the couplings, scans, spectra, and what is loaded."""

import dataclasses
import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import xlogy

from nuatom.errors import InputError
from nuatom.experiments import experiment, experiment_names
from nuatom.neutrinos import Neutrino, parameter
from nuatom.viz import check_path

PAIRS = [
    ("charge:e", "charge-radius:e"),
    ("charge:emu", "charge-radius:emu"),
    ("magnetic-moment:12", "magnetic-moment:22"),
    ("charge", "magnetic-moment:mu"),
    ("charge-radius:tau", "charge:mutau"),
]


@pytest.fixture(scope="module")
def xenonnt():
    return experiment("xenonnt-sr0")


@pytest.mark.parametrize("names", PAIRS, ids=str)
def test_counts_are_an_exact_polynomial(xenonnt, names):
    """Away from the points it was made from: interference and products of two parameters included."""
    parameters = tuple(parameter(name) for name in names)
    base = Neutrino(magnetic_moment=5e-12, charge_radius_cm2=2e-32)
    polynomial = xenonnt.folded().quadratic(base, parameters)
    for units in itertools.product((-2.3, 0.0, 3.7), (-0.6, 4.1)):
        values = np.array([unit * p.kind.scale for unit, p in zip(units, parameters, strict=True)])
        changed = parameters[1].set(parameters[0].set(base, values[0]), values[1])
        direct = xenonnt.folded().counts(changed)
        assert_allclose(polynomial(values), direct, rtol=1e-9, atol=1e-9 * np.abs(direct).max())


@pytest.mark.parametrize(("name", "i", "j"), [("emu", 0, 1), ("etau", 0, 2), ("mutau", 1, 2)])
def test_a_transition_sets_both_elements(name, i, j):
    for kind, field in (("charge", "charge"), ("magnetic-moment", "magnetic_moment")):
        matrix = getattr(parameter(f"{kind}:{name}").set(Neutrino(), 3e-12), field)
        expected = np.zeros((3, 3))
        expected[i, j] = expected[j, i] = 3e-12
        assert_array_equal(matrix, expected)


def test_a_parameter_in_the_mass_basis_is_one_there():
    neutrino = parameter("magnetic-moment:13").set(Neutrino(), 2e-11).in_basis("mass")
    assert neutrino.magnetic_moment[0, 2] == neutrino.magnetic_moment[2, 0] == 2e-11
    assert np.count_nonzero(neutrino.magnetic_moment) == 2


def test_scan_is_the_statistic_on_the_grid(xenonnt):
    names, axes = (
        ("charge:e", "charge-radius:mu"),
        (np.linspace(-2e-13, 4e-13, 4), np.array([-1e-30, 0.0, 2e-31])),
    )
    scan = xenonnt.scan(names, axes)
    statistic = xenonnt.statistic([parameter(name) for name in names])
    assert scan.surface.two_delta_nll.shape == (4, 3)
    for i, j in itertools.product(range(4), range(3)):
        value = statistic(np.array([axes[0][i], axes[1][j]]))
        assert scan.surface.two_delta_nll[i, j] + scan.surface.minimum == pytest.approx(value, abs=1e-8)
    assert scan.surface.minimum <= scan.surface.two_delta_nll.min() + scan.surface.minimum
    assert scan.surface.minimum == pytest.approx(statistic(scan.surface.best_fit), abs=1e-8)


def test_scan_of_one_parameter_has_the_minimum_of_its_limit(xenonnt):
    interval = xenonnt.limit("charge").interval
    scan = xenonnt.scan(["charge"], [np.linspace(-5e-13, 8e-13, 14)])
    assert scan.surface.minimum == pytest.approx(interval.minimum, abs=1e-4)


def test_progress_goes_from_nothing_to_all(xenonnt):
    done = []
    xenonnt.scan(["charge"], [np.linspace(-1e-12, 1e-12, 4001)], progress=done.append)
    assert done == sorted(done)
    assert done[-1] == 1.0
    assert len(done) > 1


@pytest.mark.parametrize("name", ["charge", "charge-radius:e", "magnetic-moment"])
def test_axis_holds_the_interval(xenonnt, name):
    (axis,) = xenonnt.axes([name], 31)
    interval = xenonnt.limit(name, 0.99).interval
    assert axis.size == 31
    assert axis[0] <= 0.0 <= axis[-1]
    assert axis[0] <= (interval.lower or 0.0) < interval.upper < axis[-1]


def test_standard_neutrinos_are_counted_once(xenonnt):
    """The background holds them: nothing is added to it at the Standard Model, whatever its couplings."""
    spectrum = xenonnt.spectrum()
    assert_array_equal(spectrum.total_signal, 0.0)
    assert_allclose(spectrum.expected, spectrum.background_scale * np.array(xenonnt.background), rtol=1e-12)
    assert 50.0 < spectrum.standard_model.sum() < 120.0
    (sample,) = xenonnt.channel.samples
    without = dataclasses.replace(sample, holds_standard_neutrinos=False)
    apart = xenonnt.with_channel(samples=(without,)).spectrum()
    assert_allclose(apart.total_signal, apart.standard_model, rtol=0.05)


def test_spectrum_is_what_the_limit_excludes(xenonnt):
    """At the end of the interval the fit is 2.71 worse."""
    interval = xenonnt.limit("magnetic-moment").interval
    fit = xenonnt.spectrum(Neutrino(magnetic_moment=interval.upper)).goodness_of_fit
    assert fit.chi2 - interval.minimum == pytest.approx(interval.threshold, abs=1e-6)


@pytest.mark.parametrize(("name", "degrees"), [("xenonnt-sr0", 56), ("xenon1t-sr1", 28)])
def test_degrees_of_freedom(name, degrees):
    """58 or 29 bins, the parameter, and the background where it is free."""
    assert experiment(name).limit("charge").goodness_of_fit.degrees_of_freedom == degrees
    assert experiment(name).spectrum().goodness_of_fit.degrees_of_freedom == degrees + 1


@pytest.mark.parametrize("name", ["xenonnt-sr0", "xenon1t-sr1"])
def test_shipped_experiments_are_whole(name):
    loaded = experiment(name)
    assert loaded.name == name
    bins = len(loaded.detector.bin_edges_kev) - 1
    assert len(loaded.counts) == len(loaded.background) == bins
    assert all(count % 1 == 0 for count in loaded.counts)


def test_names():
    assert {"coherent-csi-2021", "xenonnt-sr0", "xenon1t-sr1"} <= set(experiment_names())


@pytest.mark.parametrize("names", [[], ["charge", "charge"], ["charge", "charge_"]], ids=str)
def test_scan_refuses(xenonnt, names):
    with pytest.raises(InputError):
        xenonnt.scan(names, [np.array([0.0, 1e-12])] * len(names))


@pytest.mark.parametrize("path", ["x.txt", "x", "", "nowhere/x.png"])
def test_figure_path_refused(path):
    with pytest.raises(InputError, match="plot"):
        check_path(path)


def test_a_sign_that_matters_next_to_another_moment_is_searched(xenonnt):
    """Flavour moments interfere in the mass states that arrive: only alone is their sign lost."""
    assert xenonnt.limit("magnetic-moment:emu").interval.lower is None
    other = Neutrino(magnetic_moment=np.diag([-8e-12, 0.0, 0.0]))
    both = xenonnt.limit("magnetic-moment:emu", neutrino=other).interval
    assert both.lower < 0.0 < both.upper
    first, second = xenonnt.axes(["magnetic-moment:e", "magnetic-moment:emu"], 5)
    assert first[0] < 0.0
    assert second[0] < 0.0


def test_printed_signal_and_background_give_the_printed_chi2(xenonnt):
    spectrum = xenonnt.spectrum(Neutrino(magnetic_moment=2e-11))
    expected, n = spectrum.expected, spectrum.observed
    poisson = 2.0 * np.sum(expected - n + xlogy(n, n / expected))
    folded = xenonnt.folded()
    nominal = folded.counts(Neutrino(magnetic_moment=2e-11)) - folded.counts(Neutrino())
    fitted = np.array([spectrum.signal[name].sum() for name in folded.names])
    scales = fitted / nominal.sum(axis=1)
    penalty = np.sum(((scales - 1.0) / folded.relative_uncertainty) ** 2)
    assert_allclose(spectrum.goodness_of_fit.chi2, poisson + penalty, rtol=1e-6)
    assert abs(scales[0] - 1.0) > 1e-4


def test_absurd_couplings_leave_no_negative_signal(xenonnt):
    spectrum = xenonnt.spectrum(Neutrino(magnetic_moment=1e-5))
    assert spectrum.total_signal.min() >= 0.0
    assert spectrum.background_scale >= 0.0
