"""Media: what a target's photons are like inside crystals, liquids and gases."""

from nuatom.media.dielectric import Dielectric
from nuatom.media.medium import Medium, find_medium, media_names, medium_named, medium_version, phases

__all__ = ["Dielectric", "Medium", "find_medium", "media_names", "medium_named", "medium_version", "phases"]
