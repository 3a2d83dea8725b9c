"""nuatom: what a detector would see if neutrinos had electromagnetic properties, and what data allow.

Everything public is here and is imported when first used, so that ``import nuatom`` is quick:

>>> import nuatom
>>> nuatom.Target("Xe").electrons
54.0
"""

from __future__ import annotations

from importlib.metadata import version as _version
from typing import TYPE_CHECKING, Final

from nuatom.handing_out import lazily

if TYPE_CHECKING:
    from nuatom.atoms import Target
    from nuatom.atoms.tables.tabulated import responses
    from nuatom.detectors import Detector, Efficiency, GaussianResolution
    from nuatom.errors import ConvergenceError, DataError, InputError, NuatomError
    from nuatom.experiments import combine, experiment, experiment_names
    from nuatom.fluxes import flux
    from nuatom.neutrinos import Mixing, Neutrino, couplings, parameter
    from nuatom.processes import coherent, interaction, ionization, whole_atom
    from nuatom.rates import differential_rate, fold

__version__ = _version("nuatom")

_HOME: Final = {
    "ConvergenceError": "errors",
    "DataError": "errors",
    "Detector": "detectors",
    "Efficiency": "detectors",
    "GaussianResolution": "detectors",
    "InputError": "errors",
    "Mixing": "neutrinos",
    "Neutrino": "neutrinos",
    "NuatomError": "errors",
    "Target": "atoms",
    "coherent": "processes",
    "combine": "experiments",
    "couplings": "neutrinos",
    "differential_rate": "rates",
    "experiment": "experiments",
    "experiment_names": "experiments",
    "flux": "fluxes",
    "fold": "rates",
    "interaction": "processes",
    "ionization": "processes",
    "parameter": "neutrinos",
    "responses": "atoms.tables.tabulated",
    "whole_atom": "processes",
}

__all__ = [
    "ConvergenceError",
    "DataError",
    "Detector",
    "Efficiency",
    "GaussianResolution",
    "InputError",
    "Mixing",
    "Neutrino",
    "NuatomError",
    "Target",
    "__version__",
    "coherent",
    "combine",
    "couplings",
    "differential_rate",
    "experiment",
    "experiment_names",
    "flux",
    "fold",
    "interaction",
    "ionization",
    "parameter",
    "responses",
    "whole_atom",
]


# Hidden from type checkers, which would take any name for one that is there.
if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(__name__, _HOME, also=("__version__",))
