"""Media: photons inside crystals, liquids and gases, and what the electrons there answer."""

from nuatom.media.atoms_in_matter import AtomsInMatter
from nuatom.media.crystal import CrystalAtom, CrystalResponses
from nuatom.media.dielectric import Dielectric
from nuatom.media.medium import Medium, find_medium, media_names, medium_named, medium_version, phases
from nuatom.media.pairs import PairData

__all__ = [
    "AtomsInMatter",
    "CrystalAtom",
    "CrystalResponses",
    "Dielectric",
    "Medium",
    "PairData",
    "find_medium",
    "media_names",
    "medium_named",
    "medium_version",
    "phases",
]
