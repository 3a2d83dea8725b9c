"""Responses in an experiment's file: smearing, released matrices, templates of mono-energetic recoils."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nuatom.detectors import (
    Axis,
    Detector,
    Efficiency,
    GammaResolution,
    GaussianResolution,
    MatrixResponse,
    NoiseResolution,
    Resolution,
    Response,
    TimeWindow,
)
from nuatom.experiments.schema.base import Files, Number, Numbers, Positive, Table
from nuatom.experiments.schema.pairs import PairsTable
from nuatom.experiments.schema.quenching import LindhardTable, MeasuredTable, PolynomialTable
from nuatom.experiments.schema.shares import SharesTable
from nuatom.numerics.quadrature import FloatArray

__all__ = ["ResponseTable", "SmearTable"]

Curve = tuple[Number, Number, Number, Number]


class EfficiencyTable(Table):
    """Efficiency against true or reconstructed energy, with one uncertainty where it is given."""

    kind: Literal["table"]
    source: str = ""
    of: Literal["reconstructed", "true"] = "reconstructed"
    energy_kev: Numbers
    value: Numbers
    below: Number
    above: Number
    uncertainty: Numbers | None = None

    def build(self, files: Files, range_kev: tuple[float, float]) -> Efficiency:  # noqa: ARG002
        """The efficiency."""
        place = "response.efficiency"
        energy = files.numbers(self.energy_kev, f"{place}.energy_kev")
        value = files.numbers(self.value, f"{place}.value")
        alternatives: tuple[tuple[str, tuple[float, ...], tuple[float, ...]], ...] = ()
        if self.uncertainty is not None:
            sigma = files.numbers(self.uncertainty, f"{place}.uncertainty")
            if len(sigma) != len(value):
                accepted = f"one for each of {len(value)} energies"
                raise files.refuse(f"{place}.uncertainty", f"{len(sigma)} numbers", accepted)
            plus, minus = (tuple((np.array(value) + sign * np.array(sigma)).tolist()) for sign in (1.0, -1.0))
            alternatives = (("efficiency", plus, minus),)
        with files.within(place):
            return Efficiency(energy, value, self.below, self.above, alternatives)


class LogisticTable(Table):
    """Efficiency a/(1 + e^{−b(x − c)}) + d against what is read, and its one-sigma variations."""

    kind: Literal["logistic"]
    source: str = ""
    unit: Literal["keV", "pe"] = "keV"
    coefficients: Curve
    plus: Curve | None = None
    minus: Curve | None = None

    @property
    def of(self) -> Literal["reconstructed", "true"]:
        """What is read."""
        return "reconstructed"

    def build(self, files: Files, range_kev: tuple[float, float], per_kev: float = 1.0) -> Efficiency:
        """The efficiency, tabulated over a range."""
        if (self.plus is None) != (self.minus is None):
            raise files.refuse("response.efficiency", "one of plus and minus", "both, or neither")

        def curve(coefficients: Curve) -> Efficiency:
            height, steepness, middle, offset = coefficients
            return Efficiency.logistic(height, steepness * per_kev, middle / per_kev, offset, range_kev)

        nominal = curve(self.coefficients)
        if self.plus is None or self.minus is None:
            return nominal
        varied = (("efficiency", curve(self.plus).value, curve(self.minus).value),)
        return Efficiency(nominal.energy_kev, nominal.value, nominal.below, nominal.above, varied)


class GaussianTable(Table):
    """Gaussian resolution, σ/E = stochastic/√(E/keV) + constant."""

    kind: Literal["gaussian"]
    source: str = ""
    stochastic: Number
    constant: Number = 0.0

    def build(self) -> Resolution:
        """The resolution."""
        return GaussianResolution(self.stochastic, self.constant)


class NoiseTable(Table):
    """Gaussian resolution with electronic noise, σ² = noise² + stochastic² E + constant² E²."""

    kind: Literal["noise"]
    source: str = ""
    noise_kev: Number
    stochastic: Number = 0.0
    constant: Number = 0.0
    smallest_kev: Number = 0.0
    noise_uncertainty_kev: Number = 0.0

    def build(self) -> Resolution:
        """The resolution."""
        return NoiseResolution(
            self.noise_kev, self.stochastic, self.constant, self.smallest_kev, self.noise_uncertainty_kev
        )


class GammaTable(Table):
    """Gamma-distributed reconstructed energy of shape 1 + bE."""

    kind: Literal["gamma"]
    source: str = ""
    shape_per_kev: Number

    def build(self) -> Resolution:
        """The resolution."""
        return GammaResolution(self.shape_per_kev)


class TimeEfficiencyTable(Table):
    """Efficiency in time: one until a time, then falling exponentially."""

    source: str = ""
    flat_until_us: Number
    loss_per_us: Number


class SmearTable(Table):
    """Quenching, efficiency and resolution, in this order of what happens to a recoil."""

    kind: Literal["smear"]
    source: str = ""
    light_yield_pe_per_kev: Positive | None = None
    efficiency: Annotated[EfficiencyTable | LogisticTable, Field(discriminator="kind")] | None = None
    resolution: Annotated[GaussianTable | NoiseTable | GammaTable, Field(discriminator="kind")] | None = None
    quenching: (
        Annotated[PolynomialTable | LindhardTable | MeasuredTable, Field(discriminator="kind")] | None
    ) = None
    shares: SharesTable | None = None
    time_efficiency: TimeEfficiencyTable | None = None
    energy_scale_uncertainty: Number = 0.0

    def build(self, files: Files, axes: tuple[Axis, ...], exposure_tonne_year: float) -> Response:
        """The detector, in keV of electron-equivalent energy throughout."""
        energy = axes[0]
        per_kev = self._units_per_kev(files, axes)
        edges = tuple(edge / per_kev for edge in energy.edges)
        efficiency = Efficiency.perfect()
        of: Literal["reconstructed", "true"] = "reconstructed"
        if self.efficiency is not None:
            of = self.efficiency.of
            ends = (edges[0], edges[-1])
            if isinstance(self.efficiency, LogisticTable):
                in_pe = self.efficiency.unit == "pe"
                if in_pe and self.light_yield_pe_per_kev is None:
                    raise files.refuse(
                        "response.light_yield_pe_per_kev", None, "a yield beside photoelectrons"
                    )
                per = self.light_yield_pe_per_kev if in_pe and self.light_yield_pe_per_kev else 1.0
                efficiency = self.efficiency.build(files, ends, per)
            else:
                efficiency = self.efficiency.build(files, ends)
        with files.within("response.quenching"):
            quenching = None if self.quenching is None else self.quenching.build(files)
        with files.within("response.resolution"):
            resolution = None if self.resolution is None else self.resolution.build()
        return Detector(
            exposure_tonne_year=exposure_tonne_year,
            bin_edges_kev=edges,
            efficiency=efficiency,
            resolution=resolution,
            efficiency_of=of,
            quenching=quenching,
            time=self._time(files, axes),
            beside=None if self.shares is None else self.shares.build(files, energy, axes[1]),
            energy_scale_uncertainty=self.energy_scale_uncertainty,
        )

    def _units_per_kev(self, files: Files, axes: tuple[Axis, ...]) -> float:
        """Units of the energy axis in a keV."""
        if axes[0].quantity != "energy":
            raise files.refuse("axes", axes[0].quantity, "energy first, for a response that smears")
        if axes[0].unit == "pe":
            if self.light_yield_pe_per_kev is None:
                raise files.refuse("response.light_yield_pe_per_kev", None, "a yield beside photoelectrons")
            return self.light_yield_pe_per_kev
        units = {"keV": 1.0, "eV": 1e3, "MeV": 1e-3}
        if axes[0].unit not in units:
            raise files.refuse("axes.unit", axes[0].unit, f"{', '.join(units)} or pe, of an energy")
        return units[axes[0].unit]

    def _time(self, files: Files, axes: tuple[Axis, ...]) -> TimeWindow | None:
        rest = axes[1:] if self.shares is None else axes[2:]
        if self.shares is not None and len(axes) < 2:
            raise files.refuse("axes", "one axis", "a second axis, which the shares are of")
        if not rest:
            if self.time_efficiency is not None:
                raise files.refuse("response.time_efficiency", "a table", "none without an axis of time")
            return None
        if len(rest) > 1 or rest[0].quantity != "time" or rest[0].unit != "us":
            shown = [f"{axis.quantity} [{axis.unit}]" for axis in axes]
            accepted = "energy, what its shares are of, and time in us, for a response that smears"
            raise files.refuse("axes", shown, accepted)
        loss = self.time_efficiency
        if loss is None:
            return TimeWindow(rest[0].edges)
        return TimeWindow(rest[0].edges, loss.flat_until_us, loss.loss_per_us)


class FineAxis(Table):
    """Finer bins of a released table, where the data have coarser ones: edges of each."""

    low: Numbers
    high: Numbers


class MatrixTable(Table):
    """A released matrix: one row a recoil, the probability of each bin in columns that share a prefix."""

    kind: Literal["matrix"]
    source: str = ""
    file: str
    recoil_column: str = "energy_kev"
    bin_prefix: str
    bins: FineAxis | None = None

    def build(self, files: Files, axes: tuple[Axis, ...], exposure_tonne_year: float) -> Response:
        """The response."""
        place = "response"
        names = [name for name in files.names(self.file, place) if name.startswith(self.bin_prefix)]
        if not names:
            raise files.refuse(
                f"{place}.bin_prefix", self.bin_prefix, f"what names of columns of {self.file} begin with"
            )
        recoil = tuple(files.array(self.file, self.recoil_column, place).tolist())
        matrix = np.stack([files.array(self.file, name, place) for name in names], axis=1)
        if self.bins is not None:
            matrix = self._merged(files, matrix, axes)
        return MatrixResponse(exposure_tonne_year, axes, recoil, matrix)

    def _merged(self, files: Files, matrix: FloatArray, axes: tuple[Axis, ...]) -> FloatArray:
        """The matrix in the bins of the data, whose edges are some of the finer ones."""
        if self.bins is None or len(axes) != 1:
            raise files.refuse("response.bins", f"{len(axes)} axes", "data with one axis")
        low, high = (
            np.array(files.numbers(part, "response.bins")) for part in (self.bins.low, self.bins.high)
        )
        if low.size != matrix.shape[1] or high.size != low.size:
            raise files.refuse(
                "response.bins", f"{low.size} bins", f"one for each of {matrix.shape[1]} columns"
            )
        fine = np.append(low, high[-1])
        wanted = np.array(axes[0].edges)
        nearest = np.abs(fine[None, :] - wanted[:, None]).argmin(axis=1)
        off = np.abs(fine[nearest] - wanted) > 1e-6 * np.abs(wanted)
        if off.any():
            accepted = f"an edge of the response's bins, the nearest being {fine[nearest[off][0]]:g}"
            raise files.refuse("axes.edges", float(wanted[off][0]), accepted)
        cumulative = np.concatenate([np.zeros((len(matrix), 1)), np.cumsum(matrix, axis=1)], axis=1)
        merged: FloatArray = np.diff(cumulative[:, nearest], axis=1)
        return np.maximum(merged, 0.0)


class YieldTable(Table):
    """A nuisance of mono-energetic templates: the array of its values; in the order of their axes."""

    name: str
    values: str


class MonoEnergeticTable(Table):
    """Templates of mono-energetic recoils: an array (recoils, one axis a yield, bins) of a NumPy archive."""

    kind: Literal["mono-energetic"]
    source: str = ""
    file: str
    recoils: str = "recoil_kev"
    templates: str
    yields: tuple[YieldTable, ...] = ()

    def build(self, files: Files, axes: tuple[Axis, ...], exposure_tonne_year: float) -> Response:
        """The response, for yields of zero and for all that are tabulated."""
        place = "response"
        recoil = tuple(files.array(self.file, self.recoils, place).tolist())
        table = files.array(self.file, self.templates, place)
        grids = [files.array(self.file, entry.values, place) for entry in self.yields]
        shape = (len(recoil), *(grid.size for grid in grids))
        if table.shape[:-1] != shape:
            accepted = " by ".join(map(str, (*shape, "bins")))
            raise files.refuse(f"{place}.templates", " by ".join(map(str, table.shape)), accepted)
        if not self.yields:
            return MatrixResponse(exposure_tonne_year, axes, recoil, np.asarray(table, dtype=float))
        for entry, grid in zip(self.yields, grids, strict=True):
            if grid.size < 2 or np.any(np.diff(grid) <= 0.0) or not np.any(grid == 0.0):
                accepted = "two or more increasing values, zero among them"
                raise files.refuse(f"{place}.yields.{entry.name}", grid.tolist(), accepted)
        centres = tuple(int(np.flatnonzero(grid == 0.0)[0]) for grid in grids)
        nominal = np.moveaxis(table, 0, -2)[centres]
        names = tuple(entry.name for entry in self.yields)
        yields = tuple(zip(names, grids, strict=True))
        return MatrixResponse(exposure_tonne_year, axes, recoil, nominal, yields, table)


ResponseTable = Annotated[
    SmearTable | PairsTable | MatrixTable | MonoEnergeticTable, Field(discriminator="kind")
]
