r"""Atoms of a fluid or a crystal, each a free one in the field of all the others.

Vector responses are multiplied by the squares of the fields that an atom feels
(:mod:`nuatom.media.propagator`); axial ones are a free atom's. In a liquid electrons leave earlier, since the
atoms around screen the hole, and an electron's lowest state lies below the vacuum. What that adds to a
transfer, Δ at the threshold, falls as 1/T: a fast electron leaves before its surroundings have moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from nuatom.atoms import Responses
from nuatom.media.propagator import local_field, longitudinal_field
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from nuatom.media.medium import Medium

__all__ = ["AtomsInMatter", "ThresholdShift"]

_CHARGE: Final = 0
_CURRENT: Final = 3
_INTERFERENCE: Final = 8


@dataclass(frozen=True)
class ThresholdShift:
    r"""What opens at one energy as what a free atom answers at another: T' = T + (I − I') I'/T.

    Oscillator strength is kept: T R dT = T' R' dT'.

    Attributes
    ----------
    free_kev, lowered_kev : float
        Threshold I of the free atom and I' in matter.
    """

    free_kev: float
    lowered_kev: float

    def free_transfer(self, transfer_kev: FloatArray) -> FloatArray:
        """Transfer T' to the free atom."""
        transfer = np.asarray(transfer_kev, dtype=float)
        shifted: FloatArray = transfer + (self.free_kev - self.lowered_kev) * self.lowered_kev / transfer
        return shifted

    def factor(self, transfer_kev: FloatArray) -> FloatArray:
        """What its responses are multiplied by, (T'/T) dT'/dT."""
        transfer = np.asarray(transfer_kev, dtype=float)
        share = (self.free_kev - self.lowered_kev) * self.lowered_kev / transfer**2
        factor: FloatArray = (1.0 + share) * (1.0 - share)
        return factor

    def transfer(self, free_kev: FloatArray) -> FloatArray:
        """Transfer T in matter that is T' to the free atom, at thresholds and above."""
        free = np.asarray(free_kev, dtype=float)
        product = (self.free_kev - self.lowered_kev) * self.lowered_kev
        found: FloatArray = 0.5 * (free + np.sqrt(np.maximum(free**2 - 4.0 * product, 0.0)))
        return found


@dataclass(frozen=True, eq=False)
class AtomsInMatter:
    """The :class:`~nuatom.atoms.responses.Responses` of a free atom, dressed by the matter around it.

    Attributes
    ----------
    responses : Responses
        Of the free atom.
    medium : Medium
        What it is in; where it has a threshold of its own, the atom's lowest one moves there.
    """

    responses: Responses
    medium: Medium

    @property
    def _shift(self) -> ThresholdShift:
        free = float(self.responses.edges_kev.min())
        return ThresholdShift(free, self.medium.threshold_kev or free)

    @property
    def edges_kev(self) -> FloatArray:
        """Thresholds in matter."""
        return self._shift.transfer(self.responses.edges_kev)

    @property
    def highest_kev(self) -> float:
        """Last transfer that is known."""
        return float(self._shift.transfer(np.array([self.responses.highest_kev]))[0])

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Those of the atom."""
        return self.responses.identity

    @property
    def breakpoints_kev(self) -> FloatArray:
        """Those of the atom, where they are in matter."""
        return self._shift.transfer(self.responses.breakpoints_kev)

    def on_momenta(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """See :meth:`nuatom.atoms.responses.Responses.on_momenta`."""
        shift = self._shift
        free = np.minimum(shift.free_transfer(transfer_kev), self.responses.highest_kev)
        felt = self.responses.on_momenta(free, momentum_kev) * shift.factor(transfer_kev)[:, None]
        dress(felt, self.medium, transfer_kev, momentum_kev)
        return felt

    def momentum_limits_kev(self, transfer_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """From T to the last momentum of the atom."""
        _, last = self.responses.momentum_limits_kev(self._free(transfer_kev))
        return transfer_kev, np.maximum(last, transfer_kev)

    def ridge(self, transfer_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """That of the atom."""
        return self.responses.ridge(self._free(transfer_kev))

    def relative_error(self, transfer_kev: FloatArray) -> FloatArray:
        """That of the atom; where its threshold has moved, all that moved as well."""
        shift = self._shift
        moved = np.abs(shift.free_kev - shift.lowered_kev) * shift.lowered_kev / transfer_kev**2
        error = np.hypot(self.responses.relative_error(self._free(transfer_kev)), moved)
        result: FloatArray = np.where(transfer_kev > self.edges_kev.min(), error, 0.0)
        return result

    def _free(self, transfer_kev: FloatArray) -> FloatArray:
        return np.minimum(self._shift.free_transfer(transfer_kev), self.responses.highest_kev)


def dress(felt: FloatArray, medium: Medium, transfer_kev: FloatArray, momentum_kev: FloatArray) -> None:
    """Multiply an atom's vector responses, (9, T, Q), in place by the fields it feels over the probe's."""
    transfer = np.asarray(transfer_kev, dtype=float)[:, None]
    local = local_field(medium, transfer, momentum_kev)
    felt[_CHARGE] *= np.abs(longitudinal_field(medium, transfer, momentum_kev)) ** 2
    felt[_CURRENT] *= np.abs(local) ** 2
    felt[_INTERFERENCE] *= local.real
