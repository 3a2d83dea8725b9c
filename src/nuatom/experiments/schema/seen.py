"""A background that is flat before the detector: what the channel's response makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from nuatom.detectors import Response
from nuatom.experiments.schema.base import Positive, Table
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from nuatom.experiments.schema.samples import Place

__all__ = ["SeenTable"]

_CELLS: Final = 8000


class SeenTable(Table):
    """A flat spectrum of electrons, seen with resolution and efficiency: the number of events in the bins."""

    kind: Literal["seen"]
    expected: Positive | None = None
    rate_per_tonne_year: Positive | None = None

    def build(self, place: Place, name: str) -> FloatArray:
        """Expected counts."""
        where = f"{name}.template"
        if (self.expected is None) == (self.rate_per_tonne_year is None):
            given = "neither" if self.expected is None else "both"
            raise place.files.refuse(where, given, "either expected or rate_per_tonne_year, of all bins")
        if len(place.axes) > 1 or place.response is None:
            accepted = "a product or counts, where there is more than one axis"
            raise place.files.refuse(where, f"{len(place.axes)} axes", accepted)
        total = self.expected or (self.rate_per_tonne_year or 0.0) * place.exposure_tonne_year
        # The number is that of the bins that the file declares, whatever bins are chosen.
        every = float(_seen(place.response(place.declared)).sum())
        if not every > 0.0:
            raise place.files.refuse(where, self.kind, "a response that sees something in the bins")
        return total / every * _seen(place.response(place.axes))


def _seen(response: Response) -> FloatArray:
    """Events in each bin for one in a keV of true energy."""
    edges = np.linspace(*response.recoil_range_kev, _CELLS + 1)
    seen: FloatArray = np.diff(edges) @ response.response(0.5 * (edges[1:] + edges[:-1]))
    return seen
