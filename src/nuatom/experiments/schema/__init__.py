"""What an experiment's TOML file holds: tables that check what they are given, and build what it means."""

from nuatom.experiments.schema.base import Files, bins_from
from nuatom.experiments.schema.file import ExperimentFile, parse, warn_without_source

__all__ = ["ExperimentFile", "Files", "bins_from", "parse", "warn_without_source"]
