"""What independent electrons are worth for the field that the ejected one sees: shipped figures.

Made by `tools/ion_field.py` from :func:`nuatom.atoms.independent.field_spread.field_spread`.
"""

from __future__ import annotations

from functools import cache
from io import StringIO
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.data import read_text
from nuatom.numerics.quadrature import FloatArray

__all__ = ["field_error"]

DATA: Final = "ion_field.csv"


def field_error(number: int, transfer_kev: ArrayLike) -> FloatArray:
    """The larger of both spreads that ship, between their transfers as powers; of the nearest element.

    Parameters
    ----------
    number : int
        Z. Of an element that has no entry the error is that of the one nearest to it.
    transfer_kev : array_like

    Returns
    -------
    ndarray
        Below the first tabulated transfer the value there; beyond the last one falling as 1/T.
    """
    table = _field_errors()
    nearest = min(table, key=lambda known: (abs(known - number), known))
    nodes, errors = table[nearest]
    transfer = np.asarray(transfer_kev, dtype=float)
    error: FloatArray = np.exp(np.interp(np.log(transfer), np.log(nodes), np.log(errors)))
    falling: FloatArray = error * np.minimum(nodes[-1] / transfer, 1.0)
    return falling


@cache
def _field_errors() -> dict[int, tuple[FloatArray, FloatArray]]:
    """Transfers in keV, and the larger spread at each, by Z."""
    rows = np.loadtxt(StringIO(read_text(DATA)), delimiter=",", skiprows=1, ndmin=2)
    found = {}
    for number in np.unique(rows[:, 0]):
        mine = rows[rows[:, 0] == number]
        found[int(number)] = (mine[:, 1], mine[:, 2:].max(axis=1))
    return found
