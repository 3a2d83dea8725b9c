"""An experiment's file as a whole: one TOML, checked where it enters, and made into an Experiment."""

from __future__ import annotations

import math
import warnings
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, ValidationError

from nuatom.atoms import Target
from nuatom.errors import InputError, did_you_mean, shown
from nuatom.experiments.experiment import Experiment
from nuatom.experiments.published import PublishedLimit
from nuatom.experiments.schema.base import Files, Number, Share, Table
from nuatom.experiments.schema.channels import ChannelTable
from nuatom.experiments.schema.fluxes import FluxTable, PionDecayTable, build_flux
from nuatom.experiments.schema.old import words_for_old_schema
from nuatom.files import parse_toml
from nuatom.inference import Constraint
from nuatom.processes import PROCESSES

__all__ = ["ExperimentFile", "parse"]


class SignalTable(Table):
    """Uncertainty of the signal's normalisation, common to all components of the flux."""

    source: str = ""
    normalisation: str | None = None
    normalisation_uncertainty: Share | None = None


class NuisanceTable(Table):
    """What is known of a nuisance: by name the same everywhere, in other files too."""

    name: str
    source: str = ""
    kind: Literal["gauss", "lognormal", "free"] = "gauss"
    centre: Number = 1.0
    sigma: Annotated[float, Field(ge=0.0)] | None = None
    lower: Number | None = None
    upper: Number | None = None

    def build(self, files: Files) -> Constraint:
        """The constraint."""
        if (self.sigma is None) != (self.kind == "free"):
            accepted = "nothing for a free nuisance" if self.kind == "free" else "a standard deviation"
            raise files.refuse(f"nuisances.{self.name}.sigma", self.sigma, accepted)
        return Constraint(
            self.name,
            self.kind,
            self.centre,
            math.inf if self.sigma is None else self.sigma,
            -math.inf if self.lower is None else self.lower,
            math.inf if self.upper is None else self.upper,
        )


class PublishedTable(Table):
    """A published interval to compare with; ``data`` are those it is from where they are not the file's."""

    parameter: str
    cl: Number
    sides: Literal["two-sided", "upper"] = "two-sided"
    lower: Number | None = None
    upper: Number | None = None
    data: str | None = None
    source: str = ""


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class ExperimentFile(Table):
    """One experiment: target, flux, and channels with data, backgrounds and responses."""

    name: str
    title: str | None = None
    source: str = ""
    target: str
    phase: str | None = None
    processes: Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)] = ("electron",)
    flux: str | FluxTable | tuple[FluxTable, ...]
    citations: tuple[str, ...] = ()
    signal: SignalTable | None = None
    channels: Annotated[tuple[ChannelTable, ...], Field(min_length=1)]
    nuisances: tuple[NuisanceTable, ...] = ()
    published: tuple[PublishedTable, ...] = ()

    def build(self, files: Files, bins: tuple[float, ...] | None = None) -> Experiment:
        """The experiment.

        Parameters
        ----------
        files : Files
            For numbers that stand in files.
        bins : tuple of float, optional
            Edges of the first axis of every channel, in the place of the file's.

        Raises
        ------
        InputError
            That names the file, the place and the value.
        """
        try:
            return self._build(files, bins)
        except InputError as error:
            if error.argument.startswith(files.origin):
                raise
            raise files.refuse(error.argument, error.value, error.accepted) from error

    def _build(self, files: Files, bins: tuple[float, ...] | None) -> Experiment:
        beam = isinstance(self.flux, PionDecayTable)
        for process in self.processes:
            if process not in PROCESSES:
                raise files.refuse("processes", process, ", ".join(PROCESSES))
        built = [channel.build(files, self.name, beam, bins) for channel in self.channels]
        constraints: dict[str, Constraint] = {}
        for _, own in built:
            for constraint in own:
                if constraints.setdefault(constraint.name, constraint) != constraint:
                    accepted = "one uncertainty of a sample in all channels; or different names"
                    raise files.refuse(constraint.name, constraint.sigma, accepted)
        signal = self._signal(files, constraints)
        for table in self.nuisances:
            if table.name in constraints:
                raise files.refuse(f"nuisances.{table.name}", "twice", "each nuisance once")
            constraints[table.name] = table.build(files)
        experiment = Experiment(
            name=self.name,
            title=self.title or self.name,
            target=Target(self.target, self.phase),
            flux=build_flux(self.flux, files),
            channels=tuple(channel for channel, _ in built),
            processes=self.processes,
            nuisances=tuple(constraints.values()),
            signal_normalisation=signal,
            published=tuple(PublishedLimit(**table.model_dump()) for table in self.published),
            citations=self.citations,
        )
        self._check_names(files, experiment)
        return experiment

    def _signal(self, files: Files, constraints: dict[str, Constraint]) -> str | None:
        if self.signal is None:
            return None
        sigma = self.signal.normalisation_uncertainty
        if (self.signal.normalisation is None) == (sigma is None):
            given = "neither" if sigma is None else "both"
            raise files.refuse("signal", given, "either normalisation or normalisation_uncertainty")
        if sigma is None:
            return self.signal.normalisation
        name = f"{self.name}.signal"
        kind: Literal["free", "gauss"] = "free" if math.isinf(sigma) else "gauss"
        constraints[name] = Constraint(name, kind, 1.0, sigma, 0.0)
        return name

    def _check_names(self, files: Files, experiment: Experiment) -> None:
        known = experiment.effects
        for constraint in experiment.nuisances:
            if constraint.name not in known:
                accepted = f"a nuisance that something depends on: {', '.join(sorted(known))}"
                raise files.refuse("nuisances", constraint.name, accepted)
        components = {part.name for part in experiment.flux.components}
        for channel in experiment.channels:
            for sample in channel.samples:
                held = sample.holds_standard_neutrinos
                for name in () if isinstance(held, bool) else held:
                    if name not in components:
                        place = f"channels.{channel.name}.samples.{sample.name}.holds_standard_neutrinos"
                        raise files.refuse(place, name, f"components of the flux: {', '.join(components)}")
        given = {constraint.name for constraint in experiment.nuisances}
        for channel in experiment.channels:
            for sample in channel.samples:
                for name in sample.nuisances:
                    if name not in given and not experiment.follows(name):
                        place = f"channels.{channel.name}.samples.{sample.name}.shifts"
                        raise files.refuse(place, name, "the name of one of the nuisances")

    @property
    def without_source(self) -> tuple[str, ...]:
        """Tables of data and backgrounds that do not say where their numbers are from."""
        if self.source:
            return ()
        missing = []
        for channel in self.channels:
            if not (channel.source or channel.data.source):
                missing.append(f"channels.{channel.name}.data")
            missing += [
                f"channels.{channel.name}.samples.{sample.name}"
                for sample in channel.samples
                if not (channel.source or sample.source or sample.free_in_every_bin)
            ]
        return tuple(missing)


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
        fields = parse_toml(text)
    except ValueError as error:
        raise InputError("experiment", origin, f"a TOML file ({error})") from error
    words = words_for_old_schema(fields)
    if words is not None:
        raise InputError(f"{origin}: {words[0]}", "a field of the old schema", words[1])
    try:
        return ExperimentFile.model_validate(fields)
    except ValidationError as error:
        raise _refusal(error, origin) from error


def warn_without_source(file: ExperimentFile, origin: str) -> None:
    """Ask for sources that are missing."""
    missing = [*file.without_source, *([] if file.citations else ["citations"])]
    if missing:
        warnings.warn(
            f"{origin}: no source of {', '.join(missing)}: say where the numbers are from",
            UserWarning,
            stacklevel=3,
        )


# Tables that are one of several kinds: messages name the table, not the kind that was tried.
_OF_KINDS: Final = frozenset(
    {"flux", "response", "electron_response", "efficiency", "resolution", "quenching", "template"}
)


_MOST_SHOWN: Final = 60


def _refusal(error: ValidationError, origin: str) -> InputError:
    entries = error.errors()
    # A misspelt field is more telling than the one it leaves missing, and a place than the table around it.
    first = min(entries, key=lambda entry: (entry["type"] != "extra_forbidden", -len(entry["loc"])))
    place = _place(first["loc"])
    value = _shown(first["input"])
    if first["type"] == "missing":
        return InputError(f"{origin}: {place}", None, "a value: the field is missing")
    if first["type"] == "extra_forbidden":
        missing = [_place(entry["loc"]) for entry in entries if entry["type"] == "missing"]
        meant = did_you_mean(str(first["loc"][-1]), sorted(_fields(Table)))
        hints = [f"did you mean {meant}?"] if meant else []
        hints += [f"missing: {name}" for name in missing]
        return InputError(f"{origin}: {place}", value, "; ".join(["no such field", *hints]))
    accepted = first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    same = {entry["loc"] for entry in entries if entry["loc"][:-1] == first["loc"][:-1]}
    if isinstance(first["loc"][-1], int) and len(same) > 1:
        accepted += f"; {len(same)} entries of this list are wrong"
    if first["type"] == "too_short":
        accepted = "a list with something in it"
    return InputError(f"{origin}: {place}", value, accepted)


def _shown(value: Any) -> Any:
    """A value that was refused; of tables and long lists what they are."""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple) and len(repr(value)) <= _MOST_SHOWN:
        return value
    return f"a list of {len(value)}" if isinstance(value, list | tuple) else "a table"


def _place(location: tuple[int | str, ...]) -> str:
    kept = []
    for before, part in zip(("", *location), location, strict=False):
        if before in _OF_KINDS or str(part).startswith(("tuple[", "function-", "tagged-union[")):
            continue
        text = str(part)
        kept.append(text if len(text) <= _MOST_SHOWN else shown(text))
    return ".".join(kept)


def _fields(table: type[Table]) -> set[str]:
    """Names of all fields of all tables."""
    names = set(table.model_fields)
    return names.union(*(_fields(each) for each in table.__subclasses__()))
