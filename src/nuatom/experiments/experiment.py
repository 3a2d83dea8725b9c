"""Experiments: data of one or more channels, and all that is needed to predict them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, Final, Self

from nuatom.atoms import PHASES, Target
from nuatom.detectors import Detector, Response
from nuatom.errors import InputError
from nuatom.experiments.channel import Channel
from nuatom.experiments.couplings import NEUTRINO_NUISANCES
from nuatom.experiments.fittable import Fittable
from nuatom.experiments.published import PublishedLimit
from nuatom.fluxes import Flux
from nuatom.inference import Constraint
from nuatom.media import find_medium
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes import Process, models_of, process_named

__all__ = ["Experiment"]

# Kinds of nuisance that belong to what a detector is made of; all others belong to the experiment.
_OF_TARGET: Final = frozenset({"quenching"})


@dataclass(frozen=True, repr=False)
class Experiment(Fittable):
    """A data set with the flux, the response and the backgrounds that its publication describes.

    Where a sample already holds the Standard Model's neutrinos, the signal of its channel is what the
    couplings change with respect to them, S(θ) − S(SM), so that they are counted once.

    Parameters
    ----------
    name, title : str
        Short name, and how figures call it.
    target : Target
        What the detector is made of.
    flux : Flux
        Neutrinos at the detector.
    channels : tuple of Channel
        Runs or detectors, of different names.
    processes : tuple of str or Process
        What the neutrinos do that the detector does not tell apart: keys of
        :data:`nuatom.processes.PROCESSES`, or processes of your own. Their counts add.
    nuisances : tuple of Constraint
        What is known of the normalisations of samples and the signal, and of whatever else is named. Those of
        the flux, ``flux.pp``, and of the response, ``quenching.Ge``, follow from these unless they are here.
    signal_normalisation : str, optional
        Nuisance that multiplies all of the signal.
    published : tuple of PublishedLimit
        Published intervals to compare with.
    citations : tuple of str
        Keys of the publications.

    Raises
    ------
    InputError
        For no channel, channels or nuisances that share a name, a process that is there twice, a whole atom
        beside its nucleus, or a normalisation that is not among the nuisances.

    Examples
    --------
    >>> import nuatom
    >>> nuatom.experiment("xenonnt-sr0")
    <Experiment xenonnt-sr0: 1.16 t yr of Xe, 433 events in 58 bins>
    """

    name: str
    title: str
    target: Target
    flux: Flux
    channels: tuple[Channel, ...]
    processes: tuple[str | Process, ...] = ("electron",)
    nuisances: tuple[Constraint, ...] = ()
    signal_normalisation: str | None = None
    published: tuple[PublishedLimit, ...] = ()
    citations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [channel.name for channel in self.channels]
        if not names or len(set(names)) < len(names):
            raise InputError("channels", names, "one or more channels of different names")
        known = [constraint.name for constraint in self.nuisances]
        if len(set(known)) < len(known):
            raise InputError("nuisances", known, "nuisances of different names")
        does = [process_named(process).name for process in self.processes]
        if len(set(does)) < len(does) or not does:
            raise InputError("processes", does, "one or more different processes")
        if {"atom", "nucleus"} <= set(does):
            raise InputError("processes", does, "the nucleus or the whole atom, not both")
        used = [self.signal_normalisation, *(s.normalisation for c in self.channels for s in c.samples)]
        for name in used:
            if name is not None and name not in known and not self.follows(name):
                raise InputError("normalisation", name, f"one of {', '.join(known) or 'no nuisances'}")

    def follows(self, name: str) -> bool:
        """Whether a nuisance follows from the flux or a response, without being among :attr:`nuisances`."""
        parts = (part for part in self.flux.components if part.relative_uncertainty > 0.0)
        return name in {f"flux.{part.name}" for part in parts} or name in self._varied

    @cached_property
    def _varied(self) -> frozenset[str]:
        """Nuisances of flux and responses that follow from what these are."""
        names = [entry.name for entry in self.flux.variations]
        names += [name for channel in self.channels for name, *_ in channel.variations]
        names += [name for channel in self.channels for name in channel.tabulated]
        return frozenset(self.nuisance_name(name) for name in names)

    @property
    def effects(self) -> frozenset[str]:
        """Names of all nuisances that something here depends on, or could."""
        samples = [sample for channel in self.channels for sample in channel.samples]
        named = [self.signal_normalisation, *(sample.normalisation for sample in samples)]
        return frozenset(
            (
                *(name for name in named if name is not None),
                *(name for sample in samples for name in sample.nuisances),
                *(f"flux.{part.name}" for part in self.flux.components),
                *self._varied,
                *NEUTRINO_NUISANCES,
                *(f"theory.{element.symbol}" for element, _ in self.target.constituents),
                f"theory.{self.target.formula}.spread",
            )
        )

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """Itself."""
        return (self,)

    @property
    def channel(self) -> Channel:
        """The only channel.

        Raises
        ------
        InputError
            When there are several.
        """
        if len(self.channels) > 1:
            names = ", ".join(channel.name for channel in self.channels)
            raise InputError("experiment", self.name, f"one of a single channel; this has {names}")
        return self.channels[0]

    @property
    def detector(self) -> Detector:
        """The smearing response of the only channel.

        Raises
        ------
        InputError
            When there are several channels, or the response is a table.
        """
        response = self.channel.response
        if not isinstance(response, Detector):
            raise InputError("experiment", self.name, "one whose response smears; this has a table")
        return response

    @property
    def counts(self) -> tuple[float, ...]:
        """What the only channel counted, bin by bin."""
        return self.channel.counts

    @property
    def background(self) -> FloatArray:
        """What the samples of the only channel expect, bin by bin."""
        return self.channel.background

    @property
    def exposure_tonne_year(self) -> float:
        """Target mass times live time, of all channels together."""
        return sum(channel.response.exposure_tonne_year for channel in self.channels)

    def nuisance_name(self, name: str) -> str:
        """Full name of a nuisance of the response or the flux, from its kind and the rest.

        ``"quenching.0"`` becomes ``"quenching.CsI.0"``, ``"efficiency"`` becomes
        ``"efficiency.xenonnt-sr0"``: the material is the same in all experiments, a detector is its own.
        """
        kind, _, rest = name.partition(".")
        owner = self.target.formula if kind in _OF_TARGET else self.name
        return ".".join(part for part in (kind, owner, rest) if part)

    def with_channel(self, name: str | None = None, **changes: Any) -> Self:
        """The experiment with a channel changed, the only one where no name is given.

        Parameters
        ----------
        name : str, optional
            Of the channel.
        **changes
            Fields of :class:`~nuatom.experiments.channel.Channel` and their new values.

        Raises
        ------
        InputError
            For an unknown channel, or values that do not fit.

        Examples
        --------
        >>> import nuatom
        >>> csi = nuatom.experiment("coherent-csi-2021")
        >>> csi.with_channel(counts=csi.asimov()).channel.counts == csi.asimov()
        True
        """
        wanted = self.channel.name if name is None else name
        if wanted not in {channel.name for channel in self.channels}:
            raise InputError("channel", wanted, ", ".join(channel.name for channel in self.channels))
        return replace(
            self,
            channels=tuple(
                replace(channel, **changes) if channel.name == wanted else channel
                for channel in self.channels
            ),
        )

    def with_response(self, response: Response) -> Self:
        """The experiment with another response of its only channel."""
        return self.with_channel(response=response)

    def in_medium(self, medium: str = "detector", neutrino_mass_ev: float | None = None) -> Self:
        """The experiment with other photons between a neutrino's charge and the atoms.

        Parameters
        ----------
        medium : {"detector", "vacuum", "gas", "liquid", "crystal"}
            Whether the target's atoms are in the phase that it has, or each in a vacuum, as most published
            limits have it; or in another phase.
        neutrino_mass_ev : float, optional
            Mass that ends the photon's pole in a vacuum, 0.1 eV by default. In matter it changes nothing.

        Raises
        ------
        InputError
            For another medium, or a mass where no process asks for one.

        Examples
        --------
        >>> import nuatom
        >>> nuatom.experiment("xenonnt-sr0").target.phase
        'liquid'
        >>> nuatom.experiment("xenonnt-sr0").in_medium("vacuum").target.phase is None
        True
        """
        if medium not in ("detector", "vacuum", *PHASES):
            raise InputError("medium", medium, f"detector, vacuum, {', '.join(PHASES)}")
        target = self.target
        if medium != "detector":
            target = replace(self.target, phase=medium if medium in PHASES else None)
            if target.phase is not None:
                find_medium(target)
        processes = tuple(process_named(process) for process in self.processes)
        if neutrino_mass_ev is not None:
            option = {"neutrino_mass_kev": 1e-3 * neutrino_mass_ev}
            if not any(process.takes(*option) for process in processes):
                raise InputError("neutrino_mass_ev", neutrino_mass_ev, "none, without ionization")
            processes = tuple(
                process.with_options(**option) if process.takes(*option) else process for process in processes
            )
        return replace(self, target=target, processes=processes)

    def constrained(self, name: str, **changes: Any) -> Self:
        """The experiment with what is known of a nuisance changed.

        Parameters
        ----------
        name : str
            Of the nuisance; without the name of the experiment before it too.
        **changes
            Fields of :class:`~nuatom.inference.Constraint`, ``sigma=0.0`` for example.

        Raises
        ------
        InputError
            For a nuisance that is not among the experiment's own.
        """
        known = {constraint.name: constraint for constraint in self.nuisances}
        full = next((each for each in (name, f"{self.name}.{name}") if each in known), None)
        if full is None:
            raise InputError("nuisance", name, ", ".join(known) or "no nuisances")
        if "sigma" in changes and "kind" not in changes:
            free, kind = math.isinf(changes["sigma"]), known[full].kind
            changes["kind"] = "free" if free else ("gauss" if kind == "free" else kind)
        known[full] = replace(known[full], **changes)
        return replace(self, nuisances=tuple(known.values()))

    def holding(self, *patterns: str) -> Self:
        """The experiment with nuisances held where they are: what it would be if these were known exactly.

        Parameters
        ----------
        *patterns : str
            Names, with ``*`` for any letters: ``"quenching.*"``.

        Raises
        ------
        InputError
            For a pattern that no nuisance has.

        Examples
        --------
        >>> import nuatom
        >>> exact = nuatom.experiment("coherent-csi-2021").holding("quenching.*", "efficiency.*")
        >>> sorted(each.name for each in exact.nuisances if each.sigma == 0.0)[-2:]
        ['quenching.CsI.0', 'quenching.CsI.1']
        """
        known = {constraint.name: constraint for constraint in self.nuisances}
        for pattern in patterns:
            names = sorted(name for name in self.effects if fnmatchcase(name, pattern))
            if not names:
                raise InputError("nuisance", pattern, f"one or several of {', '.join(sorted(self.effects))}")
            for name in names:
                centre = 1.0 if name.startswith("flux.") else 0.0
                held = known.get(name, Constraint(name, "gauss", centre, 0.0))
                known[name] = replace(held, kind="gauss", sigma=0.0)
        return replace(self, nuisances=tuple(known.values()))

    def scaled(self, factor: float) -> Self:
        """The experiment with ``factor`` times the exposure: signal and samples grow, the counts stay.

        Auxiliary measurements, such as template statistics, stay what they are.

        Examples
        --------
        >>> import nuatom
        >>> five = nuatom.experiment("coherent-csi-2021").scaled(5.0)
        >>> round(five.exposure_tonne_year / 0.01457)
        5
        """

        def exposed(response: Response) -> Response:
            return replace(response, exposure_tonne_year=factor * response.exposure_tonne_year)  # type: ignore[type-var]

        channels = (
            replace(
                channel,
                response=exposed(channel.response),
                electron_response=None
                if channel.electron_response is None
                else exposed(channel.electron_response),
                samples=tuple(sample.times(factor) for sample in channel.samples),
            )
            for channel in self.channels
        )
        return replace(self, channels=tuple(channels))

    def models_named(self, model: str | Sequence[str] | None) -> tuple[str, ...]:
        """Model of each process, from names joined by ``+``."""
        named = model if model is None or isinstance(model, str) else "+".join(model)
        return models_of(self.processes, named, self.target)

    def __repr__(self) -> str:
        return f"<Experiment {self.name}: {self.summary}>"

    @property
    def summary(self) -> str:
        """Exposure, target, and what was counted in how many bins or measured how often, in a few words."""
        counted = [channel for channel in self.channels if channel.is_poisson]
        values = sum(channel.bins for channel in self.channels if not channel.is_poisson)
        said = [f"{self.exposure_tonne_year:g} t yr of {self.target.formula}"]
        if counted:
            events, bins = (
                sum(sum(channel.counts) for channel in counted),
                sum(channel.bins for channel in counted),
            )
            said.append(f"{events:g} events in {bins} bin{'' if bins == 1 else 's'}")
        if values:
            said.append(f"{values} values with errors")
        return ", ".join(said) + ("" if len(self.channels) == 1 else f", {len(self.channels)} channels")
