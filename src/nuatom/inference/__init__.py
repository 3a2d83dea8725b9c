"""Inference: likelihoods, and the intervals that follow from them."""

from nuatom.inference.interval import Interval, Sides, confidence_interval
from nuatom.inference.likelihood import BinnedLikelihood, GoodnessOfFit, Profile

__all__ = [
    "BinnedLikelihood",
    "GoodnessOfFit",
    "Interval",
    "Profile",
    "Sides",
    "confidence_interval",
]
