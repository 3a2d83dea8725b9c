"""What electron-hole pairs cost in a crystal, from a medium's file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from nuatom.errors import DataError
from nuatom.media.files import MediumFile
from nuatom.numerics.quadrature import FloatArray

__all__ = ["PairData", "pairs_of"]

_MOST: Final = 20


@dataclass(frozen=True, eq=False)
class PairData:
    """Number of pairs that a transfer makes.

    Attributes
    ----------
    gap_kev : float
        Least energy of a pair.
    mean_energy_kev, fano_factor : float
        Energy per pair, and variance of their number over its mean, far above the gap.
    energy_kev : ndarray, shape (E,)
        Transfers of a table of probabilities; empty without one.
    probability : ndarray, shape (E, N)
        Of one to N pairs.
    """

    gap_kev: float
    mean_energy_kev: float
    fano_factor: float
    energy_kev: FloatArray
    probability: FloatArray


def pairs_of(file: MediumFile) -> PairData | None:
    """Pairs that a medium's file describes, None where it does not.

    Raises
    ------
    DataError
        For probabilities that do not add up to one.
    """
    if "pairs" not in file.table:
        return None
    table = file.table["pairs"]
    names = [f"p{n}" for n in range(1, _MOST + 1)]
    energy, *rows = file.columns("pair_probabilities", "energy_ev", *names)
    probability = np.array(rows).T
    if energy.size and not np.allclose(probability.sum(axis=1), 1.0, atol=2e-3):
        raise DataError(f"{file.table['pair_probabilities']}: probabilities that do not add up to one")
    return PairData(
        1e-3 * float(table["gap_ev"]),
        1e-3 * float(table["mean_energy_ev"]),
        float(table["fano_factor"]),
        1e-3 * energy,
        probability,
    )
