"""Channels in an experiment's file: exposure, axes, data, samples and responses."""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from nuatom.constants import KG_PER_TONNE
from nuatom.detectors import Axis, Response
from nuatom.experiments.channel import Channel
from nuatom.experiments.schema.base import Files, Numbers, Positive, Table, bins_from
from nuatom.experiments.schema.responses import ResponseTable
from nuatom.experiments.schema.samples import Place, SampleTable
from nuatom.inference import Constraint
from nuatom.numerics.quadrature import FloatArray

__all__ = ["AxisTable", "ChannelTable"]

_DAYS_PER_YEAR = 365.25
_MOST_BINS = 100_000


class AxisTable(Table):
    """Bins of one quantity: edges, or so many equal ones of a range."""

    quantity: str = "energy"
    unit: str = "keV"
    edges: Numbers | None = None
    bins: str | None = None

    def build(self, files: Files, place: str) -> Axis:
        """The axis."""
        if (self.edges is None) == (self.bins is None):
            raise files.refuse(place, "neither" if self.bins is None else "both", "either edges or bins")
        edges = (
            bins_from(self.bins or "") if self.edges is None else files.numbers(self.edges, f"{place}.edges")
        )
        return Axis(self.quantity, self.unit, edges or ())


class DataTable(Table):
    """What was counted: counts in each bin, or events; or values with errors or a covariance."""

    source: str = ""
    counts: Numbers | None = None
    events: tuple[Numbers, ...] | None = None
    values: Numbers | None = None
    errors: Numbers | None = None
    covariance: tuple[Numbers, ...] | None = None


class ChannelTable(Table):
    """One run of one detector."""

    name: str = "data"
    source: str = ""
    exposure_tonne_year: Positive | None = None
    mass_kg: Positive | None = None
    live_days: Positive | None = None
    flux_share: Annotated[float, Field(ge=0.0)] = 1.0
    axes: Annotated[tuple[AxisTable, ...], Field(min_length=1)]
    data: DataTable
    samples: tuple[SampleTable, ...] = ()
    response: ResponseTable
    electron_response: ResponseTable | None = None

    def build(
        self, files: Files, experiment: str, beam: bool, chosen: tuple[float, ...] | None
    ) -> tuple[Channel, list[Constraint]]:
        """The channel, and what is known of the normalisations of its samples.

        Parameters
        ----------
        files : Files
            For numbers that stand in files.
        experiment : str
            Name of the experiment.
        beam : bool
            Whether the flux is that of a run's protons, beside which an exposure is a mass.
        chosen : tuple of float, optional
            Edges of the first axis that the user wants in the place of the file's.
        """
        where = f"channels.{self.name}"
        declared = tuple(axis.build(files, f"{where}.axes.{i}") for i, axis in enumerate(self.axes))
        axes = declared if chosen is None else (self._chosen(files, declared[0], chosen), *declared[1:])
        bins = math.prod(axis.bins for axis in axes)
        if bins > _MOST_BINS:
            raise files.refuse(f"{where}.axes", f"{bins} bins", f"at most {_MOST_BINS}")
        exposure = self._exposure(files, where, beam)

        def to_electrons(bins: tuple[Axis, ...]) -> Response:
            if self.electron_response is not None:
                return self.electron_response.build(files, bins, exposure)
            return self.response.build(files, bins, exposure).of_electrons()

        place = Place(files, experiment, self.name, axes, declared, exposure, to_electrons)
        observed, covariance, left_out = self._data(files, where, axes, declared)
        built = [sample.build(place) for sample in self.samples]
        with files.within(f"{where}.response"):
            response = self.response.build(files, axes, exposure)
        channel = Channel(
            name=self.name,
            response=response,
            counts=observed,
            samples=tuple(sample for sample, _ in built),
            electron_response=None if self.electron_response is None else to_electrons(axes),
            flux_share=self.flux_share,
            covariance=covariance,
            left_out=left_out,
        )
        return channel, [constraint for _, constraint in built if constraint is not None]

    def _chosen(self, files: Files, declared: Axis, edges: tuple[float, ...]) -> Axis:
        ends = (declared.edges[0], declared.edges[-1])
        slack = 1e-9 * (ends[1] - ends[0])
        for edge in edges:
            if not ends[0] - slack <= edge <= ends[1] + slack:
                raise files.refuse("bins", edge, f"bins within the data's range, {ends[0]:g} to {ends[1]:g}")
        return Axis(declared.quantity, declared.unit, edges)

    def _exposure(self, files: Files, where: str, beam: bool) -> float:
        if beam:
            given = self.exposure_tonne_year or self.live_days
            if given is not None or self.mass_kg is None:
                accepted = "mass_kg alone beside pion_decay, whose protons are those of the whole run"
                raise files.refuse(f"{where}.mass_kg", self.mass_kg, accepted)
            return self.mass_kg / KG_PER_TONNE
        if self.exposure_tonne_year is not None:
            if self.mass_kg is not None or self.live_days is not None:
                raise files.refuse(where, "both", "either exposure_tonne_year, or mass_kg and live_days")
            return self.exposure_tonne_year
        if self.mass_kg is None or self.live_days is None:
            missing = "exposure_tonne_year" if self.mass_kg is None else "live_days"
            accepted = "a number: exposure_tonne_year, or mass_kg and live_days"
            raise files.refuse(f"{where}.{missing}", None, accepted)
        return self.mass_kg / KG_PER_TONNE * self.live_days / _DAYS_PER_YEAR

    def _data(
        self, files: Files, where: str, axes: tuple[Axis, ...], declared: tuple[Axis, ...]
    ) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...] | None, int]:
        data, place = self.data, f"{where}.data"
        given = [name for name in ("counts", "events", "values") if getattr(data, name) is not None]
        if len(given) != 1:
            shown = " and ".join(given) or "none"
            raise files.refuse(place, shown, "one of counts, events, and values with errors or covariance")
        if data.values is None and (data.errors is not None or data.covariance is not None):
            raise files.refuse(place, "errors", "none beside counts: they are Poisson's")
        if data.events is not None:
            return (*self._binned(files, place, axes, declared),)
        if data.values is not None:
            return (*self._gaussian(files, place, axes), 0)
        counts = np.array(files.numbers(data.counts or (), f"{place}.counts"))
        shape = tuple(axis.bins for axis in declared)
        if counts.size != math.prod(shape):
            accepted = f"one for each of {math.prod(shape)} bins"
            raise files.refuse(f"{place}.counts", f"{counts.size} numbers", accepted)
        for count in counts:
            if not (count >= 0.0 and count % 1 == 0):
                raise files.refuse(f"{place}.counts", float(count), "whole numbers, zero or more")
        merged = _merged(files, counts.reshape(shape), axes, declared)
        return tuple(merged.ravel().tolist()), None, int(counts.sum() - merged.sum())

    def _binned(
        self, files: Files, place: str, axes: tuple[Axis, ...], declared: tuple[Axis, ...]
    ) -> tuple[tuple[float, ...], None, int]:
        columns = [np.array(files.numbers(column, f"{place}.events")) for column in self.data.events or ()]
        if len(columns) != len(axes) or len({column.size for column in columns}) > 1:
            shown = [column.size for column in columns]
            accepted = f"a list of as many events for each of {len(axes)} axes"
            raise files.refuse(f"{place}.events", f"lists of {shown} numbers", accepted)
        for column, axis in zip(columns, declared, strict=True):
            outside = (column < axis.edges[0]) | (column > axis.edges[-1])
            if outside.any():
                accepted = (
                    f"events within {axis.edges[0]:g} to {axis.edges[-1]:g}, the range that the axes declare"
                )
                raise files.refuse(f"{place}.events", float(column[outside][0]), accepted)
        counts, _ = np.histogramdd(np.stack(columns, axis=1), [np.array(axis.edges) for axis in axes])
        return tuple(counts.ravel().tolist()), None, int(columns[0].size - counts.sum())

    def _gaussian(
        self, files: Files, place: str, axes: tuple[Axis, ...]
    ) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]:
        data = self.data
        bins = math.prod(axis.bins for axis in axes)
        values = files.numbers(data.values or (), f"{place}.values")
        if len(values) != bins:
            raise files.refuse(f"{place}.values", f"{len(values)} numbers", f"one for each of {bins} bins")
        if (data.errors is None) == (data.covariance is None):
            given = "neither" if data.errors is None else "both"
            raise files.refuse(place, given, "either errors or covariance")
        if data.errors is not None:
            errors = np.array(files.numbers(data.errors, f"{place}.errors"))
            if errors.size != bins or not np.all(errors > 0.0):
                accepted = f"a positive number for each of {bins} bins"
                raise files.refuse(f"{place}.errors", errors.tolist(), accepted)
            matrix = np.diag(errors**2)
        else:
            rows = [files.numbers(row, f"{place}.covariance") for row in data.covariance or ()]
            if len(rows) != bins or any(len(row) != bins for row in rows):
                accepted = f"{bins} rows of {bins} numbers"
                raise files.refuse(f"{place}.covariance", f"{len(rows)} rows", accepted)
            matrix = np.array(rows)
        return tuple(values), tuple(tuple(row) for row in matrix.tolist())


def _merged(
    files: Files, counts: FloatArray, axes: tuple[Axis, ...], declared: tuple[Axis, ...]
) -> FloatArray:
    """Counts in wider bins of the first axis, whose edges are among those that the file declares."""
    if axes[0].edges == declared[0].edges:
        return counts
    known, wanted = np.array(declared[0].edges), np.array(axes[0].edges)
    place = np.abs(known[None, :] - wanted[:, None]).argmin(axis=1)
    off = np.abs(known[place] - wanted) > 1e-9 * (known[-1] - known[0])
    if off.any():
        accepted = "an edge of the counts' own bins: only the experiment's counts are known, not its events"
        raise files.refuse("bins", float(wanted[off][0]), accepted)
    cumulative: Any = np.concatenate([np.zeros((1, *counts.shape[1:])), np.cumsum(counts, axis=0)])
    merged: FloatArray = np.diff(cumulative[place], axis=0)
    return merged
