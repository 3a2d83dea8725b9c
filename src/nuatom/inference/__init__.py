"""Inference: likelihoods, and the intervals that follow from them."""

from nuatom.inference.bayesian import credible_interval, posterior
from nuatom.inference.channels import Channel, Constraint, MeasuredSample
from nuatom.inference.construction import Construction, construct, reach_of
from nuatom.inference.coverage import Coverage, coverage
from nuatom.inference.curvature import covariance, log_determinants
from nuatom.inference.expected import (
    Band,
    Expected,
    Significance,
    expected_interval,
    goodness_by_toys,
    significance,
)
from nuatom.inference.interval import Interval, Method, Sides, confidence_interval
from nuatom.inference.likelihood import Data, GoodnessOfFit, Likelihood, Profile
from nuatom.inference.nonlinear import Expansion, NonLinear, profile_nonlinear
from nuatom.inference.parameter import BestFit, OneParameter
from nuatom.inference.simulation import asimov, simulate
from nuatom.inference.surface import Surface, surface
from nuatom.inference.toys import Simulation, Toys, ToySample

__all__ = [
    "Band",
    "BestFit",
    "Channel",
    "Constraint",
    "Construction",
    "Coverage",
    "Data",
    "Expansion",
    "Expected",
    "GoodnessOfFit",
    "Interval",
    "Likelihood",
    "MeasuredSample",
    "Method",
    "NonLinear",
    "OneParameter",
    "Profile",
    "Sides",
    "Significance",
    "Simulation",
    "Surface",
    "ToySample",
    "Toys",
    "asimov",
    "confidence_interval",
    "construct",
    "covariance",
    "coverage",
    "credible_interval",
    "expected_interval",
    "goodness_by_toys",
    "log_determinants",
    "posterior",
    "profile_nonlinear",
    "reach_of",
    "significance",
    "simulate",
    "surface",
]
