"""Tables in the package: what packing costs, what they cover, and that the recipe gives them again."""

import json

import numpy as np
import pytest

from nuatom import data
from nuatom.atoms.components import encode
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.tables import files as table_files
from nuatom.atoms.tables.archive import pack, save_table, table_in
from nuatom.atoms.tables.files import shipped_tables, table_path
from nuatom.atoms.tables.recipe import RECIPE
from nuatom.atoms.tables.response_build import build_table
from nuatom.atoms.tables.store import find_correlation, find_table, table_origin
from nuatom.constants import HARTREE_KEV
from nuatom.errors import DataError
from nuatom.numerics.radial_grid import log_linear_grid

DIAGONAL = [0, 2, 3, 4, 6, 7]


@pytest.fixture
def no_user_tables(tmp_path, monkeypatch):
    monkeypatch.setenv(table_files.FOLDER_VARIABLE, str(tmp_path))


@pytest.fixture(scope="module")
def small():
    return build_table(2, method="dirac-slater", highest_transfer_kev=0.4, first_ejected_kev=2e-3)


def test_packing_keeps_responses_to_a_few_in_ten_thousand(small):
    again = table_in(pack(small), "packed")
    assert (again.symbol, again.Z, again.labels, again.recipe) == ("He", 2, small.labels, small.recipe)
    for before, after in zip(small.subshells, again.subshells, strict=True):
        np.testing.assert_array_equal(after.ejected_kev, before.ejected_kev)
        ratio = after.values_per_kev[DIAGONAL] / before.values_per_kev[DIAGONAL]
        added = after.interpolation_error - before.interpolation_error
        assert 0.0 < added < 2e-3
        assert np.max(np.abs(np.log(ratio))) <= added * (1.0 + 1e-6)
        fractions = encode(after.values_per_kev)[[1, 5, 8]]
        np.testing.assert_allclose(fractions, encode(before.values_per_kev)[[1, 5, 8]], rtol=0.0, atol=2e-5)
        assert np.all(np.abs(fractions) <= 1.0 + 2e-5)


@pytest.mark.parametrize("content", [b"", b"no table", pack.__doc__.encode()])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(DataError, match="foreign: damaged"):
        table_in(content, "foreign")


@pytest.mark.usefixtures("no_user_tables")
@pytest.mark.parametrize("name", [name for name in shipped_tables() if name.endswith("-ipm.npz")])
def test_shipped_table(name):
    symbol = name.removeprefix("tables/").removesuffix("-ipm.npz")
    table = find_table(symbol, "ipm")
    recipe = json.loads(table.recipe)
    assert table.symbol == symbol
    assert recipe["highest_transfer_kev"] == 300.0
    assert sum(shell.occupation for shell in table.subshells) == pytest.approx(table.Z, abs=1e-9)
    assert table.error < 0.02
    assert table_origin(symbol, "ipm") == f"nuatom:{name}"


@pytest.mark.usefixtures("no_user_tables")
@pytest.mark.parametrize("name", [name for name in shipped_tables() if name.endswith("-rpa.npz")])
def test_shipped_table_of_correlation(name):
    symbol = name.removeprefix("tables/").removesuffix("-rpa.npz")
    table = find_correlation(symbol)
    assert table.symbol == symbol
    assert json.loads(table.recipe)["highest_transfer_kev"] == pytest.approx(table.highest_kev, abs=1e-9)
    assert np.allclose(table.edges_kev, np.sort(find_table(symbol, "ipm").edges_kev), rtol=1e-6, atol=0.0)
    # Between two nodes next to a threshold or in a resonance; of local fields its mean over ±7%.
    assert table.error < (0.1 if table.node_error is None else 0.03)
    assert table.conservation_error < 0.025
    assert table.join_step.max() < 0.01
    assert table_origin(symbol, "rpa") == f"nuatom:{name}"


def test_shipped_tables_are_small():
    assert sum(len(data.read_bytes(name)) for name in shipped_tables()) < 14e6


def test_a_table_that_the_user_built_comes_first(small, tmp_path, monkeypatch):
    monkeypatch.setenv(table_files.FOLDER_VARIABLE, str(tmp_path))
    save_table(small, table_path("He", "ipm"))
    assert find_table("He", "ipm").sha256 == small.sha256
    assert table_origin("He", "ipm") == str(table_path("He", "ipm"))


@pytest.mark.usefixtures("no_user_tables")
def test_without_a_table_the_command_that_makes_one_is_named():
    with pytest.raises(DataError, match="nuatom table build U"):
        find_table("U", "ipm")


def state_of(recipe):
    """The ground state that a recipe describes."""
    fields = {key: value for key, value in recipe.items() if key != "orbitals"}
    grid = fields.pop("grid")
    # A little less than the last radius, which is rounded: the grid goes on to the first point beyond.
    radii = log_linear_grid(grid["first"], grid["last"] * (1.0 - 1e-6), grid["step"], grid["bend"])
    assert radii.size == grid["points"]
    return ground_state(**fields, grid=radii)


@pytest.mark.usefixtures("no_user_tables")
@pytest.mark.parametrize("name", shipped_tables())
def test_recipe_of_a_shipped_table_names_its_ground_state(name):
    symbol, model = name.removeprefix("tables/").removesuffix(".npz").split("-")
    table = find_correlation(symbol) if model == "rpa" else find_table(symbol, model)
    recipe = json.loads(table.recipe)
    alone = recipe["independent_state"] if model == "rpa" else recipe["state"]
    assert (recipe["recipe"], recipe["model"], recipe["state"]["Z"]) == (RECIPE, model, table.Z)
    thresholds = sorted(-HARTREE_KEV * energy for _, energy in alone["orbitals"].values())
    # Six digits of an energy.
    np.testing.assert_allclose(np.sort(table.edges_kev), thresholds, rtol=1e-5, atol=0.0)
    assert sum(electrons for electrons, _ in recipe["state"]["orbitals"].values()) == pytest.approx(
        table.Z, rel=1e-12, abs=0.0
    )


@pytest.mark.usefixtures("no_user_tables")
@pytest.mark.parametrize("symbol", ["He", pytest.param("Ne", marks=pytest.mark.slow)])
def test_recipe_gives_the_shipped_table_again(symbol):
    shipped = find_table(symbol, "ipm")
    recipe = json.loads(shipped.recipe)
    state = state_of(recipe.pop("state"))
    options = {key: recipe[key] for key in recipe if key not in ("recipe", "version", "constants")}
    again = build_table(state.Z, method=state.method, state=state, **options)
    assert again.recipe == shipped.recipe
    for mine, theirs in zip(again.subshells, shipped.subshells, strict=True):
        np.testing.assert_allclose(mine.ejected_kev, theirs.ejected_kev, rtol=1e-6)
        ejected, u = mine.ejected_kev[:, None], np.linspace(0.0, 1.0, mine.values_per_kev.shape[2])
        momentum = mine.scale.momentum_kev(ejected, u)
        measure = momentum / mine.scale.slope_per_kev(ejected, momentum)
        whole = (theirs.values_per_kev[DIAGONAL] * measure).sum(axis=2)
        wrong = (np.abs(mine.values_per_kev - theirs.values_per_kev)[DIAGONAL] * measure).sum(axis=2)
        # Multipole sums may be cut elsewhere than when the table was made, within the error that it states.
        stated = theirs.interpolation_error + theirs.truncation_by_energy()
        assert np.all(wrong < stated * whole), (mine.label, np.max(wrong / (stated * whole)))
        ratio = mine.values_per_kev[DIAGONAL] / theirs.values_per_kev[DIAGONAL]
        np.testing.assert_allclose(ratio, 1.0, rtol=0.0, atol=3.0 * recipe["accuracy"])
        # Signed components as parts of what bounds them, which tables keep to 2e-5.
        parts = (encode(shell.values_per_kev)[[1, 5, 8]] for shell in (mine, theirs))
        np.testing.assert_allclose(*parts, rtol=0.0, atol=2e-3)
