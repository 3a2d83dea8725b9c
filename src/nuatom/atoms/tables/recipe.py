"""Recipes of tables: everything that determines their numbers, as canonical JSON beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from nuatom.atoms.correlated.interaction import Interaction
from nuatom.atoms.structure.thresholds import Thresholds

__all__ = ["RECIPE", "CorrelationRecipe", "LocalRecipe", "Recipe"]

RECIPE: Final = 2
"""What recipes hold, counted: 2 since they hold the ground state."""


@dataclass(frozen=True, kw_only=True)
class _Recipe:
    """What recipes share; ``recipe`` is `RECIPE`, so that older ones can be told."""

    recipe: int = RECIPE

    def text(self) -> str:
        """Canonical JSON."""
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(frozen=True, kw_only=True)
class Recipe(_Recipe):
    """Everything that determines the numbers of a table.

    Attributes
    ----------
    model : str
        ``ipm``: independent particles.
    state : dict
        `nuatom.atoms.structure.orbital.GroundState.recipe`.
    thresholds : str
        ``calculated`` or ``measured``: see `nuatom.atoms.structure.thresholds.thresholds_kev`.
    highest_transfer_kev : float
    first_ejected_kev : float
        Lowest tabulated energy of ejected electrons.
    accuracy : float
        Asked of multipole sums and of energy interpolation.
    momenta : int
        Momenta per energy.
    highest_order : int
        Of multipoles.
    version, constants : str
        Of nuatom, and of its physical constants.
    """

    model: str
    state: Mapping[str, Any]
    thresholds: str
    highest_transfer_kev: float
    first_ejected_kev: float
    accuracy: float
    momenta: int
    highest_order: int
    version: str
    constants: str


@dataclass(frozen=True, kw_only=True)
class CorrelationRecipe(_Recipe):
    """Everything that determines the numbers of a table.

    Attributes
    ----------
    model : str
        ``rpa``.
    interaction : str
        ``rpa`` or ``tdlda``: see `nuatom.atoms.correlated.linear_response`.
    state : dict
        `nuatom.atoms.structure.orbital.GroundState.recipe` of the electrons that answer.
    independent_state : dict
        Of those whose thresholds the table has.
    first_transfer_kev, highest_transfer_kev : float
        First and last node.
    accuracy : float
        Asked of the last multipole, and between nodes.
    highest_multipole : int
        Never exceeded.
    least_half_width_kev, relative_half_width : float
        The energy average's, the larger of the two.
    step : float
        Ratio of the distances of successive first nodes from a threshold, less one.
    momenta : int
    highest_momentum_kev : float
    inert : float
        Subshells bound by more than this many times a segment's largest transfer do not take part.
    resolved, tail, probe_tolerance : float
        Of the basis: see `nuatom.atoms.correlated.linear_response.basis_for` and `linear_response`.
    version, constants : str
        Of nuatom, and of its physical constants.
    """

    model: str
    interaction: Interaction
    state: Mapping[str, Any]
    independent_state: Mapping[str, Any]
    first_transfer_kev: float
    highest_transfer_kev: float
    accuracy: float
    highest_multipole: int
    least_half_width_kev: float
    relative_half_width: float
    step: float
    momenta: int
    highest_momentum_kev: float
    inert: float
    resolved: float
    tail: float
    probe_tolerance: float
    version: str
    constants: str

    def segment_text(self) -> str:
        """The same without the last transfer, on which no segment but the highest depends."""
        return json.dumps({**asdict(self), "highest_transfer_kev": None}, sort_keys=True)


@dataclass(frozen=True, kw_only=True)
class LocalRecipe(_Recipe):
    """Everything that determines the numbers of a table of correlation in local fields.

    Attributes
    ----------
    model, interaction : str
        ``rpa``, ``tdlda``.
    state, second_state, independent_state : dict
        `nuatom.atoms.structure.orbital.GroundState.recipe` of the electrons that answer, of those that tell
        how well this is known, and of independent ones.
    independent_sha256 : str
        Of the table that the ratios belong to.
    exchange_sha256 : str
        Of the table with exact exchange whose spin responses are taken, or ``none``.
    thresholds : str
        ``calculated``, and then left out of the text; or ``measured``, of inner subshells.
    passes : int
        Computations at most; left out of the text where there are two.
    highest_transfer_kev, accuracy, highest_multipole, least_half_width_kev, relative_half_width, step,
    momenta, highest_momentum_kev, version, constants
        As of `CorrelationRecipe`.
    """

    model: str
    interaction: Interaction
    state: Mapping[str, Any]
    second_state: Mapping[str, Any]
    independent_state: Mapping[str, Any]
    independent_sha256: str
    exchange_sha256: str
    highest_transfer_kev: float
    accuracy: float
    highest_multipole: int
    least_half_width_kev: float
    relative_half_width: float
    step: float
    momenta: int
    highest_momentum_kev: float
    version: str
    constants: str
    thresholds: Thresholds = "calculated"
    passes: int = 2

    def text(self) -> str:
        """Canonical JSON."""
        return json.dumps(self._fields(), sort_keys=True)

    def part_text(self) -> str:
        """The same without the state that its table's hash stands for, and the passes, which share parts."""
        apart = ("independent_state", "passes")
        fields = {name: value for name, value in self._fields().items() if name not in apart}
        return json.dumps(fields, sort_keys=True)

    def _fields(self) -> dict[str, Any]:
        fields = asdict(self)
        for name, usual in (("thresholds", "calculated"), ("passes", 2)):
            if fields[name] == usual:
                del fields[name]
        return fields
