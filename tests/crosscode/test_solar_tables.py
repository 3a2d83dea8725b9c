"""Published tables of solar spectra and production, where a copy lies beside the project."""

from pathlib import Path

import numpy as np
import pytest

from nuatom.fluxes import flux
from nuatom.fluxes.beta import beta_spectrum
from nuatom.neutrinos.mixing import nufit
from nuatom.neutrinos.oscillation import survival_probability

TABLES = Path(__file__).parents[3] / "shared" / "data" / "solar_PEANUTS"

PROFILE_COLUMNS = ("pp", "pep", "hep", "be7", "b8", "n13", "o15", "f17")

pytestmark = pytest.mark.skipif(not TABLES.is_dir(), reason="needs the published solar tables")


def published(name):
    table = np.genfromtxt(TABLES / name, delimiter=",", comments="#")
    energy_kev, density = 1e3 * table[:, 0], 1e-3 * table[:, 1]
    norm = np.trapezoid(np.append(0.0, density), np.append(0.0, energy_kev))
    return energy_kev, density / norm


# Tolerance relative to the peak. pp: the published spectrum averages over solar thermal energies.
# End points are those of the tables.
@pytest.mark.parametrize(
    ("file", "endpoint_kev", "charge", "mass_number", "tolerance"),
    [
        ("pp_shape.csv", 423.41, 1, 2, 1.0e-3),
        ("n13_shape.csv", 1199.0, 6, 13, 3e-4),
        ("o15_shape.csv", 1732.0, 7, 15, 3e-4),
        ("f17_shape.csv", 1740.0, 8, 17, 3e-4),
        ("hep_shape.csv", 18784.0, 2, 4, 2e-4),
    ],
)
def test_beta_spectra(file, endpoint_kev, charge, mass_number, tolerance):
    energy, density = published(file)
    found = beta_spectrum(endpoint_kev, charge, mass_number).density(energy)
    np.testing.assert_allclose(found, density, rtol=0, atol=tolerance * density.max())


def test_boron_8_between_the_points_we_carry():
    energy, density = published("8B_shape_Winter_et_al.csv")
    found = flux("solar-gs98").component("b8").spectrum.density(energy)
    # Half a digit of the printed values near the peak is 4e-4 of it.
    np.testing.assert_allclose(found, density, rtol=0, atol=6e-4 * density.max())


# Bins of the density cost 4e-4; the profile of the other model is not carried.
@pytest.mark.parametrize(
    ("file", "tolerance"), [("nudistr_b16_gs98.dat", 4e-4), ("nudistr_b16_agss09.dat", 2.2e-3)]
)
def test_binned_production_gives_the_survival_probability_of_the_full_profile(file, tolerance):
    profile = np.genfromtxt(TABLES / file, comments="#")
    profile = profile[~np.isnan(profile).any(axis=1)]
    columns = {name: 4 + k for k, name in enumerate(PROFILE_COLUMNS)}
    energies = np.array([100.0, 300.0, 862.0, 1442.0, 3000.0, 6000.0, 10000.0, 15000.0])
    for component in flux("solar-gs98").components:
        made = profile[:, columns[component.name]]
        full = survival_probability(energies, 10.0 ** profile[:, 2], made / made.sum(), nufit())
        binned = survival_probability(
            energies,
            component.production.electron_density,
            component.production.fraction,
            nufit(),
        )
        np.testing.assert_allclose(binned, full, rtol=0, atol=tolerance)
