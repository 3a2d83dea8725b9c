"""Kernels folded with flux and response of a channel: nominal, and as each uncertainty has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nuatom.atoms import Target
from nuatom.detectors import Response
from nuatom.experiments.channel import Channel
from nuatom.experiments.experiment import Experiment
from nuatom.experiments.theory import spread_bounds
from nuatom.fluxes import Flux
from nuatom.processes import Kernels, Process, process_named
from nuatom.rates import FoldedKernels, fold

__all__ = ["FoldedChannel", "FoldedVariation", "fold_channel"]

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
    """

    experiment: Experiment
    channel: Channel
    kernels: FoldedKernels
    variations: tuple[FoldedVariation, ...]


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
    target, flux = experiment.target, experiment.flux
    if channel.flux_share != 1.0:
        flux = flux.times(channel.flux_share)
    does = [process_named(process) for process in experiment.processes]
    processes = tuple(zip(does, models, strict=True))

    def folded(
        flux: Flux, varied: Channel, modelled: tuple[tuple[Process, str], ...] = processes
    ) -> FoldedKernels:
        first, *rest = (
            _folded(target, flux, varied.response_of(process), process, model) for process, model in modelled
        )
        return first.joined(rest)

    nominal = folded(flux, channel)
    variations = [
        FoldedVariation(
            experiment.nuisance_name(entry.name),
            folded(entry.plus, channel).minus(folded(entry.minus, channel), 0.5),
        )
        for entry in flux.variations
    ]
    for name, plus, minus in channel.variations:
        change = folded(flux, plus).minus(folded(flux, minus), 0.5)
        variations.append(FoldedVariation(experiment.nuisance_name(name), change))
    if others is not None:
        other = folded(flux, channel, tuple(zip(does, others, strict=True)))
        low, high = spread_bounds(nominal, other)
        name = f"theory.{target.formula}"
        variations.append(FoldedVariation(name, other.minus(nominal), (float(low), float(high))))
    return FoldedChannel(experiment, channel, nominal, tuple(variations))


# Found again by all that it depends on, so that it can be of nothing else; the least used one goes.
@lru_cache(maxsize=_KEPT)
def _folded(target: Target, flux: Flux, response: Response, process: Process, model: str) -> FoldedKernels:
    return fold(_kernels(target, process, model), flux, response)


@lru_cache(maxsize=_KEPT)
def _kernels(target: Target, process: Process, model: str) -> Kernels:
    # Kept, because they keep what they have integrated, which variations of the detector ask for again.
    return process.kernels(target, model)
