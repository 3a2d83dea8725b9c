"""Detectors: what of a recoil is seen, in which bin, and when."""

from nuatom.detectors.detector import Detector, Efficiency, TimeWindow
from nuatom.detectors.quenching import (
    Lindhard,
    PolynomialQuenching,
    Quenching,
    QuenchingVariation,
    TabulatedQuenching,
)
from nuatom.detectors.resolution import GammaResolution, GaussianResolution, Resolution

__all__ = [
    "Detector",
    "Efficiency",
    "GammaResolution",
    "GaussianResolution",
    "Lindhard",
    "PolynomialQuenching",
    "Quenching",
    "QuenchingVariation",
    "Resolution",
    "TabulatedQuenching",
    "TimeWindow",
]
