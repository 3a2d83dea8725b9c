"""Printed numbers about solar neutrinos, one case per cell."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from nuatom.constants import ELECTRON_MASS_KEV
from nuatom.fluxes import flux
from nuatom.fluxes.beta import beta_shape, beta_spectrum
from nuatom.neutrinos.mixing import nufit
from nuatom.neutrinos.oscillation import survival_probability

TABLE = tomllib.loads(Path(__file__).with_name("solar_spectra.toml").read_text("utf-8"))


def half_a_digit(printed: str) -> float:
    return 0.5 * 10.0 ** -len(printed.partition(".")[2])


def mean_energy_mev(spectrum) -> float:
    energy, weight = spectrum.quadrature(0.0, 24)
    return 1e-3 * float(np.sum(energy * weight))


def survival(cell) -> float:
    production = flux("solar-gs98").component(cell["name"]).production
    return float(
        survival_probability(cell["energy_kev"], production.electron_density, production.fraction, nufit())
    )


@pytest.mark.parametrize("cell", TABLE["mean_energy"]["cells"], ids=lambda cell: cell["name"])
def test_mean_energy(cell):
    printed = float(cell["printed"])
    allowed = half_a_digit(cell["printed"]) + cell["end_point_spread"] * printed
    found = mean_energy_mev(flux("solar-gs98").component(cell["name"]).spectrum)
    assert found == pytest.approx(printed, abs=allowed)


def test_mean_energy_of_boron_8():
    cell = TABLE["mean_energy_b8"]
    found = mean_energy_mev(flux("solar-gs98").component("b8").spectrum)
    assert found == pytest.approx(cell["printed"], abs=cell["uncertainty"])


def test_pp_spectrum_without_coulomb_factor():
    cell = TABLE["pp_without_coulomb"]
    endpoint, energy = cell["endpoint_kev"], 200.0
    spectrum = beta_spectrum(endpoint)
    total = endpoint + ELECTRON_MASS_KEV - energy
    formula = energy**2 * total * np.sqrt(total**2 - ELECTRON_MASS_KEV**2)
    assert beta_shape(energy, endpoint) == pytest.approx(formula, rel=1e-13, abs=0.0)
    per_mev5 = 1e15 * spectrum.density(np.array(energy)) / formula
    # The printed norm lies 7e-6 above its own formula (the integral is printed as 1.00001), and
    # the printed mean carries that.
    assert per_mev5 == pytest.approx(float(cell["norm_per_mev5"]), rel=1e-5, abs=0.0)
    assert mean_energy_mev(spectrum) == pytest.approx(float(cell["mean_energy_mev"]), rel=1e-5, abs=0.0)


@pytest.mark.parametrize(
    "cell",
    TABLE["survival_probability"]["cells"],
    ids=lambda cell: f"{cell['name']}-{cell['energy_kev']:g}",
)
def test_survival_probability_measured(cell):
    assert survival(cell) == pytest.approx(cell["measured"], abs=cell["uncertainty"])
