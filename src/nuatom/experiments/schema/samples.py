"""Backgrounds in an experiment's file: templates, normalisations, statistics and shifts."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import Field

from nuatom.detectors import Axis, Response
from nuatom.errors import InputError
from nuatom.experiments.channel import Measured, Sample, Shift
from nuatom.experiments.schema.base import Files, Number, Numbers, Positive, Share, Table, bins_from
from nuatom.experiments.schema.seen import SeenTable
from nuatom.experiments.shapes import Move, NamedShape, rebinned
from nuatom.inference import Constraint
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Place", "SampleTable"]

# Numbers of shapes that nuisances may move.
_MOVABLE: Final = frozenset({"decay", "centre", "sigma", "endpoint_kev"})


@dataclass(frozen=True)
class Place:
    """Where a sample stands: the bins of its channel, its exposure, and names.

    Parameters
    ----------
    files : Files
        For numbers that stand in files.
    experiment, channel : str
        Names.
    axes : tuple of Axis
        Bins of the data.
    declared : tuple of Axis
        Bins as the file has them, where the user has chosen others.
    exposure_tonne_year : float
        Of the channel.
    response : callable, optional
        From bins to the channel's response to electrons.
    """

    files: Files
    experiment: str
    channel: str
    axes: tuple[Axis, ...]
    declared: tuple[Axis, ...]
    exposure_tonne_year: float
    response: Callable[[tuple[Axis, ...]], Response] | None = None

    @property
    def bins(self) -> int:
        """Number of bins."""
        return math.prod(axis.bins for axis in self.axes)

    def along(self, declared: FloatArray, index: int) -> FloatArray:
        """Contents of the bins of one axis, from those that the file declares."""
        if self.axes[index].edges == self.declared[index].edges:
            return declared
        return rebinned(np.array(self.declared[index].edges), declared, np.array(self.axes[index].edges))


class CountsTable(Table):
    """Expected counts in each bin, all bins in C order."""

    kind: Literal["counts"]
    counts: Numbers

    def build(self, place: Place, name: str) -> FloatArray:
        """Expected counts."""
        counts = np.array(place.files.numbers(self.counts, f"{name}.template.counts"))
        shape = tuple(axis.bins for axis in place.declared)
        if counts.size != math.prod(shape):
            accepted = f"one for each of {math.prod(shape)} bins"
            raise place.files.refuse(f"{name}.template.counts", f"{counts.size} numbers", accepted)
        table = counts.reshape(shape)
        for index in range(len(shape)):
            if place.axes[index].edges != place.declared[index].edges:
                table = np.apply_along_axis(place.along, index, table, index)
        return table.ravel()


class ProductTable(Table):
    """A number of events, and shares along each axis."""

    kind: Literal["product"]
    expected: Positive
    shares: tuple[Numbers, ...]

    def rows(self, place: Place, name: str) -> list[FloatArray]:
        """Shares along each axis."""
        if len(self.shares) != len(place.axes):
            accepted = f"a list for each of {len(place.axes)} axes"
            raise place.files.refuse(f"{name}.template.shares", f"{len(self.shares)} lists", accepted)
        rows = []
        for index, given in enumerate(self.shares):
            row = np.array(place.files.numbers(given, f"{name}.template.shares"))
            if row.size != place.declared[index].bins:
                accepted = f"one for each of {place.declared[index].bins} bins"
                raise place.files.refuse(f"{name}.template.shares.{index}", f"{row.size} numbers", accepted)
            if np.any(row < 0.0):
                raise place.files.refuse(f"{name}.template.shares.{index}", float(row.min()), "zero or more")
            rows.append(place.along(row, index))
        return rows

    def build(self, place: Place, name: str) -> FloatArray:
        """Expected counts."""
        product: FloatArray = reduce(np.multiply.outer, self.rows(place, name))
        return self.expected * product.ravel()


class HistogramTable(Table):
    """Rates in bins of the first axis that are finer than those of the data."""

    kind: Literal["histogram"]
    bins: str | None = None
    edges: Numbers | None = None
    rate_per_tonne_year: Numbers | None = None
    counts: Numbers | None = None

    def build(self, place: Place, name: str) -> FloatArray:
        """Expected counts: rates are in events/(t yr) and unit of the axis, counts in each bin."""
        where = f"{name}.template"
        if (self.bins is None) == (self.edges is None):
            raise place.files.refuse(
                where, "neither" if self.bins is None else "both", "either bins or edges"
            )
        if (self.rate_per_tonne_year is None) == (self.counts is None):
            given = "neither" if self.counts is None else "both"
            raise place.files.refuse(where, given, "either rate_per_tonne_year or counts")
        edges = (
            bins_from(self.bins or "")
            if self.edges is None
            else place.files.numbers(self.edges, f"{where}.edges")
        )
        fine = np.array(Axis("template", "", tuple(edges or ())).edges)
        given_numbers = self.counts if self.rate_per_tonne_year is None else self.rate_per_tonne_year
        values = np.array(place.files.numbers(given_numbers or (), where))
        if values.size != fine.size - 1:
            accepted = f"one for each of {fine.size - 1} bins"
            raise place.files.refuse(where, f"{values.size} numbers", accepted)
        if np.any(values < 0.0):
            raise place.files.refuse(where, float(values.min()), "finite numbers, zero or more")
        if self.counts is None:
            values = values * np.diff(fine) * place.exposure_tonne_year
        return _alone_on_the_first(place, rebinned(fine, values, np.array(place.axes[0].edges)), where)


class ShapeTable(Table):
    """A shape with a name along the first axis: the number of events that it has in the bins."""

    kind: Literal["flat", "exponential", "line", "beta"]
    expected: Positive | None = None
    rate_per_tonne_year: Positive | None = None
    decay: Number | None = None
    centre: Number | None = None
    sigma: Positive | None = None
    endpoint_kev: Positive | None = None
    charge: int | None = None
    mass_number: int | None = None

    def shape(self, place: Place, name: str) -> NamedShape:
        """The shape, in the bins of the data."""
        where = f"{name}.template"
        needs = self._needs()
        for field in ("decay", "centre", "sigma", "endpoint_kev", "charge", "mass_number"):
            value = getattr(self, field)
            if (value is None) == (field in needs):
                accepted = "a number" if value is None else f"nothing of this for kind = {self.kind!r}"
                raise place.files.refuse(f"{where}.{field}", value, accepted)
        if (self.expected is None) == (self.rate_per_tonne_year is None):
            given = "neither" if self.expected is None else "both"
            raise place.files.refuse(where, given, "either expected or rate_per_tonne_year, of all bins")
        total = self.expected or (self.rate_per_tonne_year or 0.0) * place.exposure_tonne_year
        # The number is that of the bins that the file declares, whatever bins are chosen.
        declared, edges = (np.array(axes[0].edges) for axes in (place.declared, place.axes))
        every = np.unique(np.concatenate([declared[[0, -1]], edges]))
        first = int(np.searchsorted(every, edges[0]))
        numbers = tuple((field, float(getattr(self, field))) for field in needs)
        inside = (first, first + edges.size - 1)
        return NamedShape(self.kind, numbers, total, tuple(every.tolist()), inside)

    def build(self, place: Place, name: str) -> FloatArray:
        """Expected counts."""
        where = f"{name}.template"
        counts = self.shape(place, name).counts()
        if not np.all(np.isfinite(counts)):
            raise place.files.refuse(where, self.kind, "a shape with something inside the bins")
        return _alone_on_the_first(place, counts, where)

    def _needs(self) -> tuple[str, ...]:
        return {
            "flat": (),
            "exponential": ("decay",),
            "line": ("centre", "sigma"),
            "beta": ("endpoint_kev", "charge", "mass_number"),
        }[self.kind]


def _alone_on_the_first(place: Place, counts: FloatArray, where: str) -> FloatArray:
    """Counts along the first axis, which has to be the only one."""
    if len(place.axes) > 1:
        accepted = "a product or counts, where there is more than one axis"
        raise place.files.refuse(where, f"{len(place.axes)} axes", accepted)
    return counts


TemplateTable = Annotated[
    CountsTable | ProductTable | HistogramTable | ShapeTable | SeenTable, Field(discriminator="kind")
]


class ShiftTable(Table):
    """What a nuisance adds when it is one more than its centre: counts, or parts of the template.

    Or what it adds to a number ``of`` a shape with a name, which moves counts otherwise than linearly.
    """

    nuisance: str
    counts: Numbers | None = None
    relative: Numbers | Number | None = None
    of: str | None = None
    by: Number | None = None

    @property
    def moves(self) -> bool:
        """Whether it moves a number of the shape."""
        return self.of is not None or self.by is not None

    def move(self, place: Place, name: str, shape: NamedShape | None) -> Move:
        """What it does to a number of the shape."""
        where = f"{name}.shifts.{self.nuisance}"
        if self.counts is not None or self.relative is not None:
            raise place.files.refuse(where, "both", "either counts or relative, or of and by")
        if self.of is None or self.by is None:
            missing = "of" if self.of is None else "by"
            raise place.files.refuse(f"{where}.{missing}", None, "both of and by: a number of the shape")
        known = [] if shape is None else [field for field, _ in shape.numbers if field in _MOVABLE]
        if self.of not in known:
            accepted = ", ".join(known) or "nothing: the template is no shape whose numbers may move"
            raise place.files.refuse(f"{where}.of", self.of, accepted)
        if self.by == 0.0:
            raise place.files.refuse(f"{where}.by", self.by, "a number that is not zero")
        return Move(self.nuisance, self.of, self.by)

    def build(self, place: Place, name: str, template: FloatArray) -> Shift:
        """The shift."""
        where = f"{name}.shifts.{self.nuisance}"
        if (self.counts is None) == (self.relative is None):
            given = "neither" if self.counts is None else "both"
            raise place.files.refuse(where, given, "either counts or relative, or of and by")
        if isinstance(self.relative, float):
            return Shift(self.nuisance, tuple((self.relative * template).tolist()))
        given_numbers = self.counts if self.relative is None else self.relative
        values = np.array(place.files.numbers(given_numbers or (), where))
        if values.size != template.size:
            raise place.files.refuse(where, f"{values.size} numbers", f"one for each of {template.size} bins")
        counts = values if self.relative is None else values * template
        return Shift(self.nuisance, tuple(counts.tolist()))


class StatisticsTable(Table):
    """What a template was measured with: events in each bin, or in each bin of one axis of a product."""

    events: Numbers
    axis: str | None = None


class SampleTable(Table):
    """One background of a channel."""

    name: str
    source: str = ""
    template: TemplateTable | None = None
    normalisation: str | None = None
    normalisation_uncertainty: Share | None = None
    holds_standard_neutrinos: bool | tuple[str, ...] = False
    statistics: StatisticsTable | None = None
    free_in_every_bin: bool = False
    shifts: tuple[ShiftTable, ...] = ()

    def build(self, place: Place) -> tuple[Sample, Constraint | None]:
        """The sample, and what is known of its own normalisation where that is not shared."""
        where = f"channels.{place.channel}.samples.{self.name}"
        nuisance, constraint = self._normalisation(place, where)
        if self.free_in_every_bin:
            if self.template is not None or self.statistics is not None or self.shifts:
                raise place.files.refuse(where, "a template", "none for a sample that is free in every bin")
            bins = place.bins
            weight = (place.exposure_tonne_year,) * bins
            measured = Measured(tuple(range(bins)), weight, None, (1.0,) * bins)
            held = self.holds_standard_neutrinos
            return Sample(self.name, (0.0,) * bins, nuisance, (), held, measured), constraint
        if self.template is None:
            raise place.files.refuse(f"{where}.template", None, "a table, or free_in_every_bin = true")
        try:
            counts = self.template.build(place, where)
        except InputError as error:
            if error.argument.startswith(place.files.origin):
                raise
            raise place.files.refuse(
                f"{where}.template.{error.argument}", error.value, error.accepted
            ) from error
        for count in counts:
            if not 0.0 <= count < math.inf:
                raise place.files.refuse(f"{where}.template", float(count), "finite numbers, zero or more")
        shape = self._shape(place, where)
        sample = Sample(
            name=self.name,
            counts=tuple(counts.tolist()),
            normalisation=nuisance,
            shifts=tuple(shift.build(place, where, counts) for shift in self.shifts if not shift.moves),
            holds_standard_neutrinos=self.holds_standard_neutrinos,
            measured=self._measured(place, where, counts),
            shape=shape,
        )
        return sample, constraint

    def _shape(self, place: Place, where: str) -> NamedShape | None:
        """The shape, where nuisances move its numbers."""
        moving = [shift for shift in self.shifts if shift.moves]
        if not moving:
            return None
        if self.statistics is not None:
            raise place.files.refuse(f"{where}.statistics", "a table", "none beside a shape that moves")
        shape = self.template.shape(place, where) if isinstance(self.template, ShapeTable) else None
        moves = tuple(shift.move(place, where, shape) for shift in moving)
        return None if shape is None else replace(shape, moves=moves)

    def _normalisation(self, place: Place, where: str) -> tuple[str | None, Constraint | None]:
        if self.normalisation is not None:
            if self.normalisation_uncertainty is not None:
                accepted = "either normalisation, a nuisance, or normalisation_uncertainty"
                raise place.files.refuse(where, "both", accepted)
            return self.normalisation, None
        if self.normalisation_uncertainty is None:
            if self.free_in_every_bin:
                return None, None
            accepted = "a relative uncertainty (inf for a free one), or normalisation with a nuisance"
            raise place.files.refuse(f"{where}.normalisation_uncertainty", None, accepted)
        sigma = self.normalisation_uncertainty
        # Samples of one name in several channels are one background.
        name = f"{place.experiment}.{self.name}"
        kind: Literal["free", "gauss"] = "free" if math.isinf(sigma) else "gauss"
        return name, Constraint(name, kind, 1.0, sigma, 0.0)

    def _measured(self, place: Place, where: str, counts: FloatArray) -> Measured | None:
        if self.statistics is None:
            return None
        events = np.array(place.files.numbers(self.statistics.events, f"{where}.statistics.events"))
        shape = tuple(axis.bins for axis in place.axes)
        cell = np.arange(counts.size)
        if self.statistics.axis is not None:
            names = [axis.quantity for axis in place.axes]
            if self.statistics.axis not in names:
                raise place.files.refuse(f"{where}.statistics.axis", self.statistics.axis, ", ".join(names))
            index = names.index(self.statistics.axis)
            cell = np.indices(shape)[index].ravel()
        cells = int(cell.max()) + 1
        if events.size != cells:
            accepted = f"one for each of {cells} bins"
            raise place.files.refuse(f"{where}.statistics.events", f"{events.size} numbers", accepted)
        for count in events:
            if not (count >= 0.0 and count % 1 == 0):
                raise place.files.refuse(
                    f"{where}.statistics.events", float(count), "whole numbers, zero or more"
                )
        expected = np.bincount(cell, weights=counts, minlength=cells)
        empty = (expected > 0.0) != (events > 0.0)
        if empty.any():
            accepted = "events where the template is not zero, and only there"
            raise place.files.refuse(f"{where}.statistics.events", float(events[empty][0]), accepted)
        # A cell without events has no template either: any ratio will do.
        ratio = np.where(expected > 0.0, events / np.where(expected > 0.0, expected, 1.0), 1.0)
        weight = np.where(expected[cell] > 0.0, counts / np.where(expected > 0.0, expected, 1.0)[cell], 0.0)
        known = np.where(expected[cell] > 0.0, cell, -1)
        return Measured(
            tuple(known.tolist()), tuple(weight.tolist()), tuple(events.tolist()), tuple(ratio.tolist())
        )
