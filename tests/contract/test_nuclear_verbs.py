"""The command line on nuclei and atoms, and files of experiments that say a thing twice or not at all."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose

from nuatom import InputError, Neutrino, Target
from nuatom.cli import cli
from nuatom.experiments import experiment
from nuatom.experiments.schema import Files, parse
from nuatom.processes import interaction

FORMER = Path(__file__).parents[1] / "published" / "former" / "coherent-csi-2021.toml"
TEXT = FORMER.read_text(encoding="utf-8")


def answer(*arguments):
    result = CliRunner().invoke(cli, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("process", ["nucleus", "atom"])
def test_cross_section(process):
    found = answer(
        *("cross-section", "Ge", "--process", process, "--energy-kev", "8000", "--recoil-kev", "0.01,0.5"),
        *("--magnetic-moment", "1e-10", "--charge", "1e-12", "--flavour", "anti-e"),
    )
    neutrino = Neutrino(magnetic_moment=1e-10, charge=1e-12)
    expected = interaction(Target("Ge"), process).cross_section(neutrino, 8000.0, [0.01, 0.5], "anti-e")
    for part in ("weak", "charge", "magnetic", "total"):
        assert_allclose(found[part], getattr(expected, part), rtol=1e-14)
    assert found["inputs"]["model"] == "helm"
    assert "Helm:1956zz" in found["citations"]


def test_rate():
    found = answer(
        *("rate", "Xe", "--process", "nucleus", "--model", "klein-nystrand"),
        *("--flux", "solar-gs98", "--recoil-kev", "0.5,1"),
    )
    assert found["components"]["pp"] == [0.0, 0.0]
    assert found["total"][0] > found["total"][1] > 200.0
    assert found["inputs"]["model"] == "klein-nystrand"


def test_limit_spectrum_and_scan():
    limit = answer("limit", "coherent-csi-2021", "charge-radius:mu")
    assert len(limit["segments"]) == 2
    assert limit["inputs"]["model"] == "helm+stepping"
    assert {"COHERENT:2021xmm", "KS16"} <= set(limit["citations"])
    spectrum = answer("spectrum", "coherent-csi-2021", "--magnetic-moment", "mu=1e-9")
    assert len(spectrum["in_time"]["observed"]) == 15
    assert sum(spectrum["observed"]) == sum(spectrum["in_time"]["observed"]) == 1567
    scan = answer("scan", "coherent-csi-2021", "charge-radius:e", "--values=-1e-31:1e-31:5")
    assert np.shape(scan["two_delta_nll"]) == (5,)


def test_figures_of_both_projections(tmp_path):
    for verb, extra in (("spectrum", ()), ("limit", ("charge:mu",))):
        file = tmp_path / f"{verb}.png"
        result = CliRunner().invoke(cli, [verb, "coherent-csi-2021", *extra, "--plot", str(file)])
        assert result.exit_code == 0, result.output
        assert file.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("edges = [8,", 'bins = "8:60:10"\nedges = [8,', "axes.0"),
        ("[flux]\n", 'flux = "solar-gs98"\n[flux]\n', "TOML"),
        ("mass_kg = 14.57", "exposure_tonne_year = 1.0", "mass_kg"),
        ("mass_kg = 14.57", "mass_kg = 14.57\nexposure_tonne_year = 1.0", "mass_kg"),
        ("mass_kg = 14.57", "mass_kg = 14.57\nlive_days = 300", "mass_kg"),
        ("light_yield_pe_per_kev = 13.35\n", "", "light_yield_pe_per_kev"),
        ("edges = [0, ", "edges = [", "data.counts"),
        ("        0.07591, ", "        0.1, 0.07591, ", "steady-state.template.shares.0"),
        ('unit = "us"', 'unit = "s"', "axes"),
        ('quantity = "time"', 'quantity = "space"', "axes"),
        ('["nucleus", "electron"]', '["proton"]', "process"),
        ('["nucleus", "electron"]', '["nucleus", "muon"]', "process"),
        ('kind = "gamma"', 'kind = "delta"', "resolution"),
        ("normalisation_uncertainty = 0.021", "", "steady-state.normalisation_uncertainty"),
        ("normalisation_uncertainty = 0.021", 'normalisation = "x"', "normalisation"),
    ],
)
def test_an_experiment_says_each_thing_once(old, new, place):
    assert old in TEXT
    with pytest.raises(InputError) as refused:
        parse(TEXT.replace(old, new, 1), "mine").build(Files("mine", Path.read_bytes))
    assert place in str(refused.value)


HEAD = "[channels.response.quenching]\n"
LINDHARD = HEAD + 'kind = "lindhard"\natomic_number = 54\nk = 0.165\nk_uncertainty = {}\n'
MEASURED = (
    HEAD + 'kind = "table"\nrecoil_kev = [5, 20, 60]\n'
    "electron_equivalent_kev = [0.35, 1.9, 5.0]\nuncertainty_kev = {}\ncommon = {}\n"
)


@pytest.mark.parametrize(
    ("exact", "uncertain", "nuisances"),
    [
        (LINDHARD.format(0), LINDHARD.format(0.03), 1),
        (MEASURED.format([], "true"), MEASURED.format([0.05, 0.15, 0.3], "true"), 1),
        (MEASURED.format([], "true"), MEASURED.format([0.05, 0.15, 0.3], "false"), 3),
    ],
)
def test_quenching_of_other_kinds_and_its_uncertainty(tmp_path, exact, uncertain, nuisances):
    """An uncertain quenching is a nuisance of the fit: the interval widens."""
    head = TEXT[: TEXT.index("[channels.response.quenching]")].replace("0.105", "0.0")

    def loaded(name, table):
        file = tmp_path / f"{name}.toml"
        file.write_text(head + table, encoding="utf-8")
        return experiment(str(file))

    sharp, wide = loaded("exact", exact), loaded("uncertain", uncertain)
    assert len(wide.channel.variations) == len(sharp.channel.variations) + nuisances
    # Folded beside its variations, whose edges are stops of the quadrature too: to what that is worth.
    found, expected = (each.folded().counts(Neutrino()) for each in (wide, sharp))
    assert_allclose(found, expected, rtol=1e-5, atol=1e-5 * expected.max())

    def width(chosen):
        lower, upper = chosen.limit("charge-radius:mu").interval.segments[-1]
        return upper - lower

    assert width(wide) > 1.01 * width(sharp)
