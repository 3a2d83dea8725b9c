"""Files that cannot be meant: each is refused by one line with the file, the place in it, and the value."""

from pathlib import Path

import pytest

from nuatom.data import read_text
from nuatom.errors import InputError
from nuatom.experiments import experiment

TEXT = read_text("templates/reactor-germanium.toml")
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


@pytest.mark.parametrize(("old", "new", "place", "value"), EDITS, ids=lambda text: text[:28])
def test_refused_in_one_line(tmp_path, old, new, place, value):
    path = tmp_path / "mine.toml"
    text = TEXT + "\n" + new if old == "^" else TEXT.replace(old, new, 1)
    assert text != TEXT
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        experiment(path)
    line = str(refused.value)
    assert "\n" not in line
    for part in ("mine.toml", place, value):
        assert part in line, line


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
