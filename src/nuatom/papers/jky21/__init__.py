"""Jeong, Kim & Youn, "Electromagnetic properties of neutrinos from scattering on bound electrons in atom".

:cite:`JKY21`, equation by equation. The paper's model of three bodies lives here and nowhere else: with
the constants that it prints, and with the same constants evaluated from what they are said to be. Spin sums
are taken again with explicit Dirac matrices; the means over the spectrum, the sums over shells and the phase
space are computed from their definitions. Words, verdicts and reasons are in ``entries.toml``, in the
paper's order.
"""

from nuatom.papers.entry import Paper
from nuatom.papers.jky21.appendix import appendix_findings
from nuatom.papers.jky21.figures import FIGURES
from nuatom.papers.jky21.fit import fit_findings
from nuatom.papers.jky21.kinematics import kinematics_findings
from nuatom.papers.jky21.magnetic import magnetic_findings
from nuatom.papers.jky21.sun import sun_findings
from nuatom.papers.jky21.weak import weak_findings
from nuatom.papers.record import written_up

__all__ = ["FIGURES", "reproduce"]


def reproduce() -> Paper:
    """Every equation and printed number of the paper beside what the package computes."""
    findings = {
        **sun_findings(),
        **kinematics_findings(),
        **magnetic_findings(),
        **weak_findings(),
        **fit_findings(),
        **appendix_findings(),
    }
    return written_up("jky21", findings, FIGURES)
