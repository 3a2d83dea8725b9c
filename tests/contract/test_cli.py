"""What the command line promises: JSON, figures, lists of numbers, citations."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

import nuatom
from nuatom.data.bibliography import bibliography
from nuatom.papers import PAPERS
from nuatom.processes import PROCESSES

COUPLINGS = ["--magnetic-moment", "1e-11", "--charge", "e=1e-13", "--charge-radius-cm2", "1e-32"]

# Verb: arguments, schema, and the keys that users rely on.
VERBS = {
    "limit": (
        ["limit", "xenonnt-sr0", "charge:e", "--cl", "0.95", "--no-toys"],
        "nuatom.limit/1",
        {"best_fit", "lower", "upper", "cl", "unit", "two_delta_nll_at_zero", "goodness_of_fit"},
    ),
    "coverage": (
        ["coverage", "xenonnt-sr0", "charge:e", "--at", "-1e-13,3e-13", "--toys", "500"],
        "nuatom.coverage/1",
        {"at", "coverage", "error", "failed"},
    ),
    "spectrum": (
        ["spectrum", "xenon1t-sr1", *COUPLINGS],
        "nuatom.spectrum/1",
        {"bin_edges_kev", "observed", "background", "signal", "expected", "goodness_of_fit"},
    ),
    "scan-1": (
        ["scan", "xenonnt-sr0", "charge", "--values", "-1e-12:1e-12:9"],
        "nuatom.scan/1",
        {"parameters", "units", "values", "best_fit", "two_delta_nll"},
    ),
    "scan-2": (
        ["scan", "xenonnt-sr0", "charge:e", "charge-radius:mu", "--points", "5"],
        "nuatom.scan/1",
        {"parameters", "units", "values", "best_fit", "two_delta_nll"},
    ),
    "cross-section": (
        ["cross-section", "Xe", "--energy-kev", "300", "--recoil-kev", "1,2,5", *COUPLINGS],
        "nuatom.cross-section/1",
        {"recoil_kev", "weak", "charge", "magnetic", "total"},
    ),
    "rate": (
        ["rate", "CsI", "--flux", "solar-agss09met", "--recoil-kev", "0.1:100:5log", *COUPLINGS],
        "nuatom.rate/1",
        {"recoil_kev", "components", "total"},
    ),
    "paper": (["paper", "jky21"], "nuatom.paper/1", {"counts", "entries", "figures"}),
    "data list": (["data", "list"], "nuatom.data-list/1", {"experiments", "fluxes", "files"}),
    "cite": (["cite", "xenonnt-sr0", "KS16"], "nuatom.cite/1", {"bibtex"}),
    "doctor": (["doctor"], "nuatom.doctor/1", {"healthy", "checks"}),
}
MODELLED = ["limit", "spectrum", "scan", "cross-section", "rate"]
PLOTTERS = ["limit", "spectrum", "scan-1", "scan-2", "cross-section", "rate", "paper"]
FIRST_BYTES = {"png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-", "svg": b"<?xml"}


@pytest.fixture
def run_json(run):
    def call(*arguments, stdin=""):
        code, out, err = run(*arguments, "--json", stdin=stdin)
        assert (code, err) == (0, "")
        assert out.count("\n") == 1, "one object, on one line"
        return json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))

    return call


# --- JSON


@pytest.mark.parametrize("verb", VERBS)
def test_json_is_one_object_with_the_promised_keys(run_json, verb):
    arguments, schema, keys = VERBS[verb]
    found = run_json(*arguments)
    assert found["schema"] == schema
    assert found["version"] == nuatom.__version__
    assert isinstance(found["inputs"], dict)
    assert found["citations"][0] == "nuatom"
    assert keys <= set(found)


def test_inputs_are_what_was_asked(run_json):
    inputs = run_json(*VERBS["limit"][0], "--sin2w", "0.23")["inputs"]
    asked = {"experiment": "xenonnt-sr0", "parameter": "charge:e", "cl": 0.95, "sin2w": 0.23}
    assert {**inputs, **asked, "model": "stepping"} == inputs
    inputs = run_json(*VERBS["cross-section"][0])["inputs"]
    assert (inputs["target"], inputs["flavour"], inputs["energy_kev"]) == ("Xe", "e", 300.0)
    assert inputs["magnetic_moment"] == "1e-11"


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "cite"])
def test_text_is_for_people(run, verb):
    code, out, err = run(*VERBS[verb][0])
    assert (code, err) == (0, "")
    assert out.count("\n") > 1
    assert out == out.strip("\n") + "\n"
    assert "nan" not in out.lower().split()


def test_open_ends_are_null(run_json):
    found = run_json("limit", "xenonnt-sr0", "magnetic-moment")
    assert found["lower"] is None
    assert found["segments"] == [[None, found["upper"]]]
    assert run_json("limit", "xenonnt-sr0", "magnetic-moment", "--sides", "upper")["lower"] is None


def test_python_gives_the_same_numbers(run_json):
    found = run_json(*VERBS["limit"][0])
    interval = nuatom.experiment("xenonnt-sr0").limit("charge:e", cl=0.95).interval
    assert (found["lower"], found["best_fit"], found["upper"]) == (
        interval.lower,
        interval.best_fit,
        interval.upper,
    )
    xs = run_json(*VERBS["cross-section"][0])
    neutrino = nuatom.Neutrino(magnetic_moment=1e-11, charge=[1e-13, 0.0, 0.0], charge_radius_cm2=1e-32)
    kernels = nuatom.ionization(nuatom.Target("Xe"))
    assert_allclose(xs["total"], kernels.cross_section(neutrino, 300.0, [1.0, 2.0, 5.0]).total, rtol=1e-14)


def test_parts_add_up_to_the_total(run_json):
    xs = run_json(*VERBS["cross-section"][0])
    assert_allclose(
        np.sum([xs[part] for part in ("weak", "charge", "magnetic")], axis=0), xs["total"], rtol=1e-14
    )
    rate = run_json(*VERBS["rate"][0])
    assert_allclose(np.sum(list(rate["components"].values()), axis=0), rate["total"], rtol=1e-14)
    spectrum = run_json(*VERBS["spectrum"][0])
    signal = np.sum(list(spectrum["signal"].values()), axis=0)
    assert_allclose(signal + spectrum["background"], spectrum["expected"], rtol=1e-14)


def test_scan_is_the_curve_that_limit_cuts(run_json):
    """The rise at the ends of the 90% interval is 2.71."""
    limit = run_json("limit", "xenonnt-sr0", "charge")
    scan = run_json("scan", "xenonnt-sr0", "charge", "--values", f"{limit['lower']},0,{limit['upper']}")
    rise = [limit["two_delta_nll_at_zero"] if end == 0.0 else 2.705543 for end in scan["values"][0]]
    assert_allclose(scan["two_delta_nll"], rise, rtol=1e-5)
    assert_allclose(scan["best_fit"], [limit["best_fit"]], rtol=1e-3)


@pytest.mark.parametrize("option", ["--magnetic-moment", "--charge", "--charge-radius-cm2", "--sin2w"])
def test_no_option_is_ignored(run_json, option):
    """Each coupling changes each verb that takes it; elements change it differently than the common value."""
    values = {
        "--magnetic-moment": "1e-11",
        "--charge": "1e-12",
        "--charge-radius-cm2": "1e-30",
        "--sin2w": "0.3",
    }
    for verb, key in (("spectrum", "expected"), ("rate", "total"), ("cross-section", "total")):
        arguments = [part for part in VERBS[verb][0] if part not in COUPLINGS]
        plain = run_json(*arguments)[key]
        with_option = run_json(*arguments, option, values[option])[key]
        assert not np.array_equal(plain, with_option), verb
        if option != "--sin2w":
            of_mu = run_json(*arguments, option, f"mu={values[option]}")[key]
            assert not np.array_equal(with_option, of_mu), verb
    for verb in ("limit", "scan-1"):
        found = run_json(*VERBS[verb][0], "--sin2w", "0.3")["best_fit"]
        assert found != run_json(*VERBS[verb][0])["best_fit"]


# --- Lists of numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2,5", [1, 2, 5]),
        ("5", [5]),
        ("1:2:5", [1, 1.25, 1.5, 1.75, 2]),
        ("2:1:3", [2, 1.5, 1]),
        ("1:100:3log", [1, 10, 100]),
        ("0.1:100:4log", [0.1, 1, 10, 100]),
        ("1e-1:1e1:2log", [0.1, 10]),
        ("0.1:100:50log", np.geomspace(0.1, 100, 50)),
    ],
)
def test_lists(run_json, text, expected):
    found = run_json("cross-section", "Xe", "--energy-kev", "300", "--recoil-kev", text)["recoil_kev"]
    assert_allclose(found, expected, rtol=1e-14)
    assert (found[0], found[-1]) == (expected[0], expected[-1]), "ends are exactly what was typed"


def test_values_of_a_scan_may_be_negative(run_json):
    found = run_json("scan", "xenonnt-sr0", "charge", "--values", "-2e-13:2e-13:5")["values"]
    assert_allclose(found, [np.linspace(-2e-13, 2e-13, 5)], rtol=0.0, atol=1e-27)


def test_above_the_kinematic_limit_is_zero(run_json):
    """300 keV gives at most 2E²/(2E + m) = 162 keV: no event there is physics, not a mistake."""
    found = run_json("cross-section", "Xe", "--energy-kev", "300", "--recoil-kev", "162,163", *COUPLINGS)
    assert found["total"][0] > 0.0
    assert [found[part][1] for part in ("weak", "charge", "magnetic", "total")] == [0.0, 0.0, 0.0, 0.0]


# --- Papers


def test_entries_of_a_paper(run_json):
    found = run_json("paper", "jky21")
    keys = [
        "equation",
        "quantity",
        "unit",
        "printed",
        "computed",
        "relative_difference",
        "verdict",
        "kind",
        "quote",
        "note",
    ]
    assert [list(entry) for entry in found["entries"]] == [keys] * len(found["entries"])
    for kind, counts in (("computed", found["counts"]), ("arithmetic", found["arithmetic"])):
        verdicts = [entry["verdict"] for entry in found["entries"] if entry["kind"] == kind]
        assert list(counts) == ["reproduced", "rounding", "corrected", "erratum"]
        assert {verdict: verdicts.count(verdict) for verdict in counts} == counts
    assert {entry["kind"] for entry in found["entries"]} == {"computed", "arithmetic"}


def test_notes_of_a_paper(run):
    """Disagreements are explained below the table; --verbose prints every note."""
    _, short, _ = run("paper", "jky21")
    _, long, _ = run("paper", "jky21", "--verbose")
    assert re.search(r"(corrected|erratum|rounding) \[1\]", short)
    assert "\n[1] " in short
    assert len(long.splitlines()) > len(short.splitlines())


def test_every_figure_of_a_paper(run_json, tmp_path):
    figures = run_json("paper", "ks16")["figures"]
    for name in figures:
        path = tmp_path / f"{name}.png"
        run_json("paper", "ks16", "--figure", name, "--plot", str(path))
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == len(figures) > 1


# --- Figures


@pytest.mark.parametrize("verb", PLOTTERS)
@pytest.mark.parametrize("suffix", FIRST_BYTES)
def test_figures(run_json, tmp_path, verb, suffix):
    path = tmp_path / f"figure.{suffix}"
    assert run_json(*VERBS[verb][0], "--plot", str(path))["schema"] == VERBS[verb][1]
    assert path.read_bytes().startswith(FIRST_BYTES[suffix])
    assert list(tmp_path.iterdir()) == [path]


def test_figure_is_named_in_the_text_and_readable_by_others(run, tmp_path):
    path = tmp_path / "limit.png"
    code, out, _ = run("limit", "xenonnt-sr0", "magnetic-moment", "--plot", str(path))
    assert code == 0
    assert str(path) in out
    (tmp_path / "other").touch()
    assert path.stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()], ids=["error", "interrupt"])
@pytest.mark.parametrize("verb", PLOTTERS)
def test_nothing_half_written(run, tmp_path, monkeypatch, verb, failure):
    def fail(_, path, **options):
        Path(path).write_bytes(b"half")
        raise failure

    monkeypatch.setattr(Figure, "savefig", fail)
    path = tmp_path / "figure.png"
    path.write_bytes(b"yesterday's")
    code, out, err = run(*VERBS[verb][0], "--plot", str(path))
    assert code == (2 if isinstance(failure, OSError) else 130)
    assert out == ""
    assert err.strip().count("\n") == 0
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"yesterday's"


# --- Help


@pytest.mark.parametrize(
    ("verb", "names"),
    [
        *((verb, {name for process in PROCESSES.values() for name in process.models}) for verb in MODELLED),
        ("paper", PAPERS),
    ],
)
def test_help_names_what_there_is(run, verb, names):
    code, out, _ = run(verb, "--help")
    assert code == 0
    unwrapped = re.sub(r"-\n\s+", "-", out)
    assert set(names) <= set(re.findall(r"[\w-]+", unwrapped))


# --- Citations


def entries(text):
    return [line.partition("{")[2].rstrip(",") for line in text.splitlines() if line.startswith("@")]


@pytest.mark.parametrize("verb", VERBS)
def test_cite_takes_the_json_of_every_verb(run, run_json, verb):
    found = run_json(*VERBS[verb][0])
    assert set(found["citations"]) <= set(bibliography())
    code, out, err = run("cite", "-", stdin=json.dumps(found))
    assert (code, err) == (0, "")
    assert entries(out) == found["citations"]


def test_citations_say_what_was_used(run_json):
    xenonnt = run_json(*VERBS["limit"][0])["citations"]
    assert "XENON:2022ltv" in xenonnt
    assert len(xenonnt) == len(set(xenonnt))
    assert "Kopeikin:1997ve" in xenonnt
    assert "Kopeikin:1997ve" not in run_json(*VERBS["limit"][0], "--model", "free")["citations"]
    assert "Erler:2013xha" in run_json(*VERBS["limit"][0], "--couplings", "radiative")["citations"]
    assert "XENON:2022ltv" not in run_json(*VERBS["spectrum"][0])["citations"]


def test_cite_without_sources_is_the_whole_bibliography(run):
    code, out, _ = run("cite")
    assert code == 0
    assert entries(out) == list(bibliography())


def test_pipe_through_real_processes():
    """As users type it: `nuatom limit … --json | nuatom cite -`."""
    nuatom_command = [sys.executable, "-c", "from nuatom.cli import main; main()"]
    limit = subprocess.run(  # noqa: S603
        [*nuatom_command, *VERBS["limit"][0], "--json"], capture_output=True, check=True
    )
    cite = subprocess.run(  # noqa: S603
        [*nuatom_command, "cite", "-"], input=limit.stdout, capture_output=True, check=True
    )
    assert entries(cite.stdout.decode()) == json.loads(limit.stdout)["citations"]
    assert limit.stderr == cite.stderr == b""
