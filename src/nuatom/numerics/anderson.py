"""Anderson's acceleration of a fixed-point iteration.

From the last few points x_i and the changes f_i that the map asked for, take the combination of
unit sum whose change is smallest, and move along it (D. G. Anderson, J. ACM 12 (1965) 547;
Walker & Ni, SIAM J. Numer. Anal. 49 (2011) 1715).
"""

from __future__ import annotations

import numpy as np

from nuatom.numerics.quadrature import FloatArray

__all__ = ["AndersonMixer"]


class AndersonMixer:
    """Proposes the next point of a fixed-point iteration.

    Parameters
    ----------
    depth : int
        How many earlier points take part.
    damping : float
        Fraction of the combined change that is made, in (0, 1].
    """

    def __init__(self, depth: int, damping: float) -> None:
        self._depth = depth
        self._damping = damping
        self._points: list[FloatArray] = []
        self._changes: list[FloatArray] = []

    def step(self, point: FloatArray, change: FloatArray) -> FloatArray:
        """Next point, from the current one and the change that the map asks for there."""
        self._points.append(point)
        self._changes.append(change)
        del self._points[: -self._depth - 1], self._changes[: -self._depth - 1]
        mixed_point, mixed_change = point, change
        if len(self._points) > 1:
            differences = np.array([change - earlier for earlier in self._changes[:-1]])
            moves = np.array([point - earlier for earlier in self._points[:-1]])
            scale = np.linalg.norm(differences, axis=1)
            usable = scale > 0.0
            differences, moves = differences[usable], moves[usable]
            scale = scale[usable, None]
            # The singular directions are those in which the history says nothing new.
            weights = np.linalg.lstsq((differences / scale).T, change, rcond=1e-8)[0] / scale[:, 0]
            mixed_point = point - weights @ moves
            mixed_change = change - weights @ differences
        result: FloatArray = mixed_point + self._damping * mixed_change
        return result
