"""Plasma energies and density-effect corrections against Sternheimer, Berger and Seltzer."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from nuatom.media import medium_named
from nuatom.media.charged_particles import density_effect, sternheimer_density_effect

TABLE = tomllib.loads(Path(__file__).with_name("density_effect.toml").read_text())
ROWS = {row["medium"]: row for row in TABLE["material"]}
SHAPE = ("cbar", "x0", "x1", "a", "k")
# A liquid's δ is that of its gas at a momentum larger by the root of the ratio of densities.
LIQUIDS = {"liquid-xenon": "xenon", "liquid-argon": "argon"}


@pytest.mark.parametrize("name", ROWS)
def test_plasma_energy(name):
    printed = ROWS[name]["plasma_energy_ev"]
    computed = 1e3 * medium_named(name).dielectric.plasma_energy_kev
    # Silicon and germanium were printed for densities of 2.330 and 5.323 g/cm³.
    np.testing.assert_allclose(computed, printed, rtol=1e-3)


@pytest.mark.parametrize("name", ["silicon", "germanium", *LIQUIDS])
@pytest.mark.parametrize("beta_gamma", [1e2, 1e3, 1e4])
def test_density_effect_of_condensed_matter(name, beta_gamma):
    row = ROWS[LIQUIDS.get(name, name)]
    gas = medium_named(LIQUIDS.get(name, name))
    scaled = beta_gamma * (medium_named(name).density_g_cm3 / gas.density_g_cm3) ** 0.5
    printed = sternheimer_density_effect(scaled, **{key: row[key] for key in SHAPE})
    # Their fit is good to 0.06, and they know but one energy of each shell.
    np.testing.assert_allclose(density_effect(medium_named(name).dielectric, beta_gamma), printed, rtol=0.05)


@pytest.mark.parametrize("name", ["argon", "xenon"])
@pytest.mark.parametrize("beta_gamma", [1e3, 1e4])
def test_density_effect_of_gases(name, beta_gamma):
    row = ROWS[name]
    printed = sternheimer_density_effect(beta_gamma, **{key: row[key] for key in SHAPE})
    np.testing.assert_allclose(density_effect(medium_named(name).dielectric, beta_gamma), printed, rtol=0.05)


@pytest.mark.parametrize("name", ROWS)
def test_mean_excitation_energy(name):
    computed = 1e3 * medium_named(name).dielectric.mean_excitation_energy_kev()
    # Of gases measured photoabsorption gives what stopping power gives; of silicon, whose constants have 1%
    # more than all of its electrons, 7% less.
    rtol = {"silicon": 0.08, "germanium": 0.05}.get(name, 0.01)
    np.testing.assert_allclose(computed, ROWS[name]["mean_excitation_energy_ev"], rtol=rtol)


@pytest.mark.parametrize(
    ("name", "printed", "rtol"),
    [
        # ε at optical frequencies as the square of the index of refraction; plasmon energies as measured by
        # electrons. References of the project's design: 16.6 eV silicon, 16 eV germanium.
        ("silicon", 16.6, 0.02),
        ("germanium", 16.0, 0.05),
    ],
)
def test_plasmon(name, printed, rtol):
    energy = np.linspace(0.010, 0.025, 1501)
    loss = (-1.0 / medium_named(name).dielectric.at(energy)).imag
    np.testing.assert_allclose(1e3 * energy[loss.argmax()], printed, rtol=rtol)
