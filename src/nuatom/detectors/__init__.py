"""Detectors: what of a recoil is seen, in which bin, and when."""

from nuatom.detectors.axis import Axis
from nuatom.detectors.detector import Detector
from nuatom.detectors.efficiency import Efficiency, TimeWindow
from nuatom.detectors.matrix import MatrixResponse
from nuatom.detectors.pairs import PairCounting, PairStatistics
from nuatom.detectors.quenching import (
    Lindhard,
    PolynomialQuenching,
    Quenching,
    QuenchingVariation,
    TabulatedQuenching,
)
from nuatom.detectors.resolution import GammaResolution, GaussianResolution, NoiseResolution, Resolution
from nuatom.detectors.response import Response, ResponseGrid, ResponseVariation
from nuatom.detectors.shares import EnergyShares

__all__ = [
    "Axis",
    "Detector",
    "Efficiency",
    "EnergyShares",
    "GammaResolution",
    "GaussianResolution",
    "Lindhard",
    "MatrixResponse",
    "NoiseResolution",
    "PairCounting",
    "PairStatistics",
    "PolynomialQuenching",
    "Quenching",
    "QuenchingVariation",
    "Resolution",
    "Response",
    "ResponseGrid",
    "ResponseVariation",
    "TabulatedQuenching",
    "TimeWindow",
]
