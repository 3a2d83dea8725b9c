"""Jeong, Kim & Youn, "Electromagnetic properties of neutrinos from scattering on bound electrons in atom".

:cite:`JKY21`, equation by equation. The paper's model of three bodies lives here and nowhere else: with
the constants that it prints, and with the same constants evaluated from what they are said to be. Spin sums
are taken again with explicit Dirac matrices; the means over the spectrum, the sums over shells and the phase
space are computed from their definitions.
"""

from nuatom.papers.entry import Paper
from nuatom.papers.jky21.appendix_entries import appendix_entries
from nuatom.papers.jky21.figures import FIGURES
from nuatom.papers.jky21.fit_entries import fit_entries
from nuatom.papers.jky21.kinematics_entries import kinematics_entries
from nuatom.papers.jky21.magnetic_entries import magnetic_entries
from nuatom.papers.jky21.sun_entries import sun_entries
from nuatom.papers.jky21.weak_entries import weak_entries

__all__ = ["FIGURES", "reproduce"]


def reproduce() -> Paper:
    """Every equation and printed number of the paper beside what the package computes."""
    return Paper(
        "jky21",
        "JKY21",
        (
            *sun_entries(),
            *kinematics_entries(),
            *magnetic_entries(),
            *weak_entries(),
            *fit_entries(),
            *appendix_entries(),
        ),
        FIGURES,
        sources=("XENON:2020rca", "Bahcall:1997eg", "Vogel:1989iv", "KS16", "Vinyoles:2016djt"),
    )
