"""What is measured beside energy, in an experiment's file: shares of the counts of each bin of energy."""

from __future__ import annotations

import numpy as np

from nuatom.detectors import Axis, EnergyShares
from nuatom.experiments.schema.base import Files, Numbers, Table

__all__ = ["SharesTable"]

_PLACE = "response.shares"


class SharesVariation(Table):
    """Shares at plus and minus one sigma of an uncertainty."""

    name: str
    plus: Numbers
    minus: Numbers


class SharesTable(Table):
    """Counts in each bin of the second axis for one in a bin of energy: bins of energy row by row."""

    source: str = ""
    values: Numbers
    variations: tuple[SharesVariation, ...] = ()

    def build(self, files: Files, energy: Axis, axis: Axis) -> EnergyShares:
        """The shares."""

        def rows(given: Numbers, name: str) -> tuple[tuple[float, ...], ...]:
            values = np.array(files.numbers(given, f"{_PLACE}.{name}"))
            if values.size != energy.bins * axis.bins:
                accepted = f"one for each of {energy.bins} bins of energy by {axis.bins} of {axis.quantity}"
                raise files.refuse(f"{_PLACE}.{name}", f"{values.size} numbers", accepted)
            return tuple(tuple(row) for row in values.reshape(energy.bins, axis.bins).tolist())

        varied = tuple(
            (entry.name, rows(entry.plus, f"{entry.name}.plus"), rows(entry.minus, f"{entry.name}.minus"))
            for entry in self.variations
        )
        return EnergyShares(axis, rows(self.values, "values"), varied)
