"""Limits on charges: in the detector's matter by default, in a vacuum on request."""

import json
from dataclasses import replace

import numpy as np
import pytest

from nuatom import InputError, Target, combine, experiment, experiment_names, interaction
from nuatom.media import phases
from nuatom.processes import PROCESSES

SUN = experiment("xenonnt-sr0")
# Lines fold at once.
XENON = replace(SUN, flux=replace(SUN.flux, components=(SUN.flux.component("be7"),)))


def width(parameter="charge", model="ipm", **medium):
    found = XENON.in_medium(**medium).limit(parameter, model=model).interval
    return found.upper - (found.lower or 0.0)


def test_limits_on_charges_weaken_in_matter_and_forget_the_mass():
    dense, vacuum, heavy = width(), width(medium="vacuum"), width(medium="vacuum", neutrino_mass_ev=1.0)
    # VV2 falls to 0.35 to 0.5: the charge grows by the root of its inverse, less what interference holds.
    assert 1.3 < dense / vacuum < 1.75
    assert 1.02 < heavy / vacuum < 1.10
    np.testing.assert_allclose(width(neutrino_mass_ev=0.0), dense, rtol=1e-5)


def test_limits_on_moments_and_radii_do_not_change():
    for parameter in ("magnetic-moment", "charge-radius"):
        np.testing.assert_allclose(width(parameter), width(parameter, medium="vacuum"), rtol=1e-4)


def test_stepping_does_not_feel_matter():
    """Its least virtuality is 2mT, a million times the square of the plasma energy."""
    np.testing.assert_array_equal(width(model="stepping"), width(model="stepping", medium="vacuum"))


def test_results_name_the_medium():
    tables = XENON.in_medium().limit("charge", model="ipm").tables
    assert set(tables) == {"Xe-ipm", "liquid-xenon"}
    assert "liquid-xenon" not in XENON.in_medium("vacuum").limit("charge", model="ipm").tables


@pytest.mark.parametrize("name", experiment_names())
def test_every_shipped_experiment_names_its_phase(name):
    target = experiment(name).target
    assert (target.phase in phases(target.formula)) == bool(phases(target.formula))


def test_combinations_have_a_medium_too():
    both = combine("xenonnt-sr0", "xenon1t-sr1")
    assert [part.target.phase for part in both.in_medium("vacuum").experiments] == [None, None]
    assert [part.target.phase for part in both.in_medium().experiments] == ["liquid", "liquid"]


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: XENON.in_medium("jar"), "medium"),
        (
            lambda: XENON.in_medium("vacuum", neutrino_mass_ev=0.0).limit("charge", model="ipm"),
            "neutrino_mass_kev",
        ),
        (lambda: XENON.in_medium("vacuum", 1.0).limit("charge", model="stepping"), "neutrino_mass_kev"),
        (lambda: interaction(Target("Ge"), "nucleus", neutrino_mass_kev=1.0), "neutrino_mass_kev"),
        (lambda: PROCESSES["electron"].with_options(colour="blue"), "colour"),
    ],
)
def test_refused(call, argument):
    with pytest.raises(InputError) as refused:
        call()
    assert refused.value.argument == argument


def test_process_with_options_is_the_process_with_them():
    mass = {"neutrino_mass_kev": 1e-2}
    given = PROCESSES["electron"].with_options(**mass).kernels(Target("Xe"), "ipm")
    direct = interaction(Target("Xe"), "electron", "ipm", **mass)
    energy, recoil = np.array([300.0]), np.array([1.0])
    np.testing.assert_array_equal(given.evaluate(energy, recoil), direct.evaluate(energy, recoil))
    assert given.model == "ipm"


def test_the_command_line_has_them(capsys, tmp_path):
    from nuatom.cli import main

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            main([*arguments, "--json"])
        out, error = capsys.readouterr()
        assert end.value.code == 0, error
        return json.loads(out)

    line = tmp_path / "line.csv"
    line.write_text("# flavour: e\n860,1e9\n861,1e9\n862,1e9\n")
    fit = ("limit", "xenonnt-sr0", "charge", "--model", "ipm", "--flux", str(line))
    dense = run(*fit)
    vacuum = run(*fit, "--medium", "vacuum", "--neutrino-mass-ev", "1")
    assert (dense["inputs"]["medium"], vacuum["inputs"]["medium"]) == ("detector", "vacuum")
    assert vacuum["inputs"]["neutrino_mass_ev"] == 1.0
    assert dense["upper"] > 1.3 * vacuum["upper"]
    assert "liquid-xenon" in dense["tables"]
    at = ("--model", "ipm", "--charge", "1e-12", "--energy-kev", "300", "--recoil-kev", "1")
    free, liquid = run("cross-section", "Xe", *at), run("cross-section", "Xe", "--phase", "liquid", *at)
    assert liquid["inputs"]["phase"] == "liquid"
    assert 0.35 < liquid["charge"][0] / free["charge"][0] < 0.45
    heavy = run("cross-section", "Xe", "--neutrino-mass-ev", "10", *at)
    assert heavy["charge"][0] < 0.9 * free["charge"][0]
