"""Ionization with correlation, from the shipped table of helium."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nuatom import Neutrino, Target, ionization
from nuatom.atoms.components import COMPONENTS, DIAGONAL, SIGNED
from nuatom.atoms.correlated.by_multipole import independent_strengths
from nuatom.atoms.correlated.linear_response import linear_response
from nuatom.atoms.independent.response import response
from nuatom.atoms.photons.cross_section import photoabsorption, tabulated_photoabsorption_cm2
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.tables import files as table_files
from nuatom.atoms.tables.correlation import TAPER, changed
from nuatom.atoms.tables.correlation_build import build_correlation_table
from nuatom.atoms.tables.store import find_correlation, find_responses
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV
from nuatom.processes.ionization import ipm_parts, rpa_parts

OFF_NODE_KEV = np.array([0.034, 0.0602, 0.14])


@pytest.fixture(autouse=True)
def _no_user_tables(tmp_path, monkeypatch):
    monkeypatch.setenv(table_files.FOLDER_VARIABLE, str(tmp_path))


@pytest.fixture(scope="module")
def helium():
    return find_correlation("He")


def totals(transfer_kev, momentum_kev):
    """Independent responses of the shipped table, shape (9, T, Q)."""
    return find_responses("He", "ipm").on_momenta(transfer_kev, momentum_kev)


def test_current_is_conserved(helium):
    momentum = np.geomspace(0.2, 12.0, 30)
    transfer, momentum = OFF_NODE_KEV, np.tile(momentum, (3, 1))
    values = helium.apply(transfer, momentum, totals(transfer, momentum))
    conserved = (transfer[:, None] / momentum) ** 2 * values[0]
    weight = np.gradient(momentum, axis=1) * momentum
    defect = (weight * np.abs(values[2] - conserved)).sum(axis=1) / (weight * conserved).sum(axis=1)
    assert np.all(defect < 0.01 + helium.error), defect


def test_real_photons_are_those_of_photoabsorption(helium):
    energy = OFF_NODE_KEV[:2]
    sigma = tabulated_photoabsorption_cm2(find_responses("He", "ipm"), energy)
    momentum = energy[:, None]
    before = totals(energy, momentum)
    ratio = helium.apply(energy, momentum, before)[3, :, 0] / before[3, :, 0]
    direct = photoabsorption("He", energy, "rpa", half_width_kev=1e-3 * 0.5)
    np.testing.assert_allclose(1e18 * ratio * sigma, direct.velocity_mb, rtol=0.01, atol=0.0)


def test_integrals_are_those_of_the_response_itself(helium):
    """∫Q dQ S and ∫dQ S/Q between nodes, against the equations solved there."""
    state = ground_state(2)
    momentum = np.geomspace(0.2, 18.0, 60)
    transfer, atomic = OFF_NODE_KEV[:2] / HARTREE_KEV, momentum / MOMENTUM_KEV
    orders = (0, 1, 2, 3, 4)
    together = linear_response(
        state, transfer, atomic, orders, half_width=5e-4 / HARTREE_KEV, parities=("natural",)
    )
    alone = np.stack(
        [independent_strengths(state, state.orbitals[0], float(t), atomic, orders)[0] for t in transfer],
        axis=1,
    )
    whole = response(state, OFF_NODE_KEV[:2], momentum, accuracy=1e-3).total_per_kev[0]
    direct = whole + (together.correlated[0] - alone).sum(axis=0) / HARTREE_KEV
    grid = np.tile(momentum, (2, 1))
    found = helium.apply(OFF_NODE_KEV[:2], grid, totals(OFF_NODE_KEV[:2], grid))[0]
    for power in (2, 0):
        weight = np.gradient(np.log(momentum)) * momentum**power
        np.testing.assert_allclose(found @ weight, direct @ weight, rtol=0.01, atol=0.0)


def test_above_the_correlated_transfers_kernels_are_those_of_independent_electrons(helium):
    recoil = helium.highest_kev * np.array([1.0, 1.5, 20.0])
    alone, together = ipm_parts(Target("He")), rpa_parts(Target("He"))
    np.testing.assert_array_equal(together(300.0 + 0.0 * recoil, recoil), alone(300.0 + 0.0 * recoil, recoil))


def test_kernels_are_positive_and_continuous_where_correlation_ends(helium):
    last = helium.highest_kev
    recoil = np.concatenate([np.geomspace(0.0251, last, 60), last * np.array([1.0 - 1e-6, 1.0 + 1e-6])])
    kernels = ionization(Target("He"), "rpa")
    assert kernels.model == "rpa"
    xs = kernels.cross_section(Neutrino(magnetic_moment=1e-11, charge=1e-12), 300.0, recoil)
    for part in (xs.weak, xs.magnetic, xs.charge):
        assert np.all(part > 0.0)
        assert part[-1] == pytest.approx(part[-2], rel=1e-4, abs=0.0)


def test_longitudinal_and_transverse_parts_add_up():
    energy, recoil = np.full(2, 300.0), np.array([0.05, 0.2])
    parts = rpa_parts(Target("He"))(energy, recoil)
    xs = ionization(Target("He"), "rpa").cross_section(Neutrino(magnetic_moment=1e-11), energy, recoil)
    np.testing.assert_allclose((parts[-2] + parts[-1]) * 1e-22, xs.magnetic, rtol=1e-9, atol=0.0)


def test_the_step_that_ends_correlation_is_small(helium):
    assert helium.upper_step < 0.02
    assert helium.transfer_kev[-2] > helium.highest_kev / TAPER**2


def test_the_recipe_gives_the_shipped_table_again(helium):
    again = build_correlation_table(2, highest_transfer_kev=0.0275)
    asked, shipped = json.loads(again.recipe), json.loads(helium.recipe)
    # It follows from a threshold, which compilers round each in their way.
    first = asked.pop("first_transfer_kev")
    assert first == pytest.approx(shipped.pop("first_transfer_kev"), rel=1e-12, abs=0.0)
    assert {**asked, "highest_transfer_kev": shipped["highest_transfer_kev"]} == shipped
    common = again.transfer_kev[again.transfer_kev < 0.027]
    assert common.size >= 3
    # The same nodes but for rounding.
    rows = np.abs(helium.transfer_kev[:, None] - common).argmin(axis=0)
    np.testing.assert_allclose(helium.transfer_kev[rows], common, rtol=1e-9, atol=0.0)
    before = totals(common, np.tile(helium.momentum_kev, (common.size, 1)))
    # Beyond an atom's last momenta its table is zero.
    there = np.all(before[DIAGONAL] > 0.0, axis=(0, 1))
    assert helium.momentum_kev[there][-1] > 40.0
    mine = changed(before[:, :, there], again.changes[:, : common.size, there])
    theirs = changed(before[:, :, there], helium.changes[:, rows][:, :, there])
    weight = (np.gradient(helium.momentum_kev) * helium.momentum_kev)[there]
    for row, name in enumerate(COMPONENTS):
        first, second, bound = SIGNED.get(row, (row, row, 1.0))
        size = bound * np.sqrt(theirs[first] * theirs[second])
        assert np.all(np.abs(mine[row] - theirs[row]) @ weight < 0.003 * (size @ weight)), name
