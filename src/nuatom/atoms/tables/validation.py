"""What a table read from a file must be: of its schema, and possible.

A hash tells that a file is as it was written, not that it was written well. Numbers have to be finite, axes
to increase, diagonal responses to be positive and signed ones within their Schwarz bounds; subshells,
electrons and thresholds have to be those of the ground state that the recipe names.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, Final

import numpy as np

from nuatom.atoms.components import DIAGONAL, SIGNED, encode
from nuatom.atoms.structure.configuration import subshell_label
from nuatom.atoms.tables.recipe import RECIPE, CorrelationRecipe, LocalRecipe, Recipe
from nuatom.atoms.tables.responses import ResponseTable, SubshellTable
from nuatom.constants import HARTREE_KEV
from nuatom.errors import DataError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["check_correlation", "check_responses", "recipe_of", "typed"]

_LARGEST_PER_KEV: Final = 1e6
"""Response of an electron beyond which all of its strength would lie within a thousandth of an
electronvolt."""

_LARGEST_LOGARITHM: Final = 20.0
"""Of a change by correlation; in Cooper minima there are some of 6."""

_ROUNDED: Final = 1e-5
"""Six digits of an orbital's energy in a recipe."""

_ROUNDING: Final = 1e-9


def typed(entry: Any, schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a JSON object that has exactly the keys of a schema, with values of its types.

    Raises
    ------
    DataError
        For another one; where a float is wanted it has to be finite, and an integer will do.
    """
    if not isinstance(entry, dict) or set(entry) != set(schema):
        found = ", ".join(map(str, entry)) if isinstance(entry, dict) else repr(entry)[:40]
        raise DataError(f"{name}: metadata {found}, not {', '.join(schema)}")
    for key, wanted in schema.items():
        value = entry[key]
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if wanted is float:
            good = number and abs(value) < 1e300 and math.isfinite(value)
        else:
            good = isinstance(value, wanted) and not isinstance(value, bool)
        if not good:
            raise DataError(f"{name}: {key} = {repr(value)[:40]}, not a {wanted.__name__}")
    return entry


def recipe_of(text: str, kind: type[Recipe | CorrelationRecipe | LocalRecipe], name: str) -> dict[str, Any]:
    """Read a recipe of this version.

    Raises
    ------
    DataError
        For one of another version, or of another kind of table.
    """
    try:
        recipe = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name}: its recipe is no JSON ({error})") from error
    version = recipe.get("recipe") if isinstance(recipe, dict) else None
    if version != RECIPE:
        reason = f"recipe of version {version!r}, this nuatom reads {RECIPE}: build the table again"
        raise DataError(f"{name}: {reason}")
    known = {field.name for field in fields(kind)}
    # Fields that recipes got later have a value that older tables were made with.
    needed = {field.name for field in fields(kind) if field.default is MISSING}
    model = "ipm" if kind is Recipe else "rpa"
    if not needed <= set(recipe) <= known or recipe["model"] != model:
        raise DataError(f"{name}: its recipe is not one of an {model} table")
    found: dict[str, Any] = recipe
    return found


def _bound(state: Any, symbol: str, number: int, name: str) -> dict[str, tuple[float, float]]:
    """Electrons and binding energy in keV of every subshell of the table's own ground state."""
    import periodictable

    if not 1 <= number <= 103 or str(periodictable.elements[number].symbol) != symbol:
        raise DataError(f"{name}: Z = {number} is not {symbol}")
    try:
        if state["Z"] != number:
            raise DataError(f"{name}: made for Z = {state['Z']}, not {number}")
        found = {key: (float(n), -HARTREE_KEV * float(e)) for key, (n, e) in state["orbitals"].items()}
        electrons = number - int(state["charge"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"{name}: the ground state in its recipe is not one ({error})") from error
    if not abs(sum(n for n, _ in found.values()) - electrons) <= 1e-9 * number:
        raise DataError(f"{name}: electrons in its recipe do not add up to {electrons}")
    return found


def check_responses(table: ResponseTable, name: str) -> None:
    """Raise DataError unless a table of responses is possible, and that of its recipe."""
    recipe = recipe_of(table.recipe, Recipe, name)
    bound = _bound(recipe["state"], table.symbol, table.Z, name)
    if len(set(table.labels)) < len(table.labels) or not table.subshells:
        raise DataError(f"{name}: no subshell, or one of them twice")
    highest = recipe["highest_transfer_kev"]
    for label, (_, energy) in bound.items():
        if label not in table.labels and energy < highest * (1.0 - _ROUNDED) - 1e-3:
            raise DataError(f"{name}: subshell {label}, which opens below {highest:g} keV, is missing")
    for shell in table.subshells:
        if shell.label not in bound:
            raise DataError(f"{name}: {table.symbol} has no subshell {shell.label}")
        _check_subshell(shell, *bound[shell.label], recipe, name)


def _check_subshell(
    shell: SubshellTable, electrons: float, energy_kev: float, recipe: dict[str, Any], name: str
) -> None:
    scale, label = shell.scale, shell.label
    known = shell.kappa != 0 and subshell_label(shell.n, shell.kappa) == label
    _require(known, name, f"n = {shell.n}, κ = {shell.kappa} is not {label}")
    same = abs(shell.occupation - electrons) <= _ROUNDING * electrons
    _require(same, name, f"{label} holds {shell.occupation:g} electrons, {electrons:g} in the recipe")
    lengths = (scale.edge_kev, scale.width_kev, scale.reach_kev)
    _require(min(lengths) > 0.0, name, f"{label} has an edge or a width that is not positive")
    if recipe["thresholds"] == "calculated":
        near = abs(scale.edge_kev - energy_kev) <= _ROUNDED * energy_kev
        _require(near, name, f"{label} opens at {scale.edge_kev:g} keV, {energy_kev:g} in the recipe")
    last = shell.ejected_kev[-1] + scale.edge_kev
    within = last <= recipe["highest_transfer_kev"] * (1.0 + _ROUNDING)
    _require(within, name, f"{label} reaches {last:g} keV, beyond its recipe")
    values = shell.values_per_kev
    size = float(np.abs(values).max())
    _require(size <= _LARGEST_PER_KEV * electrons, name, f"{label} has a response of {size:g} per keV")
    fractions = np.abs(encode(values)[list(SIGNED)]).max()
    _require(fractions <= 1.0 + _ROUNDING, name, f"{label} breaks a Schwarz inequality")
    errors = shell.truncation_error
    shaped = errors.shape == values.shape[1:] and bool(np.all(errors >= 0.0))
    _require(shaped and shell.interpolation_error >= 0.0, name, f"{label} has no errors, or negative ones")


def check_correlation(
    arrays: Mapping[str, FloatArray], multipoles: tuple[Any, ...], metadata: Mapping[str, Any], name: str
) -> None:
    """Raise DataError unless a table of correlation is possible, and that of its recipe."""
    local = '"second_state"' in metadata["recipe"]
    recipe = recipe_of(metadata["recipe"], LocalRecipe if local else CorrelationRecipe, name)
    for key, array in arrays.items():
        _require(bool(np.all(np.isfinite(array))), name, f"{key} has numbers that are not finite")
    bound = _bound(recipe["independent_state"], metadata["symbol"], metadata["Z"], name)
    _bound(recipe["state"], metadata["symbol"], metadata["Z"], name)
    edges, transfer, momentum = (arrays[key] for key in ("edges_kev", "transfer_kev", "momentum_kev"))
    energies = np.sort([energy for _, energy in bound.values()])
    same = edges.shape == energies.shape and np.allclose(edges, energies, rtol=_ROUNDED, atol=0.0)
    _require(same, name, "its thresholds are not those of its recipe")
    for key, axis in (("transfer_kev", transfer), ("momentum_kev", momentum)):
        good = axis.ndim == 1 and axis.size > 1 and axis[0] > 0.0 and bool(np.all(np.diff(axis) > 0.0))
        _require(good, name, f"{key} does not increase from above 0")
    within = edges[0] < transfer[0] and transfer[-1] <= recipe["highest_transfer_kev"] * (1.0 + _ROUNDING)
    _require(within, name, "transfer_kev lies below every threshold, or beyond the recipe")
    nodes = (transfer.size,)
    shapes: dict[str, tuple[int, ...]] = {
        "changes": (9, transfer.size, momentum.size), "half_width_kev": nodes, "join_step": (2, *nodes),
        "size": (2, *nodes),
    }  # fmt: skip
    for key, expected in (("kernel_error", (2, *nodes)), ("node_error", nodes)):
        if key in arrays:
            shapes[key] = expected
            _require(arrays[key].min() >= 0.0, name, "an error is negative")
    for key, shape in shapes.items():
        _require(arrays[key].shape == shape, name, f"{key} has shape {arrays[key].shape}, not {shape}")
    changes = arrays["changes"]
    largest = float(np.abs(changes[DIAGONAL]).max())
    _require(largest <= _LARGEST_LOGARITHM, name, f"a response changes by a factor e^{largest:g}")
    _require(np.abs(changes[list(SIGNED)]).max() <= 1.0, name, "a change breaks a Schwarz inequality")
    positive = arrays["half_width_kev"].min() > 0.0 and arrays["join_step"].min() >= 0.0
    _require(positive and arrays["size"].min() > -1.0, name, "a width, a step or a strength is negative")
    errors = ("interpolation_error", "residual", "basis_error", "conservation_error")
    _require(min(metadata[key] for key in errors) >= 0.0, name, "an error is negative")
    highest = recipe["highest_multipole"]
    orders = [order for order in multipoles if type(order) is int and 0 <= order <= highest]
    complete = len(orders) == len(multipoles) == transfer.size
    _require(complete, name, "multipoles are not one for each transfer")


def _require(good: Any, name: str, fault: str) -> None:
    if not good:
        raise DataError(f"{name}: {fault}")
