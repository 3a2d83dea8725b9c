"""How far energies, momenta, orders, accuracies and confidence levels may go, all in one place.

Bounds are what grids can hold: within them no calculation asks for more than a gigabyte, and none divides by
what doubles cannot tell from zero. Whatever lies beyond is refused where it enters, by the bound itself.
"""

from __future__ import annotations

import math
from typing import Final

from numpy.typing import ArrayLike

from nuatom.errors import InputError
from nuatom.numerics.guards import numbers, positive_row, refuse_where, whole
from nuatom.numerics.quadrature import FloatArray

__all__ = [
    "FINEST_ACCURACY",
    "HIGHEST_CL",
    "HIGHEST_MOMENTUM_KEV",
    "HIGHEST_TRANSFER_KEV",
    "LOWEST_CL",
    "MOST_MULTIPOLES",
    "accuracy_within",
    "cl_within",
    "order_within",
    "row_up_to",
]

HIGHEST_TRANSFER_KEV: Final = 1000.0
"""Energy given to an atom's electrons: multipoles and radial grids grow with its wavenumber."""

HIGHEST_MOMENTUM_KEV: Final = 5000.0
"""Momentum given to them: three times that of a free electron of the highest energy."""

MOST_MULTIPOLES: Final = 2000
"""Orders of a multipole sum: tables of Bessel functions grow with them."""

FINEST_ACCURACY: Final = 1e-8
"""Of multipole sums alone: radial grids, amplitudes and the ground state are good for some 1e-6."""

LOWEST_CL: Final = 0.001
"""Rise of 1.6e-6 in −2 ln λ, above what its minimum is known to."""

HIGHEST_CL: Final = 1.0 - 1e-12
"""Seven standard deviations; next to 1 a double does not tell levels from each other."""


def row_up_to(argument: str, value: ArrayLike, highest: float, unit: str) -> FloatArray:
    """Positive numbers in a row, none above a bound.

    Raises
    ------
    InputError
        For anything else: it says the bound, and which number is beyond it.

    Examples
    --------
    >>> row_up_to("momentum_kev", 1e6, HIGHEST_MOMENTUM_KEV, "keV")
    Traceback (most recent call last):
    nuatom.errors.InputError: momentum_kev = 1000000.0: expected at most 5000 keV, what grids hold
    """
    row = positive_row(argument, value, unit)
    refuse_where(argument, row, row > highest, f"at most {highest:g} {unit}, what grids hold")
    return row


def accuracy_within(value: float) -> float:
    """An accuracy of multipole sums and tables.

    Raises
    ------
    InputError
        Unless between `FINEST_ACCURACY` and 1.
    """
    accepted = f"a number between 0 and 1, {FINEST_ACCURACY:g} or more"
    array = numbers("accuracy", value, accepted)
    if array.ndim or not FINEST_ACCURACY <= array < 1.0:
        raise InputError("accuracy", value, accepted)
    return float(array)


def order_within(argument: str, value: int) -> int:
    """A number of multipoles.

    Raises
    ------
    InputError
        Unless an integer from 1 to `MOST_MULTIPOLES`.
    """
    accepted = f"an integer from 1 to {MOST_MULTIPOLES}"
    if not 1 <= whole(argument, value, accepted) <= MOST_MULTIPOLES:
        raise InputError(argument, value, accepted)
    return int(value)


def cl_within(value: float, least: float = 0.0) -> float:
    """A confidence level, above ``least`` too.

    Raises
    ------
    InputError
        Unless from `LOWEST_CL` to `HIGHEST_CL`.
    """
    low = max(least, LOWEST_CL)
    ends = f"{LOWEST_CL:g} or more and 1 − {1.0 - HIGHEST_CL:.0e} or less"
    accepted = f"a number between {least:g} and 1, {ends}"
    array = numbers("cl", value, accepted)
    if array.ndim or not low <= array <= HIGHEST_CL or array == least or math.isnan(array):
        raise InputError("cl", value, accepted)
    return float(array)
