"""Give shipped tables whose recipes do not name their ground state the fuller recipe; arrays stay.

python tools/complete_recipes.py && python tools/update_manifest.py

They were made with the defaults of `ground_state`, but for the tolerance of local-density fields. That the
states are those of the tables is checked: every threshold of an ipm table, and the first node of an rpa
table, which lies a fixed distance above the lowest threshold of the field that answered.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np

from nuatom.atoms.correlated.interaction import correlated_mean_field, interaction_of
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.structure.thresholds import thresholds_kev
from nuatom.atoms.tables.archive import content_hash
from nuatom.atoms.tables.grid import transfer_nodes_kev
from nuatom.atoms.tables.recipe import RECIPE

TABLES = Path(__file__).parents[1] / "src" / "nuatom" / "data" / "tables"

LOCAL_TOLERANCE = 1e-9
"""Of the local-density fields when the first tables were made."""


def main() -> None:
    """Rewrite the recipe of every shipped table that has the first kind."""
    for path in sorted(TABLES.glob("*.npz")):
        with np.load(path, allow_pickle=False) as archive:
            members: dict[str, Any] = {name: archive[name] for name in archive.files}
        metadata = json.loads(members["metadata"].tobytes())
        recipe = json.loads(metadata["recipe"])
        if recipe.get("recipe") == RECIPE:
            continue
        full = _ipm(recipe, metadata) if recipe["model"] == "ipm" else _rpa(recipe, members)
        metadata["recipe"] = json.dumps(full, sort_keys=True)
        text = json.dumps(metadata, sort_keys=True)
        changed = {**members, "metadata": np.frombuffer(text.encode(), dtype=np.uint8)}
        if "sha256" in members:
            arrays = {name: members[name] for name in members if name not in ("metadata", "sha256")}
            changed["sha256"] = np.frombuffer(content_hash(arrays, text).encode(), dtype=np.uint8)
        stream = io.BytesIO()
        np.savez_compressed(stream, **changed)
        path.write_bytes(stream.getvalue())
        with np.load(path, allow_pickle=False) as again:
            for name, array in members.items():
                if name not in ("metadata", "sha256") and not _same(array, again[name]):
                    raise SystemExit(f"{path}: {name} changed")
        print(f"{path.name}: {full['state']['method']}, {full['state']['configuration']}")


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())


def _ipm(recipe: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
    state = ground_state(recipe.pop("Z"), recipe.pop("method"))
    wanted = dict(
        zip([o.label for o in state.orbitals], thresholds_kev(state, recipe["thresholds"]), strict=True)
    )
    for shell in metadata["subshells"]:
        np.testing.assert_allclose(shell["scale"]["edge_kev"], wanted[shell["label"]], rtol=1e-9, atol=0.0)
    return {**recipe, "recipe": RECIPE, "state": state.recipe()}


def _rpa(recipe: dict[str, Any], members: dict[str, Any]) -> dict[str, Any]:
    number = recipe.pop("Z")
    method = correlated_mean_field(number)
    alone = ground_state(number)
    state = alone if method == "dirac-fock" else ground_state(number, method, tolerance=LOCAL_TOLERANCE)
    if recipe.pop("method") != interaction_of(state):
        raise SystemExit(f"Z = {number}: made with another interaction")
    np.testing.assert_allclose(
        members["edges_kev"], np.sort(thresholds_kev(alone, "calculated")), rtol=1e-9, atol=0.0
    )
    nodes = transfer_nodes_kev(
        thresholds_kev(state, "calculated"), recipe["highest_transfer_kev"], recipe["step"],
        recipe["least_half_width_kev"], recipe["relative_half_width"],
    )  # fmt: skip
    np.testing.assert_allclose(nodes[0], recipe["first_transfer_kev"], rtol=1e-8, atol=0.0)
    states = {"state": state.recipe(), "independent_state": alone.recipe()}
    return {**recipe, **states, "recipe": RECIPE, "interaction": interaction_of(state)}


if __name__ == "__main__":
    main()
