"""Several experiments fitted together: channels joined, nuisances of the same name one."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike

from nuatom.errors import InputError
from nuatom.experiments.experiment import Experiment
from nuatom.experiments.fittable import Fittable
from nuatom.experiments.loading import experiment, members
from nuatom.experiments.published import PublishedLimit

__all__ = ["Combination", "combine"]


@dataclass(frozen=True, repr=False)
class Combination(Fittable):
    """Several experiments together.

    Parameters
    ----------
    parts : tuple of Experiment
        Two or more, of different names.

    Raises
    ------
    InputError
        For fewer, or the same twice.
    """

    parts: tuple[Experiment, ...]

    def __post_init__(self) -> None:
        names = [part.name for part in self.parts]
        if len(names) < 2 or len(set(names)) < len(names):
            raise InputError("experiments", names, "two or more different experiments")

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """The parts."""
        return self.parts

    def in_medium(self, medium: str = "detector", neutrino_mass_ev: float | None = None) -> Combination:
        """As :meth:`nuatom.experiments.experiment.Experiment.in_medium`, of each part."""
        return Combination(tuple(part.in_medium(medium, neutrino_mass_ev) for part in self.parts))

    @property
    def published(self) -> tuple[PublishedLimit, ...]:
        """None: what is published is of the parts."""
        return ()

    @property
    def name(self) -> str:
        """Names of the parts, with commas between."""
        return ",".join(part.name for part in self.parts)

    @property
    def shared(self) -> tuple[str, ...]:
        """Nuisances that more than one of them has."""
        return self.analysis().shared

    @property
    def summary(self) -> str:
        """What the data are, in a few words."""
        return "; ".join(f"{part.name}: {part.summary}" for part in self.parts)

    def __repr__(self) -> str:
        return f"<Combination of {self.name}>"


def combine(*experiments: str | PathLike[str] | Experiment) -> Combination:
    """Fit several experiments together: their channels are joined, and nuisances of the same name are one.

    Parameters
    ----------
    *experiments : str, path or Experiment
        As :func:`~nuatom.experiments.loading.experiment` takes them, names of
        :func:`~nuatom.experiments.loading.groups`, or experiments themselves.

    Raises
    ------
    InputError
        For fewer than two, the same twice, or nuisances of one name that are known differently.

    Examples
    --------
    >>> combine("xenonnt-sr0", "xenon1t-sr1").shared[:2]
    ('flux.pp', 'flux.pep')
    """
    parts: list[Experiment] = []
    for given in experiments:
        parts += [given] if isinstance(given, Experiment) else map(experiment, members(given))
    return Combination(tuple(parts))
