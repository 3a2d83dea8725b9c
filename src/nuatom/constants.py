"""Physical constants, in natural units with keV, from one edition.

CODATA 2022 through :mod:`scipy.constants`, which carries the whole recommended set
(NIST SP 961, May 2024). ``ħ = c = 1``; charges in units of the positron's.
The weak mixing angle at zero momentum transfer is not a CODATA quantity: it belongs to
:mod:`nuatom.neutrinos.electroweak`, with its source.
"""

from __future__ import annotations

from typing import Final

from scipy.constants import Avogadro, physical_constants

EDITION: Final = "CODATA 2022"

# SciPy ships the newest adjustment that it knows; an older one would change digits silently.
if physical_constants["fine-structure constant"][0] != 0.0072973525643:
    raise ImportError(f"nuatom needs SciPy with {EDITION} constants (SciPy >= 1.15)")


def _codata(name: str) -> float:
    return float(physical_constants[name][0])


FINE_STRUCTURE: Final = _codata("fine-structure constant")
ELECTRON_MASS_KEV: Final = 1e3 * _codata("electron mass energy equivalent in MeV")
PROTON_MASS_KEV: Final = 1e3 * _codata("proton mass energy equivalent in MeV")
ATOMIC_MASS_KEV: Final = 1e3 * _codata("atomic mass constant energy equivalent in MeV")
ATOMIC_MASS_KG: Final = _codata("atomic mass constant")
FERMI_PER_KEV2: Final = 1e-12 * _codata("Fermi coupling constant")
HARTREE_KEV: Final = 1e-3 * _codata("Hartree energy in eV")
BOHR_RADIUS_CM: Final = 100.0 * _codata("Bohr radius")
HBAR_C_KEV_CM: Final = 1e-10 * _codata("reduced Planck constant times c in MeV fm")
AVOGADRO_PER_MOL: Final = Avogadro

SECONDS_PER_YEAR: Final = 365.25 * 86400.0
"""Julian year, the unit of published exposures."""

KG_PER_TONNE: Final = 1000.0

CM2_PER_INVERSE_KEV2: Final = HBAR_C_KEV_CM**2
"""Converts an area in keV⁻² to cm²."""
