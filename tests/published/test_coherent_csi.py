"""COHERENT's CsI data of 2021: what the collaboration printed, and the release where it is at hand."""

import math
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import gammainc
from stepping import STEPPING, by_stepping

import nuatom
from nuatom.data import read_text
from nuatom.experiments import Shift
from nuatom.inference import Constraint
from nuatom.neutrinos import parameter

PRINTED = tomllib.loads(Path(__file__).with_name("coherent_csi_2021.toml").read_text("utf-8"))
FILE = tomllib.loads(read_text("experiments/coherent-csi-2021.toml"))
RELEASE = Path(__file__).parents[3] / "shared" / "data" / "COHERENT_CsI_2021"
CSI = by_stepping(nuatom.experiment("coherent-csi-2021"))
FORMER = by_stepping(nuatom.experiment(Path(__file__).parent / "former" / "coherent-csi-2021.toml"))
EXACT = ("quenching.*", "efficiency.*", "pulse.*")


@pytest.mark.parametrize("scheme", ["tree", "radiative"])
@pytest.mark.parametrize("model", ["helm", "klein-nystrand", "symmetrised-fermi"])
def test_predicted_number_of_events(model, scheme):
    neutrino = nuatom.Neutrino(electroweak=nuatom.couplings(scheme))
    found = CSI.folded(model).counts(neutrino).sum()
    # The printed theory uncertainty is that of form factor and cross section, which is what differs here.
    assert abs(found - PRINTED["predicted"]) < 1.1 * PRINTED["predicted_theory"]


def test_observed_number_of_events():
    fit = CSI.constrained("signal", sigma=math.inf).holding(*EXACT).spectrum()
    assert abs(fit.total_signal.sum() - PRINTED["observed"]) < 0.5 * PRINTED["observed_uncertainty"]
    assert fit.goodness_of_fit.p_value > 0.05
    assert_allclose(fit.background_scale * CSI.background[0] / CSI.background[0], 1.0, atol=0.03)


def test_significance():
    """The collaboration knew the sum of the steady state to 2.1%, and its spectrum exactly."""
    exact = FORMER.holding(*EXACT)
    free, none = (
        exact.constrained("signal", **changes).spectrum().goodness_of_fit.chi2
        for changes in ({"sigma": math.inf}, {"sigma": 0.0, "centre": 0.0})
    )
    assert abs(math.sqrt(none - free) - PRINTED["significance"]) < 1.0


def test_systematic_variations_add_up_to_the_printed_uncertainty():
    (channel,) = CSI.analysis().channels
    folded = channel.kernels.counts(nuatom.Neutrino()).sum()
    relative = {
        entry.nuisance: float(entry.change.counts(nuatom.Neutrino()).sum() / folded)
        for entry in channel.variations
    }
    assert abs(relative.pop("pulse.coherent-csi-2021")) < 0.01
    assert set(relative) == {"efficiency.coherent-csi-2021", "quenching.CsI.0", "quenching.CsI.1"}
    # The published ones are 10% for the flux, and 12% with efficiency and quenching.
    total = math.hypot(0.10, *relative.values())
    assert abs(total - PRINTED["predicted_experiment"] / PRINTED["predicted"]) < 0.02


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("charge-radius:e", -70e-32, 10e-32),
        ("charge-radius:mu", -65e-32, 5e-32),
        ("charge:mu", -1e-9, 1e-9),
        ("magnetic-moment:e", 0.0, 6e-9),
        ("magnetic-moment:mu", 0.0, 4e-9),
    ],
)
def test_intervals_are_of_the_size_that_coherent_scattering_allows(name, low, high):
    interval = CSI.limit(name, neutrino=nuatom.Neutrino(electroweak=nuatom.couplings("radiative"))).interval
    ends = [end for segment in interval.segments for end in segment if end is not None]
    assert low < min(ends, default=0.0) <= max(ends) < high
    if parameter(name).kind.name == "charge-radius":
        # Two places: where the radius is small, and where it turns the sign of the amplitude on protons.
        assert len(interval.segments) == 2
        standard = CSI.limit(name).interval
        assert standard.lower is not None


def test_an_interval_is_where_the_profile_crosses():
    name = "charge-radius:mu"
    interval = CSI.limit(name).interval
    statistic = CSI.statistic([parameter(name)])
    ends = np.array([end for segment in interval.segments for end in segment])
    assert_allclose(statistic(ends[:, None]) - interval.minimum, interval.threshold, rtol=1e-5)


ALONE = replace(CSI, processes=("nucleus",))
ELECTRONS = replace(CSI, processes=(STEPPING,))
RADIATIVE = nuatom.Neutrino(electroweak=nuatom.couplings("radiative"))


def test_electron_recoils_are_added():
    """What is counted is the sum of both, each as it would be counted alone."""
    neutrino = parameter("charge:mu").set(parameter("magnetic-moment").set(RADIATIVE, 1e-9), 1e-10)
    both = ALONE.folded().counts(neutrino) + ELECTRONS.folded().counts(neutrino)
    assert_allclose(CSI.folded().counts(neutrino), both, rtol=1e-13)
    # Without electromagnetic properties there are next to none: 10⁻⁶ of the nuclear recoils.
    standard = ELECTRONS.folded().counts(nuatom.Neutrino()).sum()
    assert 0.0 < standard < 1e-6 * ALONE.folded().counts(nuatom.Neutrino()).sum()


@pytest.mark.parametrize("what", ["moment", "charge"])
def test_electron_recoils_by_plain_sums(what):
    """Counts of a moment of 1e-9 and of a charge of 1e-10 on free electrons, written out from nothing.

    dσ/dT = (πα²/m_e²)(1/T − 1/E) μ² and, far below the end point, 2πα² q²/(m_e T²); the monoenergetic ν_μ
    alone, all electrons but those bound by more than T.
    """
    alpha, mass, hbarc = 1.0 / 137.035999, 510.99895, 1.973269804e-8  # keV, keV cm
    energy = (139.57039**2 - 105.6583755**2) / (2 * 139.57039) * 1e3
    grid = np.geomspace(0.02, 12.0, 4001)
    recoil, width = np.sqrt(grid[1:] * grid[:-1]), np.diff(grid)
    shells = nuatom.Target("CsI").subshells
    free = sum(count * (recoil > shell.edge_kev) for _, shell, count in shells)
    if what == "moment":
        sigma = np.pi * alpha**2 / mass**2 * (1 / recoil - 1 / energy) * 1e-18
    else:
        sigma = 2 * np.pi * alpha**2 * 1e-20 / (mass * recoil**2)
    shape = 1 + 9.56 * recoil[:, None]
    pe = np.linspace(8.0, 60.0, 521)
    middle = 0.5 * (pe[1:] + pe[:-1])
    seen = np.diff(gammainc(shape, shape * pe / (13.35 * recoil[:, None])), axis=1)
    efficiency = np.maximum(1.32045 / (1 + np.exp(-0.285979 * (middle - 10.8646))) - 0.333322, 0)
    neutrinos = 0.0848 * 3.198e23 / (4 * np.pi * 1930.0**2)
    formulas = 14.57 / (259.8099 * 1.66053907e-27)
    # The time window holds what the pulse and the efficiency in time leave of the prompt ones.
    edges = np.array(CSI.detector.time.edges_us)
    prompt = CSI.flux.component("prompt-mu").timing
    fine = np.linspace(edges[0], edges[-1], 6001)
    inside = prompt.probability(1e3 * fine) @ CSI.detector.time.efficiency(0.5 * (fine[1:] + fine[:-1]))
    expected = neutrinos * formulas * inside * hbarc**2 * (sigma * free * width) @ (seen @ efficiency)

    name, value = ("magnetic-moment", 1e-9) if what == "moment" else ("charge", 1e-10)
    folded, row = ELECTRONS.folded(), ELECTRONS.folded().names.index("prompt-mu")
    plus, minus = (folded.counts(parameter(name).set(RADIATIVE, sign * value))[row].sum() for sign in (1, -1))
    added = 0.5 * (plus + minus) - folded.counts(RADIATIVE)[row].sum()
    assert_allclose(added, expected, rtol=2e-3)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("charge-radius:mu", 0.999, 1.001),
        ("magnetic-moment:mu", 0.85, 0.97),
        ("charge:mu", 1e-3, 1e-2),
    ],
)
def test_what_electron_recoils_do_to_limits(name, low, high):
    """Nothing to radii, a little to moments (Z beside Z²), most to charges (T⁻² favours what is light)."""

    def widest(experiment):
        ends = experiment.limit(name, neutrino=RADIATIVE).interval.segments[-1]
        return ends[1]

    assert low < widest(CSI) / widest(ALONE) < high


def test_models_of_each_process():
    assert CSI.analysis().model == "helm+stepping"
    assert CSI.analysis("ipm").model == "helm+ipm"
    assert CSI.analysis("free+klein-nystrand").model == "klein-nystrand+free"
    for wrong in ("bound", "helm+helm", "helm+point", "helm+"):
        with pytest.raises(nuatom.InputError, match="model"):
            CSI.limit("charge:mu", model=wrong)


def test_quenching_varies_nuclear_recoils_only():
    varied = {
        entry.nuisance: np.abs(entry.change.counts(RADIATIVE)).max()
        for entry in ELECTRONS.analysis().channels[0].variations
    }
    assert varied["quenching.CsI.0"] == varied["quenching.CsI.1"] == 0.0
    assert varied["efficiency.coherent-csi-2021"] > 0.0


@pytest.mark.parametrize("values", [(0.0, 0.0), (6e-7, 3e-32), (-1e-8, -6e-31), (1e-3, 1e-27)])
def test_counts_are_the_polynomial_that_they_are_said_to_be(values):
    names = ("charge:e", "charge-radius:mu")
    neutrino = nuatom.Neutrino(electroweak=nuatom.couplings("radiative"))
    polynomial = CSI.folded().quadratic(neutrino, tuple(parameter(name) for name in names))
    for name, value in zip(names, values, strict=True):
        neutrino = parameter(name).set(neutrino, value)
    direct = CSI.folded().counts(neutrino)
    # Interference cancels up to two digits of the largest term.
    assert_allclose(polynomial(np.array(values)), direct, rtol=1e-11)


def test_time_projection_holds_the_same_counts():
    fit = CSI.spectrum()
    time = fit.in_time
    assert time.observed.sum() == fit.observed.sum() == sum(CSI.counts) == 1567
    assert_allclose(time.background.sum(), fit.background.sum(), rtol=1e-12)
    assert_allclose(sum(values.sum() for values in time.signal.values()), fit.total_signal.sum(), rtol=1e-12)
    assert set(fit.to_dict()["in_time"]) == {"edges_us", "observed", "background", "signal"}


def test_prompt_neutrinos_come_first():
    time = CSI.spectrum().in_time
    edges = np.array(time.axes[0].edges)
    middle = 0.5 * (edges[1:] + edges[:-1])
    mean = {name: np.sum(counts * middle) / counts.sum() for name, counts in time.signal.items()}
    assert mean["prompt-mu"] < 0.6 < 2.0 < mean["delayed-e"]
    # But for the fitted variation of the efficiency, which is not the same for the two spectra.
    assert_allclose(mean["delayed-e"], mean["delayed-anti-mu"], rtol=1e-4)


def release(name):
    if not RELEASE.is_dir():
        pytest.skip("the release is not at hand")
    return np.loadtxt(RELEASE / name)


@pytest.mark.parametrize("name", ["dataBeamOnC.txt", "dataBeamOnAC.txt"])
def test_events_of_the_release(name):
    events = release(name)
    (channel,) = FILE["channels"]
    found, _, _ = np.histogram2d(*events.T, [axis["edges"] for axis in channel["axes"]])
    if name.endswith("OnC.txt"):
        assert found.ravel().tolist() == list(CSI.counts)
    else:
        steady = channel["samples"][0]["template"]
        assert found.sum() == steady["expected"]
        assert_allclose(found.sum(axis=1) / found.sum(), steady["shares"][0], rtol=1e-3)
        counted = found.sum(axis=0)
        expected = found.sum() * np.array(steady["shares"][1])
        # 14 degrees of freedom: the anti-coincidence events follow the efficiency in time.
        assert np.sum((counted - expected) ** 2 / expected) < 30.0


@pytest.mark.parametrize(("index", "prefix"), [(1, "brn"), (2, "nin")])
def test_neutron_backgrounds_of_the_release(index, prefix):
    (channel,) = FILE["channels"]
    table = channel["samples"][index]["template"]
    edges_of = [axis["edges"] for axis in channel["axes"]]
    for suffix, edges, share in zip(("PE", "Trec"), edges_of, table["shares"], strict=True):
        middle, density = release(f"{prefix}{suffix}.txt").T
        width = middle[1] - middle[0]
        cumulative = np.append(0.0, np.cumsum(density))
        steps = np.append(middle - 0.5 * width, middle[-1] + 0.5 * width)
        found = np.diff(np.interp(edges, steps, cumulative))
        # Shares are written with four digits.
        assert_allclose(found / found.sum(), share, rtol=1e-3)
        if suffix == "PE":
            inside = found.sum() / cumulative[-1]
    total = release(f"{prefix}Trec.txt")[:, 1].sum()
    assert_allclose(total * inside, table["expected"], rtol=0.02)


def test_the_pulse_follows_the_neutrino_induced_neutrons():
    time, density = release("ninTrec.txt").T
    delayed = CSI.flux.component("delayed-e").timing.probability(
        1e3 * np.append(time - 0.005, time[-1] + 0.005)
    )
    shape = delayed / delayed.sum() * density.sum()
    assert np.abs(shape - density).max() < 0.04 * density.max()


@pytest.mark.parametrize("name", ["prompt-mu", "delayed"])
def test_arrival_times_of_the_release(name):
    table = tomllib.loads(Path(__file__).with_name("sns_arrival_times.toml").read_text("utf-8"))[name]
    edges = np.arange(0.0, 6001.0)
    component = "delayed-e" if name == "delayed" else name
    density = CSI.flux.component(component).timing.probability(edges)
    middle = 0.5 * (edges[1:] + edges[:-1])
    density *= CSI.detector.time.efficiency(1e-3 * middle)
    found = np.interp(table["time_ns"], middle, density / density.max())
    # A Gaussian is what the pulse of the table is to this.
    assert_allclose(found, table["relative"], atol=0.035)


@pytest.mark.parametrize("name", ["charge-radius:mu", "magnetic-moment:e"])
def test_the_experiment_made_from_the_release_itself(name):
    if not RELEASE.is_dir():
        pytest.skip("the release is not at hand")
    whole = nuatom.experiment(str(RELEASE))
    assert whole.counts == CSI.counts
    assert len(whole.channel.variations) == len(CSI.channel.variations)
    # Shares are shipped with four digits.
    assert_allclose(whole.background, CSI.background, rtol=1e-3)
    assert_allclose(whole.folded().counts(RADIATIVE), CSI.folded().counts(RADIATIVE), rtol=1e-12)
    ends = [
        [end for segment in each.limit(name).interval.segments for end in segment if end is not None]
        for each in (whole, CSI)
    ]
    assert_allclose(ends[0], ends[1], rtol=2e-3)


def test_published_radius_is_in_our_convention():
    """It reaches into both solutions, and half of it, as the Particle Data Group prints it, only into one."""
    (published,) = (limit for limit in CSI.published if limit.parameter == "charge-radius:mu")
    assert (published.lower, published.upper) == (2.0 * -27.5e-32, 2.0 * 3e-32)
    segments = CSI.limit("charge-radius:mu", neutrino=RADIATIVE).interval.segments

    def reached(lower, upper):
        return [max(low, lower) < min(high, upper) for low, high in segments]

    assert reached(published.lower, published.upper) == [True, True]
    assert reached(0.5 * published.lower, 0.5 * published.upper) == [False, True]


def test_published_moment_stands_beside_the_construction_it_is_of():
    quoted = {limit.sides: limit.upper for limit in CSI.published if limit.parameter == "magnetic-moment:e"}
    assert quoted == {"two-sided": 3.2e-10, "upper": 2.8e-10}
    for sides, upper in quoted.items():
        # The reactor's data dominate what is published: it is ten times stronger.
        assert 5.0 < CSI.limit("magnetic-moment:e", sides=sides).interval.upper / upper < 20.0


def test_the_steady_state_is_as_well_known_as_the_events_it_was_measured_with():
    """Ten rows of 98 to 221 events. By an independent fit with a Gaussian 1/√m each the end is 2.28e-32.

    With the published 2.1% of their sum alone, and the spectrum exact, it is 2.00e-32.
    """
    (steady, *others) = FORMER.channel.samples
    rows = np.array(CSI.channel.sample("steady-state").measured.events)
    assert rows.tolist() == [98, 144, 123, 105, 104, 98, 135, 125, 138, 221]
    expected = np.reshape(steady.counts, (10, 15))
    shifts = []
    constraints = []
    for row, events in enumerate(rows):
        alone = np.zeros((10, 15))
        alone[row] = expected[row] / math.sqrt(events)
        shifts.append(Shift(f"row {row}", tuple(alone.ravel())))
        constraints.append(Constraint(f"row {row}", "gauss", 0.0, 1.0))
    moved = FORMER.with_channel(samples=(replace(steady, shifts=tuple(shifts)), *others))
    gaussian = replace(moved, nuisances=(*moved.nuisances, *constraints)).constrained(
        "steady-state", sigma=0.0
    )
    ends = [each.limit("charge-radius:mu").upper for each in (FORMER, gaussian, CSI)]
    assert_allclose(ends, [2.00e-32, 2.28e-32, 2.24e-32], rtol=3e-3)


def test_five_times_the_exposure_keeps_nothing_of_the_old_flux():
    """A flux and a detector that are changed change their variations too."""
    five = CSI.flux.times(5.0)
    by_flux, by_exposure = (
        replace(CSI, flux=five),
        CSI.with_response(replace(CSI.channel.response, exposure_tonne_year=5.0 * CSI.exposure_tonne_year)),
    )
    for name in ("charge-radius:e", "magnetic-moment:mu"):
        ends = [each.limit(name).interval.upper for each in (by_flux, by_exposure)]
        assert_allclose(*ends, rtol=1e-7)
