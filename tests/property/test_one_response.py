"""Shipped tables of correlation: one response per atom, which photons and neutrinos share."""

import numpy as np
import pytest

from nuatom.atoms.components import DIAGONAL, SIGNED
from nuatom.atoms.photons.cross_section import photoabsorption, tabulated_photoabsorption_cm2
from nuatom.atoms.tables.files import FOLDER_VARIABLE, shipped_tables
from nuatom.atoms.tables.grid import average_width_kev
from nuatom.atoms.tables.store import find_correlation, find_responses, find_table
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import ELECTRON_MASS_KEV
from nuatom.numerics.quadrature import panel_rule

SYMBOLS = [name.split("/")[1].split("-")[0] for name in shipped_tables() if name.endswith("-rpa.npz")]


@pytest.fixture(autouse=True)
def _no_user_tables(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))


def between_nodes(symbol, count=25):
    """Transfers off the nodes, below those over which the change is let go."""
    table = find_correlation(symbol)
    nodes = table.transfer_kev[table.kept(table.transfer_kev) == 1.0]
    chosen = np.linspace(0, nodes.size - 2, min(count, nodes.size - 1)).astype(int)
    return 0.5 * (nodes[chosen] + nodes[chosen + 1])


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_positive_within_schwarz_bounds_and_conserved(symbol):
    """Between nodes too: positive responses, |R_ab|² ≤ R_aa R_bb, and Q² R_33 = T² R_00 of the charge."""
    transfer = between_nodes(symbol)
    momentum = np.linspace(1.0, 5.0, 60) * transfer[:, None]
    momentum = np.concatenate(
        [momentum, np.geomspace(5.5 * transfer, 60.0 + 5.5 * transfer, 60, axis=1)], axis=1
    )
    values = find_responses(symbol, "rpa").on_momenta(transfer, momentum)
    there = values[0] > 0.0
    assert np.all(values[DIAGONAL][:, there] > 0.0)
    for row, (first, second, bound) in SIGNED.items():
        limit = bound * np.sqrt(values[first] * values[second])
        assert np.all(np.abs(values[row]) <= limit * (1.0 + 1e-9))
    conserved = (transfer[:, None] / momentum) ** 2 * values[0]
    weight = np.gradient(momentum, axis=1) * momentum
    defect = (weight * np.abs(values[2] - conserved)).sum(axis=1) / (weight * conserved).sum(axis=1)
    # Tables that are left of the splines have moved thresholds, or end where the change is let go.
    local = "second_state" in find_correlation(symbol).recipe or symbol == "He"
    assert np.all(defect < (0.01 if local else 0.2))


@pytest.mark.parametrize(
    ("symbol", "energies_kev"),
    [("Ne", (0.04, 0.3, 0.9, 1.6)), ("Ar", (0.02, 0.1)), ("Xe", (0.09, 0.9, 2.0))],
)
def test_photons_see_what_neutrinos_do(symbol, energies_kev):
    """The table on the photon line is what the verb computes there, by splines below 0.68 keV."""
    responses, table = find_responses(symbol, "rpa"), find_correlation(symbol)
    for energy in energies_kev:
        at = np.array([energy])
        width = float(average_width_kev(at, 5e-4, 0.01)[0])
        direct = photoabsorption(symbol, at, half_width_kev=width).sigma_mb[0]
        tabulated = 1e18 * tabulated_photoabsorption_cm2(responses, at)[0]
        between = np.interp(energy, table.transfer_kev, table.node_error)
        numerical = find_table(symbol).numerical_error(at)[0] + between
        assert abs(tabulated / direct - 1.0) < 0.01 + numerical


@pytest.mark.parametrize(("symbol", "deficit"), [("Ne", 0.01), ("Ar", 0.01), ("Xe", 0.025)])
def test_f_sum(symbol, deficit):
    """∫T S dT = Z Q²/2m at 16/bohr, of which transfers above Q, which no neutrino makes, hold nothing.

    Relativity takes from positive energies what pairs have, the more the heavier the atom: independent
    electrons of xenon lack 1.8%. Correlation adds less than one per cent. Discrete excitation holds a few
    parts in 1e5 at such a momentum.
    """
    independent, responses = find_table(symbol), find_responses(symbol, "rpa")
    momentum = 16.0 * MOMENTUM_KEV
    nodes = responses.correlation.transfer_kev
    stops = np.unique(np.concatenate([independent.edges_kev, nodes, np.geomspace(nodes[-1], momentum, 50)]))
    transfer, weight = panel_rule(stops[stops <= momentum], 3)
    columns = np.full((transfer.size, 1), momentum)
    whole = independent.Z * momentum**2 / (2.0 * ELECTRON_MASS_KEV)
    alone, together = (
        float(np.sum(weight * transfer * each.on_momenta(transfer, columns)[0, :, 0])) / whole
        for each in (independent, responses)
    )
    assert 1.0 - deficit < together < 1.0
    assert abs(together - alone) < 0.01
