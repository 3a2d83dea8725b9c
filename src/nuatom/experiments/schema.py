"""What an experiment's TOML file holds, checked where it enters."""

from __future__ import annotations

import tomllib
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nuatom.errors import InputError

__all__ = ["ExperimentFile", "PublishedLimit", "parse"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, allow_inf_nan=False)


Energies = Annotated[tuple[float, ...], Field(min_length=2)]
Counts = Annotated[tuple[Annotated[float, Field(ge=0.0)], ...], Field(min_length=1)]


class DataTable(_Table):
    """Observed counts, in contiguous bins of reconstructed energy."""

    source: str
    bin_edges_kev: Energies
    counts: Counts


class BackgroundTable(_Table):
    """Background template: expected counts in each bin."""

    source: str
    counts: Counts
    normalisation_uncertainty: Annotated[float, Field(ge=0.0, allow_inf_nan=True)]
    holds_standard_neutrinos: bool


class EfficiencyTable(_Table):
    """Efficiency against true or reconstructed energy."""

    source: str
    of: Literal["reconstructed", "true"]
    energy_kev: Energies
    value: Energies
    below: float
    above: float


class ResolutionTable(_Table):
    """Gaussian resolution, σ/E = stochastic/√(E/keV) + constant."""

    source: str
    stochastic: float
    constant: float


class DetectorTable(_Table):
    """Exposure, efficiency and resolution."""

    source: str
    exposure_tonne_year: Annotated[float, Field(gt=0.0)]
    efficiency: EfficiencyTable
    resolution: ResolutionTable | None = None


class PublishedLimit(_Table):
    """A published interval to compare with."""

    parameter: str
    cl: float
    lower: float | None = None
    upper: float | None = None
    source: str


class ExperimentFile(_Table):
    """One experiment: data, background, detector, and the model that goes with them."""

    name: str
    title: str
    process: Literal["electron"]
    target: str
    flux: str
    citations: tuple[str, ...]
    data: DataTable
    background: BackgroundTable
    detector: DetectorTable
    published: tuple[PublishedLimit, ...] = ()


def parse(text: str, origin: str) -> ExperimentFile:
    """Read an experiment from TOML.

    Parameters
    ----------
    text : str
        The file's text.
    origin : str
        Where it came from, for messages.

    Raises
    ------
    InputError
        For text that is not TOML, or a field that is missing, unknown or out of range.
    """
    try:
        fields: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("experiment", origin, f"a TOML file ({error})") from error
    try:
        file = ExperimentFile.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        if first["type"] == "missing":
            raise InputError(f"{origin}: {place}", None, "a value: the field is missing") from error
        if first["type"] == "extra_forbidden":
            raise InputError(f"{origin}: {place}", first["input"], "no such field") from error
        accepted = first["msg"].removeprefix("Input should be ")
        raise InputError(f"{origin}: {place}", first["input"], accepted) from error
    bins = len(file.data.bin_edges_kev) - 1
    for place, counts in (
        ("data.counts", file.data.counts),
        ("background.counts", file.background.counts),
    ):
        if len(counts) != bins:
            raise InputError(f"{origin}: {place}", f"{len(counts)} numbers", f"one for each of {bins} bins")
    return file
