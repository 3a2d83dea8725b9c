"""Atoms beside stepping, averaged over bins of the recoil, with the measured thresholds in both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np

from nuatom.atoms import Target, find_table
from nuatom.neutrinos import Neutrino, flavour_state
from nuatom.numerics.quadrature import FloatArray, panel_rule
from nuatom.papers.common import REACTOR_KEV
from nuatom.processes import ionization
from nuatom.processes.electron import free_electron
from nuatom.processes.ionization import subshell_kernels

__all__ = ["BINS_KEV", "BinAverages", "bin_averages"]

BINS_KEV: Final = (0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0)
"""Edges of the bins."""

# Above its edge a subshell may resonate within some eV.
_ABOVE_EDGE_KEV: Final = np.array([0.0, 0.0015, 0.004, 0.01, 0.05])
_ORDER: Final = 6


@dataclass(frozen=True)
class BinAverages:
    """Cross section of an atom over that by stepping, bin by bin.

    Attributes
    ----------
    edges_kev : ndarray
    weak, magnetic : ndarray
        Ratios of the integrals over the bins.
    """

    edges_kev: FloatArray
    weak: FloatArray
    magnetic: FloatArray

    def furthest(self, part: str, low_kev: float, high_kev: float) -> tuple[float, float, float]:
        """Ratio − 1 that is largest in size among the bins in a range, and the edges of its bin."""
        ratio: FloatArray = getattr(self, part) - 1.0
        low, high = self.edges_kev[:-1], self.edges_kev[1:]
        place = int(np.argmax(np.where((low >= low_kev) & (high <= high_kev), np.abs(ratio), -1.0)))
        return float(ratio[place]), float(low[place]), float(high[place])


@cache
def bin_averages(symbol: str, edges_kev: tuple[float, ...] = BINS_KEV, order: int = _ORDER) -> BinAverages:
    """Independent electrons over stepping, electron antineutrinos of a reactor.

    An electron that leaves with ε = T − I_j has the orbital of that ε: with measured I_j for the calculated
    ones a subshell's response at T is the calculated one at T + (calculated − measured). Its kinematic
    factors are taken there, too, which changes them by some permille.

    Parameters
    ----------
    symbol : str
        Element.
    edges_kev : tuple of float
        Of the bins.
    order : int
        Nodes of every panel of the quadrature; panels end at the edges of the bins and of the subshell.
    """
    measured = {shell.label: (shell.edge_kev, count) for _, shell, count in Target(symbol).subshells}
    table = find_table(symbol, "ipm")
    atom, step = np.zeros((2, 2, len(edges_kev) - 1))
    for shell in table.subshells:
        edge, count = measured[shell.label]
        shift = shell.scale.edge_kev - edge
        for place, (low, high) in enumerate(pairwise(edges_kev)):
            if high <= edge:
                continue
            stops = np.unique(np.clip(np.array([*(edge + _ABOVE_EDGE_KEV), low, high]), max(low, edge), high))
            recoil, weight = panel_rule(stops, order)
            bound = subshell_kernels(replace(table, subshells=(shell,)), REACTOR_KEV, recoil + shift)[0]
            free = count * free_electron(np.array(REACTOR_KEV), recoil)
            atom[:, place] += _parts(bound) @ weight
            step[:, place] += _parts(free) @ weight
    ratios = atom / step
    return BinAverages(np.array(edges_kev), ratios[0], ratios[1])


def _parts(kernels: FloatArray) -> FloatArray:
    """Weak part and magnetic part, for a moment of one Bohr magneton."""
    algebra = ionization(Target("H"), "free").algebra
    state, antineutrino = flavour_state("anti-e")
    coefficients = algebra.coefficients(Neutrino(magnetic_moment=1.0), state, antineutrino=antineutrino)
    terms, flips = coefficients[:, None] * kernels, algebra.magnetic
    return np.stack([terms[~flips].sum(axis=0), terms[flips].sum(axis=0)])
