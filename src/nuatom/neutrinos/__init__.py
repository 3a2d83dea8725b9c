"""Flavours, mixing, electroweak couplings, and the electromagnetic structure of neutrinos."""

from nuatom.neutrinos.algebra import ATOM, ELECTRON, NUCLEUS, Algebra, electron_coefficients, flavour_state
from nuatom.neutrinos.electroweak import Electroweak, couplings
from nuatom.neutrinos.mixing import Mixing, nufit
from nuatom.neutrinos.neutrino import Neutrino, standard_model_dirac_moment
from nuatom.neutrinos.oscillation import solar_mass_state_probabilities
from nuatom.neutrinos.parameters import Parameter, parameter

__all__ = [
    "ATOM",
    "ELECTRON",
    "NUCLEUS",
    "Algebra",
    "Electroweak",
    "Mixing",
    "Neutrino",
    "Parameter",
    "couplings",
    "electron_coefficients",
    "flavour_state",
    "nufit",
    "parameter",
    "solar_mass_state_probabilities",
    "standard_model_dirac_moment",
]
