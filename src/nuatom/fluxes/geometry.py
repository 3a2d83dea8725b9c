"""From what a source emits to what crosses a detector."""

from __future__ import annotations

import math
from typing import Final

from nuatom.errors import InputError

__all__ = ["flux_at", "require_positive"]

_CM_PER_M: Final = 100.0


def require_positive(**values: float) -> None:
    """Refuse numbers that are not positive and finite, by the names they were given.

    Raises
    ------
    InputError
        For the first of them.
    """
    for argument, value in values.items():
        if not 0.0 < value < math.inf:
            raise InputError(argument, value, "a positive, finite number")


def flux_at(distance_m: float, per_s: float) -> float:
    """Flux in cm⁻² s⁻¹ at a distance from a point that emits evenly: rate/(4πL²).

    Raises
    ------
    InputError
        For a distance that is not positive and finite.
    """
    require_positive(distance_m=distance_m)
    return per_s / (4.0 * math.pi * (_CM_PER_M * distance_m) ** 2)
