"""Files that cannot be meant: each is refused by one line with the file, the place in it, and the value."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from nuatom.data import read_text
from nuatom.errors import InputError
from nuatom.experiments import experiment

TEXT, XE, CE = (read_text(f"templates/{name}.toml") for name in ("reactor-germanium", "xenon", "cevns"))
FORMER = """
name = "old"
title = "old"
process = "electron"
target = "Xe"
flux = "solar-gs98"
citations = []
[data]
bin_edges_kev = [1, 2]
counts = [1]
[detector]
exposure_tonne_year = 1
"""
# What is changed, into what, and what the line has to say.
EDITS = [
    ('bins = "0.2:2.2:20"', 'bins = "2.2:0.2:20"', "bins", "2.2:0.2:20"),
    ('bins = "0.2:2.2:20"', 'bins = "0.2:2.2"', "bins", "0.2:2.2"),
    ('bins = "0.2:2.2:20"', 'bins = "0.2:2.2:1000000"', "bins", "1000000"),
    ('bins = "0.2:2.2:20"', 'bins = "0.2:2.2:0"', "bins", "0"),
    ('bins = "0.2:2.2:20"', "edges = []", "edges", "()"),
    ('bins = "0.2:2.2:20"', "edges = [0.2, 0.2]", "edges", "0.2, 0.2"),
    ('bins = "0.2:2.2:20"', "edges = [0.2, nan]", "edges", "nan"),
    ('quantity = "energy"', 'quantity = "charge"', "axes", "charge"),
    ('unit = "keV"', 'unit = "furlong"', "unit", "furlong"),
    ('unit = "keV"', 'unit = "pe"', "light_yield_pe_per_kev", "None"),
    ("mass_kg = 1.0", "mass_kg = 0.0", "mass_kg", "0.0"),
    ("mass_kg = 1.0", "mass_kg = inf", "mass_kg", "inf"),
    ("mass_kg = 1.0", "mass_kg = true", "mass_kg", "True"),
    ("live_days = 300\n", "", "live_days", "None"),
    ("live_days = 300", "live_days = -1", "live_days", "-1"),
    ("live_days = 300", "live_days = 300\nexposure_tonne_year = 1", "channels.on", "both"),
    ("counts = [\n", "counts = [-1,\n", "data.counts", "21 numbers"),
    ("counts = [\n", "counts = [1.5]\nx = [\n", "x", "no such field"),
    ('name = "off"', 'name = "on"', "channels", "on"),
    ("free_in_every_bin = true", "free_in_every_bin = false", "normalisation_uncertainty", "None"),
    ("free_in_every_bin = true", 'free_in_every_bin = true\ntemplate = { kind = "flat", expected = 1 }',
     "ambient", "a template"),
    ("uncertainty = 0.2 ", "uncertainty = -0.2 ", "normalisation_uncertainty", "-0.2"),
    ("uncertainty = 0.2 ", "uncertainty = nan ", "normalisation_uncertainty", "nan"),
    ("normalisation_uncertainty = 0.2 ", 'normalisation = "nobody" ', "normalisation", "nobody"),
    ("expected = 40", "expected = -40", "expected", "-40"),
    (", expected = 40", "", "template", "neither"),
    ("sigma = 0.06, ", "", "sigma", "None"),
    ("centre = 1.19", "centre = 119", "template", "line"),
    ('kind = "line"', 'kind = "cubic"', "template", "kind"),
    ('kind = "line"', 'kind = "flat"', "centre", "1.19"),
    ('kind = "smear"', 'kind = "matrix"', "response", "missing"),
    ('kind = "lindhard"', 'kind = "magic"', "quenching", "kind"),
    ("k = 0.162", "k = -1", "k", "-1"),
    ("k_uncertainty = 0.004", "k_uncertainty = 1", "k_uncertainty", "1"),
    ("atomic_number = 32", "atomic_number = 0", "atomic_number", "0"),
    ("noise_kev = 0.030", "noise_kev = -0.03", "resolution", "-0.03"),
    ("noise_uncertainty_kev = 0.002", "noise_uncertainty_kev = 0.2", "noise_uncertainty_kev", "0.2"),
    ("value = [0.60, ", "value = [1.60, ", "efficiency", "1.6"),
    ("value = [0.60, ", "value = [", "efficiency", "4"),
    ("uncertainty = [0.04, ", "uncertainty = [", "uncertainty", "4 numbers"),
    ("uncertainty = [0.04, 0.03, 0.02, 0.01", "uncertainty = [0.04, 0.03, 0.02, 0.5", "efficiency", "1.45"),
    ('of = "reconstructed"', 'of = "hoped"', "efficiency.of", "hoped"),
    ("energy_scale_uncertainty = 0.01", "energy_scale_uncertainty = 2", "energy_scale_uncertainty", "2"),
    ("thermal_power_gw = 3.9", "thermal_power_gw = 0", "thermal_power_gw", "0"),
    ("distance_m = 17.1", "distance_m = -17.1", "distance_m", "-17.1"),
    ("# duty = 0.9", "duty = 1.5 #", "duty", "1.5"),
    ("# fission_fractions = { u235 = 0.56", "fission_fractions = { u235 = 0.66", "fission_fractions", "0.66"),
    ('kind = "reactor"', 'kind = "volcano"', "flux", "kind"),
    ("[signal]", "[noise]", "noise", "no such field"),
    ("normalisation_uncertainty = 0.03\n", "", "signal", "neither"),
    ('target = "Ge"', 'target = "Unobtainium"', "target", "Unobtainium"),
    ("^", '[[nuisances]]\nname = "nobody"\nsigma = 1\n', "nuisances", "nobody"),
    ("^", '[[nuisances]]\nname = "flux.u235"\n', "flux.u235.sigma", "None"),
    ("^", '[[nuisances]]\nname = "flux.u235"\nsigma = -1\n', "sigma", "-1"),
    ("^", '[[published]]\nparameter = "mass"\ncl = 0.9\nupper = 1\n', "parameter", "mass"),
    ("^", '[[published]]\nparameter = "charge"\ncl = 9\nupper = 1\n', "cl", "9"),
    ("^", '[[published]]\nparameter = "charge"\ncl = 0.9\n', "lower and upper", "[]"),
]  # fmt: skip


MATRIX = """name = "table"
target = "Xe"
processes = ["nucleus"]
flux = "solar-gs98"
source = "here"
[[channels]]
exposure_tonne_year = 1.0
axes = [{ quantity = "S1", unit = "PE", edges = [0, 1, 2, 3] }]
data = { counts = [3, 2, 1] }
[channels.response]
kind = "mono-energetic"
file = "table.npz"
templates = "mono"
yields = [{ name = "light_yield", values = "sigma" }]
"""
GAUSS = """name = "values"
target = "Ge"
source = "here"
[flux]
kind = "table"
energy_kev = [100, 500, 1000]
flux_per_cm2_s_kev = [1e9, 1e9, 0]
flavour = "anti-e"
[[channels]]
mass_kg = 1.0
live_days = 10
axes = [{ quantity = "energy", unit = "keV", edges = [1, 2, 3] }]
data = { values = [3.0, 2.0], errors = [1.0, 1.0] }
response = { kind = "smear" }
[[channels.samples]]
name = "flat"
normalisation = "size"
template = { kind = "flat", expected = 5 }
[[channels.samples.shifts]]
nuisance = "size"
relative = 0.1
[[nuisances]]
name = "size"
sigma = 0.1
"""
TABLES = {
    "mono": np.full((4, 3, 3), 0.1),
    "recoil_kev": np.array([1.0, 2.0, 5.0, 20.0]),
    "sigma": np.array([-1.0, 0.0, 1.0]),
    "short": np.full((4, 2, 3), 0.1),
    "flat": np.full((4, 3), 0.1),
    "wide": np.full((4, 3, 5), 0.1),
    "negative": -np.full((4, 3, 3), 0.1),
    "large": np.full((4, 3, 3), 0.5),
    "nan": np.full((4, 3, 3), np.nan),
    "up": np.array([1.0, 2.0, 3.0]),
    "fall": np.array([1.0, 0.0, -1.0]),
    "words": np.array(["a", "b", "c"]),
    "unsorted": np.array([2.0, 1.0, 5.0, 20.0]),
    "zero": np.array([0.0, 1.0, 5.0, 20.0]),
}
MORE = [
    (XE, 'flux = "solar-gs98"', 'flux = "sun"', "flux", "sun"),
    (XE, 'flux = "solar-gs98"', "flux = 3", "flux", "3"),
    (XE, 'flux = "solar-gs98"', 'flux = "nowhere.csv"', "flux", "nowhere.csv"),
    (XE, 'processes = ["electron"]', 'processes = ["electron", "electron"]', "processes", "electron"),
    (XE, 'processes = ["electron"]', 'processes = ["nucleus", "atom"]', "processes", "atom"),
    (XE, 'processes = ["electron"]', "processes = []", "processes", "[]"),
    (XE, 'processes = ["electron"]', 'processes = ["neutron"]', "processes", "neutron"),
    (XE, 'phase = "liquid"', 'phase = "plasma"', "phase", "plasma"),
    (XE, "exposure_tonne_year = 1.0", 'exposure_tonne_year = "much"', "exposure_tonne_year", "much"),
    (XE, "exposure_tonne_year = 1.0", "exposure_tonne_year = 1.0\nflux_share = -1", "flux_share", "-1"),
    (XE, "decay = 200", "decay = 0", "decay", "0"),
    (XE, "decay = 200", "decay = 200, sigma = 1", "sigma", "1"),
    (XE, "endpoint_kev = 18.59", "endpoint_kev = 0.5", "endpoint_kev", "0.5"),
    (XE, "charge = 2", "charge = 2.5", "charge", "2.5"),
    (XE, 'normalisation = "flux.pp"', 'normalisation = "flux.moon"', "normalisation", "flux.moon"),
    (
        XE,
        'normalisation = "flux.pp"',
        'normalisation = "flux.pp"\nnormalisation_uncertainty = 0.1',
        "solar neutrinos",
        "both",
    ),
    (
        XE,
        "holds_standard_neutrinos = true",
        'holds_standard_neutrinos = "perhaps"',
        "holds_standard_neutrinos",
        "perhaps",
    ),
    (
        XE,
        "holds_standard_neutrinos = true",
        'holds_standard_neutrinos = ["pq"]',
        "holds_standard_neutrinos",
        "pq",
    ),
    (XE, 'name = "tritium"', 'name = "lead"', "samples", "lead"),
    (XE, 'kind = "flat", expected = 380', 'kind = "counts", counts = [1, 2]', "template", "2 numbers"),
    (
        XE,
        'kind = "flat", expected = 380',
        'kind = "counts", counts = { file = "none.csv" }',
        "template.counts",
        "none.csv",
    ),
    (
        XE,
        'kind = "flat", expected = 380',
        'kind = "histogram", bins = "5:30:5", counts = [1, 2, 3, 4, 5]',
        "template",
        "1",
    ),
    (
        XE,
        'kind = "flat", expected = 380',
        'kind = "histogram", bins = "1:30:5", edges = [1, 30], counts = [1]',
        "template",
        "both",
    ),
    (
        XE,
        'kind = "flat", expected = 380',
        'kind = "histogram", bins = "1:30:2", counts = [-1, 2]',
        "template",
        "-1",
    ),
    (
        XE,
        'kind = "flat", expected = 380',
        'kind = "histogram", bins = "1:30:2", counts = [1, 2, 3]',
        "template",
        "3 numbers",
    ),
    (XE, "stochastic = 0.31", "stochastic = -0.31", "resolution", "-0.31"),
    (XE, "energy_kev = [1.0, 2.0,", "energy_kev = [2.0, 1.0,", "efficiency", "2.0"),
    (XE, "energy_kev = [1.0, 2.0,", "energy_kev = [nan, 2.0,", "efficiency", "nan"),
    (XE, "below = 0.0", "below = 2.0", "efficiency", "2"),
    (XE, "below = 0.0\n", "", "below", "None"),
    (XE, "    10, 11, 12, 16,", "    10, 11, 12, 16.5,", "data.counts", "16.5"),
    (XE, "    10, 11, 12, 16,", "    10, 11, 12, nan,", "data.counts", "nan"),
    (XE, "    10, 11, 12, 16,", '    10, 11, 12, "many",', "data.counts", "many"),
    (XE, "    10, 11, 12, 16,", "    10, 11, 12, 1e400,", "data.counts", "inf"),
    (XE, "    10, 11, 12, 16,", "    10, 11, 12, true,", "data.counts", "True"),
    (XE, 'name = "my-xenon"\n', "", "name", "None"),
    (XE, 'target = "Xe"', 'target = ""', "target", "''"),
    (XE, 'target = "Xe"', 'target = ["Xe"]', "target", "Xe"),
    (
        XE,
        "[channels.response]\n",
        "[channels.response]\ntime_efficiency = { flat_until_us = 1, loss_per_us = 1 }\n",
        "time_efficiency",
        "table",
    ),
    (XE, "[channels.data]\n", "[channels.data]\nvalues = [1]\n", "data", "counts and values"),
    (XE, "[[channels]]", "[channels]", "channels", "table"),
    (CE, "protons_on_target = 1.4e23", "protons_on_target = 0", "protons_on_target", "0"),
    (CE, "mass_kg = 24.0", "mass_kg = 24.0\nlive_days = 3", "mass_kg", "24"),
    (CE, "edges = [0, 0.5, 1, 2, 4, 6]", "edges = [0, 0.5, 0.5, 2, 4, 6]", "edges", "0.5, 0.5"),
    (CE, 'unit = "us"', 'unit = "ns"', "axes", "ns"),
    (CE, 'axis = "energy", events', 'axis = "colour", events', "statistics.axis", "colour"),
    (CE, "events = [310,", "events = [310.5,", "statistics.events", "310.5"),
    (CE, "events = [310, ", "events = [", "statistics.events", "5 numbers"),
    (CE, "events = [310, ", "events = [0, ", "statistics.events", "0"),
    (CE, "[0.1505, ", "[-0.1505, ", "shares", "-0.1505"),
    (CE, "[0.1505, ", "[", "shares", "5 numbers"),
    (CE, "pulse_sigma_ns = 150", "pulse_sigma_ns = -150", "pulse_sigma_ns", "-150"),
    (CE, "plus = [0.92, 0.5, 7.6, 0.0]\n", "", "efficiency", "plus"),
    (CE, "coefficients = [0.9, ", "coefficients = [", "coefficients", "3"),
    (CE, "recoil_kev = [10, 30,", "recoil_kev = [30, 10,", "quenching", "30"),
    (CE, "electron_equivalent_kev = [2.6, ", "electron_equivalent_kev = [", "quenching", "4"),
    (CE, "uncertainty_kev = [0.1, ", "uncertainty_kev = [-0.1, ", "quenching", "-0.1"),
    (MATRIX, 'file = "table.npz"', 'file = "missing.npz"', "response", "missing.npz"),
    (MATRIX, 'file = "table.npz"', 'file = "."', "response", "."),
    (MATRIX, 'templates = "mono"', 'templates = "stereo"', "response", "stereo"),
    (MATRIX, 'templates = "mono"', 'templates = "short"', "templates", "4 by 2 by 3"),
    (MATRIX, 'templates = "mono"', 'templates = "flat"', "templates", "4 by 3"),
    (MATRIX, 'templates = "mono"', 'templates = "wide"', "probability", "4 by 5"),
    (MATRIX, 'templates = "mono"', 'templates = "negative"', "probability", "-0.1"),
    (MATRIX, 'templates = "mono"', 'templates = "large"', "probability", "1.5"),
    (MATRIX, 'templates = "mono"', 'templates = "nan"', "response", "nan"),
    (MATRIX, 'values = "sigma"', 'values = "up"', "yields", "1.0"),
    (MATRIX, 'values = "sigma"', 'values = "fall"', "yields", "1.0"),
    (MATRIX, 'values = "sigma"', 'values = "words"', "response", "words"),
    (MATRIX, 'file = "table.npz"', 'file = "table.npz"\nrecoils = "unsorted"', "recoil_kev", "2.0"),
    (MATRIX, 'file = "table.npz"', 'file = "table.npz"\nrecoils = "zero"', "recoil_kev", "0.0"),
    (GAUSS, "errors = [1.0, 1.0]", "errors = [1.0]", "errors", "[1.0]"),
    (GAUSS, "errors = [1.0, 1.0]", "errors = [1.0, 0.0]", "errors", "0.0"),
    (GAUSS, "errors = [1.0, 1.0]", "covariance = [[1, 0]]", "covariance", "1 rows"),
    (GAUSS, "errors = [1.0, 1.0]", "covariance = [[1, 2], [2, 1]]", "covariance", "-1"),
    (GAUSS, "errors = [1.0, 1.0]", "covariance = [[1, 2], [0, 1]]", "covariance", "symmetric"),
    (GAUSS, ", errors = [1.0, 1.0]", "", "data", "neither"),
    (GAUSS, "values = [3.0, 2.0]", "values = [3.0]", "values", "1 numbers"),
    (GAUSS, "energy_kev = [100, 500, 1000]", "energy_kev = [500, 100, 1000]", "energy", "500"),
    (GAUSS, "energy_kev = [100, 500, 1000]", "energy_kev = [100, 500]", "flux", "2"),
    (GAUSS, "[1e9, 1e9, 0]", "[1e9, -1e9, 0]", "flux", "-1"),
    (GAUSS, 'flavour = "anti-e"', 'flavour = "sterile"', "flavour", "sterile"),
    (GAUSS, "energy_kev = [100, 500, 1000]\n", "", "flux", "neither"),
    (GAUSS, 'nuisance = "size"', 'nuisance = "nobody"', "shifts", "nobody"),
    (GAUSS, "relative = 0.1", "relative = [0.1]", "shifts", "1 numbers"),
    (GAUSS, "relative = 0.1", "relative = 0.1\ncounts = [1, 1]", "shifts", "both"),
    (GAUSS, "relative = 0.1", 'of = "decay"\nby = 1', "shifts", "decay"),
    (GAUSS, "relative = 0.1", 'of = "decay"', "shifts", "None"),
    (GAUSS, 'name = "size"\nsigma = 0.1', 'name = "size"\nsigma = 0.1\nlower = 2', "centre", "1.0"),
    (GAUSS, 'name = "size"\nsigma = 0.1', 'name = "size"\nsigma = 0.1\nkind = "uniform"', "kind", "uniform"),
    (
        GAUSS,
        'name = "size"\nsigma = 0.1',
        'name = "size"\nsigma = 0.1\n[[nuisances]]\nname = "size"\nsigma = 0.2',
        "size",
        "twice",
    ),
    (
        GAUSS,
        'name = "size"\nsigma = 0.1',
        'name = "size"\nsigma = 0.1\nkind = "lognormal"\ncentre = -1',
        "centre",
        "-1",
    ),
]


def refused(folder, text, place, value):
    """What an experiment's file is refused with: one line with file, place and value."""
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        experiment(path)
    line = str(error.value)
    assert "\n" not in line
    for part in ("mine.toml", place, value):
        assert part in line, line


def test_there_are_more_than_a_hundred():
    assert len({(old, new) for old, new, *_ in EDITS} | {(old, new) for _, old, new, *_ in MORE}) > 140


@pytest.mark.parametrize(("base", "old", "new", "place", "value"), MORE, ids=lambda text: text[:28])
def test_refused_in_one_line_whatever_is_wrong(tmp_path, base, old, new, place, value):
    np.savez(tmp_path / "table.npz", **TABLES)
    text = base.replace(old, new, 1)
    assert text != base
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        refused(tmp_path, text, place, value)


@pytest.mark.parametrize("base", [MATRIX, GAUSS], ids=["matrix", "gauss"])
def test_what_the_edits_begin_with_is_accepted(tmp_path, base):
    np.savez(tmp_path / "table.npz", **TABLES)
    (tmp_path / "mine.toml").write_text(base, encoding="utf-8")
    with pytest.warns(UserWarning, match="citations"):
        assert experiment(tmp_path / "mine.toml").channel.bins in (2, 3)


@pytest.mark.parametrize(("old", "new", "place", "value"), EDITS, ids=lambda text: text[:28])
def test_refused_in_one_line(tmp_path, old, new, place, value):
    text = TEXT + "\n" + new if old == "^" else TEXT.replace(old, new, 1)
    assert text != TEXT
    refused(tmp_path, text, place, value)


@pytest.mark.parametrize(
    ("content", "column", "said"),
    [
        (None, "0", "readable file"),
        ("energy,n\n1,2\n3\n", "energy", "1 columns in line 3"),
        ("energy\n0.3\n", "time", "one of energy"),
        ("energy\n0.3\n5.0\n", "energy", "within 0.2 to 2.2"),
        ("energy\n0.3\nnan\n", "energy", "finite"),
        ("", "energy", "no numbers"),
    ],
)
def test_events_in_a_file_are_refused_with_its_name(tmp_path, content, column, said):
    path = tmp_path / "mine.toml"
    start = TEXT.index("counts = [\n")
    end = TEXT.index("]\n", start) + 2
    events = f'events = [{{ file = "events.csv", column = "{column}" }}]\n'
    path.write_text(TEXT[:start] + events + TEXT[end:], encoding="utf-8")
    if content is not None:
        (tmp_path / "events.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=said) as refused:
        experiment(path)
    assert "mine.toml: channels.on.data.events" in str(refused.value)


def test_a_file_of_the_former_schema_is_refused_with_the_words_that_mend_it(tmp_path):
    path = tmp_path / "old.toml"
    path.write_text(FORMER, encoding="utf-8")
    with pytest.raises(InputError, match=r"old\.toml: data.*\[channels\.data\].*nuatom data template"):
        experiment(path)


def test_paths_suffixes_and_marks_of_byte_order(tmp_path):
    for name, text in (("a.TOML", TEXT), ("b.toml", "\ufeff" + TEXT)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.warns(UserWarning, match="citations"):
            assert experiment(Path(tmp_path / name)).name == "my-germanium"
    with pytest.raises(InputError, match="folder with all files"):
        experiment(tmp_path)
