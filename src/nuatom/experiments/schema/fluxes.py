"""Fluxes in an experiment's file: one table a kind of source."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from nuatom.constants import SECONDS_PER_YEAR
from nuatom.experiments.schema.base import Files, Number, Numbers, Positive, Table
from nuatom.fluxes import (
    Flux,
    GaussianPulse,
    flux,
    pion_decay_at_rest,
    radioactive_source,
    reactor,
    solar,
    tabulated,
)
from nuatom.fluxes.table import parse_flux

__all__ = ["FluxTable", "build_flux"]

_SECONDS_PER_DAY = 86400.0


class SolarTable(Table):
    """The Sun, by a standard solar model."""

    kind: Literal["solar"]
    source: str = ""
    model: Literal["gs98", "agss09met"] = "gs98"

    def build(self, files: Files) -> Flux:  # noqa: ARG002  all kinds are built alike
        """The flux."""
        return solar(self.model)


class ReactorTable(Table):
    """A reactor's core: its thermal power while it runs, and the part of the live time that it runs."""

    kind: Literal["reactor"]
    source: str = ""
    thermal_power_gw: Positive
    distance_m: Positive
    fission_fractions: dict[str, Number] | None = None
    captures_per_fission: Annotated[float, Field(ge=0.0)] | None = None
    duty: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0

    def build(self, files: Files) -> Flux:  # noqa: ARG002
        """The flux, averaged over the live time."""
        return reactor(
            self.thermal_power_gw * self.duty,
            self.distance_m,
            self.fission_fractions,
            self.captures_per_fission,
        )


class PionDecayTable(Table):
    """A beam dump: protons on target over the whole run, and their pulse."""

    kind: Literal["pion_decay"]
    source: str = ""
    protons_on_target: Positive
    neutrinos_per_proton: Positive
    distance_m: Positive
    pulse_centre_ns: Number = 0.0
    pulse_centre_uncertainty_ns: Annotated[float, Field(ge=0.0)] = 0.0
    pulse_sigma_ns: Positive | None = None

    def build(self, files: Files) -> Flux:  # noqa: ARG002
        """The flux, as if all protons arrived within a year: that is the exposure beside a beam."""
        pulse = (
            None
            if self.pulse_sigma_ns is None
            else GaussianPulse(self.pulse_sigma_ns, self.pulse_centre_ns, self.pulse_centre_uncertainty_ns)
        )
        return pion_decay_at_rest(
            neutrinos_per_proton=self.neutrinos_per_proton,
            protons_per_s=self.protons_on_target / SECONDS_PER_YEAR,
            distance_m=self.distance_m,
            pulse=pulse,
        )


class SourceTable(Table):
    """A radioactive source: its activity when the run began, and how long that was."""

    kind: Literal["source"]
    source: str = ""
    nuclide: str
    activity_bq: Positive
    distance_m: Positive
    half_life_days: Positive | None = None
    run_days: Positive | None = None

    def build(self, files: Files) -> Flux:
        """The flux, averaged over the run where the half-life is given."""
        mean = 1.0
        if (self.half_life_days is None) != (self.run_days is None):
            missing = "run_days" if self.run_days is None else "half_life_days"
            raise files.refuse(f"flux.{missing}", None, "both of half_life_days and run_days, or neither")
        if self.half_life_days is not None and self.run_days is not None:
            decays = math.log(2.0) * self.run_days / self.half_life_days
            mean = -math.expm1(-decays) / decays
        return radioactive_source(self.nuclide, mean * self.activity_bq, self.distance_m)


class TabulatedTable(Table):
    """A table of energies in keV and fluxes in 1/(cm² s keV), or a file of one."""

    kind: Literal["table"]
    source: str = ""
    name: str = "table"
    file: str | None = None
    energy_kev: Numbers | None = None
    flux_per_cm2_s_kev: Numbers | None = None
    flavour: str = "e"
    relative_uncertainty: Annotated[float, Field(ge=0.0)] = 0.0

    def build(self, files: Files) -> Flux:
        """The flux."""
        if self.file is not None:
            text = files.content(self.file, "flux").decode("utf-8-sig", errors="replace")
            return parse_flux(text, f"{files.origin}: flux: {self.file}", self.name)
        if self.energy_kev is None or self.flux_per_cm2_s_kev is None:
            raise files.refuse("flux", "neither", "file, or energy_kev and flux_per_cm2_s_kev")
        return tabulated(
            self.name,
            files.numbers(self.energy_kev, "flux.energy_kev"),
            files.numbers(self.flux_per_cm2_s_kev, "flux.flux_per_cm2_s_kev"),
            self.flavour,
            self.relative_uncertainty,
        )


FluxTable = Annotated[
    SolarTable | ReactorTable | PionDecayTable | SourceTable | TabulatedTable, Field(discriminator="kind")
]


def build_flux(given: str | FluxTable | tuple[FluxTable, ...], files: Files) -> Flux:
    """Flux of a name, of a table, or of several tables together."""
    if isinstance(given, str):
        return flux(given)
    if not isinstance(given, tuple):
        return given.build(files)
    parts = [table.build(files) for table in given]
    return Flux(
        "+".join(part.name for part in parts),
        tuple(component for part in parts for component in part.components),
        tuple(dict.fromkeys(key for part in parts for key in part.citations)),
    )
