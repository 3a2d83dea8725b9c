"""The best model of a target's electrons that there are tables for, element by element."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from nuatom.atoms import Target, table_versions
from nuatom.media import Medium
from nuatom.processes.electron import stepping
from nuatom.processes.ionization import NEUTRINO_MASS_KEV, ipm, of_models, rpa
from nuatom.processes.kernels import Kernels

__all__ = ["BEST", "best", "best_model", "best_models", "described", "what_builds_better"]

BEST: Final = "best"
"""Name of the model."""


def best_models(target: Target) -> dict[str, str]:
    """Of each element the best model: with correlation, else of independent electrons, else stepping.

    Examples
    --------
    >>> best_models(Target("Xe"))
    {'Xe': 'rpa'}
    """
    found = {}
    for element, _ in target.constituents:
        versions = table_versions(element.symbol)
        alone = "ipm" in versions
        found[element.symbol] = ("rpa" if "rpa" in versions else "ipm") if alone else "stepping"
    return found


def best_model(target: Target) -> str:
    """Name of the best model of a target: that of its elements, or ``"best"`` where they differ."""
    names = set(best_models(target).values())
    return names.pop() if len(names) == 1 else BEST


def described(target: Target, model: str) -> str:
    """A model's name, with that of each element where these differ."""
    if model != BEST:
        return model
    return f"{BEST} ({', '.join(f'{symbol} {name}' for symbol, name in best_models(target).items())})"


def what_builds_better(target: Target) -> str | None:
    """Which commands make tables of the elements of a target that have none; None where all have one."""
    without = [symbol for symbol, name in best_models(target).items() if name == "stepping"]
    if not without:
        return None
    commands = "; ".join(f"nuatom table build {symbol}" for symbol in without)
    return f"stepping, since there is no table of {', '.join(without)}; better with {commands}"


def best(
    target: Target, *, neutrino_mass_kev: float = NEUTRINO_MASS_KEV, medium: Medium | None = None
) -> Kernels:
    """Kernels of each element of a target by the best model that there is a table for.

    Elements without a table are as :func:`~nuatom.processes.electron.stepping` has them.

    Parameters
    ----------
    target : Target
        Element or compound.
    neutrino_mass_kev, medium
        As of :func:`~nuatom.processes.ionization.ipm`.

    Returns
    -------
    Kernels
        They raise InputError above the last transfer of the tables.

    Raises
    ------
    InputError
        As :func:`~nuatom.processes.ionization.ipm`.
    """
    models = best_models(target)
    options = {"neutrino_mass_kev": neutrino_mass_kev, "medium": medium}
    alike = {"rpa": rpa, "ipm": ipm}.get(best_model(target))
    if alike is not None:
        return alike(target, **options)  # type: ignore[arg-type]
    tabled = {symbol: model for symbol, model in models.items() if model != "stepping"}
    rest = frozenset(models) - frozenset(tabled)
    if not tabled:
        return stepping(target)
    known = of_models(target, tabled, neutrino_mass_kev=neutrino_mass_kev, medium=medium)
    if not rest:
        return known
    whole = Kernels.added([known, stepping(target, elements=rest)])
    stops = sorted({stop for part in whole.parts for stop in part.thresholds_kev})
    return replace(whole, thresholds_kev=tuple(stops), accuracy=known.accuracy, errors=known.errors)
