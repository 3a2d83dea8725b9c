"""Guards of the flux values, each from both sides."""

import numpy as np
import pytest

from nuatom.errors import InputError
from nuatom.fluxes import FLUXES, Component, Continuum, Flux, Lines, Production, flux
from nuatom.fluxes.beta import beta_shape, beta_spectrum, fermi_function
from nuatom.fluxes.solar import COMPONENTS, solar

LINE = Lines((862.0,), (1.0,))


def test_every_name_resolves_to_a_flux_of_that_name():
    assert {flux(name).name for name in FLUXES} == set(FLUXES)


def test_unknown_names_list_what_is_accepted():
    with pytest.raises(InputError, match="solar-gs98, solar-agss09met"):
        flux("moon")
    with pytest.raises(InputError, match="gs98, agss09met"):
        solar("bs05")
    with pytest.raises(InputError, match="pp, pep, hep, be7, b8, n13, o15, f17"):
        flux("solar-gs98").component("f18")


def test_solar_components():
    sun = flux("solar-gs98")
    assert tuple(component.name for component in sun.components) == COMPONENTS
    assert {component.flavour for component in sun.components} == {"e"}
    assert sun.component("be7").spectrum == Lines((861.3, 384.3), (0.897, 0.103))
    assert sun.component("pep").spectrum == Lines((1442.2,), (1.0,))


@pytest.mark.parametrize(
    ("energies", "branchings"),
    [
        ((), ()),
        ((0.0,), (1.0,)),
        ((np.nan,), (1.0,)),
        ((np.inf,), (1.0,)),
        ((1.0, 2.0), (1.0,)),
        ((1.0, 2.0), (1.5, -0.5)),
        ((1.0, 2.0), (0.5, 0.499)),
        ((1.0,), (np.nan,)),
    ],
)
def test_lines_refuse(energies, branchings):
    with pytest.raises(InputError):
        Lines(energies, branchings)


@pytest.mark.parametrize("edges", [(1.0,), (1.0, 1.0), (2.0, 1.0), (-1.0, 1.0), (0.0, np.nan), (0.0, np.inf)])
def test_continuum_refuses_edges(edges):
    with pytest.raises(InputError, match="edges_kev"):
        Continuum(edges, np.ones_like)


def test_continuum_refuses_a_density_that_is_not_normalised():
    Continuum((0.0, 2.0), lambda energy: np.full_like(energy, 0.5))
    with pytest.raises(InputError, match="density"):
        Continuum((0.0, 2.0), np.ones_like)
    with pytest.raises(InputError, match="shape"):
        Continuum.normalised((0.0, 2.0), np.zeros_like)


def test_quadrature_refuses():
    spectrum = Continuum.normalised((0.0, 2.0), np.ones_like)
    with pytest.raises(InputError, match="order"):
        spectrum.quadrature(0.0, 0)
    with pytest.raises(InputError, match="lower_kev"):
        spectrum.quadrature([0.0, np.nan], 4)


@pytest.mark.parametrize(
    ("density", "fraction"),
    [((1.0,), (0.9,)), ((-1.0,), (1.0,)), ((1.0, 2.0), (1.0,)), ((np.nan,), (1.0,))],
)
def test_production_refuses(density, fraction):
    with pytest.raises(InputError):
        Production(density, fraction)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("flux_per_cm2_s", -1.0),
        ("flux_per_cm2_s", np.inf),
        ("relative_uncertainty", -0.1),
        ("relative_uncertainty", np.nan),
        ("flavour", "electron"),
    ],
)
def test_component_refuses(argument, value):
    accepted = {
        "name": "x",
        "flux_per_cm2_s": 1.0,
        "relative_uncertainty": 0.1,
        "flavour": "anti-e",
        "spectrum": LINE,
    }
    Component(**accepted)
    with pytest.raises(InputError, match=argument):
        Component(**accepted | {argument: value})


def test_flux_refuses_components_that_share_a_name():
    component = Component("x", 1.0, 0.1, "e", LINE)
    with pytest.raises(InputError, match="components"):
        Flux("f", (component, component), ())
    with pytest.raises(InputError, match="components"):
        Flux("f", (), ())


def test_beta_refuses():
    with pytest.raises(InputError, match="endpoint_kev"):
        beta_shape(1.0, 0.0)
    with pytest.raises(InputError, match="charge"):
        beta_spectrum(100.0, charge=-1)
    with pytest.raises(InputError, match="charge"):
        fermi_function(1.0, 138, 300)
    with pytest.raises(InputError, match="mass_number"):
        fermi_function(1.0, 1, 0)
    with pytest.raises(InputError, match="momentum_kev"):
        fermi_function(0.0, 1, 1)
    with pytest.raises(InputError, match="momentum_kev"):
        fermi_function(-1.0, -1, 1)
    assert fermi_function(0.0, -1, 1) == 0.0
    assert beta_shape([-1.0, 0.0, 100.0, 100.1], 100.0).tolist() == [0.0] * 4
