"""What all tests share."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def _only_tables_of_the_package(tmp_path_factory):
    """Tables that the user has built would stand in for shipped ones, or hide that one is missing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUATOM_TABLES", str(tmp_path_factory.mktemp("tables")))
        yield
