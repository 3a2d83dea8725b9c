"""Inference: likelihoods, and the intervals that follow from them."""

from nuatom.inference.binned import BinnedLikelihood
from nuatom.inference.channels import Channel, Constraint, MeasuredSample
from nuatom.inference.curvature import covariance
from nuatom.inference.interval import Interval, Sides, confidence_interval
from nuatom.inference.likelihood import Data, GoodnessOfFit, Likelihood, Profile
from nuatom.inference.simulation import asimov, simulate
from nuatom.inference.surface import Surface, surface

__all__ = [
    "BinnedLikelihood",
    "Channel",
    "Constraint",
    "Data",
    "GoodnessOfFit",
    "Interval",
    "Likelihood",
    "MeasuredSample",
    "Profile",
    "Sides",
    "Surface",
    "asimov",
    "confidence_interval",
    "covariance",
    "simulate",
    "surface",
]
