import tomllib
from pathlib import Path

import pytest

from nuatom.atoms.correlated.polarizability import static_polarizability
from nuatom.atoms.structure.ground_state import ground_state

TABLE = tomllib.loads(Path(__file__).with_name("polarizabilities.toml").read_text())
FAST = 18


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row["symbol"], marks=[pytest.mark.slow] if row["Z"] > FAST else [])
        for row in TABLE["atoms"]
    ],
)
def test_relativistic_random_phase_approximation(row):
    printed = row["polarizability"]
    half_a_digit = 0.5 * 10.0 ** -len(printed.partition(".")[2])
    computed = static_polarizability(ground_state(row["Z"]))
    assert computed == pytest.approx(float(printed), abs=1.001 * half_a_digit)
