"""Where the changes by correlation are tabulated: transfers around thresholds, momenta from zero on.

Next to a threshold the averaged response changes on the scale of the average; away from it ever more
slowly, below it through the resonances that converge to it. Distances from both ends of every piece
between thresholds therefore grow by a constant ratio.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from nuatom.atoms.tables.correlation import MERGED_KEV, distinct
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.numerics.quadrature import FloatArray

__all__ = [
    "added_nodes_kev",
    "around_kev",
    "average_width_kev",
    "momentum_nodes_kev",
    "moved_kev",
    "transfer_nodes_kev",
]

NEAREST_KEV: Final = 2e-5
"""Distance of the first node from a threshold."""

LARGEST_STEP: Final = 0.15
"""Largest distance of two nodes over the transfer, for a step of one."""

AROUND: Final = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
"""Nodes around a threshold that is not one of the table's, in half widths of the average."""

APART: Final = 0.35
"""Least distance of such nodes from others, in half widths."""

MOMENTUM_SCALE: Final = 0.5
"""Momenta are linear below this many 1/bohr, and logarithmic above."""


def average_width_kev(transfer_kev: FloatArray, least_kev: float, relative: float) -> FloatArray:
    """Half width of the energy average at each transfer."""
    width: FloatArray = np.maximum(least_kev, relative * np.asarray(transfer_kev, dtype=float))
    return width


def transfer_nodes_kev(
    edges_kev: FloatArray, last_kev: float, step: float, least_width_kev: float, relative_width: float
) -> FloatArray:
    """Nodes from the lowest threshold to ``last_kev``, in pieces between thresholds, increasing."""
    edges = distinct(edges_kev[edges_kev < last_kev - MERGED_KEV])
    nodes: list[float] = []
    for low, high in zip(edges, np.append(edges[1:], last_kev), strict=True):
        closed = high < last_kev
        end = high - NEAREST_KEV if closed else high
        middle = 0.5 * (low + end)
        width = float(average_width_kev(np.array([low]), least_width_kev, relative_width)[0])
        upper = float(average_width_kev(np.array([high]), least_width_kev, relative_width)[0])
        rising = _distances(low, 1, middle if closed else end, width, step)
        falling = _distances(high, -1, middle, upper, step) if closed else []
        piece = [low + NEAREST_KEV, *rising, *reversed(falling), end]
        nodes += [piece[0]]
        for node in piece[1:-1]:
            if node - nodes[-1] > 0.6 * width and end - node > 0.3 * width:
                nodes.append(node)
        if end > nodes[-1]:
            nodes.append(end)
    return np.array(nodes)


def around_kev(
    centres_kev: FloatArray, nodes_kev: FloatArray, edges_kev: FloatArray, least_kev: float, relative: float
) -> FloatArray:
    """Nodes, and some more around other thresholds than their own, where an averaged response rises."""
    found = list(nodes_kev)
    edges = distinct(edges_kev)
    for centre in np.sort(centres_kev):
        width = float(average_width_kev(np.array([centre]), least_kev, relative)[0])
        for node in centre + width * np.array(AROUND):
            inside = nodes_kev[0] < node < nodes_kev[-1]
            if inside and np.abs(np.append(edges, found) - node).min() > APART * width:
                found.append(float(node))
    return np.sort(found)


def added_nodes_kev(
    edges_kev: FloatArray, transfer_kev: FloatArray, excess: FloatArray, half_width_kev: FloatArray
) -> FloatArray:
    """Nodes to add where the error at a node is ``excess`` > 1 times what is asked, increasing.

    Both intervals next to such a node are divided, the more the larger the error, into eight parts at most
    and down to a quarter of the half width of the energy average, which is how wide its flanks are.
    Intervals across a threshold stay.
    """
    gap = np.diff(transfer_kev)
    number = np.searchsorted(np.sort(edges_kev), transfer_kev, side="left")
    parts = np.ceil(np.maximum(excess[1:], excess[:-1]) ** 0.75)
    parts = np.minimum(np.minimum(parts, 8.0), np.rint(4.0 * gap / half_width_kev[:-1]))
    parts[number[1:] != number[:-1]] = 1.0
    intervals = zip(transfer_kev, gap, np.maximum(parts, 1.0).astype(int), strict=False)
    added = [low + step * np.arange(1, count) / count for low, step, count in intervals]
    return np.concatenate(added)


def _distances(edge: float, sign: int, limit: float, width: float, step: float) -> list[float]:
    nodes: list[float] = []
    distance, increment = 0.0, width * min(step, 1.0)
    while True:
        increment = min(increment, LARGEST_STEP * step * (edge + sign * distance))
        distance += increment
        node = edge + sign * distance
        if sign * (limit - node) <= 0.0:
            return nodes
        nodes.append(node)
        increment *= 1.0 + step


def momentum_nodes_kev(last_kev: float, count: int) -> FloatArray:
    """Momenta linear near zero and logarithmic above, up to ``last_kev``."""
    scale = MOMENTUM_SCALE * MOMENTUM_KEV
    variable = np.linspace(0.0, float(np.arcsinh(last_kev / scale)), count + 1)[1:]
    momenta: FloatArray = scale * np.sinh(variable)
    return momenta


def moved_kev(transfer_kev: FloatArray, own_kev: FloatArray, edges_kev: FloatArray) -> FloatArray:
    """Transfers at the same place between thresholds ``edges_kev`` that they have between ``own_kev``.

    The logarithm of the transfer is stretched linearly between each two thresholds; beyond the last
    one of ``own_kev`` it is shifted as this one.
    """
    own, edges = np.sort(own_kev), np.sort(edges_kev)
    log = np.log(np.asarray(transfer_kev, dtype=float))
    between = np.interp(log, np.log(own), np.log(edges))
    below, above = log < np.log(own[0]), log > np.log(own[-1])
    between = np.where(below, log + np.log(edges[0] / own[0]), between)
    moved: FloatArray = np.exp(np.where(above, log + np.log(edges[-1] / own[-1]), between))
    return moved
