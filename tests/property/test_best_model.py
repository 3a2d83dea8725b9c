"""The best model of a target's electrons: element by element, what there are tables for, and by name."""

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose

import nuatom
from nuatom.atoms.tables.files import table_path
from nuatom.cli import cli
from nuatom.data import read_bytes
from nuatom.fluxes import Component, Flux, Lines
from nuatom.processes import PROCESSES, best_model, best_models, ionization, models_of, what_builds_better
from nuatom.rates import fold

RECOIL = np.array([[0.03], [0.3], [2.0], [40.0]])
ENERGY = np.array([300.0, 4000.0])
DETECTOR = nuatom.Detector(1.0, (0.2, 1.0, 10.0), resolution=nuatom.GaussianResolution(0.3, 0.0))


def kernels(formula, model="best"):
    return ionization(nuatom.Target(formula), model)


@pytest.mark.parametrize(
    ("formula", "model"),
    [("Xe", "rpa"), ("NaI", "rpa"), ("CaWO4", "ipm"), ("Te", "stepping"), ("H2O", "best")],
)
def test_the_best_that_there_is(formula, model):
    target = nuatom.Target(formula)
    assert best_model(target) == model
    chosen = kernels(formula)
    assert chosen.model.partition(" ")[0] == model
    assert models_of(("electron",), "best", target) == (model,)
    assert models_of(("nucleus", "electron"), "stepping", target) == ("helm", "stepping")
    if model != "best":
        assert (chosen.model, chosen.tables) == (model, kernels(formula, model).tables)
        alike = kernels(formula, model).evaluate(ENERGY, RECOIL)
        np.testing.assert_array_equal(chosen.evaluate(ENERGY, RECOIL), alike)


@pytest.mark.parametrize(
    ("formula", "parts"),
    [("H2O", (("O", "ipm", 1), ("H", "stepping", 2))), ("XeO2", (("Xe", "rpa", 1), ("O", "ipm", 2)))],
)
def test_elements_add_up_each_by_its_own(formula, parts):
    """So do their thresholds, in the kernels that are folded."""
    whole = kernels(formula)
    assert (
        whole.model
        == f"best ({', '.join(f'{symbol} {model}' for symbol, model, _ in sorted_as(formula, parts))})"
    )
    expected = sum(count * kernels(symbol, model).evaluate(ENERGY, RECOIL) for symbol, model, count in parts)
    assert_allclose(whole.evaluate(ENERGY, RECOIL), expected, rtol=1e-12)
    flux = Flux("a line", (Component("line", 1e10, 0.1, "e", Lines((300.0,), (1.0,))),), ())
    neutrino = nuatom.Neutrino(magnetic_moment=1e-11)
    per_kg = nuatom.Target(formula).mass_kg
    counts = sum(
        count
        * nuatom.Target(symbol).mass_kg
        / per_kg
        * fold(kernels(symbol, model), flux, DETECTOR).counts(neutrino)
        for symbol, model, count in parts
    )
    assert_allclose(fold(whole, flux, DETECTOR).counts(neutrino).sum(), counts.sum(), rtol=2e-4)


def sorted_as(formula, parts):
    order = [element.symbol for element, _ in nuatom.Target(formula).constituents]
    return sorted(parts, key=lambda part: order.index(part[0]))


def test_a_table_of_the_users_is_found(monkeypatch, tmp_path):
    monkeypatch.setenv("NUATOM_TABLES", str(tmp_path))
    target = nuatom.Target("Te")
    assert best_models(target) == {"Te": "stepping"}
    table_path("Te", "ipm").write_bytes(read_bytes("tables/Xe-ipm.npz"))
    assert best_models(target) == {"Te": "ipm"}


def test_what_is_better_is_said_once_and_only_where_nothing_was_asked():
    assert what_builds_better(nuatom.Target("CsI")) is None
    assert what_builds_better(nuatom.Target("C9H12")) == (
        "stepping, since there is no table of C, H; better with nuatom table build C; nuatom table build H"
    )
    verb = ["cross-section", "Te", "--energy-kev", "300", "--recoil-kev", "1"]
    said = {}
    for more in ((), ("--model", "stepping"), ("--process", "nucleus"), ("--json",)):
        result = CliRunner().invoke(cli, [*verb, *more])
        assert result.exit_code == 0
        said[more] = result.output.count("nuatom table build Te")
    assert list(said.values()) == [1, 0, 0, 0]


def test_results_name_it():
    result = nuatom.experiment("xenonnt-sr0").limit("magnetic-moment", model="best")
    assert result.model == "rpa"
    assert set(result.tables) == {"Xe-ipm", "Xe-rpa", "liquid-xenon"}
    assert nuatom.experiment("borexino-phase2").analysis(model="best").model == "stepping"


def test_a_process_without_choice_has_its_default():
    plain = PROCESSES["nucleus"]
    assert plain.model_of(nuatom.Target("Xe")) == "helm"
    with pytest.raises(nuatom.InputError, match="model"):
        plain.kernels(nuatom.Target("Xe"), "best")
