"""Printed numbers about reactors, beams and radioactive sources, one case per cell."""

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest
import xraylib

from nuatom.fluxes import pion_decay_at_rest, radioactive_source, reactor
from nuatom.fluxes.beta import beta_spectrum

TABLE = tomllib.loads(Path(__file__).with_name("artificial_sources.toml").read_text("utf-8"))


def by_name(cell):
    return cell["name"]


def per_fission(isotope):
    """Antineutrinos per fission, from the flux at a known number of fissions."""
    energy_mev = {"u235": 202.36, "u238": 205.99, "pu239": 211.12, "pu241": 214.26}[isotope]
    fissions_per_s = 1e9 / (energy_mev * 1.602176634e-13)
    component = reactor(1.0, 10.0, {isotope: 1.0}, 0.0).component(isotope)
    return component.flux_per_cm2_s * 4.0 * math.pi * 1000.0**2 / fissions_per_s, component.spectrum


def inverse_beta_decay(energy_kev):
    """σ(ν̄_e p → e⁺ n) in cm²: A. Strumia and F. Vissani, Phys. Lett. B 564 (2003) 42, Eq. (25)."""
    energy = energy_kev / 1000.0
    positron = energy - 1.29333236
    momentum = np.sqrt(np.maximum(positron**2 - 0.51099895**2, 0.0))
    log = np.log(energy)
    power = -0.07056 + 0.02018 * log - 0.001953 * log**3
    return 1e-43 * momentum * positron * energy**power


@pytest.mark.parametrize("cell", TABLE["antineutrino_flux"]["cells"], ids=by_name)
def test_flux_at_reactor_experiments(cell):
    core = reactor(cell["thermal_power_gw"], cell["distance_m"])
    found = sum(component.flux_per_cm2_s for component in core.components)
    assert found == pytest.approx(cell["printed"], rel=TABLE["antineutrino_flux"]["spread"], abs=0.0)


@pytest.mark.parametrize("cell", TABLE["inverse_beta_decay_yield"]["cells"], ids=by_name)
def test_inverse_beta_decay_yield(cell):
    number, spectrum = per_fission(cell["name"])
    energy, weight = spectrum.quadrature(1806.0, 16)
    found = 1e43 * number * np.sum(weight * inverse_beta_decay(energy))
    spread = TABLE["inverse_beta_decay_yield"]["spread"]
    assert found == pytest.approx(cell["printed"], rel=spread, abs=0.0)


@pytest.mark.parametrize("cell", TABLE["number_above_threshold"]["cells"], ids=by_name)
def test_antineutrinos_above_the_threshold(cell):
    number, spectrum = per_fission(cell["name"])
    _, weight = spectrum.quadrature(1800.0, 16)
    expected = cell["printed"] * (1.0 + cell["rise"])
    spread = TABLE["number_above_threshold"]["spread"]
    assert number * weight.sum() == pytest.approx(expected, rel=spread, abs=0.0)


@pytest.mark.parametrize("cell", TABLE["mean_electron_energy"]["cells"], ids=by_name)
def test_mean_energy_of_the_electron(cell):
    endpoint = cell["endpoint_kev"]
    spectrum = beta_spectrum(endpoint, cell["charge"], cell["mass_number"], lepton="electron")
    energy, weight = spectrum.quadrature(0.0, 16)
    found = endpoint - np.sum(energy * weight)
    assert found == pytest.approx(cell["printed"], rel=TABLE["mean_electron_energy"]["spread"], abs=0.0)
    # Without the Coulomb factor the test would fail by far.
    free_energy, free_weight = beta_spectrum(endpoint).quadrature(0.0, 16)
    assert abs((endpoint - np.sum(free_energy * free_weight)) / cell["printed"] - 1.0) > 0.05


@pytest.mark.parametrize("cell", TABLE["capture_lines"]["cells"])
def test_capture_lines(cell):
    shell = {"K": xraylib.K_SHELL, "L": xraylib.L1_SHELL}[cell["shell"]]
    expected = cell["q"] - cell["level"] - xraylib.EdgeEnergy(cell["daughter"], shell)
    lines = radioactive_source(cell["name"], 1.0, 1.0).components[0].spectrum.energies_kev
    assert cell["line"] in lines
    assert cell["line"] == pytest.approx(expected, abs=TABLE["capture_lines"]["half_a_digit"])


def test_capture_branching_of_chromium():
    lines = radioactive_source("51Cr", 1.0, 1.0).component("cr51").spectrum
    excited = sum(b for e, b in zip(lines.energies_kev, lines.branchings, strict=True) if e < 500.0)
    cell = TABLE["capture_branching"]
    assert excited == pytest.approx(cell["printed"], rel=cell["spread"], abs=0.0)


def test_michel_means():
    """31.7 and 37.0 MeV, as every account of decay at rest prints them."""
    beam = pion_decay_at_rest(1.0, 1.0, 1.0)
    for name, printed in (("delayed-e", 31.7), ("delayed-anti-mu", 37.0)):
        energy, weight = beam.component(name).spectrum.quadrature(0.0, 8)
        assert 1e-3 * np.sum(energy * weight) == pytest.approx(printed, abs=0.05)


def test_tritium_source_has_the_measured_mean_energy():
    spectrum = radioactive_source("3H", 1.0, 1.0).component("h3").spectrum
    energy, weight = spectrum.quadrature(0.0, 16)
    cell = TABLE["mean_electron_energy"]["cells"][0]
    found = spectrum.edges_kev[-1] - np.sum(energy * weight)
    assert found == pytest.approx(cell["printed"], rel=TABLE["mean_electron_energy"]["spread"], abs=0.0)
