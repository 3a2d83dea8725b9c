"""Free atoms, in six rooms in the order of the physics, each of which knows only those above it.

What they are made of (:mod:`.target`), their units and the components of a response (:mod:`.units`,
:mod:`.components`); how their electrons are bound (:mod:`.structure`), how they leave (:mod:`.continuum`),
how each answers alone (:mod:`.independent`) and all together (:mod:`.correlated`), the answers as tables
(:mod:`.tables`), and what light does to them (:mod:`.photons`).

The rest of the package takes from here and from nowhere below; each name is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nuatom.handing_out import lazily

if TYPE_CHECKING:
    from nuatom.atoms.components import COMPONENTS, DIAGONAL, SIGNED, decode, encode
    from nuatom.atoms.correlated.interaction import correlated_mean_field, preferred_mean_field
    from nuatom.atoms.correlated.linear_response import linear_response
    from nuatom.atoms.correlated.response import correlated_response
    from nuatom.atoms.independent.bound_shell import BoundShell
    from nuatom.atoms.independent.density_green_function import DensityGreenFunction, density_green_function
    from nuatom.atoms.independent.form_factor import AtomicFormFactor, atomic_form_factor
    from nuatom.atoms.independent.response import ResponseFunctions, response, waves_of
    from nuatom.atoms.independent.subshell import subshell_response
    from nuatom.atoms.photons.cross_section import (
        Photoabsorption,
        photoabsorption,
        photoabsorption_cm2,
        tabulated_photoabsorption_cm2,
    )
    from nuatom.atoms.photons.measured import gas_phase_mb, henke_factors, henke_mb, kissel_mb
    from nuatom.atoms.responses import Responses
    from nuatom.atoms.structure.configuration import Configuration
    from nuatom.atoms.structure.ground_state import METHODS, ground_state, mean_field
    from nuatom.atoms.structure.nucleus import LIGHT_RADII_FM
    from nuatom.atoms.structure.orbital import GroundState, Orbital
    from nuatom.atoms.structure.thresholds import thresholds_kev
    from nuatom.atoms.tables.archive import save_table
    from nuatom.atoms.tables.arrays import ResponseArrays
    from nuatom.atoms.tables.correlation import CorrelationTable
    from nuatom.atoms.tables.correlation_build import build_correlation_table
    from nuatom.atoms.tables.files import (
        find_table_folder,
        shipped_tables,
        stored_tables,
        table_path,
        table_versions,
    )
    from nuatom.atoms.tables.local_build import build_local_table
    from nuatom.atoms.tables.parts import Work
    from nuatom.atoms.tables.response_build import build_table
    from nuatom.atoms.tables.responses import ResponseTable, SubshellTable
    from nuatom.atoms.tables.store import (
        find_correlation,
        find_responses,
        find_table,
        table_origin,
    )
    from nuatom.atoms.tables.tabulated import TabulatedResponses
    from nuatom.atoms.target import (
        MAX_ATOMIC_NUMBER,
        PHASES,
        Element,
        Isotope,
        Subshell,
        Target,
        atomic_number,
        element,
    )
    from nuatom.atoms.units import MOMENTUM_KEV, SPEED_OF_LIGHT, ridge_kev, wavenumber

_HOME: Final = {
    "Element": "target",
    "Isotope": "target",
    "MAX_ATOMIC_NUMBER": "target",
    "PHASES": "target",
    "Subshell": "target",
    "Target": "target",
    "atomic_number": "target",
    "element": "target",
    "MOMENTUM_KEV": "units",
    "SPEED_OF_LIGHT": "units",
    "ridge_kev": "units",
    "wavenumber": "units",
    "Responses": "responses",
    "COMPONENTS": "components",
    "DIAGONAL": "components",
    "SIGNED": "components",
    "decode": "components",
    "encode": "components",
    "Configuration": "structure.configuration",
    "METHODS": "structure.ground_state",
    "ground_state": "structure.ground_state",
    "mean_field": "structure.ground_state",
    "LIGHT_RADII_FM": "structure.nucleus",
    "GroundState": "structure.orbital",
    "Orbital": "structure.orbital",
    "thresholds_kev": "structure.thresholds",
    "BoundShell": "independent.bound_shell",
    "DensityGreenFunction": "independent.density_green_function",
    "density_green_function": "independent.density_green_function",
    "AtomicFormFactor": "independent.form_factor",
    "atomic_form_factor": "independent.form_factor",
    "ResponseFunctions": "independent.response",
    "response": "independent.response",
    "waves_of": "independent.response",
    "subshell_response": "independent.subshell",
    "correlated_mean_field": "correlated.interaction",
    "preferred_mean_field": "correlated.interaction",
    "linear_response": "correlated.linear_response",
    "correlated_response": "correlated.response",
    "save_table": "tables.archive",
    "CorrelationTable": "tables.correlation",
    "build_correlation_table": "tables.correlation_build",
    "build_local_table": "tables.local_build",
    "Work": "tables.parts",
    "build_table": "tables.response_build",
    "ResponseArrays": "tables.arrays",
    "ResponseTable": "tables.responses",
    "SubshellTable": "tables.responses",
    "find_correlation": "tables.store",
    "find_responses": "tables.store",
    "find_table": "tables.store",
    "find_table_folder": "tables.files",
    "shipped_tables": "tables.files",
    "stored_tables": "tables.files",
    "table_origin": "tables.store",
    "table_path": "tables.files",
    "table_versions": "tables.files",
    "TabulatedResponses": "tables.tabulated",
    "Photoabsorption": "photons.cross_section",
    "photoabsorption": "photons.cross_section",
    "photoabsorption_cm2": "photons.cross_section",
    "tabulated_photoabsorption_cm2": "photons.cross_section",
    "gas_phase_mb": "photons.measured",
    "henke_factors": "photons.measured",
    "henke_mb": "photons.measured",
    "kissel_mb": "photons.measured",
}

__all__ = [
    "COMPONENTS",
    "DIAGONAL",
    "LIGHT_RADII_FM",
    "MAX_ATOMIC_NUMBER",
    "METHODS",
    "MOMENTUM_KEV",
    "PHASES",
    "SIGNED",
    "SPEED_OF_LIGHT",
    "AtomicFormFactor",
    "BoundShell",
    "Configuration",
    "CorrelationTable",
    "DensityGreenFunction",
    "Element",
    "GroundState",
    "Isotope",
    "Orbital",
    "Photoabsorption",
    "ResponseArrays",
    "ResponseFunctions",
    "ResponseTable",
    "Responses",
    "Subshell",
    "SubshellTable",
    "TabulatedResponses",
    "Target",
    "Work",
    "atomic_form_factor",
    "atomic_number",
    "build_correlation_table",
    "build_local_table",
    "build_table",
    "correlated_mean_field",
    "correlated_response",
    "decode",
    "density_green_function",
    "element",
    "encode",
    "find_correlation",
    "find_responses",
    "find_table",
    "find_table_folder",
    "gas_phase_mb",
    "ground_state",
    "henke_factors",
    "henke_mb",
    "kissel_mb",
    "linear_response",
    "mean_field",
    "photoabsorption",
    "photoabsorption_cm2",
    "preferred_mean_field",
    "response",
    "ridge_kev",
    "save_table",
    "shipped_tables",
    "stored_tables",
    "subshell_response",
    "table_origin",
    "table_path",
    "table_versions",
    "tabulated_photoabsorption_cm2",
    "thresholds_kev",
    "wavenumber",
    "waves_of",
]

# Hidden from type checkers, which would take any name for one that is there.
if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(__name__, _HOME)
