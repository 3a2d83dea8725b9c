"""Where changes by correlation are tabulated, and where more nodes are added."""

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

from nuatom.atoms.tables.grid import added_nodes_kev, average_width_kev, transfer_nodes_kev
from nuatom.atoms.tables.reduction import interpolation_errors

EDGES = np.array([0.02, 0.05])
MOMENTUM = np.geomspace(0.5, 50.0, 20)


def errors_of(change, nodes):
    """Errors at the nodes of a change that is the same at every momentum."""
    changes = np.repeat(change(nodes)[:, None], MOMENTUM.size, axis=1)
    return interpolation_errors(EDGES, nodes, MOMENTUM, changes, np.ones_like(changes))


def bump(transfer):
    return 0.3 * np.exp(-(((transfer - 0.04) / 1.5e-3) ** 2))


def test_what_is_smooth_gets_no_node():
    nodes = transfer_nodes_kev(EDGES, 0.1, 0.5, 5e-4, 0.01)
    errors = errors_of(lambda transfer: 0.1 * np.log(transfer), nodes)
    assert errors.max() < 2e-4
    assert added_nodes_kev(EDGES, nodes, errors / 0.01, average_width_kev(nodes, 5e-4, 0.01)).size == 0


def test_errors_are_those_between_nodes():
    nodes = transfer_nodes_kev(EDGES, 0.1, 0.5, 5e-4, 0.01)
    for _ in range(3):
        errors = errors_of(bump, nodes)
        widths = average_width_kev(nodes, 5e-4, 0.01)
        nodes = np.sort(np.append(nodes, added_nodes_kev(EDGES, nodes, errors / 0.01, widths)))
    inside = nodes[nodes < 0.05]
    fine = np.linspace(inside[0], inside[-1], 2000)
    wrong = np.abs(np.expm1(PchipInterpolator(inside, bump(inside))(fine) - bump(fine))).max()
    assert wrong < 0.01
    assert errors_of(bump, nodes).max() == pytest.approx(wrong, abs=0.01)


def test_nodes_are_added_next_to_the_error_only():
    nodes = transfer_nodes_kev(EDGES, 0.1, 0.5, 5e-4, 0.01)
    excess = np.zeros(nodes.size)
    wrong = int(np.searchsorted(nodes, 0.035))
    excess[wrong] = 3.0
    widths = average_width_kev(nodes, 5e-4, 0.01)
    added = added_nodes_kev(EDGES, nodes, excess, widths)
    assert added.size == 4
    assert nodes[wrong - 1] < added.min() < nodes[wrong] < added.max() < nodes[wrong + 1]


def test_no_node_across_a_threshold_or_within_the_average():
    nodes = transfer_nodes_kev(EDGES, 0.1, 0.5, 5e-4, 0.01)
    widths = average_width_kev(nodes, 5e-4, 0.01)
    added = added_nodes_kev(EDGES, nodes, np.full(nodes.size, 1e6), widths)
    below, above = nodes[nodes < 0.05].max(), nodes[nodes > 0.05].min()
    assert not np.any((added > below) & (added < above))
    everything = np.sort(np.append(nodes, added))
    gaps, old = np.diff(everything), np.diff(nodes)
    assert gaps.min() >= min(old.min(), 0.15 * widths.min())


def test_an_interval_across_a_threshold_is_not_divided():
    added = added_nodes_kev(EDGES, np.array([0.03, 0.04, 0.06]), np.full(3, 20.0), np.full(3, 1e-4))
    assert added.size == 7
    assert np.all((added > 0.03) & (added < 0.04))
