"""From what a source emits to what crosses a detector."""

from __future__ import annotations

import math
from typing import Final

from nuatom.numerics.guards import positive

__all__ = ["flux_at"]

_CM_PER_M: Final = 100.0


def flux_at(distance_m: float, per_s: float) -> float:
    """Flux in cm⁻² s⁻¹ at a distance from a point that emits evenly: rate/(4πL²).

    Raises
    ------
    InputError
        For a distance that is not positive and finite.
    """
    positive("distance_m", distance_m, "m")
    return per_s / (4.0 * math.pi * (_CM_PER_M * distance_m) ** 2)
