"""What all tests share."""

import os
from functools import cache
from pathlib import Path

import pytest

ROOMS = ("unit", "property", "convergence", "published", "crosscode", "contract", "slow")
"""What fails first says most about where the fault is."""

# Each core has a process of tests: more threads in each would wait for one another.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """All tests run on all cores; those of a file or two are sooner done than a process is started."""
    return None if config.args_source is pytest.Config.ArgsSource.TESTPATHS else 0


def pytest_collection():
    """Read shipped experiments once: kernels are folded for an object, and found again for the same one."""
    from nuatom.experiments import loading

    loading._shipped = cache(loading._shipped)


def pytest_collection_modifyitems(items):
    """Sort by room, in the order of `ROOMS`."""
    here = Path(__file__).parent

    def room(item):
        parts = item.path.relative_to(here).parts if item.path.is_relative_to(here) else ()
        return ROOMS.index(parts[0]) if parts and parts[0] in ROOMS else len(ROOMS)

    items.sort(key=room)


@pytest.fixture(autouse=True, scope="session")
def _only_files_of_the_package(tmp_path_factory):
    """Tables that the user has built would stand in for shipped ones, or hide that one is missing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUATOM_TABLES", str(tmp_path_factory.mktemp("tables")))
        patch.setenv("NUATOM_KERNELS", str(tmp_path_factory.mktemp("kernels")))
        yield
