"""Fluxes of a user's own, in a file and in every verb, against integrals by hand; sources and reactors."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose
from scipy.constants import physical_constants
from scipy.integrate import quad

import nuatom
from nuatom import Neutrino
from nuatom.cli import cli

EXPERIMENT = """
name = "mine"
target = "Xe"
source = "invented"
citations = ["KS16"]
{flux}
[[channels]]
mass_kg = 1000.0
live_days = 365.25
axes = [{{ quantity = "energy", unit = "keV", edges = [1, 2, 5] }}]
data = {{ counts = [3, 4] }}
response = {{ kind = "smear" }}
"""
ENERGY, FLUX, MOMENT = np.array([100.0, 400.0, 900.0]), np.array([0.0, 3e9, 1e9]), 2e-10
CSV = "# flavour: anti-e\n# uncertainty: 0.05\nenergy_kev,flux\n100,0\n400,3e9\n900,1e9\n"
TABLE = """[flux]
kind = "table"
flavour = "anti-e"
relative_uncertainty = 0.05
energy_kev = [100, 400, 900]
flux_per_cm2_s_kev = [0, 3e9, 1e9]
"""
IN_FILE = '[flux]\nkind = "table"\nfile = "flux.csv"\n'
ELECTRON_KEV = 1e3 * physical_constants["electron mass energy equivalent in MeV"][0]
ALPHA = physical_constants["fine-structure constant"][0]
HBAR_C_KEV_CM = 1e5 * physical_constants["reduced Planck constant times c in MeV fm"][0] * 1e-15
YEAR_S = 365.25 * 86400.0


def by_hand(low, high):
    """Events of a moment, (πα²/m²) μ² (1/T − 1/E) for each of 54 electrons, in a tonne-year of xenon."""
    scale = np.pi * (ALPHA * MOMENT * HBAR_C_KEV_CM / ELECTRON_KEV) ** 2

    def rate(recoil):
        least = 0.5 * (recoil + np.sqrt(recoil * (recoil + 2.0 * ELECTRON_KEV)))

        def integrand(energy):
            return np.interp(energy, ENERGY, FLUX) * (1.0 / recoil - 1.0 / energy)

        return quad(integrand, max(least, 100.0), 900.0, points=[400.0], epsrel=1e-10)[0]

    atoms = 1e6 / 131.293 * physical_constants["Avogadro constant"][0]
    return atoms * 54 * scale * YEAR_S * quad(rate, low, high, epsrel=1e-10)[0]


def moment_counts(experiment):
    folded = experiment.folded("free")
    with_it, without = (folded.counts(Neutrino(magnetic_moment=m)).sum(axis=0) for m in (MOMENT, 0.0))
    return with_it - without


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flux.csv").write_text(CSV, encoding="utf-8")
    for name, flux in (("table", TABLE), ("file", IN_FILE), ("sun", 'flux = "solar-gs98"')):
        (tmp_path / f"{name}.toml").write_text(EXPERIMENT.format(flux=flux), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", ["table", "file"])
def test_counts_of_a_table_are_the_integral(folder, name):
    expected = [by_hand(1.0, 2.0), by_hand(2.0, 5.0)]
    experiment = nuatom.experiment(f"{name}.toml")
    # Quadrature to 1e-5 of the largest bin; the standard atomic weight of xenon is known to 5e-5.
    assert_allclose(moment_counts(experiment), expected, rtol=1e-4)
    (part,) = experiment.flux.components
    assert part.relative_uncertainty == 0.05
    assert part.flavour == "anti-e"


VERBS = {
    "limit": ["magnetic-moment", "--no-toys"],
    "spectrum": [],
    "scan": ["magnetic-moment", "--values", "0:1e-9:3"],
    "fit": ["magnetic-moment"],
}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_takes_the_file(folder, verb):
    """The same numbers from the Sun's file with another flux as from the file that has it."""

    def printed(*arguments):
        given = [verb, *arguments[:1], *VERBS[verb], "--model", "free", "--json", *arguments[1:]]
        found = CliRunner().invoke(cli, given)
        assert found.exit_code == 0, found.output
        return json.loads(found.stdout)

    own, given = printed("file.toml"), printed("sun.toml", "--flux", "flux.csv")
    for key in set(own) - {"inputs", "citations", "nuisances", "correlated", "signal", "channels"}:
        assert own[key] == given[key], key


def test_a_rate_by_hand(folder):
    given = ["rate", "Xe", "--flux", "flux.csv", "--model", "free", "--recoil-kev", "1,3", "--json"]
    found = CliRunner().invoke(cli, [*given, "--magnetic-moment", str(MOMENT)])
    bare = CliRunner().invoke(cli, given)
    difference = np.subtract(json.loads(found.stdout)["total"], json.loads(bare.stdout)["total"])
    step = 1e-3
    near = [by_hand(t - step, t + step) / (2.0 * step) for t in (1.0, 3.0)]
    assert_allclose(difference, near, rtol=1e-4)


def test_a_source_decays_while_it_is_measured(folder):
    """Mean activity of a run of one half-life: (1 − ½)/ln 2 of that at its beginning."""
    flux = '[flux]\nkind = "source"\nnuclide = "51Cr"\nactivity_bq = 1e17\ndistance_m = 1.0\n'
    runs = "half_life_days = 27.7\nrun_days = 27.7\n"
    counts = []
    for name, text in (("constant", flux), ("falling", flux + runs)):
        (folder / f"{name}.toml").write_text(EXPERIMENT.format(flux=text), encoding="utf-8")
        counts.append(moment_counts(nuatom.experiment(f"{name}.toml")))
    assert_allclose(counts[1] / counts[0], 0.5 / np.log(2.0), rtol=1e-9)


def test_a_reactor_by_power_distance_and_duty(folder):
    """The flux goes as the power, the duty and one over the square of the distance."""
    reactor = '[flux]\nkind = "reactor"\nthermal_power_gw = {}\ndistance_m = {}\nduty = {}\n'
    counts = []
    for index, numbers in enumerate([(3.0, 20.0, 1.0), (6.0, 10.0, 0.5)]):
        (folder / f"{index}.toml").write_text(
            EXPERIMENT.format(flux=reactor.format(*numbers)), encoding="utf-8"
        )
        counts.append(moment_counts(nuatom.experiment(f"{index}.toml")))
    assert_allclose(counts[1] / counts[0], 2.0 * 4.0 * 0.5, rtol=1e-9)
