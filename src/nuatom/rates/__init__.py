"""Rates: kernels folded with a flux and a detector."""

from nuatom.rates.folding import FoldedKernels, QuadraticCounts, fold
from nuatom.rates.spectrum import Rate, differential_rate

__all__ = ["FoldedKernels", "QuadraticCounts", "Rate", "differential_rate", "fold"]
