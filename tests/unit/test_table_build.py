"""Building tables: agreement with direct calculation, resuming, executors and guards."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nuatom.atoms.independent.response import response
from nuatom.atoms.photons.cross_section import photoabsorption_cm2, tabulated_photoabsorption_cm2
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.tables import response_build as table_build
from nuatom.atoms.tables.parts import Work
from nuatom.atoms.tables.response_build import build_table
from nuatom.errors import DataError, InputError

OPTIONS = {
    "method": "dirac-slater",
    "highest_transfer_kev": 0.4,
    "first_ejected_kev": 2e-3,
    "momenta": 97,
}


@pytest.fixture(scope="module")
def beryllium():
    return ground_state(4, "dirac-slater")


@pytest.fixture(scope="module")
def table(beryllium):
    return build_table(4, state=beryllium, **OPTIONS)


def test_table_agrees_with_direct_calculation(table, beryllium):
    assert table.symbol == "Be"
    assert table.labels == ("1s1/2", "2s1/2")
    rng = np.random.default_rng(11)
    for transfer in rng.uniform(0.02, 0.39, 6):
        direct = response(beryllium, [transfer], np.geomspace(1.5 * transfer, 20.0, 12))
        for index, subshell in enumerate(table.subshells):
            exact = direct.values_per_kev[index, :, 0]
            found = subshell.at(transfer, direct.momentum_kev)
            if transfer < subshell.scale.edge_kev:
                assert np.all(found == 0.0)
                continue
            reported = 0.02
            # Nodes of 2s in momentum are dips, where errors are relative to the surroundings.
            allowed = reported * np.abs(exact) + 1e-3 * np.abs(exact).max(axis=1, keepdims=True)
            diagonal = [0, 2, 3, 4, 6, 7]
            assert np.all((np.abs(found - exact) < allowed)[diagonal])


def test_photon_line_of_the_table(table, beryllium):
    energies = np.array([0.05, 0.17, 0.31])
    direct = photoabsorption_cm2(beryllium, energies).sum(axis=0)
    found = tabulated_photoabsorption_cm2(table, energies)
    assert np.array_equal(found == 0.0, direct == 0.0)
    np.testing.assert_allclose(found, direct, rtol=0.01)


def test_errors_are_reported(table):
    for subshell in table.subshells:
        assert 0.0 < subshell.interpolation_error < 0.01
        assert np.all(subshell.truncation_error < 0.01)
    assert 0.0 < table.error < 0.02


class InterruptedBuildError(Exception):
    pass


def test_interrupted_build_resumes(table, beryllium, tmp_path, monkeypatch):
    calls = []
    original = table_build._column

    def counted(*arguments):
        calls.append(arguments)
        if len(calls) == 9:
            raise InterruptedBuildError
        return original(*arguments)

    monkeypatch.setattr(table_build, "_column", counted)
    with pytest.raises(InterruptedBuildError):
        build_table(4, state=beryllium, work=Work(parts=tmp_path), **OPTIONS)
    assert len(list(tmp_path.iterdir())) == 8
    seen = []
    again = build_table(
        4, state=beryllium, work=Work(parts=tmp_path, progress=lambda *a: seen.append(a)), **OPTIONS
    )
    energies = sum(s.ejected_kev.size for s in again.subshells)
    assert len(calls) == 9 + energies - 8
    assert seen[-1] == (energies, energies)
    assert again.sha256 == table.sha256


def test_any_executor_gives_the_same_table(table, beryllium):
    with ThreadPoolExecutor(2) as executor:
        assert build_table(4, state=beryllium, work=Work(executor=executor), **OPTIONS).sha256 == table.sha256


def test_parts_of_another_recipe_are_refused(beryllium, tmp_path):
    options = OPTIONS | {"highest_transfer_kev": 0.13, "momenta": 9, "accuracy": 0.2}
    build_table(4, state=beryllium, work=Work(parts=tmp_path), **options)
    with pytest.raises(DataError, match="another recipe"):
        build_table(4, state=beryllium, work=Work(parts=tmp_path), **(options | {"momenta": 11}))
    part = next(tmp_path.iterdir())
    part.write_bytes(part.read_bytes()[:-40])
    with pytest.raises(DataError, match="damaged"):
        build_table(4, state=beryllium, work=Work(parts=tmp_path), **options)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"model": "magic"}, "model"),
        ({"momenta": 10}, "momenta"),
        ({"first_ejected_kev": 0.0}, "first_ejected_kev"),
        ({"first_ejected_kev": 1.0}, "highest_transfer_kev"),
        ({"highest_transfer_kev": 8e-3}, "highest_transfer_kev"),
        ({"highest_transfer_kev": -1.0}, "highest_transfer_kev"),
        ({"highest_order": 2}, "highest_order"),
        ({"method": "dirac-fock"}, "state"),
    ],
)
def test_refuses_impossible_recipes(beryllium, change, name):
    with pytest.raises(InputError) as caught:
        build_table(4, state=beryllium, **(OPTIONS | change))
    assert caught.value.argument == name
