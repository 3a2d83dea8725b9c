"""Detectors: what of a recoil is seen, and in which bin."""

from nuatom.detectors.detector import Detector, Efficiency, GaussianResolution

__all__ = ["Detector", "Efficiency", "GaussianResolution"]
