"""Axes of binned data: what was measured, in which unit, in which bins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nuatom.errors import InputError

__all__ = ["Axis", "increasing"]


@dataclass(frozen=True)
class Axis:
    """Contiguous bins of one measured quantity.

    Parameters
    ----------
    quantity, unit : str
        What was measured, and in which unit: ``"energy"``, ``"keV"``.
    edges : tuple of float
        Edges of the bins.

    Raises
    ------
    InputError
        For fewer than two edges, or edges that do not increase.
    """

    quantity: str
    unit: str
    edges: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.edges) < 2:
            raise InputError(f"{self.quantity} edges", self.edges, "two or more numbers")
        increasing(f"{self.quantity} edges", self.edges, "numbers")

    @property
    def bins(self) -> int:
        """Number of bins."""
        return len(self.edges) - 1

    @property
    def label(self) -> str:
        """What figures call it."""
        return f"{self.quantity} [{self.unit}]" if self.unit else self.quantity


def increasing(name: str, values: tuple[float, ...], what: str = "energies") -> None:
    """Refuse values that are not finite and increasing.

    Raises
    ------
    InputError
        That names the first two that are out of order.
    """
    array = np.asarray(values, dtype=float)
    finite, rising = np.isfinite(array), np.diff(array) > 0.0
    if finite.all() and rising.all():
        return
    place = int(np.argmin(rising)) if finite.all() else max(0, int(np.argmin(finite)) - 1)
    raise InputError(name, tuple(array[place : place + 2].tolist()), f"finite, increasing {what}")
