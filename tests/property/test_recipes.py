"""Recipes: whatever is changed in what a table is made from, another recipe says so."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from nuatom.atoms.structure.configuration import ground_configuration
from nuatom.atoms.structure.ground_state import atomic_grid, ground_state
from nuatom.atoms.structure.orbital import GroundState
from nuatom.atoms.tables.correlation_build import build_correlation_table
from nuatom.atoms.tables.parts import Work
from nuatom.atoms.tables.recipe import CorrelationRecipe, Recipe
from nuatom.atoms.tables.response_build import build_table
from nuatom.errors import DataError

NEON = {"Z": 10, "method": "dirac-slater"}

ARGUMENTS = {
    "Z": 11, "method": "dirac-lda", "nucleus": "uniform", "charge": 1, "configuration": "1s2 2s1 2p6 3s1",
    "mass_number": 22, "exchange_coefficient": 2 / 3, "speed_of_light": 138.0, "tolerance": 1e-9,
    "grid": atomic_grid(10, step=0.029),
}  # fmt: skip
"""A change of every argument of `ground_state`."""

COMPUTED = {"potential", "nuclear_potential", "total_energy", "iterations", "residual", "companion_weights"}
"""Fields of a state that follow from the others; what follows of orbitals is in recipes."""


@pytest.fixture(scope="module")
def neon() -> GroundState:
    return ground_state(**NEON)


def test_every_argument_of_a_ground_state_is_in_its_recipe(neon):
    recipes = [
        neon.recipe(),
        *(ground_state(**(NEON | {name: ARGUMENTS[name]})).recipe() for name in ARGUMENTS),
    ]
    assert len({json.dumps(recipe, sort_keys=True) for recipe in recipes}) == len(recipes)


def test_every_field_of_a_ground_state_is_in_its_recipe(neon):
    orbital = neon.orbitals[-1]
    others = {
        "Z": 11,
        "charge": 1,
        "method": "dirac-lda",
        "nucleus": "point",
        "mass_number": None,
        "configuration": ground_configuration(10).without(2, -2),
        "exchange_coefficient": None,
        "tolerance": 1e-9,
        "grid": atomic_grid(10, bend=1.9),
        "orbitals": (*neon.orbitals[:-1], replace(orbital, energy=1.00001 * orbital.energy)),
        "speed_of_light": 137.036,
    }
    assert set(others) | COMPUTED == {field.name for field in fields(GroundState)}
    for name, value in others.items():
        assert replace(neon, **{name: value}).recipe() != neon.recipe(), name
    fewer = replace(orbital, occupation=orbital.occupation - 1e-9)
    assert replace(neon, orbitals=(*neon.orbitals[:-1], fewer)).recipe() != neon.recipe()


def test_a_grid_or_an_end_that_differs_is_another_recipe():
    grids = [{}, {"step": 0.0301}, {"bend": 2.01}, {"radius": 81.0}]
    recipes = [
        ground_state(2, "dirac-slater", grid=atomic_grid(2, **grid)).recipe()["grid"] for grid in grids
    ]
    assert len({json.dumps(recipe) for recipe in recipes}) == len(grids)


@pytest.mark.parametrize("made", [Recipe, CorrelationRecipe])
def test_every_field_of_a_recipe_is_in_its_text_and_takes_its_name(made):
    values = {field.name: index for index, field in enumerate(fields(made))}
    usual = made(**values)
    assert json.loads(usual.text()) == values
    texts = {replace(usual, **{name: "changed"}).text() for name in values}
    assert len(texts | {usual.text()}) == len(values) + 1
    with pytest.raises(TypeError):
        made(*values.values())


def test_parts_of_an_atom_are_not_those_of_its_ion(tmp_path):
    options = {"highest_transfer_kev": 0.08, "accuracy": 0.3, "momenta": 9, "work": Work(parts=tmp_path)}
    atom = build_table(2, **options)
    ion = ground_state(2, charge=1)
    with pytest.raises(DataError, match="another recipe"):
        build_table(2, state=ion, **options)
    assert json.loads(atom.recipe)["state"] == ground_state(2).recipe()


def test_a_table_of_correlation_names_both_of_its_states():
    """Carbon answers in the local density, and opens at the thresholds of Dirac-Fock theory."""
    table = build_correlation_table(
        6, highest_transfer_kev=0.0115, accuracy=0.5, highest_multipole=1, momenta=9
    )
    recipe = json.loads(table.recipe)
    assert recipe["interaction"] == "tdlda"
    assert recipe["state"] == ground_state(6, "dirac-lb94").recipe()
    assert recipe["independent_state"] == ground_state(6).recipe()
