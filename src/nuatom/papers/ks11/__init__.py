"""Kouzakov & Studenikin, "Theory of neutrino-impact atomic excitation and ionization due to neutrino magnetic
moments" :cite:`KS11`, equation by equation.

The paper treats atoms without relativity; the responses S and R are those of Dirac's equation here.
"""  # noqa: D205

from nuatom.papers.entry import Paper
from nuatom.papers.ks11.cross_section import cross_section_entries
from nuatom.papers.ks11.enhancement import enhancement_entries
from nuatom.papers.ks11.figures import FIGURES
from nuatom.papers.ks11.green_function import green_function_entries

__all__ = ["FIGURES", "reproduce"]


def reproduce() -> Paper:
    """Every equation and printed number of the paper beside what the package computes."""
    return Paper(
        "ks11",
        "KS11",
        (*cross_section_entries(), *green_function_entries(), *enhancement_entries()),
        FIGURES,
        sources=("KS16", "Beda:2012zz", "Henke:1993", "periodictable", "Schoonjans:2011"),
    )
