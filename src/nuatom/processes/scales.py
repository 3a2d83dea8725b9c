"""The two scales that all cross sections are made of."""

from __future__ import annotations

import math
from typing import Final

from nuatom.constants import CM2_PER_INVERSE_KEV2, ELECTRON_MASS_KEV, FERMI_PER_KEV2, FINE_STRUCTURE

__all__ = ["MAGNETIC_SCALE", "WEAK_SCALE"]

WEAK_SCALE: Final = FERMI_PER_KEV2**2 / math.pi * CM2_PER_INVERSE_KEV2
"""G_F²/π, in cm² keV⁻²: times a mass, the weak cross section per recoil energy."""

MAGNETIC_SCALE: Final = math.pi * (FINE_STRUCTURE / ELECTRON_MASS_KEV) ** 2 * CM2_PER_INVERSE_KEV2
"""πα²/m_e², in cm²: over a recoil energy, the cross section of a moment of one Bohr magneton."""
