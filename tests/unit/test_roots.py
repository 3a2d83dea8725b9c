"""Zeros, minima and distributions that are needed before SciPy is loaded, against SciPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import constants
from scipy.optimize import brentq
from scipy.special import chdtrc, ndtri

import nuatom.constants as ours
from nuatom.errors import ConvergenceError
from nuatom.numerics.normal import chi_squared_survival, normal_quantile
from nuatom.numerics.roots import root_between

CODATA = {
    "FINE_STRUCTURE": (1.0, "fine-structure constant"),
    "ELECTRON_MASS_KEV": (1e3, "electron mass energy equivalent in MeV"),
    "PROTON_MASS_KEV": (1e3, "proton mass energy equivalent in MeV"),
    "ATOMIC_MASS_KEV": (1e3, "atomic mass constant energy equivalent in MeV"),
    "ATOMIC_MASS_KG": (1.0, "atomic mass constant"),
    "FERMI_PER_KEV2": (1e-12, "Fermi coupling constant"),
    "HARTREE_KEV": (1e-3, "Hartree energy in eV"),
    "BOHR_RADIUS_CM": (100.0, "Bohr radius"),
    "HBAR_C_KEV_CM": (1e-10, "reduced Planck constant times c in MeV fm"),
    "AVOGADRO_PER_MOL": (1.0, "Avogadro constant"),
    "ELECTRON_VOLT_J": (1.0, "electron volt"),
}


@pytest.mark.parametrize("name", CODATA)
def test_constants_are_those_of_codata(name):
    # SciPy carries the newest adjustment that it knows: 2022 when this was written.
    factor, key = CODATA[name]
    assert constants.physical_constants["fine-structure constant"][0] == 0.0072973525643
    assert getattr(ours, name) == factor * constants.physical_constants[key][0]


@given(st.floats(-5.0, 5.0), st.floats(0.1, 20.0), st.floats(0.1, 3.0))
def test_zeros_of_a_monotonous_function(place, below, above):
    def function(x):
        return np.arctan(3.0 * (x - place)) + (x - place) ** 3

    found = root_between(function, place - below, place + above, absolute=1e-13, relative=0.0)
    assert found == pytest.approx(brentq(function, place - below, place + above, xtol=1e-13), abs=3e-13)


def test_zeros_at_the_ends_and_none():
    assert root_between(lambda x: x, 0.0, 1.0, absolute=1e-9, relative=0.0) == 0.0
    assert root_between(lambda x: x - 1.0, 0.0, 1.0, absolute=1e-9, relative=0.0) == 1.0
    with pytest.raises(ConvergenceError):
        root_between(lambda x: x**2 + 1.0, -1.0, 1.0, absolute=1e-9, relative=0.0)
    with pytest.raises(ConvergenceError):
        root_between(lambda x: x * float("nan"), -1.0, 1.0, absolute=1e-9, relative=0.0)


@given(st.integers(1, 3000), st.floats(0.0, 4.0))
def test_chi_squared(degrees, ratio):
    expected = chdtrc(degrees, ratio * degrees)
    # Logarithms of large numbers lose digits.
    assert chi_squared_survival(degrees, ratio * degrees) == pytest.approx(expected, rel=1e-11, abs=1e-280)


@given(st.floats(1e-12, 1.0 - 1e-12))
def test_normal(probability):
    assert normal_quantile(probability) == pytest.approx(ndtri(probability), rel=1e-12, abs=1e-14)


def test_normal_at_the_ends():
    assert (normal_quantile(0.0), normal_quantile(1.0)) == (-np.inf, np.inf)
