"""Kouzakov & Studenikin, "Neutrino-atom collisions" :cite:`KS16`, equation by equation.

Printed formulas are written out as the paper has them, in natural units with Gaussian charges, e² = α, and
energies in keV; what stands beside them is computed by the package.
"""

from nuatom.papers.entry import Paper
from nuatom.papers.ks16.electrons import electron_entries
from nuatom.papers.ks16.figures import FIGURES
from nuatom.papers.ks16.nuclei import nucleus_entries

__all__ = ["FIGURES", "reproduce"]


def reproduce() -> Paper:
    """Every equation and printed number of the paper beside what the package computes."""
    return Paper(
        "ks16",
        "KS16",
        (*electron_entries(), *nucleus_entries()),
        FIGURES,
        sources=("Fujikawa:1980yx", "Beda:2012zz", "Kopeikin:1997ve", "Giunti:2014ixa", "Schoonjans:2011"),
    )
