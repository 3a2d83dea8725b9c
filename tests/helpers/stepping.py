"""Experiments whose electrons are stepping where no model is named, as their published numbers have them."""

from dataclasses import replace

from nuatom.processes import PROCESSES

STEPPING = replace(PROCESSES["electron"], default="stepping")


def by_stepping(experiment):
    """The same experiment with stepping as its default model of electrons."""
    processes = (STEPPING if process == "electron" else process for process in experiment.processes)
    return replace(experiment, processes=tuple(processes))
