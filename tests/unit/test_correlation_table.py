"""Tables of what correlation does: algebra, files, nodes and guards."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nuatom.atoms.components import DIAGONAL, SIGNED
from nuatom.atoms.tables.archive import hashed, load_table, save_table
from nuatom.atoms.tables.correlation import TAPER, CorrelationTable, change, changed, pieces
from nuatom.atoms.tables.correlation_build import build_correlation_table
from nuatom.atoms.tables.grid import average_width_kev, momentum_nodes_kev, moved_kev, transfer_nodes_kev
from nuatom.atoms.tables.recipe import CorrelationRecipe
from nuatom.constants import HARTREE_KEV
from nuatom.errors import DataError, InputError

EDGES = np.array([0.02, 0.1])
SLACK = 1e-9

STATE = {
    "Z": 2, "charge": 0,
    "orbitals": {f"{n + 1}s1/2": [1.0, -edge / HARTREE_KEV] for n, edge in enumerate(EDGES)},
}  # fmt: skip

RECIPE = CorrelationRecipe(
    model="rpa", interaction="rpa", state=STATE, independent_state=STATE, first_transfer_kev=0.02,
    highest_transfer_kev=0.4, accuracy=0.01, highest_multipole=6, least_half_width_kev=5e-4,
    relative_half_width=0.01, step=1.0, momenta=20, highest_momentum_kev=50.0, inert=5.0, resolved=1.8,
    tail=1e-2, probe_tolerance=1e-5, version="0", constants="of the moment",
)  # fmt: skip
"""A helium with an electron in each of two subshells."""


def responses(seed: int, *shape: int) -> np.ndarray:
    """Positive responses, and signed ones within their bounds."""
    random = np.random.default_rng(seed)
    values = np.exp(random.normal(size=(9, *shape)))
    for row, (first, second, bound) in SIGNED.items():
        fraction = random.uniform(-1.0, 1.0, size=shape)
        values[row] = fraction * bound * np.sqrt(values[first] * values[second])
    return values


def table(seed: int = 0) -> CorrelationTable:
    """A table of random changes of either sign."""
    random = np.random.default_rng(seed)
    transfer = transfer_nodes_kev(EDGES, 0.4, 1.0, 5e-4, 0.01)
    momentum = momentum_nodes_kev(50.0, 20)
    changes = random.normal(size=(9, transfer.size, momentum.size))
    for row in SIGNED:
        changes[row] = random.uniform(-1.0, 1.0, size=changes[row].shape)
    return hashed(
        CorrelationTable(
            symbol="He", Z=2, edges_kev=EDGES, transfer_kev=transfer, momentum_kev=momentum, changes=changes,
            half_width_kev=average_width_kev(transfer, 5e-4, 0.01), join_step=np.zeros((2, transfer.size)),
            size=np.full((2, transfer.size), 0.01), interpolation_error=0.0, residual=0.0, basis_error=0.0,
            conservation_error=0.0, multipoles=(3,) * transfer.size, recipe=RECIPE.text(), sha256="",
        )
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_change_is_what_takes_one_to_the_other(one: int, two: int) -> None:
    before, after = responses(one, 7), responses(two, 7)
    np.testing.assert_allclose(changed(before, change(before, after)), after, rtol=1e-9, atol=0.0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_interpolated_responses_stay_positive_and_within_their_bounds(seed: int) -> None:
    random = np.random.default_rng(seed)
    transfer = np.sort(random.uniform(0.021, 0.5, 6))
    momentum = np.sort(random.uniform(0.01, 90.0, (6, 5)), axis=1)
    values = table(seed).apply(transfer, momentum, responses(seed, 6, 5))
    assert np.all(values[DIAGONAL] > 0.0)
    for row, (first, second, bound) in SIGNED.items():
        assert np.all(np.abs(values[row]) <= (1.0 + SLACK) * bound * np.sqrt(values[first] * values[second]))


def test_beyond_its_last_transfer_and_below_its_first_edge_nothing_changes() -> None:
    transfer, momentum = np.array([0.01, 0.4, 0.5, 3.0]), np.full((4, 3), 5.0)
    values = responses(1, 4, 3)
    np.testing.assert_array_equal(table().apply(transfer, momentum, values), values)


def test_the_change_ends_without_a_jump() -> None:
    values = responses(2, 1, 1)
    last = table().highest_kev
    near = table().apply(np.array([last * (1.0 - 1e-7)]), np.array([[5.0]]), values)
    np.testing.assert_allclose(near, values, rtol=1e-9, atol=0.0)
    inside = table().apply(np.array([0.99 * last / TAPER]), np.array([[5.0]]), values)
    assert np.any(np.abs(inside / values - 1.0) > 1e-3)


def test_responses_that_are_nothing_stay_so() -> None:
    values = responses(3, 1, 2)
    values[:, 0, 1] = 0.0
    found = table().apply(np.array([0.05]), np.array([[5.0, 80.0]]), values)
    assert np.all(found[:, 0, 1] == 0.0)
    assert np.all(found[DIAGONAL, 0, 0] > 0.0)


def test_nodes_surround_every_threshold() -> None:
    nodes = transfer_nodes_kev(EDGES, 0.4, 1.0, 5e-4, 0.01)
    assert np.all(np.diff(nodes) > 0.0)
    assert nodes[-1] == 0.4
    for edge in EDGES:
        above = nodes[nodes > edge]
        assert 0.0 < above[0] - edge < 1e-4
        assert 0.0 < above[1] - above[0] < 2e-3
    finer = transfer_nodes_kev(EDGES, 0.4, 0.5, 5e-4, 0.01)
    assert finer.size > 1.4 * nodes.size
    assert sorted(pieces(EDGES, nodes)) == [1, 2]


def test_thresholds_move_onto_thresholds() -> None:
    own, other = np.array([0.01, 0.05, 1.0]), np.array([0.012, 0.045, 1.1])
    np.testing.assert_allclose(moved_kev(own, own, other), other, rtol=1e-12, atol=0.0)
    between = np.geomspace(0.005, 3.0, 40)
    np.testing.assert_allclose(
        moved_kev(moved_kev(between, own, other), other, own), between, rtol=1e-12, atol=0.0
    )
    assert np.all(np.diff(moved_kev(between, own, other)) > 0.0)
    # Beyond the outermost thresholds by the factors of these.
    outside = moved_kev(np.array([0.004, 3.0]), own, other)
    np.testing.assert_allclose(outside, [0.004 * 1.2, 3.0 * 1.1], rtol=1e-12, atol=0.0)


def test_a_file_gives_the_table_back(tmp_path) -> None:
    one = table()
    path = tmp_path / "He-rpa.table.npz"
    assert save_table(one, path) == one.sha256
    two = load_table(path)
    np.testing.assert_array_equal(two.changes, one.changes)
    assert two.sha256 == one.sha256
    assert two.multipoles == one.multipoles
    altered = bytearray(path.read_bytes())
    altered[len(altered) // 2] ^= 1
    path.write_bytes(bytes(altered))
    with pytest.raises(DataError):
        load_table(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("changes", np.zeros((9, 1, 1))),
        ("transfer_kev", -np.ones(3)),
    ],
)
def test_a_table_that_is_none_is_refused(name: str, value: np.ndarray) -> None:
    with pytest.raises(InputError):
        replace(table(), **{name: value})


def test_fractions_beyond_one_are_refused() -> None:
    one = table()
    changes = one.changes.copy()
    changes[1, 0, 0] = 1.1
    with pytest.raises(InputError, match="at most 1"):
        replace(one, changes=changes)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("accuracy", 0.0),
        ("accuracy", 1.0),
        ("highest_multipole", 0),
        ("step", 0.0),
        ("momenta", 8),
        ("least_half_width_kev", 0.0),
        ("highest_transfer_kev", 0.0),
        ("highest_transfer_kev", 0.02),
        ("highest_transfer_kev", 0.6803),
        ("highest_transfer_kev", math.nan),
    ],
)
def test_a_build_refuses_what_makes_no_sense(name: str, value: float) -> None:
    with pytest.raises(InputError):
        build_correlation_table(2, **{name: value})
