"""Experiments: real data, each with the model that goes with it."""

from nuatom.experiments.experiment import Experiment
from nuatom.experiments.loading import experiment, experiment_names
from nuatom.experiments.results import Limit, Scan, Spectrum

__all__ = ["Experiment", "Limit", "Scan", "Spectrum", "experiment", "experiment_names"]
