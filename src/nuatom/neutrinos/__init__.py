"""Flavours, mixing, electroweak couplings, and the electromagnetic structure of neutrinos."""

from nuatom.neutrinos.algebra import Algebra, Amplitude, Product, flavour_state
from nuatom.neutrinos.electroweak import Electroweak, couplings
from nuatom.neutrinos.mixing import FLAVOURS, Mixing, nufit
from nuatom.neutrinos.neutrino import Neutrino, standard_model_dirac_moment
from nuatom.neutrinos.oscillation import solar_mass_state_probabilities
from nuatom.neutrinos.parameters import Parameter, parameter

__all__ = [
    "FLAVOURS",
    "Algebra",
    "Amplitude",
    "Electroweak",
    "Mixing",
    "Neutrino",
    "Parameter",
    "Product",
    "couplings",
    "flavour_state",
    "nufit",
    "parameter",
    "solar_mass_state_probabilities",
    "standard_model_dirac_moment",
]
