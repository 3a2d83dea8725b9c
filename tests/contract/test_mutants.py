"""The kept list of faults fits the package: each could be planted, and the tests that it names are there."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAULTS = runpy.run_path(str(ROOT / "tools" / "mutants.py"))["faults"]()


def test_faults_have_names_of_their_own():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 35


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_fault_can_be_planted_once(fault):
    source = (ROOT / fault.file).read_text()
    assert fault.planted(source) != source
    for test in fault.tests:
        assert (ROOT / test.partition("::")[0]).exists(), test
