"""Guards of the flux values, each from both sides."""

import numpy as np
import pytest

from nuatom.errors import InputError
from nuatom.fluxes import (
    FLUXES,
    BinnedPulse,
    Component,
    Continuum,
    Flux,
    GaussianPulse,
    Lines,
    Production,
    Timing,
    flux,
    pion_decay_at_rest,
    radioactive_source,
    reactor,
)
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
    with pytest.raises(InputError, match="lepton"):
        beta_shape(1.0, 100.0, lepton="muon")
    assert beta_shape([-1.0, 0.0, 100.0, 100.1], 100.0).tolist() == [0.0] * 4
    electron = beta_shape([-1.0, 0.0, 100.0, 100.1], 100.0, 2, 3, lepton="electron")
    assert np.flatnonzero(electron).tolist() == [2]


@pytest.mark.parametrize("sigma", [0.0, -1.0, np.inf, np.nan])
def test_gaussian_pulse_refuses(sigma):
    with pytest.raises(InputError, match="sigma_ns"):
        GaussianPulse(sigma)
    with pytest.raises(InputError, match="centre_ns"):
        GaussianPulse(1.0, centre_ns=sigma if not np.isfinite(sigma) else np.nan)


def test_binned_pulse_refuses():
    for edges in ((0.0,), (0.0, 0.0), (1.0, 0.0), (0.0, np.inf), (np.nan, 1.0)):
        with pytest.raises(InputError, match="edges_ns"):
            BinnedPulse(edges)
    for shares in ((1.0,), (0.5, 0.4), (1.5, -0.5), (np.nan, 1.0)):
        with pytest.raises(InputError, match="shares"):
            BinnedPulse((0.0, 1.0, 3.0), shares)


def test_timing_refuses():
    pulse = GaussianPulse(100.0)
    for lifetimes in ((0.0,), (-1.0,), (np.inf,), (100.0, 100.5)):
        with pytest.raises(InputError, match="lifetimes_ns"):
            Timing(pulse, lifetimes)
    timing = Timing(pulse, (100.0, 102.0))
    for edges in ((1.0,), (1.0, 1.0), (2.0, 1.0), (0.0, np.nan), ((0.0, 1.0), (1.0, 2.0))):
        with pytest.raises(InputError, match="edges_ns"):
            timing.probability(edges)
    with pytest.raises(InputError, match="time_ns"):
        timing.cumulative([0.0, np.nan])


@pytest.mark.parametrize("argument", ["neutrinos_per_proton", "protons_per_s", "distance_m"])
@pytest.mark.parametrize("value", [0.0, -1.0, np.inf, np.nan])
def test_pion_decay_refuses(argument, value):
    accepted = {"neutrinos_per_proton": 0.09, "protons_per_s": 1e15, "distance_m": 20.0}
    with pytest.raises(InputError, match=argument):
        pion_decay_at_rest(**accepted | {argument: value})


def test_pion_decay_components():
    steady = pion_decay_at_rest(0.09, 1e15, 20.0)
    assert [(c.name, c.flavour, c.timing) for c in steady.components] == [
        ("prompt-mu", "mu", None),
        ("delayed-e", "e", None),
        ("delayed-anti-mu", "anti-mu", None),
    ]
    pulse = BinnedPulse((0.0, 700.0))
    pulsed = pion_decay_at_rest(0.09, 1e15, 20.0, pulse)
    assert pulsed.component("prompt-mu").timing == Timing(pulse, (26.033,))
    assert pulsed.component("delayed-e").timing == Timing(pulse, (26.033, 2196.9811))
    assert pulsed.component("delayed-anti-mu").timing == pulsed.component("delayed-e").timing


@pytest.mark.parametrize("value", [0.0, -1.0, np.inf, np.nan])
def test_reactor_and_source_refuse_numbers(value):
    with pytest.raises(InputError, match="thermal_power_gw"):
        reactor(value, 20.0)
    with pytest.raises(InputError, match="distance_m"):
        reactor(3.0, value)
    with pytest.raises(InputError, match="activity_bq"):
        radioactive_source("51Cr", value, 1.0)
    with pytest.raises(InputError, match="distance_m"):
        radioactive_source("51Cr", 1e15, value)


def test_reactor_refuses_fuels():
    for fractions in ({}, {"u235": 0.9}, {"u235": 1.5, "u238": -0.5}, {"u233": 1.0}, {"u235": np.nan}):
        with pytest.raises(InputError, match="fission_fractions"):
            reactor(3.0, 20.0, fractions)
    for captures in (-0.1, np.inf, np.nan):
        with pytest.raises(InputError, match="captures_per_fission"):
            reactor(3.0, 20.0, captures_per_fission=captures)
    names = [component.name for component in reactor(3.0, 20.0, {"pu239": 0.0, "u235": 1.0}, 0.0).components]
    assert names == ["u235"]


def test_source_refuses_nuclides():
    with pytest.raises(InputError, match="51Cr, 37Ar, 3H"):
        radioactive_source("65Zn", 1e15, 1.0)
    found = {n: radioactive_source(n, 1e15, 1.0).components[0] for n in ("51Cr", "37Ar", "3H")}
    assert [(c.name, c.flavour) for c in found.values()] == [("cr51", "e"), ("ar37", "e"), ("h3", "anti-e")]
