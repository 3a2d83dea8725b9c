"""Tables of responses: grids, interpolation, files and their damage."""

from dataclasses import replace

import numpy as np
import pytest

from nuatom.archives import write_archive
from nuatom.atoms.tables.archive import RESPONSES, hashed, load_table, save_table
from nuatom.atoms.tables.momentum_scale import MomentumScale
from nuatom.atoms.tables.recipe import Recipe
from nuatom.atoms.tables.responses import ResponseTable, SubshellTable
from nuatom.constants import HARTREE_KEV
from nuatom.errors import DataError, InputError

SCALE = MomentumScale(edge_kev=0.5, width_kev=15.0, reach_kev=90.0)

RECIPE = Recipe(
    model="ipm", state={"Z": 2, "charge": 0, "orbitals": {"1s1/2": [2.0, -SCALE.edge_kev / HARTREE_KEV]}},
    thresholds="calculated", highest_transfer_kev=20.5, first_ejected_kev=0.1, accuracy=0.01, momenta=65,
    highest_order=400, version="0", constants="of the moment",
)  # fmt: skip
"""A helium that is bound by 0.5 keV."""


@pytest.fixture(scope="module")
def exact():
    """Function of ejected energy and momenta, keV: a ridge with what else responses have."""

    def values(ejected_kev, momentum_kev):
        ridge = np.sqrt(ejected_kev * (ejected_kev + 1022.0))
        height = momentum_kev**2 / ((momentum_kev - ridge) ** 2 + 400.0) ** 3
        slope = (ejected_kev + SCALE.edge_kev) / momentum_kev
        charge, current = height * (1.0 + slope), height * slope**2
        transverse, axial = 0.3 * height / (1.0 + ejected_kev), 0.1 * height * (1.0 + slope**2)
        mixed = 0.5 * np.sqrt(charge * current)
        return np.array(
            [
                *(charge, mixed, current, transverse),
                *(axial, -0.2 * axial, axial, 2.0 * axial),
                np.cos(slope) * np.sqrt(axial * transverse),
            ]
        )

    return values


def subshell_table(exact, energies=25, momenta=65):
    ejected = np.geomspace(0.1, 20.0, energies)
    columns = [exact(e, SCALE.momenta_kev(e, momenta)) for e in ejected]
    values = np.stack(columns, axis=1)
    return SubshellTable(
        "1s1/2", 1, -1, 2.0, SCALE, ejected, values, np.full((energies, momenta), 1e-4), 2e-3
    )


@pytest.fixture(scope="module")
def table(exact):
    return hashed(ResponseTable("He", 2, (subshell_table(exact),), RECIPE.text(), sha256=""))


def test_momentum_scale_runs_from_the_photon_line_to_its_reach():
    momenta = SCALE.momenta_kev(3.0, 33)
    assert momenta[0] == 3.5
    assert momenta[-1] == SCALE.limits_kev(3.0)[1]
    assert np.all(np.diff(momenta) > 0.0)
    np.testing.assert_allclose(SCALE.variable(3.0, momenta), np.linspace(0, 1, 33), atol=1e-12)


def test_interpolation_returns_the_nodes(table, exact):
    subshell = table.subshells[0]
    energy = subshell.ejected_kev[7]
    momenta = SCALE.momenta_kev(energy, 65)
    found = subshell.at(energy + SCALE.edge_kev, momenta)
    np.testing.assert_allclose(found, exact(energy, momenta), rtol=1e-9)


def test_interpolation_converges_with_fourth_order(exact):
    """Between nodes; halving both steps gains more than 2³ on the way to 2⁴."""
    rng = np.random.default_rng(3)
    ejected = np.exp(rng.uniform(np.log(0.3), np.log(15.0), 200))
    low, high = SCALE.limits_kev(ejected)
    momentum = low * (0.8 * high / low) ** rng.uniform(0.05, 1.0, 200)
    truth = np.stack([exact(*pair) for pair in zip(ejected, momentum, strict=True)], axis=1)
    errors = []
    for energies, momenta in ((13, 33), (25, 65)):
        found = subshell_table(exact, energies, momenta).at(ejected + SCALE.edge_kev, momentum)
        errors.append(np.max(np.abs(found / truth - 1.0)[[0, 2, 3, 4, 6, 7]]))
    assert errors[1] < 3e-3
    assert errors[0] > 8.0 * errors[1]


def test_closed_and_threshold_values(table):
    subshell = table.subshells[0]
    assert np.all(subshell.at(0.5, 3.0) == 0.0)
    assert np.all(subshell.at([0.2, 0.5], 3.0) == 0.0)
    first = subshell.ejected_kev[0]
    for ejected in (1e-9, 0.5 * first, first):
        low, high = SCALE.limits_kev(ejected)
        momenta = SCALE.momenta_kev(ejected, 3)
        values = subshell.at(ejected + SCALE.edge_kev, momenta[1])
        reference = subshell.at(first + SCALE.edge_kev, SCALE.momenta_kev(first, 3)[1])
        assert low < momenta[1] < high
        np.testing.assert_allclose(values, reference, rtol=1e-9)


def test_momentum_rule_integrates_over_the_kinematic_range(table):
    subshell = table.subshells[0]
    transfer, highest = (
        np.array([0.4, 0.55, 3.0, 8.0, 8.0]),
        np.array([9.0, 70.0, np.inf, 60.0, 7.0]),
    )
    momentum, weight = subshell.momentum_rule(transfer, highest)
    assert momentum.shape == weight.shape == (5, 64)
    assert np.all(weight[[0, 4]] == 0.0)
    assert np.all(momentum[[1, 3]] < highest[[1, 3], None])
    values = subshell.at(transfer[:, None], momentum)[0]
    integral = np.sum(weight * momentum * values, axis=1)
    for i in (1, 2, 3):
        end = min(highest[i], subshell.momentum_limits_kev(transfer[i])[1])
        dense = np.linspace(transfer[i], end, 20001)
        expected = np.trapezoid(dense * subshell.at(transfer[i], dense)[0], dense)
        assert integral[i] == pytest.approx(expected, rel=1e-5, abs=0.0)


@pytest.mark.parametrize(
    ("transfer", "momentum", "name"),
    [(30.0, 60.0, "transfer_kev"), (2.0, 1.9, "momentum_kev"), (2.0, 500.0, "momentum_kev")],
)
def test_refuses_to_extrapolate(table, transfer, momentum, name):
    with pytest.raises(InputError) as caught:
        table.subshell("1s1/2").at(transfer, momentum)
    assert caught.value.argument == name


def test_refuses_what_is_not_a_table(table):
    good = table.subshells[0]
    for change in (
        {"ejected_kev": good.ejected_kev[::-1]},
        {"values_per_kev": -good.values_per_kev},
        {"values_per_kev": good.values_per_kev[:3]},
    ):
        with pytest.raises(InputError):
            replace(good, **change)
    with pytest.raises(InputError):
        table.subshell("9k")


def test_file_round_trip(table, tmp_path):
    path = tmp_path / "he.npz"
    assert save_table(table, path) == table.sha256
    again = load_table(path)
    assert isinstance(again, ResponseTable)
    assert (again.symbol, again.Z, again.recipe, again.sha256) == (
        table.symbol, table.Z, table.recipe, table.sha256,
    )  # fmt: skip
    assert again.labels == ("1s1/2",)
    assert again.edges_kev == pytest.approx([0.5], abs=0.0)
    np.testing.assert_array_equal(again.subshells[0].values_per_kev, table.subshells[0].values_per_kev)
    assert again.subshells[0].scale == SCALE
    assert sorted(p.name for p in tmp_path.iterdir()) == ["he.npz"]
    with np.load(path, allow_pickle=False) as archive:
        assert all(archive[name].dtype != object for name in archive.files)


def test_file_is_the_same_every_time(table, tmp_path):
    save_table(table, tmp_path / "a.npz")
    save_table(table, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("keep", [0, 10, 1000, -30])
def test_truncated_file_is_refused(table, tmp_path, keep):
    path = tmp_path / "he.npz"
    save_table(table, path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError):
        load_table(path)


def test_altered_content_is_refused(table, tmp_path):
    path = tmp_path / "he.npz"
    save_table(table, path)
    with np.load(path) as archive:
        members = {name: archive[name] for name in archive.files}
    members["values_per_kev_0"] = members["values_per_kev_0"] * (1.0 + 1e-15)
    members["values_per_kev_0"][0, 0, 0] *= 1.0 + 1e-12
    np.savez_compressed(path, **members)
    with pytest.raises(DataError, match="SHA-256"):
        load_table(path)


def test_every_flipped_byte_is_noticed_or_harmless(table, tmp_path):
    path = tmp_path / "he.npz"
    save_table(table, path)
    content = bytearray(path.read_bytes())
    for position in range(100, len(content), len(content) // 40):
        damaged = bytearray(content)
        damaged[position] ^= 0x55
        path.write_bytes(bytes(damaged))
        try:
            again = load_table(path)
        except DataError:
            continue
        assert again.sha256 == table.sha256


@pytest.mark.parametrize(
    "text", ['{"format": "nuatom.response-table/2"}', f'{{"format": "{RESPONSES}"}}', "{}", "nonsense"]
)
def test_other_format_is_refused(tmp_path, text):
    path = tmp_path / "other.npz"
    write_archive(path, {}, text)
    with pytest.raises(DataError):
        load_table(path)


def test_missing_and_foreign_files_are_refused(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        load_table(tmp_path / "missing.npz")
    foreign = tmp_path / "foreign.npz"
    np.savez(foreign, a=np.zeros(3))
    with pytest.raises(DataError):
        load_table(foreign)
    pickled = tmp_path / "pickled.npz"
    np.savez(pickled, metadata=np.array({"a": 1}, dtype=object))
    with pytest.raises(DataError):
        load_table(pickled)
