"""Rates: kernels folded with a flux and a detector."""

from nuatom.rates.folded import FoldedKernels
from nuatom.rates.folding import fold
from nuatom.rates.kept import find_folded
from nuatom.rates.quadratic import QuadraticCounts
from nuatom.rates.spectrum import Rate, differential_rate
from nuatom.rates.variations import FoldedEach, Weighted, fold_each, fold_nothing

__all__ = [
    "FoldedEach",
    "FoldedKernels",
    "QuadraticCounts",
    "Rate",
    "Weighted",
    "differential_rate",
    "find_folded",
    "fold",
    "fold_each",
    "fold_nothing",
]
