"""Experiments: real data, each with the model that goes with it."""

from nuatom.experiments.analysis import Analysis
from nuatom.experiments.channel import Channel, Measured, Sample, Shift
from nuatom.experiments.combination import Combination, combine
from nuatom.experiments.experiment import Experiment
from nuatom.experiments.exploration import Exploration
from nuatom.experiments.fit import Fit
from nuatom.experiments.loading import experiment, experiment_names, groups, members
from nuatom.experiments.published import PublishedLimit
from nuatom.experiments.results import Limit, Scan
from nuatom.experiments.spectrum import Spectrum

__all__ = [
    "Analysis",
    "Channel",
    "Combination",
    "Experiment",
    "Exploration",
    "Fit",
    "Limit",
    "Measured",
    "PublishedLimit",
    "Sample",
    "Scan",
    "Shift",
    "Spectrum",
    "combine",
    "experiment",
    "experiment_names",
    "groups",
    "members",
]
