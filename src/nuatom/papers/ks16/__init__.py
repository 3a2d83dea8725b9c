"""Kouzakov & Studenikin, "Neutrino-atom collisions" :cite:`KS16`, equation by equation.

Printed formulas are written out as the paper has them, in natural units with Gaussian charges, e² = α, and
energies in keV; what stands beside them is computed by the package. Words, verdicts and reasons are in
``entries.toml``, in the paper's order.
"""

from nuatom.papers.entry import Paper
from nuatom.papers.ks16.electrons import electron_findings
from nuatom.papers.ks16.figures import FIGURES
from nuatom.papers.ks16.nuclei import nucleus_findings
from nuatom.papers.record import written_up

__all__ = ["FIGURES", "reproduce"]


def reproduce() -> Paper:
    """Every equation and printed number of the paper beside what the package computes."""
    return written_up("ks16", {**electron_findings(), **nucleus_findings()}, FIGURES)
