"""Detectors that count electron-hole pairs, in an experiment's file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from nuatom.detectors import Axis, PairCounting, PairStatistics, Response
from nuatom.experiments.schema.base import Files, Number, Positive, Table
from nuatom.experiments.schema.quenching import LindhardTable, MeasuredTable, PolynomialTable
from nuatom.media import media_names, medium_named

__all__ = ["PairsTable"]


class PairsTable(Table):
    """Number of pairs, by what a medium's file says of them: ``medium = "silicon"``."""

    kind: Literal["pairs"]
    source: str = ""
    medium: str
    noise_pairs: Number = 0.0
    efficiency: Positive = 1.0
    quenching: (
        Annotated[PolynomialTable | LindhardTable | MeasuredTable, Field(discriminator="kind")] | None
    ) = None

    def build(self, files: Files, axes: tuple[Axis, ...], exposure_tonne_year: float) -> Response:
        """The detector."""
        if len(axes) != 1 or axes[0].quantity != "pairs":
            shown = ", ".join(axis.quantity for axis in axes)
            raise files.refuse("axes", shown, "pairs alone, for a response that counts them")
        known = [name for name in media_names() if medium_named(name).pairs is not None]
        if self.medium not in known:
            raise files.refuse("response.medium", self.medium, ", ".join(known))
        pairs = medium_named(self.medium).pairs
        if pairs is None:
            raise TypeError("a medium without pairs")
        return PairCounting(
            exposure_tonne_year,
            axes[0].edges,
            PairStatistics(
                pairs.gap_kev, pairs.mean_energy_kev, pairs.fano_factor, pairs.energy_kev, pairs.probability
            ),
            noise_pairs=self.noise_pairs,
            efficiency=self.efficiency,
            quenching=None if self.quenching is None else self.quenching.build(files),
        )
