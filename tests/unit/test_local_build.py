"""Tables of correlation that reach all shells: what they hold, and what they say they are worth."""

import json

import numpy as np
import pytest

from nuatom.atoms.correlated.local_density_response import local_density_response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.tables.archive import load_table, save_table
from nuatom.atoms.tables.correlated import CorrelatedResponses
from nuatom.atoms.tables.local_build import build_local_table, last_transfer_kev
from nuatom.atoms.tables.parts import Work
from nuatom.atoms.tables.store import find_table
from nuatom.atoms.units import MOMENTUM_KEV
from nuatom.constants import HARTREE_KEV
from nuatom.errors import DataError, InputError

OPTIONS = {"highest_transfer_kev": 0.034, "momenta": 40, "accuracy": 0.05, "highest_multipole": 3}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("parts")


@pytest.fixture(scope="module")
def neon(folder):
    return build_local_table(find_table("Ne"), **OPTIONS, work=Work(parts=folder))


def test_a_tables_photon_limit_is_the_photoabsorption_of_its_field(neon):
    """R_00 and R_11 at Q = T, the latter in the velocity form, against the dipole response itself."""
    responses = CorrelatedResponses(find_table("Ne"), neon)
    energy = neon.transfer_kev[neon.kept(neon.transfer_kev) == 1.0][-2:]
    found = responses.on_momenta(energy, energy[:, None])[:, :, 0]
    state = ground_state(10, "dirac-lda")
    for t, transfer in enumerate(energy):
        width = float(np.interp(transfer, neon.transfer_kev, neon.half_width_kev))
        direct = local_density_response(
            state, [transfer / HARTREE_KEV], [transfer / MOMENTUM_KEV], (0, 1, 2),
            half_width=width / HARTREE_KEV, tail=1e-3, accuracy=None,
        )  # fmt: skip
        expected = direct.correlated.sum() / HARTREE_KEV
        assert found[0, t] == pytest.approx(expected, rel=5e-3, abs=0.0)
        assert found[3, t] == pytest.approx(expected, rel=0.01, abs=0.0)


def test_responses_stay_positive_and_within_their_bounds(neon):
    responses = CorrelatedResponses(find_table("Ne"), neon)
    transfer = np.linspace(0.0235, 0.0339, 25)
    momentum = np.geomspace(0.1, 40.0, 30) * np.ones((25, 1))
    r = responses.on_momenta(transfer, momentum)
    assert np.all(r[[0, 2, 3, 4, 6, 7]] > 0.0)
    assert np.all(r[1] ** 2 <= r[0] * r[2] * (1.0 + 1e-6))
    assert np.all(np.abs(r[8]) <= 4.0 * np.sqrt(r[3] * r[7]) * (1.0 + 1e-6))
    # At transfers of the table, below its taper, the current is conserved but for rounding.
    chosen = neon.transfer_kev[neon.kept(neon.transfer_kev) == 1.0][1:]
    momentum = neon.momentum_kev[:25] * np.ones((chosen.size, 1))
    r, ratio = responses.on_momenta(chosen, momentum), chosen[:, None] / momentum
    assert chosen.size > 1
    np.testing.assert_allclose(r[2], ratio**2 * r[0], rtol=1e-3, atol=0.0)


def test_what_it_is_worth(neon):
    error = neon.relative_error(np.array([0.01, 0.028, 0.033, 0.5]))
    assert error[0] == 0.0
    assert np.all((error[1:3] > 1e-3) & (error[1:3] < 0.2))
    assert 0.0 < error[3] < error[2]
    assert neon.kernel_error.shape == (2, neon.transfer_kev.size)
    assert neon.kernel_error.max() > 1e-3


def test_it_is_kept_as_it_was_built(neon, folder, tmp_path):
    save_table(neon, tmp_path / "x.npz")
    again = load_table(tmp_path / "x.npz")
    assert again.sha256 == neon.sha256
    np.testing.assert_array_equal(again.kernel_error, neon.kernel_error)
    # Finished parts serve again, and no other recipe.
    resumed = build_local_table(find_table("Ne"), **OPTIONS, work=Work(parts=folder))
    assert resumed.sha256 == neon.sha256
    with pytest.raises(DataError, match="another recipe"):
        build_local_table(find_table("Ne"), **{**OPTIONS, "accuracy": 0.06}, work=Work(parts=folder))


def test_recipe_names_both_fields_and_the_table_that_it_multiplies(neon):
    recipe = json.loads(neon.recipe)
    assert recipe["state"]["method"] == "dirac-lda"
    assert recipe["second_state"]["method"] == "dirac-lb94"
    assert recipe["independent_state"]["method"] == "dirac-fock"
    assert recipe["independent_sha256"] == find_table("Ne").sha256
    assert recipe["exchange_sha256"] == "none"


@pytest.mark.parametrize(("symbol", "kev"), [("He", 0.74), ("Ne", 2.05), ("Ge", 2.85), ("Xe", 8.9)])
def test_tables_end_beyond_the_deepest_shell_that_matters(symbol, kev):
    assert last_transfer_kev(find_table(symbol).edges_kev) == pytest.approx(kev, rel=0.05, abs=0.0)


@pytest.mark.parametrize("highest", [0.001, 301.0])
def test_transfers_out_of_reach_are_refused(highest):
    with pytest.raises(InputError, match="highest_transfer_kev"):
        build_local_table(find_table("He"), highest_transfer_kev=highest)
