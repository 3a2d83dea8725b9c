"""Numbers of the page "How good is the stepping approximation?": what makes a difference, one by one.

    python benchmarks/stepping.py Xe docs/stepping-xenon.csv
    python benchmarks/stepping.py Ge docs/stepping-germanium.csv

Each variant is the shipped table with one thing changed, put where a user's own table goes. Minutes on one
core, most of them for the multipoles that are cut; the page reads the tables.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nuatom import Neutrino, Target, ionization
from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.response import waves_of
from nuatom.atoms.independent.subshell import subshell_response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.structure.orbital import GroundState
from nuatom.atoms.tables.archive import hashed, save_table
from nuatom.atoms.tables.files import FOLDER_VARIABLE, table_path
from nuatom.atoms.tables.responses import ResponseTable, SubshellTable
from nuatom.atoms.tables.store import find_table
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV
from nuatom.detectors import Detector
from nuatom.fluxes import flux
from nuatom.rates import fold

TRANSFERS_KEV = (0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 20.0, 30.0)
RANGES_KEV = (0.1, 1.0, 2.0, 5.0, 10.0, 30.0)
HIGHEST_KEV = 30.5
ENERGY_KEV = 300.0
LAST_ORDERS = (6, 12, 25)
COUPLINGS = {
    "weak, e": (Neutrino(), "weak", "e"),
    "weak, mu": (Neutrino(), "weak", "mu"),
    "magnetic": (Neutrino(magnetic_moment=1e-11), "magnetic", "e"),
    "charge": (Neutrino(charge=1e-9), "charge", "e"),
}


def truncated(shell: SubshellTable, state: GroundState, last_order: int) -> SubshellTable:
    """The same subshell, its multipoles cut; at every other energy, which a per cent or two may depend on."""
    shell = at_energies(shell, np.unique([*range(0, shell.ejected_kev.size, 2), shell.ejected_kev.size - 1]))
    orbital = next(orbital for orbital in state.orbitals if orbital.label == shell.label)
    bound, waves = BoundShell.of(state, orbital), waves_of(state, orbital)
    values = np.empty_like(shell.values_per_kev)
    for i, ejected in enumerate(shell.ejected_kev):
        momenta = shell.scale.momenta_kev(float(ejected), values.shape[2]) / MOMENTUM_KEV
        part = subshell_response(bound, waves, float(ejected) / HARTREE_KEV, momenta, last_order=last_order)
        values[:, i] = part.values * orbital.occupation / HARTREE_KEV
    return replace(shell, values_per_kev=values)


def without_small_components(shell: SubshellTable) -> SubshellTable:
    """Axial current of electrons at rest: its charge is nothing, its vector three times the density."""
    values = shell.values_per_kev.copy()
    density = values[COMPONENTS.index("vector_00")]
    for name in ("axial_33", "axial_11"):
        values[COMPONENTS.index(name)] = density
    values[COMPONENTS.index("axial_00")] = 1e-12 * density
    values[COMPONENTS.index("axial_03")] = 0.0
    return replace(shell, values_per_kev=values)


def axial_as_vector(shell: SubshellTable) -> SubshellTable:
    """Axial responses replaced by the vector ones, as if electrons had no mass."""
    values = shell.values_per_kev.copy()
    for name in ("00", "03", "33", "11"):
        values[COMPONENTS.index(f"axial_{name}")] = values[COMPONENTS.index(f"vector_{name}")]
    return replace(shell, values_per_kev=values)


def lower_energies(shell: SubshellTable) -> SubshellTable:
    """What transfers up to the highest need, and a few energies beyond."""
    needed = int(np.searchsorted(shell.ejected_kev, HIGHEST_KEV - shell.scale.edge_kev)) + 4
    return at_energies(shell, np.arange(min(needed, shell.ejected_kev.size)))


def at_energies(shell: SubshellTable, index: NDArray[np.intp]) -> SubshellTable:
    """Some of the energies of a table."""
    return replace(
        shell,
        ejected_kev=shell.ejected_kev[index],
        values_per_kev=shell.values_per_kev[:, index],
        truncation_error=shell.truncation_error[index],
    )


def variants(symbol: str) -> Iterator[tuple[str, ResponseTable | None]]:
    """Tables by name; None for what needs no table."""
    table = find_table(symbol, "ipm")
    edges = {(s.n, s.kappa): s.edge_kev for _, s, _ in Target(symbol).subshells}
    state = ground_state(table.Z)
    yield "free", None
    yield "stepping", None
    yield "ipm", table

    def changed(change: Callable[[SubshellTable], SubshellTable]) -> ResponseTable:
        shells = [lower_energies(s) for s in table.subshells if s.scale.edge_kev < HIGHEST_KEV]
        return hashed(replace(table, subshells=tuple(change(shell) for shell in shells)))

    yield (
        "measured thresholds",
        changed(lambda s: replace(s, scale=replace(s.scale, edge_kev=edges[s.n, s.kappa]))),
    )
    yield "axial as at rest", changed(without_small_components)
    yield "axial as vector", changed(axial_as_vector)
    for last in LAST_ORDERS:
        yield f"multipoles to {last}", changed(partial(truncated, state=state, last_order=last))


def rows(symbol: str) -> Iterator[list[object]]:
    """Cross sections at some transfers, in cm²/keV, and rates of solar components in ranges, per t yr."""
    yield ["variant", "quantity", "low_kev", "high_kev", "value"]
    detector = Detector(exposure_tonne_year=1.0, bin_edges_kev=RANGES_KEV)
    for name, table in variants(symbol):
        with tempfile.TemporaryDirectory() as folder:
            os.environ[FOLDER_VARIABLE] = folder
            if table is not None:
                save_table(table, table_path(symbol, "ipm"))
            kernels = ionization(Target(symbol), name if table is None else "ipm")
        del os.environ[FOLDER_VARIABLE]
        for quantity, (neutrino, part, flavour) in COUPLINGS.items():
            found = kernels.cross_section(neutrino, ENERGY_KEV, TRANSFERS_KEV, flavour)
            for transfer, value in zip(TRANSFERS_KEV, getattr(found, part), strict=True):
                yield [name, quantity, transfer, transfer, f"{value:.5e}"]
        folded = fold(kernels, flux("solar-gs98"), detector)
        for component, counts in zip(folded.names, folded.counts(Neutrino()), strict=True):
            for low, high, value in zip(RANGES_KEV[:-1], RANGES_KEV[1:], counts, strict=True):
                yield [name, component, low, high, f"{value:.5e}"]


def main() -> None:
    """Write the table of the element that is named first to the file that is named second."""
    symbol, path = sys.argv[1:]
    with Path(path).open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows(symbol))


if __name__ == "__main__":
    main()
