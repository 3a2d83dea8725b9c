"""Physical constants, in natural units with keV, from one edition.

CODATA 2022 (NIST SP 961, May 2024), as :mod:`scipy.constants` carries the recommended set, with which a test
compares these. ``ħ = c = 1``; charges in units of the positron's.
The weak mixing angle at zero momentum transfer is not a CODATA quantity: it belongs to
:mod:`nuatom.neutrinos.electroweak`, with its source.
"""

from __future__ import annotations

from typing import Final

EDITION: Final = "CODATA 2022"

FINE_STRUCTURE: Final = 0.0072973525643
ELECTRON_MASS_KEV: Final = 1e3 * 0.51099895069
PROTON_MASS_KEV: Final = 1e3 * 938.27208943
ATOMIC_MASS_KEV: Final = 1e3 * 931.49410372
ATOMIC_MASS_KG: Final = 1.66053906892e-27
FERMI_PER_KEV2: Final = 1e-12 * 1.1663787e-05
HARTREE_KEV: Final = 1e-3 * 27.211386245981
BOHR_RADIUS_CM: Final = 100.0 * 5.29177210544e-11
HBAR_C_KEV_CM: Final = 1e-10 * 197.3269804593025
AVOGADRO_PER_MOL: Final = 6.02214076e23
ELECTRON_VOLT_J: Final = 1.602176634e-19

SECONDS_PER_YEAR: Final = 365.25 * 86400.0
"""Julian year, the unit of published exposures."""

KG_PER_TONNE: Final = 1000.0

CM2_PER_INVERSE_KEV2: Final = HBAR_C_KEV_CM**2
"""Converts an area in keV⁻² to cm²."""
