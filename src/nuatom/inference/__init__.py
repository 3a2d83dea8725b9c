"""Inference: likelihoods, and the intervals that follow from them."""

from nuatom.inference.interval import Interval, Sides, confidence_interval
from nuatom.inference.likelihood import BinnedLikelihood, GoodnessOfFit, Profile
from nuatom.inference.surface import Surface, surface

__all__ = [
    "BinnedLikelihood",
    "GoodnessOfFit",
    "Interval",
    "Profile",
    "Sides",
    "Surface",
    "confidence_interval",
    "surface",
]
