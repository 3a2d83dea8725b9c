"""The recoil of the atom as a whole: the estimate, and the number that is printed with it."""

import pytest

from nuatom import Target
from nuatom.processes import atomic_recoil_kev


def test_germanium_as_printed():
    """KS16 after (11): 0.04 eV."""
    assert round(1e3 * atomic_recoil_kev(Target("Ge"))["Ge"], 2) == 0.04


def test_scales_with_charge_and_mass():
    helium, xenon = (atomic_recoil_kev(Target(s))[s] for s in ("He", "Xe"))
    assert xenon / helium == pytest.approx(27.0 ** (4.0 / 3.0) * 4.002602 / 131.293, rel=1e-4, abs=0.0)
    # In units of the energy of a momentum of one atomic unit, 2 Z^{4/3} hartree × m/M.
    expected = 2.0 * 2.0 ** (4.0 / 3.0) * 27.2114e-3 * 5.48580e-4 / 4.002602
    assert helium == pytest.approx(expected, rel=1e-4, abs=0.0)


def test_every_element_of_a_compound():
    assert set(atomic_recoil_kev(Target("CsI"))) == {"Cs", "I"}
