"""What an experiment's TOML file holds, checked where it enters."""

from __future__ import annotations

import tomllib
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from nuatom.errors import InputError
from nuatom.processes import process_named

__all__ = ["ExperimentFile", "PublishedLimit", "parse"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, allow_inf_nan=False)


Energies = Annotated[tuple[float, ...], Field(min_length=2)]
WholeCounts = Annotated[tuple[Annotated[float, Field(ge=0.0, multiple_of=1.0)], ...], Field(min_length=1)]
Counts = Annotated[tuple[Annotated[float, Field(ge=0.0)], ...], Field(min_length=1)]


def _registered(name: str) -> str:
    return process_named(name).name


Process = Annotated[str, AfterValidator(_registered)]


class DataTable(_Table):
    """Observed counts, in contiguous bins of reconstructed energy, and of time within each of them.

    Edges are in keV, or in photoelectrons where the detector's light yield is given.
    """

    source: str
    bin_edges_kev: Energies | None = None
    bin_edges_pe: Energies | None = None
    time_edges_us: Energies | None = None
    counts: Counts


class BackgroundTable(_Table):
    """Background template: expected counts in each bin."""

    source: str
    counts: Counts
    normalisation_uncertainty: Annotated[float, Field(ge=0.0, allow_inf_nan=True)]
    holds_standard_neutrinos: bool


class ProductBackgroundTable(_Table):
    """Background that is a product of a spectrum and a distribution in time."""

    name: str
    source: str
    expected: Annotated[float, Field(gt=0.0)]
    normalisation_uncertainty: Annotated[float, Field(ge=0.0, allow_inf_nan=True)]
    energy_share: Counts
    time_share: Counts


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


Curve = tuple[float, float, float, float]


class LogisticEfficiencyTable(_Table):
    """Efficiency a/(1 + e^{−b(x − c)}) + d against photoelectrons x, and its one-sigma variations."""

    source: str
    coefficients: Curve
    plus: Curve
    minus: Curve


class GammaResolutionTable(_Table):
    """Gamma-distributed reconstructed energy of shape 1 + bE."""

    source: str
    shape_per_kev: float


class PolynomialVariation(_Table):
    """Coefficients at plus and minus one sigma."""

    name: str
    plus: tuple[float, ...]
    minus: tuple[float, ...]


class PolynomialTable(_Table):
    """Polynomial quenching: coefficients of T, T², … in MeV, and independent variations."""

    source: str
    coefficients_mev: tuple[float, ...]
    highest_recoil_kev: float
    variations: tuple[PolynomialVariation, ...] = ()


class LindhardTable(_Table):
    """Lindhard's quenching, with k and its uncertainty."""

    source: str
    atomic_number: int
    k: float
    k_uncertainty: float = 0.0


class MeasuredTable(_Table):
    """Measured electron-equivalent energies of recoils, with uncertainties of all together or of each."""

    source: str
    recoil_kev: tuple[float, ...]
    electron_equivalent_kev: tuple[float, ...]
    uncertainty_kev: tuple[float, ...] = ()
    common: bool = True


class TimeEfficiencyTable(_Table):
    """Efficiency in time: one until a time, then falling exponentially."""

    source: str
    flat_until_us: float
    loss_per_us: float


class DetectorTable(_Table):
    """Exposure, or the mass beside a beam; quenching, efficiency and resolution."""

    source: str
    exposure_tonne_year: Annotated[float, Field(gt=0.0)] | None = None
    mass_kg: Annotated[float, Field(gt=0.0)] | None = None
    light_yield_pe_per_kev: Annotated[float, Field(gt=0.0)] | None = None
    efficiency: EfficiencyTable | None = None
    logistic_efficiency: LogisticEfficiencyTable | None = None
    resolution: ResolutionTable | None = None
    gamma_resolution: GammaResolutionTable | None = None
    quenching: PolynomialTable | None = None
    lindhard_quenching: LindhardTable | None = None
    measured_quenching: MeasuredTable | None = None
    time_efficiency: TimeEfficiencyTable | None = None


class PionDecayTable(_Table):
    """A beam dump: protons on target over the whole run, and their pulse."""

    source: str
    protons_on_target: Annotated[float, Field(gt=0.0)]
    neutrinos_per_proton: Annotated[float, Field(gt=0.0)]
    distance_m: Annotated[float, Field(gt=0.0)]
    pulse_centre_ns: float
    pulse_centre_uncertainty_ns: Annotated[float, Field(ge=0.0)] = 0.0
    pulse_sigma_ns: Annotated[float, Field(gt=0.0)]


class SignalTable(_Table):
    """Uncertainty of the signal's normalisation, common to all components of the flux."""

    source: str
    normalisation_uncertainty: Annotated[float, Field(ge=0.0)]


class OtherProcess(_Table):
    """Something else that the same neutrinos do and the detector does not tell apart."""

    source: str
    process: Process


class PublishedLimit(_Table):
    """A published interval to compare with; ``data`` are those it is from where they are not the file's."""

    parameter: str
    cl: float
    sides: Literal["two-sided", "upper"] = "two-sided"
    lower: float | None = None
    upper: float | None = None
    data: str | None = None
    source: str


class ExperimentFile(_Table):
    """One experiment: data, background, detector, and the model that goes with them."""

    name: str
    title: str
    process: Process
    other_processes: tuple[OtherProcess, ...] = ()
    target: str
    flux: str | None = None
    pion_decay: PionDecayTable | None = None
    citations: tuple[str, ...]
    data: DataTable
    signal: SignalTable | None = None
    background: BackgroundTable | None = None
    product_backgrounds: tuple[ProductBackgroundTable, ...] = ()
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
        # A misspelt field is more telling than the one it leaves missing.
        first = min(error.errors(), key=lambda entry: entry["type"] != "extra_forbidden")
        place = ".".join(str(part) for part in first["loc"])
        if first["type"] == "missing":
            raise InputError(f"{origin}: {place}", None, "a value: the field is missing") from error
        if first["type"] == "extra_forbidden":
            missing = [entry["loc"] for entry in error.errors() if entry["type"] == "missing"]
            names = ", ".join(".".join(str(part) for part in loc) for loc in missing)
            accepted = f"no such field; missing: {names}" if names else "no such field"
            given = first["input"] if isinstance(first["input"], str | int | float) else "a table or list"
            raise InputError(f"{origin}: {place}", given, accepted) from error
        told = first.get("ctx", {}).get("error")
        accepted = (
            told.accepted if isinstance(told, InputError) else first["msg"].removeprefix("Input should be ")
        )
        raise InputError(f"{origin}: {place}", first["input"], accepted) from error
    _check_alternatives(file, origin)
    _check_lengths(file, origin)
    return file


def _check_alternatives(file: ExperimentFile, origin: str) -> None:
    """Where a quantity can be given in two ways, it is given in one; photoelectrons need a light yield."""
    data, detector = file.data, file.detector
    for place, one, other, (first, second) in (
        ("data", data.bin_edges_kev, data.bin_edges_pe, ("bin_edges_kev", "bin_edges_pe")),
        ("flux", file.flux, file.pion_decay, ("flux", "pion_decay")),
        (
            "background",
            file.background,
            file.product_backgrounds or None,
            ("background", "product_backgrounds"),
        ),
        (
            "detector",
            detector.exposure_tonne_year,
            detector.mass_kg,
            ("exposure_tonne_year", "mass_kg"),
        ),
        (
            "detector",
            detector.efficiency,
            detector.logistic_efficiency,
            ("efficiency", "logistic_efficiency"),
        ),
    ):
        if (one is None) == (other is None):
            given = "neither" if one is None else "both"
            raise InputError(f"{origin}: {place}", given, f"either {first} or {second}")
    if detector.resolution is not None and detector.gamma_resolution is not None:
        raise InputError(f"{origin}: detector", "both", "either resolution or gamma_resolution")
    quenchings = ("quenching", "lindhard_quenching", "measured_quenching")
    chosen = [name for name in quenchings if getattr(detector, name) is not None]
    if len(chosen) > 1:
        raise InputError(f"{origin}: detector", " and ".join(chosen), "one of them")
    if (detector.mass_kg is None) != (file.pion_decay is None):
        raise InputError(
            f"{origin}: detector.mass_kg", detector.mass_kg, "a mass beside a beam, and only then"
        )
    in_pe = data.bin_edges_pe is not None or detector.logistic_efficiency is not None
    if in_pe != (detector.light_yield_pe_per_kev is not None):
        raise InputError(
            f"{origin}: detector.light_yield_pe_per_kev",
            detector.light_yield_pe_per_kev,
            "a yield beside photoelectrons, and only then",
        )


def _check_lengths(file: ExperimentFile, origin: str) -> None:
    data = file.data
    energies = len(data.bin_edges_kev or data.bin_edges_pe or ()) - 1
    times = 1 if data.time_edges_us is None else len(data.time_edges_us) - 1
    lists = [("data.counts", data.counts, energies * times)]
    if file.background is not None:
        lists.append(("background.counts", file.background.counts, energies * times))
    for table in file.product_backgrounds:
        place = f"product_backgrounds.{table.name}"
        lists.append((f"{place}.energy_share", table.energy_share, energies))
        lists.append((f"{place}.time_share", table.time_share, times))
    for place, numbers, bins in lists:
        if len(numbers) != bins:
            raise InputError(f"{origin}: {place}", f"{len(numbers)} numbers", f"one for each of {bins} bins")
