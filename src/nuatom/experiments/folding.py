"""Kernels folded with flux and response of a channel: nominal, and as each uncertainty has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from nuatom.atoms import Target
from nuatom.detectors import Response, ResponseGrid
from nuatom.experiments.channel import Channel
from nuatom.experiments.experiment import Experiment
from nuatom.experiments.theory import error_bounds, spread_bounds
from nuatom.fluxes import Flux
from nuatom.processes import Process, process_named
from nuatom.rates import FoldedEach, FoldedKernels, find_folded, fold_nothing

__all__ = [
    "OF_THEORY",
    "Fold",
    "FoldedChannel",
    "FoldedGrid",
    "FoldedVariation",
    "fold_channel",
    "folds_of",
]

Fold = tuple[Target, Flux, tuple[Response, ...], Process, str]
"""Arguments of :func:`~nuatom.rates.kept.find_folded`."""

OF_THEORY: Final = "theory."
"""Names of nuisances that stand for what is not known of atoms begin with it."""

# Folded kernels of a few experiments with several models each, and their variations.
_KEPT = 256


@dataclass(frozen=True, eq=False)
class FoldedVariation:
    """What one standard deviation of an uncertainty adds to folded kernels.

    Parameters
    ----------
    nuisance : str
        Its name.
    change : FoldedKernels
        Half of the difference between up and down; of another model the difference.
    bounds : (float, float)
        Least and largest size, in standard deviations.
    """

    nuisance: str
    change: FoldedKernels
    bounds: tuple[float, float] = (-float("inf"), float("inf"))


@dataclass(frozen=True, eq=False)
class FoldedGrid:
    """Kernels of one process folded with what a response for tabulated uncertainties is a sum of.

    Parameters
    ----------
    nuisances : tuple of str
        Names of the uncertainties.
    grid : ResponseGrid
        Their values.
    kernels : FoldedKernels
        Folded with the grid's basis.
    """

    nuisances: tuple[str, ...]
    grid: ResponseGrid
    kernels: FoldedKernels


@dataclass(frozen=True, eq=False)
class FoldedChannel:
    """Folded kernels of one channel with one model, and of its variations.

    Parameters
    ----------
    experiment : Experiment
        What the channel belongs to.
    channel : Channel
        The channel.
    kernels : FoldedKernels
        As they are.
    variations : tuple of FoldedVariation
        What flux, response and theory leave open.
    grids : tuple of FoldedGrid
        What the response leaves open and is not linear.
    """

    experiment: Experiment
    channel: Channel
    kernels: FoldedKernels
    variations: tuple[FoldedVariation, ...]
    grids: tuple[FoldedGrid, ...] = ()


def fold_channel(
    experiment: Experiment, channel: Channel, models: tuple[str, ...], others: tuple[str, ...] | None
) -> FoldedChannel:
    """Fold the kernels of all processes of an experiment with a channel's flux and response.

    Variations are made here of the flux and the response that they vary: none can be of another.

    Parameters
    ----------
    experiment, channel : Experiment, Channel
        One and a channel of it.
    models : tuple of str
        A model of each process.
    others : tuple of str, optional
        Other models, whose difference is an uncertainty of the theory.
    """
    does = [process_named(process) for process in experiment.processes]
    varied = channel.variations
    (nominal, *ends), errors = _joined(experiment, channel, does, models, varied)
    variations = [
        FoldedVariation(experiment.nuisance_name(name), plus.minus(minus, 0.5))
        for (name, *_), plus, minus in zip(varied, ends[::2], ends[1::2], strict=True)
    ]
    for entry in experiment.flux.variations:
        plus, minus = (
            # With all responses, as it is kept.
            _joined(replace(experiment, flux=flux), channel, does, models, varied)[0][0]
            for flux in (entry.plus, entry.minus)
        )
        variations.append(FoldedVariation(experiment.nuisance_name(entry.name), plus.minus(minus, 0.5)))
    for name, change in errors.items():
        variations.append(FoldedVariation(name, change, error_bounds(nominal, change)))
    if others is not None:
        (other, *_), _ = _joined(experiment, channel, does, others, varied)
        low, high = spread_bounds(nominal, other)
        name = f"{OF_THEORY}{experiment.target.formula}.spread"
        variations.append(FoldedVariation(name, other.minus(nominal), (float(low), float(high))))
    grids = _grids(experiment, channel, does, models)
    return FoldedChannel(experiment, channel, nominal, tuple(variations), grids)


def _grids(
    experiment: Experiment, channel: Channel, does: Sequence[Process], models: Sequence[str]
) -> tuple[FoldedGrid, ...]:
    """Each process with the response for tabulated values of its uncertainties."""
    found = []
    for process, model in zip(does, models, strict=True):
        grid = channel.response_of(process).grid
        if grid is None or channel.flux_share == 0.0:
            continue
        share = channel.flux_share * channel.response_of(process).exposure_tonne_year
        (kernels,) = _folded(
            experiment.target, experiment.flux, (grid.basis,), process, model, share
        ).responses
        names = tuple(experiment.nuisance_name(name) for name in grid.names)
        found.append(FoldedGrid(names, grid, kernels))
    return tuple(found)


def _joined(
    experiment: Experiment,
    channel: Channel,
    does: Sequence[Process],
    models: Sequence[str],
    varied: Sequence[tuple[str, Channel, Channel]],
) -> tuple[list[FoldedKernels], dict[str, FoldedKernels]]:
    """All processes together, of a channel as it is and as its variations have it; and their errors."""
    each = [
        _folded(
            experiment.target,
            experiment.flux,
            _responses(channel, process, varied),
            process,
            model,
            channel.flux_share,
        )
        for process, model in zip(does, models, strict=True)
    ]
    whole = [first.joined(rest) for first, *rest in zip(*(part.responses for part in each), strict=True)]
    errors = {}
    for name in dict.fromkeys(name for part in each for name in part.errors):
        # Other processes are known, or not, for reasons of their own.
        first, *rest = (part.errors.get(name, part.responses[0].times(0.0)) for part in each)
        errors[name] = first.joined(rest)
    return whole, errors


def _responses(
    channel: Channel, process: Process, varied: Sequence[tuple[str, Channel, Channel]]
) -> tuple[Response, ...]:
    """Of a channel as it is, and as each of its variations has it."""
    channels = (channel, *(end for _, *pair in varied for end in pair))
    return tuple(one.response_of(process) for one in channels)


def folds_of(experiment: Experiment, models: Sequence[str]) -> Iterator[Fold]:
    """What is folded of an experiment with a model of each process."""
    does = [process_named(process) for process in experiment.processes]
    for channel in experiment.channels:
        if channel.flux_share > 0.0:
            for process, model in zip(does, models, strict=True):
                responses = _responses(channel, process, channel.variations)
                grid = responses[0].grid
                folded = responses if grid is None else (grid.basis,)
                yield experiment.target, experiment.flux, folded, process, model


# Found again by all that it depends on, so that it can be of nothing else; the least used one goes.
@lru_cache(maxsize=_KEPT)
def _folded(
    target: Target, flux: Flux, responses: tuple[Response, ...], process: Process, model: str, share: float
) -> FoldedEach:
    if share == 0.0:
        nothing = (fold_nothing(process.algebra, flux, response) for response in responses)
        return FoldedEach(tuple(nothing), {})
    (first, *_), grid = responses, responses[0].grid
    if grid is None:
        return _whole(target, flux, responses, process, model).times(share)
    # What is tabulated at the same recoils is folded once, whatever the yields and the exposure.
    basis = _whole(target, flux, (grid.basis,), process, model)
    exposed = basis.times(share * first.exposure_tonne_year)
    return exposed.mapped(grid.tables[grid.nominal].astype(float), first.axes)


@lru_cache(maxsize=_KEPT)
def _whole(
    target: Target, flux: Flux, responses: tuple[Response, ...], process: Process, model: str
) -> FoldedEach:
    return find_folded(target, flux, responses, process, model)
