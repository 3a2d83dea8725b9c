"""A mistake is one line on stderr: argument, value, what is accepted. Exit status 2, and no traceback."""

from pathlib import Path

import pytest

import nuatom.data
from nuatom.cli import main
from nuatom.data import manifest, read_text
from nuatom.experiments import loading

LIMIT = ["limit", "xenonnt-sr0", "charge"]
XS = ["cross-section", "Xe", "--energy-kev", "300", "--recoil-kev", "1"]
RATE = ["rate", "Xe", "--flux", "solar-gs98", "--recoil-kev", "1"]
SPECTRUM = ["spectrum", "xenonnt-sr0"]
SCAN = ["scan", "xenonnt-sr0", "charge"]
BUILD_RPA = ["table", "build", "He", "--model", "rpa"]
EXPLORE = ["explore", "xenonnt-sr0", "--out"]


@pytest.fixture
def refusal(run):
    """The one line that a refused command prints."""

    def call(*arguments, stdin=""):
        code, out, err = run(*arguments, stdin=stdin)
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
        assert err.startswith("nuatom: ")
        assert "Traceback" not in err
        return err

    return call


# What is typed, and what the line must hold: the argument, its value, and something of what is accepted.
REFUSED = {
    "unknown experiment": (["limit", "xenon", "charge"], "experiment", "'xenon'", "xenonnt-sr0"),
    "experiment file that is not there": (["limit", "a.toml", "charge"], "experiment", "'a.toml'", "file"),
    "unknown parameter": (["limit", "xenonnt-sr0", "mass"], "parameter", "'mass'", "magnetic-moment"),
    "unknown element of a parameter": (
        ["limit", "xenonnt-sr0", "charge:x"], "parameter", "'charge:x'", "mutau"
    ),
    "empty element of a parameter": (["limit", "xenonnt-sr0", "charge:"], "parameter", "'charge:'", "mutau"),
    "cl above 1": ([*LIMIT, "--cl", "1.5"], "cl", "1.5", "between 0 and 1"),
    "cl of 0": ([*LIMIT, "--cl", "0"], "cl", "0.0", "between 0 and 1"),
    "cl in per cent": ([*LIMIT, "--cl", "90%"], "--cl", "'90%'", "float"),
    "cl that is NaN": ([*LIMIT, "--cl", "nan"], "cl", "nan", "between 0 and 1"),
    "upper limit below the median": (
        ["limit", "xenonnt-sr0", "magnetic-moment", "--cl", "0.4", "--sides", "upper"],
        "cl",
        "0.4",
        "0.5 and 1",
    ),
    "upper limit of a parameter with a sign": (
        ["limit", "xenonnt-sr0", "charge:e", "--sides", "upper"],
        "sides",
        "'upper'",
        "two-sided: charge:e has a sign; --interval cls or power-constrained bounds its size",
    ),
    "unknown interval": ([*LIMIT, "--interval", "frequentist"], "method", "'frequentist'", "feldman-cousins"),
    "precision of nothing": ([*LIMIT, "--precision", "0"], "precision", "0.0", "between 0 and 1"),
    "truth below zero": (
        ["coverage", "xenonnt-sr0", "magnetic-moment", "--at", "-1e-12"],
        "at",
        "-1e-12",
        "zero or more",
    ),
    "unknown sides": ([*LIMIT, "--sides", "lower"], "sides", "'lower'", "two-sided or upper"),
    "unknown model": ([*LIMIT, "--model", "bound"], "model", "'bound'", "stepping"),
    "unknown model to spread to": (
        [*LIMIT, "--theory-spread", "bound"], "theory_spread", "'bound'", "stepping"
    ),
    "spread to the same model": (
        [*LIMIT, "--theory-spread", "stepping"], "theory_spread", "'stepping'", "another"
    ),
    "unknown order of couplings": ([*LIMIT, "--couplings", "loop"], "couplings", "'loop'", "radiative"),
    "sin²θ above 1": ([*LIMIT, "--sin2w", "2"], "sin2w", "2.0", "between 0 and 1"),
    "sin²θ that is NaN": ([*LIMIT, "--sin2w", "nan"], "sin2w", "nan", "between 0 and 1"),
    "figure of an unknown format": ([*LIMIT, "--plot", "x.txt"], "plot", "'x.txt'", ".png"),
    "figure without a suffix": ([*LIMIT, "--plot", "png"], "plot", "'png'", ".png"),
    "figure in a folder that is not there": ([*LIMIT, "--plot", "no/x.png"], "plot", "'no/x.png'", "folder"),
    "coupling that is no number": ([*SPECTRUM, "--charge", "big"], "--charge", "'big'", "number"),
    "coupling with a unit": ([*SPECTRUM, "--charge", "1e-12e"], "--charge", "'1e-12e'", "without a unit"),
    "coupling that is NaN": ([*SPECTRUM, "--charge", "nan"], "--charge", "'nan'", "finite"),
    "coupling of an unknown element": ([*SPECTRUM, "--charge", "x=1"], "parameter", "'charge:x'", "mutau"),
    "coupling that is empty": ([*SPECTRUM, "--magnetic-moment", ""], "--magnetic-moment", "''", "number"),
    "radius in the wrong unit": (
        [*SPECTRUM, "--charge-radius-fm2", "1"], "--charge-radius-fm2", "", "--charge-radius-cm2"
    ),
    "unknown verb of a group": (["table", "make"], "verb", "'make'", "build, list"),
    "table of a compound": (["table", "show", "CsI"], "target", "'CsI'", "chemical symbol"),
    "table below every edge": (
        ["table", "build", "He", "--highest-transfer-kev", "0.01"], "highest_transfer_kev", "0.01", "above"
    ),
    "table beyond its multipoles": (
        ["table", "build", "He", "--highest-transfer-kev", "900", "--highest-order", "60"],
        "highest_order", "60", "or more"
    ),
    "table beyond all grids": (
        ["table", "build", "He", "--highest-transfer-kev", "1e9"],
        "highest_transfer_kev", "1000000000", "at most 1000"
    ),
    "table of more orders than grids hold": (
        ["table", "build", "He", "--highest-order", "100000"], "highest_order", "100000", "1 to 2000"
    ),
    "cl too small to be told from a point": ([*LIMIT, "--cl", "1e-17"], "cl", "1e-17", "0.001 or more"),
    "cl too near to 1": ([*LIMIT, "--cl", "0.99999999999999"], "cl", "0.99999999999999", "1e-12 or less"),
    "name that nearly exists": (["limit", "xenonnt", "charge"], "experiment", "'xenonnt'", "n xenonnt-sr0?"),
    "parameter that nearly exists": (
        ["limit", "xenonnt-sr0", "magnetic_momnt"], "parameter", "momnt", "did you mean magnetic-moment?"
    ),
    "model that nearly exists": ([*LIMIT, "--model", "imp"], "model", "'imp'", "did you mean ipm?"),
    "option that nearly exists": ([*XS, "--flavor", "e"], "--flavor", "", "--flavour"),
    "verb that nearly exists": (["limt"], "verb", "'limt'", "did you mean limit?"),
    "list with one wrong number": (
        [*XS[:-1], "1,2,-3,4"], "recoil_kev", "-3.0", "number 3 of 4 is wrong"
    ),
    "very long name": (["limit", "x" * 5000, "charge"], "xxx", "(5000 characters)", "too long"),
    "coupling whose square overflows": (
        [*SPECTRUM, "--charge", "1e200"], "couplings", "e+215", "finite squares"
    ),
    "nuclei of hydrogen": (
        ["cross-section", "H2O", *XS[2:], "--process", "nucleus"], "target", "1 nucleons", "from helium on"
    ),
    "figure of three parameters": (
        [*SCAN, "charge-radius", "magnetic-moment", "--plot", "x.png"], "plot", "3 parameters", "one or two"
    ),
    "unknown paper": (["paper", "ks17"], "paper", "'ks17'", "ks16"),
    "unknown figure of a paper": (
        ["paper", "ks11", "--figure", "x", "--plot", "x.png"], "figure", "'x'", "parts, enhancement"
    ),
    "figure of a paper without a file": (
        ["paper", "ks16", "--figure", "nucleus"], "figure", "'nucleus'", "--plot"
    ),
    "unknown target": (["cross-section", "Zz", *XS[2:]], "target", "'Zz'", "chemical formula"),
    "target beyond uranium": (["cross-section", "Pu", *XS[2:]], "target", "'Pu'", "92"),
    "unknown process": ([*XS, "--process", "proton"], "--process", "'proton'", "'electron'"),
    "unknown flavour": ([*XS, "--flavour", "sterile"], "flavour", "'sterile'", "anti-e"),
    "negative energy": ([*XS, "--energy-kev", "-300"], "energy_kev", "-300.0", "positive"),
    "energy of zero": ([*XS, "--energy-kev", "0"], "energy_kev", "0.0", "positive"),
    "energy that is NaN": ([*XS, "--energy-kev", "nan"], "energy_kev", "nan", "finite"),
    "energy that is infinite": ([*XS, "--energy-kev", "inf"], "energy_kev", "inf", "finite"),
    "energy with a unit": ([*XS, "--energy-kev", "300keV"], "--energy-kev", "'300keV'", "float"),
    "energy in another unit": ([*XS, "--energy-mev", "0.3"], "--energy-mev", "", "--energy-kev"),
    "negative recoil": ([*XS, "--recoil-kev", "1,-2"], "recoil_kev", "-2.0", "positive"),
    "recoil of zero": ([*RATE, "--recoil-kev", "0,1"], "recoil_kev", "0.0", "positive"),
    "recoil that is NaN": ([*RATE, "--recoil-kev", "nan"], "--recoil-kev", "'nan'", "numbers"),
    "recoil with a unit": ([*XS, "--recoil-kev", "1keV"], "--recoil-kev", "'1keV'", "without a unit"),
    "empty list": ([*XS, "--recoil-kev", ""], "--recoil-kev", "''", "start:stop:n"),
    "list with a hole": ([*XS, "--recoil-kev", "1,,2"], "--recoil-kev", "'1,,2'", "start:stop:n"),
    "range without a number of points": (
        [*XS, "--recoil-kev", "1:2"], "--recoil-kev", "'1:2'", "start:stop:n"
    ),
    "range of one point": ([*XS, "--recoil-kev", "1:2:1"], "--recoil-kev", "'1:2:1'", "start:stop:n"),
    "range of half a point": ([*XS, "--recoil-kev", "1:2:2.5"], "--recoil-kev", "'1:2:2.5'", "start:stop:n"),
    "range of too many points": (
        [*XS, "--recoil-kev", "1:2:9999999"], "--recoil-kev", "9999999", "start:stop:n"
    ),
    "logarithm of zero": ([*XS, "--recoil-kev", "0:1:5log"], "--recoil-kev", "'0:1:5log'", "start:stop:nlog"),
    "unknown flux": ([*RATE, "--flux", "sun"], "flux", "'sun'", "solar-gs98"),
    "axis of one value": ([*SCAN, "--values", "1e-12"], "values", "[1e-12]", "two or more"),
    "axis that falls": ([*SCAN, "--values", "1,0"], "values", "[1.0, 0.0]", "increasing"),
    "more axes than parameters": (
        [*SCAN, "--values", "0,1", "--values", "0,1"], "--values", "2 lists", "each of 1"
    ),
    "parameter twice": ([*SCAN, "charge"], "parameters", "['charge', 'charge']", "different"),
    "one point": ([*SCAN, "--points", "1"], "--points", "1", "x>=2"),
    "too many points": ([*SCAN, "charge-radius", "--points", "2000"], "points", "4000000", "2000000"),
    "page without a name": (EXPLORE[:2], "--out", "", "Missing"),
    "page of an unknown format": ([*EXPLORE, "x.pdf"], "out", "'x.pdf'", ".html"),
    "page in a folder that is not there": ([*EXPLORE, "no/x.html"], "out", "'no/x.html'", "folder"),
    "page of an unknown model": ([*EXPLORE, "x.html", "--model", "bound"], "model", "'bound'", "stepping"),
    "page of a model twice": (
        [*EXPLORE, "x.html", "--model", "free,free"], "model", "'free,free'", "different"
    ),
    "correlation in another field": (
        [*BUILD_RPA, "--method", "dirac-slater"], "method", "'dirac-slater'", "dirac-fock"
    ),
    "correlation from other thresholds": (
        [*BUILD_RPA, "--thresholds", "guessed"], "thresholds", "'guessed'", "measured"
    ),
    "correlation in as many multipoles as ipm": (
        [*BUILD_RPA, "--highest-order", "150"], "highest_order", "150", "correlation"
    ),
    "unknown release": (["data", "fetch", "coherent"], "release", "'coherent'", "coherent-csi-2021"),
    "unknown citation": (["cite", "Nobody:1900aa"], "citation", "'Nobody:1900aa'", "KS16"),
    "unknown verb": (["limits"], "limits", "", "cross-section"),
    "unknown option": ([*LIMIT, "--colour"], "--colour", "", "option"),
    "argument too many": ([*LIMIT, "more"], "more", "", "unexpected"),
    "argument of two lines": ([*LIMIT, "two\nlines"], "two lines", "", "unexpected"),
    "no experiment": (["limit"], "EXPERIMENT", "", "Missing"),
    "no parameter": (["limit", "xenonnt-sr0"], "PARAMETER", "", "Missing"),
    "no parameter to scan": (["scan", "xenonnt-sr0"], "PARAMETER", "", "Missing"),
    "no energy": (XS[:2], "--energy-kev", "", "Missing"),
    "no recoil": (XS[:4], "--recoil-kev", "", "Missing"),
    "no flux": (RATE[:2], "--flux", "", "Missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(refusal, name):
    arguments, *expected = REFUSED[name]
    line = refusal(*arguments)
    for part in expected:
        assert part in line


@pytest.mark.parametrize("name", ["unknown experiment", "negative energy", "cl above 1", "unknown flux"])
def test_refused_alike_where_json_was_asked_for(refusal, name):
    arguments, *expected = REFUSED[name]
    assert all(part in refusal(*arguments, "--json") for part in expected)


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", '{"citations": 5}', '{"citations": [["KS16"]]}'])
def test_cite_refuses_what_is_no_result(refusal, text):
    line = refusal("cite", "-", stdin=text)
    assert "stdin" in line
    assert repr(text) in line
    assert "JSON of a nuatom command" in line


# --- Experiments as files

SHIPPED = read_text("experiments/xenonnt-sr0.toml")
FORMER = (Path(__file__).parents[1] / "published" / "former" / "xenonnt-sr0.toml").read_text("utf-8")

# An edit of the shipped file, and what the line must hold. ^ stands for the beginning of the file.
EDITS = {
    "no TOML": ("[[channels]]", "[[channels", "TOML", "line"),
    "a field missing": ('target = "Xe"\n', "", "target", "field"),
    "a table missing": ("[channels.data]", "[channels.measured]", "data", "field"),
    "a field unknown": ("^", 'colour = "red"\n', "colour", "'red'", "expected"),
    "a field misspelt": (
        "holds_standard_neutrinos", "holds_neutrinos", "holds_standard_neutrinos", "field"
    ),
    "a count too few": ("counts = [\n    4, ", "counts = [\n    ", "data.counts", "28 numbers", "29 bins"),
    "an efficiency too few": ("value = [\n    0.01948,", "value = [\n", "efficiency", "24", "as many values"),
    "a text for a number": (
        "exposure_tonne_year = 1.16", 'exposure_tonne_year = "much"', "exposure_tonne_year",
        "'much'", "number"
    ),
    "a number for a list": ("citations = [", "citations = 5 #", "citations", "5", "tuple"),
    "exposure of zero": (
        "exposure_tonne_year = 1.16", "exposure_tonne_year = 0", "exposure_tonne_year", "0", "greater than 0"
    ),
    "exposure in another unit": ("exposure_tonne_year", "exposure_kg_day", "exposure_kg_day", "field"),
    "exposure that is infinite": (
        "exposure_tonne_year = 1.16", "exposure_tonne_year = inf", "exposure_tonne_year", "inf", "finite"
    ),
    "a negative count": ("    4, 11", "    -4, 11", "data.counts", "-4", "zero or more"),
    "half a count": ("    4, 11", "    4.5, 11", "counts", "4.5", "whole numbers"),
    "a count that is NaN": ("    4, 11", "    nan, 11", "data.counts", "nan", "finite"),
    "a negative background": ("    6.9, ", "    -0.1, ", "samples.background", "-0.1", "zero or more"),
    "a background that is NaN": ("    6.9, ", "    nan, ", "template.counts", "nan", "finite"),
    "a truth for a number": ("= 1.16", "= true", "exposure_tonne_year", "True", "a number, not true"),
    "a negative uncertainty": (
        "uncertainty = inf", "uncertainty = -1", "normalisation_uncertainty", "-1", "greater"
    ),
    "bins that do not increase": (
        'bins = "1:30:29"', "edges = [1, 3, 2]", "energy edges", "3.0, 2.0", "increasing"
    ),
    "no bins": ('bins = "1:30:29"', 'bins = "1:30:0"', "bins", "0", "from 1"),
    "too many bins": ('bins = "1:30:29"', 'bins = "1:30:1000000"', "bins", "1000000", "100000"),
    "an efficiency above 1": ("0.7037", "7.037", "efficiency", "7.037", "between 0 and 1"),
    "a negative resolution": (
        "stochastic = 0.310", "stochastic = -0.3", "resolution", "-0.3", "not negative"
    ),
    "an unknown target": ('target = "Xe"', 'target = "Zz"', "target", "'Zz'", "chemical formula"),
    "an unknown flux": ('flux = "solar-gs98"', 'flux = "sun"', "flux", "'sun'", "solar-gs98"),
    "an unknown process": ('["electron"]', '["luck"]', "process", "'luck'", "electron"),
    "a process twice": ('["electron"]', '["electron", "electron"]', "processes", "electron", "different"),
    "a whole atom and its nucleus": ('["electron"]', '["atom", "nucleus"]', "processes", "not both"),
    "an unknown kind of efficiency": (
        'of = "reconstructed"', 'of = "guessed"', "efficiency.of", "'guessed'", "'true'"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_experiment_file_refused(refusal, tmp_path, name):
    old, new, *expected = EDITS[name]
    path = tmp_path / "mine.toml"
    text = new + FORMER if old == "^" else FORMER.replace(old, new, 1)
    assert text != FORMER
    path.write_text(text, encoding="utf-8")
    line = refusal("limit", str(path), "magnetic-moment")
    for part in expected:
        assert part in line


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b""], ids=["no text", "empty"])
def test_experiment_file_that_is_no_experiment(refusal, tmp_path, content):
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    # A long folder is cut in the middle, the name of the file never.
    assert "mine.toml" in refusal("limit", str(path), "magnetic-moment")


def test_a_copy_of_a_shipped_experiment_gives_its_limit(capsys, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(SHIPPED, encoding="utf-8")
    printed = []
    for name in ("xenonnt-sr0", str(path)):
        with pytest.raises(SystemExit) as end:
            main(["limit", name, "magnetic-moment"])
        assert end.value.code == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


# --- Damaged data


@pytest.fixture
def damaged(monkeypatch):
    """One figure of a shipped file changed."""
    raw = nuatom.data._raw
    name = "experiments/xenonnt-sr0.toml"
    changed = SHIPPED.replace("= 0.310", "= 0.311").encode()
    monkeypatch.setattr(nuatom.data, "_raw", lambda asked: changed if asked == name else raw(asked))
    # Tests share shipped experiments (conftest.py): this one is read anew.
    monkeypatch.setattr(loading, "_shipped", loading._shipped.__wrapped__)
    return name


def test_damaged_data_file_is_refused_with_its_hash(refusal, damaged):
    line = refusal("limit", "xenonnt-sr0", "magnetic-moment")
    assert damaged in line
    assert "SHA-256" in line
    assert manifest()[damaged].sha256 in line


def test_doctor_finds_the_damage(capsys, damaged):
    with pytest.raises(SystemExit) as end:
        main(["doctor"])
    assert end.value.code == 1
    problems = [line for line in capsys.readouterr().out.splitlines() if "PROBLEM" in line]
    assert len(problems) == 1
    assert damaged in problems[0]
