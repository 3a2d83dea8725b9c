"""Kouzakov & Studenikin, "Theory of neutrino-impact atomic excitation and ionization due to neutrino magnetic
moments" :cite:`KS11`, equation by equation.

The paper treats atoms without relativity; the responses S and R are those of Dirac's equation here. Words,
verdicts and reasons are in ``entries.toml``, in the paper's order.
"""  # noqa: D205

from nuatom.papers.entry import Paper
from nuatom.papers.ks11.cross_section import cross_section_findings
from nuatom.papers.ks11.enhancement import enhancement_findings
from nuatom.papers.ks11.figures import FIGURES
from nuatom.papers.ks11.green_function import green_function_findings
from nuatom.papers.record import written_up

__all__ = ["FIGURES", "reproduce"]


def reproduce() -> Paper:
    """Every equation and printed number of the paper beside what the package computes."""
    findings = {**cross_section_findings(), **green_function_findings(), **enhancement_findings()}
    return written_up("ks11", findings, FIGURES)
