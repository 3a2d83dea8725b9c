import tomllib
from pathlib import Path

import pytest

from nuatom.atoms.structure.ground_state import ground_state

TABLE = tomllib.loads(Path(__file__).with_name("hartree_fock_energies.toml").read_text())


def half_a_digit(printed: str) -> float:
    return 0.5 * 10.0 ** -len(printed.partition(".")[2])


@pytest.mark.parametrize("row", TABLE["nonrelativistic"]["energies"], ids=lambda row: f"Z={row['Z']}")
def test_nonrelativistic_limit(row):
    # The energy is linear in 1/c²: two large values of c give the limit.
    slow, fast = (ground_state(row["Z"], nucleus="point", speed_of_light=c).total_energy for c in (1e4, 1e5))
    limit = fast + (fast - slow) / 99.0
    # Our own rounding at c = 1e5 is 1e-12 of the energy.
    tolerance = half_a_digit(row["energy"]) + 2e-12 * abs(limit)
    assert limit == pytest.approx(float(row["energy"]), abs=tolerance)


@pytest.mark.parametrize("row", TABLE["relativistic"]["energies"], ids=lambda row: f"Z={row['Z']}")
def test_dirac_fock(row):
    computed = ground_state(row["Z"], nucleus=row["nucleus"]).total_energy
    assert computed == pytest.approx(float(row["energy"]), abs=half_a_digit(row["energy"]))
