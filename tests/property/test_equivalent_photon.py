"""Equivalent photons: right for a charge on an atom, wrong for a moment, against the full kernels."""

import numpy as np
import pytest

from nuatom import Neutrino, Target
from nuatom.atoms.photons.cross_section import tabulated_photoabsorption_cm2
from nuatom.atoms.tables.store import find_table
from nuatom.errors import InputError
from nuatom.processes.equivalent_photon import charge_by_equivalent_photons_cm2_per_kev as by_charge
from nuatom.processes.equivalent_photon import refuted_moment_by_equivalent_photons_cm2_per_kev as refuted
from nuatom.processes.ionization import ipm

RECOIL = np.array([0.2, 0.5, 1.0, 2.0, 12.0])


def photoabsorption(symbol):
    return tabulated_photoabsorption_cm2(find_table(symbol, "ipm"), RECOIL)


@pytest.mark.parametrize(("mass", "missed"), [(1e-4, 0.4), (1e-30, 0.12), (1e-100, 0.05)])
def test_a_charge_is_an_equivalent_photon_up_to_what_no_logarithm_multiplies(mass, missed):
    kernels = ipm(Target("Ge"), neutrino_mass_kev=mass)
    charge = 1e-9  # so large that its square is all that counts
    full = kernels.cross_section(Neutrino(charge=charge), 3000.0, RECOIL).charge
    approximate = by_charge(3000.0, RECOIL, photoabsorption("Ge"), charge=charge, neutrino_mass_kev=mass)
    assert np.all(approximate < full)
    assert np.all(approximate > (1.0 - missed) * full)


def test_a_moment_is_not_enhanced_and_the_refuted_estimate_is():
    """KS11: nothing exceeds the stepping approximation near edges, at reactor energies."""
    moment = Neutrino(magnetic_moment=1e-11)
    full = ipm(Target("Ge")).cross_section(moment, 3000.0, RECOIL).magnetic
    free = 32 * ipm(Target("He")).cross_section(moment, 3000.0, [40.0]).magnetic[0] / 2 * 40.0 / RECOIL
    wrong = refuted(3000.0, RECOIL, photoabsorption("Ge"), magnetic_moment=1e-11)
    assert np.all(full < 1.05 * free)
    assert np.all(wrong > 30.0 * full)


@pytest.mark.parametrize("recoil", [0.0, 3000.0])
def test_recoils_are_below_the_energy(recoil):
    with pytest.raises(InputError, match="recoil_kev"):
        refuted(3000.0, recoil, 1e-20, magnetic_moment=1e-11)
    with pytest.raises(InputError, match="recoil_kev"):
        by_charge(3000.0, recoil, 1e-20, charge=1e-12, neutrino_mass_kev=1e-4)


@pytest.mark.parametrize("mass", [0.0, float("nan"), 4000.0])
def test_the_neutrino_has_a_mass_below_its_energy(mass):
    with pytest.raises(InputError, match="neutrino_mass_kev"):
        by_charge(3000.0, 1.0, 1e-20, charge=1e-12, neutrino_mass_kev=mass)
