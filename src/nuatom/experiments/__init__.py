"""Experiments: real data, each with the model that goes with it."""

from nuatom.experiments.experiment import Experiment
from nuatom.experiments.exploration import Exploration
from nuatom.experiments.loading import experiment, experiment_names
from nuatom.experiments.results import Limit, Scan
from nuatom.experiments.spectrum import Spectrum

__all__ = ["Experiment", "Exploration", "Limit", "Scan", "Spectrum", "experiment", "experiment_names"]
